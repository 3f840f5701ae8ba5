"""Everything there is to say about one feature, with the source of each fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geomap.errors import UnknownFeature
from geomap.records import PROJECT_DATES
from geomap.sentences import NOTHING_SAID, Names
from geomap.text import format_date, text
from geomap.views.census import census_facts
from geomap.views.columns import bare_id, texts_of
from geomap.views.facts import (
    Citation,
    Fact,
    Record,
    citations_of,
    investor_names,
    names_of,
    note_of,
    plain_record,
    reasons_of,
)
from geomap.views.index import index_of
from geomap.views.links import Link, links_of, nearest_records
from geomap.views.places import Place, place_of_unit, places_of
from geomap.views.project_lines import ProjectLine, line_of, projects_of
from geomap.views.units import unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

__all__ = [
    "Details",
    "Event",
    "Link",
    "Place",
    "ProjectLine",
    "feature_details",
    "report_text",
]

_TABLES: Final = {
    "city": "cities",
    "project": "projects",
    "zone": "zones",
    "corridor": "corridors",
    "province": "provinces",
}


@dataclass(frozen=True)
class Event:
    """One dated step of a project: announced, signed, started, opened, changed or closed."""

    step: str
    on: str
    inferred: Names
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Details:
    """One feature in full; `position` counts from 1 among the `total` features of its kind."""

    feature_id: str
    kind: str
    names: Names
    other_names: tuple[str, ...]
    note: Names
    facts: tuple[Fact, ...]
    figures: tuple[Fact, ...]
    events: tuple[Event, ...]
    places: tuple[Place, ...]
    line: ProjectLine | None
    projects: tuple[ProjectLine, ...]
    project_count: int
    links: tuple[Link, ...]
    citations: tuple[Citation, ...]
    previous_id: str
    next_id: str
    position: int
    total: int

    def linked(self, *roles: str) -> tuple[Link, ...]:
        """Return the links of the given roles, in their order."""
        return tuple(link for link in self.links if link.role in roles)


def feature_details(dataset: Dataset, feature_id: str) -> Details:
    """Return everything known about a feature.

    Raises UnknownFeature for an id that names nothing. A unit without a record of its own
    ("city:" with any prefecture or county code) is described by what lies in it.
    """
    index = index_of(dataset)
    return index.once(("details", feature_id), lambda: _details(dataset, feature_id))


def _details(dataset: Dataset, feature_id: str) -> Details:
    kind = feature_id.partition(":")[0]
    record = _record(dataset, feature_id)
    if kind in ("city", "province"):
        record = {**record, **census_facts(dataset, str(record["adcode"]))}
    reasons = reasons_of(record)
    places = places_of(dataset, feature_id)
    links = links_of(dataset, feature_id, record, kind)
    if feature_id not in dataset:
        place = place_of_unit(dataset, bare_id(feature_id))
        places = (place,) if place else ()
    projects, count = projects_of(dataset, feature_id, kind)
    if kind == "city" and not count:
        links = (*links, *_nearest(dataset, feature_id, places))
    around = _around(dataset, feature_id, kind)
    return Details(
        feature_id=feature_id,
        kind=kind,
        names=names_of(record),
        other_names=_other_names(record),
        note=note_of(record),
        facts=_facts(dataset, record, kind, reasons, places),
        figures=_figures(dataset, feature_id, record),
        events=_events(dataset, record, reasons) if kind == "project" else (),
        places=places,
        line=line_of(dataset, feature_id),
        projects=projects,
        project_count=count,
        links=links,
        citations=citations_of(dataset, record),
        previous_id=around[0],
        next_id=around[1],
        position=around[2],
        total=around[3],
    )


def _nearest(dataset: Dataset, feature_id: str, places: Sequence[Place]) -> tuple[Link, ...]:
    """Where a place without projects has records around it, nearest first."""
    if not places or places[0].lat is None or places[0].lon is None:
        return ()
    found = nearest_records(dataset, places[0].lat, places[0].lon, 4)
    return tuple(link for link in found if link.feature_id != feature_id)[:3]


def _record(dataset: Dataset, feature_id: str) -> Record:
    """Return a feature's columns; a unit without a record of its own gets what its code says."""
    if feature_id in dataset:
        return dataset.record(feature_id)
    kind, _, code = feature_id.partition(":")
    unit = unit_of(code, dataset) if kind == "city" else None
    if unit is None or unit.level == "province":
        raise UnknownFeature(
            "errors.unknown_feature_search", feature_id=feature_id[:80], version=dataset.version
        )
    names = {"name_en": unit.names.en, "name_zh": unit.names.zh}
    return {"feature_id": feature_id, "adcode": code, "level": unit.level, **names}


