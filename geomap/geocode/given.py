"""Positions a record gives itself: they win over the gazetteer, and are checked against it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from geomap.datum import KnownPlace, check_coordinates, normalise_datum, to_wgs84
from geomap.gazetteer import Gazetteer
from geomap.geocode.base import MATCHED, NOT_FOUND, Location, format_reason

if TYPE_CHECKING:
    from geomap.boundaries import Boundaries

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


def _in_its_province(found: Location, lat: float, lon: float, gazetteer: Gazetteer) -> Location:
    """Return a matched site in the province that the point lies in, if it lies in one."""
    province = gazetteer.by_adcode.get(province_at_point(lat, lon) or "")
    if province is None:
        return found._replace(status=MATCHED, level="site")
    held = gazetteer.path(province)
    return found._replace(
        status=MATCHED,
        level="site",
        adcode=province.adcode,
        province=province.name_zh,
        province_en=province.name_en,
        city=held.city and held.city.name_zh,
        city_en=held.city and held.city.name_en,
    )


@cache
def _boundaries() -> Boundaries:
    # Late: polygons cost a second to load, and most answers name their province.
    from geomap.boundaries import load_boundaries

    return load_boundaries()


def province_at_point(lat: float, lon: float) -> str | None:
    """Return the adcode of the province a WGS 84 point lies in, by the shipped boundaries."""
    found = _boundaries().locate([lat], [lon]).adcode[0]
    return None if found is None else str(found)


def place_given(
    found: Location, lat: float, lon: float, datum: str, gazetteer: Gazetteer
) -> Location:
    """Return `found` at the given position, flagged with every sign that it is wrong.

    lat, lon: degrees in `datum`. An unusable position is flagged and the named place's own is
    kept. Where the text names nothing, the point says the province. Raises UnknownDatum.
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
    if found.status == NOT_FOUND:
        found = _in_its_province(found, *here, gazetteer)
    return found._replace(
        lat=here[0], lon=here[1], precision="site", radius_km=_GIVEN_RADIUS_KM,
        method="given", flags=flags, reason=format_reason("given_position", {"datum": datum}),
    )  # fmt: skip
