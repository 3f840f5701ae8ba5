"""The data files of one map: each layer of a dataset as bytes, made once per process.

GeoJSON for layers of features, the legend as JSON, sites beyond the mark limit as one binary
point file. A file never changes under its address, which holds the dataset version.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from geomap import paths
from geomap.views.layers import Feature, Layer, LegendEntry

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


def layer_file(layer: Layer) -> DataFile:
    """Write the data of one layer."""
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


def address(version: str, name: str, suffix: str = "json") -> str:
    """Give the relative address of a data file."""
    return f"data/{version}/{name}.{suffix}"


Files = Mapping[str, Callable[[], DataFile]]
