"""Details of features as plain texts, for a page that has no Python behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geomap.dataset import Dataset
from geomap.text import LANGUAGES, format_date, text
from geomap.views.details import Details, Place, feature_details
from geomap.views.facts import Citation, Fact, citation, word

# Beyond so many features a project gets names, kind, status, sums and source only.
FULL_DETAILS_LIMIT = 3_000
Row = tuple[str, str]
Section = dict[str, Any]


def details_data(dataset: Dataset, kept: NDArray[np.bool_]) -> dict[str, Any]:
    """Give everything the exported page says about features.

    kept: bool per site; features without a kept site are left out, but never corridors and
    provinces. Returns features (id -> language -> texts), list (id and names) and sites (id ->
    site numbers); beyond FULL_DETAILS_LIMIT features, `slim` instead of most of `features`.
    """
    named = list(_named_features(dataset, kept))
    few = len(named) <= FULL_DETAILS_LIMIT
    described = [i for i, _ in named if few or not i.startswith("project:")][:FULL_DETAILS_LIMIT]
    rows = zip(dataset.sites["feature_id"][kept], np.flatnonzero(kept).tolist(), strict=True)
    sites: dict[str, list[int]] = {}
    for feature_id, site in rows:
        sites.setdefault(feature_id, []).append(site)
    return {
        "features": {feature_id: _in_both(dataset, feature_id) for feature_id in described},
        "slim": None if few else slim_data(dataset, kept),
        "list": named,
        "sites": sites,
    }


def _in_both(dataset: Dataset, feature_id: str) -> dict[str, Any]:
    details = feature_details(dataset, feature_id)
    return {lang: details_text(details, lang) for lang in LANGUAGES}


def slim_data(dataset: Dataset, kept: NDArray[np.bool_]) -> dict[str, Any]:
    """Give kind, status, stated sums and source of every project kept, with their words once."""
    shown = dataset.projects["feature_id"].isin(dataset.sites["feature_id"][kept])
    projects = dataset.projects[shown]
    columns = [projects[name].where(projects[name].notna(), None).tolist() for name in _SLIM]
    cited = {name: citation(dataset, name) for name in projects["source_id"].dropna().unique()}
    return {
        "rows": dict(zip(projects["feature_id"], zip(*columns, strict=True), strict=True)),
        "words": {lang: _slim_words(projects, lang) for lang in LANGUAGES},
        "sources": {
            lang: {name: _source(one, lang) for name, one in cited.items()} for lang in LANGUAGES
        },
    }


_SLIM = ("kind", "status", "amount_cny", "amount_usd", "source_id")


def _slim_words(projects: pd.DataFrame, lang: str) -> dict[str, Any]:
    groups = (("kind", "filters.kind"), ("status", "filters.status"))
    words: dict[str, Any] = {
        column: {
            value: word(group, str(value), lang) for value in projects[column].dropna().unique()
        }
        for column, group in groups
    }
    return words | {
        "labels": [text(f"details.fact.{name}", lang) for name in _SLIM[:4]],
        "title": text("details.section.facts", lang),
    }


def _named_features(dataset: Dataset, kept: NDArray[np.bool_]) -> Iterable[tuple[str, list[str]]]:
    shown = set(dataset.sites["feature_id"][kept])
    for table in ("corridors", "cities", "zones", "projects"):
        frame = getattr(dataset, table)
        names = frame[["name_en", "name_zh"]].fillna("")
        for feature_id, en, zh in zip(
            frame["feature_id"], names["name_en"], names["name_zh"], strict=True
        ):
            if table == "corridors" or feature_id in shown:
                yield feature_id, [en, zh]
    frame = dataset.provinces
    for adcode, en, zh in zip(frame["adcode"], frame["name_en"], frame["name_zh"], strict=True):
        yield f"province:{adcode}", [en, zh]


def details_text(details: Details, lang: str) -> dict[str, Any]:
    """Write the details of one feature in one language: title, sections of rows, sources."""
    other = details.names.en if lang == "zh" else details.names.zh
    title = details.names.say(lang)
    sections = [
        _section("details.section.facts", lang, _own_rows(details, lang)),
        _section("details.section.events", lang, _event_rows(details, lang)),
        _section("details.place.title", lang, [_place_row(one, lang) for one in details.places]),
        _section("details.section.projects", lang, _project_rows(details, lang)),
        _section("details.section.figures", lang, _fact_rows(details.figures, lang)),
        _section("details.section.links", lang, _link_rows(details, lang)),
    ]
    return {
        "title": title,
        "other": other if other != title else "",
        "sections": [section for section in sections if section["rows"]],
        "sources": [_source(one, lang) for one in _citations(details)],
    }


def _section(key: str, lang: str, rows: Sequence[Row]) -> Section:
    return {"title": text(key, lang), "rows": [list(row) for row in rows]}


def _own_rows(details: Details, lang: str) -> list[Row]:
    """The facts of the feature and, at their end, its note."""
    noted = [(text("records.column.note", lang), details.note.say(lang))] if details.note else []
    return [*_fact_rows(details.facts, lang), *noted]


def _fact_rows(facts: Sequence[Fact], lang: str) -> list[Row]:
    return [(fact.label(lang), _with_note(fact.shown(lang), fact.note.say(lang))) for fact in facts]


def _with_note(shown: str, note: str) -> str:
    return f"{shown} ({note})" if note else shown


def _event_rows(details: Details, lang: str) -> list[Row]:
    return [
        (text(f"details.event.{event.step}", lang), format_date(event.on, lang))
        for event in details.events
    ]


def _place_row(place: Place, lang: str) -> Row:
    precision = word("filters.precision", place.precision, lang)
    point = "" if place.lat is None else f" ({place.lat:.4f}, {place.lon:.4f})"
    return (place.area(lang) or place.words.say(lang), precision + point)


def _project_rows(details: Details, lang: str) -> list[Row]:
    return [
        (line.names.say(lang), word("filters.status", line.status, lang))
        for line in details.projects
    ]


def _link_rows(details: Details, lang: str) -> list[Row]:
    return [
        (text(f"details.link.{link.role}", lang), _distance(link.names.say(lang), link.km, lang))
        for link in details.links
    ]


def _distance(name: str, km: float | None, lang: str) -> str:
    if km is None:
        return name
    return f"{name} ({text('map.unit.km', lang, value=round(km))})"


def _citations(details: Details) -> list[Citation]:
    cited = [*details.citations]
    for fact in (*details.facts, *details.figures):
        cited += fact.citations
    for event in details.events:
        cited += event.citations
    return list(dict.fromkeys(cited))


def _source(citation: Citation, lang: str) -> dict[str, str]:
    return {"text": citation.say(lang), "url": citation.url}
