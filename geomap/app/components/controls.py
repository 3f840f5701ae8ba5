"""The filters in the sidebar: one chooser per dimension, and the years with their player."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from geomap.app import state
from geomap.app.components import player
from geomap.app.components.html import markdown_text
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.text import format_number, text
from geomap.views.facts import investor_names, word
from geomap.views.filters import (
    ANY_DATE,
    Filters,
    choices,
    count_choices,
    date_bounds,
)
from geomap.views.index import DATE_FIELDS

_WORDS = {
    "kinds": "filters.kind",
    "statuses": "filters.status",
    "money": "filters.money",
    "precisions": "filters.precision",
}
_DIMENSIONS = (
    "kinds",
    "statuses",
    "investors",
    "money",
    "provinces",
    "corridors",
    "precisions",
    "sources",
)
_WIDGETS = tuple(f"filter_{name}" for name in (*_DIMENSIONS, "date_field", "years"))


def show_filters(view: ViewState, dataset: Dataset) -> ViewState:
    """Show one chooser per dimension and the years; return the view with what was chosen."""
    lang = view.lang
    filters = view.filters
    count = sum(bool(getattr(filters, name)) for name in _DIMENSIONS)
    count += bool(filters.date_from or filters.date_to)
    title = text("app.filters", lang) + (f" ({count})" if count else "")
    with st.expander(title, expanded=bool(count)):
        st.button(
            text("app.filters.reset", lang),
            key="filters_reset",
            disabled=not filters.active,
            on_click=_clear,
        )
        chosen = filters
        for dimension in _DIMENSIONS:
            chosen = _choose(dimension, chosen, dataset, lang)
        chosen = _choose_years(chosen, dataset, lang)
    return replace(view, filters=chosen)


def _clear() -> None:
    state.forget(*_WIDGETS)
    state.put("playing", False)
    state.choose(filters=Filters())


def _choose(dimension: str, filters: Filters, dataset: Dataset, lang: str) -> Filters:
    options = choices(dataset, dimension)
    counts = count_choices(dataset, dimension, filters)
    name = namer(dimension, dataset, lang)

    def label(value: str) -> str:
        return f"{markdown_text(name(value))} ({format_number(counts.get(value, 0), lang)})"

    before = tuple(value for value in getattr(filters, dimension) if value in options)
    chosen = st.multiselect(
        text(f"app.filters.{dimension}", lang),
        options,
        default=None,
        format_func=label,
        key=state.preset(f"filter_{dimension}", list(before)),
        placeholder=text("app.filters.any", lang),
    )
    changed: dict[str, Any] = {dimension: tuple(chosen)}
    return replace(filters, **changed)


def namer(dimension: str, dataset: Dataset, lang: str) -> Callable[[str], str]:
    """Give the function that names a value of a dimension in the reader's language."""
    if dimension in _WORDS:
        return lambda value: word(_WORDS[dimension], value, lang)
    if dimension == "investors":
        return lambda value: investor_names(value, dataset).say(lang)
    if dimension == "provinces":
        frame = dataset.provinces
        names = dict(zip(frame["adcode"], frame[f"name_{lang}"], strict=True))
    elif dimension == "corridors":
        frame = dataset.corridors
        names = dict(zip(frame["corridor_id"], frame[f"name_{lang}"], strict=True))
    elif dimension == "sources":
        frame = dataset.sources
        names = dict(zip(frame["source_id"], frame["title"], strict=True))
    else:
        names = {}
    return lambda value: str(names.get(value) or value)


def _choose_years(filters: Filters, dataset: Dataset, lang: str) -> Filters:
    date_field = st.selectbox(
        text("app.filters.date_field", lang),
        (ANY_DATE, *DATE_FIELDS),
        format_func=lambda name: text(f"app.filters.date.{name}", lang),
        key=state.preset("filter_date_field", filters.date_field),
    )
    bounds = date_bounds(dataset, date_field)
    if bounds is None or bounds[0] == bounds[1]:
        return replace(filters, date_field=date_field)
    first, last = int(bounds[0]), int(bounds[1])
    before = (_year(filters.date_from, first), _year(filters.date_to, last))
    key = state.preset("filter_years", before)
    player.take_step(key, first, last)
    state.hold_within(key, first, last)
    chosen: Any = st.slider(text("app.filters.years", lang), first, last, key=key)
    low, high = chosen
    player.show_player(lang)
    return replace(
        filters,
        date_field=date_field,
        date_from=_moved(filters.date_from, low, first),
        date_to=_moved(filters.date_to, high, last),
    )


def _year(date: str, otherwise: int) -> int:
    return int(date[:4]) if date else otherwise


def _moved(date: str, year: int, edge: int) -> str:
    """Keep a date of the link (perhaps a month) until the slider leaves its year."""
    if _year(date, edge) == year:
        return date
    return "" if year == edge else str(year)
