"""Single facts with their sources, and how each reads in either language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geomap.dataset import none_if_missing
from geomap.sentences import NOTHING_SAID, Names
from geomap.text import (
    format_area,
    format_date,
    format_money,
    format_number,
    format_percent,
    has_text,
    text,
)
from geomap.views.columns import as_list, source_parts, texts_of
from geomap.views.index import index_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

Record = Mapping[str, Any]
_LINE: Final = re.compile(r"L(\d+)(?:-L?(\d+))?")
ORGANISATION_COLUMNS: Final = ("investors", "partners", "companies")
WORD_FORMS: Final = {
    "kind": "filters.kind",
    "zone_kind": "filters.kind",
    "status": "filters.status",
    "money_state": "filters.money",
    "precision": "filters.precision",
    "join_method": "details.join",
    "level": "details.level",
}


@dataclass(frozen=True)
class Citation:
    """A source as it is shown beside a fact, with the place in it ("L11;L29")."""

    source_id: str
    locator: str
    title: str
    publisher: str
    author: str
    published_on: str
    published_basis: str
    url: str
    language: str
    kind: str
    note_en: str = ""
    note_zh: str = ""

    @property
    def note(self) -> Names:
        """What is to be known about the source itself."""
        return Names(self.note_en, self.note_zh)

    def say(self, lang: str) -> str:
        """Word the citation: publisher, title, date, locator."""
        dated = format_date(self.published_on, lang) if self.published_on else ""
        parts = [self.publisher, self.title or self.source_id, dated, self.where(lang)]
        return text("details.clause_mark", lang).join(part for part in parts if part)

    def where(self, lang: str) -> str:
        """Say where in the source it stands: "L3;L29" are its lines 3 and 29."""
        parts = [part.strip() for part in self.locator.split(";") if part.strip()]
        found = [_LINE.fullmatch(part) for part in parts]
        mark = text("details.list_mark", lang)
        if not all(found):
            return text("details.source.at", lang, locator=mark.join(parts))
        lines = ["–".join(filter(None, match.groups())) for match in found if match]
        if not lines:
            return ""
        one = len(lines) == 1 and "–" not in lines[0]
        key = "details.source.line" if one else "details.source.lines"
        return text(key, lang, lines=mark.join(lines))


@dataclass(frozen=True)
class Fact:
    """One figure or statement; `form` says how its value is written, `inferred` why it is."""

    key: str
    value: Any
    form: str = "text"
    unit: str = ""
    qualifier: str = ""
    period: str = ""
    names: Names | None = None
    inferred: Names = NOTHING_SAID
    note: Names = NOTHING_SAID
    citations: tuple[Citation, ...] = ()

    def label(self, lang: str) -> str:
        """Name the fact."""
        return self.names.say(lang) if self.names else text(f"details.fact.{self.key}", lang)

    def shown(self, lang: str) -> str:
        """Write the value with its unit, its qualifier and its period."""
        written = written_value(self.value, self.form, lang, self.unit)
        if self.qualifier and self.qualifier != "exact":
            written = text(f"details.qualifier.{self.qualifier}", lang, value=written)
        if self.period:
            written = text("details.with_period", lang, value=written, period=_period(self, lang))
        return written


def _period(fact: Fact, lang: str) -> str:
    return "–".join(format_date(part, lang) for part in fact.period.split("/"))


def written_value(value: Any, form: str, lang: str, unit: str = "") -> str:  # noqa: ANN401
    """Write a value for a reader; unknown words and units come back as they are."""
    if isinstance(value, Names):
        return value.say(lang)
    if form in WORD_FORMS:
        return word(WORD_FORMS[form], str(value), lang)
    if form == "money":
        return format_money(float(value), unit, lang)
    if form == "date":
        return format_date(str(value), lang)
    if form == "names":
        return listed([name.say(lang) for name in value], lang)
    if form == "share":
        return format_percent(float(value), lang)
    if form == "figure" and unit in ("CNY", "USD"):
        return format_money(float(value), unit, lang)
    if form == "figure" and unit == "m2":
        return format_area(float(value), lang)
    if form == "figure":
        return _with_unit(format_number(float(value), lang, 2), unit, lang)
    return str(value)


def list_mark(words: Iterable[str], lang: str) -> str:
    """Give the sign between the entries of a list: a stronger one where they hold the usual one."""
    mark = text("details.list_mark", lang)
    return text("details.long_mark", lang) if any(mark in word for word in words) else mark


def listed(words: list[str], lang: str) -> str:
    """Write a list of names."""
    return list_mark(words, lang).join(words)


def _with_unit(number: str, unit: str, lang: str) -> str:
    key = f"details.unit.{unit}"
    if not has_text(key, lang):
        return f"{number} {unit}".strip()
    return text(key, lang, value=number)


def word(group: str, value: str, lang: str) -> str:
    """Return the catalogue word of a value, or the value itself where there is none."""
    key = f"{group}.{value}"
    return text(key, lang) if has_text(key, lang) else value


def investor_names(name: str, dataset: Dataset) -> Names:
    """Name an organisation in both languages; one the dataset does not list keeps its name."""
    known = index_of(dataset).table("organisations", lambda: _organisations(dataset))
    return known.get(name) or Names(name, name)


def with_chinese_names(frame: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Add `<column>_zh` after each column that names organisations; unknown names stay."""
    told = frame.copy(deep=False)
    for name in ORGANISATION_COLUMNS:
        if name in told.columns:
            said = [
                tuple(investor_names(str(one), dataset).zh for one in as_list(value))
                for value in told[name]
            ]
            place = list(told.columns).index(name) + 1
            told.insert(place, f"{name}_zh", pd.Series(said, index=told.index, dtype="object"))
    return told


