"""Measures on the WGS 84 ellipsoid: bounds, distances, areas, buffers, scale, encoded lines.

Scalars in, scalars out; arrays in, arrays out. Geometries are shapely, (lon, lat) in degrees;
every other argument is lat before lon. Nothing here measures metres in degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import overload

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod, Transformer

WGS84 = Geod(ellps="WGS84")
EQUATOR_METRES_PER_PIXEL = 2 * math.pi * 6_378_137.0 / 256  # web map, zoom 0, 256-pixel tiles

Bounds = tuple[float, float, float, float]
Floats = npt.NDArray[np.float64]

_POLYLINE_FACTOR = 1e5
_POLYLINE_LONGEST = 20_000  # characters; about 5,000 points


def bounds_of(lats: npt.ArrayLike, lons: npt.ArrayLike) -> Bounds | None:
    """Return (west, south, east, north) of the positions that are known, None when none is."""
    lat, lon = np.asarray(lats, dtype=float), np.asarray(lons, dtype=float)
    known = np.isfinite(lat) & np.isfinite(lon)
    if not known.any():
        return None
    lat, lon = lat[known], lon[known]
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def merge_bounds(several: Iterable[Bounds | None]) -> Bounds | None:
    """Return the bounds around several bounds; None among them counts for nothing."""
    known = [bounds for bounds in several if bounds is not None]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def pad_bounds(bounds: Bounds, km: float) -> Bounds:
    """Return bounds wider by `km` on each side, at most the whole world."""
    west, south, east, north = bounds
    up = km / 110.574
    widest = min(max(abs(south), abs(north)) + up, 89.0)
    across = km / (111.320 * math.cos(math.radians(widest)))
    return (
        max(west - across, -180.0),
        max(south - up, -90.0),
        min(east + across, 180.0),
        min(north + up, 90.0),
    )


@overload
def geodesic_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float: ...
@overload
def geodesic_km(
    lat_a: npt.ArrayLike, lon_a: npt.ArrayLike, lat_b: npt.ArrayLike, lon_b: npt.ArrayLike
) -> Floats: ...
def geodesic_km(
    lat_a: npt.ArrayLike, lon_a: npt.ArrayLike, lat_b: npt.ArrayLike, lon_b: npt.ArrayLike
) -> float | Floats:
    """Return the geodesic distance in kilometres; NaN where a position is NaN.

    Arguments broadcast against each other; four scalars give a float, else an array.
    """
    given = (lon_a, lat_a, lon_b, lat_b)
    arrays = np.broadcast_arrays(*(np.asarray(values, dtype=float) for values in given))
    starts_lon, starts_lat, ends_lon, ends_lat = (array.ravel() for array in arrays)
    metres = WGS84.inv(starts_lon, starts_lat, ends_lon, ends_lat)[2]
    distance: Floats = np.asarray(metres).reshape(arrays[0].shape) / 1000.0
    return float(distance) if distance.ndim == 0 else distance


def leg_km(lats: npt.ArrayLike, lons: npt.ArrayLike) -> Floats:
    """Return the lengths in kilometres between n positions in a row: n - 1 numbers."""
    lat, lon = np.asarray(lats, dtype=float), np.asarray(lons, dtype=float)
    return np.asarray(geodesic_km(lat[:-1], lon[:-1], lat[1:], lon[1:]), dtype=float)


def area_km2(geometry: shapely.Geometry) -> float:
    """Return the geodesic area in square kilometres, never negative; 0 for lines and points."""
    oriented = shapely.orient_polygons(geometry, exterior_cw=False)
    return abs(float(WGS84.geometry_area_perimeter(oriented)[0])) / 1e6


def buffer_m(geometry: shapely.Geometry, metres: float) -> shapely.Geometry:
    """Return everything within `metres` of a geometry, as a polygon in degrees.

    Measured in an azimuthal equidistant plane around the middle of the geometry: exact for a
    point, 0.1 % off at 500 km from the middle. Meant for sites and corridors, not continents.
    """
    west, south, east, north = shapely.bounds(geometry)
    crs = f"+proj=aeqd +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +datum=WGS84"
    plane = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    wide = _moved(geometry, plane, "FORWARD").buffer(metres, quad_segs=16)
    return _moved(wide, plane, "INVERSE")


def circle_polygon(lat: float, lon: float, km: float, points: int = 72) -> shapely.Polygon:
    """Return the polygon of `points` corners, each exactly `km` from a position."""
    around = np.linspace(0.0, 360.0, points, endpoint=False)
    start_lon, start_lat, reach = (np.full(points, value) for value in (lon, lat, km * 1000.0))
    lons, lats, _ = WGS84.fwd(start_lon, start_lat, around, reach)
    return shapely.polygons(np.column_stack([lons, lats])[::-1])


def metres_per_pixel(lat: float, zoom: float) -> float:
    """Return the ground length of a web map pixel at a latitude and zoom."""
    return float(EQUATOR_METRES_PER_PIXEL * math.cos(math.radians(lat)) / 2**zoom)


def equal_scale_zoom_step(lat_a: float, lat_b: float) -> float:
    """Return what to add to the zoom at `lat_a` to show equal kilometres per pixel at `lat_b`."""
    return math.log2(math.cos(math.radians(lat_b)) / math.cos(math.radians(lat_a)))


def encode_polyline(lats: npt.ArrayLike, lons: npt.ArrayLike) -> str:
    """Return positions as an encoded polyline of precision 5 (about 1 m), fit for a URL."""
    pairs = np.column_stack([np.asarray(lats, dtype=float), np.asarray(lons, dtype=float)])
    whole = np.rint(pairs * _POLYLINE_FACTOR).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return "".join(_encode_number(int(step)) for step in steps.ravel())


def decode_polyline(text: str) -> tuple[Floats, Floats]:
    """Return (lats, lons) of an encoded polyline of precision 5.

    Raises ValueError when the text is too long, is cut off, holds other characters, or leads
    outside the world.
    """
    steps = _decode_numbers(text)
    if len(steps) % 2:
        raise ValueError("the encoded line is cut off: a latitude without a longitude")
    pairs = np.cumsum(np.array(steps, dtype=np.int64).reshape(-1, 2), axis=0) / _POLYLINE_FACTOR
    if (np.abs(pairs) > (90.0, 180.0)).any():
        raise ValueError("the encoded line leaves the world")
    return pairs[:, 0], pairs[:, 1]


def polygon_from_polyline(text: str) -> shapely.Polygon:
    """Return the polygon whose corners an encoded polyline lists, closed when it is open.

    Raises ValueError when it has under three corners or crosses itself.
    """
    lats, lons = decode_polyline(text)
    corners = np.unique(np.column_stack([lons, lats]), axis=0)
    if len(corners) < 3:
        raise ValueError("a polygon needs at least three corners")
    polygon = shapely.polygons(np.column_stack([lons, lats]))
    if not shapely.is_valid(polygon):
        raise ValueError("the polygon crosses itself")
    return polygon


def polyline_from_polygon(polygon: shapely.Polygon) -> str:
    """Return the outer ring of a polygon as an encoded polyline, without the closing corner."""
    ring = shapely.get_coordinates(shapely.get_exterior_ring(polygon))[:-1]
    return encode_polyline(ring[:, 1], ring[:, 0])


def _moved(geometry: shapely.Geometry, plane: Transformer, way: str) -> shapely.Geometry:
    def move(points: Floats) -> Floats:
        return np.column_stack(plane.transform(points[:, 0], points[:, 1], direction=way))

    return shapely.transform(geometry, move)


def _encode_number(number: int) -> str:
    value = ~(number << 1) if number < 0 else number << 1
    letters = []
    while value >= 0x20:
        letters.append(chr((0x20 | (value & 0x1F)) + 63))
        value >>= 5
    return "".join(letters) + chr(value + 63)


def _decode_numbers(text: str) -> list[int]:
    if len(text) > _POLYLINE_LONGEST:
        raise ValueError(f"the encoded line is longer than {_POLYLINE_LONGEST} characters")
    numbers, value, shift = [], 0, 0
    for letter in text:
        bits = ord(letter) - 63
        if not 0 <= bits < 64 or shift > 30:
            raise ValueError(f"{letter!r} does not belong into an encoded line")
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if shift:
        raise ValueError("the encoded line is cut off inside a number")
    return numbers
