"""What changed between two dataset versions, record by record."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geomap.sentences import Names
from geomap.views.facts import names_of, plain_record

if TYPE_CHECKING:
    from geomap.dataset import Dataset

_TABLES: Final = ("projects", "zones", "cities", "corridors", "indicators")
# Row numbers, which shift when a record is added elsewhere.
_ROW_NUMBERS: Final = frozenset({"lead_site"})
_PLACE: Final = ("lat", "lon", "adcode", "precision", "location_status")


@dataclass(frozen=True)
class Change:
    """A record that came, went or changed; `columns` names what of it is different."""

    record_id: str
    names: Names
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """The records added, removed and changed, in the order of their tables."""

    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    changed: tuple[Change, ...]

    def of(self, record_id: str) -> tuple[str, Change] | None:
        """Find what happened to one record: "added", "removed" or "changed", and how."""
        for name in ("added", "removed", "changed"):
            for change in getattr(self, name):
                if change.record_id == record_id:
                    return name, change
        return None


@lru_cache(maxsize=8)
def _kept(older: _ByVersion, newer: _ByVersion) -> Changes:
    return _compare(older.dataset, newer.dataset)


class _ByVersion:
    """A dataset that equals any other of its version, for it never changes."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def __hash__(self) -> int:
        return hash(self.dataset.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and other.dataset.version == self.dataset.version


def compare_versions(older: Dataset, newer: Dataset) -> Changes:
    """Tell what changed from one dataset version to another; worked out once for each pair."""
    return _kept(_ByVersion(older), _ByVersion(newer))


def _compare(older: Dataset, newer: Dataset) -> Changes:
    before, after = dict(_records(older)), dict(_records(newer))
    both = [name for name in after if name in before]
    changed = ((name, _differing(before[name], after[name])) for name in both)
    return Changes(
        tuple(_change(name, after[name]) for name in after if name not in before),
        tuple(_change(name, before[name]) for name in before if name not in after),
        tuple(_change(name, after[name], columns) for name, columns in changed if columns),
    )


def _records(dataset: Dataset) -> Iterator[tuple[str, dict[str, Any]]]:
    placed = _placements(dataset)
    for table in _TABLES:
        frame: pd.DataFrame = getattr(dataset, table)
        key = "feature_id" if "feature_id" in frame.columns else "indicator_id"
        for row in frame.drop(columns=list(_ROW_NUMBERS & {*frame.columns})).to_dict("records"):
            record = plain_record(row)
            name = str(record[key])
            yield name, record | {"places_found": placed.get(name)}


def _placements(dataset: Dataset) -> dict[str, tuple[Hashable, ...]]:
    """Give where the sites of each feature were put."""
    found: dict[str, tuple[Hashable, ...]] = {}
    columns = [dataset.sites[name].astype(object) for name in _PLACE]
    rows = zip(dataset.sites["feature_id"], zip(*columns, strict=True), strict=True)
    for name, where in rows:
        told = tuple(None if pd.isna(part) else part for part in where)
        found[str(name)] = (*found.get(str(name), ()), told)
    return found


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """Name the columns that differ; one that only one version knows is no change of a record."""
    return tuple(name for name in after if name in before and before[name] != after[name])


def _change(name: str, record: dict[str, Any], columns: tuple[str, ...] = ()) -> Change:
    return Change(name, names_of(record), columns)
