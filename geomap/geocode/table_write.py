"""Rows with their answers as CSV or JSONL: what was read comes back, the answer's columns follow.

A column that was read and has the name of an answer's column (`province`, `lat`, ...) comes back
as `input_<name>`, for the plain name is the answer's. Missing is an empty cell in CSV and null in
JSON; candidates are JSON text in CSV. Output is UTF-8 with "\n" at the end of each line, and the
same input gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from geomap.geocode.base import Location
from geomap.geocode.table_read import CSV, Row

RESULT_COLUMNS = Location._fields[1:]
# Degrees to a millimetre; enough for a position given in another datum to come back exactly.
_DEGREE_DIGITS = 8
_MOST_KEPT = 10_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_RESULTS = frozenset(RESULT_COLUMNS)


def result_values(location: Location) -> dict[str, Any]:
    """The answer's columns as plain JSON values, in their order."""
    values: dict[str, Any] = dict(zip(RESULT_COLUMNS, location[1:], strict=True))
    for name in ("lat", "lon"):
        if values[name] is not None:
            values[name] = round(float(values[name]), _DEGREE_DIGITS)
    values["candidates"] = [candidate._asdict() for candidate in location.candidates]
    values["flags"] = list(location.flags)
    return values


def output_names(columns: Sequence[str]) -> tuple[str, ...]:
    """The names under which columns that were read come back, each different from all others."""
    taken = {*RESULT_COLUMNS, *(name for name in columns if name not in RESULT_COLUMNS)}
    names = []
    for column in columns:
        name = column
        if column in RESULT_COLUMNS:
            name = f"input_{column}"
            while name in taken:
                name = f"input_{name}"
            taken.add(name)
        names.append(name)
    return tuple(names)


class TableWriter:
    """Turns answered rows into bytes.

    kind: csv or jsonl. columns: names of the cells of a row that is a list; for rows that are
    objects all their keys, needed only to write CSV.
    """

    def __init__(self, kind: str, columns: Sequence[str]) -> None:
        self.kind = kind
        self._columns = tuple(columns)
        self._names = output_names(columns)
        self._renamed: dict[tuple[str, ...], tuple[str, ...]] = {}
        # Answers repeat (a city many times over): their text is made once.
        self._cells: dict[tuple[Any, ...], str] = {}
        self._fragments: dict[tuple[Any, ...], str] = {}
        self._encode = json.JSONEncoder(ensure_ascii=False).encode

    def header(self) -> bytes:
        """The first line of a CSV; nothing for JSONL."""
        if self.kind != CSV:
            return b""
        return _utf8(csv_record([*self._names, *RESULT_COLUMNS]) + "\n")

    def rows(self, rows: Sequence[Row], found: Sequence[Location]) -> bytes:
        """Whole lines for some rows and their answers."""
        line = self._csv_line if self.kind == CSV else self._json_line
        return _utf8("".join(map(line, rows, found)))

    def _csv_line(self, row: Row, found: Location) -> str:
        key = found[1:]
        cells = self._cells.get(key)
        if cells is None:
            cells = _remember(self._cells, key, csv_record(self._answer_cells(found)))
        values = row.values
        if isinstance(values, dict):
            shown = csv_record([_cell(values.get(column)) for column in self._columns])
        else:
            shown = row.raw or csv_record(values)
        return f"{shown},{cells}\n"

    def _answer_cells(self, found: Location) -> list[str]:
        values = result_values(found)
        values["flags"] = ";".join(found.flags)
        values["candidates"] = self._encode(values["candidates"]) if found.candidates else None
        return [_cell(value) for value in values.values()]

    def _json_line(self, row: Row, found: Location) -> str:
        key = found[1:]
        fragment = self._fragments.get(key)
        if fragment is None:
            fragment = _remember(self._fragments, key, self._encode(result_values(found))[1:])
        shown = self._json_shown(row)[:-1].rstrip()
        return f"{shown}, {fragment}\n" if len(shown) > 1 else f"{{{fragment}\n"

    def _json_shown(self, row: Row) -> str:
        """The row as a JSON object: as it was read, unless a key must make way for an answer's."""
        values = row.values
        if isinstance(values, list):
            return self._encode(dict(zip(self._names, values, strict=True)))
        if row.raw and _RESULTS.isdisjoint(values):
            return row.raw
        names = self._names_of(tuple(values))
        return self._encode(dict(zip(names, values.values(), strict=True)))

    def _names_of(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        names = self._renamed.get(keys)
        if names is None:
            names = _remember(self._renamed, keys, output_names(keys))
        return names


def _remember(kept: dict[Any, Any], key: object, value: Any) -> Any:  # noqa: ANN401
    """Keep a value, in bounds; gives the value."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value


def _cell(value: object) -> str:
    """One value as the text of a CSV cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def csv_record(cells: Sequence[str]) -> str:
    """One record of a CSV without the end of its line."""
    buffer = io.StringIO(newline="")
    plain = csv.writer(buffer, lineterminator="\n")
    # Some Python versions leave a lone carriage return unquoted, and no reader takes that.
    quoting = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    (quoting if any("\r" in cell for cell in cells) else plain).writerow(cells)
    return buffer.getvalue()[:-1]


def _utf8(text: str) -> bytes:
    """The text in UTF-8; halves of characters, which no encoding holds, become U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text).encode()
