"""Link, citation and downloads of the view."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from geomap.app.components.details_view import link_of
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.export import geojson_text
from geomap.maps.host import HostState
from geomap.maps.html_export import map_html
from geomap.text import format_date, text
from geomap.views.filter_words import map_note
from geomap.views.shading import classify_provinces


def show_share(view: ViewState, dataset: Dataset) -> None:
    """Show the link, what it cannot carry, the citation and the downloads."""
    lang = view.lang
    link = link_of(replace(view, version=dataset.version))
    with st.expander(text("app.share", lang)):
        st.caption(text("app.link.copy", lang))
        st.code(link, language=None, wrap_lines=True)
        st.caption(f"{text('app.link.help', lang)} {text('app.link.lacks', lang)}")
        st.caption(text("app.cite", lang))
        today = format_date(dt.datetime.now(dt.UTC).date().isoformat(), lang)
        cited = text("app.cite.text", lang, version=dataset.version, date=today, url=link)
        st.code(cited, language=None, wrap_lines=True)
        _offer_downloads(view, dataset)


def _offer_downloads(view: ViewState, dataset: Dataset) -> None:
    """Offer what is on the map as files, made when they are asked for."""
    lang = view.lang
    with st.container(horizontal=True):
        st.download_button(
            text("app.download.html", lang),
            data=lambda: map_html(dataset, view.filters, lang, _opening(view, dataset)),
            file_name=f"geomap-{dataset.version}.html",
            mime="text/html",
            key="download_html",
            on_click="ignore",
        )
        st.download_button(
            text("app.download.geojson", lang),
            data=lambda: geojson_text(dataset, view.filters, lang),
            file_name=f"geomap-{dataset.version}.geojson",
            mime="application/geo+json",
            key="download_geojson",
            on_click="ignore",
        )


def _opening(view: ViewState, dataset: Dataset) -> HostState:
    """Give the state in which the downloaded map opens: as the reader sees it now."""
    shading = classify_provinces(dataset, view.shade, view.filters) if view.shade else None
    return HostState(
        lang=view.lang,
        select=view.select,
        layers=view.layers,
        at=view.at,
        shading=shading,
        note=map_note(dataset, view.filters),
    )
