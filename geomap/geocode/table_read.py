"""Rows of a CSV or JSONL file, one after the other, every one of them and in order.

A line that cannot be understood is a row with a fault, never an exception and never lost: a quote
that is not closed costs its own line, not the rest of the file. Memory does not grow with the
file. Text is UTF-8 (with or without a mark at the start), GB18030 as Excel writes it in China, or
UTF-16 with its mark; which of them is decided by looking at the whole file once.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from geomap.errors import InputError

CSV, JSONL, XLSX = "csv", "jsonl", "xlsx"
FORMATS = (CSV, JSONL, XLSX)
_SUFFIXES = {
    ".csv": CSV, ".tsv": CSV, ".txt": CSV, ".jsonl": JSONL, ".ndjson": JSONL, ".json": JSONL,
    ".xlsx": XLSX,
}  # fmt: skip
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

LONGEST_LINE_BYTES = 64 * 1024 * 1024
# One CSV record over several lines: more is an open quote that runs away with the file.
MOST_LINES, MOST_CHARACTERS = 20_000, 8 * 1024 * 1024
_SHOWN = 200
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# The standard limit of 131,072 characters would refuse a row instead of answering it.
csv.field_size_limit(MOST_CHARACTERS)


class Row(NamedTuple):
    """One row as it was read.

    values: CSV cells in the order of `TableReader.columns`, or the JSON object. raw: the same as it
    stands in the file, without the end of the line, where it may be written again as it is; else
    empty. fault: None, or what is wrong with the line, as a code. detail: for a person, what was
    found.
    """

    values: list[str] | dict[str, Any]
    raw: str = ""
    fault: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class TextFacts:
    """What one look at a whole file tells.

    encoding: a codec name. clean: every line can be decoded. sha256: of the bytes. size: in bytes.
    """

    encoding: str
    clean: bool
    sha256: str
    size: int


def inspect_text(file: BinaryIO, name: str) -> TextFacts:
    """Read a file once, from its start, and decide its encoding. Raises InputError."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == _OLD_WORKBOOK:
        raise InputError("errors.table.old_workbook", name=name)
    tally = {"utf-8": 0, "gb18030": 0, "other": 0}
    digest, size = hashlib.sha256(), 0
    while line := file.readline(LONGEST_LINE_BYTES + 1):
        if len(line) > LONGEST_LINE_BYTES:
            raise InputError("errors.table.long_line", name=name, most=LONGEST_LINE_BYTES >> 20)
        digest.update(line)
        size += len(line)
        if not line.isascii():
            tally[_codec_of(line)] += 1
    encoding = _encoding(start, tally)
    clean = encoding == "utf-16" or sum(tally.values()) == tally[encoding.removesuffix("-sig")]
    return TextFacts(encoding, clean, digest.hexdigest(), size)


def _codec_of(line: bytes) -> str:
    for codec in ("utf-8", "gb18030"):
        try:
            line.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    return "other"


def _encoding(start: bytes, tally: dict[str, int]) -> str:
    """UTF-8 unless more lines are GB18030 only: one bad line does not turn the whole file."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if start[:3] == b"\xef\xbb\xbf" or tally["utf-8"] >= tally["gb18030"]:
        return "utf-8-sig"
    return "gb18030"


def format_of(path: str, file: BinaryIO | None = None) -> str:
    """The form of a file by the name's ending, else by the first character of the content."""
    found = _SUFFIXES.get(Path(path).suffix.lower())
    if found is None and file is not None:
        file.seek(0)
        found = JSONL if file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else CSV
    return found or CSV


