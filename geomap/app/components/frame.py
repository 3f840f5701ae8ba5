"""What every page has: language switch, notes about the link, and the URL written at the end."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geomap.app import state
from geomap.app.components.html import markdown_text
from geomap.app.components.version_note import show_version_note
from geomap.app.view import ViewState
from geomap.dataset import Dataset
from geomap.text import LANGUAGES, text

_OWN_NAMES = {"en": "English", "zh": "中文"}


def open_page(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the language switch in the header and what of a link could not be used."""
    with st.container(key="language"):
        key = state.preset("lang", view.lang)
        st.segmented_control(
            text("app.language", view.lang),
            LANGUAGES,
            format_func=lambda lang: _OWN_NAMES[lang],
            key=key,
            required=True,
            label_visibility="collapsed",
            on_change=_switch_language,
            args=(key,),
        )
    _say_notes(view)
    show_version_note(view, dataset)
    return view


def _say_notes(view: ViewState) -> None:
    """Say once, in one place, what of a link could not be used."""
    if view.notes:
        lines = (f"- {markdown_text(note.say(view.lang))}" for note in view.notes)
        st.warning(
            "\n".join([text("app.link.notes", view.lang), "", *lines]), icon=":material/link_off:"
        )


def _switch_language(key: str) -> None:
    state.choose(lang=state.widget(key))


def close_page(view: ViewState, dataset: Dataset) -> None:
    """Keep the view and write it to the URL, with the dataset version it was seen in."""
    state.keep(replace(view, version=dataset.version))
