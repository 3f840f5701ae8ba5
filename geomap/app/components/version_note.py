"""What a reader of an older link is told: which version it was, and what changed since."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geomap.app import data, state
from geomap.app.components.bilingual import jump, spoken
from geomap.app.components.html import Html, markdown_text, show, tag
from geomap.app.view import ViewState
from geomap.dataset import Dataset
from geomap.text import format_number, has_text, text
from geomap.views.changes import Change, Changes, compare_versions

MOST_LISTED = 50
_SORTS = ("changed", "added", "removed")


def show_version_note(view: ViewState, dataset: Dataset) -> None:
    """Say what changed since the dataset version a link was made with."""
    if view.came_from is None or view.came_from == dataset.version:
        return
    lang = view.lang
    said = text("app.version.older", lang, old=view.came_from, new=dataset.version)
    older = data.older_dataset(view.came_from)
    if older is None:
        st.info(f"{said} {text('app.version.older.gone', lang)}", icon=":material/history:")
        _dismiss(lang)
        return
    changes = compare_versions(older, dataset)
    counted = {name: format_number(len(getattr(changes, name)), lang) for name in _SORTS}
    parts = [said, text("app.version.older.changes", lang, **counted), _selected(view, changes)]
    gap = "" if lang == "zh" else " "
    st.info(gap.join(part for part in parts if part), icon=":material/history:")
    if any(getattr(changes, name) for name in _SORTS):
        with st.expander(text("app.version.list", lang)):
            show(*(_listed(name, getattr(changes, name), dataset, lang) for name in _SORTS))
    _dismiss(lang)


def _dismiss(lang: str) -> None:
    st.button(text("app.version.dismiss", lang), key="version_dismiss", on_click=_forget)


def _forget() -> None:
    state.choose(came_from=None)


def _selected(view: ViewState, changes: Changes) -> str:
    """Say first what happened to the record the link is about."""
    found = changes.of(view.select) if view.select else None
    if found is None:
        return ""
    name = markdown_text(found[1].names.say(view.lang))
    return text(f"app.version.selected.{found[0]}", view.lang, name=name)


def _listed(sort: str, changes: Sequence[Change], dataset: Dataset, lang: str) -> Html | None:
    if not changes:
        return None
    rows = [tag("li", *_line(change, dataset, lang)) for change in changes[:MOST_LISTED]]
    left = len(changes) - len(rows)
    more = text("details.projects.more", lang, n=format_number(left, lang))
    title = tag("h3", text(f"app.version.{sort}", lang))
    rest = tag("p", more, class_="gm-soft") if left else None
    return tag("section", title, tag("ul", *rows), rest, class_="gm-details")


def _line(change: Change, dataset: Dataset, lang: str) -> list[object]:
    known = change.record_id in dataset
    name = jump(change.names, change.record_id, lang) if known else spoken(change.names, lang)
    columns = [_column(one, lang) for one in change.columns]
    said = text("details.list_mark", lang).join(dict.fromkeys(columns))
    return [name, tag("span", said, class_="gm-soft") if said else None]


def _column(name: str, lang: str) -> str:
    """Name a column; the Chinese twin of a column is that column."""
    key = f"records.column.{name.removesuffix('_zh')}"
    own = f"records.column.{name}"
    found = own if has_text(own, lang) else key
    return text(found, lang) if has_text(found, lang) else name
