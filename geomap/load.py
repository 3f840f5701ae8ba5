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

from geomap.errors import system_reason
from geomap.issues import make_issue
from geomap.records import TABLES, Issue, Origin, Table
from geomap.sentences import Sentence, sentence

MAX_FILE_BYTES = 256_000_000
MAX_ROWS = 1_000_000
MAX_CELL = 32_767  # what a spreadsheet cell can hold
OPTIONAL_TABLES = ("organisations", "aliases", "exclusions")
_ENDINGS = (".csv", ".xlsx")
_NOTHING: frozenset[str] = frozenset()
# What the csv module says of a quotation mark out of place.
_CSV_TROUBLE = {"unexpected end of data": "end", "',' expected after '\"'": "after"}
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
        return None, [make_issue("unreadable_file", whole, why=system_reason(error))]
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
        return (
            text,
            f"{encoding}-sig",
            [*issues, make_issue("byte_order_mark", Origin(whole.file, 1))],
        )
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            text = data[2:].decode(encoding, "replace")
            return text, encoding, [make_issue("wrong_encoding", whole, encoding="UTF-16")]
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        at = Origin(whole.file, data.count(b"\n", 0, error.start) + 1)
    try:
        return (
            data.decode("gb18030"),
            "gb18030",
            [make_issue("wrong_encoding", at, encoding="GB18030")],
        )
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), "unknown", [make_issue("unreadable_encoding", at)]


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
            sheet.issues.append(make_issue("too_many_rows", Origin(file, line), most=MAX_ROWS))
            return


def _read_workbook(data: bytes, whole: Origin) -> Sheet:
    from geomap.workbook import WorkbookFault, workbook_rows

    try:
        return Sheet(workbook_rows(data, MAX_ROWS + 1), "xlsx")
    except WorkbookFault as fault:
        return Sheet([], "xlsx", [make_issue("bad_workbook", whole, why=fault.words)])


def _as_table(sheet: Sheet, table: Table, file: str) -> tuple[TableFile | None, list[Issue]]:
    """Read the first row as the header and the others as rows of it."""
    issues = list(sheet.issues)
    if not sheet.rows:
        if not any(issue.severity == "error" for issue in issues):
            issues.append(make_issue("empty_file", Origin(file, 0), header=_header_of(table)))
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
        issues.append(make_issue("ragged_row", origin, count=len(cells), wanted=len(header)))
        faulty.update(header)
    pairs = zip(header, map(str.strip, cells), strict=False)
    named = {name: cell for name, cell in pairs if cell}
    for name in [name for name, cell in named.items() if len(cell) > MAX_CELL]:
        cell = named.pop(name)
        issues.append(
            make_issue("cell_too_long", origin, name, cell, length=len(cell), most=MAX_CELL)
        )
        faulty.add(name)
    return Row(line, named, frozenset(faulty) if faulty else _NOTHING)


# --- what is wrong, and how to mend it -----------------------------------------------------------


def _file_fault(path: Path, whole: Origin) -> Issue | None:
    """A reason not to open a file at all."""
    if not path.is_file():
        return make_issue("unreadable_file", whole, why=sentence("faults.not_regular"))
    size = path.stat().st_size
    if size <= MAX_FILE_BYTES:
        return None
    return make_issue("file_too_large", whole, size=size, most=MAX_FILE_BYTES, stem=path.stem)


def _missing_folder(folder: Path) -> Issue:
    return make_issue("missing_folder", Origin(str(folder), 0), folder=str(folder))


def _missing_file(table: Table) -> Issue:
    code = "missing_optional_file" if table.name in OPTIONAL_TABLES else "missing_file"
    return make_issue(
        code, Origin(f"{table.name}.csv", 0), table=table.name, header=_header_of(table)
    )


def _header_of(table: Table) -> str:
    return ",".join(column.name for column in table.columns)


def _broken_quotes(origin: Origin, error: csv.Error) -> Issue:
    known = _CSV_TROUBLE.get(str(error))
    why = sentence(f"faults.csv.{known or 'other'}", error=str(error))
    return make_issue("broken_quotes", origin, why=why)


def _wrong_separator(origin: Origin, separator: str, header: str) -> Issue:
    mark = sentence("faults.tab") if separator == "\t" else separator
    return make_issue("wrong_separator", origin, "", header, mark=mark)


def _duplicate_header(origin: Origin, name: str) -> Issue:
    return make_issue("duplicate_header", origin, name, name, name=_named(name))


def _missing_column(origin: Origin, name: str, unknown: Sequence[str]) -> Issue:
    near = difflib.get_close_matches(name, unknown, n=1)
    case = "near" if near else ""
    return make_issue("missing_column", origin, name, "", case, name=name, near="".join(near))


def _unknown_column(origin: Origin, name: str, table: Table, absent: Sequence[str]) -> Issue:
    near = difflib.get_close_matches(name, absent, n=1)
    return make_issue(
        "unknown_column",
        origin,
        name,
        name,
        "near" if near else "",
        table=table.name,
        name=_named(name),
        near="".join(near),
    )


def _named(column: str) -> str | Sentence:
    return column or sentence("faults.no_name")
