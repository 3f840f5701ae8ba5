"""The body of `geomap geocode`: a table in, every row back in order, with its answer.

Memory stays the same for ten rows and ten million. With an output file the run can be killed at
any moment and resumed: see `journal`. Exit codes, for the command line:

    EXIT_DONE 0    every row was read and answered, found or not
    EXIT_FAULTS 1  the input cannot be read (InputError), or some rows of it could not; these come
                   back as `not_found` with the flag `bad_row` and a reason
    EXIT_USAGE 2   a setting or an option cannot be used (SettingsError)
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from geomap import paths
from geomap.errors import InputError, SettingsError, system_reason
from geomap.geocode.answers import Answerer, Resolver, unfit_answer, unfit_reason
from geomap.geocode.base import AMBIGUOUS, MATCHED, NOT_FOUND, Location
from geomap.geocode.journal import JournaledOutput, Progress
from geomap.geocode.sheets import ARCHIVE_START, csv_as_workbook, sheet_as_csv
from geomap.geocode.table_read import CSV, FORMATS, XLSX, TableReader, find_column, format_of
from geomap.geocode.table_write import TableWriter
from geomap.sentences import Sentence, either, sentence
from geomap.settings import Settings
from geomap.text import text

if TYPE_CHECKING:
    from geomap.geocode.providers import Provider

__all__ = [
    "EXIT_DONE",
    "EXIT_FAULTS",
    "EXIT_USAGE",
    "StreamReport",
    "geocode_file",
    "geocode_text",
    "make_geocoder",
]

EXIT_DONE, EXIT_FAULTS, EXIT_USAGE = 0, 1, 2
_BATCH = 2_000
# Services answer once a second: a smaller batch is safe on disk sooner.
_BATCH_OF_SERVICES = 10
_MOST_KEYS = 500
_STDIN = "-"


@dataclass(frozen=True)
class StreamReport:
    """What a run did. rows: all, those of the run it resumed included. faults: rows that could
    not be read as they stand. resumed: rows that an earlier run had done. seconds: of this run.
    """

    rows: int
    matched: int
    ambiguous: int
    not_found: int
    faults: int
    resumed: int
    seconds: float

    @property
    def exit_code(self) -> int:
        """EXIT_DONE, or EXIT_FAULTS when rows could not be read."""
        return EXIT_FAULTS if self.faults else EXIT_DONE

    @property
    def words(self) -> Sentence:
        """What a person is told of the run, in either language."""
        told = {name: getattr(self, name) for name in ("matched", "ambiguous", "not_found")}
        line = sentence("geocode.report", rows=sentence("geocode.rows", n=self.rows), **told)
        if not self.faults:
            return line
        return sentence("geocode.report.faults", report=line, faults=self.faults)

    def __str__(self) -> str:
        return self.words.say("en")


def make_geocoder(
    providers: Sequence[str] = (), *, finer: bool = False, settings: Settings | None = None
) -> Resolver:
    """The offline geocoder, followed by the named services. Raises SettingsError."""
    services: tuple[Provider, ...] = ()
    if providers:  # first, for a missing key is said at once and the gazetteer takes a second
        from geomap.geocode.providers import open_providers

        services = open_providers(providers, settings or Settings.from_env())
    from geomap.geocode.offline import default_geocoder

    if not services:
        return default_geocoder()
    from geomap.geocode.chain import ChainGeocoder

    return ChainGeocoder(default_geocoder(), services, finer=finer)


def geocode_text(
    text: str,
    *,
    providers: Sequence[str] = (),
    finer: bool = False,
    settings: Settings | None = None,
    geocoder: Resolver | None = None,
    **stated: Any,  # noqa: ANN401 - keywords of resolve
) -> Location:
    """Where one text is; the body of `geomap geocode --text`.

    stated: province, city, county, context, lat, lon, datum. Raises SettingsError, UnknownDatum.
    """
    why = unfit_reason(text)
    if why is not None:
        return unfit_answer(text, why)
    asked = geocoder or make_geocoder(providers, finer=finer, settings=settings)
    return asked.resolve(text, **{k: v for k, v in stated.items() if v is not None and v != ""})


def geocode_file(
    source: str | Path,
    output: str | Path | None = None,
    *,
    output_format: str | None = None,
    sheet: str | None = None,
    resume: bool = False,
    providers: Sequence[str] = (),
    finer: bool = False,
    settings: Settings | None = None,
    geocoder: Resolver | None = None,
    progress: bool | None = None,
    lang: str = "en",
) -> StreamReport:
    """Give every row of `source` back with its answer.

    source: a CSV, JSONL or XLSX file, or "-" for standard input. output: a file, or None for
    standard output. output_format: csv, jsonl or xlsx; by default what the output's name says, else
    the input's, but CSV for a workbook on standard output. sheet: of a workbook; by default the
    first with a column `text`. resume: go on where a killed run with the same input and options
    stopped. providers, finer, settings: services to ask where the gazetteer cannot answer.
    geocoder: in their place. progress: show a bar on standard error; by default when that is a
    terminal.

    Raises InputError and SettingsError.
    """
    target = None if output is None or str(output) == _STDIN else Path(output)
    if resume and (target is None or str(source) == _STDIN):
        raise SettingsError("errors.table.resume_needs_files")
    with _opened(source, sheet) as (file, name, kind):
        written = _output_format(output_format, target, kind)
        lines = CSV if written == XLSX else written
        reader = TableReader(file, name, CSV if kind == XLSX else kind)
        columns = _columns(reader, lines)
        asked = geocoder or make_geocoder(providers, finer=finer, settings=settings)
        run = _Run(reader, TableWriter(lines, columns), Answerer(asked, columns))
        run.batch = _BATCH_OF_SERVICES if providers else _BATCH
        identity = _identity(reader, written, providers, finer)
        sink = _sink(target, written, identity, source, resume=resume)
        with _bar(progress, reader.facts.size, name, lang) as bar:
            return run.through(sink, bar)


class _Sink(Protocol):
    """Where the lines go: a journaled file or standard output."""

    progress: Progress

    def write(self, lines: bytes, rows: int) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class _Bar(Protocol):
    def update(self, position: int, rows: int) -> None: ...


class _Run:
    """One table on its way through a geocoder."""

    def __init__(self, reader: TableReader, writer: TableWriter, answerer: Answerer) -> None:
        self.reader, self.writer, self.answerer = reader, writer, answerer
        self.batch = _BATCH

    def through(self, sink: _Sink, bar: _Bar) -> StreamReport:
        """Answer all rows and finish the output; what is done stays safe when it is cut short."""
        started = time.monotonic()
        done = sink.progress
        resumed, counts = done.rows, Counter(done.counts)
        self.answerer.skip(done.rows, counts["faults"])
        rows = islice(iter(self.reader), done.rows, None)
        try:
            if not done.bytes:
                sink.write(self.writer.header(), 0)
            while batch := list(islice(rows, self.batch)):
                found = self.answerer.answer(batch)
                counts.update(location.status for location in found)
                counts["faults"] = self.answerer.faults
                done.counts = dict(counts)
                sink.write(self.writer.rows(batch, found), len(batch))
                bar.update(self.reader.position(), done.rows)
            sink.finish()
        finally:
            sink.close()
        return StreamReport(
            done.rows, counts[MATCHED], counts[AMBIGUOUS], counts[NOT_FOUND], counts["faults"],
            resumed, time.monotonic() - started,
        )  # fmt: skip


class _Pipe:
    """Standard output as a sink: nothing to resume."""

    def __init__(self) -> None:
        self.progress = Progress()

    def write(self, lines: bytes, rows: int) -> None:
        sys.stdout.buffer.write(lines)
        self.progress.rows += rows
        self.progress.bytes += len(lines)

    def finish(self) -> None:
        sys.stdout.buffer.flush()

    def close(self) -> None:
        pass


def _sink(
    target: Path | None,
    written: str,
    identity: dict[str, object],
    source: str | Path,
    *,
    resume: bool,
) -> _Sink:
    if target is None:
        if written == XLSX:
            raise SettingsError("errors.table.workbook_needs_file")
        return _Pipe()
    if target.exists() and str(source) != _STDIN and target.samefile(source):
        raise InputError("errors.table.own_input", path=target)
    if not target.parent.is_dir():
        raise InputError("errors.table.no_folder", folder=target.parent)
    turned = csv_as_workbook if written == XLSX else None
    return JournaledOutput(target, identity, resume=resume, turned=turned)


@contextmanager
def _opened(source: str | Path, sheet: str | None) -> Iterator[tuple[BinaryIO, str, str]]:
    """The input, seekable, its name and its form; a workbook's sheet is given as CSV."""
    with _found(source) as (file, name):
        file.seek(0)
        if file.read(4) == ARCHIVE_START:
            with sheet_as_csv(file, name, sheet) as copy:
                yield copy, name, XLSX
            return
        if sheet is not None:
            raise SettingsError("errors.table.sheet_without_workbook", name=name)
        kind = format_of(name, file)
        if kind == XLSX:
            raise InputError("errors.table.named_workbook", name=name)
        yield file, name, kind


