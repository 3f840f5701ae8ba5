"""Read the rows of the gazetteer: from its two text indexes, or from the Parquet table itself.

The Parquet table is what is published; reading it costs a second and a hundred megabytes. The
indexes hold the same rows with all names in comparable form, one line a unit, tabs between fields
and "|" between names. Their first line is the SHA-256 of the table they were made from, so a
stale index is noticed and passed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from geomap.gazetteer.unit import ADMIN_LEVELS, Unit
from geomap.toponym import fold_latin, latin_key, simplify_script

TABLE = "gazetteer.parquet"
UNITS_INDEX, PLACES_INDEX = "gazetteer_units.tsv", "gazetteer_places.tsv"
_FIELDS = Unit._fields[:-1]
_LISTS = ("aliases_zh", "aliases_latin", "pinyin")
_NUMBERS = {"unit_id": int, "lat": float, "lon": float, "radius_km": float, "population": int}
_CASTS = tuple((place, _NUMBERS[name]) for place, name in enumerate(_FIELDS) if name in _NUMBERS)
_NAMES_AT = len(_FIELDS)


class Entry(NamedTuple):
    """One line of an index: the unit's fields, then its Chinese and Latin names as keys."""

    fields: list[str]

    @property
    def names_zh(self) -> list[str]:
        """Chinese names in comparable form."""
        return _split(self.fields[_NAMES_AT])

    @property
    def keys_latin(self) -> list[str]:
        """Latin keys."""
        return _split(self.fields[_NAMES_AT + 1])

    def unit(self) -> Unit:
        """Return the unit of the line."""
        values: list[Any] = [field or None for field in self.fields[:_NAMES_AT]]
        for place, cast in _CASTS:
            if values[place] is not None:
                values[place] = cast(values[place])
        return Unit(*values)


class GazetteerRows(NamedTuple):
    """The lines of administrative units and those of towns and places."""

    units: list[str]
    places: list[str]


def read_entry(line: str) -> Entry:
    """Take a line apart."""
    return Entry(line.split("\t"))


def read_units(folder: Path) -> list[str]:
    """Return the lines of the administrative units of `folder`'s gazetteer."""
    return _read_index(folder, UNITS_INDEX) or rows_of_table(folder).units


def read_places(folder: Path) -> list[str]:
    """Return the lines of the towns and places of `folder`'s gazetteer."""
    return _read_index(folder, PLACES_INDEX) or rows_of_table(folder).places


def _read_index(folder: Path, name: str) -> list[str] | None:
    """Return the lines of an index, or None when it is missing or of another table."""
    path = folder / name
    if not path.is_file():
        return None
    stamp, _, body = path.read_text(encoding="utf-8").partition("\n")
    return body.splitlines() if stamp == table_stamp(folder) else None


def table_stamp(folder: Path) -> str:
    """Return the SHA-256 of the Parquet table, hexadecimal."""
    return hashlib.sha256((folder / TABLE).read_bytes()).hexdigest()


def rows_of_table(folder: Path) -> GazetteerRows:
    """Make the index lines from the Parquet table."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / TABLE)
    columns = [table.column(name).to_pylist() for name in (*_FIELDS, *_LISTS)]
    rows = GazetteerRows([], [])
    for values in zip(*columns, strict=True):
        line = _line(values)
        (rows.units if values[1] in ADMIN_LEVELS else rows.places).append(line)
    return rows


def write_indexes(folder: Path) -> None:
    """Write both indexes beside the Parquet table; the same table gives the same bytes."""
    rows, stamp = rows_of_table(folder), table_stamp(folder)
    for name, lines in ((UNITS_INDEX, rows.units), (PLACES_INDEX, rows.places)):
        text = "\n".join([stamp, *lines]) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _line(values: tuple[Any, ...]) -> str:
    named = dict(zip((*_FIELDS, *_LISTS), values, strict=True))
    zh = [named["name_zh"], named["short_zh"], *(named["aliases_zh"] or ())]
    latin = [latin_key(named[name] or "") for name in ("name_en", "full_en")]
    latin += [fold_latin(key) for key in (named["pinyin"], *(named["aliases_latin"] or ())) if key]
    fields = [_cell(value) for value in values[:_NAMES_AT]]
    return "\t".join([*fields, _joined(simplify_script(n) for n in zh if n), _joined(latin)])


def _cell(value: object) -> str:
    """Write one value; NaN, which pandas leaves in gaps, is no value."""
    if value is None or value != value:
        return ""
    return " ".join(str(value).split())


def _joined(names: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(name for name in names if len(name) > 0))


def _split(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, Entry]]:
    """Yield each line's number and entry."""
    for number, line in enumerate(lines):
        yield number, read_entry(line)
