"""The gazetteer: every unit, zone and place we know, found by Chinese or Latin name or by adcode.

Built from `data/geo/gazetteer.parquet`, `changed_units.csv` and `zones.csv`. All positions are
WGS 84 degrees. Names are kept in the comparable form of `geomap.toponym`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick
import pyarrow.parquet as pq

from geomap.paths import geo_dir
from geomap.toponym import has_han, latin_key, simplify_script

LEVELS = ("province", "prefecture", "county", "zone", "town", "place")
ADMIN_LEVELS = frozenset({"province", "prefecture", "county"})
# How a name names a unit, the surest first.
FULL, FORMER, VARIANT, SHORT = range(4)
_SUFFIXES = {"county": ("市", "县", "区", "旗"), "prefecture": ("市", "州", "盟", "地区")}
_COLUMNS = (
    "unit_id", "level", "adcode", "parent_adcode", "province_adcode", "prefecture_adcode",
    "name_zh", "short_zh", "name_en", "full_en", "lat", "lon", "precision", "radius_km",
    "population", "method", "source",
)  # fmt: skip


class Unit(NamedTuple):
    """One administrative unit, zone or place; missing values are None.

    lat, lon: WGS 84 degrees. radius_km: the true site lies within it. members: adcodes of the
    counties a zone spans (empty for anything else).
    """

    unit_id: int
    level: str
    adcode: str | None
    parent_adcode: str | None
    province_adcode: str | None
    prefecture_adcode: str | None
    name_zh: str | None
    short_zh: str | None
    name_en: str | None
    full_en: str | None
    lat: float | None
    lon: float | None
    precision: str
    radius_km: float | None
    population: int | None
    method: str
    source: str
    members: tuple[str, ...] = ()


class Naming(NamedTuple):
    """One meaning of a name: the unit today, how surely the name means it, and its old self.

    former: the abolished unit's full name when the name is its, else None. former_province:
    adcode of the province the abolished unit was in.
    """

    unit: Unit
    rank: int
    former: str | None = None
    former_province: str | None = None


def _split_list(text: str | None) -> list[str]:
    return [piece.strip() for piece in (text or "").split(";") if piece.strip()]


def _number(text: str | None) -> float | None:
    return float(text) if text else None


class Gazetteer:
    """Units by adcode and by name; places are indexed when first asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        """Load the tables of `folder` (default: the shipped data/geo)."""
        self.folder = geo_dir() if folder is None else folder
        self.units: list[Unit] = []
        self.by_adcode: dict[str, Unit] = {}
        self.ancestors: dict[int, frozenset[str]] = {}
        self.names: dict[str, list[Naming]] = {}
        self.latin: dict[str, list[Naming]] = {}
        self._places: list[tuple[Unit, Sequence[str], Sequence[str]]] = []
        self._load_units()
        self._load_changed_units()
        self._load_zones()
        self._add_variants()

    # -- loading ---------------------------------------------------------------------------

    def _load_units(self) -> None:
        table = pq.read_table(self.folder / "gazetteer.parquet")
        columns = [table.column(name).to_pylist() for name in _COLUMNS]
        aliases = zip(
            *(table.column(n).to_pylist() for n in ("pinyin", "aliases_zh", "aliases_latin")),
            strict=True,
        )
        for values, (pinyin, zh, latin) in zip(zip(*columns, strict=True), aliases, strict=True):
            unit = Unit(*values)
            if unit.level in ADMIN_LEVELS:
                self._add_admin(unit, zh or (), [pinyin, *(latin or ())])
            else:
                self._places.append((unit, zh or (), [pinyin, *(latin or ())]))

    def _add_admin(self, unit: Unit, zh: Iterable[str], latin: Iterable[str | None]) -> None:
        assert unit.adcode is not None and unit.name_zh is not None
        self._register(unit)
        self.by_adcode[unit.adcode] = unit
        self._name(unit.name_zh, Naming(unit, FULL))
        for name in (unit.short_zh, *zh):
            self._name(name, Naming(unit, SHORT))
        for name in (unit.name_en, unit.full_en, *latin):
            self._name_latin(name, Naming(unit, FULL))

    def _register(self, unit: Unit) -> None:
        self.units.append(unit)
        codes = {unit.adcode, unit.parent_adcode, unit.province_adcode, unit.prefecture_adcode}
        for member in unit.members:
            codes |= {member}
            if (county := self.by_adcode.get(member)) is not None:
                codes |= self.ancestors[county.unit_id]
        self.ancestors[unit.unit_id] = frozenset(code for code in codes if code)

    def _name(self, name: str | None, naming: Naming) -> None:
        key = simplify_script(name) if name else ""
        meanings = self.names.setdefault(key, []) if key else []
        if all(known.unit is not naming.unit for known in meanings):
            meanings.append(naming)

    def _name_latin(self, name: str | None, naming: Naming) -> None:
        key = latin_key(name) if name else ""
        meanings = self.latin.setdefault(key, []) if len(key) > 1 else []
        if all(known.unit is not naming.unit for known in meanings):
            meanings.append(naming)

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        path = self.folder / name
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)

    def _load_changed_units(self) -> None:
        for row in self._rows("changed_units.csv"):
            former = row["former_name_zh"]
            for adcode in _split_list(row["successor_adcode"]):
                unit = self.by_adcode.get(adcode)
                if unit is not None:
                    naming = Naming(unit, FORMER, former, row["province_adcode"])
                    self._name(former, naming)

    def _load_zones(self) -> None:
        for number, row in enumerate(self._rows("zones.csv")):
            members = tuple(_split_list(row["unit_adcodes"]))
            unit = self._zone_unit(-1 - number, row, members)
            self._register(unit)
            for name in (row["name_zh"], *_split_list(row["aliases"])):
                (self._name if has_han(name) else self._name_latin)(name, Naming(unit, FULL))
            self._name_latin(row["name_en"], Naming(unit, FULL))

    def _zone_unit(self, unit_id: int, row: dict[str, str], members: tuple[str, ...]) -> Unit:
        homes = [self.ancestors[self.by_adcode[m].unit_id] for m in members if m in self.by_adcode]
        shared = frozenset.intersection(*homes) if homes else frozenset()
        found = {self.by_adcode[c].level: c for c in shared if c in self.by_adcode}
        return Unit(
            unit_id, "zone", found.get("county"), found.get("county"), found.get("province"),
            found.get("prefecture"), row["name_zh"], row["name_zh"], row["name_en"], row["name_en"],
            _number(row["lat"]), _number(row["lon"]), row["precision"] or "zone",
            _number(row["radius_km"]), None, "zone", row["source"], members,
        )  # fmt: skip

    def _add_variants(self) -> None:
        """Let a short name take any suffix of its level: 恩施区, 石柱县, 红河州."""
        for unit in self.units:
            if unit.short_zh and unit.short_zh != unit.name_zh and unit.level in _SUFFIXES:
                for suffix in _SUFFIXES[unit.level]:
                    self._name(unit.short_zh + suffix, Naming(unit, VARIANT))

    # -- looking up ------------------------------------------------------------------------

    def codes_of(self, unit: Unit) -> frozenset[str]:
        """Return the adcodes of a unit and of every unit it lies in."""
        found = self.ancestors.get(unit.unit_id)
        if found is None:
            codes = (unit.adcode, unit.parent_adcode, unit.prefecture_adcode, unit.province_adcode)
            found = frozenset(code for code in codes if code)
        return found

    def city_of_municipality(self, unit: Unit) -> Unit | None:
        """Return the city unit of a municipality (110000 -> 110100), None for anything else."""
        if unit.level != "province" or not unit.adcode:
            return None
        city = self.by_adcode.get(f"{unit.adcode[:2]}0100")
        return city if city is not None and city.name_zh == unit.name_zh else None

    def path(self, unit: Unit) -> dict[str, Unit | None]:
        """Return the province, city and county a unit is or lies in.

        A municipality is its own city; units run by their province have no city.
        """
        held: dict[str, Unit | None] = {"province": None, "city": None, "county": None}
        columns = {"province": "province", "prefecture": "city", "county": "county"}
        for code in self.codes_of(unit):
            holder = self.by_adcode.get(code)
            if holder is not None:
                held[columns[holder.level]] = holder
        if held["province"] is not None and self.city_of_municipality(held["province"]):
            held["city"] = held["province"]
        return held

    @cached_property
    def places_zh(self) -> dict[str, list[Unit]]:
        """Towns and places by Chinese name."""
        return self._index_places(
            lambda unit, zh, latin: (unit.name_zh, unit.short_zh, *zh), simplify_script
        )

    @cached_property
    def places_latin(self) -> dict[str, list[Unit]]:
        """Towns and places by Latin key."""
        return self._index_places(
            lambda unit, zh, latin: (unit.name_en, unit.full_en, *latin), latin_key
        )

    def _index_places(self, names_of: Any, key_of: Any) -> dict[str, list[Unit]]:
        index: dict[str, list[Unit]] = {}
        for unit, zh, latin in self._places:
            for key in {key_of(name) for name in names_of(unit, zh, latin) if name}:
                if len(key) > 1:
                    index.setdefault(key, []).append(unit)
        return index


@cache
def load_gazetteer() -> Gazetteer:
    """Load the shipped gazetteer once."""
    return Gazetteer()
