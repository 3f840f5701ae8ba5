"""The details container: what is selected, said in full, with the steps from it."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn
from urllib.parse import urlencode

import streamlit as st

from geomap.app import state
from geomap.app.components.basket import add_region
from geomap.app.components.details_panel import render_details
from geomap.app.components.html import show, tag
from geomap.app.state import MOST_REGIONS, ViewState, state_to_params
from geomap.dataset import Dataset
from geomap.errors import UnknownFeature
from geomap.text import text
from geomap.views.details import Details, feature_details, report_text


def show_details(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the selected feature; return the view, changed by the buttons under it."""
    lang = view.lang
    with st.container(key="details"):
        if view.select is None:
            show(tag("p", text("app.details.empty", lang), class_="gm-soft"))
            return view
        try:
            details = feature_details(dataset, view.select)
        except UnknownFeature:
            st.warning(text("app.details.unknown", lang, id=view.select).replace("`", ""))
            return view
        view = _steps(view, details)
        show(render_details(details, lang))
        _report(view, details, dataset)
    return view


def _steps(view: ViewState, details: Details) -> ViewState:
    lang = view.lang
    with st.container(horizontal=True, horizontal_alignment="left", gap="small"):
        steps = (
            ("previous", details.previous_id, ":material/chevron_left:"),
            ("next", details.next_id, ":material/chevron_right:"),
        )
        for name, target, icon in steps:
            label = text(f"app.details.{name}", lang)
            if st.button(label, key=f"details_{name}", icon=icon, disabled=not target):
                return _turn(replace(view, select=target))
        if st.button(text("app.details.zoom", lang), key="details_zoom", icon=":material/zoom_in:"):
            state.put("fly", details.feature_id)
        view = _compare_button(view, details)
        if st.button(text("app.details.close", lang), key="details_close", icon=":material/close:"):
            return _turn(replace(view, select=None))
    return view


def _turn(view: ViewState) -> NoReturn:
    """Run the fragment again, since the map above was told of the selection before."""
    state.keep(view)
    st.rerun(scope="fragment" if state.get("in_fragment") else "app")


def _compare_button(view: ViewState, details: Details) -> ViewState:
    lang = view.lang
    if details.kind == "project":
        return view
    has, full = details.feature_id in view.basket, len(view.basket) >= MOST_REGIONS
    name = "compare.has" if has else "compare.full" if full else "compare"
    label = text(f"app.details.{name}", lang)
    icon = ":material/compare_arrows:"
    if st.button(label, key="details_compare", icon=icon, disabled=has or full):
        return _turn(add_region(view, details.feature_id))
    return view


def link_of(view: ViewState) -> str:
    """Write the link to a view, as an address under the page's own."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(state_to_params(view), safe=':,|')}"


def _report(view: ViewState, details: Details, dataset: Dataset) -> None:
    lang = view.lang
    with st.expander(text("app.report", lang)):
        link = link_of(replace(view, version=dataset.version))
        st.code(report_text(details, lang, dataset.version, link), language=None, wrap_lines=True)
