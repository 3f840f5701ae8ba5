"""Every measure of a region, declared once: table, shading, charts, brief and docs read it here.

To add one, write a function from a `Selection` to an `Outcome` and an entry in `MEASURES`; its
words go into locale/*/comparison.po under comparison.measure, comparison.formula.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final, Literal, get_args

import numpy as np

from geomap.sentences import Names, Sentence, sentence
from geomap.views.census import Part, missing_inhabitants
from geomap.views.columns import NO_ROWS, Codes, Floats, Ints, Mask
from geomap.views.index import has_ancestor_in
from geomap.views.selection import Selection, Total

Form = Literal["count", "money", "share", "area_m2", "area_km2", "power", "date", "km", "rate"]
Table = Literal["projects", "zones", "none"]
Group = Literal["presence", "money", "known", "sizes", "place", "rates", "evidence"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)


@dataclass(frozen=True)
class Division:
    """How a share or rate is worked out: top / bottom * scale, both measures by their ids.

    `top_id` is "" where the top is a plain count of the rows behind the value.
    """

    top: float
    bottom: float
    bottom_id: str
    top_id: str = ""
    scale: float = 1.0


@dataclass(frozen=True, eq=False)
class Outcome:
    """One value of one region, or the reason why there is none, and the rows behind it.

    `amounts` is what each of `rows` adds to a sum, in the unit of the measure; `rates` are the
    yuan per dollar of rows that were converted (NaN for those stated in yuan). Of a quotient,
    `amounts` belong to the top of its `division`. `parts` are the units a figure is the sum of.
    """

    value: float | str | None = None
    rows: Ints = field(default_factory=lambda: NO_ROWS)
    table: Table = "projects"
    reason: Sentence | None = None
    applies: bool = True
    notes: tuple[Sentence, ...] = ()
    left_out: tuple[tuple[str, Ints], ...] = ()
    at_least: bool = False
    amounts: Floats | None = None
    rates: Floats | None = None
    division: Division | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, eq=False)
class Measure:
    """One measure: how it is named, worked out and written, and what it needs to be known.

    `group` is the part of the table it stands in; `better` says which end ranks first; `adds`
    whether it can be told for regions together; `shades` whether it makes sense as a province
    shading.
    """

    measure_id: str
    group: Group
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
        return _share_of_projects(selection, found.rows, "" if state == "stated" else state)

    return share


def _share_of_projects(selection: Selection, rows: Ints, top_id: str = "") -> Outcome:
    top, bottom = float(len(rows)), float(len(selection.projects))
    return Outcome(top / bottom, rows, division=Division(top, bottom, "projects", top_id))


def _in_corridor(selection: Selection) -> Outcome:
    rows = selection.projects
    if not len(rows):
        return _blank(selection, "only_bundles")
    return _share_of_projects(selection, rows[selection.index.projects.in_corridor[rows]])


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
        return _summed(selection, total, amounts)

    return add


def _all_in_cny(selection: Selection) -> Outcome:
    """Yuan as stated, and sums that are stated in dollars only at the rate of their year."""
    in_yuan = selection.index.projects.in_yuan
    total = selection.total(in_yuan.amounts, selection.own)
    bare = _without_rate(selection)
    if total.amount is None and len(bare):
        return replace(_blank(selection, "no_rate"), left_out=(("no_rate", bare),))
    if total.amount is None:
        return _no_money(selection, in_yuan.amounts, shared=False)
    found = _summed(selection, total, in_yuan.amounts)
    rates = in_yuan.rates[found.rows]
    counts = (("converted", int(np.isfinite(rates).sum())), ("no_rate", len(bare)))
    notes = tuple(sentence(f"comparison.note.{key}", n=n) for key, n in counts if n)
    return replace(
        found,
        rates=rates,
        notes=(*found.notes, *notes),
        left_out=(*found.left_out, *((("no_rate", bare),) if len(bare) else ())),
        at_least=found.at_least or bool(len(bare)),
    )


def _without_rate(selection: Selection) -> Ints:
    """Records here that state dollars only, of a year without a known rate."""
    projects, own = selection.index.projects, selection.own
    in_yuan = np.isfinite(projects.in_yuan.amounts[own])
    return np.asarray(own[np.isfinite(projects.amount_usd[own]) & ~in_yuan])


def _no_money(selection: Selection, amounts: Floats, *, shared: bool) -> Outcome:
    if shared:
        return _blank(selection, "no_shared_sum")
    elsewhere = np.isfinite(amounts[selection.shared]).any()
    return _blank(selection, "only_shared_sum" if elsewhere else "no_sum")


def _summed(selection: Selection, total: Total, amounts: Floats) -> Outcome:
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
        amounts=amounts[total.rows],
    )


def _project_sum(column: Literal["area_m2", "capacity_mw"]) -> Callable[[Selection], Outcome]:
    def add(selection: Selection) -> Outcome:
        amounts: Floats = getattr(selection.index.projects, column)
        total = selection.total(amounts, selection.own)
        if total.amount is None:
            return _blank(selection, f"no_{column}")
        return Outcome(
            total.amount,
            total.rows,
            left_out=total.left_out,
            at_least=total.lower_bound,
            amounts=amounts[total.rows],
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
    areas = index.zone_area_m2[rows]
    return Outcome(float(areas.sum()), rows, "zones", left_out=left_out, amounts=areas)


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
    if area is None:
        return _not_applicable("no_region_area")
    return Outcome(area, table="none", notes=(_area_note(selection),))


def _area_note(selection: Selection) -> Sentence:
    """Say who states the area, or that it was measured on the map."""
    source = selection.region.area_source
    if source:
        return sentence("comparison.note.area_stated", source=source)
    return sentence("comparison.note.area_measured")


def _population(selection: Selection) -> Outcome:
    known = selection.population
    if known is None:
        return _no_population(selection)
    basis = Names(known.basis("en"), known.basis("zh"))
    notes = (sentence("comparison.note.population", basis=basis),)
    return Outcome(known.amount, table="none", notes=notes, parts=known.parts)


def _no_population(selection: Selection) -> Outcome:
    """Say that no figure is known, or which units of the region lack one."""
    missing = missing_inhabitants(selection.region, selection.dataset)
    if not missing:
        return _not_applicable("no_population")
    words = sentence("comparison.reason.population_missing", units=missing)
    return Outcome(reason=words, applies=False, table="none")


def _density(selection: Selection) -> Outcome:
    found, area = selection.worked(_population), selection.region.area_km2
    if not area:
        return _not_applicable("no_region_area")
    if not isinstance(found.value, float):
        return found
    return Outcome(
        found.value / area,
        table="none",
        notes=(*found.notes, _area_note(selection)),
        division=Division(found.value, area, "area", "population"),
    )


def _per_area(measure_id: str, scale: float = 1.0) -> Callable[[Selection], Outcome]:
    def rate(selection: Selection) -> Outcome:
        area = selection.region.area_km2
        if not area:
            return _not_applicable("no_region_area")
        return _divided(selection, measure_id, area, "area", scale, _area_note(selection))

    return rate


def _per_head(measure_id: str, scale: float = 1.0) -> Callable[[Selection], Outcome]:
    def rate(selection: Selection) -> Outcome:
        known = selection.population
        if known is None:
            return _no_population(selection)
        note = sentence("comparison.note.population_on", on=known.dates)
        return _divided(selection, measure_id, known.amount, "population", scale, note)

    return rate


def _divided(
    selection: Selection,
    measure_id: str,
    bottom: float,
    bottom_id: str,
    scale: float,
    *notes: Sentence,
) -> Outcome:
    """Divide another measure of the same selection; its rows and notes come along."""
    found = selection.worked(MEASURES[measure_id].work)
    if not isinstance(found.value, float):
        return found
    return replace(
        found,
        value=found.value / bottom * scale,
        notes=(*found.notes, *notes),
        division=Division(found.value, bottom, bottom_id, measure_id, scale),
    )


def _rate(
    measure_id: str, form: Form, work: Callable[[Selection], Outcome], unit: str, needs: str
) -> Measure:
    return Measure(measure_id, "rates", form, work, unit, (needs,), adds=False)


_DECLARED: Final = (
    Measure("projects", "presence", "count", _projects),
    Measure("data_centres", "presence", "count", _data_centres),
    Measure("zones", "presence", "count", _zones),
    Measure("investors", "presence", "count", _investors),
    Measure("newest_on", "presence", "date", _newest, shades=False),
    Measure("all_cny", "money", "money", _all_in_cny, "CNY"),
    Measure("stated_cny", "money", "money", _money("cny", shared=False), "CNY"),
    Measure("stated_usd", "money", "money", _money("usd", shared=False), "USD"),
    Measure("shared_projects", "money", "count", _shared_projects, better="none"),
    Measure("shared_cny", "money", "money", _money("cny", shared=True), "CNY", better="none"),
    Measure("shared_usd", "money", "money", _money("usd", shared=True), "USD", better="none"),
    Measure("undisclosed", "known", "count", _with_money("undisclosed"), better="none"),
    Measure("not_stated", "known", "count", _with_money("not_stated"), better="none"),
    Measure("share_stated", "known", "share", _share_with_money("stated")),
    Measure("share_undisclosed", "known", "share", _share_with_money("undisclosed"), better="none"),
    Measure("share_not_stated", "known", "share", _share_with_money("not_stated"), better="none"),
    Measure("planned_area", "sizes", "area_m2", _project_sum("area_m2"), "m2"),
    Measure("zone_area", "sizes", "area_m2", _zone_area, "m2"),
    Measure("capacity", "sizes", "power", _project_sum("capacity_mw"), "MW"),
    Measure("in_corridor", "place", "share", _in_corridor),
    Measure("corridor_km", "place", "km", _corridor_km, "km", ("corridor",), "low", adds=False),
    Measure(
        "reference_km", "place", "km", _reference_km, "km", ("reference",), "low", False, False
    ),
    Measure("area", "place", "area_km2", _area, "km2", ("area",), "none", False, False),
    Measure(
        "population", "place", "count", _population, "people", ("population",), "none", False, False
    ),
    Measure("density", "place", "rate", _density, "per_km2", ("population", "area"), "none", False),
    _rate("projects_per_area", "rate", _per_area("projects", 1e4), "per_10000_km2", "area"),
    _rate("cny_per_area", "money", _per_area("stated_cny"), "CNY", "area"),
    _rate("usd_per_area", "money", _per_area("stated_usd"), "USD", "area"),
    _rate("projects_per_head", "rate", _per_head("projects", 1e6), "per_million", "population"),
    _rate("cny_per_head", "money", _per_head("stated_cny"), "CNY", "population"),
    _rate("usd_per_head", "money", _per_head("stated_usd"), "USD", "population"),
    Measure("records", "evidence", "count", _records, better="none"),
    Measure("unsure", "evidence", "count", _unsure, better="none", adds=False, shades=False),
    Measure("newest_source", "evidence", "date", _newest_source, better="none", shades=False),
)
MEASURES: Final[dict[str, Measure]] = {measure.measure_id: measure for measure in _DECLARED}
