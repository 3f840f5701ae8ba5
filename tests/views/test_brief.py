"""Charts, words, tables and the brief say the same numbers as the comparison."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from geomap.views.brief import brief_html
from geomap.views.charts import chart_rows, comparison_charts
from geomap.views.comparison import compare_regions
from geomap.views.drawings import chart_svg, map_svgs
from geomap.views.filters import Filters
from geomap.views.summary import summarise
from geomap.views.tables import (
    comparison_frames,
    comparison_json,
    comparison_table,
    comparison_values,
)

ALL = ("province:910000", "province:920000", "province:930000", "province:940000")
NAUGHTY = "<script>alert(1)</script>\"'&{{7*7}}${1}`\\\u202e🙂" + "x" * 10_000


@pytest.fixture(scope="module")
def four(toy):
    return compare_regions(toy, ALL)


def chart(comparison, chart_id):
    return next(one for one in comparison_charts(comparison) if one.chart_id == chart_id)


def marks(found, region):
    return {mark.category: mark.value for mark in found.marks if mark.region == region}


# ------------------------------------------------------------ charts


def test_money_by_kind_adds_up_to_the_table(four):
    found = chart(four, "money_by_kind")
    for place, value in enumerate(four.line("stated_cny").values):
        known = [mark.value for mark in found.marks if mark.region == place and mark.value]
        assert sum(known) == (value.value or 0)
    assert found.categories == ("bundle", "data_centre", "office")  # largest first
    assert marks(found, 0) == {"bundle": None, "data_centre": 1e9, "office": 3e8}
    assert found.largest == 5e9


def test_projects_by_year_of_their_first_date(four):
    found = chart(four, "projects_by_year")
    assert found.categories == ("2018", "2019", "2020", "2021", "2022")
    # Westland: alder-dc 2020, birch-a 2019, birch-b 2020; border-park has no date
    assert marks(found, 0) == {"2018": None, "2019": 1, "2020": 2, "2021": None, "2022": None}
    assert marks(found, 3)["2022"] == 4


def test_the_mix_of_kinds_is_a_share_of_the_projects(four):
    found = chart(four, "kind_mix")
    assert marks(found, 1)["data_centre"] == 0.5
    assert sum(value for value in marks(found, 3).values() if value) == pytest.approx(1.0)


def test_sizes_are_one_dot_per_project_with_a_sum(four):
    found = chart(four, "project_sizes")
    dots = [(mark.feature_id, mark.value) for mark in found.marks if mark.region == 0]
    assert dots == [
        ("project:alder-dc", 1e9),
        ("project:birch-a", 3e8),
        ("project:birch-b", 2e8),
    ]
    assert (found.smallest, found.largest) == (2e8, 2.3e9)


def test_chart_rows_carry_words_in_both_languages(four):
    row = chart_rows(chart(four, "money_by_kind"), "zh")[1]
    assert (row["region"], row["category"], row["shown"]) == ("西州", "数据中心", "10亿元")
    assert chart_rows(chart(four, "money_by_kind"), "en")[0]["shown"] == "no record"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_drawings_are_well_formed_and_name_themselves(four, lang):
    for found in comparison_charts(four):
        root = ElementTree.fromstring(chart_svg(found, lang))
        assert root.attrib["role"] == "img"
        assert root.find("{http://www.w3.org/2000/svg}title").text == found.title(lang)


def test_a_bar_is_as_long_as_its_value(four):
    svg = chart_svg(chart(four, "money_by_kind"), "en")
    root = ElementTree.fromstring(svg)
    widths = sorted(float(r.attrib["width"]) for r in root.iter("{http://www.w3.org/2000/svg}rect"))
    # 0.3, 1, 2 and 5 bn
    assert widths[1:] == pytest.approx([widths[3] / 5, widths[3] * 2 / 5, widths[3]], abs=0.2)


def test_a_long_name_is_cut_in_a_chart_and_kept_whole_beside_it(toy):
    region = replace(
        compare_regions(toy, ["province:910000"]).regions[0], name_zh="很长的名字" * 20
    )
    for found in comparison_charts(compare_regions(toy, [region])):
        svg = chart_svg(found, "zh")
        assert "…" in svg
        assert f"<title>{'很长的名字' * 20}</title>" in svg


def test_nothing_to_draw_is_said(toy):
    empty = compare_regions(toy, ["city:340100"])
    assert all(found.empty for found in comparison_charts(empty))
    assert "Nothing to draw" in chart_svg(comparison_charts(empty)[0], "en")
    assert len(comparison_charts(compare_regions(toy, []))) == 4


def bar_km_per_pixel(svg):
    km = float(re.findall(r">([\d,]+) km<", svg)[0].replace(",", ""))
    start, end = re.search(r"M([\d.]+),[\d.]+V[\d.]+H([\d.]+)V", svg).groups()
    return km / (float(end) - float(start))


def test_all_maps_of_a_brief_have_one_scale(toy):
    drawn = map_svgs(compare_regions(toy, ["circle:31,101,20", "province:930000"]), "en")
    scales = [bar_km_per_pixel(svg) for svg in drawn]
    assert scales[0] == pytest.approx(scales[1], rel=0.001)
    # the province is 2 degrees (222 km) high and fills its pane but for a margin
    assert scales[1] * 300 == pytest.approx(222 * 1.08, rel=0.02)
    alone = map_svgs(compare_regions(toy, ["circle:31,101,20"]), "en")
    assert bar_km_per_pixel(alone[0]) < scales[0] / 2


def test_a_map_marks_how_well_a_place_is_known(toy):
    (svg,) = map_svgs(compare_regions(toy, ["province:910000"]), "en")
    # points: alder-dc, border-park; district only: its repeat; city only: birch-a, birch-b, zone
    assert svg.count("stroke-dasharray") == 3
    assert len(re.findall(r'<circle [^>]*fill="#', svg)) == 2


# ------------------------------------------------------------ words


def test_the_words_carry_the_numbers_in_both_languages(four):
    english, chinese = (" ".join(summarise(four, lang)) for lang in ("en", "zh"))
    for said in (
        "Westland has 4 projects on record",
        "at least ¥1.3 bn",
        "US$740 m",
        "13 Jul 2022",
    ):
        assert said in english
    for said in ("西州有 4 个项目记录", "至少13亿元", "7.4亿美元", "2022年7月13日"):
        assert said in chinese
    assert "10 projects and at least ¥10.6 bn" in english
    assert summarise(four, "en") == summarise(compare_regions(four.dataset, ALL), "en")


def test_the_words_of_odd_baskets(toy):
    assert summarise(compare_regions(toy, []), "en")[0].startswith("Nothing is in the basket yet")
    one = summarise(compare_regions(toy, ["city:340100"]), "zh")
    assert "合肥市：无记录。" in one
    same = compare_regions(toy, ["province:910000", "province:940000"])
    assert "Projects: the same" in " ".join(summarise(same, "en"))


# ------------------------------------------------------------ tables


def test_the_table_as_read_has_a_column_per_region(four):
    table = comparison_table(four, "zh").set_index("指标")
    assert list(table.columns) == ["单位", "西州", "东州", "北州", "港城", "合计"]
    assert table.loc["项目数", "合计"] == "10"
    assert table.loc["已公布投资额（人民币）", "北州"] == "仅有与其他地区共有的金额"


def test_two_regions_of_one_name_keep_two_columns(toy):
    regions = compare_regions(toy, ["city:110101", "city:110105"]).regions
    renamed = tuple(replace(region, name_en="Chaoyang") for region in regions)
    table = comparison_table(compare_regions(toy, renamed), "en")
    assert {"Chaoyang, Beijing", "Chaoyang, Beijing (2)"} <= set(table.columns)


def test_values_name_rows_and_sources_and_leave_blanks_blank(four):
    values = comparison_values(four, "en").set_index(["measure", "region_id"])
    row = values.loc[("stated_cny", "province:910000")]
    assert row["records"] == ("project:alder-dc", "project:birch-a")
    assert row["left_out"] == ("project:alder-dc-two=repeat", "project:birch-b=may_overlap")
    assert row["sources"] == ("acme-report", "toy-times-2021")
    assert values.loc[("stated_cny", "together"), "value"] == 10_600e6
    blank = values.loc[("stated_cny", "province:930000")]
    assert blank["state"] == "no_record"
    assert blank["value"] is None or blank["value"] != blank["value"]


def test_the_json_lets_a_reader_add_up_every_sum(four):
    told = json.loads(json.dumps(comparison_json(four, "en"), allow_nan=False))
    records = {row["feature_id"]: row for row in told["records"]}
    checked = 0
    for cell in told["cells"]:
        if cell["measure"] in ("stated_cny", "stated_usd") and cell["value"] is not None:
            column = "amount_" + cell["measure"][-3:]
            assert sum(records[name][column] for name in cell["records"]) == cell["value"]
            checked += 1
    assert checked == 8
    assert told["reference"] == "province:910000"
    assert {row["source_id"] for row in told["sources"]} == {
        "toy-times-2021",
        "harbour-daily-2022",
        "acme-report",
    }


def test_sheets_of_a_workbook(four):
    assert list(comparison_frames(four, "zh")) == ["比较", "数值明细", "记录", "来源"]


# ------------------------------------------------------------ the brief


class Reader(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Made on 22 Nov 2026"), ("zh", "2026年11月22日")]
)
def test_the_brief_is_one_page_with_everything_in_it(four, lang, words):
    page = brief_html(
        four, lang, made_on="2026-11-22", link="https://example.org/?compare=a", credits_=["Credit"]
    )
    reader = read(page)
    said = " ".join(reader.words)
    for expected in (words, "0123456789ab", "Toy Times", "海湾日报", "compare=a", "Credit"):
        assert expected in said
    assert reader.tags.count("svg") == 4 + 4  # a map per region, four charts
    assert reader.tags.count("table") == 1
    assert reader.tags.count("tbody") == 7  # a body per group of measures


def outside(page):
    """Addresses a page would fetch by itself; links a person may follow are not among them."""
    fetching = ("src", "srcset", "data", "poster", "action", "background")
    reader = read(page)
    found = [value for name, value in reader.attributes if name in fetching]
    found += [tag for tag in reader.tags if tag in ("script", "link", "iframe", "img", "object")]
    return found + re.findall(r"@import|url\((?!#)", page)


def test_the_brief_asks_for_nothing_outside_itself(four):
    assert outside(brief_html(four, "en")) == []
    assert outside("<script src='https://example.org/x.js'></script>") != []
    assert outside("<style>@import 'x.css'</style>") != []


def test_hostile_text_stays_text_in_brief_and_drawings(toy, with_projects):
    said = {"name_en": NAUGHTY, "name_zh": NAUGHTY, "investors": (NAUGHTY,)}
    changed = with_projects({"alder-dc": said}, "naughty")
    regions = tuple(
        replace(region, name_en=NAUGHTY, name_zh=NAUGHTY)
        for region in compare_regions(changed, ["province:910000", "province:920000"]).regions
    )
    found = compare_regions(changed, regions)
    for lang in ("en", "zh"):
        page = brief_html(found, lang, link="javascript:alert(1)")
        assert "<script" not in page
        assert "script" not in read(page).tags
        assert NAUGHTY in "".join(read(page).words)
        for one in (*comparison_charts(found),):
            ElementTree.fromstring(chart_svg(one, lang))


def test_an_address_that_is_no_web_address_is_not_linked(toy):
    sources = toy.sources.copy()
    sources["url"] = "javascript:alert(1)"
    page = brief_html(compare_regions(replace(toy, sources=sources, version="js"), ALL), "en")
    assert "javascript:" not in page


def test_filters_are_named_in_the_brief(toy):
    comparison = compare_regions(toy, ALL, Filters(investors=("Acme",), date_from="2020"))
    assert "Filters: Investor: Acme; Time: 2020 – …" in brief_html(comparison, "en")
    assert "筛选条件：投资方：顶点公司；时间：2020年 – …" in brief_html(comparison, "zh")
    assert "Filters:" not in brief_html(compare_regions(toy, ALL), "en")


def test_a_brief_of_an_empty_basket_is_a_page_with_a_sentence(toy):
    page = brief_html(compare_regions(toy, []), "zh")
    assert "比较篮为空" in page
    assert "table" not in read(page).tags