def report_text(details: Details, lang: str, version: str, link: str = "") -> str:
    """Write a ready text for reporting an error in a feature."""
    return text(
        "details.report.body",
        lang,
        name=details.names.say(lang),
        feature_id=details.feature_id,
        version=version,
        link=link or "-",
        sources="; ".join(dict.fromkeys(source.source_id for source in details.citations)) or "-",
    )


def _other_names(record: Record) -> tuple[str, ...]:
    full = [record.get("full_en"), record.get("full_zh")]
    known = {record.get("name_en"), record.get("name_zh")}
    names = [*(record.get("former_names") or ()), *(name for name in full if name)]
    return tuple(dict.fromkeys(str(name) for name in names if name not in known))


# ---------------------------------------------------------------- facts

_CENSUS: Final = (("area_km2", "figure", "km2"), ("population", "figure", "people"))
_UNITS: Final = ("city", "province")
_FACTS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    # column, form, unit
    "project": (
        ("kind", "kind", ""),
        ("status", "status", ""),
        ("investors", "organisations", ""),
        ("partners", "organisations", ""),
        ("amount_state", "money_state", ""),
        ("amount_cny", "money", "CNY"),
        ("amount_usd", "money", "USD"),
        ("area_m2", "figure", "m2"),
        ("area_as_written", "text", ""),
        ("capacity_mw", "figure", "MW"),
    ),
    "zone": (
        ("kind", "zone_kind", ""),
        ("established_on", "date", ""),
        ("area_m2", "figure", "m2"),
        ("companies", "organisations", ""),
        ("members", "toponyms", ""),
        ("host_place", "toponyms", ""),
    ),
    "city": (("level", "level", ""), ("role", "text", ""), ("adcode", "text", ""), *_CENSUS),
    "corridor": (("area_km2", "figure", "km2"),),
    "province": (
        ("adcode", "text", ""),
        ("iso_3166_2", "text", ""),
        *_CENSUS,
    ),
}


def _facts(
    dataset: Dataset,
    record: Record,
    kind: str,
    reasons: Mapping[str, Names],
    places: Iterable[Place],
) -> tuple[Fact, ...]:
    words = {place.toponym: place.words for place in places}
    cited = citations_of(dataset, record)
    facts = []
    for column, form, unit in _FACTS[kind]:
        value = record.get(column)
        if value is None or value in ("", ()):
            continue
        qualifier = str(record.get("amount_qualifier") or "") if form == "money" else ""
        period = str(record.get(f"{column}_on") or "")
        twin = record.get(f"{column}_zh")
        said, way = _in_both(value, twin, form)
        if form == "organisations":
            said, way = tuple(investor_names(str(name), dataset) for name in value), "names"
        if form == "toponyms":
            said, way = _toponyms(value, twin, words), "names"
        why = reasons.get(column, NOTHING_SAID)
        basis = _basis(column, record, cited)
        # What the census says is not what the sources of the record say.
        by = () if kind in _UNITS and (column, form, unit) in _CENSUS else cited
        facts.append(
            Fact(column, said, way, unit, qualifier, period, None, why, basis, citations=by)
        )
    rate = _rate(record)
    if rate is not None:
        facts.append(Fact("rate_used", rate, "figure", "CNY per USD", citations=cited))
    return tuple(facts)


