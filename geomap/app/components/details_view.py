"""The details container: what is selected, said in full, with the steps from it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from geomap.app import state
from geomap.app.components.basket import add_region
from geomap.app.components.copying import announcement, copy_button
from geomap.app.components.details_panel import kind_words, render_details
from geomap.app.components.html import show, tag
from geomap.app.components.map_panel import tell
from geomap.app.components.overview import show_overview
from geomap.app.view import MOST_REGIONS, ViewState, state_to_params
from geomap.dataset import Dataset
from geomap.errors import UnknownFeature
from geomap.text import format_number, text
from geomap.views.details import Details, feature_details, report_text


def show_details(view: ViewState, dataset: Dataset, *, beside_map: bool = False) -> None:
    """Show the selected feature with the buttons that lead on from it."""
    lang = view.lang
    with st.container(key="details"):
        if view.select is None:
            show(announcement("selection", ""))
            if not beside_map:
                show(tag("p", text("app.details.empty", lang), class_="gm-soft"))
                return
            show_overview(view, dataset)
            link = link_of(replace(view, version=dataset.version))
            show(copy_button(text("app.link.button", lang), link, lang))
            return
        try:
            details = feature_details(dataset, view.select)
        except UnknownFeature:
            _say_unknown(view.select, lang)
            return
        show(announcement("selection", _spoken_summary(details, lang)))
        _steps(replace(view, version=dataset.version), details, beside_map)
        show(render_details(details, lang))
        _report(view, details, dataset)


def _spoken_summary(details: Details, lang: str) -> str:
    name, kind = details.names.say(lang), kind_words(details, lang)
    return text("app.details.announced", lang, name=name, kind=kind)


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
    row = st.container(
        key="details_steps", horizontal=True, vertical_alignment="center", gap="xxsmall"
    )
    with row:
        _step("previous", details.previous_id, ":material/chevron_left:", lang)
        _position(details, lang)
        _step("next", details.next_id, ":material/chevron_right:", lang)
        if beside_map:
            label = text("app.details.zoom", lang)
            icon = ":material/zoom_in:"
            st.button(
                label, key="details_zoom", icon=icon, on_click=_zoom, args=(details.feature_id,)
            )
        _compare_button(view, details)
        show(copy_button(text("app.link.button", lang), link_of(view), lang), width="content")
        label = text("app.details.close", lang)
        icon = ":material/close:"
        st.button(label, key="details_close", icon=icon, on_click=_select, args=(None,))


def _position(details: Details, lang: str) -> None:
    if details.position:
        counted = {"n": details.position, "total": details.total}
        shown = {name: format_number(number, lang) for name, number in counted.items()}
        said = text("app.details.position", lang, **shown)
        show(tag("span", said, class_="gm-soft gm-position"), width="content")


def _step(name: str, target: str, icon: str, lang: str) -> None:
    """Show a step to the feature before or after; its label is read out, its arrow is seen."""
    st.button(
        text(f"app.details.{name}", lang),
        key=f"details_{name}",
        icon=icon,
        disabled=not target,
        on_click=_select,
        args=(target,),
    )


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
    here = urlsplit(st.context.url or "")
    query = urlencode(state_to_params(view), safe=":,|")
    return urlunsplit((here.scheme, here.netloc, here.path or "/", query, ""))


def _report(view: ViewState, details: Details, dataset: Dataset) -> None:
    """Show a ready text that a reader can send to whoever keeps the records."""
    lang = view.lang
    with st.expander(text("app.report", lang), icon=":material/flag:"):
        link = link_of(replace(view, version=dataset.version))
        words = report_text(details, lang, dataset.version, link)
        show(tag("p", text("app.report.hint", lang), class_="gm-soft"))
        st.code(words, language=None, wrap_lines=True)
        show(copy_button(text("app.report.copy", lang), words, lang))
