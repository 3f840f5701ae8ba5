"""The gazetteer: every unit, zone and place we know, found by Chinese or Latin name or by adcode.

Units and zones are kept as values; towns and places are in a `PlaceIndex`.
"""

from __future__ import annotations

import csv
import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from geomap.gazetteer.places import PlaceIndex
from geomap.gazetteer.table import UNITS_INDEX, read_lines, read_names, read_unit
from geomap.gazetteer.unit import (
    ADMIN_LEVELS,
    FORMER,
    FULL,
    SHORT,
    VARIANT,
    Naming,
    PlacePoint,
    Unit,
    apart_km,
    own_codes,
)
from geomap.paths import geo_dir
from geomap.toponym import (
    fold_latin,
    has_han,
    is_zone_ending,
    latin_key,
    simplify_script,
    zone_key,
)

# The single characters that stand for a province, as on number plates, and a few older ones.
_PROVINCE_LETTERS = {
    letter: f"{code}0000"
    for code, letters in {
        "11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉",
        "23": "黑", "31": "沪申", "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣",
        "37": "鲁", "41": "豫", "42": "鄂", "43": "湘", "44": "粤", "45": "桂", "46": "琼",
        "50": "渝", "51": "川蜀", "52": "黔贵", "53": "滇云", "54": "藏", "61": "陕秦",
        "62": "甘陇", "63": "青", "64": "宁", "65": "新", "71": "台", "81": "港", "82": "澳",
    }.items()
    for letter in letters
}  # fmt: skip
_SUFFIXES = {"county": ("市", "县", "区", "旗"), "prefecture": ("市", "州", "盟", "地区")}
_NEW_AREA = "新区"
# Endings that pinyin spells out and English puts into other words: Meixian is Mei County.
_LATIN_ENDINGS = {"县": "xian", "县区": "xian", _NEW_AREA: "xin"}
# What a zone's name ends in when it needs no context; 张江 or 贵安 alone are short names.
_ZONE_NAME = re.compile("..(?:[区园城港谷湖]|基地|集群|中心)$")
# A place of a county lies this near to its seat; beyond it is a namesake.
_COUNTY_REACH_KM = 60.0
_COLUMN_OF_LEVEL = {"province": "province", "prefecture": "city", "county": "county"}


class _Change(NamedTuple):
    """A former name, the adcode of today's unit, and the name's pinyin."""

    former: str
    adcode: str
    pinyin: str


