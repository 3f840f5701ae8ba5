"""Derive data/geo/zones.csv: development zones, high-tech zones, new areas, parks.

    python data/geo/build_zones.py            write the table
    python data/geo/build_zones.py --check    build aside and compare

Zones known by hand (zones_by_hand.csv) come first. The statistics' list of divisions adds the
zones it counts beside counties and towns; it knows the county each one lies in.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
from build_boundaries import DEFAULT_CACHE, FOLDER
from gazetteer_names import english_suffix, short_name, spell
from gazetteer_sources import fetch_packages, read_statistical_zones, read_towns

TABLE = FOLDER / "zones.csv"
COLUMNS = [
    "name_zh", "aliases", "name_en", "kind", "level", "unit_adcodes", "host_adcode", "lat", "lon",
    "precision", "radius_km", "source", "reason",
]  # fmt: skip
BY_HAND = "general knowledge"
BY_LIST = "NBS divisions 2023 (china-division 2.7.0)"
# What a zone is called, its kind and its English; the longest ending counts.
ENDINGS = {
    "经济技术开发区": ("development_zone", "Economic and Technological Development Zone"),
    "高新技术产业开发区": ("high_tech_zone", "High-tech Industrial Development Zone"),
    "高新技术开发区": ("high_tech_zone", "High-tech Development Zone"),
    "高新技术产业园区": ("high_tech_zone", "High-tech Industrial Park"),
    "高新技术产业园": ("high_tech_zone", "High-tech Industrial Park"),
    "高新区": ("high_tech_zone", "High-tech Zone"),
    "经济开发区": ("development_zone", "Economic Development Zone"),
    "开发区": ("development_zone", "Development Zone"),
    "工业集聚区": ("industrial_park", "Industrial Cluster"),
    "产业集聚区": ("industrial_park", "Industrial Cluster"),
    "产业聚集区": ("industrial_park", "Industrial Cluster"),
    "工业园区": ("industrial_park", "Industrial Park"),
    "工业园": ("industrial_park", "Industrial Park"),
    "工业集中区": ("industrial_park", "Industrial Park"),
    "工业区": ("industrial_park", "Industrial Zone"),
    "产业园区": ("industrial_park", "Industrial Park"),
    "产业园": ("industrial_park", "Industrial Park"),
    "产业城": ("industrial_park", "Industrial Town"),
    "科技园区": ("industrial_park", "Science Park"),
    "科技园": ("industrial_park", "Science Park"),
    "科技城": ("industrial_park", "Science City"),
    "软件园": ("software_park", "Software Park"),
    "物流园区": ("industrial_park", "Logistics Park"),
    "物流园": ("industrial_park", "Logistics Park"),
    "综合保税区": ("other", "Comprehensive Bonded Zone"),
    "保税区": ("other", "Bonded Zone"),
    "保税港区": ("other", "Bonded Port Zone"),
    "出口加工区": ("other", "Export Processing Zone"),
    "合作区": ("demonstration_zone", "Cooperation Zone"),
    "示范区": ("demonstration_zone", "Demonstration Zone"),
    "试验区": ("pilot_zone", "Pilot Zone"),
    "实验区": ("pilot_zone", "Pilot Zone"),
    "度假区": ("other", "Resort"),
    "旅游区": ("other", "Tourist Zone"),
    "管理区": ("other", "Administrative Zone"),
    "经济区": ("development_zone", "Economic Zone"),
    "新区": ("new_area", "New Area"),
    "新城": ("new_area", "New Town"),
    "园区": ("industrial_park", "Park"),
}
# Shorter ways to say the same ending.
SHORTER = {
    "经济技术开发区": ("经开区", "开发区", "经济开发区"),
    "经济开发区": ("开发区", "经开区"),
    "高新技术产业开发区": ("高新区", "高新技术开发区", "高新技术产业园区"),
    "高新技术开发区": ("高新区",),
    "高新技术产业园区": ("高新区", "高新技术产业园"),
    "工业园区": ("工业园",),
    "产业园区": ("产业园",),
    "科技园区": ("科技园",),
    "物流园区": ("物流园",),
    "综合保税区": ("综保区", "保税区"),
}
OFFICES = re.compile("(管理委员会|管委会|特殊乡镇|类似乡级单位|[（(].*[）)])+$")
# Words a zone's name may consist of without telling where it is.
PLACELESS = re.compile(
    "^(国家|省级|市|县|区|经济|技术|高新|高新技术|工业|产业|开发|现代|科技|综合|新|城|园|区|园区|"
    "循环|生态|农业|新材料|生物|医药|再生资源|新兴|电子|商务|信息|化工|装备|制造|高校|大学|食品|"
    "轻工|临港|临空|空港|"
    "港口|滨海|沿海|示范|管理|集聚|聚集|集中|物流|保税|旅游|度假|试验|实验|创业|创新|"
    "东|西|南|北|中|第一|第二)+$"
)
# A farm or a tree nursery is no zone even if it is run like one.
NOT_ZONES = re.compile("农场|林场|牧场|渔场|种场|监狱|水库")
_BARE_LEVELS = frozenset("省市县区旗")
ZONE_RADIUS_KM = 15.0

Row = dict[str, str]


def main() -> int:
    """Write the table, or compare it with a fresh one; return 1 if it differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = table_text(build_rows(fetch_packages(options.cache)))
    if options.check:
        same = TABLE.read_text(encoding="utf-8") == text
        print("" if same else "zones.csv differs from a fresh build.", file=sys.stderr)
        return 0 if same else 1
    TABLE.write_text(text, encoding="utf-8")
    print(TABLE.name, text.count("\n") - 1)
    return 0


