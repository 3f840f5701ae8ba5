"""Columns of a frame as arrays: integer codes for words, flat pairs for lists, spans for dates."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]
NO_ROWS: Final[Ints] = np.empty(0, dtype=np.int32)
FAR_PAST, FAR_FUTURE = np.int32(-(2**30)), np.int32(2**30)
_EPOCH: Final = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, eq=False)
class Codes:
    """A text column as integers: `codes[row]` points into `values`, -1 where nothing stands."""

    values: tuple[str, ...]
    codes: Ints

    @cached_property
    def code_of(self) -> Mapping[str, int]:
        """Look up the code of a value."""
        return {value: code for code, value in enumerate(self.values)}

    def mask(self, wanted: Iterable[str]) -> Mask:
        """Mark the rows that hold one of the wanted values."""
        return np.asarray(self._allowed(wanted)[self.codes])

    def among(self, rows: Ints, wanted: Iterable[str]) -> Mask:
        """Mark, for each of some rows, whether it holds one of the wanted values."""
        return np.asarray(self._allowed(wanted)[self.codes[rows]])

    def _allowed(self, wanted: Iterable[str]) -> Mask:
        allowed = np.zeros(len(self.values) + 1, dtype=bool)  # the last place stands for -1
        for value in wanted:
            if value in self.code_of:
                allowed[self.code_of[value]] = True
        return allowed


@dataclass(frozen=True, eq=False)
class Lists:
    """A column of lists as flat pairs (row, code into `values`), sorted by row."""

    values: tuple[str, ...]
    rows: Ints
    codes: Ints
    size: int

    @cached_property
    def code_of(self) -> Mapping[str, int]:
        """Look up the code of a value."""
        return {value: code for code, value in enumerate(self.values)}

    def mask(self, wanted: Iterable[str]) -> Mask:
        """Mark the rows whose list holds one of the wanted values."""
        allowed = np.zeros(len(self.values), dtype=bool)
        for value in wanted:
            if value in self.code_of:
                allowed[self.code_of[value]] = True
        found = np.zeros(self.size, dtype=bool)
        found[self.rows[allowed[self.codes]]] = True
        return found

    @cached_property
    def nonempty(self) -> Mask:
        """Mark the rows whose list holds anything."""
        found = np.zeros(self.size, dtype=bool)
        found[self.rows] = True
        return found

    def of(self, rows: Ints) -> tuple[str, ...]:
        """Return the distinct values in the lists of `rows`, in their sorted order."""
        return tuple(self.values[code] for code in np.flatnonzero(self._met(rows)))

    def count_of(self, rows: Ints) -> int:
        """Count the distinct values in the lists of `rows`."""
        return int(self._met(rows).sum())

    def _met(self, rows: Ints) -> Mask:
        wanted = np.zeros(self.size, dtype=bool)
        wanted[rows] = True
        met = np.zeros(len(self.values), dtype=bool)
        met[self.codes[wanted[self.rows]]] = True
        return met


@dataclass(frozen=True, eq=False)
class Spans:
    """Partial dates as spans of days since 1970: "2020-03" covers its first to its last day."""

    first: Ints
    last: Ints

    @property
    def known(self) -> Mask:
        """Mark the rows that have a date."""
        return np.asarray(self.first != FAR_FUTURE)

    def meets(self, first_day: int, last_day: int) -> Mask:
        """Mark the rows whose date may lie between the two days, both included."""
        return np.asarray(self.known & (self.first <= last_day) & (self.last >= first_day))


def bare_id(name: str) -> str:
    """Take the kind off a feature id: "project:foxconn" and "foxconn" name one project."""
    return name.partition(":")[2] or name


def texts_of(frame: pd.DataFrame, column: str) -> Texts:
    """Return a column as texts, "" where nothing stands or the column is absent."""
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    values = frame[column].astype(object).to_numpy(dtype=object)
    empty = np.asarray(pd.isna(values), dtype=bool)
    return np.where(empty, "", values).astype(object)


def floats_of(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column as floats, NaN where nothing stands or the column is absent."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.asarray(pd.to_numeric(frame[column], errors="coerce"), dtype=np.float64)


def adcodes_of(frame: pd.DataFrame, column: str) -> Ints:
    """Return a column of adcodes as integers, -1 where nothing stands."""
    numbers = pd.to_numeric(pd.Series(texts_of(frame, column)), errors="coerce")
    return np.asarray(numbers.fillna(-1), dtype=np.int32)


def codes_of(values: Texts) -> Codes:
    """Number the distinct texts of a column in their sorted order; "" becomes -1."""
    codes, words = pd.factorize(values, sort=False)
    order = sorted(range(len(words)), key=lambda place: str(words[place]))
    kept = [place for place in order if words[place] != ""]
    new = np.full(len(words) + 1, -1, dtype=np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    return Codes(tuple(str(words[place]) for place in kept), new[codes])


def as_list(value: object) -> tuple[str, ...]:
    """Read a cell of a list column, whatever shape storage gave it, as a tuple of texts."""
    if value is None or isinstance(value, float):
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    if isinstance(value, Iterable):
        return tuple(str(part) for part in value)
    return ()


def lists_of(frame: pd.DataFrame, column: str, clean: Callable[[str], str] = str) -> Lists:
    """Flatten a list column; `clean` is applied to each distinct text."""
    if column not in frame.columns:
        return make_lists([], [], len(frame))
    cells = [as_list(value) for value in frame[column]]
    rows = np.repeat(np.arange(len(cells)), [len(cell) for cell in cells])
    return make_lists(rows, [clean(word) for cell in cells for word in cell], len(frame))


def make_lists(rows: Sequence[int] | NDArray[Any], words: Sequence[str], size: int) -> Lists:
    """Make lists of flat pairs of rows and words; rows ascend, "" falls out."""
    coded = codes_of(np.asarray(words, dtype=object))
    kept = coded.codes >= 0
    flat_rows = np.asarray(rows, dtype=np.int32)
    return Lists(coded.values, flat_rows[kept], coded.codes[kept], size)


def source_parts(reference: str) -> tuple[str, str]:
    """Split a further source "S2@L5" into its id and locator ("" when none is given)."""
    name, _, locator = reference.partition("@")
    return name, locator


def spans_of(values: Texts) -> Spans:
    """Read partial ISO dates as spans of days; anything else is an unknown date."""
    codes, words = pd.factorize(values)
    first = np.full(len(words) + 1, FAR_FUTURE, dtype=np.int32)
    last = np.full(len(words) + 1, FAR_PAST, dtype=np.int32)
    for place, word in enumerate(words):
        days = day_span(str(word))
        if days is not None:
            first[place], last[place] = days
    return Spans(first[codes], last[codes])


def day_span(partial: str) -> tuple[int, int] | None:
    """Return first and last day (days since 1970-01-01) of a partial ISO date, or None."""
    if len(partial) not in (4, 7, 10):
        return None
    try:
        first = dt.date.fromisoformat(partial + "-01-01"[len(partial) - 4 :])
    except ValueError:
        return None
    if len(partial) == 10:
        return first.toordinal() - _EPOCH, first.toordinal() - _EPOCH
    month = 12 if len(partial) == 4 else first.month
    last = dt.date(first.year, month, calendar.monthrange(first.year, month)[1])
    return first.toordinal() - _EPOCH, last.toordinal() - _EPOCH