class TableReader:
    """The rows of one open file.

    file: binary and seekable. name: for messages. kind: csv or jsonl. columns: the names of CSV
    cells, made unique; for JSONL the keys, collected only when `collect_keys` is called.
    """

    def __init__(self, file: BinaryIO, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self.facts = inspect_text(file, name)
        self._file = file
        self.columns: tuple[str, ...] = ()
        self._delimiter = ","
        if kind == CSV:
            self._read_header()

    def __iter__(self) -> Iterator[Row]:
        """Every row from the first."""
        rows = self._csv_rows() if self.kind == CSV else self._json_rows()
        return rows if self.facts.clean else map(_doubt_bytes, rows)

    def collect_keys(self, most: int) -> tuple[str, ...]:
        """All keys of a JSONL file in the order they first appear. Raises InputError."""
        keys: dict[str, None] = {"text": None}
        for row in self._json_rows():
            keys.update(dict.fromkeys(row.values))
            if len(keys) > most:
                raise InputError("errors.table.keys", name=self.name, most=most)
        self.columns = tuple(keys)
        return self.columns

    def position(self) -> int:
        """How many bytes of the file have been read."""
        return self._file.tell()

    def _lines(self) -> io.TextIOWrapper:
        self._file.seek(0)
        # Closing the wrapper would close the file, which is read more than once.
        return _Unclosed(
            self._file, encoding=self.facts.encoding, errors="surrogateescape", newline=""
        )

    # -- CSV ---------------------------------------------------------------------------------

    def _read_header(self) -> None:
        lines = _Lines(iter(self._lines()))
        try:
            first = next(lines)
        except StopIteration:
            raise InputError("errors.table.empty", name=self.name) from None
        self._delimiter = _delimiter_of(first)
        lines.give_back(0)
        try:
            header = next(self._parser(lines))
        except (csv.Error, _RunawayError, StopIteration) as error:
            raise InputError("errors.table.header", name=self.name, error=str(error)) from error
        self.columns = _unique([cell.strip() for cell in header])

    def _parser(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _csv_rows(self) -> Iterator[Row]:
        lines = _Lines(iter(self._lines()))
        parser = self._parser(lines)
        next(parser)
        width, blank, plain = len(self.columns), 0, self._delimiter == ","
        taken = lines.taken
        while True:
            taken.clear()
            try:
                cells = next(parser)
            except StopIteration:
                return
            except (csv.Error, _RunawayError) as error:
                lines.give_back(1)
                yield self._mended(taken[0], str(error))
                continue
            if not cells:
                # In a table of one column an empty line is an empty text, unless it ends the file.
                blank += width == 1
                continue
            while blank:
                blank -= 1
                yield Row([""])
            if len(cells) != width:
                yield self._misfit(cells)
            elif plain:
                raw = taken[0] if len(taken) == 1 else "".join(taken)
                yield Row(cells, raw.rstrip("\r\n"))
            else:
                yield Row(cells)

    def _mended(self, line: str, why: str) -> Row:
        """One line read without strictness: a row if all its quotes are closed, else a fault."""
        try:
            cells = next(csv.reader([line.rstrip("\r\n")], delimiter=self._delimiter), [])
        except csv.Error:
            cells = []
        if len(cells) != len(self.columns):
            return Row(self._only_text(line.rstrip("\r\n")), fault="not_csv", detail=why)
        if line.count('"') % 2 == 0:
            return Row(cells)
        return Row(cells, fault="not_csv", detail=why)

    def _misfit(self, cells: list[str]) -> Row:
        """A row with too many or too few cells; empty cells too many are only sloppy."""
        width = len(self.columns)
        if len(cells) > width and not any(cells[width:]):
            return Row(cells[:width])
        detail = f"{len(cells)} cells under {width} columns"
        if len(cells) > width:
            detail += f", the last: {cells[width:]!r:.{_SHOWN}}"
        cells = (cells + [""] * width)[:width]
        return Row(cells, fault="wrong_width", detail=detail)

    def _only_text(self, text: str) -> list[str]:
        cells = [""] * len(self.columns)
        index = find_column(self.columns, "text")
        cells[index if index is not None else 0] = text
        return cells

    # -- JSONL -------------------------------------------------------------------------------

    def _json_rows(self) -> Iterator[Row]:
        decode = json.JSONDecoder(parse_constant=_no_constant).decode
        for line in self._lines():
            text = line.strip()
            if not text:
                continue
            try:
                values = decode(text)
            except (ValueError, RecursionError) as error:
                yield Row({"text": text}, fault="not_json", detail=str(error)[:_SHOWN])
                continue
            if isinstance(values, dict):
                yield Row(values, text)
            else:
                kind = type(values).__name__
                yield Row({"text": text}, fault="not_an_object", detail=kind)


def find_column(columns: Sequence[str], name: str) -> int | None:
    """Where a column is, whatever its case; None when there is none."""
    folded = [column.casefold() for column in columns]
    return folded.index(name) if name in folded else None


class _Unclosed(io.TextIOWrapper):
    """A text layer that leaves its file open when it goes."""

    def __del__(self) -> None:
        if not self.closed:
            self.detach()


class _RunawayError(Exception):
    """A record over so many lines that its quote was never meant to be open."""


class _Lines:
    """Lines for the CSV parser that can be given back when it stumbles.

    taken: the lines of the record that is being read.
    """

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._pending: deque[str] = deque()
        self._characters = 0
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._pending.popleft() if self._pending else next(self._source)
        taken = self.taken
        if taken:
            self._characters += len(line)
            if len(taken) >= MOST_LINES or self._characters > MOST_CHARACTERS:
                self._pending.appendleft(line)
                raise _RunawayError("a quote is opened and never closed")
        else:
            self._characters = len(line)
        taken.append(line)
        return line

    def give_back(self, start: int) -> None:
        """Put the lines taken from `start` on back, to be read again."""
        self._pending.extendleft(reversed(self.taken[start:]))
        del self.taken[start:]


def _delimiter_of(header: str) -> str:
    """The comma, or what stands in its place in a header without one."""
    if "," not in header:
        for other in ("\t", ";"):
            if other in header:
                return other
    return ","


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for position, name in enumerate(names, start=1):
        base = name or f"column_{position}"
        found, number = base, 2
        while found in seen:
            found, number = f"{base}_{number}", number + 1
        seen[found] = None
    return tuple(seen)


def _doubt_bytes(row: Row) -> Row:
    """The row with a fault where bytes could not be decoded."""
    if row.fault is None:
        shown = row.values if isinstance(row.values, list) else row.values.values()
        if any(isinstance(cell, str) and _LONE_SURROGATE.search(cell) for cell in shown):
            return row._replace(raw="", fault="not_utf8", detail="bytes of another encoding")
    return row


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not JSON")
