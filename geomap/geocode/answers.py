"""Rows turned into questions for a geocoder, and every row given an answer whatever happens.

Text that is no toponym (a NUL, a right-to-left mark, emoji, ten thousand characters) is answered
`not_found` without being asked; a position or datum that cannot be read is flagged and the text
decides alone; trouble with one row is that row's answer.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from geomap.datum import normalise_datum
from geomap.errors import UnknownDatum
from geomap.geocode.base import Location, format_reason
from geomap.geocode.table_read import Row, find_column

_LOG = logging.getLogger(__name__)

LONGEST_TEXT = 10_000
STATED = ("province", "city", "county", "context")
_BESIDE = frozenset({*STATED, "lat", "lon"})
_NOT_WORDS = {
    "nul": "\x00",
    # A mark that turns the direction of writing shows other words than it holds.
    "right_to_left": "\u061c\u200f\u202b\u202e\u2067",
    "emoji": "\ufe0f\U0001f000-\U0001faff",
    "half_a_character": "\ud800-\udfff",
}
_UNFIT = re.compile(f"[{''.join(_NOT_WORDS.values())}]")
_KINDS = {name: re.compile(f"[{characters}]") for name, characters in _NOT_WORDS.items()}


class Resolver(Protocol):
    """What answers: the offline geocoder, a chain, or a fake in a test."""

    @property
    def resolve(self) -> Callable[..., Location]:
        """Says where one text is; arguments as of the offline geocoder."""

    def resolve_many(self, rows: Iterable[str | Mapping[str, Any]]) -> Iterator[Location]:
        """Say it for many, in order."""


def unfit_reason(text: str) -> str | None:
    """Why a text cannot be a toponym, as a word, or None."""
    if len(text) > LONGEST_TEXT:
        return "too_long"
    if _UNFIT.search(text) is None:
        return None
    return next(name for name, kind in _KINDS.items() if kind.search(text))


def unfit_answer(text: str, why: str) -> Location:
    """The answer to a text that is no toponym."""
    return Location(text, reason=format_reason("unfit_text", {"why": why}))


@dataclass
class Answerer:
    """Answers rows of one table through a geocoder.

    columns: names of the cells of rows that are lists. faults: rows so far that could not be read
    as they stand.
    """

    geocoder: Resolver
    columns: Sequence[str] = ()
    faults: int = 0
    _done: int = 0
    _places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        names = ("text", *STATED, "lat", "lon", "datum")
        found = {name: find_column(self.columns, name) for name in names}
        self._places = {name: index for name, index in found.items() if index is not None}
        self._text = self._places.pop("text", None)

    def skip(self, rows: int, faults: int) -> None:
        """Count rows of an earlier run as done."""
        self._done += rows
        self.faults += faults

    def answer(self, rows: Sequence[Row]) -> list[Location]:
        """One answer per row, in order."""
        answers: list[Location | None] = []
        questions: list[str | dict[str, Any]] = []
        warned: dict[int, tuple[str, ...]] = {}
        for row in rows:
            self._done += 1
            question = self._question(row)
            if isinstance(question, Location):
                answers.append(question)
                continue
            if not isinstance(question, str) and (flags := question.pop("flags", None)):
                warned[len(answers)] = flags
            answers.append(None)
            questions.append(question)
        found = iter(self._resolved(questions))
        whole = [next(found) if answer is None else answer for answer in answers]
        for index, flags in warned.items():
            self.faults += 1
            whole[index] = whole[index]._replace(flags=(*flags, *whole[index].flags))
        return whole

    def _question(self, row: Row) -> str | dict[str, Any] | Location:
        """What to ask for a row, or the answer where there is nothing to ask."""
        if row.fault is not None:
            return self._fault(row.fault, row.detail)
        values = row.values
        if isinstance(values, list):
            text = values[self._text] if self._text is not None else ""
            given: Mapping[str, Any] = {}
            if self._places:
                given = {n: values[i] for n, i in self._places.items() if values[i]}
        else:
            given = {} if _BESIDE.isdisjoint(values) else values
            words = _text_of(values.get("text", "" if given else None))
            if words is None:
                return self._fault("no_text", type(values.get("text")).__name__)
            text = words
        why = unfit_reason(text)
        if why is not None:
            return unfit_answer(text, why)
        return stated_question(text, given) if given else text

    def _fault(self, code: str, detail: str) -> Location:
        self.faults += 1
        reason = format_reason(code, {"row": str(self._done), "detail": detail})
        return Location("", reason=reason, flags=("bad_row",))

    def _resolved(self, questions: list[str | dict[str, Any]]) -> list[Location]:
        """All answers at once; when that fails, one by one, so that one row fails alone."""
        try:
            found = list(self.geocoder.resolve_many(questions))
            if len(found) == len(questions):
                return found
            _LOG.error("%d answers came to %d questions.", len(found), len(questions))
        except Exception:
            _LOG.exception("A batch of %d rows failed; answering them one by one.", len(questions))
        return [self._one(question) for question in questions]

    def _one(self, question: str | dict[str, Any]) -> Location:
        arguments = {"text": question} if isinstance(question, str) else question
        try:
            return self.geocoder.resolve(**arguments)
        except Exception as error:
            _LOG.exception("A row failed.")
            self.faults += 1
            reason = format_reason("row_failed", {"error": type(error).__name__})
            return Location(str(arguments["text"]), reason=reason, flags=("row_failed",))


def _text_of(value: object) -> str | None:
    """The text of a JSON row: a number may be an adcode; anything else is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def stated_question(text: str, given: Mapping[str, Any]) -> str | dict[str, Any]:
    """A text with what the row states beside it, as arguments of `resolve`.

    What cannot be read is left out and named in `flags`.
    """
    question: dict[str, Any] = {}
    flags: list[str] = []
    for name in STATED:
        value = given.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            if stated := str(value).strip():
                question[name] = stated
        elif value is not None:
            flags.append(f"bad_{name}")
    if given.get("lat") not in (None, "") or given.get("lon") not in (None, ""):
        position = _position(given, flags)
        if position is not None:
            question.update(position)
    if flags:
        question["flags"] = tuple(flags)
    return {"text": text, **question} if question else text


def _position(given: Mapping[str, Any], flags: list[str]) -> dict[str, Any] | None:
    """lat, lon and datum of a row, or None with a flag that says why not."""
    lat, lon = _degrees(given.get("lat")), _degrees(given.get("lon"))
    if lat is None or lon is None:
        flags.append("bad_coordinates")
        return None
    try:
        datum = normalise_datum(str(given.get("datum") or ""))
    except UnknownDatum:
        flags.append("bad_datum")
        return None
    return {"lat": lat, "lon": lon, "datum": datum}


def _degrees(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
