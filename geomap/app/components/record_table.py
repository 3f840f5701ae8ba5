"""The Records page: every table of the dataset, searched, sorted, selected and downloaded."""

from __future__ import annotations

import hashlib
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from geomap.app import state
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.export import csv_text, xlsx_bytes
from geomap.geodesy import Bounds
from geomap.text import format_number, has_text, text
from geomap.views.facts import investor_names, word
from geomap.views.filters import select_sites

TABLES = (
    *("projects", "zones", "cities", "corridors", "indicators", "organisations"),
    *("sites", "sources", "issues"),
)
MOST_SHOWN = 2_000
_WITH_SITES = ("projects", "zones", "cities", "sites")
_HIDDEN = {"lead_site", "root_id", "branches", "site_index", "candidates", "file_sha256"}
_HIDDEN |= {"project_id", "city_id"}
_LAST = ("feature_id", "site_id", "indicator_id")
_WORDS = {"kind": "filters.kind", "status": "filters.status", "amount_state": "filters.money"}
_WORDS |= {"precision": "filters.precision", "level": "details.level"}
_WORDS |= {"feature_kind": "filters.feature", "layer": "filters.layer"}
_WORDS |= {"join_method": "details.join", "location_status": "geocode.status"}
# Words that stand around a number, such as "{value} companies".
_PATTERNS = {"unit": "details.unit", "qualifier": "details.qualifier"}
_PATTERNS |= {"amount_qualifier": "details.qualifier"}
_INVESTORS = ("investors", "partners", "companies")


def show_records(view: ViewState, dataset: Dataset) -> None:
    """Show the chosen table; a row that a reader selects becomes the selection of the view."""
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
    rows = _chosen_rows(table, frame, view, dataset)
    total = format_number(len(frame), lang)
    st.caption(text("app.records.count", lang, n=format_number(len(rows), lang), total=total))
    if not len(rows):
        st.info(text("app.records.empty", lang))
        return
    readable = readable_table(rows, dataset, lang)
    _downloads(readable, table, dataset.version, lang)
    if len(rows) > MOST_SHOWN:
        st.caption(text("app.records.cut", lang, n=format_number(MOST_SHOWN, lang)))
    _show_rows(rows.iloc[:MOST_SHOWN], readable.iloc[:MOST_SHOWN], table, lang)


def _chosen_rows(
    table: str, frame: pd.DataFrame, view: ViewState, dataset: Dataset
) -> pd.DataFrame:
    lang = view.lang
    query = st.text_input(
        text("app.records.search", lang), key=state.preset("records_search", ""), max_chars=100
    )
    if table in _WITH_SITES:
        frame = frame[rows_of_sites(table, frame, _wanted_sites(view, dataset), dataset)]
    return frame[search_mask(frame, query)] if query.strip() else frame


def _wanted_sites(view: ViewState, dataset: Dataset) -> NDArray[np.bool_] | None:
    """Mark the sites that filters and extent of the map leave, None when neither limits."""
    limits = []
    if view.filters.active and _ask("filtered", view.lang):
        limits.append(select_sites(dataset, view.filters))
    bounds = state.get("bounds")
    if isinstance(bounds, tuple) and _ask("extent", view.lang):
        limits.append(sites_within(dataset.sites, bounds))
    return np.logical_and.reduce(limits) if limits else None


def _ask(name: str, lang: str) -> bool:
    key = state.preset(f"records_{name}", True)
    return st.checkbox(text(f"app.records.{name}", lang), key=key)


def sites_within(sites: pd.DataFrame, bounds: Bounds) -> NDArray[np.bool_]:
    """Mark the sites inside bounds (west, south, east, north); one without a point is outside."""
    west, south, east, north = bounds
    inside = sites["lon"].between(west, east) & sites["lat"].between(south, north)
    return np.asarray(inside, dtype=bool)


def rows_of_sites(
    table: str, frame: pd.DataFrame, wanted: NDArray[np.bool_] | None, dataset: Dataset
) -> NDArray[np.bool_]:
    """Mark the rows of a table that have a wanted site; all of them when nothing is wanted."""
    if wanted is None:
        return np.ones(len(frame), dtype=bool)
    if table == "sites":
        return wanted
    kept = dataset.sites["feature_id"][wanted].unique()
    return np.asarray(frame["feature_id"].isin(kept), dtype=bool)


def search_mask(frame: pd.DataFrame, query: str) -> NDArray[np.bool_]:
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


