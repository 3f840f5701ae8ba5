"""A comparison as a table, as JSON and as one web page that opens the rows behind each number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from geomap.dataset import Dataset
from geomap.export.origin import provenance
from geomap.text import text
from geomap.views.comparison import Comparison, Line, Value
from geomap.views.facts import Citation
from geomap.views.sentences import sentence

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
body{color:#1d2733;background:#fff}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid #d5dbe1;padding:.4rem .6rem;text-align:left;vertical-align:top}
thead th{position:sticky;top:0;background:#fff}
td.none{color:#5d6b7a}
small,summary{color:#5d6b7a;font-weight:normal}
th small{display:block;max-width:24rem}
details ul{margin:.3rem 0 0;padding-left:1.2rem}
@media print{details{display:none}}
"""


def comparison_frame(comparison: Comparison, lang: str = "en") -> pd.DataFrame:
    """Give one row for every measure and region: value, state, rank, rows and sources behind.

    `value` is the plain number or partial date in `unit`, empty when `state` is no_record or
    not_applicable; `shown` is how a person reads it in `lang`.
    """
    rows = [_cell(line, value, lang) for line in comparison.lines for value in line.values]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


_COLUMNS = (
    *("measure", "name", "unit", "region_id", "region", "state", "value", "at_least", "shown"),
    *("rank", "difference", "ratio", "formula", "records", "sources"),
)


def _cell(line: Line, value: Value, lang: str) -> dict[str, Any]:
    return {
        "measure": line.measure.measure_id,
        "name": line.name(lang),
        "unit": line.unit(lang),
        "region_id": value.region.region_id,
        "region": value.region.names.say(lang),
        "state": value.state,
        "value": value.value,
        "at_least": value.outcome.at_least,
        "shown": value.shown(lang),
        "rank": value.rank,
        "difference": value.difference,
        "ratio": value.ratio,
        "formula": value.formula(lang),
        "records": value.row_ids,
        "sources": value.source_ids,
    }


def comparison_json(comparison: Comparison, lang: str = "en") -> str:
    """Write a comparison as JSON: regions, cells as in `comparison_frame`, notices, sources."""
    regions = [{"region_id": r.region_id, "name": r.names.say(lang)} for r in comparison.regions]
    cells = [_cell(line, value, lang) for line in comparison.lines for value in line.values]
    told = {
        "geomap": provenance(comparison.dataset, lang),
        "regions": regions,
        "cells": cells,
        "notices": [notice.say(lang) for notice in comparison.notices],
        "sources": [_source(one) for one in comparison.citations()],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _source(citation: Citation) -> dict[str, str | None]:
    names = ("source_id", "title", "publisher", "published_on", "url")
    return {name: getattr(citation, name) or None for name in names}


# ---------------------------------------------------------------- a web page


def comparison_html(comparison: Comparison, lang: str = "en") -> str:
    """Write a comparison as one web page without scripts or outside files."""
    title = " · ".join(region.names.say(lang) for region in comparison.regions)
    names = _feature_names(comparison.dataset, lang)
    origin = provenance(comparison.dataset, lang)
    version = text("export.comparison.version", lang, version=comparison.dataset.version)
    body = (
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(notice.say(lang))}</p>" for notice in comparison.notices),
        _table(comparison, names, lang),
        f"<h2>{escape(text('export.comparison.sources', lang))}</h2>",
        _listed(_source_item(one, lang) for one in comparison.citations()),
        f"<p><small>{escape(version)}</small></p>",
        *(f"<p><small>{escape(line)}</small></p>" for line in origin["attribution"]),
        *(f"<p><small>{escape(line)}</small></p>" for line in origin["notes"]),
    )
    language = {"zh": "zh-Hans"}.get(lang, lang)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _feature_names(dataset: Dataset, lang: str) -> dict[str, str]:
    frames: Sequence[pd.DataFrame] = (dataset.projects, dataset.zones)
    return {
        feature_id: name
        for frame in frames
        for feature_id, name in zip(frame["feature_id"], frame[f"name_{lang}"], strict=True)
    }


def _table(comparison: Comparison, names: dict[str, str], lang: str) -> str:
    heads = (text("export.comparison.measure", lang), *_region_names(comparison, lang))
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(line.name(lang))}{_formula(line, lang)}</th>'
        + "".join(_table_cell(value, names, lang) for value in line.values)
        + "</tr>"
        for line in comparison.lines
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _region_names(comparison: Comparison, lang: str) -> list[str]:
    return [region.names.say(lang) for region in comparison.regions]


def _table_cell(value: Value, names: dict[str, str], lang: str) -> str:
    if value.state != "value":
        return f'<td class="none">{escape(value.shown(lang))}</td>'
    shown = escape(value.shown(lang))
    if not value.row_ids:
        return f"<td>{shown}</td>"
    opener = sentence("export.comparison.rows", n=len(value.row_ids)).say(lang)
    rows = _listed(escape(names.get(row, row)) for row in value.row_ids)
    return f"<td>{shown}<details><summary>{escape(opener)}</summary>{rows}</details></td>"


def _formula(line: Line, lang: str) -> str:
    said = line.values[0].formula(lang) if line.values else ""
    return f"<small>{escape(said)}</small>"


def _listed(items: Iterable[str]) -> str:
    """Make a list of items that are HTML already."""
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _source_item(citation: Citation, lang: str) -> str:
    said = escape(citation.say(lang))
    if urlsplit(citation.url).scheme not in ("http", "https"):
        return said
    return f'<a href="{escape(citation.url)}" rel="noopener noreferrer">{said}</a>'
