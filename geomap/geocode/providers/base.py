"""What all outside services share: pace, retries, bounds, validation, cache.

A provider is opt-in: nothing here runs unless a reader names it. One question to a service goes

    cache -> pace (shared by all processes) -> one bounded request -> validation -> cache

and ends in an `Answer`, in None (the service knows no such place) or in a GeocodeError that says
what went wrong. A failure is never turned into "not found".
"""

from __future__ import annotations

import json
import logging
import math
import sqlite3
import unicodedata
import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar
from urllib.parse import urlsplit

import geopy.exc
import geopy.geocoders.base
import geopy.location
import stamina

from geomap.datum import check_coordinates
from geomap.errors import (
    GeocodeBadAnswer,
    GeocodeError,
    GeocodeRateLimited,
    GeocodeRefused,
    GeocodeTimeout,
    GeocodeUnavailable,
    GeocodeUnsuitable,
    SettingsError,
)
from geomap.geocode.cache import AnswerCache
from geomap.geocode.providers.limits import SharedLimiter
from geomap.geocode.providers.transport import GuardedAdapter
from geomap.sentences import Sentence, sentence
from geomap.settings import Settings

_LOG = logging.getLogger(__name__)

# The radius within which the true site lies, where a service gives only a level.
RADIUS_KM: Mapping[str, float] = {
    "site": 0.5,
    "place": 5.0,
    "town": 10.0,
    "county": 35.0,
    "prefecture": 120.0,
    "province": 500.0,
}
_COARSER = tuple(RADIUS_KM.items())
ATTEMPTS = 3
TIMEOUT_S = 10.0
PATIENCE_S = 30.0
_LONGEST_LABEL = 300


