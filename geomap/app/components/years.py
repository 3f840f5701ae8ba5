"""The years: which date is meant, how many sites carry it each year, the range and its player."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from geomap.app import state
from geomap.app.components import player
from geomap.app.components.html import Html, show, tag
from geomap.app.view import ViewState
from geomap.dataset import Dataset
from geomap.text import format_number, text
from geomap.views.filters import ANY_DATE, Filters, count_years, date_bounds, dated_sites
from geomap.views.index import DATE_FIELDS

WIDGETS = ("filter_date_field", "filter_years")


def show_years(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the date, its years and the player; return the view with what was chosen."""
    lang, filters = view.lang, view.filters
    options = (ANY_DATE, *DATE_FIELDS)
    date_field = st.selectbox(
        text("app.filters.date_field", lang),
        options,
        format_func=lambda name: _date_name(name, lang),
        key=state.offer("filter_date_field", filters.date_field, options, _date_name),
        on_change=_other_date,
    )
    chosen = replace(filters, date_field=date_field)
    bounds = date_bounds(dataset, date_field)
    if bounds is not None and bounds[0] != bounds[1]:
        chosen = _choose_years(chosen, dataset, (int(bounds[0]), int(bounds[1])), lang)
    return replace(view, filters=chosen)


def _date_name(name: str, lang: str) -> str:
    return text(f"app.filters.date.{name}", lang)


def _other_date() -> None:
    """Another date has years of its own: the slider starts anew from what was chosen."""
    state.forget("filter_years")
    state.put("playing", False)


def _choose_years(
    filters: Filters, dataset: Dataset, bounds: tuple[int, int], lang: str
) -> Filters:
    first, last = bounds
    before = (_year(filters.date_from, first), _year(filters.date_to, last))
    key = state.preset("filter_years", before)
    stepped = player.take_step(key, first, last)
    state.hold_within(key, first, last)
    low, high = state.widget(key)
    show(_bars(filters, dataset, (low, high), lang))
    chosen: Any = st.slider(text("app.filters.years", lang), first, last, key=key)
    low, high = chosen
    player.show_player(lang)
    dated = format_number(dated_sites(dataset, filters), lang)
    st.caption(text("app.filters.dated", lang, n=dated))
    if stepped:  # what plays is a range, up to its last picture
        return replace(filters, date_from=str(low), date_to=str(high))
    return replace(
        filters,
        date_from=_moved(filters.date_from, low, first),
        date_to=_moved(filters.date_to, high, last),
    )


def _bars(filters: Filters, dataset: Dataset, chosen: tuple[int, int], lang: str) -> Html:
    """Draw the sites of each year as a bar over the slider; those outside the range are faint."""
    counts = count_years(dataset, filters)
    most = max(counts.values())
    years = list(counts)
    bars = [
        tag(
            "span",
            class_=f"gm-year {'gm-year-in' if chosen[0] <= year <= chosen[1] else ''}".strip(),
            title=f"{year}: {format_number(counts[year], lang)}",
            style=f"left:{100 * place / (len(years) - 1):.2f}%;height:{_height(count, most)}%",
        )
        for place, (year, count) in enumerate(counts.items())
    ]
    said = ", ".join(f"{year}: {format_number(n, lang)}" for year, n in counts.items() if n)
    name = text("app.filters.by_year", lang, years=said)
    return tag("div", *bars, class_="gm-years", role="img", aria_label=name)


def _height(count: int, most: int) -> int:
    """Per cent of the tallest bar; a year with any site is seen."""
    return max(round(100 * count / most), 6) if count else 0


def _year(date: str, otherwise: int) -> int:
    return int(date[:4]) if date else otherwise


def _moved(date: str, year: int, edge: int) -> str:
    """Keep a date of the link (perhaps a month) until the slider leaves its year."""
    if _year(date, edge) == year:
        return date
    return "" if year == edge else str(year)
