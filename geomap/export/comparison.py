"""A comparison as a table, as JSON, as sheets of a workbook and as a printable page."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

import pandas as pd

from geomap.export.origin import provenance
from geomap.views import tables
from geomap.views.brief import brief_html
from geomap.views.comparison import Comparison


def comparison_frame(comparison: Comparison, lang: str = "en") -> pd.DataFrame:
    """Give one row for every measure and region: value, state, rank, rows and sources behind."""
    return tables.comparison_values(comparison, lang)


def comparison_sheets(comparison: Comparison, lang: str = "en") -> Mapping[str, pd.DataFrame]:
    """Give the sheets of a workbook: the table as read, every value, records and sources."""
    return tables.comparison_frames(comparison, lang)


def comparison_json(comparison: Comparison, lang: str = "en") -> str:
    """Write a comparison as JSON: what it was made from, regions, cells, records, sources."""
    told = {"geomap": provenance(comparison.dataset, lang)}
    told |= tables.comparison_json(comparison, lang)
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def comparison_html(comparison: Comparison, lang: str = "en", link: str = "") -> str:
    """Write the brief: one page without scripts or outside files, made today."""
    origin = provenance(comparison.dataset, lang)
    made_on = dt.datetime.now(tz=dt.UTC).date().isoformat()
    credits_ = (*origin["attribution"], *origin["notes"])
    return brief_html(comparison, lang, made_on=made_on, link=link, credits_=credits_)
