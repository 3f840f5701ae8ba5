"""Link, citation and downloads of the view."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from geomap.app.components.details_view import link_of
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.export import geojson_text
from geomap.text import format_date, text


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
        st.download_button(
            text("app.download.geojson", lang),
            data=lambda: geojson_text(dataset, view.filters, lang),
            file_name=f"geomap-{dataset.version}.geojson",
            mime="application/geo+json",
            on_click="ignore",
        )
