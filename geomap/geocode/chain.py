"""The gazetteer first, then the outside services a reader named, each in its turn.

A service is asked only where the gazetteer found nothing, or (`finer=True`) where its answer is
coarser than a site. A service that fails is passed over for the next one, and the answer's flags
say so (`amap:timeout`); one that fails again and again rests for a while. What a service says is
checked: a point outside the stated units, or far from the place the gazetteer knows, is refused.
An ambiguous toponym stays ambiguous: no service may choose silently.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from geomap.errors import (
    GeocodeBadAnswer,
    GeocodeError,
    GeocodeRateLimited,
    GeocodeRefused,
    GeocodeTimeout,
    GeocodeUnavailable,
    GeocodeUnsuitable,
)
from geomap.geocode.base import MATCHED, NOT_FOUND, Location, as_geopy, format_reason
from geomap.geocode.given import province_at_point
from geomap.toponym import has_han

if TYPE_CHECKING:
    from geopy.location import Location as GeopyLocation

    from geomap.geocode.providers.base import Answer

_CODES: Mapping[type[GeocodeError], str] = {
    GeocodeTimeout: "timeout",
    GeocodeRefused: "refused",
    GeocodeRateLimited: "slow_down",
    GeocodeUnavailable: "down",
    GeocodeBadAnswer: "bad_answer",
    GeocodeUnsuitable: "unsuitable",
}
# After this many failures in a row a service is left alone for this long.
REST_AFTER = 3
REST_S = 60.0


class Resolver(Protocol):
    """What answers first: the offline geocoder, or a fake in its place."""

    @property
    def resolve(self) -> Callable[..., Location]:
        """Says where a text is; arguments as of the offline geocoder."""


class Asked(Protocol):
    """What the chain needs of a provider."""

    @property
    def name(self) -> str:
        """The name a reader knows it by."""

    @property
    def most_per_run(self) -> int | None:
        """How many questions of one run it may get; None for any number."""

    def ask(self, query: str) -> Answer | None:
        """Look one place up. Raises GeocodeError."""


@dataclass
class _Turn:
    """One service's standing in this run."""

    provider: Asked
    asked: int = 0
    failures: int = 0
    rests_until: float = -math.inf

    def excuse(self, now: float) -> str | None:
        """Why it is not asked now, or None."""
        if now < self.rests_until:
            return "refused" if math.isinf(self.rests_until) else "resting"
        most = self.provider.most_per_run
        return "enough" if most is not None and self.asked >= most else None

    def failed(self, error: GeocodeError, now: float) -> None:
        """Take a failure into account."""
        if isinstance(error, GeocodeRefused):
            self.rests_until = math.inf  # the key will not get better within a run
        elif not isinstance(error, GeocodeUnsuitable | GeocodeBadAnswer):
            self.failures += 1
            if self.failures >= REST_AFTER:
                self.failures, self.rests_until = 0, now + REST_S


