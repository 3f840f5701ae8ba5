"""The shipped records: they validate, and their figures are those read from the sources by hand."""

from __future__ import annotations

import dataclasses
import re
import shutil

import pytest

from geomap.geocode import default_geocoder
from geomap.paths import seeds_dir
from geomap.records import PROJECT_DATES, TABLES, citations, reasons
from geomap.text import has_text
from geomap.validate import check_places, validate_seeds

ARTICLES = (
    "shine-2021-songjiang-tencent",
    "shine-2022-07-14",
    "business-tianjin-2017-08-15",
    "one-angry-gamer-2020-04",
    "china-daily-2017-12-08",
)
G60 = ["310117", "330400", "330100", "330700", "320500", "330500", "341800", "340200", "340100"]


@pytest.fixture(scope="module")
def checked():
    return validate_seeds(seeds_dir())


@pytest.fixture(scope="module")
def records(checked):
    return checked.records


def of_articles(rows):
    return [row for row in rows if row.source_id in ARTICLES]


def by_id(records, project_id):
    return next(p for p in records.projects if p.project_id == project_id)


def test_the_shipped_seeds_have_no_fault_at_all(checked):
    assert checked.issues == ()


def test_the_check_above_would_see_a_fault(tmp_path):
    folder = shutil.copytree(seeds_dir(), tmp_path / "seeds")
    path = folder / "projects.csv"
    path.write_text(path.read_text("utf-8").replace("2020-03,", "2020-13,", 1), "utf-8")
    assert [i.code for i in validate_seeds(folder).issues] == ["impossible_date"]


def test_everything_read_from_the_five_articles_is_here(records):
    assert [s.source_id for s in records.sources[:5]] == list(ARTICLES)
    projects = of_articles(records.projects)
    # 19 undertakings and two signed cooperations
    assert len(projects) == 21
    assert sum(p.kind == "cooperation" for p in projects) == 2
    assert len(of_articles(records.zones)) == 7
    assert sum(z.draw_on_map for z in of_articles(records.zones)) == 5
    # 39 figures, of which one is a repeat
    assert len(of_articles(records.indicators)) == 38
    per_article = [sum(p.source_id == article for p in projects) for article in ARTICLES]
    assert per_article == [4, 4, 3, 6, 4]


def test_places_of_the_articles_that_a_reader_expects_are_cities(records):
    adcodes = {c.adcode for c in of_articles(records.cities)}
    others = "310118 320509 330421 520100 510100 110000 310000 440300 420100 440100 440111 440118"
    assert adcodes == {*G60, *others.split(), "440105"}


@pytest.mark.parametrize(
    ("project_id", "cny", "usd", "qualifier"),
    [
        ("tencent-yrd-supercomputing-centre", 15e9, 2.1e9, "exact"),
        ("yrd-integration-data-centre-cluster", 23e9, 3.4e9, "more_than"),
        ("yrd-nine-digital-projects-2022", 24.2e9, 3.6e9, "exact"),
        ("apple-data-centre-guiyang", None, 1e9, "exact"),
        ("huaxintong-server-chips", 2e9, None, "about"),
        ("foxconn-display-park-zengcheng", 61e9, 9.22e9, "exact"),
    ],
)
def test_money_of_the_articles_is_as_stated_in_both_currencies(
    records, project_id, cny, usd, qualifier
):
    project = by_id(records, project_id)
    assert (project.amount_cny, project.amount_usd) == (cny, usd)
    assert (project.amount_qualifier, project.amount_state) == (qualifier, "stated")


def test_no_other_project_of_the_articles_has_an_amount(records):
    rest = [p for p in of_articles(records.projects) if p.amount_state != "stated"]
    assert len(rest) == 15
    assert all(p.amount_cny is None and p.amount_usd is None for p in rest)


def test_five_tencent_facilities_share_wuhan_and_an_undisclosed_sum(records):
    five = [p for p in records.projects if p.source_id == ARTICLES[3] and p.kind != "cooperation"]
    assert [p.amount_state for p in five] == ["undisclosed"] * 5
    assert {p.places for p in five} == {("Wuhan, Hubei",)}
    assert {p.announced_on for p in five} == {"2020-04-07"}


