"""The details container: what is selected, said in full, with the steps from it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from geomap.app import state
from geomap.app.components.basket import add_region
from geomap.app.components.details_panel import render_details
from geomap.app.components.html import show, tag
from geomap.app.components.map_panel import tell
from geomap.app.components.overview import show_overview
from geomap.app.state import MOST_REGIONS, ViewState, state_to_params
from geomap.dataset import Dataset
from geomap.errors import UnknownFeature
from geomap.text import text
from geomap.views.details import Details, feature_details, report_text


def show_details(view: ViewState, dataset: Dataset, *, beside_map: bool = False) -> None:
    """Show the selected feature with the buttons that lead on from it."""
    lang = view.lang
    with st.container(key="details"):
        if view.select is None:
            if beside_map:
                show_overview(view, dataset)
            else:
                show(tag("p", text("app.details.empty", lang), class_="gm-soft"))
            return
        try:
            details = feature_details(dataset, view.select)
        except UnknownFeature:
            _say_unknown(view.select, lang)
            return
        _steps(view, details, beside_map)
        show(render_details(details, lang))
        _report(view, details, dataset)


def _say_unknown(feature_id: str, lang: str) -> None:
    show(
        tag(
            "div",
            tag("p", text("app.details.unknown", lang, id=feature_id)),
            tag("p", text("app.details.unknown.hint", lang)),
            class_="gm-trouble",
            role="alert",
        )
    )


def _steps(view: ViewState, details: Details, beside_map: bool) -> None:
    """Show the buttons; each changes the view before the next run, so nothing is drawn twice."""
    lang = view.lang
    with st.container(horizontal=True, horizontal_alignment="left", gap="small"):
        steps = (
            ("previous", details.previous_id, ":material/chevron_left:"),
            ("next", details.next_id, ":material/chevron_right:"),
        )
        for name, target, icon in steps:
            st.button(
                text(f"app.details.{name}", lang),
                key=f"details_{name}",
                icon=icon,
                disabled=not target,
                on_click=_select,
                args=(target,),
            )
        if beside_map:
            label = text("app.details.zoom", lang)
            icon = ":material/zoom_in:"
            st.button(
                label, key="details_zoom", icon=icon, on_click=_zoom, args=(details.feature_id,)
            )
        _compare_button(view, details)
        label = text("app.details.close", lang)
        icon = ":material/close:"
        st.button(label, key="details_close", icon=icon, on_click=_select, args=(None,))


def _select(feature_id: str | None) -> None:
    state.choose(select=feature_id)


def _zoom(feature_id: str) -> None:
    tell("fly", id=feature_id)


def _compare_button(view: ViewState, details: Details) -> None:
    lang = view.lang
    if details.kind == "project":
        return
    has, full = details.feature_id in view.basket, len(view.basket) >= MOST_REGIONS
    name = "compare.has" if has else "compare.full" if full else "compare"
    st.button(
        text(f"app.details.{name}", lang),
        key="details_compare",
        icon=":material/compare_arrows:",
        disabled=has or full,
        on_click=_add_to_basket,
        args=(details.feature_id,),
    )


def _add_to_basket(feature_id: str) -> None:
    state.choose(basket=add_region(state.current(), feature_id).basket)


def link_of(view: ViewState) -> str:
    """Write the link to a view, as an address under the page's own."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(state_to_params(view), safe=':,|')}"


def _report(view: ViewState, details: Details, dataset: Dataset) -> None:
    lang = view.lang
    with st.expander(text("app.report", lang)):
        link = link_of(replace(view, version=dataset.version))
        st.code(report_text(details, lang, dataset.version, link), language=None, wrap_lines=True)
