"""Exports: GeoJSON other programs read, tables no spreadsheet runs, nothing lost on the way."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

import openpyxl
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from geomap.dataset import assemble_dataset
from geomap.export import (
    TABLE_NAMES,
    comparison_frame,
    comparison_html,
    comparison_json,
    csv_text,
    export_table,
    geojson_text,
    safe_cell,
    xlsx_bytes,
)
from geomap.text import catalogue
from geomap.views.comparison import compare_regions
from geomap.views.filters import Filters
from tests.toy import PROJECTS, RECORDS, TOY_ISSUES, toy_dataset, toy_placed, toy_provinces

REQUIRED = {
    *("feature_id", "kind", "name_en", "name_zh", "adcode", "province_adcode"),
    *("precision", "radius_km", "sources"),
}


def hostile_dataset(name: str):
    """The toy country with a project of this name."""
    project = dataclasses.replace(PROJECTS[0], name_en=name, investors=(name,))
    records = dataclasses.replace(RECORDS, projects=(project, *PROJECTS[1:]))
    return assemble_dataset(records, toy_placed(), toy_provinces(), TOY_ISSUES, "0123456789ab")


@pytest.fixture(scope="module")
def collection():
    return json.loads(geojson_text(toy_dataset()))


def features_of(collection, feature_id):
    return [f for f in collection["features"] if f["properties"]["feature_id"] == feature_id]


# ---------------------------------------------------------------- GeoJSON


def test_every_city_site_zone_corridor_and_province_is_there(collection):
    dataset = toy_dataset()
    found = {feature["properties"]["feature_id"] for feature in collection["features"]}
    for table in ("cities", "projects", "zones", "corridors"):
        assert set(getattr(dataset, table)["feature_id"]) <= found
    assert {f"province:{code}" for code in dataset.provinces["adcode"]} <= found
    # 25 sites, the zone that is not drawn, one corridor, four provinces
    assert len(collection["features"]) == 25 + 1 + 1 + 4


def test_every_feature_has_every_required_property(collection):
    for feature in collection["features"]:
        assert set(feature["properties"]) >= REQUIRED, feature["id"]
        assert feature["properties"]["sources"], feature["id"]


def test_ids_are_never_given_twice(collection):
    ids = [feature["id"] for feature in collection["features"]]
    assert len(ids) == len(set(ids))


def test_a_record_at_three_places_is_three_points_with_their_own_precision(collection):
    cluster = features_of(collection, "project:delta-cluster")
    assert [f["id"][-2:] for f in cluster] == ["#1", "#2", "#3"]
    assert [f["geometry"]["coordinates"] for f in cluster] == [
        [103.1, 33.1],
        [103.4, 31.4],
        [101.2, 33.2],
    ]
    assert [f["properties"]["province_adcode"] for f in cluster] == ["940000", "920000", "930000"]
    assert [f["properties"]["radius_km"] for f in cluster] == [12, 20, 12]


def test_a_record_without_a_place_has_no_geometry(collection):
    (lost,) = features_of(collection, "project:nowhere-plant")
    assert lost["geometry"] is None
    assert lost["properties"]["location_status"] == "not_found"
    (cluster,) = features_of(collection, "zone:birch-clusters")
    assert cluster["geometry"] is None


def test_positions_are_longitude_first_and_inside_the_toy_country(collection):
    for feature in collection["features"]:
        if feature["geometry"] is not None:
            west, south, east, north = shape(feature["geometry"]).bounds
            assert 100 <= west <= east <= 104, feature["id"]
            assert 30 <= south <= north <= 34, feature["id"]


def test_outer_rings_run_counterclockwise(collection):
    for feature in collection["features"]:
        if feature["properties"]["feature_kind"] == "province":
            assert shape(feature["geometry"]).exterior.is_ccw


def test_rings_are_turned_when_they_come_clockwise():
    dataset = toy_dataset()
    clockwise = dataset.provinces.set_geometry(
        [shapely.orient_polygons(one, exterior_cw=True) for one in dataset.provinces.geometry]
    )
    turned = json.loads(geojson_text(dataclasses.replace(dataset, provinces=clockwise)))
    (westland,) = features_of(turned, "province:910000")
    assert shape(westland["geometry"]).exterior.is_ccw


def test_a_corridor_runs_along_its_branches_and_says_that_it_is_schematic(collection):
    (line,) = features_of(collection, "corridor:toy-line")
    assert line["geometry"]["type"] == "MultiLineString"
    assert line["geometry"]["coordinates"] == [
        [[103.1, 33.1], [103, 31], [101, 31]],
        [[103.1, 33.1], [101, 33], [101, 31]],
    ]
    assert line["properties"]["schematic"] is True


def test_sources_are_described_and_the_export_says_where_it_comes_from(collection):
    first, second = features_of(collection, "project:alder-dc")[0]["properties"]["sources"]
    assert (first["title"], first["locator"]) == ("Alder gets a data centre", "L3")
    assert (second["source_id"], second["locator"]) == ("acme-report", "p. 3")
    origin = collection["geomap"]
    assert origin["dataset_version"] == "0123456789ab"
    assert any("Natural Earth" in line for line in origin["attribution"])
    assert any("not an official map" in note for note in origin["notes"])


def test_notes_come_in_both_languages():
    zh = json.loads(geojson_text(toy_dataset(), lang="zh"))["geomap"]["notes"]
    assert any("不是官方地图" in note for note in zh)
    assert set(catalogue("export", "en")) == set(catalogue("export", "zh"))


def test_the_same_dataset_gives_the_same_text():
    assert geojson_text(toy_dataset()) == geojson_text(toy_dataset())


def test_filters_leave_sites_out_and_keep_the_frame():
    filters = Filters(kinds=("data_centre",))
    kept = json.loads(geojson_text(toy_dataset(), filters))["features"]
    kinds = {feature["properties"]["kind"] for feature in kept}
    assert kinds == {"data_centre", "corridor", "province"}


def test_hostile_text_stays_data():
    name = '</script><script>alert(1)</script>{{7*7}} \\ "quoted"\n'
    collection = json.loads(geojson_text(hostile_dataset(name)))
    assert features_of(collection, "project:alder-dc")[0]["properties"]["name_en"] == name


# ---------------------------------------------------------------- tables

FORMULAS = [
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@cmd",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    '=HYPERLINK("http://x")',
]
HARMLESS = ["-5", "+3.2", "-1,200.5", "-1e3", "+8%", "Alder", "a=b", "1-2", "", "合肥"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [*HARMLESS, -5, -3.25, 0, None])
def test_numbers_and_plain_words_stay_as_they_are(value):
    assert safe_cell(value) is value


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_of_sites_has_a_row_for_every_place():
    rows = rows_of(csv_text(export_table(toy_dataset(), "sites")))
    assert len(rows) == 25
    cluster = [row for row in rows if row["feature_id"] == "project:delta-cluster"]
    assert [row["lat"] for row in cluster] == ["33.1", "31.4", "33.2"]
    assert cluster[0]["investors"] == "Bolt;Crane"
    assert cluster[0]["amount_cny"] == "2300000000"
    assert cluster[0]["sources"] == "harbour-daily-2022@L5;L9"
    assert cluster[0]["source_urls"] == "https://example.org/nine"
    assert {row["dataset_version"] for row in rows} == {"0123456789ab"}


def test_what_is_not_known_is_empty_and_never_zero():
    rows = rows_of(csv_text(export_table(toy_dataset(), "sites")))
    (unplaced,) = [row for row in rows if row["feature_id"] == "project:nowhere-plant"]
    assert (unplaced["lat"], unplaced["lon"], unplaced["radius_km"]) == ("", "", "")
    (withheld,) = [row for row in rows if row["feature_id"] == "project:harbour-super"]
    assert (withheld["amount_cny"], withheld["amount_state"]) == ("", "undisclosed")


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_every_table_can_be_written(name):
    frame = export_table(toy_dataset(), name)
    assert len(rows_of(csv_text(frame))) == len(getattr(toy_dataset(), name))


def test_negative_numbers_of_a_table_stay_numbers():
    frame = pd.DataFrame({"difference": [-2.5, 3.0], "name": ["-x", "y"]})
    assert csv_text(frame) == "difference,name\r\n-2.5,'-x\r\n3,y\r\n"


def test_formulas_of_records_are_safe_in_a_table():
    text = csv_text(export_table(hostile_dataset('=cmd|"/c calc"!A1'), "projects"))
    row = rows_of(text)[0]
    assert row["name_en"] == '\'=cmd|"/c calc"!A1'
    assert row["investors"].startswith("'=")


def workbook(frames):
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(frames)))


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers():
    names = [*FORMULAS[:4], "plain"]
    sheet = workbook({"one": pd.DataFrame({"name": names, "value": [-1.5, 2, 3, 4, 5]})})["one"]
    cells = list(sheet.iter_rows(min_row=2))
    assert [name.data_type for name, _ in cells] == ["s"] * 5
    assert [name.value for name, _ in cells] == names
    assert [value.value for _, value in cells] == [-1.5, 2, 3, 4, 5]


def test_the_workbook_check_would_notice_a_live_formula():
    book = openpyxl.Workbook()
    book.active.append(["=1+1"])
    assert book.active["A1"].data_type == "f"


def test_a_workbook_takes_what_it_cannot_hold():
    long = "x" * 40_000
    sheet = workbook({"a/b" * 20: pd.DataFrame({"t": ["bell \x07", long, ("a", "b")]})}).active
    cells = [cell.value for (cell,) in sheet.iter_rows(min_row=2)]
    assert cells[0] == "bell "
    assert len(cells[1]) == 32_767
    assert cells[2] == "a;b"


# ---------------------------------------------------------------- comparisons


def comparison():
    return compare_regions(toy_dataset(), ["province:910000", "province:920000"])


def test_a_comparison_as_a_table_says_when_there_is_no_record():
    frame = comparison_frame(comparison()).set_index(["measure", "region_id"])
    westland = frame.loc[("stated_cny", "province:910000")]
    assert (westland["value"], westland["state"]) == (1.3e9, "value")
    assert set(westland["records"]) == {"project:alder-dc", "project:birch-a"}
    eastland = frame.loc[("stated_usd", "province:920000")]
    assert eastland["state"] == "no_record"
    assert eastland["value"] is None or pd.isna(eastland["value"])


def test_a_comparison_as_json_names_regions_cells_and_sources():
    told = json.loads(comparison_json(comparison(), "zh"))
    assert [one["name"] for one in told["regions"]] == ["西州", "东州"]
    assert {one["state"] for one in told["cells"]} <= {"value", "no_record", "not_applicable"}
    assert {one["source_id"] for one in told["sources"]} >= {"toy-times-2021"}


def test_a_comparison_page_opens_the_rows_and_names_the_sources():
    page = comparison_html(comparison())
    assert "Westland" in page.split("</h1>")[0]
    assert "<li>Alder data centre</li>" in page
    assert 'href="https://example.org/alder?a=1&amp;b=2"' in page
    assert "0123456789ab" in page
    assert "<script" not in page


def test_hostile_text_is_escaped_in_a_comparison_page():
    dataset = hostile_dataset("<img src=x onerror=alert(1)>{{7*7}}${1}")
    page = comparison_html(compare_regions(dataset, ["province:910000", "country:CN"]))
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}${1}" in page


def test_an_address_that_is_no_web_address_is_not_linked():
    source = dataclasses.replace(RECORDS.sources[0], url="javascript:alert(1)")
    records = dataclasses.replace(RECORDS, sources=(source, *RECORDS.sources[1:]))
    dataset = assemble_dataset(records, toy_placed(), toy_provinces(), (), "0123456789ab")
    assert "javascript:" not in comparison_html(compare_regions(dataset, ["910000", "China"]))
