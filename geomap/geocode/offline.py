"""The offline geocoder: a toponym in either language -> its unit, point, precision and reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from geopy.geocoders.base import Geocoder
from geopy.location import Location as GeopyLocation

from geomap.gazetteer import Gazetteer, Naming, Unit, load_gazetteer
from geomap.geocode.base import AMBIGUOUS, MATCHED, Candidate, Location, format_reason
from geomap.geocode.chinese import ChineseReader, Choice
from geomap.geocode.latin import LatinReader
from geomap.toponym import has_han, normalise

LONGEST_TOPONYM = 2_000


class OfflineGeocoder(Geocoder):  # type: ignore[misc]
    """Geocoder over the shipped gazetteer; asks no network."""

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        """Use `gazetteer`, by default the shipped one."""
        super().__init__(user_agent="geomap")
        self.gazetteer = gazetteer or load_gazetteer()
        self.chinese = ChineseReader(self.gazetteer)
        self.latin = LatinReader(self.gazetteer)
        self._templates: dict[Choice, Location] = {}

    def geocode(
        self,
        query: str,
        exactly_one: bool = True,
        timeout: Any = None,
        province: str | None = None,
        city: str | None = None,
        county: str | None = None,
        context: str | None = None,
    ) -> GeopyLocation | list[GeopyLocation] | None:
        """Return a geopy Location whose `.raw` is our `Location`, or None when there is no point."""
        found = self.resolve(query, province=province, city=city, county=county, context=context)
        if found.lat is None or found.lon is None:
            return None
        answer = GeopyLocation(found.matched or query, (found.lat, found.lon), found)
        return answer if exactly_one else [answer]

    def resolve(
        self,
        text: str,
        *,
        province: str | None = None,
        city: str | None = None,
        county: str | None = None,
        context: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        datum: str = "wgs84",
    ) -> Location:
        """Return where `text` is."""
        plain = normalise(text[:LONGEST_TOPONYM])
        reader = self.chinese if has_han(plain) else self.latin
        within = self._stated(province, city, county)
        choice = reader.read(plain, within)
        template = self._templates.get(choice)
        if template is None:
            template = self._templates[choice] = self._template(choice)
        return template._replace(text=text)

    def resolve_many(self, rows: Iterable[str | Mapping[str, Any]]) -> Iterator[Location]:
        """Return an answer for every row, in order."""
        for row in rows:
            if isinstance(row, str):
                yield self.resolve(row)
            else:
                yield self.resolve(**row)

    def _stated(self, *names: str | None) -> frozenset[str]:
        codes: set[str] = set()
        for name in names:
            if not name:
                continue
            unit = self.gazetteer.by_adcode.get(name)
            if unit is None:
                plain = normalise(name)
                reader = self.chinese if has_han(plain) else self.latin
                namings = reader.read(plain, frozenset(codes)).namings
                unit = namings[0].unit if len(namings) == 1 else None
            if unit is not None and unit.adcode:
                codes.add(unit.adcode)
        return frozenset(codes)

    def _template(self, choice: Choice) -> Location:
        """Build the answer that every text of this choice gets."""
        if not choice.namings:
            return Location("", reason=choice.code)
        if len(choice.namings) > 1:
            return self._ambiguous(choice)
        naming = choice.namings[0]
        unit = naming.unit
        shown = self._shown(unit)
        return Location(
            "", MATCHED, unit.level, unit.adcode or self._official(unit),
            **self._path(unit), lat=shown.lat, lon=shown.lon, precision=shown.precision,
            radius_km=shown.radius_km, method=shown.method, matched=choice.matched,
            changed_from=naming.former, reason=format_reason(choice.code),
        )  # fmt: skip

    def _shown(self, unit: Unit) -> Unit:
        """Return the unit whose point stands for `unit`: a municipality's is its city's."""
        city = self.gazetteer.city_of_municipality(unit)
        return city or unit

    def _official(self, unit: Unit) -> str | None:
        return unit.parent_adcode or unit.prefecture_adcode or unit.province_adcode

    def _path(self, unit: Unit) -> dict[str, str | None]:
        path: dict[str, str | None] = {}
        for column, holder in self.gazetteer.path(unit).items():
            path[column] = holder.name_zh if holder else None
            path[f"{column}_en"] = holder.name_en if holder else None
        return path

    def _candidate(self, naming: Naming) -> Candidate:
        unit, shown = naming.unit, self._shown(naming.unit)
        holders = [u.name_zh for u in self.gazetteer.path(unit).values() if u and u.name_zh]
        path_zh = "".join(dict.fromkeys([*holders, unit.name_zh or unit.name_en or ""]))
        return Candidate(
            unit.adcode, unit.level, unit.name_zh, unit.name_en, path_zh, shown.lat, shown.lon
        )

    def _ambiguous(self, choice: Choice) -> Location:
        candidates = tuple(self._candidate(naming) for naming in choice.namings)
        return Location(
            "", AMBIGUOUS, matched=choice.matched, candidates=candidates, method="gazetteer",
            reason=format_reason(choice.code),
        )  # fmt: skip


@cache
def default_geocoder() -> OfflineGeocoder:
    """Return the geocoder over the shipped gazetteer, made once."""
    return OfflineGeocoder()
