"""The shipped records: totals by hand for the founding articles, and by plain loops for all."""

from __future__ import annotations

import pytest

from geomap.dataset.build import build_dataset
from geomap.maps.details_text import details_text
from geomap.paths import seeds_dir
from geomap.settings import Settings
from geomap.views.comparison import compare_regions
from geomap.views.details import feature_details
from geomap.views.filters import Filters
from geomap.views.search import search_features
from geomap.views.shading import classify_provinces, shading_measures
from tests.views.plain import plain_totals

# The five articles the collection began with; what they say does not change.
FOUNDING = Filters(
    sources=(
        "shine-2021-songjiang-tencent",
        "shine-2022-07-14",
        "business-tianjin-2017-08-15",
        "one-angry-gamer-2020-04",
        "china-daily-2017-12-08",
    )
)
BN = 1e9


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    report = build_dataset(seeds_dir(), Settings(data_dir=tmp_path_factory.mktemp("shipped")))
    assert report.dataset is not None
    return report.dataset


# region: records, projects, data centres, shared, undisclosed, not stated, own yuan and dollars
# (billions), shared yuan and dollars. None = blank. Worked out from the articles:
# - Songjiang: Tencent's centre (15 bn yuan = US$2.1 bn) with its park as a part, Alauda, and the
#   cooperation with the nine G60 cities, which is in four provinces;
# - the cluster (23 bn) and the list of nine contracts (24.2 bn) lie in three counties of three
#   provinces and may overlap: 24.2 bn once, shared; two of the nine are named, without sums;
# - Guizhou: Apple (US$1 bn), Huaxintong (2 bn yuan). Guangdong: Foxconn (61 bn = US$9.22 bn),
#   Huawei, Tencent, Alibaba without sums. Hubei: five of Tencent undisclosed, one cooperation;
# - the corridor has Wujiang (in Suzhou) and Jiashan (in Jiaxing) but not Qingpu.
BY_HAND = {
    "city:310117": (4, 3, 1, 1, 0, 2, 15, 2.1, None, None),
    "province:310000": (7, 5, 2, 2, 0, 3, 15, 2.1, 24.2, 3.6),
    "province:320000": (4, 3, 1, 2, 0, 2, None, None, 24.2, 3.6),
    "province:330000": (3, 2, 1, 2, 0, 1, None, None, 24.2, 3.6),
    "province:340000": (1, 1, None, 1, 0, 1, None, None, None, None),
    "province:440000": (4, 4, 1, 0, 0, 3, 61, 9.22, None, None),
    "province:420000": (6, 6, None, 0, 5, 1, None, None, None, None),
    "province:520000": (2, 2, 1, 0, 0, 0, 2, 1, None, None),
    "corridor:g60": (7, 5, 2, 1, 0, 3, 15, 2.1, 24.2, 3.6),
    "zone:yrd-demonstration-zone": (4, 3, 1, 0, 0, 2, 24.2, 3.6, None, None),
    "country:CN": (21, 19, 4, 0, 5, 9, 102.2, 15.92, None, None),
}
COUNTS = ("records", "projects", "data_centres", "shared_projects", "undisclosed", "not_stated")
SUMS = ("stated_cny", "stated_usd", "shared_cny", "shared_usd")


@pytest.mark.parametrize("region_id", BY_HAND)
def test_what_the_founding_articles_say_by_hand(shipped, region_id):
    found = compare_regions(shipped, [region_id], FOUNDING)
    counts = [found.value(name, region_id).value for name in COUNTS]
    sums = [found.value(name, region_id).value for name in SUMS]
    told = BY_HAND[region_id]
    assert counts == list(told[:6])
    assert sums == [None if x is None else pytest.approx(x * BN) for x in told[6:]]


def test_the_two_sums_that_may_overlap_make_a_lower_bound(shipped):
    zone = compare_regions(shipped, ["zone:yrd-demonstration-zone"], FOUNDING)
    value = zone.line("stated_cny").values[0]
    assert value.shown("en") == "at least ¥24.2 bn"
    assert value.row_ids == ("project:yrd-nine-digital-projects-2022",)
    assert dict(value.left_out)["may_overlap"] == ("project:yrd-integration-data-centre-cluster",)


