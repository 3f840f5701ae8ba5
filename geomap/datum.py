"""Coordinates between WGS 84, GCJ-02 and BD-09, and the signs of a coordinate gone wrong.

Who speaks what: GNSS receivers, OpenStreetMap and GeoNames give WGS 84; AMap, Tencent and Google's
map of China give GCJ-02; Baidu gives BD-09, a second shift on top of GCJ-02. Tianditu gives
CGCS2000, which is WGS 84 to a few centimetres and is read as such here.

Where the shift holds. GCJ-02 has no published boundary; the rule everybody's software follows, and
this module too, is the rectangle 72.004-137.8347 E, 0.8293-55.8271 N: inside it a position is
shifted, outside it all three data are the same numbers. Hong Kong, Macao and Taiwan lie inside it
and are shifted like the mainland, because a declared datum is believed: AMap does shift Hong Kong
and Macao, Baidu all three. A position that a service serves unshifted there (AMap and Google in
Taiwan, say) is WGS 84 and is to be declared so. Neighbouring countries inside the rectangle are
shifted too; `check_coordinates` says when a position is nowhere near China.

The inverse has no closed form; it is iterated until it stands still, so a round trip closes to
well under a millimetre. The one exception is the rectangle's own edge, far out at sea or in
Central Asia: within a kilometre of it the rule itself is two-valued. Answers of the services
themselves differ from the published formula by a steady 0.7 m, which is left alone.
"""

from __future__ import annotations

# ruff: noqa: ANN401 - one formula serves numbers (math) and arrays (numpy)
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geomap.errors import UnknownDatum
from geomap.sentences import Sentence, sentence

Datum = Literal["wgs84", "gcj02", "bd09"]
Floats = NDArray[np.float64]

DATUMS: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")

# The Krasovsky 1940 ellipsoid, on which the published GCJ-02 formula is written.
_KRASOVSKY_A = 6_378_245.0
_KRASOVSKY_EE = 0.00669342162296594323
# The origin the published polynomial is developed around.
_ORIGIN_LAT, _ORIGIN_LON = 35.0, 105.0
# Baidu's angle factor and its constant shift.
_BAIDU_PI = math.pi * 3000.0 / 180.0
_BAIDU_LAT, _BAIDU_LON = 0.006, 0.0065
# Each round of the inverse shrinks the error fifty times or more; six end at 1e-12 degrees.
_ROUNDS = 6

_SPELLINGS: Mapping[str, Datum] = {
    "": "wgs84",
    "wgs84": "wgs84",
    "wgs1984": "wgs84",
    "wgs84ll": "wgs84",
    "gps": "wgs84",
    "epsg4326": "wgs84",
    "cgcs2000": "wgs84",
    "gcj02": "gcj02",
    "gcj02ll": "gcj02",
    "gcj2": "gcj02",
    "火星坐标": "gcj02",
    "火星坐标系": "gcj02",
    "bd09": "bd09",
    "bd09ll": "bd09",
    "bd9": "bd09",
    "百度坐标": "bd09",
    "百度坐标系": "bd09",
}


def normalise_datum(datum: str | None) -> Datum:
    """The datum a person named, from any usual spelling; nothing named means WGS 84.

    Raises UnknownDatum for every other word.
    """
    key = re.sub(r"[\s:_/.\-‐-―]", "", (datum or "").casefold())
    found = _SPELLINGS.get(key)
    if found is None:
        raise UnknownDatum("errors.unknown_datum", datum=datum)
    return found


@overload
def to_wgs84(lat: float, lon: float, datum: str | None) -> tuple[float, float]: ...
@overload
def to_wgs84(lat: ArrayLike, lon: ArrayLike, datum: str | None) -> tuple[Floats, Floats]: ...
def to_wgs84(lat: Any, lon: Any, datum: str | None) -> tuple[Any, Any]:
    """Positions of `datum` as WGS 84 (lat, lon) in degrees.

    Takes two numbers and gives two floats, or takes two arrays of one shape and gives two float64
    arrays. What is not a number stays so. Raises UnknownDatum.
    """
    return _apply(_to_wgs84, lat, lon, normalise_datum(datum))