@dataclass(frozen=True)
class Answer:
    """One place as an outside service gave it, checked and in WGS 84.

    provider, query: who was asked what. label: the place in the service's words. lat, lon: WGS 84
    degrees. precision: site, place, town, county, prefecture or province. radius_km: the true
    site lies within it. unit: the unit it lies in as an address or adcode, where it was said.
    """

    provider: str
    query: str
    label: str
    lat: float
    lon: float
    precision: str
    radius_km: float
    unit: str | None = None

    def to_json(self) -> str:
        """The answer as JSON text, for the cache."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Answer | None:
        """An answer out of the cache, or None when another version wrote it."""
        try:
            values = json.loads(text)
            if set(values) != {field.name for field in fields(cls)}:
                return None
            return _validated(cls(**values))
        except (ValueError, TypeError, GeocodeBadAnswer):
            return None


@dataclass(frozen=True)
class Found:
    """What a provider module reads out of one geopy location, before it is checked.

    lat, lon: WGS 84 degrees, converted by the module. radius_km: None takes that of the precision.
    """

    label: str
    lat: object
    lon: object
    precision: str
    radius_km: float | None = None
    unit: str | None = None


class Provider(ABC):
    """One outside service, asked politely.

    settings: keys, own addresses, pace and contact. cache: where answers are kept, or None.
    limiter: the pace shared by all processes. timeout_s: of one request, everything included.
    wait_initial_s: first pause before a retry, doubled each time.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    terms_url: ClassVar[str]
    attribution: ClassVar[str]
    base_url: ClassVar[str]
    needs_key: ClassVar[bool] = False
    # Seconds between two requests, from the service's own rules.
    interval_s: ClassVar[float] = 1.0
    # Days an answer may be kept; None for open data.
    keep_days: ClassVar[float | None] = None
    longest_query_bytes: ClassVar[int] = 600
    # Questions of one run to the service's public server, where it asks for no bulk use.
    bulk_limit: ClassVar[int | None] = None

    def __init__(
        self,
        settings: Settings,
        cache: AnswerCache | None,
        limiter: SharedLimiter,
        *,
        timeout_s: float = TIMEOUT_S,
        patience_s: float = PATIENCE_S,
        wait_initial_s: float = 1.0,
    ) -> None:
        self.key = settings.keys.get(self.name, "")
        if self.needs_key and not self.key:
            setting = f"GEOMAP_{self.name.upper()}_KEY"
            raise SettingsError(
                "errors.service.no_key", service=self.names, name=setting, terms=self.terms_url
            )
        self.url = settings.provider_urls.get(self.name, self.base_url)
        self.most_per_run = self.bulk_limit if self.url == self.base_url else None
        self.pace_s = settings.provider_intervals_s.get(self.name, self.interval_s)
        self.timeout_s, self.patience_s = timeout_s, patience_s
        self._wait_initial_s = wait_initial_s
        self._cache, self._limiter = cache, limiter
        self._geocoder = self.make_geocoder(
            timeout=timeout_s,
            user_agent=user_agent(settings.contact),
            adapter_factory=self._make_adapter,
        )

    @abstractmethod
    def make_geocoder(self, **options: object) -> geopy.geocoders.base.Geocoder:
        """Make the geopy geocoder of this service with geopy's own options."""

    @abstractmethod
    def read(self, location: geopy.location.Location) -> Found | None:
        """Read one geopy location, numbers turned to WGS 84; None when it is of no use."""

    def options(self) -> dict[str, object]:
        """Further arguments of geopy's `geocode` for this service."""
        return {}

    @staticmethod
    @abstractmethod
    def is_page(page: Any) -> bool:  # noqa: ANN401 - raw JSON
        """Tell whether a JSON document has the shape of this service's answers."""

    def geocode(
        self, query: str, exactly_one: bool = True
    ) -> geopy.location.Location | list[geopy.location.Location] | None:
        """Answer as geopy's geocoders do; `.raw` is the `Answer`. Raises GeocodeError."""
        answer = self.ask(query)
        if answer is None:
            return None
        place = geopy.location.Location(answer.label, (answer.lat, answer.lon), answer)
        return place if exactly_one else [place]

    @property
    def names(self) -> Sentence:
        """What the service is called, in both languages."""
        return sentence(f"errors.service.name.{self.name}")

    def ask(self, query: str) -> Answer | None:
        """Look one place up. None: the service knows none. Raises GeocodeError."""
        asked = self._suitable(query)
        kept = self._recall(asked)
        if kept is not None:
            return kept
        answer = self._ask_with_retries(asked)
        if answer is not None:
            self._remember(asked, answer)
        return answer

    def _suitable(self, query: str) -> str:
        """The query without control characters. Raises GeocodeUnsuitable."""
        printable = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in query)
        asked = " ".join(printable.split())
        if not asked or len(asked.encode("utf-8", "replace")) > self.longest_query_bytes:
            raise GeocodeUnsuitable(
                "errors.service.length",
                service=self.names,
                most=self.longest_query_bytes,
                n=len(asked.encode("utf-8", "replace")),
            )
        return asked

    def _ask_with_retries(self, query: str) -> Answer | None:
        for attempt in stamina.retry_context(
            on=self._retry_after,
            attempts=ATTEMPTS,
            timeout=self.patience_s + self.timeout_s,
            wait_initial=self._wait_initial_s,
            wait_max=self.patience_s,
            wait_jitter=self._wait_initial_s / 2,
        ):
            with attempt:
                return self._ask_once(query)
        raise AssertionError("stamina ends a loop with a value or an error")

    def _retry_after(self, error: Exception) -> bool | float:
        """Whether to try again, or after how many seconds."""
        if isinstance(error, GeocodeRateLimited):
            asked_s = error.retry_after_s
            if asked_s is None:
                return False  # our own pace, or a quota: waiting a moment does not help
            return asked_s if asked_s <= self.patience_s else False
        return isinstance(error, GeocodeTimeout | GeocodeUnavailable)

    def _ask_once(self, query: str) -> Answer | None:
        self._limiter.wait(self.name, self.pace_s, self.patience_s)
        try:
            with warnings.catch_warnings():
                # geopy warns of a latitude beyond the pole and then raises; the error says it all.
                warnings.filterwarnings("ignore", "Latitude normalization", UserWarning)
                location = self._geocoder.geocode(query, **self.options())
            found = None if location is None else self.read(location)
        except GeocodeRateLimited as error:
            # All processes stay away: for as long as asked, or for a while that costs little.
            self._limiter.hold(self.name, error.retry_after_s or 10 * self.pace_s)
            raise
        except GeocodeError:
            raise
        except geopy.exc.GeopyError as error:
            raise translate(error, self.names) from error
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise GeocodeBadAnswer(
                "errors.service.shape_kind", service=self.names, kind=type(error).__name__
            ) from error
        return None if found is None else self._checked(query, found)

    def _checked(self, query: str, found: Found) -> Answer:
        """The answer with every value in its bounds. Raises GeocodeBadAnswer."""
        radius = found.radius_km or RADIUS_KM.get(found.precision)
        if radius is None:
            raise GeocodeBadAnswer(
                "errors.service.precision", service=self.names, precision=found.precision
            )
        label = " ".join(str(found.label).split())[:_LONGEST_LABEL]
        try:
            lat, lon = round(float(str(found.lat)), 7), round(float(str(found.lon)), 7)
        except ValueError as error:
            raise GeocodeBadAnswer("errors.service.no_numbers", service=self.names) from error
        unit = found.unit[:_LONGEST_LABEL] if found.unit else None
        return _validated(
            Answer(self.name, query, label, lat, lon, found.precision, round(radius, 3), unit)
        )

    def _recall(self, query: str) -> Answer | None:
        if self._cache is None:
            return None
        try:
            text = self._cache.get(self.name, query, self.keep_days)
        except sqlite3.Error as error:
            _LOG.warning("The geocode cache cannot be read (%s); asking again.", error)
            return None
        return None if text is None else Answer.from_json(text)

    def _remember(self, query: str, answer: Answer) -> None:
        if self._cache is None:
            return
        try:
            self._cache.put(self.name, query, answer.to_json())
        except sqlite3.Error as error:
            _LOG.warning("The geocode cache cannot be written (%s).", error)

    def _make_adapter(self, **options: object) -> GuardedAdapter:
        return GuardedAdapter(service=self.names, is_page=self.is_page, **options)  # type: ignore[arg-type]


