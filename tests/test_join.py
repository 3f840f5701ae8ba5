"""The join: codes come from the place's own code, then the polygon, then the nearest, then none."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from geomap.boundaries import Boundaries
from geomap.join import join_places
from tests.toy import PLACES, UNITS, toy_placed, toy_provinces

UNITS_BY_CODE = {unit["adcode"]: SimpleNamespace(**unit) for unit in UNITS}


def joined(lat, lon, adcode):
    located = pd.DataFrame(
        {
            "lat": pd.Series([lat], dtype="float64"),
            "lon": pd.Series([lon], dtype="float64"),
            "adcode": pd.Series([adcode], dtype="str"),
        }
    )
    boundaries = Boundaries(toy_provinces(), "toy")
    row = join_places(located, boundaries, UNITS_BY_CODE).iloc[0]
    return {name: None if pd.isna(value) else value for name, value in row.items()}


def test_every_place_of_the_toy_country_gets_the_codes_worked_out_by_hand():
    by_hand = toy_placed()
    found = join_places(by_hand, Boundaries(toy_provinces(), "toy"), UNITS_BY_CODE)
    for name in ("province_adcode", "prefecture_adcode", "county_adcode", "iso_3166_2"):
        assert found[name].fillna("").tolist() == by_hand[name].fillna("").tolist(), name
    assert found["join_method"].tolist() == by_hand["join_method"].tolist()
    assert found["near_border"].tolist() == by_hand["near_border"].tolist()


def test_distances_to_the_border_are_those_worked_out_by_hand():
    by_hand = toy_placed()
    found = join_places(by_hand, Boundaries(toy_provinces(), "toy"), UNITS_BY_CODE)
    for (feature_id, *_), known, border_km in zip(
        PLACES, by_hand["border_km"], found["border_km"], strict=True
    ):
        assert border_km == pytest.approx(known, abs=0.6, rel=0.01, nan_ok=True), feature_id


def test_a_place_without_a_code_takes_the_province_of_its_polygon_only():
    row = joined(30.7, 101.3, None)
    assert row["province_adcode"] == "910000"
    assert row["join_method"] == "polygon"
    assert row["prefecture_adcode"] is None
    assert row["county_adcode"] is None


def test_a_place_just_off_the_land_takes_the_nearest_province():
    row = joined(29.97, 101.0, None)  # 3.3 km south of Westland
    assert (row["province_adcode"], row["join_method"]) == ("910000", "nearest")


def test_a_place_far_off_the_land_takes_none():
    row = joined(29.9, 101.0, None)  # 11 km south of Westland
    assert (row["province_adcode"], row["join_method"]) == (None, "unknown")
    assert row["iso_3166_2"] is None


def test_the_own_code_wins_and_the_stray_is_said():
    row = joined(31.0, 103.0, "910100")  # Alder's code, Cedar's place
    assert (row["province_adcode"], row["join_method"]) == ("910000", "own_code")
    assert row["strayed_into"] == "920000"


def test_a_place_near_a_border_is_no_stray():
    row = joined(31.0, 102.005, "910100")  # half a kilometre beyond the border
    assert row["province_adcode"] == "910000"
    assert row["strayed_into"] is None


def test_a_province_alone_gives_no_city_and_no_county():
    row = joined(33.0, 101.0, "930000")
    assert row["province_adcode"] == "930000"
    assert row["prefecture_adcode"] is None


def test_a_county_of_a_municipality_keeps_all_three_codes():
    row = joined(33.1, 103.1, "940101")
    codes = row["province_adcode"], row["prefecture_adcode"], row["county_adcode"]
    assert codes == ("940000", "940100", "940101")


def test_an_unplaced_row_with_a_code_keeps_its_codes():
    row = joined(np.nan, np.nan, "920102")
    assert row["province_adcode"] == "920000"
    assert row["county_adcode"] == "920102"
    assert row["border_km"] is None


def test_a_code_no_unit_has_counts_only_for_its_province():
    row = joined(31.0, 101.0, "919999")
    assert row["province_adcode"] == "910000"
    assert row["county_adcode"] is None


def test_no_rows_give_no_rows():
    empty = pd.DataFrame({"lat": [], "lon": [], "adcode": pd.Series([], dtype="str")})
    assert join_places(empty, Boundaries(toy_provinces(), "toy"), UNITS_BY_CODE).empty
