"""Draws a chart of a comparison with altair: same axes for every region, shape besides colour."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from geomap.text import text
from geomap.views.charts import Chart, chart_rows

# Okabe and Ito's palette: told apart by readers with any colour vision, and in grey by order.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#000000")


def draw_chart(chart: Chart, lang: str) -> None:
    """Draw one chart; marks without a value are left blank and listed in the numbers."""
    frame = pd.DataFrame(chart_rows(chart, lang))
    frame = frame[frame["value"].notna()]
    draw = {"bars": _bars, "columns": _columns, "shares": _shares, "strip": _strip}[chart.kind]
    st.altair_chart(draw(chart, frame, lang), width="stretch", theme="streamlit")


def _value_axis(chart: Chart) -> alt.Axis:
    form = {"share": "%", "money": "~s"}.get(chart.form, "d")
    return alt.Axis(format=form, title=None, tickMinStep=1 if chart.form == "count" else 0)


def _tooltip(lang: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("region:N", title=text("app.chart.region", lang)),
        alt.Tooltip("category:N", title=text("app.chart.category", lang)),
        alt.Tooltip("shown:N", title=text("app.chart.value", lang)),
    ]


def _facet(chart: Chart, lang: str) -> alt.Row:
    order = [names.say(lang) for names in chart.regions]
    header = alt.Header(labelAngle=0, labelAlign="left", labelOrient="top", title=None)
    return alt.Row("region:N", sort=order, title=None, header=header)


def _bars(chart: Chart, frame: pd.DataFrame, lang: str) -> Any:  # noqa: ANN401 - altair's chart classes
    labels = [chart.label(name, lang) for name in chart.categories]
    scale = alt.Scale(domain=[0, chart.largest])
    return (
        alt.Chart(frame)
        .mark_bar(color=PALETTE[0])
        .encode(
            x=alt.X("value:Q", scale=scale, axis=_value_axis(chart)),
            y=alt.Y("category:N", sort=labels, title=None, axis=alt.Axis(labelLimit=220)),
            row=_facet(chart, lang),
            tooltip=_tooltip(lang),
        )
    )


def _columns(chart: Chart, frame: pd.DataFrame, lang: str) -> Any:  # noqa: ANN401 - altair's chart classes
    scale = alt.Scale(domain=[0, chart.largest])
    return (
        alt.Chart(frame)
        .mark_bar(color=PALETTE[0])
        .encode(
            x=alt.X("category:O", sort=list(chart.categories), title=None),
            y=alt.Y("value:Q", scale=scale, axis=_value_axis(chart)),
            row=_facet(chart, lang),
            tooltip=_tooltip(lang),
        )
        .properties(height=90)
    )


def _shares(chart: Chart, frame: pd.DataFrame, lang: str) -> Any:  # noqa: ANN401 - altair's chart classes
    labels = [chart.label(name, lang) for name in chart.categories]
    colour = alt.Scale(domain=labels, range=[PALETTE[i % len(PALETTE)] for i in range(len(labels))])
    return (
        alt.Chart(frame)
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=_value_axis(chart)),
            y=alt.Y("region:N", sort=[n.say(lang) for n in chart.regions], title=None),
            color=alt.Color(
                "category:N",
                scale=colour,
                title=None,
                legend=alt.Legend(orient="bottom", columns=4),
            ),
            order=alt.Order("category:N"),
            tooltip=_tooltip(lang),
        )
    )


def _strip(chart: Chart, frame: pd.DataFrame, lang: str) -> Any:  # noqa: ANN401 - altair's chart classes
    tooltip = [alt.Tooltip("name:N", title=text("app.chart.project", lang)), *_tooltip(lang)]
    return (
        alt.Chart(frame)
        .mark_tick(color=PALETTE[0], thickness=3, size=22)
        .encode(
            x=alt.X("value:Q", scale=alt.Scale(type="log"), axis=_value_axis(chart)),
            y=alt.Y("region:N", sort=[n.say(lang) for n in chart.regions], title=None),
            tooltip=tooltip,
        )
    )
