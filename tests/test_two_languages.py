"""A reader of either language is told the same: notes, reasons, places and organisations."""

from __future__ import annotations

import dataclasses
import json

import pytest

from geomap.app.components.details_panel import render_details
from geomap.dataset import Dataset, assemble_dataset
from geomap.export import csv_text, export_table, geojson_text
from geomap.maps.details_text import details_text
from geomap.sentences import Names
from geomap.views.comparison import compare_regions
from geomap.views.details import feature_details
from geomap.views.filter_words import filter_words
from geomap.views.filters import Filters, filters_from_params
from geomap.views.readable import readable_table
from geomap.views.tables import comparison_json
from tests.toy import PROJECTS, RECORDS, TOY_ISSUES, ZONES, toy_placed, toy_provinces

SAID = {
    "note": "Suspect: the sum is odd.",
    "note_zh": "存疑：金额异常。",
    "inferred": ("status=the page says so", "announced_on=by the text"),
    "inferred_zh": ("status=网页如此写明", "announced_on=据内容推定"),
}


def told(version="0123456789ab", **changed) -> Dataset:
    """The toy country with a note, reasons and a zone's places in two languages."""
    project = dataclasses.replace(PROJECTS[0], **{**SAID, "announced_on": "2019", **changed})
    zone = dataclasses.replace(
        ZONES[0],
        members=("910100", "桤木市老桥区"),
        members_zh=("西州省桤木市", "西州省桤木市老桥区"),
    )
    records = dataclasses.replace(
        RECORDS, projects=(project, *PROJECTS[1:]), zones=(zone, *ZONES[1:])
    )
    return assemble_dataset(records, toy_placed(), toy_provinces(), TOY_ISSUES, version)


@pytest.fixture(scope="module")
def both():
    return told()


@pytest.fixture(scope="module")
def english():
    return told("aaaaaaaaaaaa", note_zh="", inferred_zh=())


def panel(dataset, feature_id, lang):
    return str(render_details(feature_details(dataset, feature_id), lang))


def test_the_panel_says_notes_and_reasons_in_the_language_of_the_reader(both):
    zh, en = (panel(both, "project:alder-dc", lang) for lang in ("zh", "en"))
    for words in ("存疑：金额异常。", "网页如此写明", "据内容推定", "顶点公司"):
        assert words in zh
        assert words not in en
    for words in ("Suspect: the sum is odd.", "the page says so", "by the text", "Acme"):
        assert words in en
        assert f">{words}<" not in zh


def test_what_is_said_in_one_language_only_is_marked_with_it(english, both):
    zh = panel(english, "project:alder-dc", "zh")
    assert '<span lang="en">Suspect: the sum is odd.</span>' in zh
    assert '<span lang="en">the page says so</span>' in zh
    assert 'lang="en">Suspect' not in panel(english, "project:alder-dc", "en")
    assert 'lang="en">Suspect' not in panel(both, "project:alder-dc", "zh")


def test_a_text_in_chinese_only_is_marked_for_english_readers():
    dataset = told("bbbbbbbbbbbb", note="", inferred=())
    en = panel(dataset, "project:alder-dc", "en")
    assert '<span lang="zh-Hans">存疑：金额异常。</span>' in en


def test_names_know_which_language_they_answer_in():
    assert [Names("a", "甲").language(lang) for lang in ("en", "zh")] == ["en", "zh"]
    assert Names("a", "").language("zh") == "en"
    assert Names("", "甲").language("en") == "zh"


def test_members_of_a_zone_are_named_in_both_languages(both):
    zone = feature_details(both, ZONES[0].feature_id)
    (members,) = (fact for fact in zone.facts if fact.key == "members")
    assert members.shown("zh") == "西州省桤木市、西州省桤木市老桥区"
    assert members.shown("en") == "910100, 桤木市老桥区"  # no place of this zone is called so


def test_a_place_written_in_chinese_is_its_units_in_english(both):
    site = both.sites[both.sites["toponym"] == "桤木市老桥区"].iloc[0]
    (place,) = feature_details(both, site["feature_id"]).places
    assert place.words.say("en") == place.area("en")
    assert place.area("en").endswith("Alder, Westland")
    assert place.words.say("zh") == "桤木市老桥区"
    en = panel(both, site["feature_id"], "en")
    assert '<span class="gm-other" lang="zh-Hans">桤木市老桥区</span>' in en


def test_what_the_geocoder_matched_is_told_in_both_languages(both):
    (place,) = feature_details(both, "project:alder-dc").places
    latin = dataclasses.replace(place, matched="Westland, Alder")
    chinese = dataclasses.replace(place, matched="西州省 桤木市")
    code = dataclasses.replace(place, matched="910101")
    assert (latin.found.say("en"), latin.found.say("zh")) == ("Westland, Alder", place.area("zh"))
    assert (chinese.found.say("en"), chinese.found.say("zh")) == (place.area("en"), "西州省 桤木市")
    assert code.found.say("zh") == "910101"


