"""Positions a record gives itself: they win over the gazetteer, and are checked against it."""

from __future__ import annotations

from functools import cache

from geomap.datum import KnownPlace, check_coordinates, normalise_datum, to_wgs84
from geomap.gazetteer import Gazetteer
from geomap.geocode.base import NOT_FOUND, Location, format_reason

# Faults after which a position says nothing of where the site is.
_UNUSABLE = frozenset(
    {"not_a_position", "zero", "out_of_china", "swapped", "sign", "country_centre"}
)
_GIVEN_RADIUS_KM = 1.0


@cache
def _province_centres(gazetteer: Gazetteer) -> dict[str, tuple[float, float]]:
    provinces = (unit for unit in gazetteer.units if unit.level == "province")
    return {
        u.name_en or "": (u.lat, u.lon)
        for u in provinces
        if u.lat is not None and u.lon is not None
    }


def place_given(
    found: Location, lat: float, lon: float, datum: str, gazetteer: Gazetteer
) -> Location:
    """Return `found` at the given position, flagged with every sign that it is wrong.

    lat, lon: degrees in `datum`. An unusable position is flagged and the named place's own is
    kept. Raises UnknownDatum.
    """
    place = None
    if found.lat is not None and found.lon is not None:
        name = found.county_en or found.city_en or found.province_en or found.text
        place = KnownPlace(name, found.lat, found.lon, found.radius_km or 0.0)
    centres = {} if found.level == "province" else _province_centres(gazetteer)
    doubts = check_coordinates(lat, lon, datum, place=place, province_centres=centres)
    codes = tuple(doubt.code for doubt in doubts)
    flags = (*found.flags, *codes)
    if not _UNUSABLE.isdisjoint(codes):
        return found._replace(flags=flags)
    here = to_wgs84(lat, lon, normalise_datum(datum))
    status = "matched" if found.status == NOT_FOUND else found.status
    return found._replace(
        status=status, lat=here[0], lon=here[1], precision="site", radius_km=_GIVEN_RADIUS_KM,
        method="given", flags=flags, reason=format_reason("given_position", {"datum": datum}),
    )  # fmt: skip
