"""The Records page: every table of the dataset, searched, sorted, selected and downloaded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from geomap.app import state
from geomap.app.components.downloads import Download, show_downloads
from geomap.app.view import LONGEST_SEARCH, TABLES, ViewState
from geomap.dataset import Dataset, none_if_missing
from geomap.export import csv_text, xlsx_bytes
from geomap.geodesy import Bounds
from geomap.text import format_number, text
from geomap.views.filters import select_sites
from geomap.views.readable import column_title, flat, readable_table

MOST_SHOWN = 2_000
_NO_VALUE = "—"  # nothing is known, which is neither zero nor a word
_WITH_SITES = ("projects", "zones", "cities", "sites")
_FIRST = (
    *("name_en", "name_zh", "kind", "status", "investors", "amount_cny", "amount_usd"),
    *("amount_state", "places", "announced_on", "signed_on", "started_on", "opened_on"),
    *("source_id", "zone_id", "part_of", "same_as"),
)
_BILLIONS = {"en": 1e9, "zh": 1e8}
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


def show_records(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the chosen table; a row that a reader selects becomes the selection of the view.

    Returns the view with what was chosen.
    """
    view = _choose_table(view)
    lang, table = view.lang, view.table
    frame = getattr(dataset, table)
    rows, view = _chosen_rows(frame, view, dataset)
    total = format_number(len(frame), lang)
    st.caption(text("app.records.count", lang, n=format_number(len(rows), lang), total=total))
    if not len(rows):
        st.info(text("app.records.empty", lang))
        return view
    with st.container(horizontal=True, vertical_alignment="center"):
        _downloads(partial(readable_table, rows, dataset, lang), table, dataset.version, lang)
        every = _ask("all_columns", view.every_column, lang)
    if len(rows) > MOST_SHOWN:
        st.caption(text("app.records.cut", lang, n=format_number(MOST_SHOWN, lang)))
    shown = rows.iloc[:MOST_SHOWN]
    readable = readable_table(shown if every else main_columns(shown, table, lang), dataset, lang)
    _show_rows(shown, in_billions(readable, lang), table, lang)
    return replace(view, every_column=every)


def _choose_table(view: ViewState) -> ViewState:
    lang = view.lang
    table = st.segmented_control(
        text("app.records.kind", lang),
        TABLES,
        default=None,
        format_func=lambda name: _table_name(name, lang),
        key=state.offer("records_table", view.table, TABLES, _table_name),
        required=True,
    )
    return replace(view, table=str(table))


def _table_name(name: str, lang: str) -> str:
    return text(f"app.records.table.{name}", lang)


def _chosen_rows(
    frame: pd.DataFrame, view: ViewState, dataset: Dataset
) -> tuple[pd.DataFrame, ViewState]:
    """Return the rows that search, filters and the extent of the map leave, and the view."""
    key = state.preset("records_search", view.find)
    typed = st.text_input(text("app.records.search", view.lang), key=key)
    query = typed[:LONGEST_SEARCH].strip()
    view = replace(view, find=query)
    if view.table in _WITH_SITES:
        view = _choose_limits(view)
        wanted = _wanted_sites(view, dataset)
        frame = frame[rows_of_sites(view.table, frame, wanted, dataset)]
    return frame[search_mask(frame, query)] if query else frame, view


def _choose_limits(view: ViewState) -> ViewState:
    """Ask whether the filters and the part of the map that was seen last limit the rows."""
    if view.filters.active:
        view = replace(view, filtered=_ask("filtered", view.filtered, view.lang))
    bounds = state.get("bounds")
    if isinstance(bounds, tuple) and _ask("extent", True, view.lang):
        return replace(view, within=bounds)
    return replace(view, within=None)


def _wanted_sites(view: ViewState, dataset: Dataset) -> NDArray[np.bool_] | None:
    """Mark the sites that filters and extent of the map leave, None when neither limits."""
    limits = []
    if view.filters.active and view.filtered:
        limits.append(select_sites(dataset, view.filters))
    if view.within:
        limits.append(sites_within(dataset.sites, view.within))
    return np.logical_and.reduce(limits) if limits else None


def _ask(name: str, before: bool, lang: str) -> bool:
    key = state.preset(f"records_{name}", before)
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
        frame[name].map(flat).str.casefold()
        for name in frame.columns
        if frame[name].dtype == object or pd.api.types.is_string_dtype(frame[name])
    ]
    for asked in query.casefold().split():
        hit = np.zeros(len(frame), dtype=bool)
        for column in texts:
            hit |= column.str.contains(asked, regex=False).to_numpy(dtype=bool)
        mask &= hit
    return mask


def main_columns(frame: pd.DataFrame, table: str, lang: str) -> pd.DataFrame:
    """Keep the columns most readers ask for: one name, and nothing that is empty throughout."""
    known = [str(name) for name in frame.columns if frame[name].map(_says_something).any()]
    if table != "projects":
        return frame[known]
    other = "name_en" if lang == "zh" else "name_zh"
    first = [name for name in _FIRST if name in known and name != other]
    twins = [f"{name}_zh" for name in first if f"{name}_zh" in known]
    return frame[[*first, *twins]]


def _says_something(value: object) -> bool:
    return bool(value) if isinstance(value, tuple | list) else none_if_missing(value) is not None


def in_billions(readable: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Write sums in the unit people count them in, as numbers, so that the column still sorts."""
    titles = {column_title(f"amount_{unit}", lang): unit for unit in ("cny", "usd")}
    shown = {
        text(f"records.amount.{titles[name]}", lang) if name in titles else name: (
            readable[name] / _BILLIONS[lang] if name in titles else readable[name]
        )
        for name in map(str, readable.columns)
    }
    return pd.DataFrame(shown)


def _downloads(make_table: Callable[[], pd.DataFrame], table: str, version: str, lang: str) -> None:
    """Offer the rows with all their columns as files, made when they are asked for."""
    with st.popover(text("app.records.download", lang)):
        files = [
            Download(form, text(f"app.download.{form}", lang), partial(_written, write, make_table))
            for form, write in (("csv", csv_text), ("xlsx", _workbook))
        ]
        show_downloads("records", f"geomap-{table}-{version}", files, lang)


def _written(
    write: Callable[[pd.DataFrame], str | bytes], make_table: Callable[[], pd.DataFrame]
) -> str | bytes:
    return write(make_table())


def _workbook(frame: pd.DataFrame) -> bytes:
    return xlsx_bytes({"geomap": frame})


def _show_rows(rows: pd.DataFrame, readable: pd.DataFrame, table: str, lang: str) -> None:
    """Show the rows; the key holds which they are, so that a selection never means another row."""
    alt = text(f"app.records.table.{table}", lang)
    ids = feature_ids(rows)
    if ids is None:
        st.dataframe(
            with_links(readable, lang),
            hide_index=True,
            height=_height(readable),
            placeholder=_NO_VALUE,
            alt=alt,
            key=f"records_{table}",
            column_config={column_title("url", lang): st.column_config.LinkColumn()},
        )
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
        height=_height(readable),
        placeholder=_NO_VALUE,
        alt=alt,
    )


def _height(readable: pd.DataFrame) -> int:
    """Give the height in pixels that the rows fill, at most a dozen of them."""
    return min(35 * (len(readable) + 1) + 3, 420)


def with_links(readable: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Leave only web addresses in the column of addresses: its cells become links."""
    title = column_title("url", lang)
    if title not in readable.columns:
        return readable
    return readable.assign(**{title: readable[title].map(_web_address)})


def _web_address(value: object) -> str | None:
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else None


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
