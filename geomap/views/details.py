"""Everything there is to say about one feature, with the source of each fact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geomap.dataset import none_if_missing
from geomap.errors import UnknownFeature
from geomap.geodesy import geodesic_km
from geomap.records import PROJECT_DATES
from geomap.text import text
from geomap.toponym import has_han
from geomap.views.columns import NO_ROWS, Ints, bare_id, texts_of
from geomap.views.facts import (
    Citation,
    Fact,
    Record,
    citations_of,
    investor_names,
    note_of,
    reasons_of,
)
from geomap.views.index import index_of
from geomap.views.regions import in_unit, parse_region, sites_in
from geomap.views.sentences import NOTHING_SAID, Names
from geomap.views.units import Unit, unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

MOST_LISTED: Final = 200
_LINE_COLUMNS: Final = (
    *("feature_id", "name_en", "name_zh", "kind", "status", "investors", "amount_cny"),
    *("amount_usd", "amount_qualifier", "amount_state", "earliest_on", "newest_on"),
)
_TABLES: Final = {
    "city": "cities",
    "project": "projects",
    "zone": "zones",
    "corridor": "corridors",
    "province": "provinces",
}


@dataclass(frozen=True)
class Link:
    """Another feature this one is tied to; `km` is the geodesic distance where it matters."""

    role: str
    feature_id: str
    names: Names
    km: float | None = None


@dataclass(frozen=True)
class Event:
    """One dated step of a project: announced, signed, started, opened, changed or closed."""

    step: str
    on: str
    inferred: Names
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Candidate:
    """A unit a toponym might have meant."""

    adcode: str
    level: str
    names: Names
    path_zh: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class Place:
    """Where one site lies and why it was put there; lat and lon in WGS 84 degrees."""

    site_id: str
    toponym: str
    toponym_zh: str
    province: Names | None
    prefecture: Names | None
    county: Names | None
    adcode: str
    province_adcode: str
    iso_3166_2: str
    lat: float | None
    lon: float | None
    precision: str
    radius_km: float | None
    join_method: str
    border_km: float | None
    near_border: bool
    status: str
    method: str
    matched: str
    reason: str
    changed_from: str
    candidates: tuple[Candidate, ...]

    @property
    def words(self) -> Names:
        """The toponym in both languages; one that is written in Chinese is its units in English."""
        if has_han(self.toponym):
            return Names(self.area("en"), self.toponym_zh or self.toponym)
        return Names(self.toponym, self.toponym_zh)

    @property
    def found(self) -> Names:
        """What was matched; its units in the language that the geocoder did not answer in."""
        if has_han(self.matched):
            return Names(self.area("en"), self.matched)
        return Names(self.matched, "" if self.matched.isdecimal() else self.area("zh"))

    def area(self, lang: str) -> str:
        """Write the units from coarse to fine in Chinese, fine to coarse in English."""
        units = [self.province, self.prefecture, self.county]
        names = list(dict.fromkeys(unit.say(lang) for unit in units if unit is not None))
        return "".join(names) if lang == "zh" else ", ".join(reversed(names))


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


@dataclass(frozen=True)
class Details:
    """One feature in full."""

    feature_id: str
    kind: str
    names: Names
    other_names: tuple[str, ...]
    note: Names
    facts: tuple[Fact, ...]
    figures: tuple[Fact, ...]
    events: tuple[Event, ...]
    places: tuple[Place, ...]
    projects: tuple[ProjectLine, ...]
    project_count: int
    links: tuple[Link, ...]
    citations: tuple[Citation, ...]
    previous_id: str
    next_id: str

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
    reasons = reasons_of(record)
    places = tuple(_place(dataset, row) for row in _site_rows(dataset, feature_id))
    projects, count = _projects_of(dataset, feature_id, kind)
    previous_id, next_id = _neighbours_in_table(dataset, feature_id, kind)
    return Details(
        feature_id=feature_id,
        kind=kind,
        names=_names(record),
        other_names=_other_names(record),
        note=note_of(record),
        facts=_facts(dataset, record, kind, reasons, places),
        figures=_figures(dataset, feature_id, record),
        events=_events(dataset, record, reasons) if kind == "project" else (),
        places=places,
        projects=projects,
        project_count=count,
        links=_links(dataset, feature_id, record, kind),
        citations=citations_of(dataset, record),
        previous_id=previous_id,
        next_id=next_id,
    )


def _record(dataset: Dataset, feature_id: str) -> Record:
    """Return a feature's columns; a unit without a record of its own gets what its code says."""
    if feature_id in dataset:
        return dataset.record(feature_id)
    kind, _, code = feature_id.partition(":")
    unit = unit_of(code, dataset) if kind == "city" else None
    if unit is None or unit.level == "province":
        raise UnknownFeature(
            f"No feature has the id {feature_id[:80]!r} in dataset {dataset.version}: "
            "look it up in the search box or with `geomap export geojson`."
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


def _names(record: Record) -> Names:
    return Names(str(record.get("name_en") or ""), str(record.get("name_zh") or ""))


def _other_names(record: Record) -> tuple[str, ...]:
    full = [record.get("full_en"), record.get("full_zh")]
    known = {record.get("name_en"), record.get("name_zh")}
    names = [*(record.get("former_names") or ()), *(name for name in full if name)]
    return tuple(dict.fromkeys(str(name) for name in names if name not in known))


# ---------------------------------------------------------------- facts

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
    "city": (("level", "level", ""), ("role", "text", ""), ("adcode", "text", "")),
    "corridor": (("area_km2", "figure", "km2"),),
    "province": (
        ("adcode", "text", ""),
        ("iso_3166_2", "text", ""),
        ("area_km2", "figure", "km2"),
        ("population", "figure", "people"),
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
        facts.append(
            Fact(column, said, way, unit, qualifier, period, inferred=why, citations=cited)
        )
    rate = _rate(record)
    if rate is not None:
        facts.append(Fact("rate_used", rate, "figure", "CNY per USD", citations=cited))
    return tuple(facts)


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
        own = _plain(frame.iloc[int(row)].to_dict())
        figures.append(
            Fact(
                str(own["metric"]),
                own["value"],
                "figure",
                str(own["unit"] or ""),
                str(own["qualifier"] or ""),
                str(own["period"] or ""),
                _names(own),
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


# ---------------------------------------------------------------- places


def _site_positions(dataset: Dataset, feature_id: str) -> Ints:
    """Positions of a feature's sites, in their order."""
    index = index_of(dataset)
    kind, _, name = feature_id.partition(":")
    if kind == "project":
        return index.projects.sites_of(index.projects.row_of[name])
    ids = {"zone": index.zone_ids, "city": texts_of(dataset.cities, "feature_id")}.get(kind)
    found = np.flatnonzero(ids == feature_id) if ids is not None else NO_ROWS
    rows = index.zone_row if kind == "zone" else index.city_row
    return np.flatnonzero(rows == int(found[0])).astype(np.int32) if len(found) else NO_ROWS


def _site_rows(dataset: Dataset, feature_id: str) -> list[dict[str, Any]]:
    frame = dataset.sites.iloc[_site_positions(dataset, feature_id)]
    return [_plain(row) for row in frame.to_dict("records")]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): none_if_missing(value) for name, value in row.items()}


def _place(dataset: Dataset, site: Record) -> Place:
    return Place(
        site_id=str(site["site_id"]),
        toponym=str(site["toponym"] or ""),
        toponym_zh=str(site.get("toponym_zh") or ""),
        province=_unit_names(dataset, site["province_adcode"]),
        prefecture=_unit_names(dataset, site["prefecture_adcode"]),
        county=_unit_names(dataset, site["county_adcode"]),
        adcode=str(site["adcode"] or ""),
        province_adcode=str(site["province_adcode"] or ""),
        iso_3166_2=str(site["iso_3166_2"] or ""),
        lat=site["lat"],
        lon=site["lon"],
        precision=str(site["precision"] or ""),
        radius_km=site["radius_km"],
        join_method=str(site["join_method"] or ""),
        border_km=site["border_km"],
        near_border=bool(site["near_border"]),
        status=str(site["location_status"] or ""),
        method=str(site["method"] or ""),
        matched=str(site["matched"] or ""),
        reason=str(site["reason"] or ""),
        changed_from=str(site["changed_from"] or ""),
        candidates=_candidates(str(site["candidates"] or "")),
    )


def _unit_names(dataset: Dataset, adcode: str | None) -> Names | None:
    if not adcode:
        return None
    unit = unit_of(adcode, dataset)
    return unit.names if unit else Names(adcode, adcode)


def _candidates(stored: str) -> tuple[Candidate, ...]:
    """Read the candidates a geocoder kept as JSON; other text gives none."""
    try:
        rows = json.loads(stored) if stored else []
    except ValueError:
        return ()
    return tuple(
        Candidate(
            str(row.get("adcode") or ""),
            str(row.get("level") or ""),
            Names(str(row.get("name_en") or ""), str(row.get("name_zh") or "")),
            str(row.get("path_zh") or ""),
            row.get("lat"),
            row.get("lon"),
        )
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    )


# ---------------------------------------------------------------- projects of a place


def _projects_of(
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


def _project_lines(dataset: Dataset, rows: Ints) -> dict[int, ProjectLine]:
    frame = dataset.projects.iloc[rows][list(_LINE_COLUMNS)]
    records = (_plain(record) for record in frame.to_dict("records"))
    return {int(row): _line(dataset, record) for row, record in zip(rows, records, strict=True)}


def _line(dataset: Dataset, record: Record) -> ProjectLine:
    return ProjectLine(
        feature_id=str(record["feature_id"]),
        names=_names(record),
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


# ---------------------------------------------------------------- links


def _links(dataset: Dataset, feature_id: str, record: Record, kind: str) -> tuple[Link, ...]:
    if kind == "project":
        return tuple(_project_links(dataset, record))
    if kind == "corridor":
        return tuple(_member_links(dataset, feature_id))
    links = [*_zones_in(dataset, feature_id), *_corridors_of(dataset, feature_id)]
    if kind == "city":
        links += _corridor_neighbours(dataset, str(record["adcode"]))
    if kind == "province":
        links += _cities_in(dataset, str(record["adcode"]))
    return tuple(links)


def _link(dataset: Dataset, role: str, feature_id: str, km: float | None = None) -> Link | None:
    if feature_id not in dataset:
        return None
    return Link(role, feature_id, _names(dataset.record(feature_id)), km)


def _present(links: Iterable[Link | None]) -> list[Link]:
    return [link for link in links if link is not None]


def _project_links(dataset: Dataset, record: Record) -> list[Link]:
    """Ties of a project, both those it states and those other records state about it."""
    projects = index_of(dataset).projects
    own = projects.row_of[str(record["project_id"])]
    stated = [
        ("part_of", f"project:{record['part_of']}"),
        ("same_as", f"project:{record['same_as']}"),
        ("zone", f"zone:{record['zone_id']}"),
        ("corridor", f"corridor:{record['corridor_id']}"),
    ]
    stated += [("part", str(name)) for name in projects.ids[projects.parent == own]]
    repeats = (projects.canonical == own) & (np.arange(projects.size) != own)
    stated += [("repeat", str(name)) for name in projects.ids[repeats]]
    stated += [("may_overlap", name) for name in _overlapping(dataset, own)]
    lying = _corridors_of(dataset, str(record["feature_id"]))
    links = _present(_link(dataset, role, name) for role, name in stated)
    return [*links, *(link for link in lying if link not in links)]


def _overlapping(dataset: Dataset, row: int) -> list[str]:
    projects = index_of(dataset).projects
    group = projects.overlap_group[row]
    if group < 0:
        return []
    same = (projects.overlap_group == group) & (np.arange(projects.size) != row)
    return [str(name) for name in projects.ids[same]]


def _corridors_of(dataset: Dataset, feature_id: str) -> list[Link]:
    index = index_of(dataset)
    if feature_id.startswith(("city:", "province:")):
        code = bare_id(feature_id)
        frame = dataset.corridor_members
        column = "province_adcode" if feature_id.startswith("province:") else "adcode"
        names = [str(name) for name in frame.loc[frame[column] == code, "feature_id"].unique()]
    else:
        sites = _site_positions(dataset, feature_id)
        names = [f"corridor:{name}" for name in index.corridors.of(sites)]
    return _present(_link(dataset, "corridor", str(name)) for name in names)


def _zones_in(dataset: Dataset, feature_id: str) -> list[Link]:
    index = index_of(dataset)
    inside = sites_in(parse_region(feature_id, dataset), dataset)
    rows = np.unique(index.zone_row[inside & (index.zone_row >= 0)])
    names = [str(name) for name in index.zone_ids[rows] if name != feature_id]
    return _present(_link(dataset, "zone", name) for name in names[:MOST_LISTED])


def _cities_in(dataset: Dataset, adcode: str) -> list[Link]:
    index = index_of(dataset)
    rows = np.unique(index.city_row[in_unit(index, adcode) & (index.city_row >= 0)])
    names = dataset.cities["feature_id"].to_numpy(dtype=object)[rows]
    return _present(_link(dataset, "city", str(name)) for name in names)


def _member_links(dataset: Dataset, feature_id: str) -> list[Link]:
    """Members of a corridor in drawing order, each with its distance from the one before."""
    frame = dataset.corridor_members
    own = frame[frame["feature_id"] == feature_id]
    links: list[Link] = []
    last: tuple[float, float] | None = None
    for row in own.to_dict("records"):
        here = (float(row["lat"]), float(row["lon"])) if pd.notna(row["lat"]) else None
        km = geodesic_km(*last, *here) if last and here else None
        names = Names(str(row["name_en"]), str(row["name_zh"]))
        links.append(Link("member", str(row["city_feature_id"]), names, km))
        last = here or last
    return links


def _corridor_neighbours(dataset: Dataset, adcode: str) -> list[Link]:
    """The members before and after a city on each branch of its corridors."""
    links: list[Link] = []
    for corridor in dataset.corridors.to_dict("records"):
        branches = [tuple(line) for line in corridor["branches"]] or [tuple(corridor["members"])]
        around = _beside(adcode, branches)
        links += [_neighbour(dataset, adcode, other) for other in around]
    return links


def _beside(adcode: str, branches: Sequence[tuple[str, ...]]) -> list[str]:
    found: list[str] = []
    for branch in branches:
        for place, code in enumerate(branch):
            if code == adcode:
                found += [*branch[max(place - 1, 0) : place], *branch[place + 1 : place + 2]]
    return list(dict.fromkeys(found))


def _neighbour(dataset: Dataset, adcode: str, other: str) -> Link:
    here, there = unit_of(adcode, dataset), unit_of(other, dataset)
    names = there.names if there else Names(other, other)
    km = None
    if here is not None and there is not None:
        km = _km(here, there)
    return Link("neighbour", f"city:{other}", names, km)


def _km(here: Unit, there: Unit) -> float | None:
    if here.lat is None or here.lon is None or there.lat is None or there.lon is None:
        return None
    return geodesic_km(here.lat, here.lon, there.lat, there.lon)


def _neighbours_in_table(dataset: Dataset, feature_id: str, kind: str) -> tuple[str, str]:
    """The features before and after this one among those of its kind; "" at the ends."""
    frame: pd.DataFrame = getattr(dataset, _TABLES[kind])
    column = "adcode" if kind == "province" else "feature_id"
    ids = index_of(dataset).table(("ids", kind), lambda: texts_of(frame, column))
    found = np.flatnonzero(ids == (bare_id(feature_id) if kind == "province" else feature_id))
    if not len(found):
        return "", ""
    place = int(found[0])
    prefix = "province:" if kind == "province" else ""
    before = f"{prefix}{ids[place - 1]}" if place else ""
    after = f"{prefix}{ids[place + 1]}" if place + 1 < len(ids) else ""
    return before, after
