"""Two to four regions side by side: every measure with rank, difference and the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geomap.sentences import Sentence, sentence
from geomap.text import format_money, format_number, text
from geomap.views.columns import Ints
from geomap.views.drawn_regions import shape_of
from geomap.views.facts import Citation, citation
from geomap.views.filters import Filters
from geomap.views.measures import MEASURES, Measure, Outcome
from geomap.views.region import Region
from geomap.views.regions import parse_regions
from geomap.views.selection import Selection, select_region, union_of
from geomap.views.units import lies_in
from geomap.views.values import (
    unit_words,
    written_division,
    written_measure,
    written_ratio_of,
    written_sum,
)

if TYPE_CHECKING:
    from geomap.dataset import Dataset

MOST_REGIONS: Final = 4
State = str  # value | no_record | not_applicable


@dataclass(frozen=True)
class Added:
    """What one record adds to a sum; where it was converted, its dollars, rate and its year."""

    feature_id: str
    amount: float
    usd: float | None = None
    cny_per_usd: float | None = None
    year: int | None = None


@dataclass(frozen=True, eq=False)
class Value:
    """One cell: a value or the reason why there is none, and everything that leads to it.

    rank counts from 1; difference and ratio are against the reference region. `rows` are
    positions in the frame named by `table`; `row_ids` are their feature ids.
    """

    measure: Measure
    region: Region
    selection: Selection
    outcome: Outcome
    rank: int | None = None
    difference: float | None = None
    ratio: float | None = None

    @property
    def state(self) -> State:
        """Say "value", "no_record" or "not_applicable"."""
        if self.outcome.value is not None:
            return "value"
        return "no_record" if self.outcome.applies else "not_applicable"

    @property
    def value(self) -> float | str | None:
        """The number, or the partial date, or None."""
        return self.outcome.value

    @property
    def reason(self) -> Sentence | None:
        """Why there is no value."""
        return self.outcome.reason

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What a reader should know about the value."""
        return self.outcome.notes

    @property
    def table(self) -> str:
        """The frame the rows stand in: projects, zones or none."""
        return self.outcome.table

    @cached_property
    def row_ids(self) -> tuple[str, ...]:
        """Feature ids of the rows behind the value."""
        return self._ids(self.outcome.rows)

    @cached_property
    def left_out(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Feature ids of rows that were met and not counted, by reason."""
        return tuple((reason, self._ids(rows)) for reason, rows in self.outcome.left_out)

    def _ids(self, rows: Ints) -> tuple[str, ...]:
        index = self.selection.index
        ids = index.zone_ids if self.outcome.table == "zones" else index.projects.ids
        return tuple(str(name) for name in ids[rows])

    @cached_property
    def added(self) -> tuple[Added, ...]:
        """What each row adds to the sum, in the unit of the measure; () where nothing is added."""
        outcome, projects = self.outcome, self.selection.index.projects
        if outcome.parts:
            return tuple(Added(part.feature_id, part.amount) for part in outcome.parts)
        if outcome.amounts is None:
            return ()
        rates = np.full(len(outcome.rows), np.nan) if outcome.rates is None else outcome.rates
        found = zip(self.row_ids, outcome.rows, outcome.amounts, rates, strict=True)
        return tuple(
            Added(name, float(amount))
            if np.isnan(rate)
            else Added(
                name,
                float(amount),
                float(projects.amount_usd[row]),
                float(rate),
                int(projects.in_yuan.years[row]),
            )
            for name, row, amount, rate in found
        )

    @cached_property
    def source_ids(self) -> tuple[str, ...]:
        """Ids of the sources of the rows behind the value, and of the rates used."""
        index = self.selection.index
        zones = self.outcome.table == "zones"
        own = (index.zone_sources if zones else index.projects.sources).of(self.outcome.rows)
        years = {one.year for one in self.added}
        rates = [rate.source_id for year, rate in index.projects.rates.items() if year in years]
        return tuple(dict.fromkeys((*own, *rates)))

    def citations(self) -> tuple[Citation, ...]:
        """The sources of the rows behind the value."""
        return tuple(citation(self.selection.dataset, name) for name in self.source_ids)

    def shown(self, lang: str) -> str:
        """Write the value, or the reason why there is none."""
        value = self.outcome.value
        if value is None:
            return self.outcome.reason.say(lang) if self.outcome.reason else ""
        written = written_measure(self.measure, value, lang)
        return (
            text("comparison.at_least", lang, value=written) if self.outcome.at_least else written
        )

    def formula(self, lang: str) -> str:
        """Say in words how the value is worked out."""
        return text(self.measure.formula_key, lang)

    def worked(self, lang: str) -> str:
        """Write what a value is worked out from: "7 ÷ 140,195 km² × 10,000", "Alder 2 + Elm 3"."""
        if self.outcome.parts:
            return written_sum(self.measure, self.outcome.parts, lang)
        division = self.outcome.division
        return "" if division is None else written_division(division, lang)

    def added_words(self, one: Added, lang: str) -> str:
        """Write what a record adds: an amount, or dollars times a rate."""
        summed = self.outcome.division and MEASURES[self.outcome.division.top_id]
        amount = written_measure(summed or self.measure, one.amount, lang)
        if one.usd is None or one.cny_per_usd is None:
            return amount
        return text(
            "comparison.converted",
            lang,
            usd=format_money(one.usd, "USD", lang),
            rate=format_number(one.cny_per_usd, lang, 4),
            year=one.year,
            amount=amount,
        )


@dataclass(frozen=True, eq=False)
class Line:
    """One measure over all regions; `together` counts what they share once, where that can be."""

    measure: Measure
    values: tuple[Value, ...]
    together: Value | None

    def name(self, lang: str) -> str:
        """Name the measure."""
        return text(self.measure.name_key, lang)

    def unit(self, lang: str) -> str:
        """Name the unit, "" for dates."""
        return unit_words(self.measure, lang)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Regions side by side, with what has to be said about them."""

    dataset: Dataset
    filters: Filters
    regions: tuple[Region, ...]
    reference: int
    lines: tuple[Line, ...]
    notices: tuple[Sentence, ...]
    selections: tuple[Selection, ...]
    together: Selection | None

    def line(self, measure_id: str) -> Line:
        """Return one measure; raises KeyError for one that is not in this comparison."""
        found = {line.measure.measure_id: line for line in self.lines}
        return found[measure_id]

    def value(self, measure_id: str, region_id: str) -> Value:
        """Return one cell; raises KeyError when there is none."""
        found = {value.region.region_id: value for value in self.line(measure_id).values}
        return found[region_id]

    def citations(self) -> tuple[Citation, ...]:
        """Every source behind any number, in the order of the source table."""
        names = {name for line in self.lines for value in line.values for name in value.source_ids}
        order = [str(name) for name in self.dataset.sources["source_id"]]
        return tuple(citation(self.dataset, name) for name in order if name in names)


def compare_regions(
    dataset: Dataset,
    regions: Sequence[str | Region],
    filters: Filters | None = None,
    reference: int | str = 0,
    measures: Iterable[str] | None = None,
) -> Comparison:
    """Compare up to four regions, given as ids, names or Region values.

    reference: place or id of the region that differences and ratios are taken against. What
    cannot be read, comes twice or is one too many becomes a notice; nothing here raises for
    what a reader may put into a basket. Raises KeyError for an unknown measure.
    """
    chosen = filters or Filters()
    found, notices = _readable(regions, dataset)
    if len(found) > MOST_REGIONS:
        notices = (*notices, sentence("comparison.notice.too_many", "warning", most=MOST_REGIONS))
        found = found[:MOST_REGIONS]
    base = _reference(found, reference)
    selections = tuple(select_region(dataset, r, chosen, found[base]) for r in found)
    together = union_of(selections) if len(selections) > 1 else None
    asked = [MEASURES[name] for name in (measures or MEASURES)]
    lines = tuple(_line(measure, selections, base, together) for measure in asked)
    said = (
        *notices,
        *_basket_notices(found),
        *_empty_notices(selections, chosen),
        *_overlaps(selections),
    )
    return Comparison(dataset, chosen, found, base, lines, said, selections, together)


def _readable(
    regions: Sequence[str | Region], dataset: Dataset
) -> tuple[tuple[Region, ...], tuple[Sentence, ...]]:
    """Read ids and names; Region values stay as they are."""
    given = {region.region_id: region for region in regions if isinstance(region, Region)}
    texts = [r.region_id if isinstance(r, Region) else r for r in regions]
    found, notices = parse_regions(texts, dataset, given)
    return found, notices


def _reference(regions: tuple[Region, ...], reference: int | str) -> int:
    ids = [region.region_id for region in regions]
    if isinstance(reference, str):
        return ids.index(reference) if reference in ids else 0
    return reference if 0 <= reference < len(ids) else 0


def _line(
    measure: Measure, selections: tuple[Selection, ...], base: int, together: Selection | None
) -> Line:
    outcomes = [selection.worked(measure.work) for selection in selections]
    ranks = _ranks(measure, outcomes)
    against = outcomes[base].value if outcomes else None
    values = tuple(
        Value(
            measure,
            selection.region,
            selection,
            outcome,
            rank,
            _difference(outcome.value, against),
            _ratio(outcome.value, against),
        )
        for selection, outcome, rank in zip(selections, outcomes, ranks, strict=True)
    )
    if together is None or not measure.adds:
        return Line(measure, values, None)
    return Line(
        measure, values, Value(measure, together.region, together, together.worked(measure.work))
    )


def _ranks(measure: Measure, outcomes: list[Outcome]) -> list[int | None]:
    """Rank the values that are known; equal values share a rank."""
    known = [outcome.value for outcome in outcomes if outcome.value is not None]
    if measure.better == "none" or len(outcomes) < 2:
        return [None] * len(outcomes)
    ordered = sorted(known, reverse=measure.better == "high")
    return [None if o.value is None else ordered.index(o.value) + 1 for o in outcomes]


def _difference(value: float | str | None, against: float | str | None) -> float | None:
    if isinstance(value, float) and isinstance(against, float):
        return value - against
    return None


def _ratio(value: float | str | None, against: float | str | None) -> float | None:
    if isinstance(value, float) and isinstance(against, float) and against:
        return value / against
    return None


# ---------------------------------------------------------------- what has to be said


def _basket_notices(regions: tuple[Region, ...]) -> list[Sentence]:
    if not regions:
        return [sentence("comparison.notice.empty")]
    if len(regions) == 1:
        return [sentence("comparison.notice.one", region=regions[0].names)]
    return []


def _empty_notices(selections: tuple[Selection, ...], filters: Filters) -> list[Sentence]:
    notices = []
    for selection in selections:
        if len(selection.records) or len(selection.zones):
            continue
        key = "none_match" if selection.any_record and filters.active else "no_record"
        notices.append(sentence(f"comparison.notice.{key}", region=selection.region.names))
    return notices


def _overlaps(selections: tuple[Selection, ...]) -> list[Sentence]:
    """Say which regions share ground, and how many projects stand in both."""
    notices = []
    for one, other in combinations(selections, 2):
        relation = relation_of(one.region, other.region, one.dataset)
        common = np.intersect1d(one.projects, other.projects)
        if relation == "apart" and not len(common):
            continue
        names = (one.region.names, other.region.names)
        first, second = reversed(names) if relation == "holds" else names
        key = {"holds": "inside", "inside": "inside", "meets": "overlap"}.get(relation, "common")
        key += "" if len(common) else "_empty"
        notices.append(sentence(f"comparison.notice.{key}", one=first, other=second, n=len(common)))
    return notices


def relation_of(one: Region, other: Region, dataset: Dataset) -> str:
    """Tell whether `one` is "inside" the other, "holds" it, "meets" it or lies "apart".

    Told by shape where both shapes are known, else by the codes of the units they are made of;
    a circle and a city, whose outline is not known, are "apart" as far as can be told.
    """
    if other.kind == "country":
        return "inside"
    if one.kind == "country":
        return "holds"
    if {one.kind, other.kind} & {"circle", "polygon"}:
        return _relation_of_shapes(shape_of(one, dataset), shape_of(other, dataset))
    if not one.adcodes or not other.adcodes:
        return "apart"
    inner = [lies_in(code, other.adcodes) for code in one.adcodes]
    outer = [lies_in(code, one.adcodes) for code in other.adcodes]
    if all(inner):
        return "inside"
    if all(outer):
        return "holds"
    return "meets" if any(inner) or any(outer) else "apart"


def _relation_of_shapes(one: shapely.Geometry | None, other: shapely.Geometry | None) -> str:
    if one is None or other is None:
        return "apart"
    if shapely.covers(other, one):
        return "inside"
    if shapely.covers(one, other):
        return "holds"
    return "meets" if shapely.intersects(one, other) else "apart"


# ---------------------------------------------------------------- how values read


def written_difference(value: Value, lang: str) -> str:
    """Write the difference to the reference with its sign; "" where there is none."""
    if value.difference is None:
        return ""
    if value.difference == 0:
        return text("comparison.same", lang)
    sign = "+" if value.difference > 0 else "−"
    size = abs(value.difference)
    if value.measure.form == "share":
        return sign + text("comparison.points", lang, points=format_number(size * 100, lang, 1))
    return sign + written_measure(value.measure, size, lang)


def written_ratio(value: Value, lang: str) -> str:
    """Write the ratio to the reference ("1.5 ×"); "" where there is none or the two are equal."""
    if value.ratio is None or value.difference == 0:
        return ""
    return written_ratio_of(value.ratio, lang)