def test_songjiang_is_not_shanghai(shipped):
    found = compare_regions(shipped, ["Songjiang", "Shanghai"], FOUNDING)
    assert [notice.key for notice in found.notices] == ["comparison.notice.inside"]
    assert [value.value for value in found.line("projects").values] == [3, 5]
    assert found.line("projects").together.value == 5
    assert found.line("stated_cny").together.value == 15e9


REGIONS = (
    *("310117", "340100", "330100", "320500", "520100", "440100", "420100", "110105", "429004"),
    *(
        "corridor:g60",
        "zone:yrd-demonstration-zone",
        "country:CN",
        "circle:31.23,121.47,100",
        "circle:23.13,113.26,80",
    ),
    *("circle:45.8,126.6,300", "circle:34.3,108.9,30", "box:119,30,121,32", "box:100,25,110,32"),
)


def asked(region_id):
    """A box as a polygon; any other region as it is."""
    kind, _, sides = region_id.partition(":")
    if kind != "box":
        return region_id
    west, south, east, north = sides.split(",")
    return f"polygon:{south},{west};{south},{east};{north},{east};{north},{west}"


def test_every_total_equals_plain_loops_over_all_records(shipped):
    ids = [f"province:{code}" for code in shipped.provinces["adcode"]]
    ids += [name if ":" in name else f"city:{name}" for name in REGIONS]
    for region_id in ids:
        found = compare_regions(shipped, [asked(region_id)])
        expected = plain_totals(shipped, region_id)
        got = {name: found.line(name).values[0].value for name in expected}
        assert got == pytest.approx(expected, nan_ok=False), region_id


def test_the_loops_would_notice_a_wrong_total(shipped):
    right = plain_totals(shipped, "province:340000")
    assert right != plain_totals(shipped, "province:330000")


def test_rows_behind_every_sum_add_up_on_all_provinces(shipped):
    amounts = shipped.projects.set_index("feature_id")
    checked = 0
    for code in shipped.provinces["adcode"]:
        found = compare_regions(shipped, [f"province:{code}"])
        for name in SUMS:
            value = found.line(name).values[0]
            if value.value is not None:
                column = f"amount_{name[-3:]}"
                added = amounts.loc[list(value.row_ids), column].sum()
                assert added == pytest.approx(value.value)
                checked += 1
    assert checked > 20


def test_every_feature_has_details_in_both_languages(shipped):
    tables = (shipped.cities, shipped.projects, shipped.zones, shipped.corridors)
    ids = [name for table in tables for name in table["feature_id"]]
    ids += [f"province:{code}" for code in shipped.provinces["adcode"]]
    for name in ids:
        details = feature_details(shipped, name)
        assert all((details.names.en, details.names.zh))
        for fact in (*details.facts, *details.figures):
            for lang in ("en", "zh"):
                assert all((fact.label(lang), fact.shown(lang)))
                assert [source.say(lang) for source in fact.citations].count("") == 0
        for lang in ("en", "zh"):
            assert details_text(details, lang)["sections"]


def test_hefei_has_projects_with_sources_and_neighbours_on_the_corridor(shipped):
    hefei = feature_details(shipped, "city:340100")
    assert hefei.places[0].province.zh.startswith("安徽")
    assert hefei.project_count > 0
    assert hefei.citations
    assert [link.feature_id for link in hefei.linked("neighbour")] == ["city:340200"]


@pytest.mark.parametrize("query", ["Tencent", "腾讯", "騰訊"])
def test_an_investor_is_found_in_either_language(shipped, query):
    assert search_features(shipped, query)[0].feature_id == "investor:Tencent"


def test_every_shading_of_china_has_classes(shipped):
    for measure in shading_measures():
        found = classify_provinces(shipped, measure)
        assert len(found.shades) == 34
        known = sum(shade.value is not None for shade in found.shades)
        assert sum(one.count for one in found.classes) == known
        assert known + found.without_value == 34
