"""What lies under the marks: provinces shaded by a measure, and the background."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geomap.app import data, state
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.maps.backgrounds import usable_backgrounds
from geomap.text import text
from geomap.views.measures import MEASURES
from geomap.views.shading import classify_provinces, shading_measures

NOTHING = ""


def show_ground(view: ViewState, dataset: Dataset) -> ViewState:
    """Show both choosers; return the view with what was chosen."""
    shade = _choose_shade(view)
    if shade:
        _say_unshaded(replace(view, shade=shade), dataset)
    background = _choose_background(view)
    return replace(view, shade=shade, background=background)


def _choose_shade(view: ViewState) -> str | None:
    lang = view.lang
    options = (NOTHING, *shading_measures())
    key = state.preset("shade", view.shade or NOTHING)
    state.hold_among(key, options)
    chosen = st.selectbox(
        text("app.shade", lang),
        options,
        format_func=lambda name: (
            text(MEASURES[name].name_key, lang) if name else text("app.shade.none", lang)
        ),
        key=key,
    )
    return chosen or None


def _say_unshaded(view: ViewState, dataset: Dataset) -> None:
    """Say when no province has a value, since then the map only shows the hatch."""
    shading = classify_provinces(dataset, view.shade or "", view.filters)
    if not shading.classes:
        st.caption(text("app.shade.empty", view.lang))


def _choose_background(view: ViewState) -> str | None:
    lang = view.lang
    options = (NOTHING, *usable_backgrounds(data.settings().keys))
    key = state.preset("background", view.background or NOTHING)
    state.hold_among(key, options)
    chosen = st.selectbox(
        text("app.background", lang),
        options,
        format_func=lambda name: text(f"app.background.{name or 'none'}", lang),
        key=key,
    )
    return chosen or None
