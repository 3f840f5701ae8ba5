"""Projects as lines of a list: each whole with its parts, each record with its repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geomap.sentences import Names
from geomap.views.columns import Ints
from geomap.views.facts import Record, investor_names, names_of, plain_record
from geomap.views.index import index_of
from geomap.views.membership import sites_in
from geomap.views.regions import parse_region

if TYPE_CHECKING:
    from geomap.dataset import Dataset

MOST_LISTED: Final = 200


_LINE_COLUMNS: Final = (
    *("feature_id", "name_en", "name_zh", "kind", "status", "investors", "amount_cny"),
    *("amount_usd", "amount_qualifier", "amount_state", "earliest_on", "newest_on"),
)


@dataclass(frozen=True)
class ProjectLine:
    """A project as one line of a list; its parts and repeats stand below it."""

    feature_id: str
    names: Names
    kind: str
    status: str
    investors: tuple[Names, ...]
    amount_cny: float | None
    amount_usd: float | None
    amount_qualifier: str
    amount_state: str
    earliest_on: str
    newest_on: str
    parts: tuple[ProjectLine, ...] = ()
    repeats: tuple[ProjectLine, ...] = ()


def projects_of(
    dataset: Dataset, feature_id: str, kind: str
) -> tuple[tuple[ProjectLine, ...], int]:
    """The projects in a city, zone, corridor or province: wholes with their parts below."""
    if kind == "project":
        return (), 0
    index = index_of(dataset)
    inside = sites_in(parse_region(feature_id, dataset), dataset)
    rows = np.unique(index.project_row[inside & (index.project_row >= 0)])
    return project_groups(dataset, rows[:MOST_LISTED]), len(rows)


def project_groups(dataset: Dataset, rows: Ints) -> tuple[ProjectLine, ...]:
    """Group projects, given by rows: each whole with its parts, each record with its repeats."""
    projects = index_of(dataset).projects
    lines = _project_lines(dataset, np.sort(rows))
    below: dict[int, tuple[list[int], list[int]]] = {row: ([], []) for row in lines}
    tops = []
    for row in lines:
        whole, original = int(projects.parent[row]), int(projects.canonical[row])
        if original != row and original in lines:
            below[original][1].append(row)
        elif whole != row and whole in lines:
            below[whole][0].append(row)
        else:
            tops.append(row)
    return tuple(_grouped_line(lines, below, row, ()) for row in tops)


def _grouped_line(
    lines: Mapping[int, ProjectLine],
    below: Mapping[int, tuple[list[int], list[int]]],
    row: int,
    above: tuple[int, ...],
) -> ProjectLine:
    parts, repeats = below[row]
    path = (*above, row)
    return replace(
        lines[row],
        parts=tuple(_grouped_line(lines, below, part, path) for part in parts if part not in path),
        repeats=tuple(lines[repeat] for repeat in repeats),
    )


def line_of(dataset: Dataset, feature_id: str) -> ProjectLine | None:
    """Return a project as a line of its own; None for a feature that is no project."""
    if not feature_id.startswith("project:"):
        return None
    return _line(dataset, dataset.record(feature_id))


def _project_lines(dataset: Dataset, rows: Ints) -> dict[int, ProjectLine]:
    frame = dataset.projects.iloc[rows][list(_LINE_COLUMNS)]
    records = (plain_record(record) for record in frame.to_dict("records"))
    return {int(row): _line(dataset, record) for row, record in zip(rows, records, strict=True)}


def _line(dataset: Dataset, record: Record) -> ProjectLine:
    return ProjectLine(
        feature_id=str(record["feature_id"]),
        names=names_of(record),
        kind=str(record["kind"]),
        status=str(record["status"]),
        investors=tuple(investor_names(str(name), dataset) for name in record["investors"]),
        amount_cny=record["amount_cny"],
        amount_usd=record["amount_usd"],
        amount_qualifier=str(record["amount_qualifier"] or ""),
        amount_state=str(record["amount_state"]),
        earliest_on=str(record["earliest_on"] or ""),
        newest_on=str(record["newest_on"] or ""),
    )
