"""Writes a seeds folder of any number of invented projects at real places, for measuring.

    python benchmarks/synthetic.py FOLDER --projects 100000

The same arguments give the same bytes. Kinds, money, dates and the number of places follow
roughly what real announcements look like; names and sums are made up and mean nothing.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from geomap.paths import geo_dir
from geomap.records import TABLES

KINDS = {
    "data_centre": 30,
    "supercomputing_centre": 3,
    "data_centre_cluster": 4,
    "industrial_park": 14,
    "manufacturing": 20,
    "research_centre": 8,
    "headquarters": 5,
    "office": 4,
    "joint_venture": 4,
    "platform": 4,
    "other": 4,
}
STATUSES = {"announced": 30, "signed": 15, "construction": 20, "operating": 28, "shelved": 3}
ZONE_KINDS = ("high_tech_zone", "development_zone", "software_park", "industrial_park")
KIND_WORDS = {
    "data_centre": ("data centre", "数据中心"),
    "supercomputing_centre": ("supercomputing centre", "超算中心"),
    "data_centre_cluster": ("data centre cluster", "数据中心集群"),
    "industrial_park": ("industrial park", "产业园"),
    "manufacturing": ("plant", "制造基地"),
    "research_centre": ("research centre", "研究院"),
    "headquarters": ("headquarters", "总部"),
    "office": ("office", "办公楼"),
    "joint_venture": ("joint venture", "合资公司"),
    "platform": ("platform", "平台"),
    "other": ("undertaking", "项目"),
}
CORRIDOR = (
    *("310117", "330400", "330100", "330700", "330500", "320500", "341800", "340200", "340100"),
)
BRANCHES = "310117>330400>330100>330700;310117>320500>330500>341800>340200>340100"
SOURCE_COUNT = 200
INVESTOR_COUNT = 3_000


class Places:
    """Units of the gazetteer, with the names that a toponym of them is written with."""

    def __init__(self) -> None:
        """Read the shipped gazetteer."""
        table = pq.read_table(geo_dir() / "gazetteer.parquet").to_pylist()
        self.unit = {row["adcode"]: row for row in table if row["adcode"]}
        self.counties = [row for row in table if row["level"] == "county"]
        self.prefectures = [row for row in table if row["level"] == "prefecture"]

    def pick(self, rng: random.Random) -> dict[str, Any]:
        """Choose a unit: three times out of four a county, else a prefecture."""
        return rng.choice(self.counties if rng.random() < 0.75 else self.prefectures)

    def path(self, unit: dict[str, Any]) -> list[dict[str, Any]]:
        """List a unit and those above it, finest first."""
        codes = dict.fromkeys((unit["adcode"], unit["prefecture_adcode"], unit["province_adcode"]))
        return [self.unit[code] for code in codes if code in self.unit]

    def toponym(self, unit: dict[str, Any], rng: random.Random) -> str:
        """Write a unit in English, in Chinese or as its code."""
        way = rng.random()
        path = self.path(unit)
        if way < 0.5:
            return ", ".join(row["full_en"] for row in path)
        if way < 0.9:
            return "".join(dict.fromkeys(row["name_zh"] for row in reversed(path)))
        return str(unit["adcode"])


def write_synthetic_seeds(folder: Path, projects: int, seed: int = 1) -> Path:
    """Write a seeds folder with `projects` projects, a zone for every fifty and one corridor."""
    rng = random.Random(seed)
    places = Places()
    folder.mkdir(parents=True, exist_ok=True)
    zone_count = max(2, projects // 50)
    _write(folder, "sources", (_source(number) for number in range(SOURCE_COUNT)))
    _write(folder, "cities", (_city(code, places) for code in CORRIDOR))
    _write(folder, "zones", (_zone(number, places, rng) for number in range(zone_count)))
    _write(folder, "corridors", iter([_corridor()]))
    _write(folder, "projects", (_project(n, zone_count, places, rng) for n in range(projects)))
    for name in ("indicators", "aliases", "exclusions"):
        _write(folder, name, iter(()))
    return folder


def _write(folder: Path, table: str, rows: Iterator[dict[str, Any]]) -> None:
    columns = [field.name for field in fields(TABLES[table].record)]
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _source(number: int) -> dict[str, Any]:
    return {
        "source_id": f"made-up-{number}",
        "title": f"Invented page {number}",
        "publisher": f"Invented paper {number % 12}",
        "published_on": f"{2015 + number % 10}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "published_basis": "stated",
        "url": f"https://example.org/{number}",
        "language": "zh" if number % 3 else "en",
        "kind": "article",
    }


def _city(adcode: str, places: Places) -> dict[str, Any]:
    unit = places.unit[adcode]
    names = {"name_en": unit["name_en"], "name_zh": unit["name_zh"], "level": unit["level"]}
    return {"adcode": adcode, **names, "role": "corridor member", **_cited(0)}


def _corridor() -> dict[str, Any]:
    names = {"name_en": "Measuring corridor", "name_zh": "测量走廊"}
    lines = {"members": ";".join(CORRIDOR), "branches": BRANCHES}
    return {"corridor_id": "measuring", **names, **lines, **_cited(0)}


def _zone(number: int, places: Places, rng: random.Random) -> dict[str, Any]:
    units = [places.pick(rng) for _ in range(1 if rng.random() < 0.95 else 3)]
    names = {
        "name_en": f"{units[0]['name_en']} zone {number}",
        "name_zh": f"{units[0]['name_zh']}{number}号园区",
    }
    return {
        "zone_id": f"zone-{number}",
        **names,
        "kind": rng.choice(ZONE_KINDS),
        "members": ";".join(places.toponym(unit, rng) for unit in units),
        "area_m2": rng.randrange(100_000, 50_000_000),
        "established_on": str(rng.randrange(1988, 2024)),
        "draw_on_map": "true",
        **_cited(rng.randrange(SOURCE_COUNT)),
    }


def _project(number: int, zones: int, places: Places, rng: random.Random) -> dict[str, Any]:
    kind = _weighted(KINDS, rng)
    several = rng.choice((2, 3)) if rng.random() < 0.03 else 1
    units = [places.pick(rng) for _ in range(several)]
    word_en, word_zh = KIND_WORDS[kind]
    return {
        "project_id": f"project-{number}",
        "name_en": f"{units[0]['name_en']} {word_en} {number}",
        "name_zh": f"{units[0]['name_zh']}{word_zh}{number}",
        "kind": kind,
        "status": _weighted(STATUSES, rng),
        "investors": ";".join(_investors(rng)),
        "places": ";".join(places.toponym(unit, rng) for unit in units),
        **(_position(units[0], rng) if several == 1 and rng.random() < 0.25 else {}),
        **_money(rng),
        **_dates(rng),
        "capacity_mw": rng.randrange(2, 400) if kind == "data_centre" else "",
        "zone_id": f"zone-{rng.randrange(zones)}" if rng.random() < 0.1 else "",
        **_cited(rng.randrange(SOURCE_COUNT)),
    }


def _weighted(weights: dict[str, int], rng: random.Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _investors(rng: random.Random) -> list[str]:
    """Choose one to three investors; a few of them are behind very many projects."""
    ranks = (int(INVESTOR_COUNT ** rng.random()) for _ in range(rng.choice((1, 1, 1, 2, 3))))
    return [f"Investor {rank}" for rank in dict.fromkeys(ranks)]


def _position(unit: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    lat, lon = unit["lat"] + rng.gauss(0, 0.02), unit["lon"] + rng.gauss(0, 0.02)
    return {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}", "datum": "wgs84"}


def _money(rng: random.Random) -> dict[str, Any]:
    way = rng.random()
    if way < 0.25:
        return {"amount_state": "not_stated"}
    if way < 0.35:
        return {"amount_state": "undisclosed"}
    yuan = int(10 ** rng.uniform(7, 10.5))
    usd = int(yuan / 7) if rng.random() < 0.3 else ""
    qualifier = rng.choice(("exact", "about", "more_than"))
    stated = {"amount_state": "stated", "amount_qualifier": qualifier}
    return {"amount_cny": yuan, "amount_usd": usd, **stated}


def _dates(rng: random.Random) -> dict[str, Any]:
    year, month = rng.randrange(2012, 2025), rng.randrange(1, 13)
    announced = rng.choice((f"{year}", f"{year}-{month:02d}", f"{year}-{month:02d}-15"))
    opened = f"{year + rng.choice((1, 2, 3))}" if rng.random() < 0.3 else ""
    return {"announced_on": announced, "opened_on": opened}


def _cited(number: int) -> dict[str, Any]:
    return {"source_id": f"made-up-{number}", "source_locator": f"L{1 + number % 40}"}


def main() -> None:
    """Write the folder that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--projects", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(write_synthetic_seeds(asked.folder, asked.projects, asked.seed))


if __name__ == "__main__":
    main()
