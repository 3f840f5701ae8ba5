"""Ask a geocoder about every place and code of the records, and report what it cannot place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from geomap.issues import make_issue
from geomap.records import Issue, Origin, Records
from geomap.sentences import Names, Sentence, sentence
from geomap.text import has_text, text

_PROVINCE_WORDS = (" Province", " Autonomous Region")
_COUNTRY = ("china", "prc", "p.r. china", "pr china", "people's republic of china", "中国")
_PROVINCE_ZH = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:省|自治区|特别行政区)")


class Answer(Protocol):
    """What a geocoder says about a toponym."""

    @property
    def status(self) -> str:
        """matched, ambiguous or not_found."""

    @property
    def level(self) -> str | None:
        """The level of the finest unit found."""

    @property
    def province(self) -> str | None:
        """Full Chinese name of the province it lies in."""

    @property
    def matched(self) -> str | None:
        """The words that were understood."""

    @property
    def candidates(self) -> Sequence[Any]:
        """The units it could be, each with `path_zh`, `name_en` and `adcode`."""

    @property
    def flags(self) -> Sequence[str]:
        """Warnings about the position that was given."""


class Resolver(Protocol):
    """A geocoder as far as it is needed here."""

    def resolve(
        self,
        text: str,
        *,
        lat: float | None = None,
        lon: float | None = None,
        datum: str = "wgs84",
    ) -> Answer:
        """Say where a toponym is."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """One place a row names, with the position given beside it, and where it stands."""

    origin: Origin
    column: str
    toponym: str
    lat: float | None = None
    lon: float | None = None
    datum: str | None = None


def check_places(
    records: Records, geocoder: Resolver, rejected: Iterable[NamedPlace] = ()
) -> tuple[Issue, ...]:
    """Report every place of cities, projects, zones and corridors that cannot be placed.

    rejected: places of rows that gave no record for another fault, to be checked all the same.
    """
    named = (
        *_given_positions(records),
        *_places_of(records, "projects", "places"),
        *_places_of(records, "zones", "members"),
    )
    return (
        *_check_codes(records, geocoder),
        *(issue for place in (*named, *rejected) for issue in _check_place(place, geocoder)),
    )


def place_issue(answer: Answer, toponym: str, origin: Origin, column: str) -> Issue | None:
    """Say what is wrong with one answer, or None when the place was found."""
    if answer.status == "not_found":
        return make_issue("unknown_place", origin, column, toponym)
    if answer.status == "ambiguous":
        units = _candidates(answer)
        return make_issue("ambiguous_place", origin, column, toponym, candidates=units)
    return None


def _candidates(answer: Answer) -> tuple[str, ...] | Sentence:
    shown = tuple(f"{one.path_zh} {one.adcode or ''}".strip() for one in answer.candidates[:5])
    more = len(answer.candidates) - len(shown)
    return sentence("faults.candidates_more", shown=shown, more=more) if more > 0 else shown


def _places_of(records: Records, table: str, column: str) -> Iterator[NamedPlace]:
    for record, origin in records.with_origins(table):
        for toponym in getattr(record, column):
            yield NamedPlace(origin, column, toponym, record.lat, record.lon, record.datum)


def _given_positions(records: Records) -> Iterator[NamedPlace]:
    """The cities that bring a position of their own, to be checked against their code."""
    for city, origin in records.with_origins("cities"):
        if city.lat is not None:
            yield NamedPlace(origin, "adcode", city.adcode, city.lat, city.lon, city.datum)


def _check_place(place: NamedPlace, geocoder: Resolver) -> Iterator[Issue]:
    answer = geocoder.resolve(
        place.toponym, lat=place.lat, lon=place.lon, datum=place.datum or "wgs84"
    )
    if place.lat is not None:
        yield from _disagreements(place, answer)
    province = stated_province(place.toponym)
    if province and geocoder.resolve(province).status == "not_found":
        yield _unknown_province(place, province)
    elif place.lat is None:
        issue = place_issue(answer, place.toponym, place.origin, place.column)
        if issue is not None:
            yield issue
        elif answer.status == "matched":
            yield from _contradiction(place, answer, geocoder)


def stated_province(toponym: str) -> str | None:
    """The part of a toponym that should name its province, or None when none claims to."""
    parts = [part.strip() for part in toponym.split(",")]
    if len(parts) > 1 and parts[-1].casefold() in _COUNTRY:
        parts.pop()
    if len(parts) > 1 or parts[0].endswith(_PROVINCE_WORDS):
        return parts[-1]
    match = _PROVINCE_ZH.match(toponym)
    return match.group() if match else None


def _contradiction(place: NamedPlace, answer: Answer, geocoder: Resolver) -> Iterator[Issue]:
    """A finer part that was passed over, because it names a unit of another province.

    Only where nothing but the province was understood: `Sanjiang New Area, Yibin, Sichuan` is
    right, though a county of another province is called Sanjiang.
    """
    finer, comma, _ = place.toponym.partition(",")
    province = _PROVINCE_ZH.match(place.toponym)
    if province and not comma:
        finer = place.toponym[province.end() :]
    elif not comma:
        return
    if answer.level != "province" or not finer or finer in (answer.matched or ""):
        return
    alone = geocoder.resolve(finer)
    elsewhere = alone.province and alone.province != answer.province
    if alone.status == "matched" and alone.level in ("prefecture", "county") and elsewhere:
        yield make_issue(
            "place_contradicts",
            place.origin,
            place.column,
            place.toponym,
            finer=finer,
            actual=alone.province,
            stated=answer.province,
        )


def _unknown_province(place: NamedPlace, province: str) -> Issue:
    return make_issue(
        "unknown_province",
        place.origin,
        place.column,
        place.toponym,
        province=province,
    )


def _disagreements(place: NamedPlace, answer: Answer) -> Iterator[Issue]:
    for flag in answer.flags:
        yield make_issue(
            "position_disagrees",
            place.origin,
            "lat",
            f"{place.lat:g}, {place.lon:g}",
            toponym=place.toponym,
            flag=_flag(flag),
        )


def _flag(flag: str) -> Names:
    """A warning of the geocoder: its code for programs, in Chinese the words it has."""
    key = f"geocode.flag.{flag}"
    return Names(flag, text(key, "zh") if has_text(key, "zh") else "")


def _check_codes(records: Records, geocoder: Resolver) -> Iterator[Issue]:
    for table, column in (("cities", "adcode"), ("corridors", "members")):
        for record, origin in records.with_origins(table):
            value = getattr(record, column)
            for adcode in value if isinstance(value, tuple) else (value,):
                if geocoder.resolve(adcode).status == "not_found":
                    yield make_issue("unknown_adcode", origin, column, adcode)
