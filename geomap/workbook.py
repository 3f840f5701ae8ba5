"""XLSX files: read as text within bounds a crafted file cannot pass, written without formulas."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from geomap.errors import InputError

MAX_MEMBERS = 1_000
MAX_UNPACKED_BYTES = 256_000_000
MAX_RATIO = 200
MAX_COLUMNS = 200
MAX_GAP = 10_000

LONGEST_CELL = 32_767  # characters a cell can hold
MOST_ROWS = 1_048_576  # rows a sheet can hold
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_WRITTEN_ON = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class WorkbookFault(InputError):
    """Why a workbook is not read; the text completes "was not read: …"."""


# ---------------------------------------------------------------- reading


def workbook_rows(data: bytes, max_rows: int) -> list[tuple[int, list[str]]]:
    """Give the rows of the first sheet as (row number, cells as text); empty rows left out.

    Reads at most max_rows rows that hold something; a formula arrives as its text.
    Raises WorkbookFault for what is not an honest workbook.
    """
    rows: list[tuple[int, list[str]]] = []
    for row in Workbook(io.BytesIO(data), formulas=True).rows():
        rows.append(row)
        if len(rows) > max_rows:
            break
    width = len(rows[0][1]) if rows else 0
    return [(number, cells + [""] * (width - len(cells))) for number, cells in rows]


class Workbook:
    """An open XLSX file.

    file: binary and seekable; stays open. formulas: give the text of formulas, not what they came
    to when the file was saved. Raises WorkbookFault for what is not an honest workbook.
    """

    def __init__(self, file: BinaryIO, *, formulas: bool) -> None:
        _check_archive(file)
        from openpyxl import load_workbook

        try:
            self._book = load_workbook(
                file, read_only=True, data_only=not formulas, keep_links=False
            )
            self._sheets = {sheet.title: sheet for sheet in self._book.worksheets}
        except Exception as error:  # openpyxl raises whatever the file provokes
            raise _damaged(error) from error
        if not self._sheets:
            raise WorkbookFault("errors.workbook.no_sheet")

    @property
    def sheets(self) -> tuple[str, ...]:
        """The titles of the sheets, in the order of the file."""
        return tuple(self._sheets)

    def rows(self, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
        """Give the rows of a sheet (by default the first) that hold something.

        Each is its number, counted from 1, and its cells as text up to the last that holds
        something. Raises WorkbookFault, also for cells or rows so far out that nobody put them
        there to be read: nothing is left out in silence.
        """
        found = self._sheets[self.sheets[0] if sheet is None else sheet]
        try:
            # What the file says of its own extent is not believed: it would cut rows off.
            found.reset_dimensions()
            gap = 0
            walk = found.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
            for number, values in enumerate(walk, start=1):
                if values.count(None) == len(values):  # a million of them must cost little
                    gap += 1
                    continue
                cells = [_as_text(value) for value in values]
                while cells and not cells[-1]:
                    cells.pop()
                if not cells:
                    gap += 1
                    continue
                if gap > MAX_GAP:
                    raise WorkbookFault("errors.workbook.gap", row=number, gap=gap)
                if len(cells) > MAX_COLUMNS:
                    raise WorkbookFault("errors.workbook.wide", row=number, most=MAX_COLUMNS)
                gap = 0
                yield number, cells
        except WorkbookFault:
            raise
        except Exception as error:  # as above
            raise _damaged(error) from error


def _damaged(error: Exception) -> WorkbookFault:
    return WorkbookFault("errors.workbook.damaged", kind=type(error).__name__)


def _check_archive(file: BinaryIO) -> None:
    size = file.seek(0, io.SEEK_END)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise WorkbookFault("errors.workbook.not_xlsx") from error
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS:
        raise WorkbookFault("errors.workbook.parts", n=len(members))
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * size:
        raise WorkbookFault("errors.workbook.unpacks", unpacked=unpacked, size=size)
    if any(member.flag_bits & 1 for member in members):
        raise WorkbookFault("errors.workbook.password")


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


# ---------------------------------------------------------------- writing


def text_cell(sheet: object, value: object) -> object:
    """Make a cell whose text stays text even when a person edits it; numbers as they are.

    sheet: a sheet of an openpyxl workbook opened for writing only.
    """
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=_fitting(value))
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def save_workbook(book: object, file: BinaryIO) -> None:
    """Write an openpyxl workbook; the same cells give the same bytes, whenever it is done."""
    with tempfile.TemporaryFile() as draft:
        book.save(draft)  # type: ignore[attr-defined]
        with zipfile.ZipFile(draft) as parts, zipfile.ZipFile(file, "w") as archive:
            for name in parts.namelist():
                steady = zipfile.ZipInfo(name, _NO_TIME)
                steady.compress_type = zipfile.ZIP_DEFLATED
                with parts.open(name) as source, archive.open(steady, "w") as target:
                    if name == "docProps/core.xml":  # says when it was written
                        target.write(_WRITTEN_ON.sub(b"", source.read()))
                    else:
                        shutil.copyfileobj(source, target)


def _fitting(value: str) -> str:
    """Take out what a workbook cannot hold: control characters, and text beyond its length."""
    plain = _CONTROL.sub("", value)
    return plain if len(plain) <= LONGEST_CELL else f"{plain[: LONGEST_CELL - 1]}…"


def sheet_title(title: str) -> str:
    """Make a title a workbook accepts: at most 31 characters, none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Sheet"
