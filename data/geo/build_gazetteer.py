"""Build data/geo/gazetteer.parquet: every unit and GeoNames place of China with a WGS 84 point.

Usage: python data/geo/build_gazetteer.py PACKAGES

PACKAGES holds the unpacked registry packages named in data/geo/README.md. Two runs on the same
packages write the same bytes.
"""

import argparse
import csv
import difflib
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from gazetteer_names import (
    HAN,
    joined_pinyin,
    latin_key,
    possible_spellings,
    short_name,
)
from gazetteer_points import County, CountySolver, Place, PlaceIndex, Point, solve_prefecture
from gazetteer_sources import (
    MUNICIPALITIES,
    read_counties,
    read_places,
    read_prefectures,
    read_towns,
)

HERE = Path(__file__).resolve().parent
ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m"
# Within this distance of a provincial border the place's own code beats the generalised polygon.
BORDER_KM = 2.0
COLUMNS = [
    "unit_id", "level", "adcode", "parent_adcode", "province_adcode", "prefecture_adcode",
    "name_zh", "short_zh", "name_en", "full_en", "pinyin", "aliases_zh", "aliases_latin",
    "lat", "lon", "precision", "radius_km", "population", "method", "source", "geonameid",
]  # fmt: skip
# method -> precision, radius that holds the true seat at least nine times in ten, km
QUALITY = {
    "name": ("county", 10.0),
    "seat": ("county", 10.0),
    "seat-town": ("county", 12.0),
    "pinyin": ("county", 15.0),
    "towns": ("county", 30.0),
    "hand": ("county", 8.0),
    "prefecture": ("prefecture", 60.0),
    "polygon": ("province", 500.0),
}
EN_SUFFIXES = [
    ("自治州", "Autonomous Prefecture"), ("地区", "Prefecture"), ("盟", "League"),
    ("自治县", "Autonomous County"), ("自治旗", "Autonomous Banner"), ("林区", "Forestry District"),
    ("特区", "Special District"), ("市", "City"), ("区", "District"), ("县", "County"),
    ("旗", "Banner"),
]  # fmt: skip


def main() -> None:
    """Read the packages and write the gazetteer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=Path)
    parser.add_argument("--provinces", type=Path, default=HERE / "provinces.geojson")
    parser.add_argument("--output", type=Path, default=HERE / "gazetteer.parquet")
    options = parser.parse_args()
    frame = build(options.packages, options.provinces)
    frame.to_parquet(options.output, compression="zstd", index=False)
    print(frame.groupby(["level", "method"]).size().to_string())


def build(packages: Path, provinces_path: Path) -> pd.DataFrame:
    """Return the gazetteer, provinces first, in a fixed order."""
    places = locate_places(read_places(packages), gpd.read_file(provinces_path))
    index = PlaceIndex()
    for place in places:
        index.add(place)
    spelling = read_table("romanisations.csv")
    anchors, prefectures = prefecture_rows(packages, index, spelling)
    counties = county_rows(packages, index, anchors, spelling)
    rows = [*province_rows(provinces_path), *prefectures, *counties]
    rows += [place_row(place) for place in places]
    frame = pd.DataFrame(rows)
    frame["unit_id"] = range(1, len(frame) + 1)
    return finish_types(frame)[COLUMNS]


def read_table(name: str) -> dict[str, dict[str, str]]:
    """Return a hand-kept table by adcode, empty when there is none."""
    path = HERE / name
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["adcode"]: row for row in csv.DictReader(handle)}


def locate_places(frame: pd.DataFrame, provinces: gpd.GeoDataFrame) -> list[Place]:
    """Return the places with the provinces (2-digit codes) in which they may lie."""
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), crs=4326)
    points = points.to_crs(ALBERS)
    areas = provinces.to_crs(ALBERS)
    borders = shapely.get_parts(shapely.union_all(areas.boundary.to_numpy()))
    _, border_m = shapely.STRtree(borders).query_nearest(
        points.to_numpy(), return_distance=True, all_matches=False
    )
    nearest = gpd.sjoin_nearest(
        gpd.GeoDataFrame(geometry=points), areas[["adcode", "geometry"]], max_distance=30_000
    )
    polygon = nearest[~nearest.index.duplicated()]["adcode"].str[:2]
    polygon = polygon.reindex(range(len(frame))).fillna("").to_numpy()
    return [
        make_place(row, inside, metres / 1000)
        for row, inside, metres in zip(frame.itertuples(), polygon, border_m, strict=True)
    ]


def make_place(row: tuple, polygon: str, border_km: float) -> Place:
    """Return a place; its first choice of province is the own code near a border."""
    own = row.own_province
    first = own if (own and border_km < BORDER_KM) or not polygon else polygon
    others = {own} if own and border_km < 10 else set()
    return Place(
        row.geonameid, row.name, row.names, row.lat, row.lon, row.population,
        frozenset({first, polygon} - {""} | others), row.own_prefecture, row.feature, first,
    )  # fmt: skip


def province_rows(path: Path) -> list[dict[str, object]]:
    """Return the 34 provinces with their label points."""
    table = read_table("provinces.csv")
    shapes = gpd.read_file(path).set_index("adcode").geometry
    rows = []
    for adcode, row in sorted(table.items()):
        inside = shapes[adcode].representative_point()
        rows.append(
            unit_row(
                "province", adcode, "", row["full_zh"], row["name_zh"], row["name_en"],
                row["full_en"], Point(inside.y, inside.x, "polygon"), {},
            )  # fmt: skip
        )
    return rows


def prefecture_rows(
    packages: Path, index: PlaceIndex, spelling: dict[str, dict[str, str]]
) -> tuple[dict[str, Point], list[dict[str, object]]]:
    """Return the seat of each prefecture by its 4-digit code, and the rows."""
    seats = {
        adcode: tuple(row["seat"].split(";")) for adcode, row in read_table("seats.csv").items()
    }
    anchors: dict[str, Point] = {}
    rows = []
    for row in read_prefectures(packages).itertuples():
        point = solve_prefecture(row, index, seats)
        anchors[row.code] = point
        parent = row.province + "0000"
        rows.append(named_row("prefecture", row.adcode, parent, row.name_zh, point, spelling))
    return anchors, rows


def county_rows(
    packages: Path,
    index: PlaceIndex,
    anchors: dict[str, Point],
    spelling: dict[str, dict[str, str]],
) -> list[dict[str, object]]:
    """Return the rows of all counties."""
    towns = read_towns(packages)
    solver = CountySolver(index, anchors, towns)
    by_county = towns.groupby("county")
    supplement = read_table("supplement.csv")
    rows = []
    for row in read_counties(packages).itertuples():
        own = by_county.get_group(row.adcode) if row.adcode in by_county.groups else towns[:0]
        county = County(
            row.adcode, row.name_zh, row.province, row.prefecture,
            tuple(zip(own["code"], own["name_zh"], strict=True)),
        )  # fmt: skip
        hand = supplement.get(row.adcode)
        point = solver.solve(county)
        if hand:
            point = Point(float(hand["lat"]), float(hand["lon"]), "hand")
        parent = row.prefecture + "00" if row.prefecture else row.province + "0000"
        rows.append(named_row("county", row.adcode, parent, row.name_zh, point, spelling))
    return rows


def named_row(
    level: str,
    adcode: str,
    parent: str,
    name_zh: str,
    point: Point | None,
    spelling: dict[str, dict[str, str]],
) -> dict[str, object]:
    """Return a unit's row with Latin names."""
    short = short_name(name_zh)
    known = spelling.get(adcode, {})
    name_en = known.get("name_en") or spell(short, point.place if point else None)
    full_en = f"{name_en} {english_suffix(name_zh)}".strip()
    return unit_row(level, adcode, parent, name_zh, short, name_en, full_en, point, known)