@overload
def from_wgs84(lat: float, lon: float, datum: str | None) -> tuple[float, float]: ...
@overload
def from_wgs84(lat: ArrayLike, lon: ArrayLike, datum: str | None) -> tuple[Floats, Floats]: ...
def from_wgs84(lat: Any, lon: Any, datum: str | None) -> tuple[Any, Any]:
    """WGS 84 positions as (lat, lon) of `datum`; shapes and errors as for `to_wgs84`."""
    return _apply(_from_wgs84, lat, lon, normalise_datum(datum))


_Conversion = Callable[[Any, Any, Datum, ModuleType], tuple[Any, Any]]


def _apply(conversion: _Conversion, lat: Any, lon: Any, datum: Datum) -> tuple[Any, Any]:
    """Run a conversion with `math` on two numbers and with numpy on arrays."""
    if np.ndim(lat) == 0 and np.ndim(lon) == 0:
        return conversion(float(lat), float(lon), datum, math)
    lats, lons = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
    if lats.shape != lons.shape:
        raise ValueError(f"lat and lon differ in shape: {lats.shape} and {lons.shape}")
    with np.errstate(invalid="ignore"):
        return conversion(lats, lons, datum, np)


def _from_wgs84(lat: Any, lon: Any, datum: Datum, lib: ModuleType) -> tuple[Any, Any]:
    if datum == "wgs84":
        return lat, lon
    return _choose(_shifted(lat, lon), lambda: _shift(lat, lon, datum, lib), (lat, lon))


def _to_wgs84(lat: Any, lon: Any, datum: Datum, lib: ModuleType) -> tuple[Any, Any]:
    if datum == "wgs84":
        return lat, lon
    # A little wider than the rectangle: what lay just inside may have been shifted out of it.
    near = _within(lat, lon, margin=0.05)
    found = _choose(near, lambda: _unshift(lat, lon, datum, lib), (lat, lon))
    return _choose(_shifted(*found), lambda: found, (lat, lon))


def _within(lat: Any, lon: Any, margin: float) -> Any:
    east = (lon >= 72.004 - margin) & (lon <= 137.8347 + margin)
    return east & (lat >= 0.8293 - margin) & (lat <= 55.8271 + margin)


def _shifted(lat: Any, lon: Any) -> Any:
    """Whether the GCJ-02 rule shifts these WGS 84 positions."""
    return _within(lat, lon, margin=0.0)


def _choose(
    mask: Any, changed: Callable[[], tuple[Any, Any]], kept: tuple[Any, Any]
) -> tuple[Any, Any]:
    """`changed` where the mask holds, `kept` elsewhere."""
    if isinstance(mask, bool):
        return changed() if mask else kept
    lat, lon = changed()
    return np.where(mask, lat, kept[0]), np.where(mask, lon, kept[1])


def _shift(lat: Any, lon: Any, datum: Datum, lib: ModuleType) -> tuple[Any, Any]:
    """The published forward formulas, without asking where the position is."""
    lat, lon = _mars(lat, lon, lib)
    return _baidu(lat, lon, lib) if datum == "bd09" else (lat, lon)


def _unshift(lat: Any, lon: Any, datum: Datum, lib: ModuleType) -> tuple[Any, Any]:
    """The position whose shift lands on (lat, lon): a fixed point, iterated."""
    guess_lat, guess_lon = lat, lon
    for _ in range(_ROUNDS):
        there_lat, there_lon = _shift(guess_lat, guess_lon, datum, lib)
        guess_lat, guess_lon = guess_lat + (lat - there_lat), guess_lon + (lon - there_lon)
    return guess_lat, guess_lon


def _mars(lat: Any, lon: Any, lib: ModuleType) -> tuple[Any, Any]:
    """WGS 84 to GCJ-02: an offset in metres on the Krasovsky ellipsoid, turned into degrees."""
    north_m, east_m = _offset_m(lat - _ORIGIN_LAT, lon - _ORIGIN_LON, lib)
    phi = lat * (math.pi / 180.0)
    magic = 1.0 - _KRASOVSKY_EE * lib.sin(phi) ** 2
    root = lib.sqrt(magic)
    metres_north = _KRASOVSKY_A * (1.0 - _KRASOVSKY_EE) / (magic * root) * (math.pi / 180.0)
    metres_east = _KRASOVSKY_A / root * lib.cos(phi) * (math.pi / 180.0)
    return lat + north_m / metres_north, lon + east_m / metres_east