def readable_table(frame: pd.DataFrame, dataset: Dataset, lang: str) -> pd.DataFrame:
    """Name columns and words in the reader's language; lists become text."""
    shown = {}
    names = [f"name_{lang}", "name_zh" if lang == "en" else "name_en"]
    first = [name for name in names if name in frame.columns]
    rest = [str(name) for name in frame.columns if name not in first]
    for name in [*first, *sorted(rest, key=lambda name: name in _LAST)]:
        if name in _HIDDEN or _original(name) in frame.columns:
            continue
        key = f"records.column.{name}"
        title = text(key, lang) if has_text(key, lang) else str(name)
        shown[title] = _readable_column(in_language(frame, name, lang), name, dataset, lang)
    return pd.DataFrame(shown)


def _original(name: str) -> str:
    """The column that this one repeats in Chinese; "" for any other."""
    return name.removesuffix("_zh") if name.endswith("_zh") else ""


def in_language(frame: pd.DataFrame, name: str, lang: str) -> pd.Series:
    """Take the cells of a column in one language, those that are empty there in the other one."""
    if f"{name}_zh" not in frame.columns:
        return frame[name]
    own, other = frame[name], frame[f"{name}_zh"]
    if lang == "zh":
        own, other = other, own
    return own.where(own.notna() & own.map(bool), other)


def _readable_column(column: pd.Series, name: str, dataset: Dataset, lang: str) -> pd.Series:
    if name in _WORDS:
        return column.map(partial(_worded, _WORDS[name], lang))
    if name in _PATTERNS:
        return column.map(partial(_without_number, _PATTERNS[name], lang))
    if name in _INVESTORS:
        return column.map(partial(_named, dataset, lang))
    return column.map(_flat) if column.dtype == object else column


def _worded(group: str, lang: str, value: object) -> str | None:
    return word(group, value, lang) if isinstance(value, str) else None


def _without_number(group: str, lang: str, value: object) -> str | None:
    """Say the words around a number; a word that has none stays as it is."""
    if not isinstance(value, str):
        return None
    key = f"{group}.{value}"
    if has_text(key, lang):
        return text(key, lang, value="").strip()
    return word("comparison.unit", value, lang)


def _named(dataset: Dataset, lang: str, value: object) -> str:
    names = value if isinstance(value, tuple | list) else ()
    return "; ".join(investor_names(str(name), dataset).say(lang) for name in names)


def _downloads(readable: pd.DataFrame, table: str, version: str, lang: str) -> None:
    with st.popover(text("app.records.download", lang)):
        for form, make in (("csv", csv_text), ("xlsx", _workbook)):
            st.download_button(
                text(f"app.download.{form}", lang),
                data=partial(make, readable),
                file_name=f"geomap-{table}-{version}.{form}",
                key=f"records_{form}",
                on_click="ignore",
            )


def _workbook(frame: pd.DataFrame) -> bytes:
    return xlsx_bytes({"geomap": frame})


def _show_rows(rows: pd.DataFrame, readable: pd.DataFrame, table: str, lang: str) -> None:
    """Show the rows; the key holds which they are, so that a selection never means another row."""
    ids = feature_ids(rows)
    if ids is None:
        st.dataframe(readable, hide_index=True, height=420, key=f"records_{table}")
        return
    st.caption(text("app.records.select", lang))
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12]
    key = f"records_{table}_{digest}"
    st.dataframe(
        readable,
        hide_index=True,
        on_select=partial(_select_row, key, ids),
        selection_mode="single-row",
        key=key,
        height=420,
    )


def _select_row(key: str, ids: list[str]) -> None:
    chosen = state.widget(key).selection.rows
    if chosen and chosen[0] < len(ids) and ids[chosen[0]]:
        state.choose(select=ids[chosen[0]])


def feature_ids(rows: pd.DataFrame) -> list[str] | None:
    """Name the feature each row is about, "" where it is none; None for a table without any."""
    if "feature_id" in rows.columns:
        return [str(name) for name in rows["feature_id"]]
    if "subject" not in rows.columns:
        return None
    return [_feature_of(str(subject)) for subject in rows["subject"]]


def _feature_of(subject: str) -> str:
    """Turn the subject of a figure into a feature id: it may be a bare adcode, or the country."""
    if subject.isdigit():
        return f"province:{subject}" if subject.endswith("0000") else f"city:{subject}"
    return "" if subject.startswith("country:") else subject
