"""The Records page: every table of the dataset, searched, sorted, selected and downloaded."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from geomap.app import state
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.export import csv_text, xlsx_bytes
from geomap.text import format_number, has_text, text
from geomap.views.facts import word
from geomap.views.filters import select_sites

TABLES = ("projects", "zones", "cities", "corridors", "indicators", "sites", "sources", "issues")
MOST_SHOWN = 2_000
_HIDDEN = {"lead_site", "root_id", "branches", "site_index", "candidates", "file_sha256"}
_HIDDEN |= {"project_id", "city_id"}
_LAST = ("feature_id", "site_id", "indicator_id")
_WORDS = {"kind": "filters.kind", "status": "filters.status", "amount_state": "filters.money"}
_WORDS |= {"precision": "filters.precision", "level": "details.level"}


def show_records(view: ViewState, dataset: Dataset) -> str | None:
    """Show the chosen table; return the feature of the row a reader selected."""
    lang = view.lang
    table = st.segmented_control(
        text("app.records.kind", lang),
        TABLES,
        default=None,
        format_func=lambda name: text(f"app.records.table.{name}", lang),
        key=state.preset("records_table", "projects"),
        required=True,
    )
    table = str(table)
    frame = getattr(dataset, table)
    rows = _chosen_rows(frame, view, dataset)
    total = format_number(len(frame), lang)
    st.caption(text("app.records.count", lang, n=format_number(len(rows), lang), total=total))
    if not len(rows):
        st.info(text("app.records.empty", lang))
        return None
    readable = readable_table(rows, lang)
    _downloads(readable, table, dataset.version, lang)
    if len(rows) > MOST_SHOWN:
        st.caption(text("app.records.cut", lang, n=format_number(MOST_SHOWN, lang)))
    return _select_row(rows.iloc[:MOST_SHOWN], readable.iloc[:MOST_SHOWN], table, lang)


def _chosen_rows(frame: pd.DataFrame, view: ViewState, dataset: Dataset) -> pd.DataFrame:
    lang = view.lang
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    query = left.text_input(
        text("app.records.search", lang), key=state.preset("records_search", ""), max_chars=100
    )
    if "feature_id" in frame.columns and view.filters.active:
        limited = right.checkbox(
            text("app.records.filtered", lang), key=state.preset("records_filtered", True)
        )
        if limited:
            kept = dataset.sites["feature_id"][select_sites(dataset, view.filters)]
            frame = frame[frame["feature_id"].isin(kept.unique())]
    return frame[search_mask(frame, query)] if query.strip() else frame


def search_mask(frame: pd.DataFrame, query: str) -> np.ndarray:
    """Mark the rows in which every word of the query occurs somewhere."""
    mask = np.ones(len(frame), dtype=bool)
    texts = [
        frame[name].map(_flat).str.casefold()
        for name in frame.columns
        if frame[name].dtype == object or pd.api.types.is_string_dtype(frame[name])
    ]
    for asked in query.casefold().split():
        hit = np.zeros(len(frame), dtype=bool)
        for column in texts:
            hit |= column.str.contains(asked, regex=False).to_numpy(dtype=bool)
        mask &= hit
    return mask


def _flat(value: object) -> str:
    if isinstance(value, tuple | list):
        return "; ".join(_flat(part) for part in value)
    return value if isinstance(value, str) else ""


def readable_table(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Name columns and words in the reader's language; lists become text."""
    shown = {}
    names = [f"name_{lang}", "name_zh" if lang == "en" else "name_en"]
    first = [name for name in names if name in frame.columns]
    for name in sorted(frame.columns, key=lambda name: (name not in first, name in _LAST)):
        if name in _HIDDEN:
            continue
        key = f"records.column.{name}"
        title = text(key, lang) if has_text(key, lang) else str(name)
        column = frame[name]
        if name in _WORDS:
            column = column.map(partial(_worded, _WORDS[name], lang))
        elif column.dtype == object:
            column = column.map(_flat)
        shown[title] = column
    return pd.DataFrame(shown)


def _worded(group: str, lang: str, value: object) -> str | None:
    return word(group, value, lang) if isinstance(value, str) else None


def _downloads(readable: pd.DataFrame, table: str, version: str, lang: str) -> None:
    with st.popover(text("app.share", lang)):
        for form, make in (("csv", csv_text), ("xlsx", _workbook)):
            st.download_button(
                text(f"app.download.{form}", lang),
                data=lambda make=make: make(readable),
                file_name=f"geomap-{table}-{version}.{form}",
                on_click="ignore",
            )


def _workbook(frame: pd.DataFrame) -> bytes:
    return xlsx_bytes({"geomap": frame})


def _select_row(rows: pd.DataFrame, readable: pd.DataFrame, table: str, lang: str) -> str | None:
    st.caption(text("app.records.select", lang))
    event = st.dataframe(
        readable,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"records_{table}",
        height=420,
    )
    chosen = event.selection.rows
    if not chosen or "feature_id" not in rows.columns:
        return None
    return str(rows.iloc[chosen[0]]["feature_id"])
