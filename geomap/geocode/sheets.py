"""Workbooks on their way in and out of `geomap geocode`: a sheet as a CSV file, a CSV as sheets."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from geomap.errors import InputError, SettingsError
from geomap.geocode.table_read import find_column
from geomap.geocode.table_write import RESULT_COLUMNS, csv_record
from geomap.workbook import MOST_ROWS, Workbook, WorkbookFault, save_workbook, text_cell

ARCHIVE_START = b"PK\x03\x04"
_NUMBERS = frozenset({"lat", "lon", "radius_km"})


@contextmanager
def sheet_as_csv(file: BinaryIO, name: str, sheet: str | None) -> Iterator[BinaryIO]:
    """Copy a sheet to a temporary CSV file in UTF-8 and give that, open.

    sheet: a title; None is the first sheet with a column `text`, else the first. Rows that are
    empty stay as rows of empty cells when others follow; formulas give what they came to when the
    workbook was saved. Raises InputError, and SettingsError for a sheet that is not there.
    """
    with tempfile.TemporaryFile() as copy:
        try:
            book = Workbook(file, formulas=False)
            copy.writelines(_lines(book.rows(_choose(book, name, sheet))))
        except WorkbookFault as fault:
            why = fault.words
            raise InputError("errors.table.workbook_not_read", name=name, why=why) from fault
        yield cast(BinaryIO, copy)


def _lines(rows: Iterable[tuple[int, list[str]]]) -> Iterator[bytes]:
    last, width = 0, 0
    for number, cells in rows:
        width = width or len(cells)
        blank = csv_record([""] * width)
        for _ in range(number - last - 1 if last else 0):
            yield f"{blank}\n".encode()
        yield f"{csv_record(cells + [''] * (width - len(cells)))}\n".encode()
        last = number


def _choose(book: Workbook, name: str, sheet: str | None) -> str:
    """The title of the sheet to read."""
    if sheet is not None:
        if sheet not in book.sheets:
            known = ", ".join(book.sheets)[:200]
            raise SettingsError("errors.table.no_sheet", name=name, sheet=sheet, sheets=known)
        return sheet
    for title in book.sheets:
        _, header = next(book.rows(title), (0, []))
        if find_column([cell.strip() for cell in header], "text") is not None:
            return title
    return book.sheets[0]


def csv_as_workbook(source: Path, target: Path) -> None:
    """Write a CSV in UTF-8 whose first line is the header as a workbook.

    Positions and radii are numbers, all else is text that no spreadsheet runs. A sheet that is
    full is followed by another with the same header. What no cell can hold is left out of it:
    control characters, and text beyond 32,767 characters, which then ends in "…".
    """
    from openpyxl import Workbook as Book

    book = Book(write_only=True)
    with source.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        header = next(rows)
        first_result = len(header) - len(RESULT_COLUMNS)
        numbers = [at >= first_result and name in _NUMBERS for at, name in enumerate(header)]
        free = 0
        for row in rows:
            if not free:
                sheet = _new_sheet(book, header)
                free = MOST_ROWS - 1
            sheet.append(
                [
                    float(cell) if is_number and cell else text_cell(sheet, cell)
                    for cell, is_number in zip(row, numbers, strict=True)
                ]
            )
            free -= 1
    if not book.worksheets:
        _new_sheet(book, header)
    with target.open("wb") as file:
        save_workbook(book, file)


def _new_sheet(book: Any, header: Sequence[str]) -> Any:  # noqa: ANN401 - openpyxl's, untyped
    more = len(book.worksheets)
    sheet = book.create_sheet(f"places {more + 1}" if more else "places")
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, name) for name in header])
    return sheet
