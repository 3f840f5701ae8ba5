"""The data files of one map: each layer of a dataset as bytes, made once per process.

GeoJSON for layers of features, the legend as JSON, sites beyond the mark limit as one binary
point file. A file never changes under its address, which holds the dataset version.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from geomap import paths
from geomap.dataset import Dataset
from geomap.maps.binary import encode_points
from geomap.views.layers import Feature, Layer, Mask
from geomap.views.legend import LegendEntry

# Sites whose names come in one file; the renderer divides by the same number.
NAMES_PER_FILE = 512
BACKDROP = ("neighbours", "water", "claim_lines")


@dataclass(frozen=True)
class DataFile:
    """One file as it is served."""

    body: bytes
    media_type: str

    @cached_property
    def zipped(self) -> bytes:
        """The body compressed by gzip, the same bytes at every run."""
        return gzip.compress(self.body, 6, mtime=0)

    @cached_property
    def etag(self) -> str:
        """Strong entity tag."""
        return '"' + hashlib.sha256(self.body).hexdigest()[:20] + '"'


def json_file(value: Any) -> DataFile:  # noqa: ANN401 - any JSON value
    """Write a value as compact JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return DataFile(text.encode(), "application/json")


def collection(features: Sequence[Feature]) -> dict[str, Any]:
    """Put features into a GeoJSON collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def layer_file(layer: Layer, site_count: int) -> DataFile:
    """Write the data of one layer. site_count: rows of the dataset's sites."""
    if layer.points is not None:
        return DataFile(encode_points(layer.points, site_count), "application/octet-stream")
    return json_file(collection(layer.features))


def legend_file(entries: Sequence[LegendEntry]) -> DataFile:
    """Write the legend."""
    return json_file(
        [{"text": e.text_key, "symbol": dict(e.symbol), "switch": e.switch} for e in entries]
    )


def read_backdrop(folder: Path | None = None) -> dict[str, tuple[Feature, ...]]:
    """Read the backdrop files of data/geo; a file that is not there gives no features."""
    found = {}
    for name in BACKDROP:
        path = (folder or paths.geo_dir()) / f"{name}.geojson"
        if path.is_file():
            found[name] = tuple(json.loads(path.read_text("utf-8"))["features"])
    return found


def address(version: str, layer: Layer) -> str:
    """Give the relative address of a layer's data file."""
    return f"data/{version}/{layer.layer_id}.{'bin' if layer.points is not None else 'json'}"


def names_file(dataset: Dataset, chunk: int, kept: Mask | None = None) -> DataFile | None:
    """Write feature id, names and precision of one stretch of sites; None past the last.

    The canvas layer reads names only where a reader points, so they are not in the point file.
    kept: bool per site; the others keep their row and lose its content.
    """
    stretch = slice(chunk * NAMES_PER_FILE, (chunk + 1) * NAMES_PER_FILE)
    rows = dataset.sites.iloc[stretch]
    if rows.empty:
        return None
    if kept is not None:
        rows = rows.where(pd.Series(kept[stretch], index=rows.index))
    columns = ("feature_id", "name_en", "name_zh", "precision")
    texts = [rows[name].where(rows[name].notna(), None).tolist() for name in columns]
    return json_file([list(row) for row in zip(*texts, strict=True)])