def _validated(answer: Answer) -> Answer:
    """The answer itself. Raises GeocodeBadAnswer when a value is out of its bounds."""
    (lat, lon), radius, service = (answer.lat, answer.lon), answer.radius_km, answer.provider
    if answer.precision not in RADIUS_KM or not (0.0 < radius <= 3000.0):
        raise GeocodeBadAnswer("errors.service.no_precision", service=service)
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise GeocodeBadAnswer("errors.service.no_numbers", service=service)
    doubts = [one for one in check_coordinates(lat, lon) if one.code != "far_from_place"]
    if doubts:
        why = doubts[0].words
        raise GeocodeBadAnswer("errors.service.doubtful", service=service, why=why)
    return answer


def precision_within(radius_km: float) -> str:
    """The precision that a radius amounts to, for a kind of place we do not know."""
    for precision, widest_km in _COARSER:
        if radius_km <= widest_km:
            return precision
    return "province"


def radius_of_box_km(
    lat: object, lon: object, south: object, west: object, north: object, east: object
) -> float:
    """From a point to the farthest corner of the box around its place; never under a site's radius.

    Degrees, as numbers or their text. Raises ValueError or TypeError for anything else.
    """
    y, x, bottom, left, top, right = (
        float(number)  # type: ignore[arg-type]
        for number in (lat, lon, south, west, north, east)
    )
    up = max(abs(top - y), abs(y - bottom))
    across = max(abs(right - x), abs(x - left)) * math.cos(math.radians(y))
    return max(RADIUS_KM["site"], 111.32 * math.hypot(up, across))


def translate(error: Exception, service: object) -> GeocodeError:
    """Say one of geopy's errors as one of ours."""
    kinds: tuple[tuple[type[Exception], type[GeocodeError], str], ...] = (
        (geopy.exc.GeocoderRateLimited, GeocodeRateLimited, "slow_down"),
        (geopy.exc.GeocoderQuotaExceeded, GeocodeRateLimited, "used_up"),
        (geopy.exc.GeocoderAuthenticationFailure, GeocodeRefused, "refused"),
        (geopy.exc.GeocoderInsufficientPrivileges, GeocodeRefused, "refused"),
        (geopy.exc.GeocoderTimedOut, GeocodeTimeout, "late"),
        (geopy.exc.GeocoderUnavailable, GeocodeUnavailable, "unreachable"),
        (geopy.exc.GeocoderParseError, GeocodeBadAnswer, "unusable"),
        (geopy.exc.GeocoderQueryError, GeocodeBadAnswer, "not_taken"),
    )
    for theirs, ours, words in kinds:
        if isinstance(error, theirs):
            return ours(f"errors.service.{words}", service=service)
    return GeocodeUnavailable("errors.service.trouble", service=service)


def user_agent(contact: str | None) -> str:
    """How we introduce ourselves: the application, its version and whom to write to."""
    try:
        name = f"geomap/{version('geomap')}"
    except PackageNotFoundError:
        name = "geomap"
    return f"{name} ({contact})" if contact else name


def split_url(url: str) -> tuple[str, str]:
    """Scheme and the rest of an address, the two arguments geopy's geocoders take."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc + parts.path.rstrip("/")
