"""Read one cell as what its column holds, or say why it is not that."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from geomap.records import Column, Form, is_slug

MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
YEARS = (1900, 2100)
# The first two digits of every adcode: the 34 province-level units.
PROVINCE_CODES = frozenset(
    str(code)
    for block in (
        range(11, 16),  # north
        range(21, 24),  # north-east
        range(31, 38),  # east
        range(41, 47),  # centre and south
        range(50, 55),  # south-west
        range(61, 66),  # north-west
        (71, 81, 82),  # Taiwan, Hong Kong, Macao
    )
    for code in block
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_BREAK = re.compile(r"[\r\n\t\u2028\u2029]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FORMULA = re.compile(r"[=+\-@＝＋－＠]")
_SPLIT = re.compile("[;；]")
_ADCODE = re.compile(r"[0-9]{6}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?\Z")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_NOTES = ("note", "note_zh")  # may have several lines
_NUMERIC: tuple[Form, ...] = ("number", "quantity", "lat", "lon")


class CellFault(Exception):
    """What is wrong with a cell: code, message and fix."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix


def read_cell(column: Column, cell: str) -> Any:  # noqa: ANN401 - what the column holds
    """Read a filled cell; raises CellFault."""
    check_text(column, cell)
    return _READERS[column.form](column, cell)


def check_text(column: Column, cell: str) -> None:
    """Refuse control characters, and text that a spreadsheet would run as a formula."""
    broken = None
    if not cell.isprintable():
        broken = _CONTROL.search(cell) or (column.name not in _NOTES and _LINE_BREAK.search(cell))
    if broken:
        raise CellFault(
            "control_character",
            f"The cell holds the control character U+{ord(broken.group()):04X}.",
            "Delete the character; a cell is one line of plain text.",
        )
    if _FORMULA.match(cell) and column.form not in _NUMERIC:
        raise CellFault(
            "formula_text",
            f"The cell starts with {cell[0]}, which a spreadsheet runs as a formula.",
            "Write the words without that sign, or put a word before it.",
        )


def has_invisible(cell: str) -> bool:
    """Tell whether a text holds characters that turn its direction or take no room."""
    return _INVISIBLE.search(cell) is not None


def _text(column: Column, cell: str) -> str:
    return cell


def _slug(column: Column, cell: str) -> str:
    if is_slug(cell):
        return cell
    near = re.sub(r"[^a-z0-9]+", "-", cell.lower()).strip("-")
    fix = f"Write it as {near}." if near else "Write a short English id."
    raise CellFault("bad_id", "An id is made of a-z, 0-9 and single hyphens.", fix)


def _choice(column: Column, cell: str) -> str:
    if cell in column.choices:
        return cell
    near = difflib.get_close_matches(cell.lower(), column.choices, n=1)
    fix = f"Did you mean {near[0]}? " if near else ""
    raise CellFault(
        "unknown_word",
        f"The column {column.name} does not know this word.",
        f"{fix}Use one of: {', '.join(column.choices)}.",
    )


def _adcode(column: Column, cell: str) -> str:
    if not _ADCODE.match(cell):
        raise CellFault(
            "bad_adcode",
            "A code of GB/T 2260 has six digits.",
            "Write all six, such as 340100 for Hefei; a spreadsheet may have changed the cell.",
        )
    if cell[:2] not in PROVINCE_CODES:
        raise CellFault(
            "unknown_adcode",
            f"No province-level unit of China has a code that starts with {cell[:2]}.",
            "Look the unit up with: geomap geocode --text NAME",
        )
    return cell


def _list(column: Column, cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SPLIT.split(cell) if part.strip())


def _adcodes(column: Column, cell: str) -> tuple[str, ...]:
    return tuple(_adcode(column, part) for part in _list(column, cell))


def _slugs(column: Column, cell: str) -> tuple[str, ...]:
    return tuple(_slug(column, part) for part in _list(column, cell))


def _branches(column: Column, cell: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(_adcode(column, part.strip()) for part in line.split(">"))
        for line in _list(column, cell)
    )


def _citations(column: Column, cell: str) -> tuple[str, ...]:
    entries = _list(column, cell)
    for entry in entries:
        _slug(column, entry.partition("@")[0].strip())
    return entries


