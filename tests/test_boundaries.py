"""Which province a point lies in: toy squares worked out by hand, then the shipped boundaries.

Two squares of two degrees, West (910000) and East (920000), meet at 102E; a foreign square lies
north of West. One degree of longitude at 31N is 95.5 km, 0.01 degree 0.955 km.

   32N +--------+          Foreign: 100-102E, 32-34N
       | foreign|
   32N +--------+--------+
       |  West  |  East  |
   30N +--------+--------+
      100E     102E     104E
"""

from __future__ import annotations

import json
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import box, mapping

from geomap.boundaries import Boundaries, load_backdrop, load_boundaries, load_units, unit_code
from geomap.errors import BoundariesError
from geomap.geodesy import area_km2

WEST, EAST, FOREIGN = box(100, 30, 102, 32), box(102, 30, 104, 32), box(100, 32, 102, 34)
UNITS = pd.DataFrame(
    {
        "adcode": ["910000", "920000"],
        "iso_3166_2": ["CN-WE", "CN-EA"],
        "name_en": ["West", "East"],
        "name_zh": ["西", "东"],
        "full_en": ["West Province", "East Province"],
        "full_zh": ["西省", "东省"],
    }
)


@pytest.fixture(scope="module")
def toy():
    frame = gpd.GeoDataFrame({"adcode": ["910000", "920000"]}, geometry=[WEST, EAST], crs=4326)
    return Boundaries(frame, "toy", (FOREIGN,))


@pytest.fixture(scope="module")
def shipped():
    return load_boundaries()


def one(boundaries, lat, lon, own=None):
    """adcode, join_method, border_km and near_border of one point."""
    found = boundaries.locate([lat], [lon], [own])
    return found.adcode[0], found.join_method[0], found.border_km[0], bool(found.near_border[0])


# ---------------------------------------------------------------- toy squares


def test_a_point_inside_a_square(toy):
    adcode, method, border_km, near = one(toy, 31, 101)
    assert (adcode, method, near) == ("910000", "polygon", False)
    assert border_km == pytest.approx(95.5, abs=0.1)


def test_a_point_near_a_border_is_marked(toy):
    adcode, method, border_km, near = one(toy, 31, 101.99)
    assert (adcode, method, near) == ("910000", "polygon", True)
    assert border_km == pytest.approx(0.955, abs=0.002)


@pytest.mark.parametrize(("lon", "near"), [(101.97905, False), (101.97915, True)])
def test_two_kilometres_are_the_limit(toy, lon, near):
    # 0.0209426 degree of longitude at 31N is 2 km
    assert one(toy, 31, lon)[3] is near


def test_a_coast_is_no_border(toy):
    adcode, _, border_km, near = one(toy, 31, 103.999)
    assert (adcode, near) == ("920000", False)
    assert border_km == pytest.approx(1.999 * 95.5, abs=0.5)


def test_a_frontier_is_a_border(toy):
    adcode, _, border_km, near = one(toy, 31.99, 101)
    assert (adcode, near) == ("910000", True)
    assert border_km == pytest.approx(1.109, abs=0.002)


def test_own_code_wins_over_the_polygon_and_is_compared_with_it(toy):
    found = toy.locate([31, 31], [102.01, 102.01], ["910000", None])
    assert list(found.adcode) == ["910000", "920000"]
    assert list(found.join_method) == ["own_code", "polygon"]
    assert list(found.polygon_adcode) == ["920000", "920000"]
    assert list(found.disagrees) == [True, False]
    assert list(found.near_border) == [True, True]


def test_own_code_of_any_level_counts(toy):
    found = toy.locate([31] * 3, [103] * 3, ["910100", "910123", "920104"])
    assert list(found.adcode) == ["910000", "910000", "920000"]


@pytest.mark.parametrize("own", [None, "", "990000", "91", "91000a", np.nan, 910000])
def test_a_code_of_no_unit_counts_for_nothing(toy, own):
    assert one(toy, 31, 103, own)[:2] == ("920000", "polygon")


def test_own_code_needs_no_position(toy):
    adcode, method, border_km, near = one(toy, np.nan, np.nan, "910100")
    assert (adcode, method, near) == ("910000", "own_code", False)
    assert np.isnan(border_km)


@pytest.mark.parametrize(
    ("lon", "adcode", "method"),
    [(104.04, "920000", "nearest"), (104.06, None, "unknown")],  # 3.82 and 5.73 km off
)
def test_nearest_unit_within_five_kilometres(toy, lon, adcode, method):
    assert one(toy, 31, lon)[:2] == (adcode, method)


