"""Towns and places by name: lines that become values only when one is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from geomap.gazetteer.table import (
    PLACE_NAMES_INDEX,
    PLACES_INDEX,
    TOWN_NAMES_INDEX,
    TOWNS_INDEX,
    TownLine,
    read_lines,
    read_point,
    read_town,
    read_unit,
)
from geomap.gazetteer.unit import ADMIN_LEVELS, PlacePoint, Unit

# The method of a town without a point of its own, shown at its county's.
TOWN_AT_COUNTY = "county"
_ENDINGS = ("街道", "镇", "乡", "苏木", "村")
_FIRST_HAN = "\u3400"
# No town has a longer name; longer texts are not worth reading the index of towns for.
_LONGEST_NAME = 16
# A line begins with the adcodes of county, prefecture and province, six digits and a tab each.
_HOMES = 21
# Unit ids of towns without a point, below those of zones.
_FIRST_TOWN_ID = -1_000_000


class PlaceIndex:
    """Towns and places with a point of their own, and the other towns behind them."""

    def __init__(self, folder: Path, by_adcode: Mapping[str, Unit]) -> None:
        """Index the places of a folder's gazetteer; other towns wait until one is needed."""
        self._folder = folder
        self._by_adcode = by_adcode
        self._places, names = read_lines(folder, PLACES_INDEX, PLACE_NAMES_INDEX)
        # Sorted, so Latin keys come first. Chinese addresses ask for towns again and again.
        first = bisect_left(names, _FIRST_HAN)
        self._keys = names[:first]
        self._rows = dict([line.split("\t") for line in names[first:]])

    def named(self, name: str) -> list[Unit]:
        """Return places of a Chinese name; those without a point only alone."""
        if len(name) > _LONGEST_NAME:
            return []
        found = [read_unit(line) for line in self._lines_named(name)]
        return found or self._towns(name)

    def points_in(self, name: str, adcode: str) -> list[PlacePoint]:
        """Return where the towns and places of a Chinese name inside one unit are."""
        lines = [line for line in self._lines_named(name) if adcode in line[:_HOMES]]
        points = [read_point(line) for line in lines] if lines else []
        return [point for point in points if point.level not in ADMIN_LEVELS]

    def spelt(self, key: str) -> list[Unit]:
        """Return towns and places of a Latin key, those without a point last."""
        found = [read_unit(self._places[row]) for row in _numbers(self._keys, key)]
        return [*found, *self._towns(key)]

    def _lines_named(self, name: str) -> list[str]:
        rows = self._rows.get(name) or self._rows.get(_without_ending(name))
        if rows is None:
            return []
        return [self._places[row] for row in _split(rows)]

    @cached_property
    def _town_lines(self) -> tuple[list[str], list[str]]:
        towns, names = read_lines(self._folder, TOWNS_INDEX, TOWN_NAMES_INDEX)
        return towns, names

    def _towns(self, name: str) -> list[Unit]:
        """Return the towns of a name or key that have no point, at their counties' points."""
        towns, names = self._town_lines
        found = []
        for row in _numbers(names, name):
            town = read_town(towns[row])
            county = self._by_adcode.get(town.parent_adcode)
            if county is not None:
                found.append(_town_unit(row, town, county))
        return found


def _town_unit(row: int, town: TownLine, county: Unit) -> Unit:
    return county._replace(
        unit_id=_FIRST_TOWN_ID - row,
        level="town",
        adcode=None,
        parent_adcode=county.adcode,
        name_zh=town.name_zh,
        short_zh=town.name_zh,
        name_en=None,
        full_en=None,
        method=TOWN_AT_COUNTY,
    )


def _without_ending(name: str) -> str:
    """Return a town's name without the word that says so, which the index may lack."""
    if name.endswith(_ENDINGS):
        return name[:-2] if name.endswith(("街道", "苏木")) else name[:-1]
    return name


def _numbers(lines: Sequence[str], name: str) -> list[int]:
    """Return the row numbers behind a name in sorted lines of name, tab, row numbers."""
    at, ends = bisect_left(lines, name), len(name)
    if at == len(lines) or lines[at][ends : ends + 1] != "\t" or not lines[at].startswith(name):
        return []
    return _split(lines[at][ends + 1 :])


def _split(rows: str) -> list[int]:
    return [int(row) for row in rows.split(",")] if "," in rows else [int(rows)]
