"""What a reader chose to see, in words of either language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geomap.text import LANGUAGES, format_date, format_number, text
from geomap.views.facts import investor_names, word
from geomap.views.filters import ANY_DATE, Filters, placed_sites, select_sites
from geomap.views.units import unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

_WORDS: Final = {
    "kinds": "filters.kind",
    "statuses": "filters.status",
    "money": "filters.money",
    "precisions": "filters.precision",
}
_DIMENSIONS: Final = (
    *("kinds", "statuses", "investors", "money", "sources", "provinces", "corridors"),
    "precisions",
)


def filter_words(filters: Filters, dataset: Dataset, lang: str) -> tuple[str, ...]:
    """Say every dimension that is not open as "Investor: Tencent, Huawei", the layers not."""
    mark = text("details.list_mark", lang)
    said = [
        (name, mark.join(_value(name, value, dataset, lang) for value in getattr(filters, name)))
        for name in _DIMENSIONS
        if getattr(filters, name)
    ]
    if filters.date_from or filters.date_to:
        said.append(("dates", _dates(filters, lang)))
    names = {name: text(f"filters.dimension.{name}", lang) for name, _ in said}
    return tuple(
        text("comparison.brief.filter", lang, name=names[name], chosen=chosen)
        for name, chosen in said
    )


def map_note(dataset: Dataset, filters: Filters) -> dict[str, str] | None:
    """Say on the map that nothing meets the filters, or which years it shows; else None."""
    shown = int((select_sites(dataset, filters) & placed_sites(dataset)).sum())
    if not shown:
        return {lang: text("filters.note.nothing", lang) for lang in LANGUAGES}
    if not (filters.date_from or filters.date_to):
        return None
    return {
        lang: text(
            "filters.note.years", lang, dates=_dates(filters, lang), n=format_number(shown, lang)
        )
        for lang in LANGUAGES
    }


def _value(dimension: str, value: str, dataset: Dataset, lang: str) -> str:
    if dimension in _WORDS:
        return word(_WORDS[dimension], value, lang)
    if dimension == "investors":
        return investor_names(value, dataset).say(lang)
    if dimension == "provinces":
        unit = unit_of(value, dataset)
        return unit.names.say(lang) if unit else value
    if dimension == "corridors":
        own = f"corridor:{value.removeprefix('corridor:')}"
        return str(dataset.record(own)[f"name_{lang}"]) if own in dataset else value
    return str((dataset.source(value) or {}).get("title") or value)


def _dates(filters: Filters, lang: str) -> str:
    ends = (filters.date_from, filters.date_to)
    span = " – ".join(format_date(end, lang) if end else "…" for end in ends)
    if filters.date_field == ANY_DATE:
        return span
    return f"{text(f'filters.date.{filters.date_field}', lang)} {span}"