def test_the_page_of_the_map_carries_the_note_in_both_languages(both, english):
    def notes(dataset, lang):
        told = details_text(feature_details(dataset, "project:alder-dc"), lang)
        return [value for _, value in told["sections"][0]["rows"]]

    assert "存疑：金额异常。" in notes(both, "zh")
    assert "Suspect: the sum is odd." in notes(both, "en")
    assert "Suspect: the sum is odd." in notes(english, "zh")


def test_the_geojson_has_both_languages(both, english):
    def alder(dataset):
        features = json.loads(geojson_text(dataset))["features"]
        return next(f for f in features if f["properties"]["feature_id"] == "project:alder-dc")

    said = alder(both)["properties"]
    assert (said["note"], said["note_zh"]) == (SAID["note"], SAID["note_zh"])
    assert said["inferred_zh"] == list(SAID["inferred_zh"])
    assert (said["investors"], said["investors_zh"]) == (["Acme"], ["顶点公司"])
    assert "note_zh" not in alder(english)["properties"]


def test_tables_name_organisations_in_chinese_and_keep_unknown_ones(both):
    table = export_table(both, "sites").set_index("site_id")
    assert table.loc["project:delta-cluster#1", "investors"] == ("Bolt", "Crane")
    assert table.loc["project:delta-cluster#1", "investors_zh"] == ("螺栓集团", "Crane")
    assert table.loc["project:delta-cluster#1", "toponym_zh"] == "港城市海湾区"
    head = csv_text(export_table(both, "zones")).splitlines()[0].split(",")
    assert head[head.index("companies") + 1] == "companies_zh"


def test_the_records_of_a_comparison_name_investors_in_both_languages(both):
    found = comparison_json(compare_regions(both, ("province:910000", "province:920000")), "zh")
    records = {record["feature_id"]: record for record in found["records"]}
    assert records["project:alder-dc"]["investors"] == ["Acme"]
    assert records["project:alder-dc"]["investors_zh"] == ["顶点公司"]


@pytest.mark.parametrize("name", ["顶点公司", "Acme Corp", "顶点", "acme"])
def test_a_link_may_name_an_investor_by_any_of_its_names(both, name):
    assert filters_from_params({"investor": name}, both) == (Filters(investors=("Acme",)), ())


def test_a_link_with_a_name_of_nobody_is_told_so(both):
    filters, notes = filters_from_params({"investor": "顶点集团"}, both)
    assert filters == Filters()
    assert len(notes) == 1


def test_the_table_of_records_has_one_column_for_both_languages(both, english):
    for lang, title, note, investor in (
        ("zh", "备注", "存疑：金额异常。", "顶点公司"),
        ("en", "Note", "Suspect: the sum is odd.", "Acme"),
    ):
        table = readable_table(both.projects, both, lang)
        assert table[title].iloc[0] == note
        assert investor in table.iloc[0].tolist()
        assert not [name for name in table.columns if name.endswith("_zh")]
    fallen_back = readable_table(english.projects, english, "zh")
    assert fallen_back["备注"].iloc[0] == "Suspect: the sum is odd."
    assert {"Name (English)", "Name (Chinese)"} < {*readable_table(both.zones, both, "en").columns}


def test_the_table_of_figures_has_words_for_its_units(both):
    figures = both.indicators.assign(unit="companies", qualifier="about")
    chinese = readable_table(figures, both, "zh")
    assert (chinese["单位"].iloc[0], chinese["限定"].iloc[0]) == ("家企业", "约")
    money = readable_table(figures.assign(unit="CNY"), both, "zh")
    assert money["单位"].iloc[0] == "元"
    unknown = readable_table(figures.assign(unit="parsecs"), both, "zh")
    assert unknown["单位"].iloc[0] == "parsecs"


@pytest.mark.parametrize(
    ("chosen", "en", "zh"),
    [
        (
            {"kinds": ("data_centre", "office")},
            "Kind: Data centre, Office",
            "类型：数据中心、办公机构",
        ),
        ({"provinces": ("910000", "000000")}, "Province: Westland, 000000", "省份：西州、000000"),
        ({"corridors": ("toy-line",)}, "Corridor: Toy Line Corridor", "走廊：玩具走廊"),
        (
            {"sources": ("toy-times-2021",)},
            "Source: Alder gets a data centre",
            "来源：Alder gets a data centre",
        ),
        (
            {"date_field": "opened", "date_to": "2020-03"},
            "Time: Opened … – Mar 2020",
            "时间：投运 … – 2020年3月",
        ),
        ({}, "", ""),
    ],
)
def test_filters_are_said_in_words(both, chosen, en, zh):
    assert "; ".join(filter_words(Filters(**chosen), both, "en")) == en
    assert "；".join(filter_words(Filters(**chosen), both, "zh")) == zh
