"""Shows a chart of a comparison as a picture, with its numbers and both as files."""

from __future__ import annotations

from functools import partial

import pandas as pd

from geomap.app.components.downloads import Download, show_downloads
from geomap.app.components.html import Html, picture, show, tag
from geomap.export import csv_text
from geomap.text import text
from geomap.views.charts import Chart, chart_rows
from geomap.views.drawings import NARROW, WIDE, chart_svg, dark_too


def show_chart(chart: Chart, lang: str) -> None:
    """Show one chart: the same drawing as in the brief, laid out for a wide or narrow page."""
    show(
        tag("h3", chart.title(lang), class_="gm-chart-title"),
        tag("p", chart.note(lang), class_="gm-soft"),
        _picture(chart, lang, WIDE, "gm-chart gm-wide"),
        _picture(chart, lang, NARROW, "gm-chart gm-narrow"),
        _numbers(chart, lang),
    )
    files = [
        Download("svg", text("app.compare.chart.svg", lang), partial(chart_svg, chart, lang)),
        Download("csv", text("app.compare.chart.csv", lang), partial(_csv, chart, lang)),
    ]
    show_downloads(f"chart_{chart.chart_id}", f"geomap-{chart.chart_id}", files, lang)


def _picture(chart: Chart, lang: str, width: float, class_: str) -> Html:
    said = f"{chart.title(lang)}. {chart.note(lang)}"
    return picture(dark_too(chart_svg(chart, lang, width)), said, class_)


def _numbers(chart: Chart, lang: str) -> Html:
    """The marks as a table, for whoever cannot see the picture or wants it exactly."""
    columns = ("region", "name" if chart.kind == "strip" else "category", "shown")
    heads = [tag("th", text(f"app.chart.{name}", lang), scope="col") for name in columns]
    rows = [
        tag("tr", *(tag("td", row[name]) for name in columns))
        for row in chart_rows(chart, lang)
        if row["value"] is not None
    ]
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))
    return tag(
        "details",
        tag("summary", text("app.chart.numbers", lang)),
        tag("div", table, class_="gm-scroll", tabindex="0", role="group"),
        class_="gm-chart-numbers",
    )


def _csv(chart: Chart, lang: str) -> str:
    return csv_text(pd.DataFrame(chart_rows(chart, lang)))
