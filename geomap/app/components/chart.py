"""Draws a chart of a comparison with altair: same axes for every region, words besides colour."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from geomap.app.components.html import show, tag
from geomap.text import text
from geomap.views.charts import Chart, chart_rows

# Okabe and Ito's palette: told apart by readers with any colour vision, and in grey by order.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#000000")
_LABELS_PX = 150  # room left of every panel, so that panels stand under each other
_ROW_PX = 32
_AXIS_PX = 40  # Streamlit counts the axis into the height of a chart
_MOST_TICKS = 6

Drawn = Any  # altair's chart classes have no common public type


def draw_chart(chart: Chart, lang: str) -> None:
    """Draw one chart; marks without a value are left blank and listed in the numbers."""
    frame = pd.DataFrame(chart_rows(chart, lang))
    frame = frame[frame["value"].notna()]
    if chart.kind in ("bars", "columns"):
        draw = _bars if chart.kind == "bars" else _columns
        for names, own in _panels(chart, frame, lang):
            show(tag("p", names, class_="gm-panel"))
            _put(chart, draw(chart, own, lang), lang)
        return
    _put(chart, (_shares if chart.kind == "shares" else _strip)(chart, frame, lang), lang)


def _panels(chart: Chart, frame: pd.DataFrame, lang: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the rows of each region: panels of their own, since a facet cannot fill the width."""
    for names in chart.regions:
        said = names.say(lang)
        yield said, frame[frame["region"] == said]


def _put(chart: Chart, drawn: Drawn, lang: str) -> None:
    said = f"{chart.title(lang)}. {chart.note(lang)}"
    st.altair_chart(drawn.properties(description=said), width="stretch", theme="streamlit")


def _value_axis(chart: Chart, lang: str, ticks: list[float]) -> alt.Axis:
    """Label the ticks in the words of the language: ¥20 bn, 200亿元."""
    words = {f"{tick:.0f}" if tick == int(tick) else str(tick): tick for tick in ticks}
    named = {key: chart.written(tick, lang) for key, tick in words.items()}
    return alt.Axis(
        values=ticks,
        title=None,
        labelExpr=f"({json.dumps(named, ensure_ascii=False)})[datum.value]",
        labelFlush=False,
    )


def nice_ticks(largest: float, whole: bool) -> list[float]:
    """Choose up to six round numbers from 0 to the largest value."""
    step = 10.0 ** math.floor(math.log10(largest)) if largest > 0 else 1.0
    for part in (0.1, 0.2, 0.5, 1, 2, 5):
        if largest / (step * part) <= _MOST_TICKS - 1:
            step *= part
            break
    step = max(step, 1.0) if whole else step
    return [round(step * n, 10) for n in range(int(largest / step) + 1)]


def decade_ticks(smallest: float, largest: float) -> list[float]:
    """Choose the powers of ten from below the smallest to above the largest value."""
    first, last = math.floor(math.log10(smallest)), math.ceil(math.log10(largest))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]


def _tooltip(lang: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("region:N", title=text("app.chart.region", lang)),
        alt.Tooltip("category:N", title=text("app.chart.category", lang)),
        alt.Tooltip("shown:N", title=text("app.chart.value", lang)),
    ]


def _scale_and_axis(chart: Chart, lang: str) -> dict[str, Any]:
    ticks = nice_ticks(chart.largest, chart.form == "count")
    domain = [0, max(chart.largest, ticks[-1])]
    return {"scale": alt.Scale(domain=domain), "axis": _value_axis(chart, lang, ticks)}


def _bars(chart: Chart, frame: pd.DataFrame, lang: str) -> Drawn:
    labels = [chart.label(name, lang) for name in chart.categories]
    axis = alt.Axis(labelLimit=_LABELS_PX - 8, minExtent=_LABELS_PX, maxExtent=_LABELS_PX)
    y = alt.Y("category:N", sort=labels, title=None, axis=axis, scale=alt.Scale(domain=labels))
    x = alt.X("value:Q", **_scale_and_axis(chart, lang))
    drawn = alt.Chart(frame).mark_bar(color=PALETTE[0]).encode(x=x, y=y, tooltip=_tooltip(lang))
    return drawn.properties(height=_ROW_PX * len(labels) + _AXIS_PX)


def _columns(chart: Chart, frame: pd.DataFrame, lang: str) -> Drawn:
    domain = list(chart.categories)
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    x = alt.X("category:O", sort=domain, title=None, axis=axis, scale=alt.Scale(domain=domain))
    y = alt.Y("value:Q", **_scale_and_axis(chart, lang))
    drawn = alt.Chart(frame).mark_bar(color=PALETTE[0]).encode(x=x, y=y, tooltip=_tooltip(lang))
    return drawn.properties(height=150)


def _shares(chart: Chart, frame: pd.DataFrame, lang: str) -> Drawn:
    labels = [chart.label(name, lang) for name in chart.categories]
    frame = frame.assign(place=frame["category"].map({name: i for i, name in enumerate(labels)}))
    colours = alt.Scale(
        domain=labels, range=[PALETTE[i % len(PALETTE)] for i in range(len(labels))]
    )
    legend = alt.Legend(orient="bottom", columns=2, labelLimit=200)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=_value_axis(chart, lang, [0, 0.25, 0.5, 0.75, 1]),
    )
    return (
        alt.Chart(frame)
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=x,
            y=_region_rows(chart, lang),
            color=alt.Color("category:N", scale=colours, title=None, legend=legend),
            order=alt.Order("place:Q"),
            tooltip=_tooltip(lang),
        )
        .properties(height=_ROW_PX * (len(chart.regions) + math.ceil(len(labels) / 2)) + _AXIS_PX)
    )


def _region_rows(chart: Chart, lang: str) -> alt.Y:
    names = [names.say(lang) for names in chart.regions]
    axis = alt.Axis(labelLimit=_LABELS_PX)
    return alt.Y("region:N", sort=names, title=None, axis=axis, scale=alt.Scale(domain=names))


def _strip(chart: Chart, frame: pd.DataFrame, lang: str) -> Drawn:
    ticks = decade_ticks(chart.smallest, chart.largest)
    scale = alt.Scale(type="log", domain=[ticks[0], ticks[-1]])
    tooltip = [alt.Tooltip("name:N", title=text("app.chart.project", lang)), *_tooltip(lang)]
    return (
        alt.Chart(frame)
        .mark_tick(color=PALETTE[0], thickness=3, size=22)
        .encode(
            x=alt.X("value:Q", scale=scale, axis=_value_axis(chart, lang, ticks)),
            y=_region_rows(chart, lang),
            tooltip=tooltip,
        )
        .properties(height=_ROW_PX * len(chart.regions) + _AXIS_PX)
    )
