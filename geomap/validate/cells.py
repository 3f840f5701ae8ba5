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
    """What is wrong with a cell: code, case and values as `finding` takes them."""

    def __init__(self, code: str, case: str = "", /, **values: object) -> None:
        super().__init__(code)
        self.code, self.case, self.values = code, case, values


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
        raise CellFault("control_character", point=ord(broken.group()))
    if _FORMULA.match(cell) and column.form not in _NUMERIC:
        raise CellFault("formula_text", sign=cell[0])


def has_invisible(cell: str) -> bool:
    """Tell whether a text holds characters that turn its direction or take no room."""
    return _INVISIBLE.search(cell) is not None


def _text(column: Column, cell: str) -> str:
    return cell


def _slug(column: Column, cell: str) -> str:
    if is_slug(cell):
        return cell
    near = re.sub(r"[^a-z0-9]+", "-", cell.lower()).strip("-")
    raise CellFault("bad_id", "near" if near else "", near=near)


def _choice(column: Column, cell: str) -> str:
    if cell in column.choices:
        return cell
    near = difflib.get_close_matches(cell.lower(), column.choices, n=1)
    raise CellFault(
        "unknown_word",
        "near" if near else "",
        column=column.name,
        near="".join(near),
        choices=column.choices,
    )


def _adcode(column: Column, cell: str) -> str:
    if not _ADCODE.match(cell):
        raise CellFault("bad_adcode")
    if cell[:2] not in PROVINCE_CODES:
        raise CellFault("unknown_adcode", "start", start=cell[:2])
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
            raise CellFault("bad_reason", entry=entry[:60])
    return entries


def _date(column: Column, cell: str) -> str:
    match = _DATE.match(cell)
    if match is None:
        raise CellFault("bad_date")
    year, month, day = (int(part) if part else None for part in match.groups())
    if not (YEARS[0] <= (year or 0) <= YEARS[1]) or not _in_calendar(year or 0, month, day):
        raise CellFault("impossible_date", first=YEARS[0], last=YEARS[1])
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
            raise CellFault("date_order", "period")
    return cell


def _number(column: Column, cell: str) -> float:
    if not _NUMBER.match(cell):
        plain = re.sub(r"[,，\s_]", "", cell)
        raise CellFault("bad_number", "plain" if _NUMBER.match(plain) else "", plain=plain)
    return float(cell)


def _quantity(column: Column, cell: str) -> float:
    value = _number(column, cell)
    if value < 0:
        raise CellFault("negative_amount", column=column.name)
    return value


def _flag(column: Column, cell: str) -> bool:
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    raise CellFault("bad_flag")


def _url(column: Column, cell: str) -> str:
    try:
        parts = urlsplit(cell)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in cell
    except ValueError:
        usable = False
    if not usable:
        raise CellFault("bad_url")
    return cell


def _sha256(column: Column, cell: str) -> str:
    if not _SHA256.match(cell):
        raise CellFault("bad_sha256")
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
