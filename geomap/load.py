"""Read seed tables strictly as text: every cell as written, every fault of shape reported.

A table `projects` may stand in `projects.csv`, `projects.xlsx` and any `projects-<word>.csv` or
`.xlsx` beside it; their rows are read as one table, in file order. Nothing is guessed: an empty
cell is "", `null` is the word null, and a number stays the digits that were typed.
"""

from __future__ import annotations

import csv
import difflib
import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from geomap.issues import make_issue
from geomap.records import TABLES, Issue, Origin, Table

MAX_FILE_BYTES = 256_000_000
MAX_ROWS = 1_000_000
MAX_CELL = 32_767  # what a spreadsheet cell can hold
OPTIONAL_TABLES = ("organisations", "aliases", "exclusions")
_ENDINGS = (".csv", ".xlsx")
_NOTHING: frozenset[str] = frozenset()
_csv_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text: the line it starts on, its filled cells, and columns already at fault."""

    line: int
    cells: Mapping[str, str]
    faulty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file of a table: its rows, and the encoding it was written in."""

    table: str
    file: str
    encoding: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """All files of a seeds folder and the faults of their shape."""

    files: tuple[TableFile, ...] = ()
    issues: tuple[Issue, ...] = ()

    def rows_of(self, table: str) -> Iterator[tuple[Row, Origin]]:
        """Go through the rows of a table with where each stands."""
        for part in self.files:
            if part.table == table:
                for row in part.rows:
                    yield row, Origin(part.file, row.line)


@dataclass(slots=True)
class Sheet:
    """The cells of one file before they are read as a table: (line, cells) per row."""

    rows: list[tuple[int, list[str]]]
    encoding: str
    issues: list[Issue] = field(default_factory=list)


def load_seeds(folder: Path) -> Loaded:
    """Read every table of a seeds folder; faults are returned, never raised."""
    if not folder.is_dir():
        return Loaded(issues=(_missing_folder(folder),))
    files: list[TableFile] = []
    issues: list[Issue] = []
    for table in TABLES.values():
        paths = table_paths(folder, table.name)
        if not paths:
            issues.append(_missing_file(table))
        for path in paths:
            read, found = load_file(path, table)
            issues += found
            if read is not None:
                files.append(read)
    return Loaded(tuple(files), tuple(issues))


def table_paths(folder: Path, name: str) -> tuple[Path, ...]:
    """Find the files of a table: `<name>.csv`, `<name>.xlsx` and `<name>-<word>` of either."""
    found = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in _ENDINGS
        and (path.stem == name or path.stem.startswith(f"{name}-"))
    ]
    return tuple(sorted(found, key=lambda path: (path.stem != name, path.name)))


def load_file(path: Path, table: Table) -> tuple[TableFile | None, list[Issue]]:
    """Read one file of a table; None when nothing of it can be read."""
    whole = Origin(path.name, 0)
    fault = _file_fault(path, whole)
    if fault is not None:
        return None, [fault]
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [_unreadable(whole, error.strerror or "reading failed")]
    sheet = _read_workbook(data, whole) if path.suffix.lower() == ".xlsx" else read_csv(data, whole)
    return _as_table(sheet, table, path.name)


def read_csv(data: bytes, whole: Origin) -> Sheet:
    """Read the bytes of a comma-separated file into cells."""
    text, encoding, issues = decode(data, whole)
    sheet = Sheet([], encoding, issues)
    with _wide_cells():
        _read_lines(text, sheet, whole.file)
    return sheet


def decode(data: bytes, whole: Origin) -> tuple[str, str, list[Issue]]:
    """Turn bytes into text, with the encoding found and what is to be said about it."""
    if data.startswith(b"\xef\xbb\xbf"):
        text, encoding, issues = decode(data[3:], whole)
        return text, f"{encoding}-sig", [*issues, _byte_order_mark(whole)]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            text = data[2:].decode(encoding, "replace")
            return text, encoding, [_wrong_encoding(whole, "UTF-16")]
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        at = Origin(whole.file, data.count(b"\n", 0, error.start) + 1)
    try:
        return data.decode("gb18030"), "gb18030", [_wrong_encoding(at, "GB18030")]
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), "unknown", [_unreadable_encoding(at)]


