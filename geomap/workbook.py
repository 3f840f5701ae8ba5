"""Read the first sheet of an XLSX file as text, within bounds a crafted file cannot pass."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from geomap.errors import InputError

MAX_MEMBERS = 1_000
MAX_UNPACKED_BYTES = 256_000_000
MAX_RATIO = 200
MAX_COLUMNS = 200
MAX_GAP = 10_000


class WorkbookFault(InputError):
    """Why a workbook is not read; the text completes "was not read: …"."""


def workbook_rows(data: bytes, max_rows: int) -> list[tuple[int, list[str]]]:
    """Give the rows of the first sheet as (row number, cells as text); empty rows left out.

    Reads at most max_rows rows that hold something and 200 columns. Raises WorkbookFault for what
    is not an honest workbook.
    """
    _check_archive(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        return _first_sheet(book.worksheets[0], max_rows)
    except WorkbookFault:
        raise
    except Exception as error:  # openpyxl raises whatever the file provokes
        raise WorkbookFault(f"it is damaged ({type(error).__name__})") from error


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise WorkbookFault("it is not an XLSX file") from error
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS:
        raise WorkbookFault(f"it holds {len(members):,} parts")
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * len(data):
        raise WorkbookFault(f"it unpacks to {unpacked:,} bytes from {len(data):,}")
    if any(member.flag_bits & 1 for member in members):
        raise WorkbookFault("it is protected by a password")


def _first_sheet(sheet: object, max_rows: int) -> list[tuple[int, list[str]]]:
    """Read the rows; a sheet that claims far rows is not followed over the gap."""
    rows: list[tuple[int, list[str]]] = []
    gap = 0
    walk = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)  # type: ignore[attr-defined]
    for number, values in enumerate(walk, start=1):
        cells = [_as_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append((number, cells))
            gap = 0
        gap += 1
        if gap > MAX_GAP or len(rows) > max_rows:
            break
    return _even(rows)


def _even(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Fill rows up to the header: a spreadsheet does not store empty cells at the end."""
    width = len(rows[0][1]) if rows else 0
    return [(number, cells + [""] * (width - len(cells))) for number, cells in rows]


def _as_text(value: object) -> str:
    """Write a cell value as a person would type it into a CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)
