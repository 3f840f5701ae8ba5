"""Which unit each of many points lies in, by its own code, by polygon, or by nearness.

A point's unit is, in this order: the one its own adcode names, the polygon it lies in, the
nearest polygon within 5 km, unknown. `border_km` says how far the next other unit is; nearer
than 2 km the point is marked, because the shipped borders are generalised to about 1 km.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from geomap.geodesy import Floats, geodesic_km

NEAREST_KM = 5.0
NEAR_BORDER_KM = 2.0

Indices = npt.NDArray[np.intp]
Geometries = npt.NDArray[np.object_]

_UNKNOWN = -1
_LONGEST_SEGMENT_DEG = 0.1  # longer ones would bend when projected
# Conformal, so the nearest segment in the plane is the nearest on the ground, if it is near.
_STRETCH = 1.5  # no plane distance in the region is this much longer than on the ground
_CONFORMAL = "+proj=lcc +lat_1=25 +lat_2=47 +lat_0=35 +lon_0=105 +datum=WGS84"


@dataclass(frozen=True)
class Located:
    """Where n points lie; every field is an array of n.

    adcode: str or None. join_method: own_code, polygon, nearest or unknown. polygon_adcode: the
    unit the point lies in, str or None, whatever its own code says. border_km: kilometres from
    the point to the nearest unit or country other than the one it lies in (or, outside all, was
    given), NaN when there is none. near_border: nearer than 2 km.
    """

    adcode: npt.NDArray[np.object_]
    join_method: npt.NDArray[np.object_]
    polygon_adcode: npt.NDArray[np.object_]
    border_km: Floats
    near_border: npt.NDArray[np.bool_]

    @property
    def disagrees(self) -> npt.NDArray[np.bool_]:
        """Tell which points lie in another unit than the one their own adcode names."""
        own = np.equal(self.join_method, "own_code", dtype=object).astype(bool)
        return np.asarray(
            own & pd.notna(self.polygon_adcode) & (self.polygon_adcode != self.adcode)
        )


@dataclass(frozen=True)
class Boundaries:
    """Polygons of the units, in WGS 84, one row for each adcode, sorted by adcode.

    frame: adcode, iso_3166_2, name_en, name_zh, full_en, full_zh, label_lat, label_lon, area_km2,
    geometry, and what else the table of units holds. others: polygons of neighbouring countries,
    used only to measure how far a border is. extra: what a file draws besides units (whatever has
    an adcode that begins with 100000), never used to join.
    """

    frame: gpd.GeoDataFrame
    source: str
    others: tuple[shapely.Geometry, ...] = ()
    extra: tuple[shapely.Geometry, ...] = ()

    @cached_property
    def adcodes(self) -> tuple[str, ...]:
        """The adcodes of the units, in the order of `frame`."""
        return tuple(self.frame["adcode"])

    def locate(
        self,
        lats: npt.ArrayLike,
        lons: npt.ArrayLike,
        own_adcode: Sequence[str | None] | npt.NDArray[np.object_] | None = None,
    ) -> Located:
        """Return the unit of each point (degrees, WGS 84; NaN or off the globe = no position).

        own_adcode: what each record says itself, of any level ("340100" counts for 340000);
        None or a code of no unit here counts for nothing. All three have the same length.
        """
        lat, lon = _positions(lats, lons)
        inside = self._inside(lat, lon)
        own = self._own(own_adcode, len(lat))
        unit = np.where(own != _UNKNOWN, own, inside)
        near = self._nearest(lat, lon, np.flatnonzero(unit == _UNKNOWN))
        unit = np.where(unit == _UNKNOWN, near, unit)
        border = self._border_km(lat, lon, np.where(inside != _UNKNOWN, inside, unit))
        method = np.select(
            [own != _UNKNOWN, inside != _UNKNOWN, near != _UNKNOWN],
            ["own_code", "polygon", "nearest"],
            "unknown",
        ).astype(object)
        with np.errstate(invalid="ignore"):
            marked = border < NEAR_BORDER_KM
        return Located(self._names(unit), method, self._names(inside), border, marked)

    def polygon_adcodes(self, lats: npt.ArrayLike, lons: npt.ArrayLike) -> npt.NDArray[np.object_]:
        """Return the adcode of the polygon each point lies in, None outside all: nothing more."""
        return self._names(self._inside(*_positions(lats, lons)))

    def shape_of(self, adcode: str) -> shapely.Geometry | None:
        """Return the polygon of a unit, None when there is no such unit."""
        if adcode not in self.adcodes:
            return None
        return self._polygons[self.adcodes.index(adcode)]

    @cached_property
    def _polygons(self) -> Geometries:
        polygons = np.array(self.frame.geometry.array, dtype=object)
        shapely.prepare(polygons)
        return polygons

    @cached_property
    def _outline(self) -> tuple[Geometries, Indices, Indices]:
        """Segments of all outlines in the conformal plane, each with its one or two owners.

        Owners are rows of `frame`, then of `others`; the second is -1 where only one unit lies at
        the segment. Two units whose corners do not match simply own two segments.
        """
        shapes = np.concatenate([self._polygons, np.array(self.others, dtype=object)])
        rings, owner = shapely.get_parts(shapely.boundary(shapes), return_index=True)
        fine = shapely.segmentize(rings, _LONGEST_SEGMENT_DEG)
        points, ring = shapely.get_coordinates(fine, return_index=True)
        joined = ring[1:] == ring[:-1]
        ends = np.stack([points[:-1], points[1:]], axis=1)[joined]
        first, second, kept = _pair_owners(ends, owner[ring[:-1][joined]])
        flat = _plane_points(ends[kept, :, 1].ravel(), ends[kept, :, 0].ravel())
        return shapely.linestrings(flat.reshape(-1, 2, 2)), first, second

    @cached_property
    def _own_outlines(self) -> tuple[shapely.STRtree, Indices]:
        """Index over the outlines of the units, and a unit of each segment."""
        segments, first, _ = self._outline
        mine = first < len(self._polygons)
        return _index(segments[mine]), first[mine]

    @cached_property
    def _foreign_outlines(self) -> dict[int, shapely.STRtree]:
        return {}

    def _outlines_without(self, unit: int) -> shapely.STRtree:
        """Index over the outline of everything but one unit, made when first needed.

        Borders between two others are left out: they are never nearer than the outline itself.
        """
        if unit not in self._foreign_outlines:
            segments, first, second = self._outline
            other = np.where(first == unit, second != _UNKNOWN, second == _UNKNOWN)
            other |= second == unit
            self._foreign_outlines[unit] = _index(segments[other])
        return self._foreign_outlines[unit]

    def _inside(self, lat: Floats, lon: Floats) -> Indices:
        """Return the row of the polygon each point lies in or on, the first one on a border."""
        unit = np.full(len(lat), _UNKNOWN, dtype=np.intp)
        bounds = shapely.bounds(self._polygons)
        for row, (west, south, east, north) in enumerate(bounds):
            boxed = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
            asked = np.flatnonzero(boxed & (unit == _UNKNOWN))
            hit = shapely.intersects_xy(self._polygons[row], lon[asked], lat[asked])
            unit[asked[hit]] = row
        return unit

    def _own(
        self, own_adcode: Sequence[str | None] | npt.NDArray[np.object_] | None, count: int
    ) -> Indices:
        """Return the row of the unit each own adcode belongs to."""
        if own_adcode is None:
            return np.full(count, _UNKNOWN, dtype=np.intp)
        if len(own_adcode) != count:
            raise ValueError(f"{count} points need {count} own adcodes, not {len(own_adcode)}")
        rows = {code: row for row, code in enumerate(self.adcodes)}
        label, values = pd.factorize(np.asarray(own_adcode, dtype=object))
        known = [rows.get(unit_code(value) or "", _UNKNOWN) for value in values]
        return np.array([*known, _UNKNOWN], dtype=np.intp)[label]

    def _nearest(self, lat: Floats, lon: Floats, asked: Indices) -> Indices:
        """Return the row of the nearest unit within 5 km for the asked points."""
        unit = np.full(len(lat), _UNKNOWN, dtype=np.intp)
        asked = asked[np.isfinite(lat[asked]) & np.isfinite(lon[asked])]
        if len(asked):
            tree, owner = self._own_outlines
            asked = asked[_within_reach(tree, lat[asked], lon[asked])]
            segment, km = _nearest_segments(tree, lat[asked], lon[asked])
            near = km <= NEAREST_KM
            unit[asked[near]] = owner[segment[near]]
        return unit

    def _border_km(self, lat: Floats, lon: Floats, unit: Indices) -> Floats:
        """Return the distance to the nearest outline of another unit or country."""
        border = np.full(len(lat), np.nan)
        placed = np.isfinite(lat) & np.isfinite(lon)
        for row in np.unique(unit[placed & (unit != _UNKNOWN)]):
            asked = np.flatnonzero(placed & (unit == row))
            tree = self._outlines_without(int(row))
            if len(tree):
                border[asked] = _nearest_segments(tree, lat[asked], lon[asked])[1]
        return border

    def _names(self, unit: Indices) -> npt.NDArray[np.object_]:
        return np.array([*self.adcodes, None], dtype=object)[unit]


def unit_code(adcode: object) -> str | None:
    """Return the province-level adcode an adcode of any level belongs to, None for no adcode."""
    if isinstance(adcode, str) and len(adcode) == 6 and adcode.isdecimal():
        return f"{adcode[:2]}0000"
    return None


def _positions(lats: npt.ArrayLike, lons: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return both as arrays; what is no position on the globe becomes NaN."""
    lat, lon = np.atleast_1d(np.asarray(lats, float)), np.atleast_1d(np.asarray(lons, float))
    if lat.shape != lon.shape or lat.ndim != 1:
        raise ValueError(
            f"latitudes {lat.shape} and longitudes {lon.shape} must be alike in length"
        )
    with np.errstate(invalid="ignore"):
        usable = (np.abs(lat) < 90.0) & (np.abs(lon) <= 180.0)
    return np.where(usable, lat, np.nan), np.where(usable, lon, np.nan)