def test_a_point_on_the_border_belongs_to_the_first(toy):
    assert one(toy, 31, 102) == ("910000", "polygon", pytest.approx(0, abs=1e-9), True)


@pytest.mark.parametrize(
    ("lat", "lon"), [(np.nan, 101), (31, np.nan), (91, 101), (31, 1000), (-90, 0), (np.inf, 0)]
)
def test_no_position_is_unknown(toy, lat, lon):
    adcode, method, border_km, near = one(toy, lat, lon)
    assert (adcode, method, near) == (None, "unknown", False)
    assert np.isnan(border_km)


def test_no_points_at_all(toy):
    assert toy.locate([], []).adcode.shape == (0,)


def test_unequal_lengths_are_refused(toy):
    with pytest.raises(ValueError, match="alike in length"):
        toy.locate([31, 31], [101])
    with pytest.raises(ValueError, match="own adcodes"):
        toy.locate([31], [101], ["910000", "920000"])


def test_many_points_equal_one_at_a_time(shipped):
    rng = np.random.default_rng(7)
    lats, lons = rng.uniform(18, 54, 200), rng.uniform(73, 135, 200)
    lats[50:100], lons[50:100] = lats[:50], lons[:50]  # repeated places
    many = shipped.locate(lats, lons)
    for row in range(0, 200, 7):
        single = shipped.locate([lats[row]], [lons[row]])
        assert single.adcode[0] == many.adcode[row]
        assert single.border_km[0] == pytest.approx(many.border_km[row], nan_ok=True, rel=1e-9)


def distance_km(lat, lon, drawn):
    """Distance in a plane around the point: slow, and another way than the one under test."""
    plane = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +datum=WGS84"
    move = Transformer.from_crs("EPSG:4326", plane, always_xy=True).transform
    fine = shapely.segmentize(drawn, 0.05)
    flat = shapely.transform(fine, lambda points: np.column_stack(move(*points.T)))
    return flat.distance(shapely.Point(0, 0)) / 1000


def test_border_distance_agrees_with_measuring_every_other_polygon(shipped):
    rng = np.random.default_rng(3)
    lats, lons = rng.uniform(26, 40, 4), rng.uniform(104, 116, 4)
    found = shipped.locate(lats, lons)
    assert (found.join_method == "polygon").all()
    for lat, lon, adcode, km in zip(lats, lons, found.adcode, found.border_km, strict=True):
        others = [*shipped.others, *shipped.frame.geometry[shipped.frame["adcode"] != adcode]]
        expected = min(distance_km(lat, lon, drawn) for drawn in others)
        assert km == pytest.approx(expected, rel=0.005)


@pytest.mark.parametrize(
    ("adcode", "unit"),
    [("340100", "340000"), ("710000", "710000"), ("3401", None), (None, None), (340100, None)],
)
def test_unit_of_a_code(adcode, unit):
    assert unit_code(adcode) == unit


# ---------------------------------------------------------------- shipped boundaries

