"""Choosing the regions to compare: names, circles, an uploaded polygon, suggested peers."""

from __future__ import annotations

import json
from dataclasses import replace

import streamlit as st

from geomap.app import data, state
from geomap.app.components.html import markdown_text
from geomap.app.view import MOST_REGIONS, ViewState
from geomap.dataset import Dataset
from geomap.text import text
from geomap.views.regions import COUNTRY, RegionProblem, parse_region, region_from_geojson
from geomap.views.suggestions import suggest_baskets, suggest_peers


def choose_regions(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the basket; return the view with the regions chosen."""
    lang = view.lang
    options = dict.fromkeys((*region_ids(dataset), *view.basket))

    def label(region_id: str, lang: str) -> str:
        return region_label(region_id, dataset, lang)

    chosen = st.multiselect(
        text("app.compare.choose", lang),
        list(options),
        format_func=lambda region_id: label(region_id, lang),
        key=state.offer("basket", list(view.basket), options, label, typed=True),
        max_selections=MOST_REGIONS,
        accept_new_options=True,
        placeholder=text("app.compare.hint", lang),
    )
    basket = _read_regions(chosen, dataset, lang)
    view = replace(view, basket=basket)
    view = _show_more_ways(view, dataset)
    return _show_peers(view, dataset) if view.basket else _show_starts(view, dataset)


def region_ids(dataset: Dataset) -> list[str]:
    """List the regions offered: the country, corridors, provinces, cities and zones on record."""
    tables = (dataset.corridors, dataset.cities, dataset.zones)
    provinces = [f"province:{adcode}" for adcode in dataset.provinces["adcode"]]
    records = [str(name) for table in tables for name in table["feature_id"]]
    return [COUNTRY, *provinces, *records]


def region_label(region_id: str, dataset: Dataset, lang: str) -> str:
    """Name a region in both languages; an id that means nothing is shown as it is."""
    try:
        region = parse_region(region_id, dataset)
    except RegionProblem:
        return region_id
    first, other = region.names.say(lang), region.names.say("en" if lang == "zh" else "zh")
    return first if first == other else f"{first} · {other}"


def _name(region_id: str, dataset: Dataset, lang: str) -> str:
    try:
        return parse_region(region_id, dataset).names.say(lang)
    except RegionProblem:
        return region_id


def _read_regions(chosen: list[str], dataset: Dataset, lang: str) -> tuple[str, ...]:
    """Turn typed names into ids; say what cannot be read."""
    found: list[str] = []
    for words in chosen:
        try:
            found.append(parse_region(words, dataset).region_id)
        except RegionProblem as problem:
            st.warning(markdown_text(problem.words.say(lang), 400))
    if list(dict.fromkeys(found)) != chosen:
        state.forget("basket")
    return tuple(dict.fromkeys(found))[:MOST_REGIONS]


def add_region(view: ViewState, region_id: str) -> ViewState:
    """Put a region into the basket when there is room."""
    if region_id in view.basket or len(view.basket) >= MOST_REGIONS:
        return view
    state.forget("basket")
    return replace(view, basket=(*view.basket, region_id))


def _show_more_ways(view: ViewState, dataset: Dataset) -> ViewState:
    lang = view.lang
    with st.expander(text("app.compare.more_ways", lang)):
        place, km, add = st.columns([3, 1, 1], vertical_alignment="bottom")
        name = place.text_input(
            text("app.compare.circle.place", lang), key=state.preset("circle", "")
        )
        radius = km.number_input(
            text("app.compare.circle.km", lang), 1, 2000, key=state.preset("circle_km", 50)
        )
        if add.button(text("app.compare.circle.add", lang), disabled=not name.strip()):
            view = _add_circle(view, name, radius, dataset)
        st.caption(text("app.compare.draw", lang))
        file = st.file_uploader(text("app.compare.upload", lang), type=["geojson", "json"])
        if file is not None and st.button(text("app.compare.upload.add", lang)):
            view = _add_polygon(view, file.getvalue(), dataset)
    return view


def _add_circle(view: ViewState, name: str, km: float, dataset: Dataset) -> ViewState:
    try:
        return state.run_again(
            add_region(view, parse_region(f"circle:{name},{km:g}", dataset).region_id)
        )
    except RegionProblem as problem:
        st.warning(markdown_text(problem.words.say(view.lang), 400))
    return view


def _add_polygon(view: ViewState, body: bytes, dataset: Dataset) -> ViewState:
    try:
        region = region_from_geojson(json.loads(body), dataset)
    except (ValueError, RecursionError):
        st.warning(text("app.compare.upload.bad", view.lang))
    except RegionProblem as problem:
        st.warning(markdown_text(problem.words.say(view.lang), 400))
    else:
        return state.run_again(add_region(view, region.region_id))
    return view


def _show_peers(view: ViewState, dataset: Dataset) -> ViewState:
    """Offer regions worth comparing with the first of the basket, each with the reason."""
    if len(view.basket) >= MOST_REGIONS:
        return view
    lang = view.lang
    region = parse_region(view.basket[0], dataset)
    peers = [p for p in suggest_peers(dataset, region) if p.region_id not in view.basket][:6]
    if not peers:
        return view
    offer = st.container(key="peers")
    offer.caption(text("app.compare.suggest", lang, region=markdown_text(region.names.say(lang))))
    with offer.container(horizontal=True):
        for peer in peers:
            reason = text(f"comparison.peer.{peer.reason}", lang)
            label = text("app.compare.peer", lang, name=peer.names.say(lang), reason=reason)
            if st.button(markdown_text(label), key=f"peer_{peer.region_id}"):
                view = state.run_again(add_region(view, peer.region_id))
    return view


def _show_starts(view: ViewState, dataset: Dataset) -> ViewState:
    """Offer whole baskets to whoever comes with an empty one."""
    lang = view.lang
    starts = suggest_baskets(dataset)
    if not starts:
        return view
    st.caption(text("app.compare.starts", lang))
    with st.container(horizontal=True):
        for start in starts:
            names = [parse_region(one, dataset).names.say(lang) for one in start]
            label = text("app.compare.versus", lang).join(names)
            if st.button(markdown_text(label), key=f"start_{'_'.join(start)}"):
                state.forget("basket")
                view = state.run_again(replace(view, basket=start))
    return view


def show_basket(view: ViewState, dataset: Dataset) -> None:
    """Say on other pages what is in the basket, with the way to the comparison."""
    if not view.basket:
        return
    lang = view.lang
    names = [markdown_text(_name(one, dataset, lang)) for one in view.basket]
    with st.container(horizontal=True, vertical_alignment="center", key="basket"):
        label = text("app.basket.open", lang, n=len(names), most=MOST_REGIONS)
        if st.button(label, key="basket_open", icon=":material/compare_arrows:"):
            data.open_page("compare")
        st.caption(text("details.list_mark", lang).join(names))


def add_area(view: ViewState, region_id: str, dataset: Dataset) -> ViewState:
    """Put an area drawn on the map into the basket, or say why it cannot be compared."""
    lang = view.lang
    try:
        region = parse_region(region_id, dataset)
    except RegionProblem as problem:
        st.toast(markdown_text(problem.words.say(lang), 400), icon=":material/error:")
        return view
    if len(view.basket) >= MOST_REGIONS:
        st.toast(text("app.basket.full", lang), icon=":material/error:")
        return view
    name = markdown_text(region.names.say(lang))
    st.toast(text("app.basket.added", lang, region=name), icon=":material/check:")
    return add_region(view, region.region_id)
