"""Check what rows say about each other: ids used twice, references to nothing, rings."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from geomap.issues import make_issue
from geomap.records import TABLES, Issue
from geomap.validate.rows import Draft

Drafts = Mapping[str, Sequence[Draft]]
# column -> the table its ids stand in
_REFERENCES: Mapping[str, Mapping[str, str]] = {
    "cities": {"source_id": "sources", "also_sources": "sources"},
    "projects": {
        "source_id": "sources",
        "also_sources": "sources",
        "zone_id": "zones",
        "corridor_id": "corridors",
        "part_of": "projects",
        "same_as": "projects",
        "may_overlap": "projects",
    },
    "zones": {"source_id": "sources", "also_sources": "sources"},
    "corridors": {"source_id": "sources", "also_sources": "sources"},
    "indicators": {"source_id": "sources", "also_sources": "sources", "subject": ""},
    "organisations": {"source_id": "sources"},
    "aliases": {"source_id": "sources", "feature_id": ""},
    "exclusions": {"source_id": "sources"},
}
_FEATURE_TABLES = {"project": "projects", "zone": "zones", "corridor": "corridors"}


def check_links(drafts: Drafts, readable: Container[str] = TABLES) -> Iterator[Issue]:
    """Find every fault between rows, over all tables and files.

    A reference into a table that is not `readable` is not judged: the table is the fault.
    """
    ids = {name: _ids(drafts.get(name, ())) for name in TABLES if name in readable}
    for name in TABLES:
        yield from _duplicates(drafts.get(name, ()))
        for column, target in _REFERENCES.get(name, {}).items():
            yield from _dangling(drafts.get(name, ()), column, target, ids)
    yield from _same_alias(drafts.get("aliases", ()))
    for column in ("part_of", "same_as"):
        yield from _rings(drafts.get("projects", ()), column)


def _ids(drafts: Iterable[Draft]) -> set[str]:
    return {draft.key for draft in drafts if draft.key}


def _duplicates(drafts: Iterable[Draft]) -> Iterator[Issue]:
    first: dict[str, Draft] = {}
    for draft in drafts:
        if not draft.key:
            continue
        earlier = first.setdefault(draft.key, draft)
        if earlier is not draft:
            yield make_issue(
                "duplicate_id",
                draft.origin,
                draft.table.key or "",
                draft.key,
                file=earlier.origin.file,
                line=earlier.origin.line,
            )


def _dangling(
    drafts: Iterable[Draft], column: str, target: str, ids: Mapping[str, set[str]]
) -> Iterator[Issue]:
    for draft in drafts:
        for wanted in _wanted(draft, column):
            table, key = (target, wanted) if target else _feature(wanted)
            if table in ids and key not in ids[table]:
                yield _dangling_issue(draft, column, wanted, table, key, ids[table])


def _wanted(draft: Draft, column: str) -> tuple[str, ...]:
    """The ids a cell refers to."""
    value = draft.get(column)
    if not value:
        return ()
    if column == "also_sources":
        return tuple(entry.partition("@")[0].strip() for entry in value)
    return value if isinstance(value, tuple) else (value,)


def _feature(feature_id: str) -> tuple[str, str]:
    """The table and id behind a feature id; no table for a code, a city or a province."""
    kind, _, key = feature_id.partition(":")
    return _FEATURE_TABLES.get(kind, ""), key


def _dangling_issue(
    draft: Draft, column: str, wanted: str, table: str, key: str, known: Iterable[str]
) -> Issue:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.7)
    return make_issue(
        "dangling_reference",
        draft.origin,
        column,
        wanted,
        "near" if near else "",
        table=table,
        wanted=key,
        near="".join(near),
    )


def _same_alias(drafts: Iterable[Draft]) -> Iterator[Issue]:
    """A name may be listed for different times, not twice for the same."""
    first: dict[tuple[str, ...], Draft] = {}
    for draft in drafts:
        toponym = draft.get("toponym")
        if not toponym:
            continue
        key = (toponym.casefold(), draft.get("valid_from") or "", draft.get("valid_to") or "")
        earlier = first.setdefault(key, draft)
        if earlier is not draft:
            yield make_issue(
                "duplicate_alias",
                draft.origin,
                "toponym",
                toponym,
                file=earlier.origin.file,
                line=earlier.origin.line,
            )


def _rings(drafts: Iterable[Draft], column: str) -> Iterator[Issue]:
    """Walk up from every project; one issue per ring, at its first project in file order."""
    parents = {draft.key: draft for draft in drafts if draft.key}
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        here: str | None = start
        while here in parents and here not in done and here not in path:
            path.append(here)
            here = parents[here].get(column)
        if here in path and len(path) - path.index(here) > 1:
            yield _ring_issue(parents[here], column, path[path.index(here) :])
        done.update(path)


def _ring_issue(draft: Draft, column: str, ring: Sequence[str]) -> Issue:
    return make_issue(
        "reference_cycle",
        draft.origin,
        column,
        str(draft.get(column)),
        column=column,
        ring=" > ".join((*ring, ring[0])),
    )