def test_the_cluster_and_the_nine_contracts_are_kept_apart(records):
    cluster = by_id(records, "yrd-integration-data-centre-cluster")
    bundle = by_id(records, "yrd-nine-digital-projects-2022")
    assert (cluster.kind, bundle.kind) == ("data_centre_cluster", "bundle")
    assert cluster.may_overlap == (bundle.project_id,)
    assert len(cluster.places) == 3
    parts = [p for p in records.projects if p.part_of == bundle.project_id]
    assert {p.places[0].split(",")[0] for p in parts} == {"Qingpu District", "Shengze Town"}
    assert all(p.amount_state == "not_stated" for p in parts)


def test_dates_worked_out_from_the_text_say_so(records):
    for project_id, column, value in (
        ("tencent-yrd-supercomputing-centre", "started_on", "2020-06"),
        ("yrd-nine-digital-projects-2022", "signed_on", "2022-07-13"),
        ("apple-data-centre-guiyang", "announced_on", "2017-07"),
        ("huawei-cloud-data-centre-baiyun", "signed_on", "2017-09"),
    ):
        project = by_id(records, project_id)
        assert getattr(project, column) == value
        assert column in reasons(project)
    assert "announced_on" not in reasons(by_id(records, "tencent-ai-lab-wuhan"))


def test_the_corridor_has_nine_members_on_two_branches(records):
    (corridor,) = records.corridors
    assert corridor.members == tuple(G60)
    assert corridor.branches == (
        ("310117", "330400", "330100", "330700"),
        ("310117", "320500", "330500", "341800", "340200", "340100"),
    )
    assert set(corridor.members) == {code for branch in corridor.branches for code in branch}
    assert corridor.area_km2 == 76_200


def test_the_demonstration_zone_spans_three_provinces(records):
    zone = next(z for z in records.zones if z.zone_id == "yrd-demonstration-zone")
    assert [m.rsplit(", ", 1)[1] for m in zone.members] == ["Shanghai", "Jiangsu", "Zhejiang"]
    assert zone.area_m2 == 2.3e9


def test_figures_of_the_articles_add_up_where_the_text_lets_them(records):
    value = {i.indicator_id: i.value for i in records.indicators}
    trade = value["guangzhou-cross-border-trade-2016"]
    exports = value["guangzhou-cross-border-exports-2016"]
    imports = value["guangzhou-cross-border-imports-2016"]
    assert exports + imports == trade == 14.68e9
    # one mu is 10,000 / 15 m2
    assert value["tencent-yrd-area-mu"] * 10_000 / 15 == pytest.approx(
        value["tencent-yrd-area-ha"] * 10_000, rel=0.003
    )
    it_output = [i for i in records.indicators if i.metric == "it-output" and i.unit == "CNY"]
    assert [i.value for i in it_output] == [300e9]


def test_figures_that_cannot_be_true_are_in_no_amount(records):
    for project_id in (
        "china-mobile-gansu",
        "tsmc-nanjing-expansion-28nm",
        "jhicc-memory-jinjiang",
    ):
        project = by_id(records, project_id)
        assert project.amount_usd is None
        assert project.note.startswith("Suspect:")
    assert max(p.amount_usd or 0 for p in records.projects) == 23e9


def test_every_source_is_used_and_every_record_has_one(records):
    rows = (*records.cities, *records.projects, *records.zones, *records.corridors)
    rows += records.indicators
    used = {source_id for row in rows for source_id, _ in citations(row)}
    assert used == {s.source_id for s in records.sources}


def test_records_of_the_articles_point_to_lines(records):
    rows = of_articles((*records.cities, *records.projects, *records.zones, *records.indicators))
    assert all(re.fullmatch(r"L\d+(;L\d+)*", row.source_locator) for row in rows)


def test_chinese_names_are_chinese_and_english_names_are_not(records):
    for row in (*records.cities, *records.projects, *records.zones, *records.indicators):
        assert re.search(r"[\u4e00-\u9fff]", row.name_zh), row
        assert not re.search(r"[\u4e00-\u9fff]", row.name_en), row


RECORDS_OF = ("sources", "cities", "projects", "zones", "corridors", "indicators")


def untold(records):
    """Every text of the shipped records that stands in one language only."""
    return [
        (name, twin.name, row)
        for name in RECORDS_OF
        for row in getattr(records, name)
        for column, twin in TABLES[name].twins
        if bool(getattr(row, column.name)) != bool(getattr(row, twin.name))
    ]


