"""Parts of the Compare page: notices, numbers, charts, words and the brief."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from geomap.app import state
from geomap.app.components.basket import region_label
from geomap.app.components.chart import show_chart
from geomap.app.components.comparison_table import render_comparison
from geomap.app.components.details_view import link_of
from geomap.app.components.downloads import Download, show_downloads
from geomap.app.components.html import Html, markdown_text, show, tag
from geomap.app.view import ViewState
from geomap.dataset import Dataset
from geomap.export import (
    comparison_frame,
    comparison_html,
    comparison_json,
    comparison_sheets,
    csv_text,
    xlsx_bytes,
)
from geomap.text import format_number, text
from geomap.views.charts import comparison_charts
from geomap.views.comparison import Comparison, compare_regions
from geomap.views.filters import Filters, select_sites
from geomap.views.summary import summarise

_SHOW = {"error": st.error, "warning": st.warning}


def compare(view: ViewState, dataset: Dataset) -> tuple[Comparison, ViewState]:
    """Compare the basket, with the filters of the map when the reader keeps them on.

    Returns the view with what was chosen as well.
    """
    lang = view.lang
    filters = view.filters
    if filters.active:
        key = state.preset("filtered", view.filtered)
        kept = st.checkbox(text("app.compare.use_filters", lang), key=key)
        view = replace(view, filtered=kept)
        filters = filters if kept else Filters()
        n = format_number(int(select_sites(dataset, filters).sum()), lang)
        total = format_number(len(dataset.sites), lang)
        st.caption(text("app.compare.filters", lang, n=n, total=total))
    view = replace(view, reference=_reference(view, dataset))
    found = compare_regions(dataset, view.basket, filters, reference=view.reference or 0)
    return found, view


def _reference(view: ViewState, dataset: Dataset) -> str | None:
    if len(view.basket) < 2:
        return None

    def label(name: str, lang: str) -> str:
        return markdown_text(region_label(name, dataset, lang))

    chosen = st.radio(
        text("app.compare.reference", view.lang),
        view.basket,
        format_func=lambda name: label(name, view.lang),
        key=state.offer("reference", view.reference or view.basket[0], view.basket, label),
        horizontal=True,
    )
    return str(chosen)


def show_notices(comparison: Comparison, lang: str) -> None:
    """Say what a reader should know about the regions together; trouble before mere notes."""
    for severity, box in _SHOW.items():
        said = [n.say(lang) for n in comparison.notices if n.severity == severity]
        if said:
            box("\n\n".join(markdown_text(words, 600) for words in said))
    notes = [n.say(lang) for n in comparison.notices if n.severity not in _SHOW]
    if notes and len(comparison.regions) < 2:
        st.info(markdown_text(" ".join(notes), 600))
    elif notes:
        show(tag("ul", *(tag("li", words) for words in notes), class_="gm-notes"))


def show_table(comparison: Comparison, lang: str) -> None:
    """Show the numbers; each opens what stands behind it."""
    st.header(text("app.compare.table", lang), anchor=False)
    with st.container(key="comparison"):
        show(render_comparison(comparison, lang))


def show_charts(comparison: Comparison, lang: str) -> None:
    """Show the charts with the numbers behind them."""
    st.header(text("app.compare.charts", lang), anchor=False)
    for chart in comparison_charts(comparison):
        if not chart.empty:
            show_chart(chart, lang)


def show_words(comparison: Comparison, lang: str) -> None:
    """Say the comparison in sentences."""
    st.header(text("app.compare.words", lang), anchor=False)
    paragraphs: list[Html] = [
        tag("p", said) for said in summarise(comparison, lang, with_notices=False)
    ]
    with st.container(key="comparison-words"):
        show(*paragraphs)


def show_brief(comparison: Comparison, view: ViewState) -> None:
    """Offer the brief and the table as files, all of them in one click."""
    lang = view.lang
    names = "-".join(region.region_id.replace(":", "_") for region in comparison.regions)[:80]
    stem = f"geomap-{names}-{comparison.dataset.version}"
    frame = comparison_frame(comparison, lang)
    link = link_of(replace(view, version=comparison.dataset.version))
    say = partial(text, lang=lang)
    files = [
        Download(
            "html", say("app.compare.brief.html"), lambda: comparison_html(comparison, lang, link)
        ),
        Download("csv", say("app.compare.as_csv"), lambda: csv_text(frame)),
        Download(
            "xlsx",
            say("app.compare.as_xlsx"),
            lambda: xlsx_bytes(comparison_sheets(comparison, lang)),
        ),
        Download("json", say("app.compare.as_json"), lambda: comparison_json(comparison, lang)),
    ]
    show_downloads("brief", stem, files, lang)
