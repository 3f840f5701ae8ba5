"""What lies under the marks: provinces shaded by a measure, and the background."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import streamlit as st

from geomap.app import data, state
from geomap.app.view import ViewState
from geomap.dataset import Dataset
from geomap.maps.backgrounds import usable_backgrounds
from geomap.text import text
from geomap.views.measures import MEASURES
from geomap.views.shading import (
    CLASS_COUNTS,
    SCHEMES,
    Shading,
    classify_provinces,
    shading_measures,
)

NOTHING = ""


def show_ground(view: ViewState, dataset: Dataset) -> ViewState:
    """Show both choosers; return the view with what was chosen."""
    view = replace(view, shade=_choose_shade(view))
    shading = shading_of(view, dataset)
    if shading is not None:
        view = _choose_classes(view, shading)
    return replace(view, background=_choose_background(view))


def shading_of(view: ViewState, dataset: Dataset) -> Shading | None:
    """Return the shading of a view, None when provinces are not shaded."""
    if not view.shade:
        return None
    return classify_provinces(dataset, view.shade, view.filters, view.scheme, view.classes)


def _choose_shade(view: ViewState) -> str | None:
    lang = view.lang
    options = (NOTHING, *shading_measures())
    chosen = st.selectbox(
        text("app.shade", lang),
        options,
        format_func=lambda name: _shade_name(name, lang),
        key=state.offer("shade", view.shade or NOTHING, options, _shade_name),
    )
    return chosen or None


def _shade_name(name: str, lang: str) -> str:
    return text(MEASURES[name].name_key if name else "app.shade.none", lang)


def _choose_classes(view: ViewState, shading: Shading) -> ViewState:
    """Say how the classes are made, and let a reader who opens it choose; say if there are none."""
    lang = view.lang
    if not shading.classes:
        st.caption(text("app.shade.empty", lang))
        return view
    with st.popover(shading.way(lang), type="tertiary", icon=":material/tune:", key="classes"):
        scheme = st.radio(
            text("app.shade.scheme", lang),
            SCHEMES,
            format_func=lambda name: _scheme_name(name, lang),
            key=state.offer("scheme", view.scheme, SCHEMES, _scheme_name),
            help=text("app.shade.scheme.help", lang),
        )
        classes = st.segmented_control(
            text("app.shade.classes", lang),
            CLASS_COUNTS,
            key=state.preset("classes", view.classes),
            required=True,
        )
    return replace(view, scheme=scheme, classes=int(classes or view.classes))


def _scheme_name(name: str, lang: str) -> str:
    return text(f"comparison.shading.scheme.{name}", lang)


def _choose_background(view: ViewState) -> str | None:
    lang = view.lang
    options = (NOTHING, *usable_backgrounds(data.settings().keys))
    chosen = st.selectbox(
        text("app.background", lang),
        options,
        format_func=lambda name: _background_name(name, lang),
        key=state.offer("background", view.background or NOTHING, options, _background_name),
    )
    return chosen or None


def _background_name(name: str, lang: str) -> str:
    return text(f"app.background.{name or 'none'}", lang)


def drop_background(view: ViewState) -> NoReturn:
    """Take back a background that cannot be had; chooser and link say so too: all runs anew."""
    state.forget("background")
    state.run_again(replace(view, background=None))
