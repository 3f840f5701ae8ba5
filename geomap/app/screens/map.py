"""The Map page: the living map with the details beside it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geomap.app import data, state
from geomap.app.components import (
    basket,
    controls,
    details_view,
    frame,
    ground,
    map_panel,
    search_box,
    share,
    years,
)
from geomap.app.components.html import show as show_markup
from geomap.app.components.html import tag
from geomap.dataset import Dataset
from geomap.text import text


def show() -> None:
    """Show search and filters in the sidebar, the map and the details in one fragment."""
    dataset = data.current_dataset()
    view = frame.open_page(state.begin("map", dataset), dataset)
    view = replace(view, within=None)  # the records follow the map from here on
    with st.sidebar:
        search_box.show_search(view, dataset)
        view = years.show_years(view, dataset)
        view = controls.show_filters(view, dataset)
        view = ground.show_ground(view, dataset)
    show_markup(tag("h1", text("app.page.map", view.lang), class_="gm-hidden"))
    frame.close_page(view, dataset)
    _map_and_details(dataset)


@st.fragment
def _map_and_details(dataset: Dataset) -> None:
    """Show map and details; a click reruns this and nothing else."""
    view = state.current()
    beside, panel = st.columns([0.64, 0.36], gap="medium")
    with beside:
        view = map_panel.show_map(view, dataset)
    with panel:
        basket.show_basket(view, dataset)
        details_view.show_details(view, dataset, beside_map=True)
    share.show_share(view, dataset)
    frame.close_page(view, dataset)
