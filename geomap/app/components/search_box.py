"""The search box: features, units and investors by any of their names; a hit flies there."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geomap.app import state
from geomap.app.components.html import markdown_text, show, tag
from geomap.app.components.map_panel import tell
from geomap.app.view import ViewState
from geomap.dataset import Dataset
from geomap.geodesy import pad_bounds
from geomap.text import text
from geomap.views.filters import sites_bounds
from geomap.views.search import NEAR, Hit, search_features

MOST_HITS = 8
AROUND_KM = 40.0  # beyond the outermost sites, so that a single one keeps its surroundings


@st.fragment
def show_search(view: ViewState, dataset: Dataset) -> None:
    """Show the box and its hits while the reader types; choosing one runs the whole page.

    The map takes the Enter key in the box as a click on the first hit.
    """
    if state.take("found"):
        st.rerun()
    lang = view.lang
    query = st.text_input(
        text("app.search", lang),
        key=state.preset("search", ""),
        placeholder=text("app.search.hint", lang),
        icon=":material/search:",
        live=True,
    )
    with st.container(key="hits", gap="xsmall"):
        show(tag("span", class_="gm-hidden", data_query=query.strip()))
        if query.strip():
            _show_hits(query, dataset, lang)


def _show_hits(query: str, dataset: Dataset, lang: str) -> None:
    hits = search_features(dataset, query, MOST_HITS)
    if not hits:
        st.caption(markdown_text(text("app.search.none", lang, query=query)))
    near = next((place for place, hit in enumerate(hits) if hit.way == NEAR), None)
    for place, hit in enumerate(hits):
        if place == near:
            st.caption(markdown_text(text("app.search.near", lang, query=query)))
        _show_hit(hit, dataset, lang)


def _show_hit(hit: Hit, dataset: Dataset, lang: str) -> None:
    name, other = (hit.names.say(one) for one in (lang, "en" if lang == "zh" else "zh"))
    about = [text(f"app.hit.{hit.kind}", lang), hit.where.say(lang)]
    about += [other] if other != name else []
    words = markdown_text(" · ".join(part for part in about if part))
    st.button(
        f"**{markdown_text(name)}** :small[{words}]",
        key=f"hit_{hit.feature_id}",
        width="stretch",
        on_click=_go_to,
        args=(hit, dataset),
    )


def _go_to(hit: Hit, dataset: Dataset) -> None:
    """Take a hit into the view: an investor filters, all else is selected; the map flies there."""
    state.put("found", True)
    if hit.kind == "investor":
        _filter_by(hit.feature_id.partition(":")[2], dataset)
        return
    state.choose(select=hit.feature_id)
    if hit.feature_id in dataset:
        tell("fly", id=hit.feature_id)
    elif hit.lat is not None:
        tell("fly", lat=hit.lat, lon=hit.lon)


def _filter_by(investor: str, dataset: Dataset) -> None:
    """Show one investor's sites alone, and all of them in view."""
    filters = replace(state.current().filters, investors=(investor,))
    state.forget("filter_investors")
    state.choose(filters=filters)
    bounds = sites_bounds(dataset, filters)
    if bounds:
        tell("fit", bounds=list(pad_bounds(bounds, AROUND_KM)))
