"""The Compare page: two to four regions side by side."""

from __future__ import annotations

import streamlit as st

from geomap.app import data, state
from geomap.app.components import (
    basket,
    comparison_maps,
    comparison_parts,
    controls,
    frame,
    share,
)
from geomap.text import text


def show() -> None:
    """Choose regions, compare them, show maps, numbers, charts, words and the brief."""
    dataset = data.current_dataset()
    view = frame.open_page(state.begin("compare", dataset), dataset)
    with st.sidebar:
        view = controls.show_filters(view, dataset)
    st.title(text("app.page.compare", view.lang), anchor=False)
    view = basket.choose_regions(view, dataset)
    comparison, view = comparison_parts.compare(view, dataset)
    comparison_parts.show_notices(comparison, view.lang)
    frame.close_page(view, dataset)
    if comparison.regions:
        comparison_parts.show_brief(comparison, view)
        comparison_maps.show_maps(comparison, view.lang)
        comparison_parts.show_table(comparison, view.lang)
        comparison_parts.show_charts(comparison, view.lang)
        comparison_parts.show_words(comparison, view.lang)
    share.show_share(view, dataset, downloads=False)
