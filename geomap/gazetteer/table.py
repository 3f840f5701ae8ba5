"""Read the rows of the gazetteer: from its text indexes, or from the Parquet tables themselves.

The Parquet tables are what is published; reading them costs a second and two hundred megabytes.
The indexes hold the same rows with all names in comparable form, one line a unit, tabs between
fields and "|" between names:

- `gazetteer_units.tsv`: provinces, prefectures, counties;
- `gazetteer_places.tsv`: towns and places with a point of their own;
- `gazetteer_towns.tsv`: all other towns, of which only the county is known;
- `gazetteer_place_names.tsv`, `gazetteer_town_names.tsv`: name or key, tab, the numbers of the
  lines of places or towns that bear it, counted from 0, with commas between.

The first line of each is the SHA-256 of the tables it was made from, so a stale index is noticed
and passed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from geomap.gazetteer.unit import ADMIN_LEVELS, PlacePoint, Unit
from geomap.toponym import fold_latin, latin_key, simplify_script

TABLE, TOWNS_TABLE = "gazetteer.parquet", "gazetteer_towns.parquet"
UNITS_INDEX = "gazetteer_units.tsv"
PLACES_INDEX = "gazetteer_places.tsv"
TOWNS_INDEX = "gazetteer_towns.tsv"
PLACE_NAMES_INDEX = "gazetteer_place_names.tsv"
TOWN_NAMES_INDEX = "gazetteer_town_names.tsv"
INDEXES = (UNITS_INDEX, PLACES_INDEX, TOWNS_INDEX, PLACE_NAMES_INDEX, TOWN_NAMES_INDEX)
_FIELDS = Unit._fields[:-1]
_LISTS = ("aliases_zh", "aliases_latin", "pinyin", "geonameid")
_NUMBERS = {"unit_id": int, "lat": float, "lon": float, "radius_km": float, "population": int}
_CASTS = tuple((place, _NUMBERS[name]) for place, name in enumerate(_FIELDS) if name in _NUMBERS)
_NAMES_AT = len(_FIELDS)
# A line begins with the adcodes above a unit, then the fields of its point.
_POINT_ENDS = 3 + len(PlacePoint._fields)
_OWN_POINT = "town"


class GazetteerLines(NamedTuple):
    """The lines of the indexes."""

    units: list[str]
    places: list[str]
    towns: list[str]
    place_names: list[str]
    town_names: list[str]


class TownLine(NamedTuple):
    """A town without a point of its own: where it belongs and what it is called."""

    parent_adcode: str
    name_zh: str


def read_names(line: str) -> tuple[list[str], list[str]]:
    """Return the Chinese names and Latin keys of a line of units."""
    zh, latin = line.split("\t", _NAMES_AT)[_NAMES_AT].split("\t")
    return _split(zh), _split(latin)


def read_unit(line: str) -> Unit:
    """Return the unit of a line of units or places."""
    values: list[Any] = [field or None for field in line.split("\t", _NAMES_AT)[:_NAMES_AT]]
    for place, cast in _CASTS:
        if values[place] is not None:
            values[place] = cast(values[place])
    return Unit(*values)


def read_point(line: str) -> PlacePoint:
    """Return where the place of a line is."""
    level, precision, method, lat, lon, radius_km = line.split("\t", _POINT_ENDS)[3:_POINT_ENDS]
    return PlacePoint(level, precision, method, float(lat), float(lon), float(radius_km))


def read_town(line: str) -> TownLine:
    """Return the town of a line of towns."""
    return TownLine(*line.split("\t"))


def read_lines(folder: Path, *names: str) -> list[list[str]]:
    """Return the lines of the named indexes of a folder, from its tables where one is stale."""
    stamp = tables_stamp(folder)
    found = [_read_index(folder / name, stamp) for name in names]
    if any(lines is None for lines in found):
        made = dict(zip(INDEXES, lines_of_tables(folder), strict=True))
        return [made[name] for name in names]
    return [lines or [] for lines in found]


def _read_index(path: Path, stamp: str) -> list[str] | None:
    """Return the lines of an index, or None when it is missing or of other tables."""
    if not path.is_file():
        return None
    first, _, body = path.read_text(encoding="utf-8").partition("\n")
    return body.splitlines() if first == stamp else None


def tables_stamp(folder: Path) -> str:
    """Return the SHA-256 of the Parquet tables one behind the other, hexadecimal."""
    digest = hashlib.sha256()
    for name in (TABLE, TOWNS_TABLE):
        if (folder / name).is_file():
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def lines_of_tables(folder: Path) -> GazetteerLines:
    """Make the index lines from the Parquet tables; towns take the names of their GeoNames row."""
    rows = _read_rows(folder / TABLE)
    towns = _read_rows(folder / TOWNS_TABLE) if (folder / TOWNS_TABLE).is_file() else []
    located = [town for town in towns if town["precision"] == _OWN_POINT]
    places = {row["geonameid"]: row for row in rows if row["level"] not in ADMIN_LEVELS}
    for town in located:
        _take_names(town, places.get(town["geonameid"]))
    named = {town["geonameid"] for town in located} - {None}
    unit_rows = [row for row in rows if row["level"] in ADMIN_LEVELS]
    others = [
        row for row in rows if row["level"] not in ADMIN_LEVELS and row["geonameid"] not in named
    ]
    place_rows = [row for row in (*located, *others) if row["lat"] is not None]
    town_rows = [town for town in towns if town["precision"] != _OWN_POINT]
    return GazetteerLines(
        [_line(row) for row in unit_rows],
        [_line(row) for row in place_rows],
        [f"{_cell(row['parent_adcode'])}\t{_cell(row['name_zh'])}" for row in town_rows],
        _name_lines(place_rows),
        _name_lines(town_rows),
    )


def write_indexes(folder: Path) -> None:
    """Write the indexes beside the Parquet tables; the same tables give the same bytes."""
    stamp = tables_stamp(folder)
    for name, lines in zip(INDEXES, lines_of_tables(folder), strict=True):
        text = "\n".join([stamp, *lines]) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _read_rows(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=[*_FIELDS, *_LISTS])
    return [dict(row) for row in table.to_pylist()]


def _take_names(town: dict[str, Any], place: dict[str, Any] | None) -> None:
    if place is not None:
        for column in ("aliases_zh", "aliases_latin"):
            town[column] = [*(town[column] or ()), *(place[column] or ())]


def _names_zh(row: dict[str, Any]) -> str:
    names = [row["name_zh"], row["short_zh"], *(row["aliases_zh"] or ())]
    return _joined(simplify_script(name) for name in names if name)


def _keys_latin(row: dict[str, Any]) -> str:
    keys = [latin_key(row[name] or "") for name in ("name_en", "full_en")]
    keys += [fold_latin(key) for key in (row["pinyin"], *(row["aliases_latin"] or ())) if key]
    return _joined(keys)


def _line(row: dict[str, Any]) -> str:
    fields = [_cell(row[name]) for name in _FIELDS]
    names = [_names_zh(row), _keys_latin(row)] if row["level"] in ADMIN_LEVELS else ["", ""]
    return "\t".join([*fields, *names])


def _name_lines(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return a line for every name of two letters or more: the name and the rows that bear it."""
    index: dict[str, list[str]] = {}
    for number, row in enumerate(rows):
        for name in [*_split(_names_zh(row)), *_split(_keys_latin(row))]:
            if len(name) > 1:
                index.setdefault(name, []).append(str(number))
    return [f"{name}\t{','.join(numbers)}" for name, numbers in sorted(index.items())]


def _cell(value: object) -> str:
    """Write one value; NaN, which pandas leaves in gaps, is no value."""
    if value is None or value != value:
        return ""
    return " ".join(str(value).split())


def _joined(names: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(name for name in names if name))


def _split(cell: str) -> list[str]:
    return cell.split("|") if cell else []
