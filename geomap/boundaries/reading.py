"""Read adcodes and polygons out of a GeoJSON or Parquet file somebody else made."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry import shape

from geomap.errors import BoundariesError

MOST_BYTES = 64 * 2**20
MOST_UNPACKED_BYTES = 128 * 2**20
MOST_FEATURES = 1_000
# CGCS2000 (EPSG:4490), the datum of maps approved in China, agrees with WGS 84 within a metre.
ACCEPTED_CRS = frozenset({"EPSG:4326", "EPSG:4490", "OGC:CRS84"})

_DAMAGE = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    RecursionError,
    pa.ArrowException,
    shapely.errors.ShapelyError,
)

Objects = npt.NDArray[np.object_]


def read_features(path: Path) -> pd.DataFrame:
    """Return adcode (str, "" where missing) and shape (shapely, None where missing) per feature.

    The index is the number of the feature in the file, from 1. Raises BoundariesError when the
    file is absent, too large, of another format or reference system, or damaged.
    """
    if _size(path) > MOST_BYTES:
        _refuse("too_large", path, most=MOST_BYTES // 2**20)
    read = _reader(path)
    try:
        adcodes, shapes = read(path)
    except BoundariesError:
        raise
    except _DAMAGE as error:
        reason = " ".join(str(error).split())[:200]
        _refuse("damaged", path, error=f"{type(error).__name__}: {reason}")
    numbers = range(1, len(adcodes) + 1)
    return pd.DataFrame({"adcode": adcodes, "shape": _objects(shapes)}, index=numbers)


def _size(path: Path) -> int:
    if not path.is_file():
        _refuse("no_file", path)
    return path.stat().st_size


def _reader(path: Path) -> Callable[[Path], tuple[list[str], list[Any]]]:
    """Choose the reader by content: the name of a file proves nothing."""
    with path.open("rb") as stream:
        head = stream.read(64)
    if head.startswith(b"PAR1"):
        return _read_parquet
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _read_geojson
    return _refuse("neither", path)


def _read_geojson(path: Path) -> tuple[list[str], list[Any]]:
    text = path.read_text(encoding="utf-8-sig")
    document = json.loads(text, parse_constant=_refuse_constant)
    if document.get("type") != "FeatureCollection":
        _refuse("no_collection", path)
    _check_crs(path, _geojson_crs(document))
    features = document["features"]
    _check_count(path, len(features))
    adcodes = [_adcode((feature.get("properties") or {}).get("adcode")) for feature in features]
    shapes = [shape(f["geometry"]) if f.get("geometry") else None for f in features]
    return adcodes, shapes


def _geojson_crs(document: Mapping[str, Any]) -> str:
    """Return "EPSG:4326" where nothing is said: RFC 7946 knows no other."""
    named = document.get("crs")
    if named is None:
        return "EPSG:4326"
    words = str(named["properties"]["name"]).upper().replace("::", ":").split(":")
    return f"{words[-3] if words[-2] == '1.3' else words[-2]}:{words[-1]}"


def _read_parquet(path: Path) -> tuple[list[str], list[Any]]:
    file = pq.ParquetFile(path)
    _check_count(path, file.metadata.num_rows)
    described = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    column = str(described.get("primary_column", "geometry"))
    for needed in ("adcode", column):
        if needed not in file.schema_arrow.names:
            _refuse("no_column", path, column=needed)
    _check_crs(path, _parquet_crs(path, described, column))
    rows = _parquet_rows(path, file, ["adcode", column])
    shapes = shapely.from_wkb(_objects([row[column] for row in rows]))
    return [_adcode(row["adcode"]) for row in rows], list(shapes)


def _parquet_rows(path: Path, file: pq.ParquetFile, columns: list[str]) -> list[dict[str, Any]]:
    """Read a few rows at a time: a small file may unpack to far more than it says."""
    rows: list[dict[str, Any]] = []
    unpacked = 0
    for batch in file.iter_batches(batch_size=8, columns=columns):
        unpacked += batch.nbytes
        if unpacked > MOST_UNPACKED_BYTES:
            _refuse("unpacks", path)
        rows += batch.to_pylist()
    return rows


def _parquet_crs(path: Path, described: Mapping[str, Any], column: str) -> str:
    """Return the authority code of a GeoParquet column, OGC:CRS84 where nothing is said."""
    if not described:
        return "OGC:CRS84"
    encoding = described["columns"][column]
    if encoding.get("encoding", "WKB") != "WKB":
        _refuse("encoding", path, encoding=encoding["encoding"])
    crs = encoding.get("crs", {"id": {"authority": "OGC", "code": "CRS84"}})
    identity = (crs or {}).get("id", {})
    return f"{identity.get('authority', 'unknown')}:{identity.get('code', 'unknown')}"


def _check_crs(path: Path, crs: str) -> None:
    if crs not in ACCEPTED_CRS:
        _refuse("crs", path, crs=crs)


def _check_count(path: Path, count: int) -> None:
    if count > MOST_FEATURES:
        _refuse("features", path, n=count)


def _adcode(value: object) -> str:
    """Return a code as text: some tools write it as a number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _objects(values: list[Any]) -> Objects:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} stands for a number")


def _refuse(fault: str, path: Path, **values: object) -> NoReturn:
    raise BoundariesError(f"errors.boundaries.{fault}", path=path, **values)
