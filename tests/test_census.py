"""The shipped census table: its figures add up, and what is missing can be told from it."""

from __future__ import annotations

import pandas as pd
import pytest

from geomap.boundaries import load_boundaries
from geomap.census import CENSUS_COLUMNS, load_census
from geomap.paths import geo_dir


@pytest.fixture(scope="module")
def census():
    return load_census().set_index("adcode")


@pytest.fixture(scope="module")
def units():
    """Units of the gazetteer by code with the unit each lies right under.

    A municipality and its one or two groups of districts are the same place: its districts lie
    right under it.
    """
    columns = ["adcode", "level", "parent_adcode", "name_zh"]
    frame = pd.read_parquet(geo_dir() / "gazetteer.parquet", columns=columns)
    frame = frame[frame["level"].isin(["province", "prefecture", "county"])].set_index("adcode")
    groups = frame["parent_adcode"].isin(["110000", "120000", "310000", "500000"])
    above = dict(frame.loc[groups, "parent_adcode"])
    kept = frame[~groups]
    return kept.assign(parent_adcode=kept["parent_adcode"].replace(above))


def parts_of(units):
    mainland = units[units["parent_adcode"].notna() & (units["parent_adcode"] < "700000")]
    return {str(parent): list(own.index) for parent, own in mainland.groupby("parent_adcode")}


def sums(census, units, column):
    """Give (unit, figure, sum of its parts, how many parts have none) where the unit has one."""
    known = census[column].dropna()
    return [
        (whole, known[whole], known.reindex(parts).sum(), int(known.reindex(parts).isna().sum()))
        for whole, parts in parts_of(units).items()
        if whole in known.index
    ]


def faults(census, units):
    """Units whose parts do not add up to them exactly, or already come to more than they do."""
    return [
        whole
        for whole, own, added, missing in sums(census, units, "population")
        if (added >= own if missing else added != own)
    ]


def incomplete(census, units):
    return {whole: missing for whole, _, _, missing in sums(census, units, "population") if missing}


def test_every_row_is_a_unit_of_the_gazetteer_with_a_figure_and_its_source(census, units):
    assert census.index.is_unique
    assert list(census.columns) == list(CENSUS_COLUMNS[1:])
    below = census[~census.index.str.endswith("0000")]
    assert dict(below["name_zh"]) == dict(units["name_zh"].reindex(below.index))
    assert census[["population", "area_km2"]].notna().any(axis=1).all()
    for figure, others in (("population", ("_on", "_source", "_source_zh")),):
        for end in others:
            assert (census[figure].notna() == census[figure + end].notna()).all()
    for end in ("source", "source_zh"):
        assert (census["area_km2"].notna() == census[f"area_{end}"].notna()).all()
    mainland = census[census["population"].notna() & (census.index < "700000")]
    assert set(mainland["population_on"]) == {"2020-11-01"}


def test_every_source_is_cited(census):
    named = pd.read_csv(geo_dir() / "census_sources.csv", dtype="str")
    cited = pd.concat([census["population_source"], census["area_source"]]).dropna()
    assert named["source_id"].is_unique
    assert set(named["name_en"]) == set(cited)


def test_the_provinces_add_up_to_the_published_totals(census):
    people = census["population"][census.index.str.endswith("0000")]
    assert len(people) == 34
    assert people[people.index < "700000"].sum() == 1_411_778_724 - 2_000_000  # servicemen apart
    assert people.sum() == 1_443_497_378 - 2_000_000


def test_parts_add_up_to_their_whole_exactly_and_the_table_says_where_some_are_missing(
    census, units
):
    assert faults(census, units) == []
    missing = incomplete(census, units)
    provinces = {whole for whole, *_ in sums(census, units, "population") if whole[2:] == "0000"}
    assert len(provinces) == 31
    whole = provinces - set(missing)
    assert whole, f"no province is complete; missing units by province: {missing}"
    for code in whole:  # a complete province is one whose every part has a figure
        assert census["population"].reindex(parts_of(units)[code]).notna().all()


def test_the_check_sees_a_slip_and_a_unit_left_out(census, units):
    slip = census.assign(population=census["population"].where(census.index != "330100", 11936011))
    assert faults(slip, units) == ["330000"]
    less = census.drop(index="330900")
    assert faults(less, units) == []
    assert incomplete(less, units)["330000"] == 1
    assert "330000" not in incomplete(census, units)
    doubled = census.assign(population=census["population"].where(census.index != "340100", 5e7))
    assert faults(doubled, units) == ["340000"]


def test_stated_areas_fit_the_units_above(census, units):
    drawn = load_boundaries().frame.set_index("adcode")["area_km2"]
    outlines = census.assign(area_km2=census["area_km2"].fillna(drawn))
    for whole, own, added, missing in sums(outlines, units, "area_km2"):
        if not missing:
            assert added == pytest.approx(own, rel=0.03), whole
        else:
            assert added < own, whole
    density = (census["population"] / census["area_km2"]).dropna()
    assert density.between(1, 30_000).all()
