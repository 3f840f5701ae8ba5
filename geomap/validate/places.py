"""Ask a geocoder about every place and code of the records, and report what it cannot place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from geomap.issues import make_issue
from geomap.records import Issue, Origin, Records


class Answer(Protocol):
    """What a geocoder says about a toponym."""

    @property
    def status(self) -> str:
        """matched, ambiguous or not_found."""

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


def check_places(records: Records, geocoder: Resolver) -> tuple[Issue, ...]:
    """Report every place of cities, projects, zones and corridors that cannot be placed."""
    return (
        *_check_codes(records, geocoder),
        *_check_toponyms(records, "projects", "places", geocoder),
        *_check_toponyms(records, "zones", "members", geocoder),
    )


def place_issue(answer: Answer, toponym: str, origin: Origin, column: str) -> Issue | None:
    """Say what is wrong with one answer, or None when the place was found."""
    if answer.status == "not_found":
        return make_issue(
            "unknown_place",
            origin,
            column,
            toponym,
            message="No place of this name is known, nor any unit it names.",
            fix="Write it finest part first with its province (Shengze Town, Wujiang District,"
            " Suzhou, Jiangsu), give lat and lon, or add the name to aliases.csv.",
        )
    if answer.status == "ambiguous":
        return make_issue(
            "ambiguous_place",
            origin,
            column,
            toponym,
            message=f"The name fits several units: {_candidates(answer)}.",
            fix="Add the county, city or province, or write the adcode of the one that is meant.",
        )
    return None


def _candidates(answer: Answer) -> str:
    shown = [f"{one.path_zh} {one.adcode or ''}".strip() for one in answer.candidates[:5]]
    more = len(answer.candidates) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _check_toponyms(
    records: Records, table: str, column: str, geocoder: Resolver
) -> Iterator[Issue]:
    for record, origin in records.with_origins(table):
        for toponym in getattr(record, column):
            answer = geocoder.resolve(
                toponym, lat=record.lat, lon=record.lon, datum=record.datum or "wgs84"
            )
            issue = place_issue(answer, toponym, origin, column)
            if issue is not None and record.lat is None:
                yield issue
            yield from _disagreements(answer, record, toponym, origin)


def _disagreements(answer: Answer, record: Any, toponym: str, origin: Origin) -> Iterator[Issue]:  # noqa: ANN401 - project or zone
    for flag in answer.flags if record.lat is not None else ():
        yield make_issue(
            "position_disagrees",
            origin,
            "lat",
            f"{record.lat:g}, {record.lon:g}",
            message=f"The position and the place “{toponym}” do not agree: {flag}.",
            fix="Check the position, its datum and the name; one of them is of another place.",
        )


def _check_codes(records: Records, geocoder: Resolver) -> Iterator[Issue]:
    for table, column in (("cities", "adcode"), ("corridors", "members")):
        for record, origin in records.with_origins(table):
            value = getattr(record, column)
            for adcode in value if isinstance(value, tuple) else (value,):
                if geocoder.resolve(adcode).status == "not_found":
                    yield make_issue(
                        "unknown_adcode",
                        origin,
                        column,
                        adcode,
                        message="No unit of China has this code, today or in the past.",
                        fix="Look the unit up with: geomap geocode --text NAME",
                    )
