"""Every measure of a region, declared once: table, shading, charts, brief and docs read it here.

To add one, write a function from a `Selection` to an `Outcome` and an entry in `MEASURES`; its
words go into locale/*/comparison.po under comparison.measure, comparison.formula.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

import numpy as np

from geomap.text import format_date
from geomap.views.columns import NO_ROWS, Codes, Floats, Ints, Mask
from geomap.views.index import has_ancestor_in
from geomap.views.selection import Selection, Total
from geomap.views.sentences import Names, Sentence, sentence

Form = Literal["count", "money", "share", "area_m2", "area_km2", "power", "date", "km", "rate"]
Table = Literal["projects", "zones", "none"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """One value of one region, or the reason why there is none, and the rows behind it."""

    value: float | str | None = None
    rows: Ints = field(default_factory=lambda: NO_ROWS)
    table: Table = "projects"
    reason: Sentence | None = None
    applies: bool = True
    notes: tuple[Sentence, ...] = ()
    left_out: tuple[tuple[str, Ints], ...] = ()
    at_least: bool = False


@dataclass(frozen=True, eq=False)
class Measure:
    """One measure: how it is named, worked out and written, and what it needs to be known.

    `better` says which end ranks first; `adds` whether it can be told for regions together;
    `shades` whether it makes sense as a province shading.
    """

    measure_id: str
    form: Form
    work: Callable[[Selection], Outcome]
    unit: str = ""
    needs: tuple[str, ...] = ()
    better: Literal["high", "low", "none"] = "high"
    adds: bool = True
    shades: bool = True

    @property
    def name_key(self) -> str:
        """Key of its name."""
        return f"comparison.measure.{self.measure_id}"

    @property
    def formula_key(self) -> str:
        """Key of its formula in words."""
        return f"comparison.formula.{self.measure_id}"


def _blank(selection: Selection, reason: str) -> Outcome:
    """No value: because nothing is recorded here, nothing meets the filters, or for `reason`."""
    if not len(selection.records):
        reason = "none_match" if selection.any_record else "no_record"
        return Outcome(reason=sentence(f"comparison.reason.{reason}"))
    return Outcome(reason=sentence(f"comparison.reason.{reason}"))


def _not_applicable(reason: str) -> Outcome:
    return Outcome(reason=sentence(f"comparison.reason.{reason}"), applies=False, table="none")


# ---------------------------------------------------------------- counts


def _projects(selection: Selection) -> Outcome:
    rows = selection.projects
    if not len(rows):
        return _blank(selection, "only_bundles")
    bundles = selection.records[selection.index.projects.bundle[selection.records]]
    counted = np.concatenate([rows, bundles])
    with_them = selection.records[
        ~_marked(counted, selection.index.projects.size)[selection.records]
    ]
    left_out = [("bundle", bundles), ("repeat_or_part", with_them)]
    notes = []
    shared = rows[~selection.wholly_inside[rows]]
    if len(shared):
        notes.append(sentence("comparison.note.shared", n=len(shared)))
    return Outcome(
        float(len(rows)), rows, notes=tuple(notes), left_out=tuple(p for p in left_out if len(p[1]))
    )


def _data_centres(selection: Selection) -> Outcome:
    records = selection.records
    rows = selection.once(records[selection.index.projects.data_centre[records]])
    return Outcome(float(len(rows)), rows) if len(rows) else _blank(selection, "no_data_centre")


def _zones(selection: Selection) -> Outcome:
    rows = selection.zones
    if not len(rows):
        return Outcome(reason=sentence(f"comparison.reason.{_no_zone(selection)}"), table="zones")
    return Outcome(float(len(rows)), rows, "zones")


def _no_zone(selection: Selection) -> str:
    return "no_other_zone" if selection.region.kind == "zone" else "no_zone"


def _records(selection: Selection) -> Outcome:
    rows = selection.records
    return Outcome(float(len(rows)), rows) if len(rows) else _blank(selection, "no_record")


def _investors(selection: Selection) -> Outcome:
    projects = selection.index.projects
    rows = selection.records[projects.investors.nonempty[selection.records]]
    if not len(rows):
        return _blank(selection, "no_investor")
    return Outcome(float(projects.investors.count_of(rows)), rows)


def _shared_projects(selection: Selection) -> Outcome:
    if not len(selection.projects):
        return _blank(selection, "only_bundles")
    rows = selection.projects[~selection.wholly_inside[selection.projects]]
    return Outcome(float(len(rows)), rows)


@cache
def _with_money(state: str) -> Callable[[Selection], Outcome]:
    def count(selection: Selection) -> Outcome:
        rows = selection.projects
        if not len(rows):
            return _blank(selection, "only_bundles")
        found = rows[selection.index.projects.money.among(rows, (state,))]
        return Outcome(float(len(found)), found)

    return count


def _share_with_money(state: str) -> Callable[[Selection], Outcome]:
    count = _with_money(state)

    def share(selection: Selection) -> Outcome:
        found = selection.worked(count)
        if not isinstance(found.value, float):
            return found
        return Outcome(found.value / len(selection.projects), found.rows)

    return share


def _in_corridor(selection: Selection) -> Outcome:
    rows = selection.projects
    if not len(rows):
        return _blank(selection, "only_bundles")
    found = rows[selection.index.projects.in_corridor[rows]]
    return Outcome(len(found) / len(rows), found)


def _unsure(selection: Selection) -> Outcome:
    if selection.region.kind in ("country", "project", "province"):
        return _not_applicable("all_sure")
    sites = np.flatnonzero(selection.unsure & selection.chosen)
    rows = selection.index.project_row[sites]
    found = np.unique(rows[rows >= 0]).astype(np.int32)
    return Outcome(float(len(found)), found)


# ---------------------------------------------------------------- sums


def _money(currency: str, *, shared: bool) -> Callable[[Selection], Outcome]:
    def add(selection: Selection) -> Outcome:
        projects = selection.index.projects
        amounts = projects.amount_cny if currency == "cny" else projects.amount_usd
        rows = selection.shared if shared else selection.own
        total = selection.total(amounts, rows)
        if total.amount is None:
            return _no_money(selection, amounts, shared=shared)
        return _summed(selection, total)

    return add


def _no_money(selection: Selection, amounts: Floats, *, shared: bool) -> Outcome:
    if shared:
        return _blank(selection, "no_shared_sum")
    elsewhere = np.isfinite(amounts[selection.shared]).any()
    return _blank(selection, "only_shared_sum" if elsewhere else "no_sum")


def _summed(selection: Selection, total: Total) -> Outcome:
    qualifier = selection.index.projects.qualifier
    notes = []
    for word in ("more_than", "less_than", "about"):
        count = int(qualifier.among(total.rows, (word,)).sum())
        if count:
            notes.append(sentence(f"comparison.note.{word}", n=count))
    if total.lower_bound:
        notes.append(sentence("comparison.note.may_overlap"))
    more = bool(qualifier.among(total.rows, ("more_than",)).any())
    return Outcome(
        total.amount,
        total.rows,
        notes=tuple(notes),
        left_out=total.left_out,
        at_least=total.lower_bound or more,
    )


def _project_sum(column: Literal["area_m2", "capacity_mw"]) -> Callable[[Selection], Outcome]:
    def add(selection: Selection) -> Outcome:
        amounts: Floats = getattr(selection.index.projects, column)
        total = selection.total(amounts, selection.own)
        if total.amount is None:
            return _blank(selection, f"no_{column}")
        return Outcome(
            total.amount, total.rows, left_out=total.left_out, at_least=total.lower_bound
        )

    return add


def _zone_area(selection: Selection) -> Outcome:
    """Areas of zones that lie wholly here; a zone within a counted zone is not added again."""
    index, zones = selection.index, selection.zones
    stating = zones[np.isfinite(index.zone_area_m2[zones])]
    shared = ~selection.zones_inside[stating]
    own = stating[~shared]
    nested = has_ancestor_in(index.zone_host, _marked(own, len(index.zone_ids)), own)
    passed = (("shared", stating[shared]), ("part", own[nested]))
    rows, left_out = own[~nested], tuple(pair for pair in passed if len(pair[1]))
    if not len(rows):
        missing = "no_zone_area" if len(zones) else _no_zone(selection)
        reason = "only_shared_area" if len(stating) else missing
        words = sentence(f"comparison.reason.{reason}")
        return Outcome(reason=words, table="zones", left_out=left_out)
    return Outcome(float(index.zone_area_m2[rows].sum()), rows, "zones", left_out=left_out)


def _marked(rows: Ints, size: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[rows] = True
    return mask


# ---------------------------------------------------------------- dates


def _newest(selection: Selection) -> Outcome:
    return _latest(selection, selection.index.projects.newest, "no_date")


def _newest_source(selection: Selection) -> Outcome:
    return _latest(selection, selection.index.projects.newest_source, "no_source_date")


def _latest(selection: Selection, dates: Codes, reason: str) -> Outcome:
    """The last of the dates of the records, with the records that bear it."""
    codes = dates.codes[selection.records]
    if not (codes >= 0).any():
        return _blank(selection, reason)
    last = int(codes.max())
    return Outcome(dates.values[last], selection.records[codes == last])


# ---------------------------------------------------------------- distances, size, rates


def _reference_km(selection: Selection) -> Outcome:
    if selection.reference is None or selection.reference.region_id == selection.region.region_id:
        return _not_applicable("is_reference")
    km = selection.reference_km
    return _not_applicable("no_point") if km is None else Outcome(km, table="none")


def _corridor_km(selection: Selection) -> Outcome:
    if selection.region.kind in ("country", "corridor", "union"):
        return _not_applicable("holds_corridor")
    km = selection.corridor_km
    return _not_applicable("no_point") if km is None else Outcome(km, table="none")


def _area(selection: Selection) -> Outcome:
    area = selection.region.area_km2
    return _not_applicable("no_region_area") if area is None else Outcome(area, table="none")


def _population(selection: Selection) -> Outcome:
    known = selection.population
    if known is None:
        return _not_applicable("no_population")
    return Outcome(known.people, table="none", notes=(_population_note(selection),))


def _population_note(selection: Selection) -> Sentence:
    known = selection.population
    basis = Names(known.basis("en"), known.basis("zh")) if known else Names("", "")
    return sentence("comparison.note.population", basis=basis)


def _per_area(work: Callable[[Selection], Outcome], km2: float) -> Callable[[Selection], Outcome]:
    def rate(selection: Selection) -> Outcome:
        area = selection.region.area_km2
        if not area:
            return _not_applicable("no_region_area")
        return _divided(selection.worked(work), area / km2)

    return rate


def _per_head(
    work: Callable[[Selection], Outcome], people: float
) -> Callable[[Selection], Outcome]:
    def rate(selection: Selection) -> Outcome:
        known = selection.population
        if known is None:
            return _not_applicable("no_population")
        on = Names(format_date(known.on, "en"), format_date(known.on, "zh"))
        note = sentence("comparison.note.population_on", on=on)
        return _divided(selection.worked(work), known.people / people, note)

    return rate


def _divided(outcome: Outcome, divisor: float, *notes: Sentence) -> Outcome:
    if not isinstance(outcome.value, float):
        return outcome
    return Outcome(
        outcome.value / divisor,
        outcome.rows,
        outcome.table,
        notes=(*outcome.notes, *notes),
        left_out=outcome.left_out,
        at_least=outcome.at_least,
    )


_STATED_CNY: Final = _money("cny", shared=False)
_STATED_USD: Final = _money("usd", shared=False)
_DECLARED: Final = (
    Measure("projects", "count", _projects),
    Measure("data_centres", "count", _data_centres),
    Measure("zones", "count", _zones),
    Measure("investors", "count", _investors),
    Measure("stated_cny", "money", _STATED_CNY, "CNY"),
    Measure("stated_usd", "money", _STATED_USD, "USD"),
    Measure("shared_projects", "count", _shared_projects, better="none"),
    Measure("shared_cny", "money", _money("cny", shared=True), "CNY", better="none"),
    Measure("shared_usd", "money", _money("usd", shared=True), "USD", better="none"),
    Measure("undisclosed", "count", _with_money("undisclosed"), better="none"),
    Measure("not_stated", "count", _with_money("not_stated"), better="none"),
    Measure("share_stated", "share", _share_with_money("stated")),
    Measure("share_undisclosed", "share", _share_with_money("undisclosed"), better="none"),
    Measure("share_not_stated", "share", _share_with_money("not_stated"), better="none"),
    Measure("planned_area", "area_m2", _project_sum("area_m2"), "m2"),
    Measure("zone_area", "area_m2", _zone_area, "m2"),
    Measure("capacity", "power", _project_sum("capacity_mw"), "MW"),
    Measure("newest_on", "date", _newest, shades=False),
    Measure("in_corridor", "share", _in_corridor),
    Measure("corridor_km", "km", _corridor_km, "km", ("corridor",), "low", adds=False),
    Measure("reference_km", "km", _reference_km, "km", ("reference",), "low", False, False),
    Measure("area", "area_km2", _area, "km2", ("area",), "none", False, False),
    Measure("population", "count", _population, "people", ("population",), "none", False, False),
    Measure(
        "projects_per_area",
        "rate",
        _per_area(_projects, 1e4),
        "per_10000_km2",
        ("area",),
        adds=False,
    ),
    Measure("cny_per_area", "money", _per_area(_STATED_CNY, 1.0), "CNY", ("area",), adds=False),
    Measure("usd_per_area", "money", _per_area(_STATED_USD, 1.0), "USD", ("area",), adds=False),
    Measure(
        "projects_per_head",
        "rate",
        _per_head(_projects, 1e6),
        "per_million",
        ("population",),
        adds=False,
    ),
    Measure(
        "cny_per_head", "money", _per_head(_STATED_CNY, 1.0), "CNY", ("population",), adds=False
    ),
    Measure(
        "usd_per_head", "money", _per_head(_STATED_USD, 1.0), "USD", ("population",), adds=False
    ),
    Measure("records", "count", _records, better="none"),
    Measure("unsure", "count", _unsure, better="none", adds=False, shades=False),
    Measure("newest_source", "date", _newest_source, better="none", shades=False),
)
MEASURES: Final[dict[str, Measure]] = {measure.measure_id: measure for measure in _DECLARED}
