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


def show_search(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the box and its hits; return the view with the hit a reader chose."""
    lang = view.lang
    query = st.text_input(
        text("app.search", lang),
        key=state.preset("search", ""),
        placeholder=text("app.search.hint", lang),
        max_chars=100,
    )
    if not query.strip():
        return view
    hits = search_features(dataset, query, MOST_HITS)
    if not hits:
        st.caption(markdown_text(text("app.search.none", lang, query=query)))
    for hit in hits:
        label = f"{markdown_text(hit.names.say(lang))}"
        other = hit.names.say("en" if lang == "zh" else "zh")
        about = " · ".join(part for part in (other, text(f"app.hit.{hit.kind}", lang)) if part)
        if st.button(
            label, key=f"hit_{hit.feature_id}", help=markdown_text(about), width="stretch"
        ):
            view = _go_to(view, hit, dataset)
    return view


def _go_to(view: ViewState, hit: Hit, dataset: Dataset) -> ViewState:
    if hit.kind == "investor":
        state.forget("filter_investors")
        name = hit.feature_id.partition(":")[2]
        return replace(view, filters=replace(view.filters, investors=(name,)))
    known = hit.feature_id in dataset
    if known:
        tell("fly", id=hit.feature_id)
    elif hit.lat is not None:
        tell("fly", lat=hit.lat, lon=hit.lon)
    return replace(view, select=hit.feature_id if known else view.select)
