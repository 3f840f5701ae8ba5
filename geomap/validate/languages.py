"""Check what rows say in two languages: Chinese twins of columns, and names of organisations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from geomap.issues import make_issue
from geomap.records import TABLES, Column, Issue
from geomap.validate.rows import Draft

Drafts = Mapping[str, Sequence[Draft]]
# table -> the columns that name organisations
_NAMED: Mapping[str, tuple[str, ...]] = {
    "projects": ("investors", "partners"),
    "zones": ("companies",),
}


def check_languages(drafts: Drafts) -> Iterator[Issue]:
    """Find texts without their twin, and organisations under more than one name.

    A column whose twin is empty in the whole table is not judged: its texts are in one language
    by choice.
    """
    for name, table in TABLES.items():
        for column, twin in table.twins:
            rows = drafts.get(name, ())
            if any(twin.name in draft.values for draft in rows):
                yield from _one_language(rows, column, twin)
    yield from _organisations(drafts)


def _one_language(drafts: Sequence[Draft], column: Column, twin: Column) -> Iterator[Issue]:
    for draft in drafts:
        said, said_zh = draft.get(column.name), draft.get(twin.name)
        if {column.name, twin.name} & draft.bad or not (said or said_zh):
            continue
        if not said or not said_zh:
            yield _untold(draft, *((twin, column) if said else (column, twin)))
        elif column.is_list and _parts(column, said) != _parts(column, said_zh):
            yield _unlike(draft, column, twin)


def _parts(column: Column, entries: Sequence[str]) -> object:
    """What the two languages must share: the columns that are explained, or how many names."""
    if column.form == "reasons":
        return [entry.partition("=")[0].strip() for entry in entries]
    return len(entries)


def _untold(draft: Draft, empty: Column, filled: Column) -> Issue:
    return make_issue(
        "one_language",
        draft.origin,
        empty.name,
        "",
        "untold",
        filled=filled.name,
        empty=empty.name,
    )


def _unlike(draft: Draft, column: Column, twin: Column) -> Issue:
    return make_issue(
        "one_language",
        draft.origin,
        twin.name,
        ";".join(draft.get(twin.name)),
        "unlike",
        column=column.name,
        twin=twin.name,
    )


def _organisations(drafts: Drafts) -> Iterator[Issue]:
    """A name means one organisation, and records call each by the name in its row."""
    own: dict[str, Draft] = {}
    for draft in drafts.get("organisations", ()):
        for name in _names(draft):
            earlier = own.setdefault(name.casefold(), draft)
            if earlier is not draft and earlier.key != draft.key:
                yield _two_organisations(draft, earlier, name)
    for table, columns in _NAMED.items():
        for draft in drafts.get(table, ()):
            for column in columns:
                for name in draft.get(column) or ():
                    meant = own.get(name.casefold())
                    if meant is not None and name != meant.key:
                        yield _other_name(draft, column, name, meant.key)


def _names(draft: Draft) -> tuple[str, ...]:
    names = (draft.get("name_en"), draft.get("name_zh"), *(draft.get("aliases") or ()))
    return tuple(name for name in names if name)


def _two_organisations(draft: Draft, earlier: Draft, name: str) -> Issue:
    return make_issue(
        "duplicate_alias",
        draft.origin,
        "aliases",
        name,
        "organisation",
        file=earlier.origin.file,
        line=earlier.origin.line,
        owner=earlier.key,
    )


def _other_name(draft: Draft, column: str, name: str, own: str | None) -> Issue:
    return make_issue("other_name", draft.origin, column, name, own=own)
