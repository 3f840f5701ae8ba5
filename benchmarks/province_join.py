"""Province of 200,000 points: geomap against geopandas, same points, same polygons, one run.

    python benchmarks/province_join.py [--points 200000]

Two questions are timed. "polygon": which province does a point lie in; the peer is
`geopandas.sjoin(predicate="within")`. "locate": the same, with points up to 5 km off the coast and
the distance of each point to the nearest other unit; the peer is `sjoin` followed by
`sjoin_nearest` against the outlines cut into single segments in a metric plane, the quickest way
geopandas has. Both start from two arrays of degrees. Half of the points lie anywhere in the
country's bounds, half scatter around the places of the gazetteer.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import shapely

from geomap.boundaries import Boundaries, load_boundaries
from geomap.paths import geo_dir

ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84"


def make_points(count: int, seed: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Return lats and lons: half uniform, half within some 10 km of gazetteer places."""
    rng = np.random.default_rng(seed)
    half = count // 2
    places = pq.read_table(geo_dir() / "gazetteer.parquet", columns=["lat", "lon"]).to_pandas()
    near = places.dropna().to_numpy()[rng.integers(0, len(places.dropna()), count - half)]
    near = near + rng.normal(0, 0.1, near.shape)
    anywhere = np.column_stack([rng.uniform(18, 54, half), rng.uniform(73, 135, half)])
    points = np.concatenate([anywhere, near])
    return points[:, 0], points[:, 1]


def point_frame(lats: np.ndarray, lons: np.ndarray) -> gpd.GeoDataFrame:
    """Return the points as geopandas wants them."""
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(lons, lats), crs="EPSG:4326")


def sjoin_adcodes(boundaries: Boundaries, lats: np.ndarray, lons: np.ndarray) -> np.ndarray:
    """Return the adcode of each point by `sjoin`, None outside."""
    points = point_frame(lats, lons)
    joined = points.sjoin(boundaries.frame[["adcode", "geometry"]], predicate="within")
    adcodes = np.full(len(points), None, dtype=object)
    adcodes[joined.index] = joined["adcode"]
    return adcodes


def outline_segments(boundaries: Boundaries) -> gpd.GeoDataFrame:
    """Return every outline as single segments in Albers metres."""
    rings = shapely.get_parts(shapely.boundary(boundaries.frame.geometry.to_crs(ALBERS).values))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    ends = np.stack([points[:-1], points[1:]], axis=1)[ring[1:] == ring[:-1]]
    return gpd.GeoDataFrame(geometry=shapely.linestrings(ends), crs=ALBERS)


def sjoin_with_distance(
    boundaries: Boundaries, lats: np.ndarray, lons: np.ndarray
) -> tuple[np.ndarray, Any]:
    """Return adcodes and the metres to the nearest outline, all by geopandas."""
    adcodes = sjoin_adcodes(boundaries, lats, lons)
    points = point_frame(lats, lons).to_crs(ALBERS)
    return adcodes, points.sjoin_nearest(outline_segments(boundaries), distance_col="metres")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the quicker of two runs in seconds, and the result."""
    seconds, result = [], None
    for _ in range(2):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def main() -> None:
    """Time both questions and print ratios and mismatches."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=200_000)
    count = parser.parse_args().points
    lats, lons = make_points(count)
    boundaries = load_boundaries()
    boundaries.locate(lats[:1000], lons[:1000])  # build the indexes both ways of asking share

    peer_s, expected = timed(lambda: sjoin_adcodes(boundaries, lats, lons))
    ours_s, found = timed(lambda: boundaries.polygon_adcodes(lats, lons))
    wrong = int(np.sum(found != expected))
    print(f"polygon  sjoin {peer_s:.2f} s  geomap {ours_s:.2f} s  ratio {peer_s / ours_s:.1f}")
    print(f"         mismatches {wrong} of {count}")

    peer_s, _ = timed(lambda: sjoin_with_distance(boundaries, lats, lons))
    ours_s, located = timed(lambda: boundaries.locate(lats, lons))
    print(f"locate   sjoin + sjoin_nearest {peer_s:.2f} s  geomap {ours_s:.2f} s", end="  ")
    print(f"ratio {peer_s / ours_s:.1f}")
    inside = located.join_method == "polygon"
    wrong = int(np.sum(located.adcode[inside] != expected[inside]))
    print(f"         mismatches {wrong} of {int(inside.sum())} inside a province")


if __name__ == "__main__":
    main()