PLACES = {  # widely published positions: lat, lon, province
    "Tiananmen": (39.9087, 116.3975, "110000"),
    "Zhongguancun": (39.9836, 116.3164, "110000"),
    "Tianjin station": (39.1355, 117.2106, "120000"),
    "Shijiazhuang": (38.0423, 114.5143, "130000"),
    "Zhangjiakou": (40.7680, 114.8850, "130000"),
    "Taiyuan": (37.8706, 112.5489, "140000"),
    "Hohhot": (40.8415, 111.7519, "150000"),
    "Ulanqab": (40.9945, 113.1326, "150000"),
    "Shenyang": (41.8057, 123.4315, "210000"),
    "Dalian": (38.9140, 121.6147, "210000"),
    "Changchun": (43.8171, 125.3235, "220000"),
    "Harbin": (45.8038, 126.5350, "230000"),
    "Shanghai Bund": (31.2400, 121.4900, "310000"),
    "Songjiang": (31.0322, 121.2277, "310000"),
    "Nanjing": (32.0603, 118.7969, "320000"),
    "Suzhou": (31.2989, 120.5853, "320000"),
    "Hangzhou": (30.2741, 120.1551, "330000"),
    "Jiaxing": (30.7461, 120.7555, "330000"),
    "Jinhua": (29.0790, 119.6474, "330000"),
    "Hefei": (31.8206, 117.2272, "340000"),
    "Xuancheng": (30.9407, 118.7587, "340000"),
    "Wuhu": (31.3525, 118.4331, "340000"),
    "Fuzhou": (26.0745, 119.2965, "350000"),
    "Xiamen": (24.4798, 118.0894, "350000"),
    "Nanchang": (28.6820, 115.8579, "360000"),
    "Jinan": (36.6512, 117.1201, "370000"),
    "Qingdao": (36.0671, 120.3826, "370000"),
    "Zhengzhou": (34.7466, 113.6254, "410000"),
    "Wuhan": (30.5928, 114.3055, "420000"),
    "Changsha": (28.2282, 112.9388, "430000"),
    "Guangzhou": (23.1291, 113.2644, "440000"),
    "Shenzhen": (22.5431, 114.0579, "440000"),
    "Zhuhai": (22.2710, 113.5670, "440000"),
    "Nanning": (22.8170, 108.3665, "450000"),
    "Haikou": (20.0440, 110.1999, "460000"),
    "Woody Island": (16.8340, 112.3380, "460000"),
    "Chongqing": (29.5630, 106.5516, "500000"),
    "Chengdu": (30.5728, 104.0668, "510000"),
    "Guiyang": (26.6470, 106.6302, "520000"),
    "Gui'an New Area": (26.40, 106.47, "520000"),
    "Kunming": (25.0389, 102.7183, "530000"),
    "Lhasa": (29.6520, 91.1721, "540000"),
    "Xi'an": (34.3416, 108.9398, "610000"),
    "Lanzhou": (36.0611, 103.8343, "620000"),
    "Qingyang": (35.7091, 107.6436, "620000"),
    "Xining": (36.6171, 101.7782, "630000"),
    "Yinchuan": (38.4872, 106.2309, "640000"),
    "Zhongwei": (37.5002, 105.1968, "640000"),
    "Urumqi": (43.8256, 87.6168, "650000"),
    "Kashgar": (39.4704, 75.9898, "650000"),
    "Taipei": (25.0330, 121.5654, "710000"),
    "Hsinchu": (24.8138, 120.9675, "710000"),
    "Hong Kong Central": (22.2819, 114.1582, "810000"),
    "Macao": (22.1987, 113.5439, "820000"),
    "Tokyo": (35.6762, 139.6503, None),
    "Hanoi": (21.0278, 105.8342, None),
    "Ulaanbaatar": (47.8864, 106.9057, None),
}


def test_well_known_places_lie_in_their_province(shipped):
    lats, lons, expected = zip(*PLACES.values(), strict=True)
    found = dict(zip(PLACES, shipped.locate(lats, lons).adcode, strict=True))
    assert found == dict(zip(PLACES, expected, strict=True))


def test_34_units_as_one_coverage(shipped):
    frame = shipped.frame
    assert len(frame) == frame["adcode"].nunique() == frame["iso_3166_2"].nunique() == 34
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.is_valid.all()
    assert shapely.coverage_is_valid(np.array(frame.geometry))
    assert shapely.coverage_is_valid(np.array([*frame.geometry, *shipped.others]))


def test_no_holes_are_left_between_countries(shipped):
    land = shapely.get_parts(shapely.union_all([*shipped.frame.geometry, *shipped.others]))
    assert shapely.get_num_interior_rings(land).sum() == 0


def test_a_shifted_province_would_break_the_coverage(shipped):
    shapes = np.array(shipped.frame.geometry)
    shapes[11] = shapely.transform(shapes[11], lambda points: points + 0.001)
    assert not shapely.coverage_is_valid(shapes)


def test_shipped_attributes_come_from_our_table(shipped):
    table = load_units()
    for column in table.columns:
        assert list(shipped.frame[column]) == list(table[column]), column


def test_label_points_and_areas_belong_to_their_unit(shipped):
    frame = shipped.frame
    assert list(shipped.locate(frame["label_lat"], frame["label_lon"]).adcode) == list(
        frame["adcode"]
    )
    assert list(frame["area_km2"]) == [round(area_km2(drawn)) for drawn in frame.geometry]
    official = {"340000": 140_100, "330000": 105_500, "650000": 1_664_900, "310000": 6_341}
    for adcode, km2 in official.items():
        drawn = frame.set_index("adcode")["area_km2"][adcode]
        assert drawn == pytest.approx(km2, rel=0.08)


@pytest.mark.parametrize(
    ("name", "count"), [("neighbours", 26), ("water", 122), ("claim_lines", 17)]
)
def test_backdrops_are_geojson_in_degrees(name, count):
    document = load_backdrop(name)
    assert document["type"] == "FeatureCollection"
    assert len(document["features"]) == count
    drawn = shapely.from_geojson(json.dumps(document))
    west, south, east, north = drawn.bounds
    assert box(60, -2, 152, 62).covers(box(west, south, east, north))