@contextmanager
def _found(source: str | Path) -> Iterator[tuple[BinaryIO, str]]:
    """The input, seekable, and its name; standard input is kept in a temporary file."""
    if str(source) == _STDIN:
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            yield cast(BinaryIO, copy), "standard input"
        return
    with _open(Path(source)) as file:
        yield file, str(source)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        why = system_reason(error)
        raise InputError("errors.table.unreadable", path=path, error=why) from error


def _output_format(asked: str | None, target: Path | None, kind: str) -> str:
    if asked is None:
        if target is not None and target.suffix:
            return format_of(target.name)
        return CSV if kind == XLSX and target is None else kind
    if asked not in FORMATS:
        raise SettingsError("errors.table.no_format", asked=asked, formats=either(FORMATS))
    return asked


def _columns(reader: TableReader, written: str) -> tuple[str, ...]:
    """Names of what was read. Raises InputError for a CSV without the column `text`."""
    if reader.kind == CSV:
        if find_column(reader.columns, "text") is None:
            named = ", ".join(reader.columns)[:200]
            raise InputError("errors.table.no_text_column", name=reader.name, columns=named)
        return reader.columns
    return reader.collect_keys(_MOST_KEYS) if written == CSV else ()


def _identity(
    reader: TableReader, written: str, providers: Sequence[str], finer: bool
) -> dict[str, object]:
    """What must be the same for a killed run to be continued."""
    try:
        release = version("geomap")
    except PackageNotFoundError:
        release = "checkout"
    tables = sorted(paths.geo_dir().glob("*.parquet")) + sorted(paths.geo_dir().glob("*.csv"))
    return {
        "input_sha256": reader.facts.sha256,
        "input_format": reader.kind,
        "output_format": written,
        "providers": list(providers),
        "finer": finer,
        "geomap": release,
        "gazetteer": [[table.name, table.stat().st_size] for table in tables],
    }


class _NoBar:
    def update(self, position: int, rows: int) -> None:
        pass


def _bar(wanted: bool | None, size: int, name: str, lang: str) -> AbstractContextManager[_Bar]:
    """A progress bar on standard error, or nothing."""
    shown = sys.stderr.isatty() if wanted is None else wanted
    return _rich_bar(size, name, lang) if shown else nullcontext(_NoBar())


@contextmanager
def _rich_bar(size: int, name: str, lang: str) -> Iterator[_Bar]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    parts = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
        TextColumn("{task.fields[told]}"), TimeRemainingColumn(),
    )  # fmt: skip
    started = time.monotonic()
    with Progress(*parts, console=Console(stderr=True)) as shown:
        task = shown.add_task(escape(Path(name).name), total=size, told="")

        class Bar:
            def update(self, position: int, rows: int) -> None:
                pace = rows / max(1e-6, time.monotonic() - started)
                told = text("geocode.progress", lang, rows=rows, pace=pace)
                shown.update(task, completed=position, told=told)

        yield Bar()