def _index(segments: Geometries) -> shapely.STRtree:
    """Index segments; small nodes make `nearest` twice as fast as shapely's default of 10."""
    return shapely.STRtree(segments, node_capacity=4)


def _pair_owners(ends: Floats, owner: Indices) -> tuple[Indices, Indices, Indices]:
    """Find segments that two units share: first and second owner, and which segment to keep.

    ends: n x 2 x 2 degrees; owner: row of the unit of each segment, ascending.
    """
    whole = np.rint(ends * 1e9).astype(np.int64)
    backwards = (whole[:, 0] > whole[:, 1]).any(axis=1) & ~(whole[:, 0] < whole[:, 1])[:, 0]
    whole[backwards] = whole[backwards, ::-1]
    _, kept, edge = np.unique(whole.reshape(-1, 4), axis=0, return_index=True, return_inverse=True)
    second = np.full(len(kept), _UNKNOWN, dtype=np.intp)
    repeated = np.ones(len(edge), dtype=bool)
    repeated[kept] = False
    second[edge.ravel()[repeated]] = owner[repeated]
    return owner[kept], second, kept


def _plane_points(lat: Floats, lon: Floats) -> Floats:
    """Return n x 2 metres in the conformal plane."""
    return np.column_stack(_conformal_plane().transform(lon, lat))


