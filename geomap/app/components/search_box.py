"""The search box: features, units and investors by any of their names; a hit flies there."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geomap.app import state
from geomap.app.components.html import markdown_text
from geomap.app.components.map_panel import tell
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.text import text
from geomap.views.search import Hit, search_features

MOST_HITS = 8


def show_search(view: ViewState, dataset: Dataset) -> None:
    """Show the box and its hits; choosing one changes the view before the next run."""
    lang = view.lang
    query = st.text_input(
        text("app.search", lang),
        key=state.preset("search", ""),
        placeholder=text("app.search.hint", lang),
        max_chars=100,
    )
    if not query.strip():
        return
    hits = search_features(dataset, query, MOST_HITS)
    if not hits:
        st.caption(markdown_text(text("app.search.none", lang, query=query)))
    for hit in hits:
        other = hit.names.say("en" if lang == "zh" else "zh")
        about = [other, hit.where.say(lang), text(f"app.hit.{hit.kind}", lang)]
        st.button(
            markdown_text(hit.names.say(lang)),
            key=f"hit_{hit.feature_id}",
            help=markdown_text(" · ".join(dict.fromkeys(part for part in about if part))),
            width="stretch",
            on_click=_go_to,
            args=(hit, dataset),
        )


def _go_to(hit: Hit, dataset: Dataset) -> None:
    """Take a hit into the view: an investor filters, anything else is selected and flown to."""
    if hit.kind == "investor":
        state.forget("filter_investors")
        name = hit.feature_id.partition(":")[2]
        state.choose(filters=replace(state.current().filters, investors=(name,)))
        return
    state.choose(select=hit.feature_id)
    if hit.feature_id in dataset:
        tell("fly", id=hit.feature_id)
    elif hit.lat is not None:
        tell("fly", lat=hit.lat, lon=hit.lon)