@contextmanager
def _wide_cells() -> Iterator[None]:
    """Let the csv module read cells of any length, so that too long ones can be named."""
    with _csv_lock:
        before = csv.field_size_limit(MAX_FILE_BYTES)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _read_lines(text: str, sheet: Sheet, file: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            sheet.issues.append(_broken_quotes(Origin(file, line), error))
        else:
            if any(cell.strip() for cell in cells):
                sheet.rows.append((line, cells))
        line = reader.line_num + 1
        if len(sheet.rows) > MAX_ROWS + 1:
            sheet.issues.append(_too_many_rows(Origin(file, line)))
            return


def _read_workbook(data: bytes, whole: Origin) -> Sheet:
    from geomap.workbook import WorkbookFault, workbook_rows

    try:
        return Sheet(workbook_rows(data, MAX_ROWS + 1), "xlsx")
    except WorkbookFault as fault:
        return Sheet([], "xlsx", [_bad_workbook(whole, str(fault))])


def _as_table(sheet: Sheet, table: Table, file: str) -> tuple[TableFile | None, list[Issue]]:
    """Read the first row as the header and the others as rows of it."""
    issues = list(sheet.issues)
    if not sheet.rows:
        if not any(issue.severity == "error" for issue in issues):
            issues.append(_empty_file(Origin(file, 0), table))
        return None, issues
    (line, first), *rest = sheet.rows
    header = tuple(cell.strip() for cell in first)
    found = list(_header_faults(header, table, Origin(file, line)))
    issues += found
    if any(issue.code in ("wrong_separator", "duplicate_header") for issue in found):
        return None, issues
    rows = tuple(_row(line, cells, header, file, issues) for line, cells in rest)
    return TableFile(table.name, file, sheet.encoding, header, rows), issues


def _header_faults(header: Sequence[str], table: Table, origin: Origin) -> Iterator[Issue]:
    known = [column.name for column in table.columns]
    missing = [one.name for one in table.columns if one.name not in header and not one.twin_of]
    unknown = list(dict.fromkeys(name for name in header if name not in known))
    separator = next((mark for mark in (";", "\t", "|") if mark in header[0]), None)
    if separator and len(header) == 1:
        yield _wrong_separator(origin, separator, header[0])
        return
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        yield _duplicate_header(origin, name)
    for name in missing:
        yield _missing_column(origin, name, unknown)
    for name in unknown:
        yield _unknown_column(origin, name, table, [one for one in known if one not in header])


def _row(
    line: int, cells: Sequence[str], header: tuple[str, ...], file: str, issues: list[Issue]
) -> Row:
    """Name the cells of a row; note a wrong count and cells too long to be read."""
    origin = Origin(file, line)
    faulty: set[str] = set()
    if len(cells) != len(header):
        issues.append(_ragged_row(origin, len(cells), len(header)))
        faulty.update(header)
    pairs = zip(header, map(str.strip, cells), strict=False)
    named = {name: cell for name, cell in pairs if cell}
    for name in [name for name, cell in named.items() if len(cell) > MAX_CELL]:
        issues.append(_cell_too_long(origin, name, named.pop(name)))
        faulty.add(name)
    return Row(line, named, frozenset(faulty) if faulty else _NOTHING)


# --- what is wrong, and how to mend it -----------------------------------------------------------


def _file_fault(path: Path, whole: Origin) -> Issue | None:
    """A reason not to open a file at all."""
    if not path.is_file():
        return _unreadable(whole, "it is not a regular file")
    size = path.stat().st_size
    if size <= MAX_FILE_BYTES:
        return None
    return make_issue(
        "file_too_large",
        whole,
        message=f"The file has {size:,} bytes; seed tables are read up to {MAX_FILE_BYTES:,}.",
        fix="Check that it is the right file; split a larger table into files"
        f" named {path.stem}-<word>.csv.",
    )


def _missing_folder(folder: Path) -> Issue:
    return make_issue(
        "missing_folder",
        Origin(str(folder), 0),
        message=f"There is no folder {folder}.",
        fix="Name the folder that holds sources.csv, projects.csv and the other tables.",
    )


def _missing_file(table: Table) -> Issue:
    optional = table.name in OPTIONAL_TABLES
    return make_issue(
        "missing_optional_file" if optional else "missing_file",
        Origin(f"{table.name}.csv", 0),
        message=f"The table {table.name}.csv is not in the folder.",
        fix="Add it; a table without records holds only its header row: "
        + ",".join(column.name for column in table.columns),
    )


def _unreadable(whole: Origin, why: str) -> Issue:
    return make_issue(
        "unreadable_file",
        whole,
        message=f"The file cannot be read: {why}.",
        fix="Check the file and its permissions.",
    )


def _byte_order_mark(whole: Origin) -> Issue:
    return make_issue(
        "byte_order_mark",
        Origin(whole.file, 1),
        message="The file starts with a byte order mark, as Excel writes it; it was skipped.",
        fix="Nothing to do; saving as UTF-8 without a mark removes this line.",
    )


def _wrong_encoding(origin: Origin, name: str) -> Issue:
    return make_issue(
        "wrong_encoding",
        origin,
        message=f"The file is not UTF-8 from this line on; it reads as {name}.",
        fix="Save it as UTF-8 (in Excel: Save As, CSV UTF-8).",
    )


def _unreadable_encoding(origin: Origin) -> Issue:
    return make_issue(
        "unreadable_encoding",
        origin,
        message="The bytes of this line are neither UTF-8 nor GB18030.",
        fix="Save the file as UTF-8 from the program that wrote it.",
    )


def _bad_workbook(whole: Origin, why: str) -> Issue:
    return make_issue(
        "bad_workbook",
        whole,
        message=f"The spreadsheet was not read: {why}.",
        fix="Save the table as CSV UTF-8 and put that in its place.",
    )


def _broken_quotes(origin: Origin, error: csv.Error) -> Issue:
    return make_issue(
        "broken_quotes",
        origin,
        message=f"A quotation mark is out of place in the row that starts here ({error}).",
        fix='Close every quoted cell, and write a quotation mark inside one twice: "".',
    )


def _too_many_rows(origin: Origin) -> Issue:
    return make_issue(
        "too_many_rows",
        origin,
        message=f"The table goes on after {MAX_ROWS:,} rows; the rest was not read.",
        fix="Check that it is the right file, or split it.",
    )


def _empty_file(whole: Origin, table: Table) -> Issue:
    return make_issue(
        "empty_file",
        whole,
        message="The file is empty; not even the header row is there.",
        fix="Write the header row: " + ",".join(column.name for column in table.columns),
    )


def _wrong_separator(origin: Origin, separator: str, header: str) -> Issue:
    shown = {"\t": "tab"}.get(separator, separator)
    return make_issue(
        "wrong_separator",
        origin,
        value=header,
        message=f"The columns are separated by {shown}, not by commas.",
        fix="Save the table with commas; inside a cell, lists use semicolons.",
    )


def _duplicate_header(origin: Origin, name: str) -> Issue:
    return make_issue(
        "duplicate_header",
        origin,
        name,
        name,
        message=f"The header names the column {name or '(no name)'} more than once.",
        fix="Keep one of them; which one holds the values cannot be known.",
    )


def _missing_column(origin: Origin, name: str, unknown: Sequence[str]) -> Issue:
    near = difflib.get_close_matches(name, unknown, n=1)
    fix = f"Rename the column {near[0]} to {name}." if near else f"Add the column {name}."
    return make_issue(
        "missing_column",
        origin,
        name,
        message=f"The column {name} is missing from the header.",
        fix=f"{fix} Its cells may be empty where the dictionary in seeds/README.md allows it.",
    )


def _unknown_column(origin: Origin, name: str, table: Table, absent: Sequence[str]) -> Issue:
    near = difflib.get_close_matches(name, absent, n=1)
    return make_issue(
        "unknown_column",
        origin,
        name,
        name,
        message=f"The table {table.name} has no column {name or '(no name)'}; it is not read.",
        fix=f"Rename it to {near[0]}." if near else "Remove it, or put its words into note.",
    )


def _ragged_row(origin: Origin, count: int, wanted: int) -> Issue:
    return make_issue(
        "ragged_row",
        origin,
        message=f"The row has {count} cells and the header {wanted}.",
        fix="Put a cell that holds a comma in quotation marks, and keep empty cells as commas.",
    )


def _cell_too_long(origin: Origin, column: str, cell: str) -> Issue:
    return make_issue(
        "cell_too_long",
        origin,
        column,
        cell,
        message=f"The cell has {len(cell):,} characters; at most {MAX_CELL:,} are read.",
        fix="Shorten it; a lost quotation mark higher up may have swallowed later rows.",
    )