def build_rows(packages: Path) -> list[Row]:
    """Return all zones, those known by hand first; a name and place is told once.

    unit_adcodes are all units a zone spans; host_adcode is the one it is counted with: the unit
    the statistics list it under, else the county its name says, its only one, or the prefecture.
    """
    units = read_units()
    counted = dict(listed_zones(packages))
    rows = [hand_row(row, units, counted) for row in read_hand()]
    known = {
        name: set(row["unit_adcodes"].split(";"))
        for row in rows
        for name in (row["name_zh"], *row["aliases"].split(";"))
    }
    listed: dict[tuple[str, str], Row] = {}
    for name, adcode in listed_zones(packages):
        row = listed_row(name, adcode, units)
        if row is None or same_zone(adcode, known.get(row["name_zh"], set()), units):
            continue
        if row["name_zh"] in known:  # another zone of that name: say where
            row |= {"name_zh": f"{units.loc[adcode].name_zh}{row['name_zh']}", "aliases": ""}
        listed.setdefault((row["name_zh"], adcode), row)
    return [*rows, *(listed[key] for key in sorted(listed, key=lambda key: (key[1], key[0])))]


def same_zone(adcode: str, hosts: set[str], units: pd.DataFrame) -> bool:
    """Whether a listed zone is one known by hand: same county, or the prefecture of one."""
    return adcode in hosts or any(units.loc[host].prefecture_adcode == adcode for host in hosts)


def read_units() -> pd.DataFrame:
    """Return the administrative units by adcode."""
    frame = pd.read_parquet(FOLDER / "gazetteer.parquet")
    return frame[frame["adcode"].notna()].set_index("adcode")


def read_hand() -> Iterator[Row]:
    """Yield the hand-kept rows."""
    with (FOLDER / "zones_by_hand.csv").open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def hand_row(row: Row, units: pd.DataFrame, counted: dict[str, str]) -> Row:
    """Return the row of a zone known by hand; without a point it takes its only host's."""
    hosts = row["unit_adcodes"].split(";")
    names = [row["name_zh"], *row["aliases"].split(";")]
    holders = {*hosts, *units.loc[hosts]["prefecture_adcode"]}
    listed = next((counted[name] for name in names if counted.get(name) in holders), "")
    own = bool(row["lat"])
    where = (row["lat"], row["lon"], "place", row["radius_km"]) if own else point_of(hosts, units)
    return {
        **{column: row[column] for column in ("name_zh", "aliases", "name_en", "kind", "level")},
        "unit_adcodes": row["unit_adcodes"],
        "host_adcode": listed or host_of(row["name_zh"], hosts, units),
        **dict(zip(("lat", "lon", "precision", "radius_km"), where, strict=True)),
        "source": BY_HAND,
        "reason": row["reason"],
    }