@lru_cache(maxsize=1)
def _conformal_plane() -> Transformer:
    return Transformer.from_crs("EPSG:4326", _CONFORMAL, always_xy=True)


def _nearest_segments(tree: shapely.STRtree, lat: Floats, lon: Floats) -> tuple[Indices, Floats]:
    """Return the nearest outline of each point and its geodesic distance in kilometres."""
    places, back = _distinct(lat, lon)
    points = shapely.points(_plane_points(places[:, 0], places[:, 1]))
    nearest = tree.nearest(points)
    link = shapely.shortest_line(tree.geometries[nearest], points)
    foot = shapely.get_coordinates(link)[::2]
    foot_lon, foot_lat = _conformal_plane().transform(foot[:, 0], foot[:, 1], direction="INVERSE")
    km = np.asarray(geodesic_km(places[:, 0], places[:, 1], foot_lat, foot_lon))
    return nearest[back], km[back]


def _within_reach(tree: shapely.STRtree, lat: Floats, lon: Floats) -> Indices:
    """Return the points with any segment roughly within NEAREST_KM: cheap, never too few."""
    points = shapely.points(_plane_points(lat, lon))
    reach = NEAREST_KM * 1000.0 * _STRETCH
    pairs = tree.query_nearest(points, max_distance=reach, all_matches=False)
    return np.asarray(pairs[0], dtype=np.intp)


def _distinct(lat: Floats, lon: Floats) -> tuple[Floats, Indices]:
    """Return the distinct positions, near ones close together, and how to get back to all."""
    order = np.lexsort((lat, lon, np.floor(lon), np.floor(lat)))
    ordered = np.column_stack([lat, lon])[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    back = np.empty(len(order), dtype=np.intp)
    back[order] = np.cumsum(first) - 1
    return ordered[first], back
