"""The frames of a dataset as Parquet files and back, the same bytes for the same frames."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geomap.dataset.frames import SCHEMAS, ColumnType, Dataset
from geomap.dataset.versions import Manifest, read_manifest, read_version, write_version
from geomap.errors import DatasetError

PROVINCES_FILE = "provinces.parquet"
_ARROW_TYPES: Mapping[ColumnType, pa.DataType] = {
    "text": pa.large_string(),  # what pandas keeps text in, so nothing is copied
    "number": pa.float64(),
    "whole": pa.int64(),
    "maybe_whole": pa.int64(),
    "flag": pa.bool_(),
    "texts": pa.list_(pa.string()),
    "branches": pa.list_(pa.list_(pa.string())),
}


def open_dataset(data_dir: Path, version: str | None = None) -> Dataset:
    """Open the current dataset of a folder, or one of its versions.

    Raises DatasetError when there is none or its files are not what the manifest says.
    """
    manifest = read_manifest(data_dir, version)
    contents = read_version(data_dir, manifest)
    try:
        tables = {name: _read_table(contents[f"{name}.parquet"], name) for name in SCHEMAS}
        provinces = gpd.read_parquet(io.BytesIO(contents[PROVINCES_FILE]))
    except (KeyError, pa.ArrowException, ValueError) as error:
        raise DatasetError(
            "errors.dataset.other_program",
            version=manifest.version,
            folder=data_dir,
            error=str(error),
        ) from error
    return Dataset(version=manifest.version, provinces=provinces, **tables)


def save_dataset(
    dataset: Dataset, data_dir: Path, inputs: str = "", *, shipped: bool = False
) -> Manifest:
    """Write the frames as a new version and make it the current one.

    inputs: digest of what the dataset was built from; shipped: whether that was the shipped
    records. Both are kept in the manifest.
    """
    writers: dict[str, Callable[[Path], int]] = {
        f"{name}.parquet": partial(_write_table, getattr(dataset, name), SCHEMAS[name])
        for name in SCHEMAS
    }
    writers[PROVINCES_FILE] = partial(_write_provinces, dataset.provinces)
    return write_version(data_dir, writers, dataset.counts, inputs, shipped)


def _write_table(frame: pd.DataFrame, schema: Mapping[str, ColumnType], path: Path) -> int:
    arrays = [_to_arrow(frame[name], kind) for name, kind in schema.items()]
    table = pa.Table.from_arrays(arrays, names=list(schema))
    pq.write_table(table, path, compression="zstd")
    return len(frame)


def _to_arrow(column: pd.Series, kind: ColumnType) -> pa.Array | pa.ChunkedArray:
    values = list(column) if kind in ("texts", "branches") else column
    return pa.array(values, type=_ARROW_TYPES[kind], from_pandas=True)


def _write_provinces(provinces: gpd.GeoDataFrame, path: Path) -> int:
    provinces.to_parquet(path, compression="zstd", index=False)
    return len(provinces)


def _read_table(content: bytes, name: str) -> pd.DataFrame:
    table = pq.read_table(pa.BufferReader(content), columns=list(SCHEMAS[name]))
    return pd.DataFrame(
        {column: _from_arrow(table.column(column), kind) for column, kind in SCHEMAS[name].items()}
    )


def _from_arrow(column: pa.ChunkedArray, kind: ColumnType) -> pd.Series:
    if kind == "texts":
        return pd.Series(_tuples(column), dtype="object")
    if kind == "branches":
        nested = [tuple(map(tuple, values)) for values in column.to_pylist()]
        return pd.Series(nested, dtype="object")
    whole_or_none = {pa.int64(): pd.Int64Dtype()}
    mapper = whole_or_none.get if kind == "maybe_whole" else None
    series: pd.Series = column.to_pandas(types_mapper=mapper)
    return series.astype("str") if kind == "text" else series


def _tuples(column: pa.ChunkedArray) -> list[tuple[str, ...]]:
    """Give the lists of a column as tuples; most are empty, which costs next to nothing."""
    whole = column.combine_chunks()
    ends = whole.offsets.to_pylist()
    flat = whole.values.to_pylist()
    return [tuple(flat[a:b]) if b > a else () for a, b in pairwise(ends)]
