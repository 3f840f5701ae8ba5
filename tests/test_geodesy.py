"""Distances, areas, buffers and scale against figures worked out elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.geodesy import (
    area_km2,
    bounds_of,
    buffer_m,
    circle_polygon,
    decode_polyline,
    encode_polyline,
    equal_scale_zoom_step,
    geodesic_km,
    leg_km,
    merge_bounds,
    metres_per_pixel,
    pad_bounds,
    polygon_from_polyline,
    polyline_from_polygon,
)

BEIJING, SHANGHAI, HEFEI = (39.9042, 116.4074), (31.2304, 121.4737), (31.8206, 117.2272)


def test_distance_of_one_degree_on_the_equator_and_on_a_meridian():
    assert geodesic_km(0, 0, 0, 1) == pytest.approx(2 * math.pi * 6378.137 / 360, abs=1e-6)
    assert geodesic_km(0, 0, 1, 0) == pytest.approx(110.574, abs=0.001)


def test_distance_is_geodesic_not_spherical():
    # the great circle on a sphere of 6,371 km gives 1,067.3 km
    assert geodesic_km(*BEIJING, *SHANGHAI) == pytest.approx(1065.8, abs=0.3)


def test_distance_takes_arrays_and_keeps_unknown_positions_unknown():
    km = geodesic_km(*HEFEI, [31.8206, np.nan, 31.2304], [117.2272, 120.0, 121.4737])
    assert km[0] == 0
    assert np.isnan(km[1])
    assert km[2] == pytest.approx(math.hypot(65.4, 403.4), abs=1)


def test_distance_of_no_points_is_empty():
    assert geodesic_km([], [], [], []).shape == (0,)


def test_legs_of_a_line():
    assert leg_km([0, 0, 1], [0, 1, 1]) == pytest.approx([111.319, 110.574], abs=0.001)


def test_area_of_one_degree_at_the_equator():
    square = shapely.box(0, 0, 1, 1)
    assert area_km2(square) == pytest.approx(12308.8, abs=0.1)
    assert area_km2(square.reverse()) == area_km2(square)


def test_area_leaves_out_holes_and_lines():
    holed = shapely.box(0, 0, 1, 1) - shapely.box(0.25, 0.25, 0.75, 0.75)
    assert area_km2(holed) == pytest.approx(12308.8 * 0.75, rel=1e-4)
    assert area_km2(shapely.LineString([(0, 0), (1, 1)])) == 0


@pytest.mark.parametrize("lat", [0.0, 31.2, 52.0])
def test_buffer_of_a_point_is_a_circle_on_the_ground(lat):
    ring = shapely.get_coordinates(buffer_m(shapely.Point(121.5, lat), 10_000))
    km = geodesic_km(lat, 121.5, ring[:, 1], ring[:, 0])
    assert km == pytest.approx(np.full(len(km), 10.0), abs=0.001)


def test_buffer_in_degrees_would_not_be_one():
    ring = shapely.get_coordinates(shapely.Point(121.5, 52.0).buffer(10 / 111.32))
    km = geodesic_km(52.0, 121.5, ring[:, 1], ring[:, 0])
    assert km.min() < 6.5


def test_buffer_of_a_corridor_keeps_its_width():
    line = shapely.LineString([(121.47, 31.23), (117.23, 31.82)])
    band = buffer_m(line, 30_000)
    assert band.contains(line)
    reach = shapely.get_coordinates(shapely.intersection(band, shapely.box(119.3, 30, 119.301, 33)))
    width = geodesic_km(reach[:, 1].min(), 119.3, reach[:, 1].max(), 119.3)
    assert width == pytest.approx(60, rel=0.02)


def test_circle_has_its_radius_and_runs_anticlockwise():
    circle = circle_polygon(31.2, 121.5, 50)
    ring = shapely.get_coordinates(circle)[:-1]
    assert geodesic_km(31.2, 121.5, ring[:, 1], ring[:, 0]) == pytest.approx(np.full(72, 50.0))
    assert circle.exterior.is_ccw
    assert area_km2(circle) == pytest.approx(math.pi * 2500, rel=0.005)


def test_scale_of_a_web_map():
    assert metres_per_pixel(0, 0) == pytest.approx(156543.034, abs=0.001)
    assert metres_per_pixel(60, 1) == pytest.approx(156543.034 / 4, abs=0.001)


def test_equal_scale_needs_another_zoom_at_another_latitude():
    step = equal_scale_zoom_step(23.13, 39.9)
    assert metres_per_pixel(39.9, 7 + step) == pytest.approx(metres_per_pixel(23.13, 7))
    assert step == pytest.approx(
        math.log2(math.cos(math.radians(39.9)) / math.cos(math.radians(23.13)))
    )


def test_bounds_leave_out_unknown_positions():
    assert bounds_of([30, np.nan, 32], [120, 125, 121]) == (120, 30, 121, 32)
    assert bounds_of([np.nan], [120]) is None
    assert merge_bounds([(0, 0, 1, 1), None, (-1, 2, 0, 3)]) == (-1, 0, 1, 3)
    assert merge_bounds([None]) is None


def test_padding_adds_the_kilometres_asked_for():
    west, south, east, north = pad_bounds((120, 30, 121, 31), 50)
    assert geodesic_km(31, 121, 31, east) >= 50
    assert geodesic_km(30, 120, south, 120) == pytest.approx(50, abs=0.3)
    assert west == pytest.approx(120 - (east - 121))
    assert north > 31


def test_polyline_as_its_authors_publish_it():
    text = encode_polyline([38.5, 40.7, 43.252], [-120.2, -120.95, -126.453])
    assert text == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    lats, lons = decode_polyline(text)
    assert lats == pytest.approx([38.5, 40.7, 43.252])
    assert lons == pytest.approx([-120.2, -120.95, -126.453])


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=20))
def test_polyline_comes_back_within_a_metre(points):
    lats, lons = zip(*points, strict=True)
    back = decode_polyline(encode_polyline(lats, lons))
    assert np.abs(np.array(back) - np.array([lats, lons])).max() <= 0.5e-5 + 1e-9


@given(st.text(max_size=60))
def test_any_text_is_a_line_or_a_value_error(text):
    try:
        lats, lons = decode_polyline(text)
    except ValueError:
        return
    assert len(lats) == len(lons)
    assert (np.abs(lats) <= 90).all()
    assert (np.abs(lons) <= 180).all()


def test_polygon_in_a_url_and_back():
    polygon = shapely.Polygon([(120, 30), (121, 30), (121, 31), (120, 31)])
    assert polygon_from_polyline(polyline_from_polygon(polygon)).equals(polygon)


@pytest.mark.parametrize(
    ("lats", "lons", "reason"),
    [
        ([30, 31], [120, 121], "three corners"),
        ([30, 30, 30], [120, 120, 120], "three corners"),
        ([30, 31, 31, 30], [120, 121, 120, 121], "crosses itself"),
    ],
)
def test_no_polygon_without_an_inside(lats, lons, reason):
    with pytest.raises(ValueError, match=reason):
        polygon_from_polyline(encode_polyline(lats, lons))


@pytest.mark.parametrize("text", ["_p~iF", "_p~i", "a b", "~" * 40, "?" * 20_001])
def test_broken_lines_say_why(text):
    with pytest.raises(ValueError, match=r"encoded line|does not belong"):
        decode_polyline(text)
