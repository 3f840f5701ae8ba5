"""The filters in the sidebar: one chooser per dimension, with the sites behind every choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from geomap.app import state
from geomap.app.components import years
from geomap.app.components.html import plain
from geomap.app.view import ViewState
from geomap.dataset import Dataset
from geomap.text import LANGUAGES, format_number, text
from geomap.views.facts import investor_names, word
from geomap.views.filters import Filters, choices, count_choices
from geomap.views.index import index_of
from geomap.views.layers import form_of_precision

LONGEST = 200
_COUNTED = re.compile(r" \([\d,]+\)$")  # the number of sites after the words of a choice
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
_WIDGETS = (*(f"filter_{name}" for name in _DIMENSIONS), *years.WIDGETS)


def show_filters(view: ViewState, dataset: Dataset) -> ViewState:
    """Show one chooser per dimension; return the view with what was chosen."""
    lang = view.lang
    chosen = view.filters
    count = sum(_is_chosen(name, chosen) for name in _DIMENSIONS)
    title = text("app.filters", lang) + (f" ({count})" if count else "")
    # Above the choosers: one that loses the focus shrinks, and what stands below it moves away from
    # under the pointer that was about to click it.
    st.button(
        text("app.filters.reset", lang),
        key="filters_reset",
        icon=":material/filter_alt_off:",
        disabled=not (count or chosen.active),
        on_click=_clear,
        width="stretch",
    )
    # With a key it is one expander whatever its title says: it stays open while filters change.
    for dimension in _DIMENSIONS:
        chosen = _held(dimension, chosen, dataset)
    with st.expander(title, expanded=bool(count), key="filters"):
        for dimension in _DIMENSIONS:
            _choose(dimension, chosen, dataset, lang)
    return replace(view, filters=chosen)


def _is_chosen(dimension: str, filters: Filters) -> bool:
    """Tell whether a dimension is chosen in this run, before its chooser has been drawn."""
    held = state.widget(f"w_filter_{dimension}")
    return bool(getattr(filters, dimension) if held is None else held)


def _clear() -> None:
    state.forget(*_WIDGETS)
    state.put("playing", False)
    state.choose(filters=Filters())


def _held(dimension: str, filters: Filters, dataset: Dataset) -> Filters:
    """Take what a chooser holds, before any is drawn: each counts what the others leave."""
    options = choices(dataset, dimension)
    before = [value for value in getattr(filters, dimension) if value in options]
    key = state.hold(
        f"filter_{dimension}", before, options, lambda words: _named(words, dimension, dataset)
    )
    changed: dict[str, Any] = {dimension: tuple(state.widget(key))}
    return replace(filters, **changed)


def _named(words: str, dimension: str, dataset: Dataset) -> str | None:
    """Find the value that words of a chooser meant, whatever its language and number then."""
    bare = _COUNTED.sub("", words)
    for lang in LANGUAGES:
        for value, name in choice_names(dimension, dataset, lang).items():
            if name == bare:
                return value
    return None


def _choose(dimension: str, filters: Filters, dataset: Dataset, lang: str) -> None:
    """Draw a chooser; what it holds has been taken already."""
    counts = count_choices(dataset, dimension, filters)
    names = choice_names(dimension, dataset, lang)

    def label(value: str) -> str:
        return f"{names[value]} ({format_number(counts.get(value, 0), lang)})"

    key = f"w_filter_{dimension}"
    state.tell_words(key, label)
    st.multiselect(
        text(f"app.filters.{dimension}", lang),
        choices(dataset, dimension),
        default=None,
        format_func=label,
        key=key,
        placeholder=text("app.filters.any", lang),
    )


def choice_names(dimension: str, dataset: Dataset, lang: str) -> Mapping[str, str]:
    """Name every value of a dimension, once per dataset: a large one has thousands of investors.

    Options of a chooser are plain text, not Markdown.
    """

    def work() -> dict[str, str]:
        name = _namer(dimension, dataset, lang)
        return {value: plain(name(value), LONGEST) for value in choices(dataset, dimension)}

    return index_of(dataset).table(("choice names", dimension, lang), work)


def _namer(dimension: str, dataset: Dataset, lang: str) -> Callable[[str], str]:
    """Give the function that names a value of a dimension in the reader's language."""
    if dimension == "precisions":
        return lambda value: _precision_name(value, lang)
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


def _precision_name(precision: str, lang: str) -> str:
    """Name a precision with the sign under which the legend shows it."""
    sign = text(f"app.filters.sign.{form_of_precision(precision)}", lang)
    name = word(_WORDS["precisions"], precision, lang)
    return text("app.filters.precision.signed", lang, name=name, sign=sign)
