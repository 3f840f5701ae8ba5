"""Link, citation and downloads of the view."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import replace
from functools import partial

import streamlit as st

from geomap.app.components.copying import copy_button
from geomap.app.components.details_view import link_of
from geomap.app.components.downloads import Download, show_downloads
from geomap.app.components.ground import shading_of
from geomap.app.components.html import show, tag
from geomap.app.view import ViewState, is_id
from geomap.dataset import Dataset
from geomap.errors import UnknownFeature
from geomap.export import geojson_text
from geomap.maps.host import HostState
from geomap.maps.html_export import map_html
from geomap.sentences import sentence
from geomap.text import text
from geomap.views.citing import CitedView, cite_bibtex, cite_ris, cite_sentence
from geomap.views.details import feature_details
from geomap.views.filter_words import filter_words, map_note


def show_share(view: ViewState, dataset: Dataset, *, downloads: bool = True) -> None:
    """Show the link, what it cannot carry, the citation and the downloads of the map."""
    lang = view.lang
    view = replace(view, version=dataset.version)
    with st.expander(text("app.share", lang), icon=":material/share:"):
        _show_link(view)
        _show_citation(view, dataset)
        if downloads:
            _offer_downloads(view, dataset)


def _show_link(view: ViewState) -> None:
    lang, link = view.lang, link_of(view)
    show(tag("h2", text("app.link.copy", lang), class_="gm-part"))
    st.code(link, language=None, wrap_lines=True)
    show(copy_button(text("app.link.button", lang), link, lang))
    said = [text("app.link.help", lang), text("app.link.lacks", lang)]
    show(tag("p", " ".join(said), class_="gm-soft"))
    lost = sum(not is_id(region_id) for region_id in view.basket)
    if lost:
        st.warning(sentence("app.link.left_out", n=lost).say(lang))


def _show_citation(view: ViewState, dataset: Dataset) -> None:
    """Show the citation as a sentence and as BibTeX; reference managers take it as a file."""
    lang = view.lang
    today = dt.datetime.now(dt.UTC).date()
    cited = CitedView(view_title(view, dataset), dataset.version, link_of(view), today)
    show(tag("h2", text("app.cite", lang), class_="gm-part"))
    as_text, as_bibtex = st.tabs([text("app.cite.as_text", lang), "BibTeX"])
    for tab, words in (
        (as_text, cite_sentence(cited, lang)),
        (as_bibtex, cite_bibtex(cited, lang)),
    ):
        with tab:
            st.code(words, language=None, wrap_lines=True)
            show(copy_button(text("app.cite.copy", lang), words, lang))
    reference = Download("ris", text("app.cite.ris", lang), partial(cite_ris, cited, lang))
    show_downloads("cite", f"geomap-{dataset.version}", [reference], lang)


def view_title(view: ViewState, dataset: Dataset) -> str:
    """Name a view for a citation: the map, what is selected, the filters, the shading."""
    lang = view.lang
    parts = [text("app.cite.title", lang)]
    if view.select:
        with contextlib.suppress(UnknownFeature):
            parts.append(feature_details(dataset, view.select).names.say(lang))
    parts += filter_words(view.filters, dataset, lang)
    shading = shading_of(view, dataset)
    if shading is not None:
        parts.append(shading.cited(lang))
    return text("app.cite.mark", lang).join(parts)


def _offer_downloads(view: ViewState, dataset: Dataset) -> None:
    """Offer what is on the map as files, made when they are asked for."""
    lang = view.lang
    show(tag("h2", text("app.download", lang), class_="gm-part"))
    files = [
        Download(
            "html",
            text("app.download.html", lang),
            lambda: map_html(dataset, view.filters, lang, _opening(view, dataset)),
        ),
        Download(
            "geojson",
            text("app.download.geojson", lang),
            lambda: geojson_text(dataset, view.filters, lang),
        ),
    ]
    show_downloads("map", f"geomap-{dataset.version}", files, lang)


def _opening(view: ViewState, dataset: Dataset) -> HostState:
    """Give the state in which the downloaded map opens: as the reader sees it now."""
    return HostState(
        lang=view.lang,
        select=view.select,
        layers=view.layers,
        at=view.at,
        shading=shading_of(view, dataset),
        note=map_note(dataset, view.filters),
    )
