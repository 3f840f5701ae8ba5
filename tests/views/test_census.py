"""Inhabitants and areas of regions on the toy country, every sum worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geomap.views.census import inhabitants_of
from geomap.views.comparison import compare_regions
from geomap.views.details import feature_details
from geomap.views.regions import parse_region
from geomap.views.shading import classify_provinces
from geomap.views.tables import comparison_cells
from tests.toy import toy_census

ROWS = (
    ("910000", 6e6, None),
    ("920000", 2e6, None),
    ("930000", 3e6, None),
    ("940000", 4e6, None),
    ("910100", 4e6, 8000.0),  # the records say 5,000,000 in 2020, which is not older
    ("920100", 1.5e6, 4000.0),
    ("930100", 2.5e6, None),
    ("940101", 0.5e6, 500.0),
)


@pytest.fixture(scope="module")
def counted(toy):
    return replace(toy, census=toy_census(*ROWS), version="counted")


def people(dataset, *names):
    return [value.value for value in compare_regions(dataset, names).line("population").values]


def cell(dataset, measure_id, name):
    (value,) = compare_regions(dataset, [name], measures=[measure_id]).lines[0].values
    return value


def test_units_of_every_level_and_the_country_have_their_people(counted):
    assert people(counted, "province:920000", "city:920100", "city:940101") == [2e6, 1.5e6, 5e5]
    assert people(counted, "country:CN", "city:910200") == [15e6, None]
    birch = cell(counted, "population", "city:910200")
    assert (birch.shown("en"), birch.state) == (
        "number of inhabitants not known",
        "not_applicable",
    )


def test_date_and_source_come_with_the_figure(counted):
    notes = cell(counted, "population", "city:920100").notes
    assert [note.say("zh") for note in notes] == ["人口：2020年11月1日、玩具普查"]
    assert [note.say("en") for note in notes] == ["inhabitants: 1 Nov 2020, Toy Census"]
    per_head = cell(counted, "projects_per_head", "city:920100")
    assert per_head.notes[-1].say("en") == "inhabitants of 1 Nov 2020"


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2020", 5e6), ("2021-06", 5e6), ("2018/2023", 5e6), ("2019", 4e6), ("2020-10-31", 4e6)],
)
def test_the_newest_figure_counts_and_a_record_that_is_not_older(counted, period, expected):
    frame = counted.indicators
    dated = frame.assign(
        period=frame["period"].where(frame["indicator_id"] != "alder-population", period)
    )
    assert people(replace(counted, indicators=dated, version=period), "city:910100") == [expected]


def test_density_and_rates_by_hand(counted):
    assert cell(counted, "density", "city:920100").value == 375.0  # 1,500,000 / 4,000
    assert cell(counted, "density", "city:920100").worked("en") == "1,500,000 ÷ 4,000 km²"
    assert cell(counted, "density", "province:940000").value == pytest.approx(4e6 / 41455)
    assert cell(counted, "projects_per_head", "province:910000").value == pytest.approx(4 / 6)
    assert cell(counted, "projects_per_area", "city:910100").value == pytest.approx(1 / 8000 * 1e4)
    for measure_id in ("density", "projects_per_area"):  # Elm has people and no area
        assert cell(counted, measure_id, "city:930100").reason.key.endswith("no_region_area")
    found = compare_regions(counted, ["city:920100", "city:910100"]).line("density")
    assert [value.value for value in found.values] == [375.0, 625.0]
    assert (found.values[1].difference, found.values[1].ratio) == (250.0, 625 / 375)


def test_an_area_says_whether_it_is_stated_or_measured(counted):
    said = [
        cell(counted, "area", name).notes[0].say("en")
        for name in ("city:920100", "province:920000")
    ]
    assert said == [
        "area as stated: Toy Atlas",
        "area measured on the map, not the official figure",
    ]


def test_a_corridor_is_the_sum_of_its_members_each_once(counted):
    found = cell(counted, "population", "corridor:toy-line")
    assert found.value == 9.5e6  # Harbour 0.5, Cedar 1.5, Elm 2.5, Alder 5.0 by the records
    assert found.worked("en").replace("\u00a0", " ") == (
        "Harbour District 500,000 + Cedar 1,500,000 + Elm 2,500,000 + Alder 5,000,000"
    )
    (row,) = comparison_cells(
        compare_regions(counted, ["corridor:toy-line"], measures=["population"]), "en"
    )
    assert row["added"] == {
        "city:940101": 5e5,
        "city:920100": 1.5e6,
        "city:930100": 2.5e6,
        "city:910100": 5e6,
    }
    assert sum(row["added"].values()) == row["value"]


def test_a_member_inside_another_and_one_named_twice_are_not_added_again(counted):
    line = parse_region("corridor:toy-line", counted)
    codes = ("940101", "940000", "920100", "920100")
    assert inhabitants_of(replace(line, adcodes=codes), counted).amount == 5.5e6  # 4.0 + 1.5
    apart = replace(line, adcodes=("940101", "920100"))
    assert inhabitants_of(apart, counted).amount == 2e6  # the twin: nothing is left out here


def test_a_corridor_with_an_uncounted_member_is_blank_and_names_it(counted):
    fewer = toy_census(*(row for row in ROWS if row[0] != "930100"))
    less = replace(counted, census=fewer, version="fewer")
    found = cell(less, "population", "corridor:toy-line")
    assert found.value is None
    assert found.shown("en") == "inhabitants not known for Elm"
    assert found.shown("zh") == "榆木市的人口数未知"
    none = replace(counted, census=toy_census(), version="none")
    frame = none.indicators[none.indicators["metric"] != "population"]
    nobody = replace(none, indicators=frame, version="nobody")
    assert cell(nobody, "population", "corridor:toy-line").reason.key.endswith("no_population")


def test_provinces_are_shaded_by_density(counted):
    shades = {shade.adcode: shade.value for shade in classify_provinces(counted, "density").shades}
    assert shades["910000"] == pytest.approx(6e6 / 42352)


def test_details_of_a_unit_show_people_and_area_with_their_sources(counted):
    facts = {fact.key: fact for fact in feature_details(counted, "city:920100").facts}
    assert (facts["population"].value, facts["area_km2"].value) == (1.5e6, 4000.0)
    # The record's own sources say nothing of either.
    assert (facts["population"].citations, facts["area_km2"].citations) == ((), ())
    assert facts["role"].citations
    assert (facts["population"].period, facts["area_km2"].note.en) == (
        "2020-11-01",
        "Toy Atlas",
    )
    bare = {fact.key for fact in feature_details(counted, "city:910200").facts}
    assert not bare & {"population", "area_km2"}