class Gazetteer:
    """Units by adcode and by name; towns and places by name.

    units: administrative units and zones. by_adcode: units by adcode. names: Chinese name in
    comparable form -> its meanings. latin: Latin key -> its meanings. codes: unit id of a unit or
    zone -> the adcodes of all it lies in, its own among them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Load the tables of `folder` (default: the shipped data/geo)."""
        self.folder = geo_dir() if folder is None else folder
        self.units: list[Unit] = []
        self.by_adcode: dict[str, Unit] = {}
        self.names: dict[str, list[Naming]] = {}
        self.latin: dict[str, list[Naming]] = {}
        self.codes: dict[int, frozenset[str]] = {}
        with without_collector():
            self._load()

    def _load(self) -> None:
        (units,) = read_lines(self.folder, UNITS_INDEX)
        self._load_units(units)
        self._load_changed_units()
        self._load_zones()
        self._add_variants()
        self._places = PlaceIndex(self.folder, self.by_adcode)

    # -- loading ---------------------------------------------------------------------------

    def _load_units(self, lines: Iterable[str]) -> None:
        for line in lines:
            unit = read_unit(line)
            self.units.append(unit)
            self.by_adcode[unit.adcode or ""] = unit
            self.codes[unit.unit_id] = own_codes(unit)
            if not self._is_double(unit):
                self._name_unit(unit, *read_names(line))

    def _name_unit(self, unit: Unit, names_zh: list[str], keys_latin: list[str]) -> None:
        official = simplify_script(unit.name_zh or "")
        for name in names_zh:
            self._name(name, Naming(unit, FULL if name == official else SHORT))
        if official.endswith(_NEW_AREA) and len(official) > len(_NEW_AREA) + 1:
            self._name(official.removesuffix(_NEW_AREA), Naming(unit, SHORT))
        own = {latin_key(name) for name in (unit.name_en, unit.full_en) if name}
        for key in keys_latin:
            self._name_latin(key, Naming(unit, FULL if key in own else FORMER))
        for ending, syllable in _LATIN_ENDINGS.items():
            if official.endswith(ending):
                for key in keys_latin:
                    self._name_latin(key.removesuffix(syllable), Naming(unit, VARIANT))

    def _is_double(self, unit: Unit) -> bool:
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
        """Name today's units by their abolished ones; one that moved was in several provinces."""
        provinces: dict[_Change, set[str]] = {}
        held_counties: set[_Change] = set()
        for row in self._rows("changed_units.csv"):
            for adcode in _pieces(row["successor_adcode"]):
                change = _Change(row["former_name_zh"], adcode, row.get("pinyin") or "")
                provinces.setdefault(change, set()).add(row["province_adcode"])
                if row["level"] == "prefecture":
                    held_counties.add(change)
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

    def _is_known_shortly(self, change: _Change) -> bool:
        """Tell whether people wrote a former unit without its ending: 襄樊, 闸北, but not 东风."""
        province = self.by_adcode.get(f"{change.adcode[:2]}0000")
        in_municipality = province is not None and self.city_of_municipality(province) is not None
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

    def _load_zones(self) -> None:
        for number, row in enumerate(self._rows("zones.csv")):
            unit = self._zone(-1 - number, row)
            self.units.append(unit)
            for name in (row["name_zh"], *_pieces(row["aliases"]), row["name_en"] or ""):
                if has_han(name):
                    self._name_zone(simplify_script(name), unit, row["name_zh"])
                elif name:
                    self._name_zone_in_latin(name, unit)

    def _name_zone_in_latin(self, name: str, unit: Unit) -> None:
        """Enter a zone's Latin name, its plain form, and that without the city in front.

        Not where it is the name of a unit the zone lies in: Pudong New Area.
        """
        key = latin_key(name)
        if any(naming.unit.adcode in unit.members for naming in self.latin.get(key, ())):
            return
        self._name_latin(key, Naming(unit, FULL if name == unit.name_en else FORMER))
        if (plain := zone_key(key)) is None:
            return
        self._name_latin(plain, Naming(unit, FORMER))
        city = self.by_adcode.get(unit.prefecture_adcode or "")
        shorter = plain.removeprefix(latin_key((city.name_en if city else "") or ""))
        if shorter != plain and not is_zone_ending(shorter):
            self._name_latin(shorter, Naming(unit, VARIANT))

    def _name_zone(self, name: str, unit: Unit, official: str) -> None:
        """Enter a zone's name, unless it is that of a unit the zone lies in: 浦东新区."""
        known = self.names.get(name, ())
        if not any(naming.unit.adcode in unit.members for naming in known):
            rank = FULL if name == simplify_script(official) else _rank_of_zone_alias(name)
            self._name(name, Naming(unit, rank))

    def _zone(self, unit_id: int, row: dict[str, str]) -> Unit:
        """Make the unit of a zone: it lies in all its members share, and in its host's county.

        A zone over several prefectures has no county and no prefecture.
        """
        members = tuple(code for code in _pieces(row["unit_adcodes"]) if code in self.by_adcode)
        homes = [self.codes[self.by_adcode[code].unit_id] for code in members]
        self.codes[unit_id] = frozenset().union(*homes)
        shared = frozenset.intersection(*homes) if homes else frozenset()
        found = {self.by_adcode[code].level: code for code in shared if code in self.by_adcode}
        county = found.get("county")
        if county is None and "prefecture" in found and row["host_adcode"] in self.by_adcode:
            host = self.by_adcode[row["host_adcode"]]
            county = host.adcode if host.level == "county" else None
        return Unit(
            county, found.get("prefecture"), found.get("province"), "zone", row["precision"],
            "zone", _number(row["lat"]), _number(row["lon"]), _number(row["radius_km"]), unit_id,
            county, row["name_zh"], row["name_zh"], row["name_en"] or None, row["name_en"] or None,
            None, row["source"], members,
        )  # fmt: skip

    def _add_variants(self) -> None:
        """Let a short name take any suffix of its level: 恩施区, 石柱县, 红河州."""
        for unit in self.units:
            if unit.short_zh and unit.short_zh != unit.name_zh and not self._is_double(unit):
                for suffix in _SUFFIXES.get(unit.level, ()):
                    self._name(simplify_script(unit.short_zh) + suffix, Naming(unit, VARIANT))

    # -- places ----------------------------------------------------------------------------

    def places_named(self, name: str) -> list[Unit]:
        """Return towns and places by Chinese name in comparable form, with its ending or without.

        Those with a point of their own come alone; other towns only when there are none.
        """
        return self._places.named(name)

    def points_named_in(self, name: str, adcode: str) -> list[PlacePoint]:
        """Return where the towns and places of this Chinese name in one unit are."""
        return self._places.points_in(name, adcode)

    def places_spelt(self, key: str) -> list[Unit]:
        """Return towns and places by Latin key, as `places_named` does."""
        return self._places.spelt(key)

    # -- hierarchy -------------------------------------------------------------------------

    def codes_of(self, unit: Unit) -> frozenset[str]:
        """Return the adcodes of a unit and of every unit it lies in."""
        found = self.codes.get(unit.unit_id)
        return own_codes(unit) if found is None else found

    def holds(self, holder: Unit, unit: Unit) -> bool:
        """Tell whether a unit lies in another; a place without a county by its distance."""
        codes = self.codes_of(unit)
        if holder.adcode in codes:
            return holder.unit_id != unit.unit_id
        if holder.level != "county" or unit.level in ADMIN_LEVELS or unit.parent_adcode:
            return False
        apart = apart_km(holder, unit)
        above = holder.prefecture_adcode or holder.province_adcode
        return above in codes and apart is not None and apart <= _COUNTY_REACH_KM

    def province_by_letter(self, letter: str) -> Unit | None:
        """Return the province a single character stands for: 沪 is 上海市."""
        return self.by_adcode.get(_PROVINCE_LETTERS.get(letter, ""))

    def city_of_municipality(self, unit: Unit) -> Unit | None:
        """Return the city unit of a municipality (110000 -> 110100), None for anything else."""
        if unit.level != "province" or not unit.adcode:
            return None
        city = self.by_adcode.get(f"{unit.adcode[:2]}0100")
        return city if city is not None and city.name_zh == unit.name_zh else None

    def point_of(self, unit: Unit) -> Unit:
        """Return the unit whose point stands for `unit`.

        A municipality's is its city's. A zone without one has the first county's it spans, with
        a radius twice as wide when it spans several.
        """
        if unit.lat is not None or not unit.members:
            return self.city_of_municipality(unit) or unit
        first = self.point_of(self.by_adcode[unit.members[0]])
        factor = 2.0 if len(unit.members) > 1 else 1.0
        return first._replace(radius_km=(first.radius_km or 0.0) * factor)

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


def _rank_of_zone_alias(name: str) -> int:
    """Rank another full name of a zone as former names are: sure, but behind official ones."""
    return FORMER if _ZONE_NAME.search(name) else SHORT


@contextmanager
def without_collector() -> Iterator[None]:
    """Pause the garbage collector: walking a hundred thousand new values again and again costs
    a third of the load time, and none of them is garbage.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
