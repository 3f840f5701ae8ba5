"""What every page has: language switch, notes about the link, and the URL written at the end."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geomap.app import data, state
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.text import LANGUAGES, format_number, text

_OWN_NAMES = {"en": "English", "zh": "中文"}


def open_page(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the language switch and what of a link could not be used; return the view."""
    with st.sidebar:
        key = state.preset("lang", view.lang)
        st.segmented_control(
            text("app.language", view.lang),
            LANGUAGES,
            format_func=lambda lang: _OWN_NAMES[lang],
            key=key,
            required=True,
            on_change=_switch_language,
            args=(key,),
        )
    for note in view.notes:
        st.warning(note.say(view.lang))
    show_version_note(view, dataset)
    return view


def _switch_language(key: str) -> None:
    state.choose(lang=state.widget(key))


def show_version_note(view: ViewState, dataset: Dataset) -> None:
    """Say what changed since the dataset version a link was made with."""
    if view.came_from is None or view.came_from == dataset.version:
        return
    said = text("app.version.older", view.lang, old=view.came_from, new=dataset.version)
    older = data.older_dataset(view.came_from)
    if older is None:
        st.info(f"{said} {text('app.version.older.gone', view.lang)}")
        return
    changes = compare_versions(older, dataset)
    numbers = {name: format_number(n, view.lang) for name, n in changes.items()}
    st.info(f"{said} {text('app.version.older.changes', view.lang, **numbers)}")


def compare_versions(older: Dataset, newer: Dataset) -> dict[str, int]:
    """Count the records added, removed and changed between two dataset versions."""
    before, after = _rows_by_id(older), _rows_by_id(newer)
    both = before.keys() & after.keys()
    return {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "changed": sum(before[name] != after[name] for name in both),
    }


def _rows_by_id(dataset: Dataset) -> dict[str, str]:
    rows: dict[str, str] = {}
    for table in ("projects", "zones", "cities", "corridors"):
        frame = getattr(dataset, table)
        texts = ["\x1f".join(map(str, row)) for row in frame.itertuples(index=False)]
        rows.update(zip(frame["feature_id"], texts, strict=True))
    return rows


def close_page(view: ViewState, dataset: Dataset) -> None:
    """Keep the view and write it to the URL, with the dataset version it was seen in."""
    state.keep(replace(view, version=dataset.version))
