"""Read the rows of the gazetteer: from its text indexes, or from the Parquet tables themselves.

The Parquet tables are what is published; reading them costs a second and two hundred megabytes.
The indexes hold the same rows, the former names and the zones with all names in comparable form,
tabs between fields, in lines that become values only when one is asked for:

- `gazetteer_units.tsv`: provinces, prefectures, counties, and behind them the zones;
- `gazetteer_names.tsv`, `gazetteer_latin.tsv`: a Chinese name or Latin key of units, its surest
  rank, 1 if it may mean a province or prefecture, and its meanings, with "|" between them: number
  of the unit's line, rank and, where the name is a former one, that name in full, the provinces
  it was in, 1 if it was a prefecture (`geomap.gazetteer.naming` says which names there are);
- `gazetteer_places.tsv`: towns and places with a point of their own; the place that a unit stands
  at is the unit where it bears its name, and lies in it where not;
- `gazetteer_towns.tsv`: all other towns, of which only the county is known;
- `gazetteer_place_names.tsv`, `gazetteer_town_names.tsv`: name or key, tab, the numbers of the
  lines of places or towns that bear it, counted from 0, with commas between.

Lines of names are sorted. The first line of each is the SHA-256 of the tables it was made from,
so a stale index is noticed and passed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from geomap.gazetteer.naming import CHANGED_UNITS, ZONES, NameBook, UnitNames
from geomap.gazetteer.unit import ADMIN_LEVELS, Naming, PlacePoint, Unit, apart_km
from geomap.toponym import fold_latin, latin_key, simplify_script

TABLE, TOWNS_TABLE = "gazetteer.parquet", "gazetteer_towns.parquet"
_STAMPED = (TABLE, TOWNS_TABLE, CHANGED_UNITS, ZONES)
UNITS_INDEX = "gazetteer_units.tsv"
NAMES_INDEX = "gazetteer_names.tsv"
LATIN_INDEX = "gazetteer_latin.tsv"
PLACES_INDEX = "gazetteer_places.tsv"
TOWNS_INDEX = "gazetteer_towns.tsv"
PLACE_NAMES_INDEX = "gazetteer_place_names.tsv"
TOWN_NAMES_INDEX = "gazetteer_town_names.tsv"
INDEXES = (
    UNITS_INDEX, NAMES_INDEX, LATIN_INDEX, PLACES_INDEX, TOWNS_INDEX, PLACE_NAMES_INDEX,
    TOWN_NAMES_INDEX,
)  # fmt: skip
_FIELDS = Unit._fields[:-1]
_LISTS = ("aliases_zh", "aliases_latin", "pinyin", "geonameid")
_NUMBERS = {"unit_id": int, "lat": float, "lon": float, "radius_km": float, "population": int}
_CASTS = tuple((place, _NUMBERS[name]) for place, name in enumerate(_FIELDS) if name in _NUMBERS)
_MEMBERS_AT = len(_FIELDS)
_HIGH_LEVELS = frozenset({"province", "prefecture"})
# A line begins with the adcodes above a unit, then the fields of its point.
_POINT_ENDS = 3 + len(PlacePoint._fields)
_OWN_POINT = "town"
# How a prefecture was joined to a seat of another name: 大理白族自治州 to 大理市.
_OTHER_SEAT = "seat"
# GeoNames' middle of a large city lies up to this far from its seat.
_NAMESAKE_REACH_KM = 25.0
_NO_PROVINCES: frozenset[str] = frozenset()


class GazetteerLines(NamedTuple):
    """The lines of the indexes."""

    units: list[str]
    names: list[str]
    latin: list[str]
    places: list[str]
    towns: list[str]
    place_names: list[str]
    town_names: list[str]


class TownLine(NamedTuple):
    """A town without a point of its own: where it belongs and what it is called."""

    parent_adcode: str
    name_zh: str


def read_unit(line: str) -> Unit:
    """Return the unit of a line of units or places."""
    values: list[Any] = [field or None for field in line.split("\t")]
    for place, cast in _CASTS:
        if values[place] is not None:
            values[place] = cast(values[place])
    if values[_MEMBERS_AT] is None:
        values.pop()
    else:
        values[_MEMBERS_AT] = tuple(values[_MEMBERS_AT].split(";"))
    return Unit(*values)


def read_namings(meanings: str, units: Sequence[Unit]) -> tuple[Naming, ...]:
    """Return what the last field of a line of names means."""
    if "|" in meanings:
        return tuple([_read_naming(meaning.split(":"), units) for meaning in meanings.split("|")])
    return (_read_naming(meanings.split(":"), units),)


def _read_naming(cells: list[str], units: Sequence[Unit]) -> Naming:
    unit = units[int(cells[0])]
    if len(cells) == 2:
        return Naming(unit, int(cells[1]), None, _NO_PROVINCES, False)
    _, rank, former, provinces, held_counties = cells
    was_in = frozenset(provinces.split(";")) if provinces else _NO_PROVINCES
    return Naming(unit, int(rank), former or None, was_in, held_counties == "1")


def read_point(line: str) -> PlacePoint:
    """Return where the place of a line is."""
    _, _, _, level, precision, method, lat, lon, radius_km, _ = line.split("\t", _POINT_ENDS)
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
    """Return the SHA-256 of the tables behind the indexes, one after the other, hexadecimal."""
    digest = hashlib.sha256()
    for name in _STAMPED:
        if (folder / name).is_file():
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def lines_of_tables(folder: Path) -> GazetteerLines:
    """Make the index lines from the tables; towns take the names of their GeoNames row."""
    rows = _read_rows(folder / TABLE)
    towns = _read_rows(folder / TOWNS_TABLE) if (folder / TOWNS_TABLE).is_file() else []
    located = [town for town in towns if town["precision"] == _OWN_POINT]
    places = {row["geonameid"]: row for row in rows if row["level"] not in ADMIN_LEVELS}
    for town in located:
        _take_names(town, places.get(town["geonameid"]))
    named = {town["geonameid"] for town in located} - {None}
    book = NameBook((_named(row) for row in rows if row["level"] in ADMIN_LEVELS), folder)
    number_of = {unit.unit_id: number for number, unit in enumerate(book.units)}
    seats = _units_of_seats(rows)
    others = [
        _as_unit(row, seats.get(row["geonameid"]))
        for row in rows
        if row["level"] not in ADMIN_LEVELS and row["geonameid"] not in named
    ]
    place_rows = [row for row in (*located, *others) if row["lat"] is not None]
    town_rows = [town for town in towns if town["precision"] != _OWN_POINT]
    return GazetteerLines(
        [_line(unit._asdict()) for unit in book.units],
        _meaning_lines(book.names, number_of),
        _meaning_lines(book.latin, number_of),
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


def _units_of_seats(rows: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return the units that may be named after the place they stand at, by its GeoNames number.

    Prefectures before counties, unless their seat has another name. A unit with a point entered
    by hand stands at the nearest place of its name. The city unit of a municipality is none: the
    municipality is.
    """
    seats: dict[int, dict[str, Any]] = {}
    provinces = {row["name_zh"] for row in rows if row["level"] == "province"}
    namesakes: dict[str, list[dict[str, Any]]] = {}
    for place in rows:
        if place["level"] not in ADMIN_LEVELS:
            for name in (place["name_zh"], latin_key(place["name_en"])):
                namesakes.setdefault(name, []).append(place)
    for level in ("county", "prefecture"):
        for row in rows:
            is_named_so = row["method"] != _OTHER_SEAT and row["name_zh"] not in provinces
            if row["level"] == level and is_named_so:
                number = row["geonameid"] or _nearest_namesake(row, namesakes)
                if number is not None:
                    seats[number] = row
    return seats


