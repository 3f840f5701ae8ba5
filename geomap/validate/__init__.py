"""Turn seed rows into records, or into a list of everything that is wrong with them.

All faults are found in one run. A row with an error gives no record; a warning does not stop it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.issues import finding, has_errors, make_issue, sort_issues, table_of
from geomap.load import Loaded, Row, TableFile, load_seeds
from geomap.records import TABLES, Column, Issue, Origin, Records
from geomap.sentences import sentence
from geomap.validate.cells import CellFault, has_invisible, read_cell
from geomap.validate.languages import check_languages
from geomap.validate.links import check_links
from geomap.validate.places import NamedPlace, check_places, place_issue
from geomap.validate.rows import Draft, check_row

__all__ = [
    "NamedPlace",
    "Validated",
    "check_places",
    "place_issue",
    "validate_loaded",
    "validate_seeds",
]

_NAMES = ("name_en", "name_zh")


@dataclass(frozen=True, slots=True)
class Validated:
    """Records that passed, and every issue found, in the order of tables, files and lines.

    rejected: the places of rows that gave no record, so that those can be checked as well.
    """

    records: Records
    issues: tuple[Issue, ...]
    rejected: tuple[NamedPlace, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether a dataset may be built from the records."""
        return not has_errors(self.issues)


def validate_seeds(folder: Path) -> Validated:
    """Read and check a seeds folder; faults are returned, never raised."""
    return validate_loaded(load_seeds(folder))


def validate_loaded(loaded: Loaded) -> Validated:
    """Check loaded tables, however they were loaded: every row goes through this one door."""
    issues = list(loaded.issues)
    drafts: dict[str, list[Draft]] = {name: [] for name in TABLES}
    for part in loaded.files:
        drafts[part.table] += _drafts(part, issues)
    issues += check_links(drafts, _readable(loaded))
    issues += check_languages(drafts)
    records = _records(drafts, issues)
    return Validated(records, sort_issues(issues), tuple(_rejected(drafts, records)))


def _readable(loaded: Loaded) -> set[str]:
    """The tables of which every file was read far enough to know its ids."""
    faulty = {issue.file for issue in loaded.issues if issue.line == 0}
    read = {part.table for part in loaded.files if TABLES[part.table].key in part.header}
    return {name for name in read if not any(table_of(file) == name for file in faulty)}


def _drafts(part: TableFile, issues: list[Issue]) -> Iterator[Draft]:
    """Read the rows of one file; what is wrong with them is added to issues."""
    table = TABLES[part.table]
    columns = {column.name: column for column in table.columns if column.name in part.header}
    # A column that is missing altogether was reported with the header.
    required = [column for column in columns.values() if column.required]
    for row in part.rows:
        yield _draft(Draft(table, Origin(part.file, row.line), {}), row, columns, required, issues)


def _draft(
    draft: Draft,
    row: Row,
    columns: Mapping[str, Column],
    required: Sequence[Column],
    issues: list[Issue],
) -> Draft:
    """Read the cells of a row and check them alone and together."""
    if row.faulty:
        draft.bad.update(row.faulty)
        _keep_key(draft, row)
    for name, cell in row.cells.items():
        if name in columns and name not in draft.bad:
            _read(draft, columns[name], cell, issues)
    for column in required:
        if column.name not in row.cells and column.name not in draft.bad:
            _note_missing(draft, column, issues)
    if not row.faulty.issuperset(columns):
        issues += (found.at(draft.origin) for found in check_row(draft))
    return draft


def _keep_key(draft: Draft, row: Row) -> None:
    """Keep the id of a row that is faulty in shape, so that references to it are not faults."""
    key = draft.table.key
    if key in row.faulty and key in row.cells:
        draft.values[key] = row.cells[key]


def _read(draft: Draft, column: Column, cell: str, issues: list[Issue]) -> None:
    """Read one filled cell into the draft, or note what is wrong with it."""
    try:
        draft.values[column.name] = read_cell(column, cell)
    except CellFault as fault:
        draft.bad.add(column.name)
        found = finding(fault.code, column.name, cell, fault.case, **fault.values)
        issues.append(found.at(draft.origin))
    else:
        if not cell.isascii() and has_invisible(cell):
            issues.append(make_issue("invisible_character", draft.origin, column.name, cell))


def _note_missing(draft: Draft, column: Column, issues: list[Issue]) -> None:
    """Note an empty cell that must be filled; beside an amount, amount_state has its own fault."""
    if column.name == "amount_state" and {"amount_cny", "amount_usd"} & draft.values.keys():
        return
    draft.bad.add(column.name)
    issues.append(_missing(draft, column))


def _missing(draft: Draft, column: Column) -> Issue:
    if column.name in _NAMES:
        return make_issue("missing_name", draft.origin, column.name, "", column.name)
    return make_issue(
        "missing_value",
        draft.origin,
        column.name,
        "",
        "choices" if column.choices else "",
        column=column.name,
        meaning=sentence(f"faults.column.{draft.table.name}.{column.name}"),
        choices=column.choices,
    )


def _records(drafts: dict[str, list[Draft]], issues: list[Issue]) -> Records:
    """Build a record of every row without an error."""
    faulty = {(one.file, one.line) for one in issues if one.severity == "error"}
    parts: dict[str, Any] = {}
    origins: dict[str, tuple[Origin, ...]] = {}
    for name, table in TABLES.items():
        sound = [
            draft
            for draft in drafts[name]
            if not draft.bad and (draft.origin.file, draft.origin.line) not in faulty
        ]
        complete = [draft for draft in sound if table.required <= draft.values.keys()]
        parts[name] = tuple(table.record(**draft.values) for draft in complete)
        origins[name] = tuple(draft.origin for draft in complete)
    return Records(**parts, origins=origins)


def _rejected(drafts: dict[str, list[Draft]], records: Records) -> Iterator[NamedPlace]:
    """The places of rows that gave no record."""
    for table, column in (("projects", "places"), ("zones", "members")):
        kept = set(records.origins[table])
        for draft in drafts[table]:
            position = {} if {"lat", "lon"} & draft.bad else draft.values
            for toponym in draft.get(column) or () if draft.origin not in kept else ():
                yield NamedPlace(
                    draft.origin,
                    column,
                    toponym,
                    position.get("lat"),
                    position.get("lon"),
                    draft.get("datum"),
                )
