"""Read boundaries: the shipped ones, or a file of the reader's own after it has been checked.

A reader's file is GeoJSON or Parquet by its content, whatever its name, and is never handed to
GDAL: GeoJSON goes through json and shapely, Parquet through pyarrow and shapely.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape as shape_of

from geomap.boundaries.check import boundary_faults
from geomap.boundaries.locate import Boundaries
from geomap.boundaries.reading import read_features
from geomap.errors import BoundariesError
from geomap.geodesy import area_km2
from geomap.paths import geo_dir
from geomap.sentences import Listed

BACKDROPS = ("neighbours", "water", "claim_lines")
WHOLE_COUNTRY = "100000"  # adcode of what a file draws besides units, such as sea boundaries
COLUMNS = (
    "adcode",
    "iso_3166_2",
    "name_en",
    "name_zh",
    "full_en",
    "full_zh",
    "label_lat",
    "label_lon",
    "area_km2",
)


def load_boundaries(path: Path | None = None, units: pd.DataFrame | None = None) -> Boundaries:
    """Return the shipped boundaries, or those of a GeoJSON or Parquet file.

    units: the table of units a file must hold, with the columns adcode, iso_3166_2, name_en,
    name_zh, full_en, full_zh; the 34 provincial units when not given. Names come from there, only
    the polygons from the file. Raises BoundariesError with one sentence per fault.
    """
    if path is None:
        return _shipped()
    table = load_units() if units is None else units
    features = read_features(path)
    drawn = features["adcode"].str.startswith(WHOLE_COUNTRY)
    known = None if units is not None else _shipped()
    if faults := boundary_faults(features[~drawn], table, known):
        listed = Listed(tuple(faults), "lines")
        raise BoundariesError("errors.boundaries.unusable", path=path, faults=listed)
    frame = _frame(features[~drawn].set_index("adcode")["shape"], table)
    extra = tuple(shape for shape in features.loc[drawn, "shape"] if shape is not None)
    return Boundaries(frame, str(path), extra=extra)


def load_units() -> pd.DataFrame:
    """Return our table of the 34 provincial units (data/geo/provinces.csv), by adcode."""
    path = geo_dir() / "provinces.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    return table.sort_values("adcode", ignore_index=True)


def load_backdrop(name: str) -> dict[str, Any]:
    """Return one of BACKDROPS as GeoJSON, (lon, lat) in WGS 84."""
    if name not in BACKDROPS:
        raise ValueError(f"no backdrop is called {name!r}: choose one of {', '.join(BACKDROPS)}")
    document: dict[str, Any] = _shipped_json(f"{name}.geojson")
    return document


@lru_cache(maxsize=1)
def _shipped() -> Boundaries:
    features = _shipped_json("provinces.geojson")["features"]
    rows = [feature["properties"] for feature in features]
    shapes = [shape_of(feature["geometry"]) for feature in features]
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
    others = [shape_of(f["geometry"]) for f in _shipped_json("neighbours.geojson")["features"]]
    return Boundaries(_in_order(frame), "Natural Earth", tuple(others))


def _shipped_json(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((geo_dir() / name).read_text(encoding="utf-8"))
    return found


def _frame(shapes: pd.Series[Any], table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Join checked shapes to the table of units, with label points and drawn areas."""
    rows = table.drop(columns=["label_lat", "label_lon", "area_km2"], errors="ignore")
    polygons = [shapes[adcode] for adcode in rows["adcode"]]
    labels = [_label_point(polygon) for polygon in polygons]
    rows = rows.assign(
        label_lat=[lat for lat, _ in labels],
        label_lon=[lon for _, lon in labels],
        area_km2=[float(round(area_km2(polygon))) for polygon in polygons],
    )
    return _in_order(gpd.GeoDataFrame(rows, geometry=polygons, crs="EPSG:4326"))


def _in_order(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the promised columns first and sort the rows by adcode."""
    others = [name for name in frame.columns if name not in (*COLUMNS, "geometry")]
    ordered = frame[[*COLUMNS, *others, "geometry"]].astype({"area_km2": float})
    return ordered.sort_values("adcode", ignore_index=True)


def _label_point(polygon: shapely.Geometry) -> tuple[float, float]:
    """Return (lat, lon) of the middle of the widest place of the largest part.

    Degrees are squeezed to equal lengths first: a label needs no more.
    """
    squeeze = np.cos(np.radians(polygon.centroid.y))
    parts = shapely.get_parts(shapely.transform(polygon, lambda points: points * (squeeze, 1.0)))
    largest = parts[np.argmax(shapely.area(parts))]
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.02)
    lon, lat = shapely.get_coordinates(circle)[0]
    return round(float(lat), 3), round(float(lon / squeeze), 3)
