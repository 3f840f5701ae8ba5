"""The gazetteer: every unit, zone and place we know, found by Chinese or Latin name or by adcode.

Units and zones are kept as values; meanings of names, and towns and places, become values when
they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from geomap.gazetteer.places import PlaceIndex
from geomap.gazetteer.table import (
    LATIN_INDEX,
    NAMES_INDEX,
    UNITS_INDEX,
    read_lines,
    read_namings,
    read_unit,
)
from geomap.gazetteer.unit import (
    ADMIN_LEVELS,
    Naming,
    PlacePoint,
    Unit,
    apart_km,
    city_of_municipality,
    own_codes,
)
from geomap.paths import geo_dir

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
# Those of cities, alone or joined to others: 沪宁, 成渝.
_CITY_LETTERS = {
    "穗": "440100", "蓉": "510100", "甬": "330200", "榕": "350100", "邕": "450100",
}  # fmt: skip
_JOINED_LETTERS = _PROVINCE_LETTERS | _CITY_LETTERS | {
    "宁": "640000 320100", "杭": "330100", "成": "510100", "深": "440300", "昆": "530100",
    "汉": "420100", "郑": "410100", "莞": "441900", "厦": "350200", "江": "320000",
}  # fmt: skip
# A place of a county lies this near to its seat; beyond it is a namesake.
_COUNTY_REACH_KM = 60.0


class UnitPath(NamedTuple):
    """The units that a unit is or lies in."""

    province: Unit | None
    city: Unit | None
    county: Unit | None


class NameIndex(Mapping[str, tuple[Naming, ...]]):
    """The names of units and what each may mean, by name or by number.

    texts: the names, numbered from 0 in their order. numbers: name -> number. ranks: the surest
    rank among a name's meanings. high: whether it may mean a province or prefecture. Meanings
    become values when they are first asked for.
    """

    def __init__(self, lines: Iterable[str], units: Sequence[Unit]) -> None:
        """Read the lines of an index of names of these units."""
        cells = [line.split("\t") for line in lines]
        self.texts = [cell[0] for cell in cells]
        self.numbers = dict(zip(self.texts, range(len(cells)), strict=True))
        self.ranks = [int(cell[1]) for cell in cells]
        self.high = [cell[2] == "1" for cell in cells]
        self._meanings = [cell[3] for cell in cells]
        self._units = units
        self._namings: list[tuple[Naming, ...] | None] = [None] * len(cells)

    def __getitem__(self, name: str) -> tuple[Naming, ...]:
        """Return the meanings of a name."""
        return self.namings(self.numbers[name])

    def __iter__(self) -> Iterator[str]:
        """Walk over the names."""
        return iter(self.texts)

    def __len__(self) -> int:
        """Count the names."""
        return len(self.texts)

    def namings(self, number: int) -> tuple[Naming, ...]:
        """Return the meanings of a name by its number."""
        found = self._namings[number]
        if found is None:
            found = self._namings[number] = read_namings(self._meanings[number], self._units)
        return found


class Gazetteer:
    """Units by adcode and by name; towns and places by name.

    units: administrative units, then zones. by_adcode: units by adcode. names: Chinese name in
    comparable form -> its meanings. latin: Latin key -> its meanings. codes: unit id of a unit or
    zone -> the adcodes of all it lies in, its own among them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Load the tables of `folder` (default: the shipped data/geo)."""
        folder = geo_dir() if folder is None else folder
        units, names, latin = read_lines(folder, UNITS_INDEX, NAMES_INDEX, LATIN_INDEX)
        self.units = [read_unit(line) for line in units]
        self.by_adcode = {unit.adcode or "": unit for unit in self.units if unit.level != "zone"}
        self.codes = {unit.unit_id: self._all_codes(unit) for unit in self.units}
        self.names = NameIndex(names, self.units)
        self.latin = NameIndex(latin, self.units)
        found = {u.adcode: city_of_municipality(u, self.by_adcode) for u in self.by_adcode.values()}
        self._cities = {adcode: city for adcode, city in found.items() if city is not None}
        self._places = PlaceIndex(folder, self.by_adcode)

    def _all_codes(self, unit: Unit) -> frozenset[str]:
        """Return the adcodes of all a unit lies in; a zone in all its members and what they do."""
        if unit.level != "zone":
            return own_codes(unit)
        return frozenset[str]().union(*[own_codes(self.by_adcode[code]) for code in unit.members])

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

    def unit_by_letter(self, letter: str) -> Unit | None:
        """Return the province or city a single character stands for: 沪 is 上海市."""
        adcode = _PROVINCE_LETTERS.get(letter) or _CITY_LETTERS.get(letter, "")
        return self.by_adcode.get(adcode)

    def units_by_letters(self, letters: str) -> list[list[Unit]]:
        """Return what each of some joined characters may stand for: 京津冀; [] if one is none."""
        codes = [_JOINED_LETTERS.get(letter, "").split() for letter in letters]
        units = [[self.by_adcode[code] for code in one if code in self.by_adcode] for one in codes]
        return units if all(units) else []

    def city_of_municipality(self, unit: Unit) -> Unit | None:
        """Return the city unit of a municipality (110000 -> 110100), None for anything else."""
        return self._cities.get(unit.adcode or "")

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

    def path(self, unit: Unit) -> UnitPath:
        """Return the province, city and county a unit is or lies in.

        A municipality is its own city; units run by their province have no city.
        """
        province = city = county = None
        above = (unit.province_adcode, unit.prefecture_adcode, unit.parent_adcode, unit.adcode)
        for code in above:
            holder = self.by_adcode.get(code or "")
            if holder is None:
                continue
            if holder.level == "county":
                county = holder
            elif holder.level == "prefecture":
                city = holder
            else:
                province = holder
        if province is not None and province.adcode in self._cities:
            city = province
        return UnitPath(province, city, county)


@cache
def load_gazetteer() -> Gazetteer:
    """Load the shipped gazetteer once."""
    return Gazetteer()
