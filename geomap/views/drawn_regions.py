"""Regions drawn on a map or uploaded: circles and polygons, checked before they are compared."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geomap.geodesy import (
    area_km2,
    circle_polygon,
    decode_polyline,
    encode_polyline,
)
from geomap.sentences import Names, sentence
from geomap.views.index import index_of
from geomap.views.region import Region, bounds_around, region_problem, shortened

if TYPE_CHECKING:
    from geomap.dataset import Dataset

LARGEST_KM2: Final = 10_000_000.0  # a little more than all of China
LARGEST_RADIUS_KM: Final = 2_500.0
MOST_CORNERS: Final = 2_000
# A name, an adcode or an id; but neither half a position nor a circle in a circle.
_NAMES_A_PLACE: Final = re.compile(r"(?!circle:|polygon:)(\d{6}|.*[^\W\d].*)", re.DOTALL)
_SAME_PLACE: Final = 2e-4  # degrees; a link keeps four decimals


def circle_region(text: str, dataset: Dataset) -> Region:
    """Read "lat,lon,km" or "place,km"; raises RegionProblem."""
    lat, lon, km, place = _circle(text, dataset)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and math.isfinite(km)):
        raise region_problem("bad_circle", text=shortened(text))
    if not 0 < km <= LARGEST_RADIUS_KM:
        raise region_problem("radius", most=f"{LARGEST_RADIUS_KM:,.0f}")
    lat, lon, km = round(lat, 4), round(lon, 4), max(round(km, 3), 0.001)
    shape = circle_polygon(lat, lon, km)
    _refuse_outside(shape, dataset)
    values = {"km": _plain(km), "lat": f"{lat:.3f}", "lon": f"{lon:.3f}"}
    name = sentence("comparison.region.circle", **values)
    if place := place or _place_at(lat, lon, dataset):
        name = sentence("comparison.region.circle_around", km=_plain(km), place=place)
    return Region(
        f"circle:{_plain(lat)},{_plain(lon)},{_plain(km)}",
        "circle",
        name.say("en"),
        name.say("zh"),
        lat=lat,
        lon=lon,
        radius_km=km,
        area_km2=area_km2(shape),
        bounds=bounds_around(lat, lon, km),
    )


def _plain(number: float) -> str:
    """Write a number with up to four decimals, so that an id read back is the same region."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _circle(text: str, dataset: Dataset) -> tuple[float, float, float, Names | None]:
    """Read a circle: latitude, longitude, kilometres, and the place where one was named."""
    middle, _, radius = text.rpartition(",")
    try:
        km = float(radius)
    except ValueError:
        raise region_problem("bad_circle", text=shortened(text)) from None
    try:
        lat, lon = (float(part) for part in middle.split(","))
    except ValueError:
        return _around_place(middle.strip(), km, text, dataset)
    return lat, lon, km, None


def _around_place(
    place: str, km: float, text: str, dataset: Dataset
) -> tuple[float, float, float, Names]:
    from geomap.views.regions import parse_region  # which reads circles in turn

    if not _NAMES_A_PLACE.fullmatch(place):
        raise region_problem("bad_circle", text=shortened(text))
    region = parse_region(place, dataset)
    if region.lat is None or region.lon is None:
        raise region_problem("no_middle", region=region.names)
    return region.lat, region.lon, km, region.names


def _place_at(lat: float, lon: float, dataset: Dataset) -> Names | None:
    """The city of the dataset whose point a circle stands on, so that its name survives a link."""
    index = index_of(dataset)
    rows = np.flatnonzero(index.city_row >= 0)
    near = np.abs(index.lat[rows] - lat) + np.abs(index.lon[rows] - lon) < _SAME_PLACE
    if not near.any():
        return None
    city = dataset.cities.iloc[int(index.city_row[rows[near][0]])]
    return Names(str(city["name_en"] or ""), str(city["name_zh"] or ""))


def polygon_of_text(text: str, dataset: Dataset) -> Region:
    """Read "lat,lon;lat,lon;…" or an encoded polyline of precision 5; raises RegionProblem."""
    if any(letter.isdecimal() for letter in text):  # an encoded polyline has no digits
        return polygon_region(_corners(text), dataset)
    try:
        lats, lons = decode_polyline(text)
    except ValueError:
        raise region_problem("bad_polygon", text=shortened(text)) from None
    return polygon_region(zip(lats.tolist(), lons.tolist(), strict=True), dataset)


def _corners(text: str) -> list[tuple[float, float]]:
    try:
        pairs = [tuple(float(part) for part in pair.split(",")) for pair in text.split(";") if pair]
        return [(lat, lon) for lat, lon in pairs]
    except ValueError:
        raise region_problem("bad_polygon", text=shortened(text)) from None