def spell(short: str, place: Place | None) -> str:
    """Return the pinyin of a short name; a place's own Latin name decides between readings."""
    spellings = possible_spellings(short)
    if place is not None:
        keys = {latin_key(spelling): spelling for spelling in reversed(spellings)}
        for name in (place.name, *place.names):
            if latin_key(name) in keys and not HAN.search(name):
                return keys[latin_key(name)]
    return spellings[0]


def english_suffix(name_zh: str) -> str:
    """Return County, District, City ... for an official name."""
    return next((english for zh, english in EN_SUFFIXES if name_zh.endswith(zh)), "")


def unit_row(
    level: str,
    adcode: str,
    parent: str,
    name_zh: str,
    short: str,
    name_en: str,
    full_en: str,
    point: Point | None,
    known: dict[str, str],
) -> dict[str, object]:
    """Return one row of the gazetteer for an administrative unit."""
    if point is None:
        raise LookupError(f"{adcode} {name_zh}: no point; add it to supplement.csv")
    precision, radius_km = QUALITY[point.method]
    place = point.place
    aliases = {latin_key(name_en), joined_pinyin(short)} | set(
        filter(None, known.get("aliases", "").split(";"))
    )
    in_province = adcode[:2] + "0000"
    prefecture = {"prefecture": adcode, "county": parent}.get(level)
    return {
        "level": level, "adcode": adcode, "parent_adcode": parent or None,
        "province_adcode": in_province,
        "prefecture_adcode": prefecture if prefecture != in_province else None,
        "name_zh": name_zh, "short_zh": short, "name_en": name_en, "full_en": full_en,
        "pinyin": joined_pinyin(short), "aliases_zh": sorted({name_zh, short}),
        "aliases_latin": sorted(aliases), "lat": point.lat, "lon": point.lon,
        "precision": precision, "radius_km": radius_km,
        "population": place.population if place else None, "method": point.method,
        "source": "GeoNames" if point.method not in ("hand", "polygon") else point.method,
        "geonameid": place.geonameid if place else None,
    }  # fmt: skip


def place_row(place: Place) -> dict[str, object]:
    """Return one row of the gazetteer for a GeoNames place."""
    chinese = sorted(name for name in place.names if HAN.search(name))
    latin = {latin_key(name) for name in (place.name, *place.names) if not HAN.search(name)}
    name_zh = chinese[0] if chinese else None
    return {
        "level": "place", "adcode": None, "parent_adcode": None,
        "province_adcode": place.province + "0000",
        "prefecture_adcode": place.prefecture + "00" if place.prefecture else None,
        "name_zh": name_zh, "short_zh": name_zh, "name_en": place.name, "full_en": place.name,
        "pinyin": latin_key(place.name), "aliases_zh": chinese,
        "aliases_latin": sorted(latin - {""}), "lat": place.lat, "lon": place.lon,
        "precision": "place", "radius_km": 5.0, "population": place.population or None,
        "method": "geonames", "source": "GeoNames", "geonameid": place.geonameid,
    }  # fmt: skip


def finish_types(frame: pd.DataFrame) -> pd.DataFrame:
    """Round the positions and fix the column types."""
    for column in ("lat", "lon"):
        frame[column] = frame[column].astype(float).round(5)
    for column in ("population", "geonameid"):
        frame[column] = frame[column].astype("Int64")
    return frame


if __name__ == "__main__":
    main()
