"""The maps of a comparison: one pane per region, all at the same kilometres per pixel."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import streamlit as st

from geomap.app import data, state
from geomap.app.components import controls, details_view, ground
from geomap.app.components.html import markdown_text, show, tag
from geomap.app.components.map import map_host
from geomap.app.view import Only, ViewState, is_id
from geomap.dataset import Dataset
from geomap.geodesy import Bounds
from geomap.maps.host import HostState, Pane, panes_payload
from geomap.text import LANGUAGES, text
from geomap.views.comparison import Comparison
from geomap.views.drawn_regions import outline_of
from geomap.views.filters import Filters, choices, select_sites
from geomap.views.regions import Region

HEIGHT = "23rem"


def show_maps(comparison: Comparison, lang: str) -> None:
    """Show the maps with their lock and swap, and what was clicked on one of them."""
    regions = [region for region in comparison.regions if region.bounds is not None]
    if not regions:
        return
    st.header(text("app.compare.maps", lang), anchor=False)
    _panes(comparison.dataset, regions, comparison.filters)


@st.fragment
def _panes(dataset: Dataset, regions: list[Region], filters: Filters) -> None:
    """Show the panes; a click reruns this and nothing else."""
    view = state.current()
    if len(regions) > 1:
        _controls(view, regions, dataset)
    panes = [
        _pane(region, region.bounds, view, filters, dataset) for region in regions if region.bounds
    ]
    said = HostState(
        lang=view.lang,
        select=view.select,
        visible=select_sites(dataset, filters) if filters.active else None,
        background=view.background,
        keys=data.settings().keys,
    )
    payload = panes_payload(dataset, said, panes, locked=view.locked, height=HEIGHT)
    events = map_host(payload, key="panes")
    if events.background_failed and view.background:
        ground.drop_background(view)
    if view.only:
        show(tag("p", text("app.compare.only.note", view.lang), class_="gm-disclosure"))
    show(tag("p", text("app.disclosure", view.lang), class_="gm-disclosure"))
    if events.click and is_id(events.click):
        view = state.keep(replace(view, select=events.click))
        state.put("clicked_in_pane", True)
    if view.select and state.get("clicked_in_pane"):
        details_view.show_details(view, dataset)


def _controls(view: ViewState, regions: list[Region], dataset: Dataset) -> None:
    """Show lock, swap and filters; what changes the view runs the page, whose link holds it."""
    lang = view.lang
    with st.container(horizontal=True, vertical_alignment="center"):
        key = state.preset("locked", view.locked)
        locked = st.toggle(text("app.compare.lock", lang), key=key)
        for place, (one, other) in enumerate(pairwise(regions)):
            label = text("app.compare.swap", lang, one=_short(one, lang), other=_short(other, lang))
            if st.button(markdown_text(label), key=f"swap_{place}"):
                _swap(view, one.region_id, other.region_id)
        with st.popover(text("app.compare.only", lang), icon=":material/filter_alt:"):
            only = _choose_only(view, regions, dataset)
    _change(view, locked=locked, only=only)


def _short(region: Region, lang: str) -> str:
    name = region.names.say(lang)
    return name if len(name) <= 24 else name[:23] + "…"


def _choose_only(view: ViewState, regions: list[Region], dataset: Dataset) -> Only:
    """Let each map show some kinds of records only."""
    lang = view.lang
    before, chosen = dict(view.only), []
    options = choices(dataset, "kinds")

    def name(kind: str, lang: str) -> str:
        return controls.choice_names("kinds", dataset, lang)[kind]

    for region in regions:
        held = list(before.get(region.region_id, ()))
        kinds = st.multiselect(
            markdown_text(region.names.say(lang)),
            options,
            format_func=lambda kind: name(kind, lang),
            key=state.offer(f"only_{region.region_id}", held, options, name),
            placeholder=text("app.compare.only.any", lang),
        )
        if kinds:
            chosen.append((region.region_id, tuple(kinds)))
    return tuple(chosen)


def _swap(view: ViewState, one: str, other: str) -> None:
    """Exchange two regions of the basket."""
    places = {one: other, other: one}
    state.forget("basket")
    _change(view, basket=tuple(places.get(name, name) for name in view.basket))


def _change(view: ViewState, **changed: Any) -> None:  # noqa: ANN401 - fields of a view
    """Run the whole page with a changed view; go on when nothing has changed."""
    wanted = replace(view, **changed)
    if wanted != view:
        state.run_again(wanted)


def _pane(
    region: Region, bounds: Bounds, view: ViewState, filters: Filters, dataset: Dataset
) -> Pane:
    kinds = dict(view.only).get(region.region_id, ())
    title = {lang: _title(region, kinds, dataset, lang) for lang in LANGUAGES}
    outline = outline_of(region)
    if not kinds:
        return Pane(region.region_id, title, bounds, select=region.region_id, outline=outline)
    visible = select_sites(dataset, replace(filters, kinds=kinds))
    return Pane(region.region_id, title, bounds, visible, region.region_id, outline)


def _title(region: Region, kinds: tuple[str, ...], dataset: Dataset, lang: str) -> str:
    name = region.names.say(lang)
    if not kinds:
        return name
    names = controls.choice_names("kinds", dataset, lang)
    words = [names[kind] for kind in kinds]
    said = text("details.list_mark", lang).join(words)
    return text("app.compare.only.title", lang, region=name, kinds=said)
