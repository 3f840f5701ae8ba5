"""The maps of a comparison: one pane per region, all at the same kilometres per pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import streamlit as st

from geomap.app import data, state
from geomap.app.components import details_view
from geomap.app.components.html import show, tag
from geomap.app.components.map import map_host
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.geodesy import Bounds
from geomap.maps.host import HostState, Pane, panes_payload
from geomap.text import LANGUAGES, text
from geomap.views.comparison import Comparison
from geomap.views.filters import Filters, select_sites
from geomap.views.regions import Region

HEIGHT = "23rem"


def show_maps(comparison: Comparison, lang: str) -> None:
    """Show the maps with their lock and swap, and what was clicked on one of them."""
    regions = [region for region in comparison.regions if region.bounds is not None]
    if not regions:
        return
    st.header(text("app.compare.maps", lang))
    _panes(comparison.dataset, regions, comparison.filters)


@st.fragment
def _panes(dataset: Dataset, regions: list[Region], filters: Filters) -> None:
    """Show the panes; a click reruns this and nothing else."""
    view = state.current()
    locked = _controls(view, len(regions)) if len(regions) > 1 else True
    panes = [_pane(region, region.bounds) for region in regions if region.bounds]
    said = HostState(
        lang=view.lang,
        select=view.select,
        visible=select_sites(dataset, filters) if filters.active else None,
        background=view.background,
        keys=data.settings().keys,
    )
    payload = panes_payload(dataset, said, panes, locked=locked, height=HEIGHT)
    events = map_host(payload, key="panes")
    show(tag("p", text("app.disclosure", view.lang), class_="gm-disclosure"))
    if events.click and state.is_id(events.click):
        view = state.keep(replace(view, select=events.click))
        state.put("clicked_in_pane", True)
    if view.select and state.get("clicked_in_pane"):
        details_view.show_details(view, dataset)


def _controls(view: ViewState, count: int) -> bool:
    with st.container(horizontal=True, vertical_alignment="center"):
        locked = st.toggle(text("app.compare.lock", view.lang), key=state.preset("locked", True))
        if st.button(text("app.compare.swap", view.lang), key="swap"):
            _swap(view)
    return locked


def _swap(view: ViewState) -> NoReturn:
    """Exchange the first two regions and run the whole page, which is ordered by them."""
    first, second, *rest = view.basket
    state.forget("basket")
    state.keep(replace(view, basket=(second, first, *rest)))
    st.rerun()


def _pane(region: Region, bounds: Bounds) -> Pane:
    title = {lang: region.names.say(lang) for lang in LANGUAGES}
    return Pane(region.region_id, title, bounds, select=region.region_id)
