"""The gazetteer: every unit, zone and place we know, found by Chinese or Latin name or by adcode.

Units and zones are kept as values, the many towns and places as lines that become values when
one is asked for.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from geomap.gazetteer.table import Entry, numbered, read_entry, read_places, read_units
from geomap.gazetteer.unit import FORMER, FULL, SHORT, VARIANT, Naming, Unit, apart_km, own_codes
from geomap.paths import geo_dir
from geomap.toponym import has_han, latin_key, simplify_script

_SUFFIXES = {"county": ("市", "县", "区", "旗"), "prefecture": ("市", "州", "盟", "地区")}
_NEW_AREA = "新区"
# Endings that pinyin spells out and English puts into other words: Meixian is Mei County.
_LATIN_ENDINGS = {"县": "xian", "县区": "xian", _NEW_AREA: "xin"}
_TOWN_ENDING = re.compile("(?:街道|镇|乡|苏木|村)$")
_PLACE_LEVELS = frozenset({"town", "place"})
# A place of a county lies this near to its seat; beyond it is a namesake.
_COUNTY_REACH_KM = 60.0
_COLUMN_OF_LEVEL = {"province": "province", "prefecture": "city", "county": "county"}


class Gazetteer:
    """Units by adcode and by name; places by name."""

    def __init__(self, folder: Path | None = None) -> None:
        """Load the tables of `folder` (default: the shipped data/geo)."""
        self.folder = geo_dir() if folder is None else folder
        self.units: list[Unit] = []
        self.by_adcode: dict[str, Unit] = {}
        self.names: dict[str, list[Naming]] = {}
        self.latin: dict[str, list[Naming]] = {}
        self.codes: dict[int, frozenset[str]] = {}
        self._load_units()
        self._load_changed_units()
        self._load_zones()
        self._add_variants()
        self._place_lines = read_places(self.folder)
        self._places_zh = _rows_by_name(
            (number, entry.names_zh) for number, entry in numbered(self._place_lines)
        )
        self._places_latin = _rows_by_name(
            (number, entry.keys_latin) for number, entry in numbered(self._place_lines)
        )

    # -- loading ---------------------------------------------------------------------------

    def _load_units(self) -> None:
        for _, entry in numbered(read_units(self.folder)):
            unit = entry.unit()
            self.units.append(unit)
            self.by_adcode[unit.adcode or ""] = unit
            self.codes[unit.unit_id] = own_codes(unit)
            if not self._is_city_of_municipality(unit):
                self._name_unit(unit, entry)

    def _name_unit(self, unit: Unit, entry: Entry) -> None:
        official = simplify_script(unit.name_zh or "")
        for name in entry.names_zh:
            self._name(name, Naming(unit, FULL if name == official else SHORT))
        if official.endswith(_NEW_AREA) and len(official) > len(_NEW_AREA) + 1:
            self._name(official.removesuffix(_NEW_AREA), Naming(unit, SHORT))
        for key in entry.keys_latin:
            self._name_latin(key, Naming(unit, FULL))
        for ending, syllable in _LATIN_ENDINGS.items():
            if official.endswith(ending):
                for key in entry.keys_latin:
                    self._name_latin(key.removesuffix(syllable), Naming(unit, VARIANT))

    def _is_city_of_municipality(self, unit: Unit) -> bool:
        """Tell whether this is the city unit of a municipality, which bears the same names."""
        province = self.by_adcode.get(unit.province_adcode or "")
        return province is not None and self.city_of_municipality(province) is unit

    def _name(self, name: str, naming: Naming) -> None:
        _add(self.names.setdefault(name, []), naming)

    def _name_latin(self, key: str, naming: Naming) -> None:
        if len(key) > 1:
            _add(self.latin.setdefault(key, []), naming)

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        path = self.folder / name
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)

    def _load_changed_units(self) -> None:
        for row in self._rows("changed_units.csv"):
            former = row["former_name_zh"]
            for adcode in _pieces(row["successor_adcode"]):
                if (unit := self.by_adcode.get(adcode)) is not None:
                    naming = Naming(unit, FORMER, former, row["province_adcode"])
                    self._name(simplify_script(former), naming)

    def _load_zones(self) -> None:
        for number, row in enumerate(self._rows("zones.csv")):
            naming = Naming(self._zone(-1 - number, row), FULL)
            self.units.append(naming.unit)
            for name in (row["name_zh"], *_pieces(row["aliases"]), row["name_en"] or ""):
                if has_han(name):
                    self._name(simplify_script(name), naming)
                else:
                    self._name_latin(latin_key(name), naming)

    def _zone(self, unit_id: int, row: dict[str, str]) -> Unit:
        """Make the unit of a zone: it lies in whatever all its member counties lie in."""
        members = tuple(code for code in _pieces(row["unit_adcodes"]) if code in self.by_adcode)
        homes = [self.codes[self.by_adcode[code].unit_id] for code in members]
        self.codes[unit_id] = frozenset().union(*homes)
        shared = frozenset.intersection(*homes) if homes else frozenset()
        found = {self.by_adcode[code].level: code for code in shared if code in self.by_adcode}
        return Unit(
            unit_id, "zone", found.get("county"), found.get("county"), found.get("province"),
            found.get("prefecture"), row["name_zh"], row["name_zh"], row["name_en"] or None,
            row["name_en"] or None, _number(row["lat"]), _number(row["lon"]), row["precision"],
            _number(row["radius_km"]), None, "zone", row["source"], members,
        )  # fmt: skip

    def _add_variants(self) -> None:
        """Let a short name take any suffix of its level: 恩施区, 石柱县, 红河州."""
        for unit in self.units:
            if unit.short_zh and unit.short_zh != unit.name_zh:
                for suffix in _SUFFIXES.get(unit.level, ()):
                    self._name(simplify_script(unit.short_zh) + suffix, Naming(unit, VARIANT))

    # -- places ----------------------------------------------------------------------------

    def has_place(self, name: str) -> bool:
        """Tell whether `places_named` would find anything."""
        return name in self._places_zh or _TOWN_ENDING.sub("", name) in self._places_zh

    def places_named(self, name: str) -> list[Unit]:
        """Return towns and places by Chinese name in comparable form, with its ending or without."""
        rows = self._places_zh.get(name) or self._places_zh.get(_TOWN_ENDING.sub("", name))
        return self._places(rows or ())

    def places_spelt(self, key: str) -> list[Unit]:
        """Return towns and places by Latin key."""
        return self._places(self._places_latin.get(key, ()))

    def _places(self, rows: Iterable[int]) -> list[Unit]:
        return [read_entry(self._place_lines[row]).unit() for row in rows]

    # -- hierarchy -------------------------------------------------------------------------

    def codes_of(self, unit: Unit) -> frozenset[str]:
        """Return the adcodes of a unit and of every unit it lies in."""
        found = self.codes.get(unit.unit_id)
        return own_codes(unit) if found is None else found

    def holds(self, holder: Unit, unit: Unit) -> bool:
        """Tell whether a unit lies in another; a place in a county by prefecture and distance."""
        codes = self.codes_of(unit)
        if holder.adcode in codes:
            return holder.unit_id != unit.unit_id
        is_place = unit.level in _PLACE_LEVELS and unit.parent_adcode is None
        if holder.level != "county" or not is_place:
            return False
        apart = apart_km(holder, unit)
        above = holder.prefecture_adcode or holder.province_adcode
        return above in codes and apart is not None and apart <= _COUNTY_REACH_KM

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
        held: dict[str, Unit | None] = dict.fromkeys(_COLUMN_OF_LEVEL.values())
        for code in own_codes(unit):
            if (holder := self.by_adcode.get(code)) is not None:
                held[_COLUMN_OF_LEVEL[holder.level]] = holder
        province = held["province"]
        if province is not None and self.city_of_municipality(province) is not None:
            held["city"] = province
        return held


def _rows_by_name(named: Iterable[tuple[int, Sequence[str]]]) -> dict[str, tuple[int, ...]]:
    index: dict[str, tuple[int, ...]] = {}
    for number, names in named:
        for name in names:
            if len(name) > 1:
                index[name] = (*index.get(name, ()), number)
    return index


def _add(meanings: list[Naming], naming: Naming) -> None:
    if all(known.unit is not naming.unit for known in meanings):
        meanings.append(naming)


def _pieces(text: str | None) -> list[str]:
    return [piece.strip() for piece in (text or "").split(";") if piece.strip()]


def _number(text: str | None) -> float | None:
    return float(text) if text else None


@cache
def load_gazetteer() -> Gazetteer:
    """Load the shipped gazetteer once."""
    return Gazetteer()