def _reasons(column: Column, cell: str) -> tuple[str, ...]:
    entries = _list(column, cell)
    for entry in entries:
        name, mark, why = entry.partition("=")
        if not (name.strip() and mark and why.strip()):
            raise CellFault(
                "bad_reason",
                f"The entry “{entry[:60]}” does not say which column and why.",
                "Write column=why, entries separated by semicolons, no semicolon inside one.",
            )
    return entries


def _date(column: Column, cell: str) -> str:
    match = _DATE.match(cell)
    if match is None:
        raise CellFault(
            "bad_date",
            "The date is not in a form that is read.",
            "Write 2020, 2020-03 or 2020-03-31: as exact as the source, and no more.",
        )
    year, month, day = (int(part) if part else None for part in match.groups())
    if not (YEARS[0] <= (year or 0) <= YEARS[1]) or not _in_calendar(year or 0, month, day):
        raise CellFault(
            "impossible_date",
            "There is no such date.",
            f"Check it against the source; years run from {YEARS[0]} to {YEARS[1]}.",
        )
    return cell


def _in_calendar(year: int, month: int | None, day: int | None) -> bool:
    try:
        dt.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True


def first_day(partial: str) -> str:
    """The earliest day a partial date may mean, as an ISO date."""
    return partial + "-01-01"[: 10 - len(partial)] if len(partial) == 4 else _with_day(partial, 1)


def last_day(partial: str) -> str:
    """The latest day a partial date may mean, as text that sorts; 31 stands for any month's end."""
    return partial + "-12-31" if len(partial) == 4 else _with_day(partial, 31)


def _with_day(partial: str, day: int) -> str:
    return partial if len(partial) == 10 else f"{partial}-{day:02d}"


def _period(column: Column, cell: str) -> str:
    start, mark, end = cell.partition("/")
    _date(column, start)
    if mark:
        _date(column, end)
        if last_day(end) < first_day(start):
            raise CellFault(
                "date_order", "The period ends before it starts.", "Write the earlier date first."
            )
    return cell


def _number(column: Column, cell: str) -> float:
    if not _NUMBER.match(cell):
        plain = re.sub(r"[,，\s_]", "", cell)
        fix = (
            f"Write {plain}."
            if _NUMBER.match(plain)
            else "Write digits only, such as 15000000000; the unit belongs to the column, words of"
            " the source to note."
        )
        raise CellFault("bad_number", "The number is not written in plain digits.", fix)
    return float(cell)


def _quantity(column: Column, cell: str) -> float:
    value = _number(column, cell)
    if value < 0:
        raise CellFault(
            "negative_amount",
            f"{column.name} cannot be below zero.",
            "Remove the minus sign, or leave the cell empty where the value is not known.",
        )
    return value


def _flag(column: Column, cell: str) -> bool:
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    raise CellFault("bad_flag", "The cell is a switch.", "Write true or false.")


def _url(column: Column, cell: str) -> str:
    try:
        parts = urlsplit(cell)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in cell
    except ValueError:
        usable = False
    if not usable:
        raise CellFault(
            "bad_url",
            "The address is not one of a web page.",
            "Write the whole address from http:// or https:// on, or leave the cell empty.",
        )
    return cell


def _sha256(column: Column, cell: str) -> str:
    if not _SHA256.match(cell):
        raise CellFault(
            "bad_sha256",
            "A SHA-256 has 64 hexadecimal digits in small letters.",
            "Write what sha256sum prints, or leave the cell empty.",
        )
    return cell


_READERS: Mapping[Form, Callable[[Column, str], Any]] = {
    "text": _text,
    "slug": _slug,
    "choice": _choice,
    "adcode": _adcode,
    "list": _list,
    "adcodes": _adcodes,
    "slugs": _slugs,
    "branches": _branches,
    "citations": _citations,
    "reasons": _reasons,
    "date": _date,
    "period": _period,
    "number": _number,
    "quantity": _quantity,
    "lat": _number,
    "lon": _number,
    "flag": _flag,
    "url": _url,
    "sha256": _sha256,
}