def test_every_text_stands_in_both_languages(records):
    assert untold(records) == []
    noted = dataclasses.replace(records.zones[0], note="Only in English.", note_zh="")
    spoiled = dataclasses.replace(records, zones=(noted, *records.zones[1:]))
    assert [(table, column) for table, column, _ in untold(spoiled)] == [("zones", "note_zh")]


def test_chinese_texts_are_chinese_sentences(records):
    """Chinese letters and Chinese marks; doubt is doubt in both languages."""
    for name in RECORDS_OF:
        for row in getattr(records, name):
            for column in ("note_zh", "role_zh"):
                said = getattr(row, column, "")
                assert not said or re.search(r"[\u4e00-\u9fff]", said), said
                assert not re.search(r"[\u4e00-\u9fff][,;:?!]", said), said
            assert row.note.count("Suspect:") == row.note_zh.count("存疑："), row
            assert [*reasons(row)] == [*reasons(row, "zh")], row


def test_numbers_are_the_same_in_both_languages(records):
    for name in RECORDS_OF:
        for row in getattr(records, name):
            for column, twin in TABLES[name].twins:
                if column.form == "text":
                    said, said_zh = getattr(row, column.name), getattr(row, twin.name)
                    assert digits(said or "") == digits(said_zh or ""), said
    assert digits("24.2 billion in June 2022") == digits("2022年6月242亿")
    assert digits("24.2 billion") != digits("252亿")


def digits(said):
    """The significant digits of every number; a lone 1 may be a word, a month is one in English."""
    plain = re.sub(r"\d+月", "", re.sub(r"(?<=\d),(?=\d{3})", "", said))
    found = re.findall(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?", plain)
    return sorted(d for d in (n.replace(".", "").strip("0") for n in found) if d != "1")


def test_places_in_chinese_mean_the_same_unit(records):
    geocoder = default_geocoder()
    pairs = {pair for p in records.projects for pair in zip(p.places, p.places_zh, strict=True)}
    pairs |= {pair for z in records.zones for pair in zip(z.members, z.members_zh, strict=True)}
    for written, chinese in sorted(pairs):
        codes = [str(geocoder.resolve(text).adcode).rstrip("0") for text in (written, chinese)]
        short, long = sorted(codes, key=len)
        assert long.startswith(short[:4]), (written, chinese)
    assert str(geocoder.resolve("江苏省苏州市").adcode)[:4] != geocoder.resolve("宿州市").adcode[:4]


def test_every_organisation_has_a_chinese_name_and_none_is_idle(records):
    named = {name for p in records.projects for name in (*p.investors, *p.partners)}
    named |= {name for zone in records.zones for name in zone.companies}
    listed = {one.name_en: one for one in records.organisations}
    assert named == set(listed)
    assert all(re.search(r"[\u4e00-\u9fff]", one.name_zh) for one in listed.values())
    assert (listed["Tencent"].name_zh, listed["Foxconn"].name_zh) == ("腾讯", "富士康")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_unit_of_a_figure_has_words(records, lang):
    money = {"CNY", "USD"}
    units = {i.unit for i in records.indicators} - money
    assert [unit for unit in sorted(units) if not has_text(f"details.unit.{unit}", lang)] == []
    assert not has_text("details.unit.parsecs", lang)


def test_no_status_claims_more_than_its_dates(records):
    for project in records.projects:
        if project.opened_on and not project.closed_on:
            assert project.status == "operating", project.project_id
        if project.status in ("retired", "cancelled"):
            assert project.closed_on, project.project_id
        assert not any((getattr(project, d) or "") > "2026-12-31" for d in PROJECT_DATES)


def test_every_place_is_found_in_its_province(records):
    geocoder = default_geocoder()
    assert [i for i in check_places(records, geocoder) if i.severity == "error"] == []
    named = {place for project in records.projects for place in project.places}
    named |= {member for zone in records.zones for member in zone.members}
    for toponym in sorted(named):
        answer = geocoder.resolve(toponym)
        assert answer.status == "matched", toponym
        if "," in toponym:
            assert answer.province_en == toponym.rsplit(", ", 1)[1], toponym


def test_cities_have_the_name_of_their_code(records):
    geocoder = default_geocoder()
    for city in records.cities:
        unit = geocoder.gazetteer.by_adcode[city.adcode]
        assert unit.name_zh == city.name_zh, city.adcode