def _offset_m(y: Any, x: Any, lib: ModuleType) -> tuple[Any, Any]:
    """The published polynomial and its ripples: metres north and east at (y, x) from the origin."""
    pi, sin = math.pi, lib.sin
    root = lib.sqrt(lib.fabs(x))
    ripple = 20.0 * sin(6.0 * pi * x) + 20.0 * sin(2.0 * pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    waves = 20.0 * sin(pi * y) + 40.0 * sin(pi * y / 3.0)
    waves = waves + 160.0 * sin(pi * y / 12.0) + 320.0 * sin(pi * y / 30.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    rolls = 20.0 * sin(pi * x) + 40.0 * sin(pi * x / 3.0)
    rolls = rolls + 150.0 * sin(pi * x / 12.0) + 300.0 * sin(pi * x / 30.0)
    return north + (ripple + waves) * 2.0 / 3.0, east + (ripple + rolls) * 2.0 / 3.0


def _baidu(lat: Any, lon: Any, lib: ModuleType) -> tuple[Any, Any]:
    """GCJ-02 to BD-09: radius and angle rippled, then a constant shift."""
    radius = lib.sqrt(lon * lon + lat * lat) + 0.00002 * lib.sin(lat * _BAIDU_PI)
    angle = lib.atan2(lat, lon) + 0.000003 * lib.cos(lon * _BAIDU_PI)
    return radius * lib.sin(angle) + _BAIDU_LAT, radius * lib.cos(angle) + _BAIDU_LON


# --- coordinates that look wrong -----------------------------------------------------------------

# Every land and island of China, the South China Sea islands included, with half a degree to spare.
_CHINA = (72.9, 3.0, 135.6, 54.1)
# Points that gazetteers and geocoders hand out for "China".
_COUNTRY_CENTRES = ((35.0, 105.0), (35.86166, 104.195397), (35.000074, 104.999927), (36.0, 105.0))
_SAME_DEGREES = 0.005
_CENTRE_KM = 3.0
_READING_KM = 0.1
_NOTICE_KM = 0.2


@dataclass(frozen=True)
class Suspicion:
    """One sign that a coordinate is not what it claims.

    code: not_a_position, swapped, sign, zero, out_of_china, country_centre, province_centre,
    looks_like_wgs84, looks_like_gcj02, looks_like_bd09 or far_from_place.
    words: what is wrong. remedy: how to mend it. lat, lon: the WGS 84 position probably meant,
    degrees, or None where nobody can tell.
    """

    code: str
    words: Sentence
    remedy: Sentence
    lat: float | None = None
    lon: float | None = None


def _suspicion(
    code: str, case: str, meant: tuple[float, float] | None = None, /, **values: object
) -> Suspicion:
    """Word a suspicion by the sentences of `case` in faults.po; meant: (lat, lon)."""
    words, remedy = (
        sentence(f"faults.suspicion.{case}.{part}", **values) for part in ("message", "fix")
    )
    return Suspicion(code, words, remedy, *(meant or ()))


@dataclass(frozen=True)
class KnownPlace:
    """Where the named place is: WGS 84 degrees, and the radius its true site lies within."""

    name: str
    lat: float
    lon: float
    radius_km: float


def check_coordinates(
    lat: float,
    lon: float,
    datum: str | None = "wgs84",
    *,
    place: KnownPlace | None = None,
    province_centres: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[Suspicion, ...]:
    """Every sign that (lat, lon), given in `datum` for a site in China, is wrong; worst first.

    place: the named place, when it is known, against which the position is checked.
    province_centres: name -> (lat, lon) of the points that stand for whole provinces; leave it
    out for a record whose subject is a province. Raises UnknownDatum.
    """
    named = normalise_datum(datum)
    gross = _gross_fault(float(lat), float(lon))
    if gross is not None:
        return (gross,)
    here = to_wgs84(float(lat), float(lon), named)
    found = [_centre_fault((float(lat), float(lon)), here, province_centres or {})]
    if place is not None:
        found.append(
            _datum_fault(float(lat), float(lon), named, place) or _distance_fault(here, place)
        )
    return tuple(one for one in found if one is not None)


def _gross_fault(lat: float, lon: float) -> Suspicion | None:
    """Faults after which the position means nothing: one at most."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return _suspicion("not_a_position", "not_a_position", lat=lat, lon=lon)
    if abs(lat) < _SAME_DEGREES and abs(lon) < _SAME_DEGREES:
        return _suspicion("zero", "zero", lat=lat, lon=lon)
    if _in_china_box(lat, lon):
        return None
    return _mended(lat, lon) or _suspicion("out_of_china", "out_of_china", lat=lat, lon=lon)


def _mended(lat: float, lon: float) -> Suspicion | None:
    """The position that a swap, a sign or both would make one of China."""
    if _in_china_box(lon, lat):
        return _suspicion("swapped", "swapped", (lon, lat), lat=lat, lon=lon, north=lon, east=lat)
    for code, north, east in (("sign", abs(lat), abs(lon)), ("swapped", abs(lon), abs(lat))):
        if _in_china_box(north, east):
            return _suspicion(code, "sign", (north, east), lat=lat, lon=lon, north=north, east=east)
    return None


def _in_china_box(lat: float, lon: float) -> bool:
    west, south, east, north = _CHINA
    return west <= lon <= east and south <= lat <= north


def _centre_fault(
    given: tuple[float, float],
    here: tuple[float, float],
    province_centres: Mapping[str, tuple[float, float]],
) -> Suspicion | None:
    """The point that stands for the country or for a province, passed off as a site."""
    for lat, lon in _COUNTRY_CENTRES:
        if abs(given[0] - lat) < _SAME_DEGREES and abs(given[1] - lon) < _SAME_DEGREES:
            return _suspicion("country_centre", "country_centre", lat=given[0], lon=given[1])
    for name, centre in province_centres.items():
        if _km(here, centre) < _CENTRE_KM:
            return _suspicion(
                "province_centre", "province_centre", lat=given[0], lon=given[1], name=name
            )
    return None


def _datum_fault(lat: float, lon: float, datum: Datum, place: KnownPlace) -> Suspicion | None:
    """Another reading of the numbers hits the named place where the declared one misses it."""
    target = (place.lat, place.lon)
    km = {name: _km(to_wgs84(lat, lon, name), target) for name in DATUMS}
    best = min(DATUMS, key=km.__getitem__)
    if best == datum or km[best] > _READING_KM or km[datum] < _NOTICE_KM:
        return None
    meant = to_wgs84(lat, lon, best)
    return _suspicion(
        f"looks_like_{best}",
        "looks_like",
        meant,
        lat=lat,
        lon=lon,
        name=place.name,
        off=km[datum] * 1000,
        datum=datum,
        near=km[best] * 1000,
        best=best,
    )


def _distance_fault(here: tuple[float, float], place: KnownPlace) -> Suspicion | None:
    """The position lies well outside the circle that should hold the named place."""
    away_km = _km(here, (place.lat, place.lon))
    if away_km <= 2.0 * place.radius_km + 5.0:
        return None
    return _suspicion(
        "far_from_place",
        "far_from_place",
        lat=here[0],
        lon=here[1],
        away_km=away_km,
        name=place.name,
        radius_km=place.radius_km,
        place_lat=place.lat,
        place_lon=place.lon,
    )


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance on a sphere, good to half a per cent: enough to compare readings."""
    phi, psi = math.radians(one[0]), math.radians(other[0])
    half_lat, half_lon = (psi - phi) / 2.0, math.radians(other[1] - one[1]) / 2.0
    chord = math.sin(half_lat) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(half_lon) ** 2
    return 2.0 * 6371.0088 * math.asin(min(1.0, math.sqrt(chord)))
