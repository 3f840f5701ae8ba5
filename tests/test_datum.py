"""Published points, exact round trips and the signs of a wrong coordinate."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geomap.datum import (
    DATUMS,
    KnownPlace,
    check_coordinates,
    from_wgs84,
    normalise_datum,
    to_wgs84,
)
from geomap.errors import UnknownDatum

# googollee/eviltransform, python/transform_test.py: WGS 84 lat, lon, GCJ-02 lat, lon.
EVILTRANSFORM = [
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
]
# hujiulong/gcoord, test/fixtures/china-cities.json: lat, lon in WGS 84, GCJ-02 and BD-09, 1e-7
# degrees: Zhumadian, Naqu, Jiuquan, Shenyang, Shantou, Xilin Gol, Zhengzhou, Chuxiong.
GCOORD = [
    (33.0133556, 114.0164322, 33.0115324, 114.022306, 33.0176697, 114.0287781),
    (31.4784436, 92.0499619, 31.4762063, 92.0512438, 31.4824421, 92.0576832),
    (39.7319946, 98.4937175, 39.7328234, 98.4943595, 39.7388949, 98.5008441),
    (41.8032629, 123.4253306, 41.8057023, 123.4314787, 41.8114013, 123.438095),
    (23.3567569, 116.6775114, 23.3540964, 116.6819735, 23.3598884, 116.6885014),
    (43.9312805, 116.0414035, 43.9334573, 116.0482308, 43.9397782, 116.0546232),
    (34.7478004, 113.6192856, 34.7466173, 113.6253334, 34.7528605, 113.6317519),
    (25.048566, 101.5265949, 25.0455363, 101.5280737, 25.0518094, 101.5344863),
]
MILLIMETRE = 1e-3


def metres(one, other):
    north = (one[0] - other[0]) * 111_320.0
    east = (one[1] - other[1]) * 111_320.0 * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


@pytest.mark.parametrize(("lat", "lon", "gcj_lat", "gcj_lon"), EVILTRANSFORM)
def test_published_gcj02_points(lat, lon, gcj_lat, gcj_lon):
    assert metres(from_wgs84(lat, lon, "gcj02"), (gcj_lat, gcj_lon)) < MILLIMETRE
    assert metres(to_wgs84(gcj_lat, gcj_lon, "gcj02"), (lat, lon)) < MILLIMETRE


@pytest.mark.parametrize("row", GCOORD)
def test_published_cities_in_all_three_data(row):
    # The services answer 0.7 m from the published formula, everywhere in the same direction.
    wgs84, gcj02, bd09 = row[:2], row[2:4], row[4:]
    assert metres(to_wgs84(*gcj02, "gcj02"), wgs84) < 1.0
    assert metres(to_wgs84(*bd09, "bd09"), wgs84) < 1.0
    assert metres(from_wgs84(*wgs84, "gcj02"), gcj02) < 1.0
    assert metres(from_wgs84(*wgs84, "bd09"), bd09) < 1.0


def test_baidu_factor_of_pi_alone_would_fail():
    """The twin: a widely copied slip (pi for pi * 3000 / 180) is ten to forty metres off."""
    for bd09, slipped in [
        ((29.199786, 120.019809), (29.196131605295484, 120.00877901149691)),
        ((29.210504, 120.036455), (29.206795749156136, 120.0253853970846)),
    ]:
        assert 5 < metres(to_wgs84(*bd09, "bd09"), slipped) < 50


def test_published_bd09_step_from_gcj02():
    """wandergis/coordtransform: GCJ-02 (39.915, 116.404) is BD-09 (39.92133..., 116.41036...)."""
    wgs84 = to_wgs84(39.915, 116.404, "gcj02")
    expected = (39.92133699351021, 116.41036949371029)
    assert metres(from_wgs84(*wgs84, "bd09"), expected) < MILLIMETRE


def test_one_step_inverse_would_fail_the_millimetre():
    """The twin: the usual `2 * here - shifted` inverse is metres off, and this test sees it."""
    lat, lon = 39.911954, 116.377817
    gcj = from_wgs84(lat, lon, "gcj02")
    again = from_wgs84(*gcj, "gcj02")
    naive = (2 * gcj[0] - again[0], 2 * gcj[1] - again[1])
    assert metres(naive, (lat, lon)) > 100 * MILLIMETRE


@given(
    lat=st.floats(3.0, 54.0),
    lon=st.floats(73.0, 136.0),
    datum=st.sampled_from(DATUMS),
)
def test_round_trip_is_exact_to_a_millimetre(lat, lon, datum):
    there = from_wgs84(lat, lon, datum)
    assert metres(to_wgs84(*there, datum), (lat, lon)) < MILLIMETRE
    here = to_wgs84(lat, lon, datum)
    assert metres(from_wgs84(*here, datum), (lat, lon)) < MILLIMETRE


@given(
    lat=st.floats(-90.0, 90.0),
    lon=st.floats(-180.0, 180.0),
    datum=st.sampled_from(["gcj02", "bd09"]),
)
def test_the_rectangle_decides_what_moves(lat, lon, datum):
    # Within a tenth of a degree of the rectangle's edge the rule itself is two-valued.
    if 71.9 < lon < 137.95 and 0.7 < lat < 55.95:
        assume(72.1 < lon < 137.7 and 0.95 < lat < 55.7)
        assert from_wgs84(lat, lon, datum) != (lat, lon)
        assert to_wgs84(lat, lon, datum) != (lat, lon)
    else:
        assert from_wgs84(lat, lon, datum) == (lat, lon)
        assert to_wgs84(lat, lon, datum) == (lat, lon)


@pytest.mark.parametrize(
    ("lat", "lon"), [(22.3193, 114.1694), (22.1987, 113.5439), (25.0330, 121.5654)]
)
def test_hong_kong_macao_and_taiwan_are_shifted_when_so_declared(lat, lon):
    assert 200 < metres(from_wgs84(lat, lon, "gcj02"), (lat, lon)) < 1_000
    assert to_wgs84(lat, lon, "wgs84") == (lat, lon)


def test_arrays_agree_with_numbers_and_keep_their_shape():
    lats = np.array([[31.2, 39.9, np.nan], [51.5, 22.5, 25.0]])
    lons = np.array([[121.5, 116.4, 104.0], [-0.1, 114.1, 121.5]])
    for datum in DATUMS:
        got_lat, got_lon = to_wgs84(lats, lons, datum)
        assert got_lat.shape == lats.shape
        for index in np.ndindex(lats.shape):
            one = to_wgs84(float(lats[index]), float(lons[index]), datum)
            assert (got_lat[index], got_lon[index]) == pytest.approx(one, abs=1e-12, nan_ok=True)
    with pytest.raises(ValueError, match="differ in shape"):
        to_wgs84(lats, lons[0], "gcj02")


def test_what_is_not_a_number_stays_so():
    assert to_wgs84(math.inf, 121.0, "gcj02") == (math.inf, 121.0)
    assert math.isnan(from_wgs84(math.nan, 121.0, "bd09")[0])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("WGS-84", "wgs84"),
        ("wgs 84", "wgs84"),
        ("EPSG:4326", "wgs84"),
        ("", "wgs84"),
        (None, "wgs84"),
        ("CGCS2000", "wgs84"),
        ("GCJ-02", "gcj02"),
        ("gcj02ll", "gcj02"),
        ("BD-09", "bd09"),
        ("bd09ll", "bd09"),
    ],
)
def test_spellings_of_a_datum(written, meant):
    assert normalise_datum(written) == meant


@pytest.mark.parametrize("written", ["bd09mc", "beijing54", "wgs", "0"])
def test_an_unknown_datum_is_a_sentence(written):
    with pytest.raises(UnknownDatum, match="write wgs84, gcj02"):
        to_wgs84(31.0, 121.0, written)


def codes(*args, **kwargs):
    return [one.code for one in check_coordinates(*args, **kwargs)]


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (121.47, 31.23, "swapped"),
        (-121.47, 31.23, "swapped"),
        (-31.23, 121.47, "sign"),
        (31.23, -121.47, "sign"),
        (0.0, 0.0, "zero"),
        (35.0, 105.0, "country_centre"),
        (35.86166, 104.195397, "country_centre"),
        (51.5, -0.1, "out_of_china"),
        (48.85, 2.35, "out_of_china"),
        (math.nan, 121.0, "not_a_position"),
    ],
)
def test_gross_faults_have_a_code_a_message_and_a_fix(lat, lon, code):
    (found,) = check_coordinates(lat, lon)
    assert found.code == code
    assert found.words.say("en").endswith(".")
    assert found.remedy.say("en").endswith(".")
    if code in ("swapped", "sign"):
        assert (found.lat, found.lon) == (31.23, 121.47)


@pytest.mark.parametrize(
    ("lat", "lon"), [(31.23, 121.47), (45.8, 126.5), (18.25, 109.5), (39.47, 75.99), (3.95, 112.9)]
)
def test_good_positions_are_left_alone(lat, lon):
    assert codes(lat, lon, province_centres={"Anhui": (31.86, 117.23)}) == []


def test_a_province_centre_is_not_a_site():
    centres = {"Anhui": (31.8612, 117.2273)}
    (found,) = check_coordinates(31.8612, 117.2273, province_centres=centres)
    assert found.code == "province_centre"
    assert "Anhui" in found.words.say("en")
    assert codes(31.92, 117.2273, province_centres=centres) == []


@pytest.mark.parametrize("truth", DATUMS)
@pytest.mark.parametrize("declared", DATUMS)
def test_the_datum_is_doubted_when_another_reading_hits_the_place(truth, declared):
    place = KnownPlace("Hefei", 31.8206, 117.2272, radius_km=20.0)
    given_lat, given_lon = from_wgs84(place.lat, place.lon, truth)
    found = check_coordinates(given_lat, given_lon, declared, place=place)
    if truth == declared:
        assert found == ()
        return
    assert [one.code for one in found] == [f"looks_like_{truth}"]
    assert metres((found[0].lat, found[0].lon), (place.lat, place.lon)) < MILLIMETRE
    assert truth in found[0].remedy.say("en")


def test_a_position_far_from_the_named_place_is_told():
    place = KnownPlace("Hefei", 31.8206, 117.2272, radius_km=20.0)
    assert codes(31.9, 117.4, place=place) == []
    assert codes(39.9, 116.4, place=place) == ["far_from_place"]
