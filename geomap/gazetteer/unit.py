"""What the gazetteer holds: units, and the meanings of a name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

ADMIN_LEVELS = frozenset({"province", "prefecture", "county"})
# How a name names a unit, the surest first: its official name, a former or other full name, a name
# with another ending, a short name, and the short name of a former unit, which counts only behind
# a unit it lies in: 杭州江干.
FULL, FORMER, VARIANT, SHORT, TIED = range(5)
_EARTH_KM = 6371.0088


class Unit(NamedTuple):
    """One administrative unit, zone or place; missing values are None.

    level: province, prefecture, county, zone, town or place. lat, lon: WGS 84 degrees.
    radius_km: the true site lies within it. members: adcodes of the units a zone spans (empty
    for anything else).
    """

    parent_adcode: str | None
    prefecture_adcode: str | None
    province_adcode: str | None
    level: str
    precision: str
    method: str
    lat: float | None
    lon: float | None
    radius_km: float | None
    unit_id: int
    adcode: str | None
    name_zh: str | None
    short_zh: str | None
    name_en: str | None
    full_en: str | None
    population: int | None
    source: str
    members: tuple[str, ...] = ()


class PlacePoint(NamedTuple):
    """Where a town or place is: WGS 84 degrees, and the radius its sites lie within, km."""

    level: str
    precision: str
    method: str
    lat: float
    lon: float
    radius_km: float


class Naming(NamedTuple):
    """One meaning of a name: the unit today, how surely the name means it, and its old self.

    former: the abolished unit's full name when the name is its, else None. former_provinces:
    adcodes of the provinces it was in. held_counties: whether it was a prefecture.
    """

    unit: Unit
    rank: int
    former: str | None = None
    former_provinces: frozenset[str] = frozenset()
    held_counties: bool = False


def own_codes(unit: Unit) -> frozenset[str]:
    """Return the adcode of a unit and those of the units above it."""
    codes = (unit.adcode, unit.parent_adcode, unit.province_adcode, unit.prefecture_adcode)
    return frozenset(code for code in codes if code)


def city_of_municipality(unit: Unit, by_adcode: Mapping[str, Unit]) -> Unit | None:
    """Return the city unit of a municipality (110000 -> 110100), None for anything else."""
    if unit.level != "province" or not unit.adcode:
        return None
    city = by_adcode.get(f"{unit.adcode[:2]}0100")
    return city if city is not None and city.name_zh == unit.name_zh else None


def apart_km(one: Unit, other: Unit) -> float | None:
    """Return the distance of two units' points on a sphere, km, or None when one has no point."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    phi, psi = math.radians(one.lat), math.radians(other.lat)
    half_lat, half_lon = (psi - phi) / 2, math.radians(other.lon - one.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(half_lon) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))