def test_there_are_no_other_backdrops():
    with pytest.raises(ValueError, match="neighbours, water, claim_lines"):
        load_backdrop("../SOURCES")


# ---------------------------------------------------------------- a file of the reader's own


def features_of(codes=("910000", "920000"), shapes=(WEST, EAST)):
    return [
        {"type": "Feature", "properties": {"adcode": code}, "geometry": mapping(drawn)}
        for code, drawn in zip(codes, shapes, strict=True)
    ]


def write(tmp_path, features=None, name="mine.geojson", **members):
    features = features_of() if features is None else features
    path = tmp_path / name
    document = {"type": "FeatureCollection", **members, "features": features}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def refused(path, units=UNITS):
    with pytest.raises(BoundariesError) as caught:
        load_boundaries(path, units)
    return str(caught.value)


def test_a_good_file_is_used_with_our_names(tmp_path):
    own = load_boundaries(write(tmp_path), UNITS)
    assert list(own.frame["name_zh"]) == ["西", "东"]
    assert own.frame["area_km2"][0] == pytest.approx(42_352, abs=1)
    assert (own.frame["label_lat"][0], own.frame["label_lon"][0]) == pytest.approx(
        (31, 101), abs=0.2
    )
    assert one(own, 31, 103)[:2] == ("920000", "polygon")


@pytest.mark.parametrize(
    "crs", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490", "EPSG:4326"]
)
def test_degrees_of_wgs84_and_of_cgcs2000_are_taken(tmp_path, crs):
    path = write(tmp_path, crs={"type": "name", "properties": {"name": crs}})
    assert len(load_boundaries(path, UNITS).frame) == 2


