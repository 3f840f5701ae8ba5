"""The places that records name, and the geocoder's answer to each, asked once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from geomap.dataset.frames import LOCATION_COLUMNS, typed, typed_frame
from geomap.geocode import Location
from geomap.records import Alias, City, Origin, Project, Records, Zone

Progress = Callable[[str, int, int], None]
_STEP = 2_000
_FIELDS = {"location_status": "status"}  # columns that a Location names differently


class Question(NamedTuple):
    """What a geocoder is asked: a toponym, and a position (degrees) where one is given."""

    text: str
    lat: float | None = None
    lon: float | None = None
    datum: str = "wgs84"


class Place(NamedTuple):
    """One place of one feature, where its record stands, and the column that names it.

    toponym_zh: the same toponym in Chinese, where the record has it.
    """

    feature_id: str
    toponym: str
    toponym_zh: str | None
    question: Question
    origin: Origin
    column: str


class Geocoder(Protocol):
    """A geocoder as far as a build needs it."""

    def resolve(
        self,
        text: str,
        *,
        lat: float | None = None,
        lon: float | None = None,
        datum: str = "wgs84",
    ) -> Location:
        """Say where a toponym is."""


class PlaceFinder:
    """A geocoder that remembers its answers and knows the aliases of the seeds."""

    def __init__(self, geocoder: Geocoder, aliases: Iterable[Alias] = ()) -> None:
        """Ask `geocoder`; an alias that means one unit is asked for by its adcode."""
        self._geocoder = geocoder
        self._adcodes = _meanings(aliases)
        self._answers: dict[Question, Location] = {}

    def resolve(
        self,
        text: str,
        *,
        lat: float | None = None,
        lon: float | None = None,
        datum: str = "wgs84",
    ) -> Location:
        """Say where a toponym is; `text` of the answer is the toponym as asked."""
        question = Question(text, lat, lon, datum)
        answer = self._answers.get(question)
        if answer is None:
            asked = self._adcodes.get(text.casefold(), text)
            answer = self._geocoder.resolve(asked, lat=lat, lon=lon, datum=datum)
            self._answers[question] = answer = answer._replace(text=text)
        return answer

    def answer(self, question: Question) -> Location:
        """Say where the place of a question is."""
        text, lat, lon, datum = question
        return self.resolve(text, lat=lat, lon=lon, datum=datum)


def _meanings(aliases: Iterable[Alias]) -> dict[str, str]:
    """Give the adcode of each alias; one that meant several units over time is left out."""
    meanings: dict[str, set[str]] = {}
    for alias in aliases:
        if alias.adcode:
            meanings.setdefault(alias.toponym.casefold(), set()).add(alias.adcode)
    return {toponym: min(codes) for toponym, codes in meanings.items() if len(codes) == 1}


def places_of(records: Records) -> Iterator[Place]:
    """List every place of cities, projects and zones, in the order of the tables.

    A record with a position of its own has one place; otherwise each toponym is one. A zone that
    is not drawn has no place, and a zone without members lies where its host does.
    """
    for city, origin in records.with_origins("cities"):
        yield from _places(city, origin, (city.adcode,), "adcode")
    for project, origin in records.with_origins("projects"):
        yield from _places(project, origin, project.places, "places")
    for zone, origin in records.with_origins("zones"):
        if zone.draw_on_map:
            column = "members" if zone.members else "host_place"
            host = (zone.host_place,) if zone.host_place else ()
            yield from _places(zone, origin, zone.members or host, column)


def _places(
    record: City | Project | Zone, origin: Origin, toponyms: Sequence[str], column: str
) -> Iterator[Place]:
    twin = getattr(record, f"{column}_zh", None) or ()
    in_chinese = (twin,) if isinstance(twin, str) else twin
    if record.lat is not None and record.lon is not None:
        text = toponyms[0] if toponyms else ""
        question = Question(text, record.lat, record.lon, record.datum or "wgs84")
        zh = in_chinese[0] if in_chinese else None
        yield Place(record.feature_id, text, zh, question, origin, column)
        return
    for text, zh in zip_longest(toponyms, in_chinese[: len(toponyms)]):
        yield Place(record.feature_id, text, zh, Question(text), origin, column)


def locate_places(
    places: Sequence[Place], finder: PlaceFinder, progress: Progress | None = None
) -> pd.DataFrame:
    """Give the feature, the toponyms and the location columns of every place, row by row."""
    answers: dict[Location, int] = {}
    rows = np.empty(len(places), dtype=np.intp)
    for number, place in enumerate(places):
        if progress is not None and number % _STEP == 0:
            progress("Placing", number, len(places))
        rows[number] = answers.setdefault(finder.answer(place.question), len(answers))
    located = _location_frame(list(answers)).take(rows).reset_index(drop=True)
    for name in ("toponym_zh", "toponym", "feature_id"):
        located.insert(0, name, typed([getattr(place, name) for place in places], "text"))
    return located


def _location_frame(answers: Sequence[Location]) -> pd.DataFrame:
    """Make the location columns of distinct answers."""
    columns: dict[str, list[object]] = {
        name: [getattr(answer, _FIELDS.get(name, name)) for answer in answers]
        for name in LOCATION_COLUMNS
    }
    columns["candidates"] = [candidates_text(answer) for answer in answers]
    return typed_frame(columns, LOCATION_COLUMNS)


def candidates_text(answer: Location) -> str:
    """Write the candidates of an answer as a JSON list of objects."""
    listed = [candidate._asdict() for candidate in answer.candidates]
    return json.dumps(listed, ensure_ascii=False)
