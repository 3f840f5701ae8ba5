"""What a geocoder answers: one frozen `Location` for every toponym, found or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from geopy.location import Location as GeopyLocation

MATCHED, AMBIGUOUS, NOT_FOUND = "matched", "ambiguous", "not_found"
STATUSES = (MATCHED, AMBIGUOUS, NOT_FOUND)
PROVIDER = "gazetteer"
# Finest first; also the order in which a reader may filter.
PRECISIONS = ("site", "place", "town", "county", "prefecture", "province", "country")


class Candidate(NamedTuple):
    """One unit a toponym may mean. lat, lon: WGS 84 degrees or None."""

    adcode: str | None
    level: str
    name_zh: str | None
    name_en: str | None
    path_zh: str
    lat: float | None
    lon: float | None


class Location(NamedTuple):
    """Where a toponym is, how exactly, and why this answer was given.

    text: the toponym as asked. status: matched, ambiguous or not_found. level: of the finest unit
    (province, prefecture, county, zone, town, place, site). adcode: GB/T 2260 code of the finest
    official unit. province, city, county: full Chinese names, `*_en` English ones; a level that
    neither the text nor the hierarchy fixes is None. lat, lon: WGS 84 degrees. precision: one of
    PRECISIONS. radius_km: the true site lies within it. method: how it was found. matched: the
    words that matched, separated by " ". changed_from: the abolished unit's name. candidates: the
    units considered when more than one was. flags: warnings about the input. reason: why this
    unit, as written by `format_reason`. provider: who answered.
    """

    text: str
    status: str = NOT_FOUND
    level: str | None = None
    adcode: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    province_en: str | None = None
    city_en: str | None = None
    county_en: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: str | None = None
    radius_km: float | None = None
    method: str | None = None
    matched: str | None = None
    changed_from: str | None = None
    candidates: tuple[Candidate, ...] = ()
    flags: tuple[str, ...] = ()
    reason: str = ""
    provider: str = PROVIDER


def format_reason(code: str, values: Mapping[str, str] | None = None) -> str:
    """Write a reason as `code` or `code?name=value&...`, to be said in a reader's language."""
    return f"{code}?{urlencode(values)}" if values else code


def parse_reason(reason: str) -> tuple[str, dict[str, str]]:
    """Take a reason apart into its code and values; the words are `geocode.reason.<code>`."""
    code, _, values = reason.partition("?")
    return code, dict(parse_qsl(values))


def as_geopy(found: Location, exactly_one: bool) -> GeopyLocation | list[GeopyLocation] | None:
    """Return an answer as geopy's geocoders give it, with ours as `.raw`; None without a point."""
    from geopy.location import Location as GeopyLocation  # late: a quarter of a second

    if found.lat is None or found.lon is None:
        return None
    place = GeopyLocation(found.matched or found.text, (found.lat, found.lon), found)
    return place if exactly_one else [place]