def _basis(column: str, record: Record, cited: Sequence[Citation]) -> Names:
    """What a figure of a unit rests on, and how old what is known of a status is."""
    stated = f"{column.removesuffix('_km2')}_source"
    if record.get(stated):
        return Names(str(record[stated]), str(record.get(f"{stated}_zh") or ""))
    if column == "area_km2" and record.get("source"):
        return _in_words("details.area_basis", source=str(record["source"]))
    newest = max((source.published_on for source in cited), default="")
    if column == "status" and newest:
        return Names(*(text("details.as_of", x, date=format_date(newest, x)) for x in ("en", "zh")))
    return NOTHING_SAID


def _in_words(key: str, **values: object) -> Names:
    return Names(text(key, "en", **values), text(key, "zh", **values))


def _in_both(value: Any, twin: Any, form: str) -> tuple[Any, str]:  # noqa: ANN401
    """Put a text and its Chinese twin together."""
    if form == "text" and twin:
        return Names(str(value), str(twin)), "text"
    return value, form


def _toponyms(value: Any, twin: Any, words: Mapping[str, Names]) -> tuple[Names, ...]:  # noqa: ANN401
    """Name places in both languages; a twin counts when it is as long as the list it repeats.

    words: the toponyms that are places of the feature, in both languages.
    """
    written = (value,) if isinstance(value, str) else tuple(value)
    chinese = (twin,) if isinstance(twin, str) else tuple(twin or ())
    if len(chinese) != len(written):
        chinese = ("",) * len(written)
    known = [words.get(name, Names(name, "")) for name in written]
    return tuple(Names(n.en or n.zh, zh or n.zh) for n, zh in zip(known, chinese, strict=True))


def _rate(record: Record) -> float | None:
    """Yuan per dollar that the source itself used when it gives one sum in both."""
    cny, usd = record.get("amount_cny"), record.get("amount_usd")
    return round(float(cny) / float(usd), 2) if cny and usd else None


def _figures(dataset: Dataset, feature_id: str, record: Record) -> tuple[Fact, ...]:
    frame = dataset.indicators
    wanted = {feature_id}
    if feature_id.startswith(("city:", "province:")):
        wanted.add(str(record.get("adcode")))
    figures = []
    for row in np.flatnonzero(frame["subject"].isin(wanted)):
        own = plain_record(frame.iloc[int(row)].to_dict())
        figures.append(
            Fact(
                str(own["metric"]),
                own["value"],
                "figure",
                str(own["unit"] or ""),
                str(own["qualifier"] or ""),
                str(own["period"] or ""),
                names_of(own),
                _all_reasons(own),
                note_of(own),
                citations_of(dataset, own),
            )
        )
    return tuple(figures)


def _all_reasons(record: Record) -> Names:
    reasons = reasons_of(record).values()
    return Names("; ".join(r.en for r in reasons if r.en), "；".join(r.zh for r in reasons if r.zh))


def _events(dataset: Dataset, record: Record, reasons: Mapping[str, Names]) -> tuple[Event, ...]:
    cited = citations_of(dataset, record)
    dated = [(str(record[name]), name) for name in PROJECT_DATES if record.get(name)]
    return tuple(
        Event(name.removesuffix("_on"), on, reasons.get(name, NOTHING_SAID), cited)
        for on, name in sorted(dated, key=lambda pair: pair[0])
    )


def _around(dataset: Dataset, feature_id: str, kind: str) -> tuple[str, str, int, int]:
    """The features before and after this one among those of its kind ("" at the ends), its
    place among them counted from 1 (0 where it has none), and how many there are."""
    frame: pd.DataFrame = getattr(dataset, _TABLES[kind])
    column = "adcode" if kind == "province" else "feature_id"
    ids = index_of(dataset).table(("ids", kind), lambda: texts_of(frame, column))
    found = np.flatnonzero(ids == (bare_id(feature_id) if kind == "province" else feature_id))
    if not len(found):
        return "", "", 0, len(ids)
    place = int(found[0])
    prefix = "province:" if kind == "province" else ""
    before = f"{prefix}{ids[place - 1]}" if place else ""
    after = f"{prefix}{ids[place + 1]}" if place + 1 < len(ids) else ""
    return before, after, place + 1, len(ids)
