"""The Records page: the table twin of the map, and the way in without it."""

from __future__ import annotations

import streamlit as st

from geomap.app import data, state
from geomap.app.components import basket, controls, details_view, frame, record_table, share
from geomap.text import text


def show() -> None:
    """Show every record in tables; a selected row shows its details."""
    dataset = data.current_dataset()
    view = frame.open_page(state.begin("records", dataset), dataset)
    with st.sidebar:
        view = controls.show_filters(view, dataset)
    st.title(text("app.page.records", view.lang), anchor=False)
    view = record_table.show_records(view, dataset)
    basket.show_basket(view, dataset)
    if view.select:
        icon = ":material/map:"
        if st.button(text("app.records.open", view.lang), icon=icon, key="records_open"):
            frame.close_page(view, dataset)
            data.open_page("map")
        details_view.show_details(view, dataset)
    share.show_share(view, dataset, downloads=False)
    frame.close_page(view, dataset)