def polygon_region(ring: Iterable[tuple[float, float]], dataset: Dataset) -> Region:
    """Make a region of a ring of (lat, lon) corners in WGS 84, closed or not.

    Raises RegionProblem for a ring that crosses itself, is too small or too big, or touches
    no province.
    """
    corners = [(float(lat), float(lon)) for lat, lon in ring]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    shape = _checked(corners)
    _refuse_outside(shape, dataset)
    west, south, east, north = shape.bounds
    centre = shape.representative_point()
    name = sentence("comparison.region.polygon", n=len(corners))
    return Region(
        f"polygon:{encode_polyline(*zip(*corners, strict=True))}",
        "polygon",
        name.say("en"),
        name.say("zh"),
        lat=float(centre.y),
        lon=float(centre.x),
        ring=tuple(corners),
        area_km2=area_km2(shape),
        bounds=(float(west), float(south), float(east), float(north)),
    )


def region_from_geojson(data: object, dataset: Dataset) -> Region:
    """Make a region of an uploaded GeoJSON value: its first polygon, in WGS 84, without holes.

    Raises RegionProblem when it holds no polygon, or one that cannot be compared.
    """
    ring = _first_ring(data)
    if ring is None:
        raise region_problem("no_polygon")
    try:
        corners = [(float(point[1]), float(point[0])) for point in ring]
    except (TypeError, ValueError, IndexError, KeyError):
        raise region_problem("no_polygon") from None
    return polygon_region(corners, dataset)


def _first_ring(data: object, depth: int = 0) -> list[Any] | None:
    """Walk FeatureCollection, Feature, GeometryCollection to the outer ring of a polygon."""
    if not isinstance(data, dict) or depth > 6:
        return None
    for key in ("features", "geometries"):
        parts = data.get(key)
        if isinstance(parts, list):
            rings = (_first_ring(part, depth + 1) for part in parts[:1000])
            return next((ring for ring in rings if ring is not None), None)
    if "geometry" in data:
        return _first_ring(data["geometry"], depth + 1)
    levels = {"Polygon": 1, "MultiPolygon": 2}.get(str(data.get("type")), 0)
    part: Any = data.get("coordinates")
    for _ in range(levels):
        part = part[0] if isinstance(part, list) and part else None
    return part if levels and isinstance(part, list) else None


def _checked(corners: list[tuple[float, float]]) -> shapely.Polygon:
    if len(set(corners)) < 3 or len(corners) > MOST_CORNERS:
        raise region_problem("corners", n=len(corners), most=MOST_CORNERS)
    if not all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in corners):
        raise region_problem("off_globe")
    shape = shapely.Polygon([(lon, lat) for lat, lon in corners])
    if not shape.is_valid:
        raise region_problem("crosses_itself")
    if area_km2(shape) > LARGEST_KM2:
        raise region_problem("too_big", most=f"{LARGEST_KM2:,.0f}")
    return shape


def _refuse_outside(shape: shapely.Polygon, dataset: Dataset) -> None:
    provinces = index_of(dataset).table("province_tree", lambda: _tree(dataset))
    if not len(provinces.query(shape, predicate="intersects")):
        raise region_problem("at_sea")


def _tree(dataset: Dataset) -> shapely.STRtree:
    return shapely.STRtree(np.asarray(dataset.provinces.geometry, dtype=object))


def polygon_of(region: Region) -> shapely.Polygon:
    """Return the shape of a polygon or circle region, in (lon, lat)."""
    if region.kind == "circle" and region.lat is not None and region.lon is not None:
        return circle_polygon(region.lat, region.lon, region.radius_km or 0.0)
    return shapely.Polygon([(lon, lat) for lat, lon in region.ring])


def shape_of(region: Region, dataset: Dataset) -> shapely.Geometry | None:
    """Return the outline of a region in (lon, lat), None where only its units are known."""
    if region.kind in ("circle", "polygon"):
        return polygon_of(region)
    if region.kind != "province":
        return None
    frame = dataset.provinces
    own = np.flatnonzero(frame["adcode"].astype(str) == region.adcodes[0])
    return frame.geometry.iloc[int(own[0])]


def outline_of(region: Region) -> tuple[tuple[float, float], ...]:
    """Return the ring of a circle or polygon as (lat, lon), () for any other region."""
    if region.kind not in ("circle", "polygon"):
        return ()
    ring = shapely.get_coordinates(polygon_of(region).exterior)
    return tuple((float(lat), float(lon)) for lon, lat in ring)