def _organisations(dataset: Dataset) -> dict[str, Names]:
    frame = dataset.organisations
    pairs = zip(texts_of(frame, "name_en"), texts_of(frame, "name_zh"), strict=True)
    return {str(en): Names(str(en), str(zh)) for en, zh in pairs}


def citation(dataset: Dataset, source_id: str, locator: str = "") -> Citation:
    """Return one source as a citation; a source missing from the table keeps its id."""
    found = dataset.source(source_id) or {}
    get = {name: str(value) for name, value in found.items() if value not in (None, "")}
    return Citation(
        source_id,
        locator,
        get.get("title", ""),
        get.get("publisher", ""),
        get.get("author", ""),
        get.get("published_on", ""),
        get.get("published_basis", ""),
        get.get("url", ""),
        get.get("language", ""),
        get.get("kind", ""),
        get.get("note", ""),
        get.get("note_zh", ""),
    )


def citations_of(dataset: Dataset, record: Record) -> tuple[Citation, ...]:
    """Return the sources of a record, the main one first."""
    pairs = [(str(record.get("source_id") or ""), str(record.get("source_locator") or ""))]
    pairs += [source_parts(entry) for entry in record.get("also_sources") or ()]
    return tuple(citation(dataset, name, locator) for name, locator in pairs if name)


def reasons_of(record: Record) -> dict[str, Names]:
    """Return why values of a record are inferred, by column, in both languages."""
    english, chinese = (_reasons(record.get(name)) for name in ("inferred", "inferred_zh"))
    columns = dict.fromkeys((*english, *chinese))
    return {name: Names(english.get(name, ""), chinese.get(name, "")) for name in columns}


def _reasons(entries: Iterable[str] | None) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in entries or ())
    return {column.strip(): why.strip() for column, _, why in pairs}


def note_of(record: Record) -> Names:
    """Return the note of a record in both languages."""
    return Names(str(record.get("note") or ""), str(record.get("note_zh") or ""))


def names_of(record: Record) -> Names:
    """Return the names of a record."""
    return Names(str(record.get("name_en") or ""), str(record.get("name_zh") or ""))


def plain_record(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row of a frame as a record, with None for what is missing."""
    return {str(name): none_if_missing(value) for name, value in row.items()}
