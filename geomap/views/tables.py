"""A comparison as tables and as plain values, for CSV, XLSX, JSON and the brief."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from geomap.text import text
from geomap.views.comparison import (
    Comparison,
    Line,
    Value,
    written_difference,
    written_ratio,
)
from geomap.views.facts import Citation
from geomap.views.filters import filters_to_params

_RECORD_COLUMNS: Final = (
    *("feature_id", "name_en", "name_zh", "kind", "status", "investors", "amount_cny"),
    *("amount_usd", "amount_qualifier", "amount_state", "earliest_on", "newest_on", "area_m2"),
    *("capacity_mw", "part_of", "same_as", "may_overlap", "source_id", "source_locator"),
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
    """Return one row per measure and region, with the ids of the rows and sources behind it."""
    rows = [
        _value_row(comparison, line, value, lang)
        for line in comparison.lines
        for value in (*line.values, line.together)
        if value is not None
    ]
    return pd.DataFrame(rows)


def _value_row(comparison: Comparison, line: Line, value: Value, lang: str) -> dict[str, Any]:
    return {
        "measure": line.measure.measure_id,
        "measure_name": line.name(lang),
        "unit": line.measure.unit,
        "region": value.region.region_id,
        "region_name": _region_name(value, lang),
        "state": value.state,
        "value": value.value,
        "shown": value.shown(lang),
        "at_least": value.outcome.at_least,
        "rank": value.rank,
        "difference": value.difference,
        "ratio": value.ratio,
        "reference": comparison.regions[comparison.reference].region_id,
        "record_count": len(value.row_ids),
        "records": value.row_ids,
        "left_out": tuple(f"{name}={why}" for why, names in value.left_out for name in names),
        "sources": value.source_ids,
        "notes": " ".join(note.say(lang) for note in value.notes),
        "formula": value.formula(lang),
        "dataset_version": comparison.dataset.version,
    }


def _region_name(value: Value, lang: str) -> str:
    if value.region.kind == "union":
        return text("comparison.together", lang)
    return value.region.names.say(lang)


def comparison_records(comparison: Comparison) -> pd.DataFrame:
    """Return every record behind any value, projects and zones, each once."""
    ids = _record_ids(comparison)
    rows = []
    for feature_id in ids:
        record = comparison.dataset.record(feature_id)
        rows.append({name: record.get(name) for name in _RECORD_COLUMNS})
    return pd.DataFrame(rows, columns=list(_RECORD_COLUMNS))


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
    """Return a comparison as plain values, ready for `json.dumps`."""
    return {
        "dataset_version": comparison.dataset.version,
        "language": lang,
        "filters": filters_to_params(comparison.filters),
        "reference": _reference_id(comparison),
        "regions": [_region_json(region, lang) for region in comparison.regions],
        "notices": [notice.say(lang) for notice in comparison.notices],
        "measures": [_line_json(comparison, line, lang) for line in comparison.lines],
        "records": _plain_rows(comparison_records(comparison)),
        "sources": _plain_rows(comparison_sources(comparison)),
    }


def _reference_id(comparison: Comparison) -> str | None:
    if not comparison.regions:
        return None
    return comparison.regions[comparison.reference].region_id


def _region_json(region: Any, lang: str) -> dict[str, Any]:  # noqa: ANN401
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


def _line_json(comparison: Comparison, line: Line, lang: str) -> dict[str, Any]:
    return {
        "measure": line.measure.measure_id,
        "name": line.name(lang),
        "unit": line.measure.unit,
        "formula": text(line.measure.formula_key, lang),
        "values": [_value_json(value, lang) for value in line.values],
        "together": _value_json(line.together, lang) if line.together else None,
    }


def _value_json(value: Value, lang: str) -> dict[str, Any]:
    return {
        "region_id": value.region.region_id,
        "state": value.state,
        "value": value.value,
        "shown": value.shown(lang),
        "reason": value.reason.say(lang) if value.reason else None,
        "at_least": value.outcome.at_least,
        "rank": value.rank,
        "difference": value.difference,
        "difference_shown": written_difference(value, lang),
        "ratio": value.ratio,
        "ratio_shown": written_ratio(value, lang),
        "records": list(value.row_ids),
        "left_out": {reason: list(names) for reason, names in value.left_out},
        "sources": list(value.source_ids),
        "notes": [note.say(lang) for note in value.notes],
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