class ChainGeocoder:
    """A geocoder that asks the gazetteer and then the named services.

    offline: answers first. providers: asked in this order. finer: ask also where the gazetteer
    knows the place but not the site. province_at: (lat, lon) -> adcode of a province; by default
    from the shipped boundaries. now: a clock in seconds, replaced in tests.
    """

    def __init__(
        self,
        offline: Resolver,
        providers: Sequence[Asked],
        *,
        finer: bool = False,
        province_at: Callable[[float, float], str | None] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.offline = offline
        self.finer = finer
        self._turns = [_Turn(provider) for provider in providers]
        self._province_at = province_at or province_at_point
        self._now = now

    def geocode(
        self,
        query: str,
        exactly_one: bool = True,
        timeout: float | None = None,
        **stated: Any,  # noqa: ANN401 - keywords of resolve
    ) -> GeopyLocation | list[GeopyLocation] | None:
        """Answer as geopy's geocoders do; `.raw` is our `Location`. timeout: each service's own."""
        return as_geopy(self.resolve(query, **stated), exactly_one)

    def resolve(self, text: str, **stated: Any) -> Location:  # noqa: ANN401 - keywords of resolve
        """Return where `text` is, never raising for a text; arguments as for the offline one."""
        known = self.offline.resolve(text, **stated)
        if not self._turns or not self._wants_more(known):
            return known
        flags: list[str] = []
        query = compose_query(text, stated)
        for turn in self._turns:
            answer = self._ask(turn, query, flags)
            if answer is None:
                continue
            found = self._merged(known, answer, stated)
            if found is not None:
                return found._replace(flags=(*known.flags, *flags))
            flags.append(f"{turn.provider.name}:elsewhere")
        return known._replace(flags=(*known.flags, *flags))

    def resolve_many(self, rows: Iterable[str | Mapping[str, Any]]) -> Iterator[Location]:
        """Yield an answer for every row, in order; a row is a text or `resolve`'s arguments."""
        for row in rows:
            yield self.resolve(row) if isinstance(row, str) else self.resolve(**row)

    def _wants_more(self, known: Location) -> bool:
        if known.status == NOT_FOUND:
            return True
        return self.finer and known.status == MATCHED and known.precision != "site"

    def _ask(self, turn: _Turn, query: str, flags: list[str]) -> Answer | None:
        """One service's answer or None; what went wrong is added to `flags`."""
        name = turn.provider.name
        excuse = turn.excuse(self._now())
        if excuse is not None:
            flags.append(f"{name}:{excuse}")
            return None
        turn.asked += 1
        try:
            answer = turn.provider.ask(query)
        except GeocodeError as error:
            turn.failed(error, self._now())
            flags.append(f"{name}:{_CODES.get(type(error), 'failed')}")
            return None
        turn.failures = 0
        if answer is None:
            flags.append(f"{name}:nothing")
        return answer

    def _merged(
        self, known: Location, answer: Answer, stated: Mapping[str, Any]
    ) -> Location | None:
        """The service's point with the names of its units, or None when it cannot be right."""
        if known.status == MATCHED:
            if not _within(known, answer):
                return None
            units = known
        else:
            units = self._units_of(answer)
            if not self._in_stated(units, stated):
                return None
        return units._replace(
            text=known.text,
            status=MATCHED,
            level=answer.precision,
            lat=answer.lat,
            lon=answer.lon,
            precision=answer.precision,
            radius_km=answer.radius_km,
            method="provider",
            matched=answer.label,
            candidates=(),
            reason=format_reason("provider", {"provider": answer.provider, "label": answer.label}),
            provider=answer.provider,
        )

    def _units_of(self, answer: Answer) -> Location:
        """Names of the units a point lies in: as the service says, else the province by polygon."""
        if answer.unit:
            named = self.offline.resolve(answer.unit)
            if named.status == MATCHED and named.adcode:
                return named
        adcode = self._province_at(answer.lat, answer.lon)
        return self.offline.resolve(adcode) if adcode else Location(answer.query)

    def _in_stated(self, units: Location, stated: Mapping[str, Any]) -> bool:
        """Whether the units found contradict the province that the row states."""
        province = stated.get("province")
        if not province or units.adcode is None:
            return True
        meant = self.offline.resolve(str(province))
        return meant.adcode is None or meant.adcode[:2] == units.adcode[:2]


def compose_query(text: str, stated: Mapping[str, Any]) -> str:
    """The text with the stated units that it does not name itself, in the order of its language."""
    units = [str(stated[level]) for level in ("province", "city", "county") if stated.get(level)]
    missing = [unit for unit in dict.fromkeys(units) if unit.casefold() not in text.casefold()]
    if has_han(text):
        return "".join([*missing, text])
    return ", ".join([text, *reversed(missing)])


def _within(known: Location, answer: Answer) -> bool:
    """Whether a service's point can be a site of the place that the gazetteer knows."""
    if known.lat is None or known.lon is None or known.radius_km is None:
        return True
    north = (answer.lat - known.lat) * 111.32
    east = (answer.lon - known.lon) * 111.32 * math.cos(math.radians(known.lat))
    return math.hypot(north, east) <= 2.0 * known.radius_km + 5.0
