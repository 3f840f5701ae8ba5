"""The About page: what geomap is, what it covers in numbers, its sources and licences."""

from __future__ import annotations

import streamlit as st

from geomap.app import data, state
from geomap.app.components import about_tables, frame


def show() -> None:
    """Show coverage, inclusion test, sources and licences."""
    dataset = data.current_dataset()
    view = state.begin("about", dataset)
    view = frame.open_page(view, dataset)
    with st.container(key="about"):
        about_tables.show_purpose(view.lang)
        about_tables.show_coverage(dataset, view.lang)
        about_tables.show_inclusion(view.lang)
        about_tables.show_sources(dataset, view.lang)
        about_tables.show_licences(view.lang)
    frame.close_page(view, dataset)
