"""Tables of a dataset as people read them: names for ids, words for codes, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geomap.dataset import none_if_missing
from geomap.geocode.answer_text import render_flags, render_reason
from geomap.text import has_text, language_name, text
from geomap.views.columns import source_parts
from geomap.views.facts import investor_names, names_of, word
from geomap.views.units import unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

_HIDDEN: Final = frozenset(
    {"lead_site", "root_id", "branches", "site_index", "candidates", "file_sha256"}
    | {"project_id", "city_id"}
)
_LAST: Final = ("metric", "feature_id", "site_id", "indicator_id")
_WORDS: Final = {
    "kind": "filters.kind",
    "status": "filters.status",
    "amount_state": "filters.money",
    "precision": "filters.precision",
    "level": "details.level",
    "feature_kind": "filters.feature",
    "layer": "filters.layer",
    "join_method": "details.join",
    "location_status": "geocode.status",
    "published_basis": "records.basis",
    "method": "records.method",
    "severity": "records.severity",
    "kind of a source": "records.kind_of_source",
}
# Words that stand around a number, such as "{value} companies".
_PATTERNS: Final = {"unit": "details.unit", "qualifier": "details.qualifier"} | {
    "amount_qualifier": "details.qualifier"
}
_ORGANISATIONS: Final = ("investors", "partners", "companies")
_FEATURES: Final = {
    "zone_id": "zone",
    "corridor_id": "corridor",
    "corridor_ids": "corridor",
    "part_of": "project",
    "same_as": "project",
    "may_overlap": "project",
}
Cell = Callable[[Any], Any]


def readable_table(frame: pd.DataFrame, dataset: Dataset, lang: str) -> pd.DataFrame:
    """Name columns and cells in the reader's language; lists become text.

    Numbers and dates stay as they are, so that the table sorts; ids of features come last.
    """
    shown = {}
    names = [f"name_{lang}", "name_zh" if lang == "en" else "name_en"]
    first = [name for name in names if name in frame.columns]
    rest = [str(name) for name in frame.columns if name not in first]
    for name in [*first, *sorted(rest, key=lambda name: name in _LAST)]:
        if name in _HIDDEN or _original(name) in frame.columns or _is_own_id(name, frame):
            continue
        column = in_language(frame, name, lang)
        of_sources = name in ("source_id", "kind") and "publisher" in frame.columns
        said = f"{name} of a source" if of_sources else name
        shown[column_title(name, lang)] = _readable_column(column, said, dataset, lang)
    return pd.DataFrame(shown)


def column_title(name: str, lang: str) -> str:
    """Name a column; one without words keeps its own name."""
    key = f"records.column.{name}"
    return text(key, lang) if has_text(key, lang) else str(name)


def _is_own_id(name: str, frame: pd.DataFrame) -> bool:
    """Tell whether a column repeats the feature id of its own row, as zones and corridors do."""
    return name in ("zone_id", "corridor_id") and "project_id" not in frame.columns


def _original(name: str) -> str:
    """The column that this one repeats in Chinese; "" for any other."""
    return name.removesuffix("_zh") if name.endswith("_zh") else ""


def in_language(frame: pd.DataFrame, name: str, lang: str) -> pd.Series:
    """Take the cells of a column in one language, those that are empty there in the other one."""
    if f"{name}_zh" not in frame.columns:
        return frame[name]
    own, other = frame[name], frame[f"{name}_zh"]
    if lang == "zh":
        own, other = other, own
    return own.where(own.notna() & own.map(bool), other)


def flat(value: object) -> str:
    """Write a cell as one text; a list by its entries, nothing where nothing is known."""
    if isinstance(value, tuple | list):
        return "; ".join(flat(part) for part in value)
    return value if isinstance(value, str) else ""


def _readable_column(column: pd.Series, name: str, dataset: Dataset, lang: str) -> pd.Series:
    cell = _cell_of(name, dataset, lang)
    if cell is not None:
        return column.map(partial(_each, cell))
    return column.map(flat) if column.dtype == object else column


def _each(cell: Cell, value: object) -> str | None:
    """Word a cell; a list entry by entry."""
    if isinstance(value, tuple | list):
        return "; ".join(str(cell(part)) for part in value)
    known = none_if_missing(value)
    return None if known is None else str(cell(known))


def _cell_of(name: str, dataset: Dataset, lang: str) -> Cell | None:
    """Give the way to word the cells of a column; None where they stay as they are."""
    if name in _WORDS:
        return lambda value: word(_WORDS[name], str(value), lang)
    if name in _PATTERNS:
        return partial(_without_number, _PATTERNS[name], lang)
    if name in _ORGANISATIONS:
        return lambda value: investor_names(str(value), dataset).say(lang)
    if name in _FEATURES:
        return partial(_feature, _FEATURES[name], dataset, lang)
    return _special_cells(dataset, lang).get(name)


def _special_cells(dataset: Dataset, lang: str) -> Mapping[str, Cell]:
    return {
        "source_id": lambda value: _source(dataset, str(value)),
        "also_sources": lambda value: _source(dataset, source_parts(str(value))[0]),
        "language": lambda value: language_name(str(value), lang),
        "subject": partial(_subject, dataset, lang),
        "reason": lambda value: render_reason(str(value), lang),
        "inferred": partial(_inferred, lang),
        "flags": lambda value: render_flags((str(value),), lang),
        "members": partial(_place, dataset, lang),
        "toponym": partial(_place, dataset, lang),
    }


def _without_number(group: str, lang: str, value: object) -> str:
    """Say the words around a number; a word that has none stays as it is."""
    if value == "exact":
        return text("records.exact", lang)
    key = f"{group}.{value}"
    if has_text(key, lang):
        return text(key, lang, value="").strip()
    return word("comparison.unit", str(value), lang)


def _feature(kind: str, dataset: Dataset, lang: str, value: object) -> str:
    name = f"{kind}:{str(value).removeprefix(f'{kind}:')}"
    return names_of(dataset.record(name)).say(lang) if name in dataset else str(value)


def _source(dataset: Dataset, source_id: str) -> str:
    return str((dataset.source(source_id) or {}).get("title") or source_id)


def _subject(dataset: Dataset, lang: str, value: object) -> str:
    """Name what a figure is about: a feature, a unit by its code, or the country."""
    name = str(value)
    if name.startswith("country:"):
        return text("filters.feature.country", lang)
    return _place(dataset, lang, name) if name.isdigit() else _feature_of(name, dataset, lang)


def _feature_of(name: str, dataset: Dataset, lang: str) -> str:
    return names_of(dataset.record(name)).say(lang) if name in dataset else name


def _place(dataset: Dataset, lang: str, value: object) -> str:
    """Name a unit that is written as its code; other words stay."""
    unit = unit_of(str(value), dataset) if str(value).isdigit() else None
    return unit.names.say(lang) if unit else str(value)


def _inferred(lang: str, value: object) -> str:
    """Say which value is inferred and why: "announced_on=by the text"."""
    column, mark, why = str(value).partition("=")
    if not mark:
        return str(value)
    return text("records.inferred", lang, column=column_title(column, lang), why=why)
