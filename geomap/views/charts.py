"""The pictures of a comparison as frozen values: whoever draws them adds no number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from geomap.sentences import Names
from geomap.text import format_money, format_number, format_percent, text
from geomap.views.columns import Ints
from geomap.views.comparison import Comparison
from geomap.views.facts import word
from geomap.views.selection import Selection

ChartKind = Literal["bars", "columns", "shares", "strip"]
CHARTS: Final = ("money_by_kind", "projects_by_year", "kind_mix", "project_sizes")
_MOST_YEARS: Final = 40


@dataclass(frozen=True)
class Mark:
    """One mark of a chart: a region, a category (kind or year) and a value, None = no record.

    `feature_id` names the project of a strip plot's mark.
    """

    region: int
    category: str
    value: float | None
    feature_id: str = ""
    names: Names | None = None


@dataclass(frozen=True)
class Chart:
    """One chart over all regions, which share its axes: categories in order and the largest value.

    kind: bars (horizontal, a panel per region), columns (over years), shares (parts of one),
    strip (one dot per project on a logarithmic axis). form: money, count or share.
    """

    chart_id: str
    kind: ChartKind
    form: Literal["money", "count", "share"]
    unit: str
    regions: tuple[Names, ...]
    categories: tuple[str, ...]
    marks: tuple[Mark, ...]
    smallest: float
    largest: float

    def title(self, lang: str) -> str:
        """Name the chart."""
        return text(f"comparison.chart.{self.chart_id}", lang)

    def note(self, lang: str) -> str:
        """Say how to read the chart."""
        return text(f"comparison.chart_note.{self.chart_id}", lang)

    def label(self, category: str, lang: str) -> str:
        """Name a category: a kind in words, a year as it is."""
        return word("filters.kind", category, lang)

    def written(self, value: float | None, lang: str) -> str:
        """Write a value of the chart."""
        if value is None:
            return text("comparison.state.no_record", lang)
        if self.form == "money":
            return format_money(value, self.unit, lang)
        if self.form == "share":
            return format_percent(value, lang)
        return format_number(value, lang)

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return all(mark.value is None for mark in self.marks)


def comparison_charts(comparison: Comparison) -> tuple[Chart, ...]:
    """Return the charts of a comparison; money in yuan, as the measure all_cny has it."""
    return (
        _money_by_kind(comparison),
        _projects_by_year(comparison),
        _kind_mix(comparison),
        _project_sizes(comparison),
    )


def chart_rows(chart: Chart, lang: str) -> list[dict[str, Any]]:
    """Return the marks as rows for a drawing library or a table: region, category, value, words."""
    return [
        {
            "region": chart.regions[mark.region].say(lang),
            "category": chart.label(mark.category, lang),
            "value": mark.value,
            "shown": chart.written(mark.value, lang),
            "feature_id": mark.feature_id,
            "name": mark.names.say(lang) if mark.names else "",
        }
        for mark in chart.marks
    ]


def _chart(
    comparison: Comparison,
    chart_id: str,
    kind: ChartKind,
    form: Literal["money", "count", "share"],
    categories: Iterable[str],
    marks: list[Mark],
) -> Chart:
    known = [mark.value for mark in marks if mark.value]
    return Chart(
        chart_id,
        kind,
        form,
        "CNY" if form == "money" else "",
        tuple(region.names for region in comparison.regions),
        tuple(categories),
        tuple(marks),
        min(known, default=0.0),
        max(known, default=0.0),
    )


def _money_by_kind(comparison: Comparison) -> Chart:
    added = [_added_money(selection) for selection in comparison.selections]
    sums: list[dict[str, float]] = []
    for selection, rows in zip(comparison.selections, added, strict=True):
        amounts = selection.index.projects.in_yuan.amounts
        sums.append({k: float(amounts[own].sum()) for k, own in _by_kind(selection, rows).items()})
    categories = _ordered_kinds(sums)
    marks = [
        Mark(region, kind, found.get(kind))
        for region, found in enumerate(sums)
        for kind in categories
    ]
    return _chart(comparison, "money_by_kind", "bars", "money", categories, marks)


def _added_money(selection: Selection) -> Ints:
    """The rows that the measure of all stated money adds, so that bars add up to it."""
    return selection.total(selection.index.projects.in_yuan.amounts, selection.own).rows


def _by_kind(selection: Selection, rows: Ints) -> dict[str, Ints]:
    kinds = selection.index.projects.kind
    codes = kinds.codes[rows]
    return {kinds.values[code]: rows[codes == code] for code in np.unique(codes[codes >= 0])}


def _ordered_kinds(found: list[dict[str, float]]) -> list[str]:
    """Kinds by their largest value in any region, largest first; ties by name."""
    largest: dict[str, float] = {}
    for values in found:
        for kind, value in values.items():
            largest[kind] = max(value, largest.get(kind, 0.0))
    return sorted(largest, key=lambda kind: (-largest[kind], kind))


def _kind_mix(comparison: Comparison) -> Chart:
    shares: list[dict[str, float]] = []
    for selection in comparison.selections:
        groups = _by_kind(selection, selection.projects)
        whole = len(selection.projects)
        shares.append({kind: len(rows) / whole for kind, rows in groups.items()})
    categories = _ordered_kinds(shares)
    marks = [
        Mark(region, kind, found.get(kind))
        for region, found in enumerate(shares)
        for kind in categories
    ]
    return _chart(comparison, "kind_mix", "shares", "share", categories, marks)


def _projects_by_year(comparison: Comparison) -> Chart:
    counts: list[dict[int, int]] = []
    for selection in comparison.selections:
        years = _years(selection)
        found, many = np.unique(years, return_counts=True)
        counts.append(dict(zip(found.tolist(), many.tolist(), strict=True)))
    all_years = sorted({year for found in counts for year in found})
    span = range(all_years[0], all_years[-1] + 1)[-_MOST_YEARS:] if all_years else range(0)
    marks = [
        Mark(region, str(year), float(found[year]) if year in found else None)
        for region, found in enumerate(counts)
        for year in span
    ]
    return _chart(
        comparison, "projects_by_year", "columns", "count", (str(year) for year in span), marks
    )


def _years(selection: Selection) -> Ints:
    """Year of the earliest date of every counted project that has one."""
    earliest = selection.index.projects.earliest
    codes = earliest.codes[selection.projects]
    years = np.array([int(value[:4]) for value in earliest.values], dtype=np.int32)
    return years[codes[codes >= 0]]


def _project_sizes(comparison: Comparison) -> Chart:
    marks = [
        mark
        for region, selection in enumerate(comparison.selections)
        for mark in _size_marks(comparison, region, selection)
    ]
    return _chart(comparison, "project_sizes", "strip", "money", (), marks)


def _size_marks(comparison: Comparison, region: int, selection: Selection) -> list[Mark]:
    projects = selection.index.projects
    amounts = projects.in_yuan.amounts
    rows = selection.projects[np.isfinite(amounts[selection.projects])]
    names_en = comparison.dataset.projects["name_en"].to_numpy(dtype=object)
    names_zh = comparison.dataset.projects["name_zh"].to_numpy(dtype=object)
    return [
        Mark(
            region,
            projects.kind.values[projects.kind.codes[row]],
            float(amounts[row]),
            str(projects.ids[row]),
            Names(str(names_en[row]), str(names_zh[row])),
        )
        for row in rows
    ]
