"""A comparison as tables and as plain values, for CSV, XLSX, JSON and the brief."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

import pandas as pd

from geomap.text import text
from geomap.views.comparison import Comparison, Line, Value
from geomap.views.facts import Citation, with_chinese_names
from geomap.views.filters import filters_to_params
from geomap.views.region import Region
from geomap.views.summary import summarise

_RECORD_COLUMNS: Final = (
    *("feature_id", "name_en", "name_zh", "kind", "status", "investors", "amount_cny"),
    *("amount_usd", "amount_qualifier", "amount_state", "earliest_on", "newest_on", "area_m2"),
    *("capacity_mw", "part_of", "same_as", "may_overlap", "source_id", "source_locator"),
)


_CELL_COLUMNS: Final = (
    *("measure", "group", "name", "unit", "region_id", "region", "state", "value", "at_least"),
    *("shown", "rank", "difference", "ratio", "formula", "worked", "notes", "record_count"),
    *("records", "added", "rates", "left_out", "sources"),
)


def comparison_frames(comparison: Comparison, lang: str) -> dict[str, pd.DataFrame]:
    """Return the sheets of a comparison: the table as read, every value, records, sources."""
    return {
        text("comparison.sheet.table", lang): comparison_table(comparison, lang),
        text("comparison.sheet.values", lang): comparison_values(comparison, lang),
        text("comparison.sheet.records", lang): comparison_records(comparison),
        text("comparison.sheet.sources", lang): comparison_sources(comparison),
    }


def comparison_table(comparison: Comparison, lang: str) -> pd.DataFrame:
    """Return the table as a reader sees it: a row per measure, a column per region."""
    names = _column_names(comparison, lang)
    rows = []
    for line in comparison.lines:
        row = {text("comparison.column.measure", lang): line.name(lang)}
        row[text("comparison.column.unit", lang)] = line.unit(lang)
        cells = [*line.values, *([line.together] if comparison.together else [])]
        for name, value in zip(names, cells, strict=True):
            row[name] = value.shown(lang) if value else ""
        rows.append(row)
    return pd.DataFrame(rows)


def _column_names(comparison: Comparison, lang: str) -> list[str]:
    names = [region.names.say(lang) for region in comparison.regions]
    if comparison.together is not None:
        names.append(text("comparison.together", lang))
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[place] = f"{name} ({seen[name]})"
    return names


def comparison_values(comparison: Comparison, lang: str) -> pd.DataFrame:
    """Return one row per measure and region, with the ids of the rows and sources behind it.

    `value` is the plain number or partial date in `unit`, empty when `state` is no_record or
    not_applicable; `shown` is how a person reads it. `added` is what each record adds to a sum
    ("project:x=15000000000"), `rates` the yuan per dollar of those that were converted, `worked`
    what a share or rate was divided from. The regions taken together come last, with the region
    id "together".
    """
    cells = comparison_cells(comparison, lang)
    for cell in cells:
        for name in ("added", "rates"):
            cell[name] = tuple(f"{key}={number:.15g}" for key, number in cell[name].items())
        division = cell["worked"]
        cell["worked"] = division and "{top:.15g} / {bottom:.15g} * {scale:.15g}".format(**division)
    return pd.DataFrame(cells, columns=list(_CELL_COLUMNS))


def comparison_cells(comparison: Comparison, lang: str) -> list[dict[str, Any]]:
    """Return the rows of `comparison_values` as plain values, `added` and `rates` by record.

    worked: top, bottom and scale of a share or rate with the measures they come from, or None.
    """
    return [
        _cell(line, value, lang)
        for line in comparison.lines
        for value in (*line.values, line.together)
        if value is not None
    ]


def _cell(line: Line, value: Value, lang: str) -> dict[str, Any]:
    together = value.region.kind == "union"
    names = text("comparison.together", lang) if together else value.region.names.say(lang)
    return {
        "measure": line.measure.measure_id,
        "group": line.measure.group,
        "name": line.name(lang),
        "unit": line.unit(lang),
        "region_id": "together" if together else value.region.region_id,
        "region": names,
        "state": value.state,
        "value": value.value,
        "at_least": value.outcome.at_least,
        "shown": value.shown(lang),
        "rank": value.rank,
        "difference": value.difference,
        "ratio": value.ratio,
        "formula": value.formula(lang),
        "worked": None if value.outcome.division is None else asdict(value.outcome.division),
        "notes": tuple(note.say(lang) for note in value.notes),
        "record_count": len(value.row_ids),
        "records": value.row_ids,
        "added": {one.feature_id: one.amount for one in value.added},
        "rates": {
            one.feature_id: one.cny_per_usd for one in value.added if one.cny_per_usd is not None
        },
        "left_out": tuple(f"{name}={why}" for why, names in value.left_out for name in names),
        "sources": value.source_ids,
    }


def comparison_records(comparison: Comparison) -> pd.DataFrame:
    """Return every record behind any value, projects and zones, each once."""
    ids = _record_ids(comparison)
    rows = []
    for feature_id in ids:
        record = comparison.dataset.record(feature_id)
        rows.append({name: record.get(name) for name in _RECORD_COLUMNS})
    frame = pd.DataFrame(rows, columns=list(_RECORD_COLUMNS))
    return with_chinese_names(frame, comparison.dataset)


def _record_ids(comparison: Comparison) -> list[str]:
    ids: dict[str, None] = {}
    for line in comparison.lines:
        for value in line.values:
            ids |= dict.fromkeys(value.row_ids)
            for _, names in value.left_out:
                ids |= dict.fromkeys(names)
    return sorted(ids)


def comparison_sources(comparison: Comparison) -> pd.DataFrame:
    """Return every source behind any value, each once."""
    columns = [name for name in Citation.__dataclass_fields__ if name != "locator"]
    rows = [{name: getattr(one, name) for name in columns} for one in comparison.citations()]
    return pd.DataFrame(rows, columns=columns)


def comparison_json(comparison: Comparison, lang: str) -> dict[str, Any]:
    """Return a comparison as plain values, ready for `json.dumps`.

    regions, reference, filters, cells (see `comparison_values`), notices, summary, records (what
    the cells count and add) and sources.
    """
    return {
        "language": lang,
        "filters": filters_to_params(comparison.filters.without_layers()),
        "reference": _reference_id(comparison),
        "regions": [_region_json(region, lang) for region in comparison.regions],
        "cells": comparison_cells(comparison, lang),
        "notices": [notice.say(lang) for notice in comparison.notices],
        "summary": list(summarise(comparison, lang)),
        "records": _plain_rows(comparison_records(comparison)),
        "sources": _plain_rows(comparison_sources(comparison)),
    }


def _reference_id(comparison: Comparison) -> str | None:
    if not comparison.regions:
        return None
    return comparison.regions[comparison.reference].region_id


def _region_json(region: Region, lang: str) -> dict[str, Any]:
    return {
        "region_id": region.region_id,
        "kind": region.kind,
        "name": region.names.say(lang),
        "name_en": region.name_en,
        "name_zh": region.name_zh,
        "adcodes": list(region.adcodes),
        "lat": region.lat,
        "lon": region.lon,
        "radius_km": region.radius_km,
        "area_km2": region.area_km2,
    }


def _plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in frame.to_dict("records"):
        rows.append({str(name): _plain(value) for name, value in row.items()})
    return rows


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, tuple | list):
        return [str(part) for part in value]
    if value is None or isinstance(value, str | bool):
        return value
    if pd.isna(value):
        return None
    return float(value)
