"""Where exported facts come from: dataset version, credits, and the sources of each feature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from geomap import __version__
from geomap.dataset import Dataset
from geomap.dataset.frames import FEATURE_TABLES, cited
from geomap.sources import attribution_lines, load_sources
from geomap.text import text

_CITED = ("source_id", "source_locator", "also_sources")


def provenance(dataset: Dataset, lang: str = "en") -> dict[str, Any]:
    """Say what an export was made from, how to read it and whom to credit, in one language."""
    return {
        "dataset_version": dataset.version,
        "geomap_version": __version__,
        "counts": dict(dataset.counts),
        "attribution": attribution_lines(load_sources()),
        "notes": [text(f"export.note.{name}", lang) for name in _NOTES],
    }


_NOTES = ("boundaries", "places", "amounts", "corridors")


def sources_by_feature(dataset: Dataset) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Give the sources of every city, project, zone and corridor as (source_id, locator)."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for table in FEATURE_TABLES.values():
        frame: pd.DataFrame = getattr(dataset, table)
        columns = [plain_values(frame[name]) for name in _CITED]
        for feature_id, *values in zip(frame["feature_id"], *columns, strict=True):
            found[feature_id] = cited(dict(zip(_CITED, values, strict=True)))
    return found


def source_entry(dataset: Dataset, source_id: str, locator: str) -> dict[str, Any]:
    """Describe one citation: id, place in the source, title, publisher, date and address."""
    source = dataset.source(source_id) or {}
    names = ("title", "publisher", "published_on", "url")
    return {"source_id": source_id, "locator": locator or None} | {n: source.get(n) for n in names}


def plain_values(column: pd.Series) -> list[Any]:
    """Give the values of a column as Python values, None for what is missing."""
    return [*column.astype("object").where(column.notna(), None)]


def plain_rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give the rows of a frame as dicts of Python values, None for what is missing."""
    names = [str(name) for name in frame.columns]
    for values in zip(*(plain_values(frame[name]) for name in names), strict=True):
        yield dict(zip(names, values, strict=True))