def host_of(name: str, hosts: list[str], units: pd.DataFrame) -> str:
    """Return the county a zone's name says, its only one, else the unit that holds all hosts."""
    if len(hosts) == 1:
        return hosts[0]
    own = name.removesuffix("新区")  # 雄安新区 does not say 安新
    for host in hosts:
        if str(units.loc[host].short_zh) in own or str(units.loc[host].name_zh) in name:
            return host
    for column in ("prefecture_adcode", "province_adcode"):
        holders = set(units.loc[hosts][column])
        if len(holders) == 1 and holders <= set(units.index):
            return str(holders.pop())
    return hosts[0]


def point_of(hosts: list[str], units: pd.DataFrame) -> tuple[str, str, str, str]:
    """Return lat, lon, precision and radius of a lone host; nothing when there are several."""
    if len(hosts) != 1:
        return "", "", "", ""
    host = units.loc[hosts[0]]
    return f"{host.lat:.5f}", f"{host.lon:.5f}", host.precision, f"{host.radius_km:.1f}"


def listed_zones(packages: Path) -> Iterator[tuple[str, str]]:
    """Yield name and adcode of the zones in the statistics' list of divisions."""
    for zone in read_statistical_zones(packages).itertuples():
        yield zone.name_zh, zone.parent
    for town in read_towns(packages).itertuples():
        yield town.name_zh, town.county


def listed_row(listed_name: str, adcode: str, units: pd.DataFrame) -> Row | None:
    """Return the row of a zone in the list, None when the name is not a zone's."""
    name = OFFICES.sub("", listed_name)
    ending = next((end for end in sorted(ENDINGS, key=len, reverse=True) if name.endswith(end)), "")
    if not ending or adcode not in units.index or NOT_ZONES.search(name):
        return None
    unit = units.loc[adcode]
    stem = name.removesuffix(ending)
    if stem in _BARE_LEVELS:  # 县经济开发区 of 云梦县
        stem = ""
    names = list(name_variants(stem, ending, unit, units))
    kind, english = ENDINGS[ending]
    lat, lon, precision, radius_km = point_of([adcode], units)
    return {
        "name_zh": names[0],
        "aliases": ";".join(dict.fromkeys(names[1:])),
        "name_en": f"{english_stem(stem, unit, units)} {english}",
        "kind": kind,
        "level": "national" if "国家" in listed_name else "provincial",
        "unit_adcodes": adcode,
        "host_adcode": adcode,
        "lat": lat,
        "lon": lon,
        "precision": precision,
        "radius_km": radius_km,
        "source": BY_LIST,
        "reason": f"listed as {listed_name} of {unit.name_zh}",
    }


def name_variants(stem: str, ending: str, unit: pd.Series, units: pd.DataFrame) -> Iterator[str]:
    """Yield a zone's name, always with a place in it, then its usual shorter forms."""
    stems = [stem]
    if not stem or PLACELESS.match(stem + ending):
        stems = [f"{unit.short_zh}{stem}", f"{unit.name_zh}{stem}"]
    else:
        stems += list(shorter_stems(stem, unit, units))
    for form in stems:
        yield f"{form}{ending}"
    for form in stems:
        for other in SHORTER.get(ending, ()):
            yield f"{form}{other}"


def shorter_stems(stem: str, unit: pd.Series, units: pd.DataFrame) -> Iterator[str]:
    """Yield the stem without the province, and with its unit's short or full name."""
    province = units.loc[unit.province_adcode]
    for prefix in (province.name_zh, province.short_zh):
        if stem.startswith(prefix) and len(stem) - len(prefix) >= 2:
            stem = stem.removeprefix(prefix)
            yield stem
    if stem == unit.name_zh and unit.short_zh != unit.name_zh:
        yield str(unit.short_zh)
    elif stem == unit.short_zh:
        yield str(unit.name_zh)


def english_stem(stem: str, unit: pd.Series, units: pd.DataFrame) -> str:
    """Return the stem in Latin letters, the unit's own name as the gazetteer spells it."""
    province = units.loc[unit.province_adcode].short_zh
    rest = stem.removeprefix(province) if len(stem) - len(province) >= 2 else stem
    for name in (unit.name_zh, unit.short_zh):
        if rest.startswith(name):
            tail = rest.removeprefix(name)
            return f"{unit.name_en} {spell(tail)}".strip() if tail else str(unit.name_en)
    if not rest:
        return str(unit.name_en)
    suffix = english_suffix(rest)
    short = short_name(rest)
    return f"{spell(short)} {suffix}".strip() if short != rest else spell(rest)


def table_text(rows: Iterable[Row]) -> str:
    """Return the rows as CSV."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
