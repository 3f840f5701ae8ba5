"""The panel before anything is chosen: the records in numbers, and where to begin."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from geomap.app import state
from geomap.app.components.bilingual import jump
from geomap.app.components.footnotes import section
from geomap.app.components.html import Html, join, show, tag
from geomap.app.components.project_list import money_words
from geomap.app.view import ViewState
from geomap.dataset import Dataset
from geomap.text import format_date, format_number, text
from geomap.views.comparison import Value
from geomap.views.facts import word
from geomap.views.overview import Bar, Overview, country_overview
from geomap.views.project_lines import ProjectLine


def show_overview(view: ViewState, dataset: Dataset) -> None:
    """Show what the map holds under the filters."""
    show(render_overview(country_overview(dataset, view.filters), view))


def render_overview(overview: Overview, view: ViewState) -> Html:
    """Write the overview as HTML; its links choose features or open a comparison."""
    lang = view.lang
    filtered = "filtered" if view.filters.active else "all"
    return tag(
        "article",
        tag("h2", text("overview.title", lang)),
        tag("p", text(f"overview.scope.{filtered}", lang), class_="gm-soft"),
        tag("p", text("app.details.empty", lang)),
        _headlines(overview.headlines, lang),
        _starts(overview, lang),
        _provinces(overview.provinces, lang),
        _newest(overview.newest, lang),
        class_="gm-details",
    )


def _headlines(values: Sequence[Value], lang: str) -> Html:
    rows = [
        tag("div", tag("dt", text(one.measure.name_key, lang)), tag("dd", one.shown(lang)))
        for one in values
    ]
    return join(
        [
            tag("dl", *rows, class_="gm-headlines"),
            tag("p", text("overview.counting", lang), class_="gm-soft"),
            tag("p", text("overview.money", lang), class_="gm-soft"),
        ]
    )


def _starts(overview: Overview, lang: str) -> Html | None:
    """Lead to the corridors, and to a comparison of the provinces with most projects."""
    items: list[object] = [jump(names, name, lang) for name, names in overview.corridors]
    first = overview.provinces[:2]
    if len(first) == 2:
        label = text("overview.compare", lang, one=first[0].names.say(lang),
                     other=first[1].names.say(lang))  # fmt: skip
        params = state.link_params(basket=tuple(bar.feature_id for bar in first), lang=lang)
        items.append(tag("a", label, href=f"compare?{urlencode(params, safe=':,|')}"))
    if not items:
        return None
    return section(text("overview.start", lang), tag("ul", *(tag("li", item) for item in items)))


def _provinces(bars: Sequence[Bar], lang: str) -> Html | None:
    if not bars:
        return None
    rows = [
        tag(
            "li",
            tag("span", jump(bar.names, bar.feature_id, lang), class_="gm-bar-name"),
            tag("span", tag("span", style=f"width: {bar.share:.1%}"), class_="gm-bar"),
            tag("span", format_number(bar.projects, lang), class_="gm-figures"),
        )
        for bar in bars
    ]
    return section(
        text("overview.provinces", lang),
        tag("ol", *rows, class_="gm-bars"),
        tag("p", text("overview.provinces.help", lang), class_="gm-soft"),
    )


def _newest(lines: Sequence[ProjectLine], lang: str) -> Html | None:
    if not lines:
        return None
    rows = [
        tag(
            "li",
            jump(line.names, line.feature_id, lang),
            tag("span", _said(line, lang), class_="gm-soft"),
        )
        for line in lines
    ]
    return section(text("overview.newest", lang), tag("ul", *rows, class_="gm-projects"))


def _said(line: ProjectLine, lang: str) -> Html:
    status = word("filters.status", line.status, lang)
    return join([f"{format_date(line.newest_on, lang)} · {status} · {money_words(line, lang)}"])
