"""Integer codes and masks of one dataset, worked out once and kept for every later question.

A reader changes filters and regions many times a minute; the records change once a week. So
every text column becomes a small integer code here, every list a pair of flat arrays, and
later questions are array look-ups. Rows are positions in the frames of the dataset.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geomap.records import DATA_CENTRE_KINDS, PROJECT_DATES
from geomap.views.columns import (
    FAR_FUTURE,
    FAR_PAST,
    Codes,
    Floats,
    Ints,
    Lists,
    Mask,
    Spans,
    Texts,
    adcodes_of,
    as_list,
    bare_id,
    codes_of,
    floats_of,
    lists_of,
    make_lists,
    source_parts,
    spans_of,
    texts_of,
)
from geomap.views.rates import InYuan, Rate, in_yuan, yearly_rates

if TYPE_CHECKING:
    from geomap.dataset import Dataset


T = TypeVar("T")

BUNDLE_KIND: Final = "bundle"
DATE_FIELDS: Final = tuple(name.removesuffix("_on") for name in PROJECT_DATES)
_KEPT_INDEXES: Final = 4
_KEPT_ANSWERS: Final = 128
_KEPT_TABLES: Final = 5_000  # tables are few, but every region that was ever named is one
_DEEPEST_NESTING: Final = 16


@dataclass(frozen=True, eq=False)
class ProjectIndex:
    """Projects as arrays; positions are rows of `dataset.projects`."""

    ids: Texts
    kind: Codes
    status: Codes
    money: Codes
    qualifier: Codes
    investors: Lists
    sources: Lists
    bundle: Mask
    data_centre: Mask
    amount_cny: Floats
    amount_usd: Floats
    in_yuan: InYuan
    rates: Mapping[int, Rate]
    area_m2: Floats
    capacity_mw: Floats
    earliest: Codes
    newest: Codes
    newest_source: Codes
    parent: Ints
    canonical: Ints
    overlap_group: Ints
    zone_row: Ints
    in_corridor: Mask
    site_rows: Ints
    site_starts: Ints
    row_of: Mapping[str, int]

    @property
    def size(self) -> int:
        """Number of projects."""
        return len(self.ids)

    @cached_property
    def any_amount(self) -> Mask:
        """Mark the projects with a stated sum in either currency."""
        return np.asarray(np.isfinite(self.amount_cny) | np.isfinite(self.amount_usd))

    @cached_property
    def site_counts(self) -> Ints:
        """Number of sites of each project."""
        return np.diff(self.site_starts).astype(np.int32)

    def sites_of(self, row: int) -> Ints:
        """Return the positions of the sites of one project."""
        return self.site_rows[self.site_starts[row] : self.site_starts[row + 1]]


@dataclass(frozen=True, eq=False)
class Index:
    """Everything the views ask of one dataset version, as arrays over sites and projects."""

    version: str
    size: int
    columns: Mapping[str, Codes]
    sources: Lists
    investors: Lists
    corridors: Lists
    dates: Mapping[str, Spans]
    project_row: Ints
    zone_row: Ints
    city_row: Ints
    province: Ints
    prefecture: Ints
    county: Ints
    unit: Ints
    lat: Floats
    lon: Floats
    radius_km: Floats
    projects: ProjectIndex
    zone_ids: Texts
    zone_area_m2: Floats
    zone_sources: Lists
    zone_host: Ints
    member_codes: tuple[str, ...]
    member_lat: Floats
    member_lon: Floats
    answers: Memo = field(default_factory=lambda: Memo(_KEPT_ANSWERS))
    tables: Memo = field(default_factory=lambda: Memo(_KEPT_TABLES))

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """Work an answer out the first time it is asked; the last asked for are kept."""
        return cast("T", self.answers.get(key, work))

    def table(self, key: Hashable, work: Callable[[], T]) -> T:
        """Work something out once for the whole dataset, such as the book of names."""
        return cast("T", self.tables.get(key, work))


class Memo:
    """The last answers by key; the one not asked for longest goes first. Safe for threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._kept.clear()

    def get(self, key: Hashable, work: Callable[[], object]) -> object:
        """Return the answer kept for `key`, or work it out (perhaps twice at once) and keep it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        answer = work()
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return answer


_indexes: OrderedDict[tuple[str, int, int], tuple[Index, Dataset]] = OrderedDict()
_lock = Lock()


def index_of(dataset: Dataset) -> Index:
    """Return the index of a dataset, built once per opened version and shared by all readers.

    The dataset is kept with its index, so that the identity of its frames stays its own.
    """
    key = (dataset.version, id(dataset.sites), id(dataset.projects))
    with _lock:
        if key not in _indexes:
            _indexes[key] = (build_index(dataset), dataset)
            while len(_indexes) > _KEPT_INDEXES:
                _indexes.popitem(last=False)
        _indexes.move_to_end(key)
        return _indexes[key][0]


def build_index(dataset: Dataset) -> Index:
    """Build the index of a dataset; prefer `index_of`, which keeps it."""
    sites, projects, zones = dataset.sites, dataset.projects, dataset.zones
    features = texts_of(sites, "feature_id")
    project_row = _positions(features, texts_of(projects, "feature_id"))
    zone_row = _positions(features, texts_of(zones, "feature_id"))
    columns = {name: codes_of(texts_of(sites, name)) for name in _SITE_COLUMNS}
    corridors = lists_of(sites, "corridor_ids", bare_id)
    zone_sources = _record_sources(zones)
    project_index = _project_index(dataset, project_row, corridors.nonempty)
    site_sources = _site_lists(
        (project_row, project_index.sources),
        (zone_row, zone_sources),
        own=texts_of(sites, "source_id"),
    )
    return Index(
        version=dataset.version,
        size=len(sites),
        columns=columns,
        sources=site_sources,
        investors=_site_lists(
            (project_row, project_index.investors), (zone_row, lists_of(zones, "companies"))
        ),
        corridors=corridors,
        dates=_site_dates(projects, zones, project_row, zone_row),
        project_row=project_row,
        zone_row=zone_row,
        city_row=_positions(features, texts_of(dataset.cities, "feature_id")),
        province=adcodes_of(sites, "province_adcode"),
        prefecture=adcodes_of(sites, "prefecture_adcode"),
        county=adcodes_of(sites, "county_adcode"),
        unit=adcodes_of(sites, "adcode"),
        lat=floats_of(sites, "lat"),
        lon=floats_of(sites, "lon"),
        radius_km=floats_of(sites, "radius_km"),
        projects=project_index,
        zone_ids=texts_of(zones, "feature_id"),
        zone_area_m2=floats_of(zones, "area_m2"),
        zone_sources=zone_sources,
        zone_host=_zone_hosts(zones),
        member_codes=tuple(str(code) for code in dataset.corridor_members["adcode"]),
        member_lat=floats_of(dataset.corridor_members, "lat"),
        member_lon=floats_of(dataset.corridor_members, "lon"),
    )


_SITE_COLUMNS: Final = (
    "feature_kind",
    "kind",
    "status",
    "amount_state",
    "precision",
    "layer",
    "province_adcode",
)


def _project_index(dataset: Dataset, project_row: Ints, site_in_corridor: Mask) -> ProjectIndex:
    frame = dataset.projects
    ids = texts_of(frame, "feature_id")
    row_of = {bare_id(name): row for row, name in enumerate(ids)}
    kind = codes_of(texts_of(frame, "kind"))
    site_rows, site_starts = _grouped(project_row, len(ids))
    in_corridor = np.zeros(len(ids), dtype=bool)
    in_corridor[project_row[site_in_corridor & (project_row >= 0)]] = True
    zone_of = {bare_id(name): row for row, name in enumerate(texts_of(dataset.zones, "feature_id"))}
    sources = _record_sources(frame)
    published = _source_dates(dataset.sources)
    cny, usd = floats_of(frame, "amount_cny"), floats_of(frame, "amount_usd")
    rates = yearly_rates(dataset.indicators)
    return ProjectIndex(
        ids=ids,
        kind=kind,
        status=codes_of(texts_of(frame, "status")),
        money=codes_of(texts_of(frame, "amount_state")),
        qualifier=codes_of(texts_of(frame, "amount_qualifier")),
        investors=lists_of(frame, "investors"),
        sources=sources,
        bundle=kind.mask((BUNDLE_KIND,)),
        data_centre=kind.mask(DATA_CENTRE_KINDS),
        amount_cny=cny,
        amount_usd=usd,
        in_yuan=in_yuan(cny, usd, _stated_on(frame, published), rates),
        rates=rates,
        area_m2=floats_of(frame, "area_m2"),
        capacity_mw=floats_of(frame, "capacity_mw"),
        earliest=codes_of(texts_of(frame, "earliest_on")),
        newest=codes_of(texts_of(frame, "newest_on")),
        newest_source=_newest_sources(sources, published),
        parent=_links(frame, "part_of", row_of),
        canonical=_roots(_links(frame, "same_as", row_of)),
        overlap_group=_overlap_groups(frame, row_of),
        zone_row=_links(frame, "zone_id", zone_of),
        in_corridor=in_corridor,
        site_rows=site_rows,
        site_starts=site_starts,
        row_of=row_of,
    )


def _record_sources(frame: pd.DataFrame) -> Lists:
    own = texts_of(frame, "source_id")
    further = lists_of(frame, "also_sources", lambda reference: source_parts(reference)[0])
    rows = np.concatenate([np.arange(len(frame), dtype=np.int32), further.rows])
    words = [*own, *(further.values[code] for code in further.codes)]
    order = np.argsort(rows, kind="stable")
    return make_lists(rows[order], [words[place] for place in order], len(frame))


def _positions(wanted: Texts, ids: Texts) -> Ints:
    return np.asarray(pd.Index(ids).get_indexer(pd.Index(wanted)), dtype=np.int32)


def _links(frame: pd.DataFrame, column: str, row_of: Mapping[str, int]) -> Ints:
    names = texts_of(frame, column)
    return np.fromiter(
        (row_of.get(bare_id(str(name)), -1) if name else -1 for name in names),
        dtype=np.int32,
        count=len(names),
    )


def _roots(parent: Ints) -> Ints:
    """Follow links to their end; a row without a link is its own root, circles end anywhere."""
    root = np.arange(len(parent), dtype=np.int32)
    for row in np.flatnonzero(parent >= 0):
        seen, here = {int(row)}, int(parent[row])
        while parent[here] >= 0 and here not in seen:
            seen.add(here)
            here = int(parent[here])
        root[row] = here
    return root


def has_ancestor_in(parent: Ints, chosen: Mask, rows: Ints) -> Mask:
    """Mark those of `rows` that are part of a chosen row, at whatever depth (circles end)."""
    found = np.zeros(len(rows), dtype=bool)
    here = parent[rows]
    for _ in range(_DEEPEST_NESTING):
        inside = here >= 0
        if not inside.any():
            break
        found[inside] |= chosen[here[inside]]
        here[inside] = parent[here[inside]]
    return found


def _overlap_groups(frame: pd.DataFrame, row_of: Mapping[str, int]) -> Ints:
    """Number the groups of projects that may overlap; -1 for a project that stands alone."""
    pairs = lists_of(frame, "may_overlap", bare_id)
    group = list(range(len(frame)))
    member = np.zeros(len(frame), dtype=bool)
    for row, code in zip(pairs.rows.tolist(), pairs.codes.tolist(), strict=True):
        other = row_of.get(pairs.values[code], -1)
        if other >= 0 and other != row:
            member[[row, other]] = True
            group[_top(group, other)] = _top(group, row)
    tops = np.fromiter((_top(group, row) for row in range(len(group))), np.int32, len(group))
    return np.where(member, tops, -1).astype(np.int32)


def _top(group: list[int], row: int) -> int:
    while group[row] != row:
        group[row] = group[group[row]]  # shorten the way for the next who asks
        row = group[row]
    return row


def _grouped(keys: Ints, count: int) -> tuple[Ints, Ints]:
    """Sort rows by key (0..count-1, -1 left out); return the rows and where each key starts."""
    order = np.argsort(keys, kind="stable").astype(np.int32)
    order = order[np.searchsorted(keys[order], 0) :]
    starts = np.searchsorted(keys[order], np.arange(count + 1)).astype(np.int32)
    return order, starts


def _site_lists(*parts: tuple[Ints, Lists], own: Texts | None = None) -> Lists:
    """Give every site the lists of its project or zone (and its own text in `own`)."""
    rows: list[NDArray[Any]] = []
    words: list[NDArray[Any]] = []
    size = len(parts[0][0])
    for record_row, lists in parts:
        starts = np.searchsorted(lists.rows, np.arange(lists.size + 1))
        sites = np.flatnonzero(record_row >= 0)
        records = record_row[sites]
        lengths = starts[records + 1] - starts[records]
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        flat = lists.codes[np.repeat(starts[records], lengths) + offsets]
        rows.append(np.repeat(sites, lengths))
        words.append(np.asarray(lists.values, dtype=object)[flat])
    if own is not None:
        covered = np.zeros(size, dtype=bool)
        covered[np.concatenate(rows)] = True
        bare = np.flatnonzero(~covered)
        rows.append(bare)
        words.append(own[bare])
    all_rows = np.concatenate(rows)
    order = np.argsort(all_rows, kind="stable")
    return make_lists(all_rows[order], list(np.concatenate(words)[order]), size)


def _site_dates(
    projects: pd.DataFrame, zones: pd.DataFrame, project_row: Ints, zone_row: Ints
) -> dict[str, Spans]:
    spans = {
        name: _spread(spans_of(texts_of(projects, f"{name}_on")), project_row)
        for name in DATE_FIELDS
    }
    founded = _spread(spans_of(texts_of(zones, "established_on")), zone_row)
    opened = spans["opened"]
    spans["opened"] = Spans(
        np.minimum(opened.first, founded.first), np.maximum(opened.last, founded.last)
    )
    return spans


def _spread(spans: Spans, rows: Ints) -> Spans:
    first = np.append(spans.first, FAR_FUTURE)[rows]
    last = np.append(spans.last, FAR_PAST)[rows]
    return Spans(first, last)


def _zone_hosts(zones: pd.DataFrame) -> Ints:
    """The zone that hosts each zone, where `host_place` is a name or id of one; else -1."""
    row_of: dict[str, int] = {}
    former = [as_list(cell) for cell in zones["former_names"]]
    columns = [texts_of(zones, name) for name in ("name_en", "name_zh", "zone_id", "feature_id")]
    for row in range(len(zones)):
        for name in (*former[row], *(str(column[row]) for column in columns)):
            row_of[name] = row
    hosts = [row_of.get(str(name), -1) if name else -1 for name in texts_of(zones, "host_place")]
    return np.asarray(hosts, dtype=np.int32)


def _newest_sources(sources: Lists, dates: Mapping[str, str]) -> Codes:
    """Publication date of the newest source of each record, as far as sources are dated."""
    coded = codes_of(np.array([dates.get(name, "") for name in sources.values], dtype=object))
    newest = np.full(sources.size, -1, dtype=np.int32)
    if len(coded.codes):
        np.maximum.at(newest, sources.rows, coded.codes[sources.codes])
    return Codes(coded.values, newest)


def _stated_on(frame: pd.DataFrame, published: Mapping[str, str]) -> Texts:
    """When the sum of a project was stated: its first date, else the date of its source."""
    sources = [published.get(str(name), "") for name in texts_of(frame, "source_id")]
    first = texts_of(frame, "earliest_on")
    return np.where(first == "", np.array(sources, dtype=object), first).astype(object)


def _source_dates(sources: pd.DataFrame) -> dict[str, str]:
    names, dates = texts_of(sources, "source_id"), texts_of(sources, "published_on")
    return {str(name): str(date) for name, date in zip(names, dates, strict=True)}