def _nearest_namesake(
    unit: dict[str, Any], namesakes: Mapping[str, Sequence[dict[str, Any]]]
) -> int | None:
    """Return the GeoNames number of the nearest place of a unit's name, None beyond its reach."""
    names = {unit["name_zh"], unit["short_zh"], latin_key(unit["name_en"]), unit["pinyin"]}
    here = read_unit(_line(unit))
    apart = [
        (apart_km(here, read_unit(_line(place))) or 0.0, place["geonameid"])
        for name in names
        for place in namesakes.get(name, ())
        if place["province_adcode"] == unit["province_adcode"]
    ]
    away, number = min(apart, default=(_NAMESAKE_REACH_KM, None))
    return number if away < _NAMESAKE_REACH_KM else None


def _as_unit(place: dict[str, Any], unit: dict[str, Any] | None) -> dict[str, Any]:
    """Return the row of a place, or of the unit that bears its name, with the place's names.

    So what Paotou or Kashkar is called by, in whichever spelling, is the city and no spot in it.
    """
    if unit is None:
        return place
    is_so_spelt = latin_key(place["name_en"]) in (latin_key(unit["name_en"]), unit["pinyin"])
    if not is_so_spelt and place["name_zh"] not in (unit["name_zh"], unit["short_zh"]):
        # Xinhua, the seat of Qiaojia, is no other name of Qiaojia, but lies in it.
        held = {"prefecture_adcode": unit["prefecture_adcode"], "parent_adcode": unit["adcode"]}
        return {**place, **held} if unit["level"] == "county" else place
    return {**place, **{field: unit[field] for field in _FIELDS}}


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


def _named(row: dict[str, Any]) -> UnitNames:
    """Return the unit of a row of the table as its line will give it, with its names."""
    return UnitNames(read_unit(_line(row)), _split(_names_zh(row)), _split(_keys_latin(row)))


def _line(row: Mapping[str, Any]) -> str:
    fields = [_cell(row[name]) for name in _FIELDS]
    return "\t".join([*fields, ";".join(row.get("members", ()))])


def _meaning_lines(
    names: Mapping[str, Sequence[Naming]], number_of: Mapping[int, int]
) -> list[str]:
    """Return a line for every name of two letters or more."""
    lines = []
    for name, namings in names.items():
        if len(name) > 1:
            surest = min(naming.rank for naming in namings)
            high = any(naming.unit.level in _HIGH_LEVELS for naming in namings)
            meanings = "|".join(_meaning(naming, number_of) for naming in namings)
            lines.append(f"{name}\t{surest}\t{high:d}\t{meanings}")
    return sorted(lines)


def _meaning(naming: Naming, number_of: Mapping[int, int]) -> str:
    unit = f"{number_of[naming.unit.unit_id]}:{naming.rank}"
    if not (naming.former or naming.former_provinces or naming.held_counties):
        return unit
    provinces = ";".join(sorted(naming.former_provinces))
    return f"{unit}:{naming.former or ''}:{provinces}:{naming.held_counties:d}"


def _name_lines(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return a line for every name of two letters or more: the name and the rows that bear it."""
    index: dict[str, list[str]] = {}
    for number, row in enumerate(rows):
        for name in [*_split(_names_zh(row)), *_split(_keys_latin(row))]:
            if len(name) > 1:
                index.setdefault(name, []).append(str(number))
    return sorted(f"{name}\t{','.join(numbers)}" for name, numbers in index.items())


def _cell(value: object) -> str:
    """Write one value; NaN, which pandas leaves in gaps, is no value."""
    if value is None or value != value:
        return ""
    return " ".join(str(value).split())


def _joined(names: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(name for name in names if name))


def _split(cell: str) -> list[str]:
    return cell.split("|") if cell else []
