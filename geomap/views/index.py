"""Integer codes and masks of one dataset, worked out once and kept for every later question.

A reader changes filters and regions many times a minute; the records change once a week. So
every text column becomes a small integer code here, every list a pair of flat arrays, and
later questions are array look-ups. Rows are positions in the frames of the dataset.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geomap.records import DATA_CENTRE_KINDS, PROJECT_DATES

if TYPE_CHECKING:
    from geomap.dataset import Dataset

T = TypeVar("T")
Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]

BUNDLE_KIND: Final = "bundle"
DATE_FIELDS: Final = tuple(name.removesuffix("_on") for name in PROJECT_DATES)
NO_ROWS: Final[Ints] = np.empty(0, dtype=np.int32)
FAR_PAST, FAR_FUTURE = np.int32(-(2**30)), np.int32(2**30)
_EPOCH: Final = dt.date(1970, 1, 1).toordinal()
_KEPT_INDEXES: Final = 4
_KEPT_ANSWERS: Final = 128
_KEPT_TABLES: Final = 5_000  # tables are few, but every region that was ever named is one
_DEEPEST_NESTING: Final = 16


@dataclass(frozen=True, eq=False)
class Codes:
    """A text column as integers: `codes[row]` points into `values`, -1 where nothing stands."""

    values: tuple[str, ...]
    codes: Ints

    @cached_property
    def code_of(self) -> Mapping[str, int]:
        """Look up the code of a value."""
        return {value: code for code, value in enumerate(self.values)}

    def mask(self, wanted: Iterable[str]) -> Mask:
        """Mark the rows that hold one of the wanted values."""
        return np.asarray(self._allowed(wanted)[self.codes])

    def among(self, rows: Ints, wanted: Iterable[str]) -> Mask:
        """Mark, for each of some rows, whether it holds one of the wanted values."""
        return np.asarray(self._allowed(wanted)[self.codes[rows]])

    def _allowed(self, wanted: Iterable[str]) -> Mask:
        allowed = np.zeros(len(self.values) + 1, dtype=bool)  # the last place stands for -1
        for value in wanted:
            if value in self.code_of:
                allowed[self.code_of[value]] = True
        return allowed


@dataclass(frozen=True, eq=False)
class Lists:
    """A column of lists as flat pairs (row, code into `values`), sorted by row."""

    values: tuple[str, ...]
    rows: Ints
    codes: Ints
    size: int

    @cached_property
    def code_of(self) -> Mapping[str, int]:
        """Look up the code of a value."""
        return {value: code for code, value in enumerate(self.values)}

    def mask(self, wanted: Iterable[str]) -> Mask:
        """Mark the rows whose list holds one of the wanted values."""
        allowed = np.zeros(len(self.values), dtype=bool)
        for value in wanted:
            if value in self.code_of:
                allowed[self.code_of[value]] = True
        found = np.zeros(self.size, dtype=bool)
        found[self.rows[allowed[self.codes]]] = True
        return found

    @cached_property
    def nonempty(self) -> Mask:
        """Mark the rows whose list holds anything."""
        found = np.zeros(self.size, dtype=bool)
        found[self.rows] = True
        return found

    def of(self, rows: Ints) -> tuple[str, ...]:
        """Return the distinct values in the lists of `rows`, in their sorted order."""
        return tuple(self.values[code] for code in np.flatnonzero(self._met(rows)))

    def count_of(self, rows: Ints) -> int:
        """Count the distinct values in the lists of `rows`."""
        return int(self._met(rows).sum())

    def _met(self, rows: Ints) -> Mask:
        wanted = np.zeros(self.size, dtype=bool)
        wanted[rows] = True
        met = np.zeros(len(self.values), dtype=bool)
        met[self.codes[wanted[self.rows]]] = True
        return met


@dataclass(frozen=True, eq=False)
class Spans:
    """Partial dates as spans of days since 1970: "2020-03" covers its first to its last day."""

    first: Ints
    last: Ints

    @property
    def known(self) -> Mask:
        """Mark the rows that have a date."""
        return np.asarray(self.first != FAR_FUTURE)

    def meets(self, first_day: int, last_day: int) -> Mask:
        """Mark the rows whose date may lie between the two days, both included."""
        return np.asarray(self.known & (self.first <= last_day) & (self.last >= first_day))


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
        amount_cny=floats_of(frame, "amount_cny"),
        amount_usd=floats_of(frame, "amount_usd"),
        area_m2=floats_of(frame, "area_m2"),
        capacity_mw=floats_of(frame, "capacity_mw"),
        earliest=codes_of(texts_of(frame, "earliest_on")),
        newest=codes_of(texts_of(frame, "newest_on")),
        newest_source=_newest_sources(sources, _source_dates(dataset.sources)),
        parent=_links(frame, "part_of", row_of),
        canonical=_roots(_links(frame, "same_as", row_of)),
        overlap_group=_overlap_groups(frame, row_of),
        zone_row=_links(frame, "zone_id", zone_of),
        in_corridor=in_corridor,
        site_rows=site_rows,
        site_starts=site_starts,
        row_of=row_of,
    )


def bare_id(name: str) -> str:
    """Take the kind off a feature id: "project:foxconn" and "foxconn" name one project."""
    return name.partition(":")[2] or name


def texts_of(frame: pd.DataFrame, column: str) -> Texts:
    """Return a column as texts, "" where nothing stands or the column is absent."""
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    values = frame[column].astype(object).to_numpy(dtype=object)
    empty = np.asarray(pd.isna(values), dtype=bool)
    return np.where(empty, "", values).astype(object)


def floats_of(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column as floats, NaN where nothing stands or the column is absent."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.asarray(pd.to_numeric(frame[column], errors="coerce"), dtype=np.float64)


def adcodes_of(frame: pd.DataFrame, column: str) -> Ints:
    """Return a column of adcodes as integers, -1 where nothing stands."""
    numbers = pd.to_numeric(pd.Series(texts_of(frame, column)), errors="coerce")
    return np.asarray(numbers.fillna(-1), dtype=np.int32)


def codes_of(values: Texts) -> Codes:
    """Number the distinct texts of a column in their sorted order; "" becomes -1."""
    codes, words = pd.factorize(values, sort=False)
    order = sorted(range(len(words)), key=lambda place: str(words[place]))
    kept = [place for place in order if words[place] != ""]
    new = np.full(len(words) + 1, -1, dtype=np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    return Codes(tuple(str(words[place]) for place in kept), new[codes])


def as_list(value: object) -> tuple[str, ...]:
    """Read a cell of a list column, whatever shape storage gave it, as a tuple of texts."""
    if value is None or isinstance(value, float):
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    if isinstance(value, Iterable):
        return tuple(str(part) for part in value)
    return ()


def lists_of(frame: pd.DataFrame, column: str, clean: Callable[[str], str] = str) -> Lists:
    """Flatten a list column; `clean` is applied to each distinct text."""
    if column not in frame.columns:
        return _lists([], [], len(frame))
    cells = [as_list(value) for value in frame[column]]
    rows = np.repeat(np.arange(len(cells)), [len(cell) for cell in cells])
    return _lists(rows, [clean(word) for cell in cells for word in cell], len(frame))


def _lists(rows: Sequence[int] | NDArray[Any], words: Sequence[str], size: int) -> Lists:
    coded = codes_of(np.asarray(words, dtype=object))
    kept = coded.codes >= 0
    flat_rows = np.asarray(rows, dtype=np.int32)
    return Lists(coded.values, flat_rows[kept], coded.codes[kept], size)


def source_parts(reference: str) -> tuple[str, str]:
    """Split a further source "S2@L5" into its id and locator ("" when none is given)."""
    name, _, locator = reference.partition("@")
    return name, locator


def _record_sources(frame: pd.DataFrame) -> Lists:
    own = texts_of(frame, "source_id")
    further = lists_of(frame, "also_sources", lambda reference: source_parts(reference)[0])
    rows = np.concatenate([np.arange(len(frame), dtype=np.int32), further.rows])
    words = [*own, *(further.values[code] for code in further.codes)]
    order = np.argsort(rows, kind="stable")
    return _lists(rows[order], [words[place] for place in order], len(frame))


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
    return _lists(all_rows[order], list(np.concatenate(words)[order]), size)


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


def spans_of(values: Texts) -> Spans:
    """Read partial ISO dates as spans of days; anything else is an unknown date."""
    codes, words = pd.factorize(values)
    first = np.full(len(words) + 1, FAR_FUTURE, dtype=np.int32)
    last = np.full(len(words) + 1, FAR_PAST, dtype=np.int32)
    for place, word in enumerate(words):
        days = day_span(str(word))
        if days is not None:
            first[place], last[place] = days
    return Spans(first[codes], last[codes])


def day_span(partial: str) -> tuple[int, int] | None:
    """Return first and last day (days since 1970-01-01) of a partial ISO date, or None."""
    if len(partial) not in (4, 7, 10):
        return None
    try:
        first = dt.date.fromisoformat(partial + "-01-01"[len(partial) - 4 :])
    except ValueError:
        return None
    if len(partial) == 10:
        return first.toordinal() - _EPOCH, first.toordinal() - _EPOCH
    year, month = (
        (first.year + 1, 1)
        if len(partial) == 4 or first.month == 12
        else (first.year, first.month + 1)
    )
    last = dt.date(min(year, 9999), month, 1).toordinal() - 1
    return first.toordinal() - _EPOCH, last - _EPOCH


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


def _source_dates(sources: pd.DataFrame) -> dict[str, str]:
    names, dates = texts_of(sources, "source_id"), texts_of(sources, "published_on")
    return {str(name): str(date) for name, date in zip(names, dates, strict=True)}
