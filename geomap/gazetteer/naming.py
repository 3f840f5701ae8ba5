"""Make what every name of a unit or zone may mean, from the units, former names and zones.

This runs when the indexes of the gazetteer are written, or when they are stale; the geocoder
loads what came of it (`geomap.gazetteer.table`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from geomap.gazetteer.unit import (
    FORMER,
    FULL,
    SHORT,
    TIED,
    VARIANT,
    Naming,
    Unit,
    city_of_municipality,
    own_codes,
)
from geomap.toponym import (
    fold_latin,
    has_han,
    is_zone_ending,
    latin_key,
    simplify_script,
    zone_key,
)

CHANGED_UNITS, ZONES = "changed_units.csv", "zones.csv"
_SUFFIXES = {"county": ("市", "县", "区", "旗"), "prefecture": ("市", "州", "盟", "地区")}
_NEW_AREA = "新区"
_ECONOMIC_ZONE = "经济技术开发区"
# Endings that pinyin spells out and English puts into other words: Meixian is Mei County.
_LATIN_ENDINGS = {"县": "xian", "县区": "xian", _NEW_AREA: "xin"}
# The r that closes a syllable of Mongol and Turkic names: Ala'er is also Alar.
_R_SYLLABLE, _R_SPELT = "尔", re.compile("(?<=[aeiou])er")
# What a zone's name ends in when it needs no context; 张江 or 贵安 alone are short names.
_ZONE_NAME = re.compile("..(?:[区园城港谷湖]|基地|集群|中心)$")


class _Change(NamedTuple):
    """A former name, the adcode of today's unit, and the name's pinyin."""

    former: str
    adcode: str
    pinyin: str


class UnitNames(NamedTuple):
    """One row of units as published: the unit, its Chinese names and its Latin keys."""

    unit: Unit
    names_zh: list[str]
    keys_latin: list[str]


class NameBook:
    """Units with their zones, and what every name may mean.

    units: administrative units, then zones. names: Chinese name in comparable form -> its
    meanings. latin: Latin key -> its meanings.
    """

    def __init__(self, rows: Iterable[UnitNames], folder: Path) -> None:
        """Name the units of `rows`, then those of the former names and zones of a folder."""
        self.folder = folder
        self.units: list[Unit] = []
        self.by_adcode: dict[str, Unit] = {}
        self.names: dict[str, list[Naming]] = {}
        self.latin: dict[str, list[Naming]] = {}
        self._name_units(rows)
        self._name_changed_units()
        self._name_zones()
        self._name_zones_shortly()
        self._add_variants()
        self._add_joined_names()

    def _name_units(self, rows: Iterable[UnitNames]) -> None:
        for row in rows:
            self.units.append(row.unit)
            self.by_adcode[row.unit.adcode or ""] = row.unit
            if not self._is_double(row.unit):
                self._name_unit(*row)

    def _name_unit(self, unit: Unit, names_zh: list[str], keys_latin: list[str]) -> None:
        official = simplify_script(unit.name_zh or "")
        for name in names_zh:
            self._name(name, Naming(unit, FULL if name == official else SHORT))
        if official.endswith(_NEW_AREA) and len(official) > len(_NEW_AREA) + 1:
            self._name(official.removesuffix(_NEW_AREA), Naming(unit, SHORT))
        own = {latin_key(name) for name in (unit.name_en, unit.full_en) if name}
        for key in keys_latin:
            self._name_latin(key, Naming(unit, FULL if key in own else FORMER))
            if _R_SYLLABLE in official:
                self._name_latin(_R_SPELT.sub("r", key), Naming(unit, FORMER))
        for ending, syllable in _LATIN_ENDINGS.items():
            if official.endswith(ending):
                for key in keys_latin:
                    self._name_latin(key.removesuffix(syllable), Naming(unit, VARIANT))

    def _is_double(self, unit: Unit) -> bool:
        """Tell whether this is the city unit of a municipality, which bears the same names."""
        province = self.by_adcode.get(unit.province_adcode or "")
        return province is not None and city_of_municipality(province, self.by_adcode) is unit

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

    def _name_changed_units(self) -> None:
        """Name today's units by their abolished ones; one that moved was in several provinces."""
        provinces: dict[_Change, set[str]] = {}
        held_counties: set[_Change] = set()
        for row in self._rows(CHANGED_UNITS):
            for adcode in _pieces(row["successor_adcode"]):
                change = _Change(row["former_name_zh"], adcode, row.get("pinyin") or "")
                provinces.setdefault(change, set()).add(row["province_adcode"])
                if row["level"] == "prefecture":
                    held_counties.add(change)
                if row["former_name_zh"].startswith("市") and len(row["former_name_zh"]) > 2:
                    self._name_joined(row["prefecture_name"], change)
        today = set(self.names)
        successors: dict[str, set[str]] = {}
        for change in provinces:
            successors.setdefault(change.former[:-1], set()).add(change.adcode)
        for change, was_in in provinces.items():
            if (unit := self.by_adcode.get(change.adcode)) is not None:
                had = change in held_counties
                naming = Naming(unit, FORMER, change.former, frozenset(was_in), had)
                self._name_changed(simplify_script(change.former), naming)
                self._name_by_pinyin(change, naming)
                short = simplify_script(change.former[:-1])
                is_one = short not in today and len(successors[change.former[:-1]]) == 1
                if is_one and len(short) > 1 and self._is_known_shortly(change):
                    self._name(short, naming._replace(rank=SHORT))
                elif len(short) > 1 and not had and not self._names_a_holder(short, unit):
                    self._name(short, naming._replace(rank=TIED))

    def _names_a_holder(self, name: str, unit: Unit) -> bool:
        """Tell whether a name is that of a unit which holds another: 嘉兴 of the former 嘉兴县."""
        return any(n.unit.adcode in own_codes(unit) for n in self.names.get(name, ()))

    def _name_joined(self, city: str, change: _Change) -> None:
        """Enter a former name that shares the 市 with its city: 泸州 + 市中区 = 泸州市中区."""
        unit = self.by_adcode.get(change.adcode)
        if unit is not None:
            self._name(simplify_script(city + change.former), Naming(unit, FORMER, change.former))

    def _is_known_shortly(self, change: _Change) -> bool:
        """Tell whether people wrote a former unit without its ending: 襄樊, 闸北, but not 东风."""
        province = self.by_adcode.get(f"{change.adcode[:2]}0000")
        in_municipality = (
            province is not None and city_of_municipality(province, self.by_adcode) is not None
        )
        return change.former.endswith("市") or (in_municipality and change.former.endswith("区"))

    def _name_by_pinyin(self, change: _Change, naming: Naming) -> None:
        """Enter a former name's pinyin: Pan County was 盘县 before it was a city."""
        key = fold_latin(change.pinyin)
        self._name_latin(key, naming)
        if change.former.endswith("县"):
            self._name_latin(key.removesuffix("xian"), naming._replace(rank=VARIANT))

    def _name_changed(self, name: str, naming: Naming) -> None:
        """Enter a former name; where it is today's too, note the provinces the unit was in."""
        meanings = self.names.setdefault(name, [])
        for place, known in enumerate(meanings):
            if known.unit is naming.unit:
                meanings[place] = known._replace(former_provinces=naming.former_provinces)
                return
        meanings.append(naming)

    def _name_zones(self) -> None:
        for number, row in enumerate(self._rows(ZONES)):
            unit = self._zone(-1 - number, row)
            self.units.append(unit)
            for name in (row["name_zh"], *_pieces(row["aliases"]), row["name_en"] or ""):
                if has_han(name):
                    self._name_zone(simplify_script(name), unit, row["name_zh"])
                elif name:
                    self._name_zone_in_latin(name, unit)

    def _name_zones_shortly(self) -> None:
        """Let the one 经济技术开发区 of a name be its 开发区, where nothing else is: 烟台开发区."""
        for name in [name for name in self.names if name.endswith(_ECONOMIC_ZONE)]:
            shorter = name.removesuffix(_ECONOMIC_ZONE) + "开发区"
            zones = [naming.unit for naming in self.names[name] if naming.unit.level == "zone"]
            if shorter not in self.names and len(zones) == 1:
                self._name(shorter, Naming(zones[0], FORMER))

    def _name_zone_in_latin(self, name: str, unit: Unit) -> None:
        """Enter a zone's Latin name, its plain form, and that without the city in front.

        Not where it is the name of a unit the zone lies in: Pudong New Area.
        """
        key = latin_key(name)
        known = self.latin.get(key, ())
        if any(n.unit.adcode in unit.members or _is_twin(n.unit, unit) for n in known):
            return
        self._name_latin(key, Naming(unit, FULL if name == unit.name_en else FORMER))
        if (plain := zone_key(key)) is None:
            return
        if not any(_is_twin(naming.unit, unit) for naming in self.latin.get(plain, ())):
            self._name_latin(plain, Naming(unit, FORMER))
        city = self.by_adcode.get(unit.prefecture_adcode or "")
        shorter = plain.removeprefix(latin_key((city.name_en if city else "") or ""))
        if shorter != plain and not is_zone_ending(shorter):
            self._name_latin(shorter, Naming(unit, VARIANT))

    def _name_zone(self, name: str, unit: Unit, official: str) -> None:
        """Enter a zone's name, unless it is that of a unit the zone lies in: 浦东新区.

        Nor where it names an earlier zone of the prefecture as surely: that is the better known.
        """
        rank = FULL if name == simplify_script(official) else _rank_of_zone_alias(name)
        known = [naming for naming in self.names.get(name, ()) if naming.rank != TIED]
        twins = (naming for naming in known if naming.rank <= rank and _is_twin(naming.unit, unit))
        if not any(n.unit.adcode in unit.members for n in known) and not any(twins):
            self._name(name, Naming(unit, rank))

    def _zone(self, unit_id: int, row: dict[str, str]) -> Unit:
        """Make the unit of a zone: it lies in all its members share, and in its host if a county.

        A zone over several prefectures has no county, and no prefecture but that of its name:
        郑州航空港 reaches into 开封.
        """
        members = tuple(code for code in _pieces(row["unit_adcodes"]) if code in self.by_adcode)
        homes = [own_codes(self.by_adcode[code]) for code in members]
        shared = frozenset.intersection(*homes) if homes else frozenset()
        found = {self.by_adcode[code].level: code for code in shared if code in self.by_adcode}
        prefecture = found.get("prefecture") or self._city_in_name(row["name_zh"], members)
        host = self.by_adcode.get(row["host_adcode"])
        is_in_one_city = "prefecture" in found or "county" in found
        county = host.adcode if host and host.level == "county" and is_in_one_city else None
        return Unit(
            county, prefecture, found.get("province"), "zone", row["precision"],
            "zone", _number(row["lat"]), _number(row["lon"]), _number(row["radius_km"]), unit_id,
            county, row["name_zh"], row["name_zh"], row["name_en"] or None, row["name_en"] or None,
            None, row["source"], members,
        )  # fmt: skip

    def _city_in_name(self, name: str, members: Iterable[str]) -> str | None:
        """Return the prefecture of a zone's member whose short name the zone's begins with."""
        for code in () if "、" in name else members:
            city = self.by_adcode.get(self.by_adcode[code].prefecture_adcode or "")
            if city is not None and city.short_zh and name.startswith(city.short_zh):
                return city.adcode
        return None

    def _add_variants(self) -> None:
        """Let a short name take any suffix of its level: 恩施区, 石柱县, 红河州.

        Not a county's where that names a city above counties: 长沙市 is not 长沙县.
        """
        cities = {
            name
            for name, known in self.names.items()
            if any(n.rank == FULL and n.unit.level != "county" for n in known)
        }
        for unit in self.units:
            if unit.short_zh and unit.short_zh != unit.name_zh and not self._is_double(unit):
                for suffix in _SUFFIXES.get(unit.level, ()):
                    name = simplify_script(unit.short_zh) + suffix
                    if unit.level != "county" or name not in cities:
                        self._name(name, Naming(unit, VARIANT))

    def _add_joined_names(self) -> None:
        """Enter names that share the 市 between city and district: 青岛 + 市北区 = 青岛市北区."""
        for unit in self.units:
            city = self.by_adcode.get(unit.prefecture_adcode or "")
            name = unit.name_zh or ""
            if unit.level == "county" and name.startswith("市") and city and city.name_zh:
                joined = simplify_script(city.name_zh + name[1:])
                if joined not in self.names:
                    self._name(joined, Naming(unit, FULL))


def _is_twin(one: Unit, other: Unit) -> bool:
    """Tell whether two zones lie in one prefecture."""
    city = other.prefecture_adcode
    return one.level == "zone" and one is not other and city == one.prefecture_adcode is not None


def _rank_of_zone_alias(name: str) -> int:
    """Rank another full name of a zone as former names are: sure, but behind official ones."""
    return FORMER if _ZONE_NAME.search(name) else SHORT


def _add(meanings: list[Naming], naming: Naming) -> None:
    if all(known.unit is not naming.unit for known in meanings):
        meanings.append(naming)


def _pieces(text: str | None) -> list[str]:
    return [piece.strip() for piece in (text or "").split(";") if piece.strip()]


def _number(text: str | None) -> float | None:
    return float(text) if text else None