def test_other_reference_systems_are_refused(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    assert "is in EPSG:3857: convert it" in refused(write(tmp_path, crs=crs))
    link = {"type": "link", "properties": {"href": "http://127.0.0.1/crs"}}
    assert "is damaged" in refused(write(tmp_path, crs=link))


def test_codes_written_as_numbers_are_taken(tmp_path):
    assert len(load_boundaries(write(tmp_path, features_of((910000, 920000.0))), UNITS).frame) == 2


def test_what_else_the_file_draws_is_kept_but_never_joined(tmp_path):
    extra = features_of(("100000_JD",), (box(110, 10, 111, 11),))
    own = load_boundaries(write(tmp_path, [*features_of(), *extra]), UNITS)
    assert len(own.frame) == 2
    assert len(own.extra) == 1
    assert one(own, 10.5, 110.5)[:2] == (None, "unknown")


def test_parquet_is_taken_whatever_its_name(tmp_path):
    frame = gpd.GeoDataFrame({"adcode": ["910000", "920000"]}, geometry=[WEST, EAST], crs=4326)
    path = tmp_path / "mine.geojson"
    frame.to_parquet(path)
    assert one(load_boundaries(path, UNITS), 31, 101)[:2] == ("910000", "polygon")
    frame.to_crs(3857).to_parquet(path)
    assert "is in EPSG:3857: convert it" in refused(path)
    frame.rename(columns={"adcode": "code"}).to_parquet(path)
    assert "has no column 'adcode': add it" in refused(path)


def test_a_small_parquet_that_unpacks_to_much_is_refused(tmp_path):
    frame = pd.DataFrame({"adcode": ["910000"] * 400, "geometry": [bytes(400_000)] * 400})
    path = tmp_path / "bomb.parquet"
    frame.to_parquet(path)
    assert path.stat().st_size < 1_000_000
    assert "unpacks to too many bytes" in refused(path)


BOWTIE = shapely.Polygon([(100, 30), (102, 32), (102, 30), (100, 32)])


@pytest.mark.parametrize(
    ("codes", "shapes", "sentence"),
    [
        (("910000",), (WEST,), "No polygon has the adcode 920000 (East): add it."),
        (("910000", "910000"), (WEST, EAST), "The adcode 910000 stands more than once"),
        (("910000", "930000"), (WEST, EAST), "No unit has the adcode 930000"),
        ((None, "920000"), (WEST, EAST), "Features 1 have no adcode"),
        (("910000", "920000"), (BOWTIE, EAST), "Feature 1 (adcode 910000) is no valid polygon"),
        (
            ("910000", "920000"),
            (WEST, shapely.Point(103, 31)),
            "Feature 2 (adcode 920000) is a Point",
        ),
        (
            ("910000", "920000"),
            (WEST, box(101, 30, 104, 32)),
            "910000 (West) and 920000 (East) overlap",
        ),
        (
            ("910000", "920000"),
            (box(30, 100, 32, 102), box(30, 102, 32, 104)),
            "latitude and longitude are swapped",
        ),
        (("910000", "920000"), (box(1e7, 3e6, 1.1e7, 4e6), EAST), "which are no degrees"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, codes, shapes, sentence):
    message = refused(write(tmp_path, features_of(codes, shapes)))
    assert sentence in message
    assert "mine.geojson" in message


def test_all_faults_are_said_at_once(tmp_path):
    message = refused(write(tmp_path, features_of((None, "930000"), (BOWTIE, EAST))))
    assert message.count("\n- ") == 4


def test_a_feature_without_geometry_is_said(tmp_path):
    features = features_of()
    features[1]["geometry"] = None
    assert "Feature 2 (adcode 920000) has no geometry" in refused(write(tmp_path, features))


def test_the_34_units_are_wanted_unless_others_are_named(tmp_path):
    message = refused(write(tmp_path), None)
    assert "No unit has the adcode 910000, 920000" in message
    assert "110000 (Beijing), 120000 (Tianjin)" in message
    assert "and 29 more" in message


def test_the_shipped_file_passes_its_own_check(shipped, tmp_path):
    path = tmp_path / "copy.parquet"
    shipped.frame[["adcode", "geometry"]].to_parquet(path)
    own = load_boundaries(path)
    lats, lons, _ = zip(*PLACES.values(), strict=True)
    assert list(own.locate(lats, lons).adcode) == list(shipped.locate(lats, lons).adcode)


def test_two_provinces_with_exchanged_codes_are_noticed(shipped, tmp_path):
    frame = shipped.frame[["adcode", "geometry"]].copy()
    frame["adcode"] = frame["adcode"].replace({"330000": "340000", "340000": "330000"})
    path = tmp_path / "exchanged.parquet"
    frame.to_parquet(path)
    message = refused(path, None)
    assert "330000 (Zhejiang), 340000 (Anhui) does not lie where that unit is" in message.replace(
        "340000 (Anhui), 330000 (Zhejiang)", "330000 (Zhejiang), 340000 (Anhui)"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "neither GeoJSON nor Parquet"),
        (b"<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource>", "neither GeoJSON nor"),
        (b"PK\x03\x04", "neither GeoJSON nor Parquet"),
        (b"gdal vector pipeline ! read /etc/passwd", "neither GeoJSON nor Parquet"),
        (b"PAR1 and nothing else", "is damaged"),
        (b'{"type": "FeatureCollection", "features": [', "is damaged"),
        (b'{"type": "FeatureCollection", "features": 7}', "is damaged"),
        (b'{"type": "FeatureCollection", "features": [7]}', "is damaged"),
        (b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "X"}}]}', "is damaged"),
        (b'{"type": "Feature"}', "no FeatureCollection"),
        (
            b'{"type": "gdalg", "command_line": "gdal vector pipeline ! read /etc/passwd"}',
            "no Feat",
        ),
        (b'{"a":' * 200_000, "is damaged"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "is damaged"),
        (b'{"type": "\xff"}', "is damaged"),
        (
            b'{"type": "FeatureCollection", "features": [' + b"{}," * 1000 + b"{}]}",
            "1,001 features",
        ),
    ],
)
def test_other_files_are_refused_without_a_traceback_of_their_own(tmp_path, content, sentence):
    path = tmp_path / "mine.geojson"
    path.write_bytes(content)
    assert sentence in refused(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "is no file: check GEOMAP_BOUNDARIES" in refused(tmp_path / "none.geojson")
    assert "is no file" in refused(tmp_path)


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.geojson"
    with path.open("wb") as stream:
        stream.truncate(65 * 2**20)
    assert "is larger than 64 MB" in refused(path)


def test_infinite_corners_are_refused(tmp_path):
    path = write(tmp_path)
    path.write_text(path.read_text().replace("104.0", "1e999"))
    assert "is no valid polygon" in refused(path)


def test_gdal_is_never_asked(tmp_path, monkeypatch):
    for name in ("pyogrio", "fiona", "osgeo"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(gpd, "read_file", lambda *_, **__: pytest.fail("GDAL was asked"))
    assert len(load_boundaries(write(tmp_path), UNITS).frame) == 2
