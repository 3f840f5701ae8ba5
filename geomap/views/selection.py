"""The records a region holds under the filters, and which of them a total may add.

The rules, once for every measure, chart and brief:
- a record that repeats another (`same_as`) counts once;
- a part counts with its whole when the whole is counted too;
- a bundle is a list under one sum: its sum may be added, it is no project;
- money of records that may overlap is added only once, by the largest: a lower bound;
- a project with places outside the region as well is present here, but its money stays apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from geomap.geodesy import geodesic_km
from geomap.views.census import Figure, inhabitants_of
from geomap.views.columns import NO_ROWS, Floats, Ints, Mask
from geomap.views.filters import Filters, select_sites
from geomap.views.index import Index, has_ancestor_in, index_of
from geomap.views.membership import sites_in, sites_unsure
from geomap.views.region import Region

if TYPE_CHECKING:
    from geomap.dataset import Dataset

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Total:
    """A sum over projects: the rows added, the rows left out by reason, and how sure it is."""

    amount: float | None
    rows: Ints
    left_out: tuple[tuple[str, Ints], ...] = ()

    @property
    def lower_bound(self) -> bool:
        """Tell whether money that may overlap was left out."""
        return any(reason == "may_overlap" and len(rows) for reason, rows in self.left_out)


@dataclass(frozen=True, eq=False)
class Selection:
    """What lies in a region (`inside`, a mask over sites) and meets the filters (`chosen`).

    Rows are positions in `dataset.projects` or `dataset.zones`, ascending.
    """

    dataset: Dataset
    region: Region
    reference: Region | None
    inside: Mask
    chosen: Mask
    unsure: Mask
    done: dict[object, object] = field(default_factory=dict, repr=False)

    def worked(self, work: Callable[[Selection], T]) -> T:
        """Do a piece of work on this selection once; measures build upon each other."""
        if work not in self.done:
            self.done[work] = work(self)
        return cast("T", self.done[work])

    @cached_property
    def index(self) -> Index:
        """The arrays of the dataset."""
        return index_of(self.dataset)

    @cached_property
    def records(self) -> Ints:
        """Every project record with a chosen place here: bundles, parts and repeats included."""
        rows = self.index.project_row[self.inside & self.chosen]
        return _distinct(rows[rows >= 0], self.index.projects.size)

    @cached_property
    def zones(self) -> Ints:
        """Zones with a chosen place here; the zone that is the region itself is not counted."""
        rows = self.index.zone_row[self.inside & self.chosen]
        found = _distinct(rows[rows >= 0], len(self.index.zone_ids))
        return np.asarray(found[self.index.zone_ids[found] != self.region.region_id])

    @cached_property
    def zones_inside(self) -> Mask:
        """Mark, over all zones, those whose every place lies here."""
        rows = self.index.zone_row
        here = rows[self.inside & (rows >= 0)]
        many = len(self.index.zone_ids)
        everywhere = np.bincount(rows[rows >= 0], minlength=many)
        return np.asarray(np.bincount(here, minlength=many) == everywhere)

    @cached_property
    def any_record(self) -> bool:
        """Tell whether any project lies here, whatever the filters."""
        return bool((self.index.project_row[self.inside] >= 0).any())

    @cached_property
    def projects(self) -> Ints:
        """The projects present here, each counted once."""
        return self.once(self.records[~self.index.projects.bundle[self.records]])

    @cached_property
    def wholly_inside(self) -> Mask:
        """Mark, over all projects, those whose every place lies here."""
        projects = self.index.projects
        here = self.index.project_row[self.inside]
        counts = np.bincount(here[here >= 0], minlength=projects.size)
        return np.asarray(counts == projects.site_counts)

    @cached_property
    def own(self) -> Ints:
        """Records that lie wholly here."""
        return self.records[self.wholly_inside[self.records]]

    @cached_property
    def shared(self) -> Ints:
        """Records that have a place here and places elsewhere."""
        return self.records[~self.wholly_inside[self.records]]

    def once(self, rows: Ints) -> Ints:
        """Drop repeats, and parts whose whole is among the rows."""
        kept, _ = self._without_repeats(rows)
        return kept[~has_ancestor_in(self.index.projects.parent, self._mask(kept), kept)]

    def total(self, amounts: Floats, rows: Ints) -> Total:
        """Add an amount over records by the rules at the head of this module."""
        projects = self.index.projects
        stating = rows[np.isfinite(amounts[rows])]
        if not len(stating):
            return Total(None, NO_ROWS)
        kept, repeats = self._without_repeats(stating)
        sums = (projects.amount_cny, projects.amount_usd, projects.in_yuan.amounts)
        is_money = any(amounts is column for column in sums)
        wholes = rows[projects.any_amount[rows]] if is_money else stating
        is_part = has_ancestor_in(projects.parent, self._mask(wholes), kept)
        kept, parts = kept[~is_part], kept[is_part]
        if not len(kept):
            return Total(None, NO_ROWS, (("repeat", repeats), ("part", parts)))
        largest = self._largest_of_overlaps(amounts, kept)
        overlaps = kept[~self._mask(largest)[kept]] if len(largest) < len(kept) else NO_ROWS
        left_out = (("repeat", repeats), ("part", parts), ("may_overlap", overlaps))
        return Total(
            float(amounts[largest].sum()), largest, tuple(pair for pair in left_out if len(pair[1]))
        )

    def _without_repeats(self, rows: Ints) -> tuple[Ints, Ints]:
        """Keep one row of every group of repeats, the original where it is among the rows."""
        original = self.index.projects.canonical[rows]
        repeating = original != rows
        if not repeating.any():
            return rows, NO_ROWS
        groups, places = original[repeating], np.flatnonzero(repeating)
        orphans = ~self._mask(rows)[groups]  # their original is not among the rows
        _, first = np.unique(groups[orphans], return_index=True)
        keep = ~repeating
        keep[places[orphans][first]] = True
        return rows[keep], rows[~keep]

    def _largest_of_overlaps(self, amounts: Floats, rows: Ints) -> Ints:
        group = self.index.projects.overlap_group[rows]
        if (group < 0).all():
            return rows
        alone = rows[group < 0]
        grouped, groups = rows[group >= 0], group[group >= 0]
        order = np.lexsort((grouped, -amounts[grouped], groups))
        _, first = np.unique(groups[order], return_index=True)
        return np.sort(np.concatenate([alone, grouped[order][first]]))

    def _mask(self, rows: Ints) -> Mask:
        mask = np.zeros(self.index.projects.size, dtype=bool)
        mask[rows] = True
        return mask

    @cached_property
    def population(self) -> Figure | None:
        """People living here, where a dated and sourced figure is known."""
        return inhabitants_of(self.region, self.dataset)

    @cached_property
    def corridor_km(self) -> float | None:
        """Distance from the label point to the nearest corridor member; 0 with one inside."""
        lats, lons = self.index.member_lat, self.index.member_lon
        if not len(lats) or self.region.lat is None or self.region.lon is None:
            return None
        if self._meets_corridor:
            return 0.0
        km = geodesic_km(self.region.lat, self.region.lon, lats, lons)
        known = km[np.isfinite(km)]
        return float(known.min()) if len(known) else None

    @property
    def _meets_corridor(self) -> bool:
        """Tell whether a member city lies here, or the region lies in a member unit."""
        cities = self.inside & (self.index.city_row >= 0)
        if (cities & self.index.corridors.nonempty).any():
            return True
        stems = tuple(code.removesuffix("00") for code in self.index.member_codes)
        return any(code.startswith(stems) for code in self.region.adcodes)

    @property
    def reference_km(self) -> float | None:
        """Distance between the label points of this region and the reference."""
        here, there = self.region, self.reference
        if there is None or here.region_id == there.region_id:
            return None
        if here.lat is None or here.lon is None or there.lat is None or there.lon is None:
            return None
        return geodesic_km(here.lat, here.lon, there.lat, there.lon)


def select_region(
    dataset: Dataset, region: Region, filters: Filters, reference: Region | None = None
) -> Selection:
    """Return what a region holds under the filters; hidden layers are counted all the same."""
    return Selection(
        dataset,
        region,
        reference,
        sites_in(region, dataset),
        select_sites(dataset, filters.without_layers()),
        sites_unsure(region, dataset),
    )


def union_of(selections: tuple[Selection, ...]) -> Selection:
    """Return the selections taken together, what several of them share being counted once."""
    first = selections[0]
    region = Region("union", "union", "", "")
    inside = np.logical_or.reduce([selection.inside for selection in selections])
    unsure = np.logical_or.reduce([selection.unsure for selection in selections]) & ~inside
    return Selection(first.dataset, region, None, inside, first.chosen, unsure)


def _distinct(rows: Ints, size: int) -> Ints:
    seen = np.zeros(size, dtype=bool)
    seen[rows] = True
    return np.flatnonzero(seen).astype(np.int32)
