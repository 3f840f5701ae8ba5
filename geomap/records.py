"""What a record is: sources, cities, projects, zones, corridors, indicators and their columns.

Every dataclass is one seed table; its fields are the columns, in file order. Each column says
what it holds (`doc`), how its text is read (`form`) and whether it must be filled (`required`).
The loader, the validator and the column dictionary of seeds/README.md all read it from here.
"""

# A column is declared the way dataclasses.field is: a call that answers Any.
# ruff: noqa: ANN401, RUF009

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias, get_args

from geomap.sentences import Sentence

LANGUAGES = ("en", "zh")

SourceKind = Literal["article", "official", "company", "exchange_filing", "repost", "other"]
PublishedBasis = Literal["stated", "inferred"]
CityLevel = Literal["municipality", "prefecture", "county"]
ProjectKind = Literal[
    "data_centre",
    "data_centre_cluster",
    "supercomputing_centre",
    "industrial_park",
    "manufacturing",
    "research_centre",
    "laboratory",
    "headquarters",
    "office",
    "education",
    "joint_venture",
    "platform",
    "cooperation",
    "bundle",
    "other",
]
Status = Literal[
    "announced",
    "signed",
    "permitted",
    "construction",
    "operating",
    "shelved",
    "cancelled",
    "retired",
    "unknown",
]
Qualifier = Literal["exact", "about", "more_than", "less_than"]
AmountState = Literal["stated", "undisclosed", "not_stated"]
ZoneKind = Literal[
    "high_tech_zone",
    "development_zone",
    "new_area",
    "pilot_zone",
    "innovation_zone",
    "software_park",
    "industrial_park",
    "demonstration_zone",
    "cluster",
    "other",
]
Datum = Literal["wgs84", "gcj02", "bd09"]
Severity = Literal["error", "warning", "info"]

SOURCE_KINDS: tuple[str, ...] = get_args(SourceKind)
PROJECT_KINDS: tuple[str, ...] = get_args(ProjectKind)
DATA_CENTRE_KINDS: tuple[str, ...] = PROJECT_KINDS[:3]
STATUSES: tuple[str, ...] = get_args(Status)
QUALIFIERS: tuple[str, ...] = get_args(Qualifier)
AMOUNT_STATES: tuple[str, ...] = get_args(AmountState)
ZONE_KINDS: tuple[str, ...] = get_args(ZoneKind)
CITY_LEVELS: tuple[str, ...] = get_args(CityLevel)
DATUMS: tuple[str, ...] = get_args(Datum)
SEVERITIES: tuple[str, ...] = get_args(Severity)
PROJECT_DATES = ("announced_on", "signed_on", "started_on", "opened_on", "changed_on", "closed_on")

Form: TypeAlias = Literal[
    "text",  # plain words
    "slug",  # an id: a-z, 0-9 and hyphens
    "choice",  # one of the words of an enumeration
    "adcode",  # six digits, GB/T 2260
    "list",  # texts separated by ";"
    "adcodes",  # adcodes separated by ";"
    "slugs",  # ids separated by ";"
    "branches",  # lines of adcodes joined by ">", separated by ";"
    "citations",  # source_id@locator, separated by ";"
    "reasons",  # column=why, separated by ";"
    "date",  # partial ISO date: 2020, 2020-03, 2020-03-31
    "period",  # a partial ISO date, or two joined by "/"
    "number",  # any finite number
    "quantity",  # a number that is not negative
    "lat",
    "lon",
    "flag",  # true or false
    "url",  # http or https
    "sha256",
]
_MULTIPLE: tuple[str, ...] = ("list", "adcodes", "slugs", "branches", "citations", "reasons")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def _column(
    doc: str,
    form: Form = "text",
    *,
    choices: tuple[str, ...] = (),
    required: bool = False,
    default: Any = None,
    twin_of: str = "",
) -> Any:
    """Declare one column; a required column has no default."""
    metadata = {"doc": doc, "form": form, "choices": choices, "required": required}
    metadata["twin_of"] = twin_of
    if required:
        return field(metadata=metadata)
    return field(default=() if form in _MULTIPLE else default, metadata=metadata)


def _twin(of: str, doc: str, form: Form = "text", default: Any = None) -> Any:
    """Declare the Chinese twin of a column; a table may do without it."""
    return _column(doc, form, default=default, twin_of=of)


def _source_id() -> Any:
    return _column(
        "The source that states this record: an id of sources.csv.", "slug", required=True
    )


def _source_locator() -> Any:
    return _column(
        "Where in the source: lines (`L11;L29`), a page or a section.",
        default="",
    )


def _also_sources() -> Any:
    return _column(
        "Further sources of the same facts, as `source_id@locator`; the locator may be empty.",
        "citations",
    )


def _inferred() -> Any:
    return _column(
        "Values the source does not state outright, as `column=why`. What is not named here is"
        " stated by the source.",
        "reasons",
    )


def _inferred_zh() -> Any:
    return _twin("inferred", "The same reasons in Chinese, for the same columns.", "reasons")


def _note_zh() -> Any:
    return _twin("note", "The note in Chinese; `Suspect:` is `存疑：`.", default="")


def _note() -> Any:
    return _column(
        "What a reader should know. Starts with `Suspect:` where the source looks wrong.",
        default="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page, article or filing that records are taken from."""

    source_id: str = _column("Readable id, such as `shine-2022-07-14`.", "slug", required=True)
    title: str = _column("Headline, or what the page is where it has none.", required=True)
    publisher: str = _column("Who published it.", required=True)
    author: str | None = _column("Byline, where there is one.")
    published_on: str | None = _column("Publication date, as exact as it is known.", "date")
    published_basis: PublishedBasis | None = _column(
        "Whether the date stands on the page (`stated`) or was worked out (`inferred`);"
        " empty where no date is known.",
        "choice",
        choices=get_args(PublishedBasis),
    )
    url: str | None = _column("Address of the page, http or https.", "url")
    language: str = _column("Language of the page: ISO 639-1 code.", required=True)
    kind: SourceKind = _column(
        "What sort of source it is.", "choice", choices=SOURCE_KINDS, required=True
    )
    file_sha256: str | None = _column(
        "SHA-256 of the text file that was read, where one was kept.", "sha256"
    )
    note: str = _note()
    note_zh: str = _note_zh()


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A prefecture-level city, municipality, district or county that has its own mark."""

    adcode: str = _column("Code of the unit, GB/T 2260.", "adcode", required=True)
    name_en: str = _column("English name.", required=True)
    name_zh: str = _column("Full official Chinese name.", required=True)
    level: CityLevel = _column(
        "Administrative level.", "choice", choices=CITY_LEVELS, required=True
    )
    role: str = _column("Why it is on the map, in a few words.", default="")
    role_zh: str = _twin("role", "The role in Chinese.", default="")
    lat: float | None = _column("Latitude in degrees; empty = taken from the gazetteer.", "lat")
    lon: float | None = _column("Longitude in degrees; empty = taken from the gazetteer.", "lon")
    datum: Datum | None = _column("Datum of lat and lon; empty = wgs84.", "choice", choices=DATUMS)
    source_id: str = _source_id()
    source_locator: str = _source_locator()
    also_sources: tuple[str, ...] = _also_sources()
    inferred: tuple[str, ...] = _inferred()
    inferred_zh: tuple[str, ...] = _inferred_zh()
    note: str = _note()
    note_zh: str = _note_zh()

    @property
    def feature_id(self) -> str:
        """Id on the map, in links and exports."""
        return f"city:{self.adcode}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One investment or undertaking, at one place or several."""

    project_id: str = _column("Readable id, never reused.", "slug", required=True)
    name_en: str = _column("English name.", required=True)
    name_zh: str = _column("Chinese name.", required=True)
    kind: ProjectKind = _column(
        "What is built or done. `bundle` is a list of projects under one sum and is never"
        " counted as a project.",
        "choice",
        choices=PROJECT_KINDS,
        required=True,
    )
    status: Status = _column(
        "How far it had come by its newest source.", "choice", choices=STATUSES, required=True
    )
    investors: tuple[str, ...] = _column("Who pays for or runs it.", "list")
    partners: tuple[str, ...] = _column("Who else signed or takes part.", "list")
    places: tuple[str, ...] = _column(
        "Every place of the project as a toponym, finest part first"
        " (`Shengze Town, Wujiang District, Suzhou, Jiangsu`); an adcode will do.",
        "list",
    )
    places_zh: tuple[str, ...] = _twin("places", "The places in Chinese, in this order.", "list")
    lat: float | None = _column("Latitude in degrees, only where the project has one place.", "lat")
    lon: float | None = _column("Longitude in degrees, only with lat.", "lon")
    datum: Datum | None = _column("Datum of lat and lon; empty = wgs84.", "choice", choices=DATUMS)
    amount_cny: float | None = _column(
        "Investment in yuan, as the source states it; never converted.", "quantity"
    )
    amount_usd: float | None = _column(
        "Investment in US dollars, as the source states it. Beside amount_cny it is the same"
        " money, not more money.",
        "quantity",
    )
    amount_qualifier: Qualifier | None = _column(
        "How exact the stated amount is.", "choice", choices=QUALIFIERS
    )
    amount_state: AmountState = _column(
        "`stated`; `undisclosed` when the source says the sum was withheld; `not_stated` when"
        " it says nothing.",
        "choice",
        choices=AMOUNT_STATES,
        required=True,
    )
    announced_on: str | None = _column("When it was announced.", "date")
    signed_on: str | None = _column("When an agreement was signed.", "date")
    started_on: str | None = _column("When building or work started.", "date")
    opened_on: str | None = _column("When it opened or began to operate.", "date")
    changed_on: str | None = _column("When it was last reported changed or extended.", "date")
    closed_on: str | None = _column("When it closed or was given up.", "date")
    area_m2: float | None = _column("Area in square metres.", "quantity")
    area_as_written: str | None = _column("The area in the words of the source.")
    area_as_written_zh: str | None = _twin("area_as_written", "The same in Chinese.")
    capacity_mw: float | None = _column("Electric power in megawatts, where stated.", "quantity")
    zone_id: str | None = _column("The zone it lies in: an id of zones.csv.", "slug")
    corridor_id: str | None = _column(
        "The corridor it is a programme of: an id of corridors.csv. A project that merely lies in"
        " a member city needs no entry here.",
        "slug",
    )
    part_of: str | None = _column(
        "The larger project or bundle it is part of: a project_id.", "slug"
    )
    same_as: str | None = _column(
        "The record that tells of the same project: a project_id. Counted once.", "slug"
    )
    may_overlap: tuple[str, ...] = _column(
        "Projects whose money may be partly the same, where the sources do not say.", "slugs"
    )
    source_id: str = _source_id()
    source_locator: str = _source_locator()
    also_sources: tuple[str, ...] = _also_sources()
    inferred: tuple[str, ...] = _inferred()
    inferred_zh: tuple[str, ...] = _inferred_zh()
    note: str = _note()
    note_zh: str = _note_zh()

    @property
    def feature_id(self) -> str:
        """Id on the map, in links and exports."""
        return f"project:{self.project_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A tech zone, park or new area; it may span several counties or provinces."""

    zone_id: str = _column("Readable id, never reused.", "slug", required=True)
    name_en: str = _column("English name.", required=True)
    name_zh: str = _column("Chinese name.", required=True)
    former_names: tuple[str, ...] = _column("Earlier and other names, in either language.", "list")
    kind: ZoneKind = _column("What sort of zone.", "choice", choices=ZONE_KINDS, required=True)
    members: tuple[str, ...] = _column("Every unit the zone spans, as toponyms.", "list")
    members_zh: tuple[str, ...] = _twin("members", "The members in Chinese, in this order.", "list")
    host_place: str | None = _column("The unit or zone that hosts it, as a toponym.")
    host_place_zh: str | None = _twin("host_place", "The host place in Chinese.")
    lat: float | None = _column("Latitude in degrees, only for a zone at one place.", "lat")
    lon: float | None = _column("Longitude in degrees, only with lat.", "lon")
    datum: Datum | None = _column("Datum of lat and lon; empty = wgs84.", "choice", choices=DATUMS)
    area_m2: float | None = _column("Area in square metres.", "quantity")
    established_on: str | None = _column("When it was set up.", "date")
    draw_on_map: bool = _column(
        "`false` for a list or a policy that has no place of its own.", "flag", default=True
    )
    companies: tuple[str, ...] = _column("Companies the source places in the zone.", "list")
    source_id: str = _source_id()
    source_locator: str = _source_locator()
    also_sources: tuple[str, ...] = _also_sources()
    inferred: tuple[str, ...] = _inferred()
    inferred_zh: tuple[str, ...] = _inferred_zh()
    note: str = _note()
    note_zh: str = _note_zh()

    @property
    def feature_id(self) -> str:
        """Id on the map, in links and exports."""
        return f"zone:{self.zone_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """A chain of cities that work together along a road."""

    corridor_id: str = _column("Readable id, never reused.", "slug", required=True)
    name_en: str = _column("English name.", required=True)
    name_zh: str = _column("Chinese name.", required=True)
    former_names: tuple[str, ...] = _column("Earlier and other names, in either language.", "list")
    members: tuple[str, ...] = _column(
        "Member units as adcodes, in drawing order.", "adcodes", required=True
    )
    branches: tuple[tuple[str, ...], ...] = _column(
        "The lines to draw, each a chain of member adcodes joined by `>`.", "branches"
    )
    area_km2: float | None = _column("Area in square kilometres.", "quantity")
    source_id: str = _source_id()
    source_locator: str = _source_locator()
    also_sources: tuple[str, ...] = _also_sources()
    inferred: tuple[str, ...] = _inferred()
    inferred_zh: tuple[str, ...] = _inferred_zh()
    note: str = _note()
    note_zh: str = _note_zh()

    @property
    def feature_id(self) -> str:
        """Id on the map, in links and exports."""
        return f"corridor:{self.corridor_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One figure about a place, zone, corridor, project or the whole country."""

    indicator_id: str = _column("Readable id, never reused.", "slug", required=True)
    subject: str = _column(
        "What it is about: a feature id (`zone:pazhou…`, `project:…`), an adcode, or `country:CN`.",
        required=True,
    )
    metric: str = _column("Short name of what is measured; a slug.", "slug", required=True)
    value: float = _column("The figure.", "number", required=True)
    unit: str = _column(
        "Unit of the figure: CNY, USD, percent, km2, m2, companies …", required=True
    )
    qualifier: Qualifier | None = _column("How exact the figure is.", "choice", choices=QUALIFIERS)
    period: str | None = _column("When it holds: a partial date, or `from/to`.", "period")
    name_en: str = _column("What is measured, in English.", required=True)
    name_zh: str = _column("What is measured, in Chinese.", required=True)
    source_id: str = _source_id()
    source_locator: str = _source_locator()
    also_sources: tuple[str, ...] = _also_sources()
    inferred: tuple[str, ...] = _inferred()
    inferred_zh: tuple[str, ...] = _inferred_zh()
    note: str = _note()
    note_zh: str = _note_zh()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A company, authority or other body that records name, in both languages."""

    name_en: str = _column("The name as investors, partners and companies have it.", required=True)
    name_zh: str = _column("Chinese name.", required=True)
    aliases: tuple[str, ...] = _column(
        "Other names it goes by, in either language; the search finds them too.", "list"
    )
    source_id: str | None = _column(
        "Where the Chinese name was read: an id of sources.csv; empty = in common use.", "slug"
    )
    note: str = _note()
    note_zh: str = _note_zh()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another name of a unit or feature."""

    toponym: str = _column("The name as sources write it.", required=True)
    adcode: str | None = _column("The unit it means.", "adcode")
    feature_id: str | None = _column("Or the feature it means, such as `corridor:g60`.")
    valid_from: str | None = _column("From when the name was in use.", "date")
    valid_to: str | None = _column("Until when the name was in use.", "date")
    reason: str = _column("Why it means that.", required=True)
    source_id: str | None = _column("Where the name was met: an id of sources.csv.", "slug")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Words in a source that look like a place and are none."""

    toponym: str = _column("The words as the source writes them.", required=True)
    reason: str = _column("Why they are not a place of the story.", required=True)
    source_id: str | None = _column("Where they stand: an id of sources.csv.", "slug")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault found in a seed table, with where it is and how to mend it.

    line counts from 1 as an editor shows it (in a spreadsheet: the row); 0 means the file as a
    whole. value is the offending text, cut to a readable length. words says what is wrong and
    remedy how to mend it, in either language.
    """

    severity: Severity
    code: str
    file: str
    line: int
    column: str
    value: str
    words: Sentence
    remedy: Sentence

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.words.say("en")

    @property
    def fix(self) -> str:
        """How to mend it, in English."""
        return self.remedy.say("en")

    @property
    def message_zh(self) -> str:
        """What is wrong, in Chinese."""
        return self.words.say("zh")

    @property
    def fix_zh(self) -> str:
        """How to mend it, in Chinese."""
        return self.remedy.say("zh")


# The attributes of an issue as the columns of a table, in both languages.
ISSUE_COLUMNS = (
    *("severity", "code", "file", "line", "column", "value"),
    *("message", "fix", "message_zh", "fix_zh"),
)


Record: TypeAlias = (
    Source | City | Project | Zone | Corridor | Indicator | Organisation | Alias | Exclusion
)


@dataclass(frozen=True, slots=True)
class Column:
    """What the declaration of one column says."""

    name: str
    doc: str
    form: Form
    choices: tuple[str, ...]
    required: bool
    twin_of: str  # the column that this one says in Chinese

    @property
    def is_list(self) -> bool:
        """Tell whether a cell holds several values separated by `;`."""
        return self.form in _MULTIPLE


@dataclass(frozen=True, slots=True)
class Table:
    """One seed table: its name (file name without ending), record class and id column."""

    name: str
    record: Callable[..., Any]
    key: str | None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in file order."""
        return _columns_of(self.record)

    @property
    def required(self) -> frozenset[str]:
        """The columns that must be filled."""
        return _required_of(self.record)

    @property
    def twins(self) -> tuple[tuple[Column, Column], ...]:
        """The columns that have a Chinese twin, each with it."""
        return _twins_of(self.record)


@cache
def _columns_of(record: Any) -> tuple[Column, ...]:
    names = ("doc", "form", "choices", "required", "twin_of")
    return tuple(
        Column(f.name, **{name: f.metadata[name] for name in names})
        for f in dataclasses.fields(record)
    )


@cache
def _required_of(record: Any) -> frozenset[str]:
    return frozenset(column.name for column in _columns_of(record) if column.required)


@cache
def _twins_of(record: Any) -> tuple[tuple[Column, Column], ...]:
    named = {column.name: column for column in _columns_of(record)}
    return tuple((named[one.twin_of], one) for one in named.values() if one.twin_of)


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table("sources", Source, "source_id"),
        Table("cities", City, "adcode"),
        Table("projects", Project, "project_id"),
        Table("zones", Zone, "zone_id"),
        Table("corridors", Corridor, "corridor_id"),
        Table("indicators", Indicator, "indicator_id"),
        Table("organisations", Organisation, "name_en"),
        Table("aliases", Alias, None),
        Table("exclusions", Exclusion, None),
    )
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands: file name and line."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All records of a seeds folder, in file order, and where each of them stands.

    origins maps a table name to the origins of its records, in the same order.
    """

    sources: tuple[Source, ...] = ()
    cities: tuple[City, ...] = ()
    projects: tuple[Project, ...] = ()
    zones: tuple[Zone, ...] = ()
    corridors: tuple[Corridor, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    aliases: tuple[Alias, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    origins: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)

    def with_origins(self, table: str) -> Iterator[tuple[Any, Origin]]:
        """Go through the records of a table together with where each stands."""
        return zip(getattr(self, table), self.origins[table], strict=True)


def is_slug(text: str) -> bool:
    """Tell whether a text can be an id: a-z and 0-9, parts joined by single hyphens."""
    return _SLUG.match(text) is not None


def reasons(record: Record, lang: str = "en") -> dict[str, str]:
    """Give the inferred columns of a record with the reason of each, in one language."""
    entries = getattr(record, "inferred_zh" if lang == "zh" else "inferred", ())
    pairs = (entry.partition("=") for entry in entries)
    return {column.strip(): why.strip() for column, _, why in pairs}


def citations(record: Record) -> tuple[tuple[str, str], ...]:
    """Give every source of a record as (source_id, locator), the main one first."""
    main = (getattr(record, "source_id", None) or "", getattr(record, "source_locator", ""))
    further = (entry.partition("@") for entry in getattr(record, "also_sources", ()))
    listed = [main, *((source_id, locator) for source_id, _, locator in further)]
    return tuple(pair for pair in listed if pair[0])


def column_dictionary(table: Table) -> str:
    """Write the columns of a table as a Markdown table."""
    lines = ["| column | must be filled | holds |", "| --- | --- | --- |"]
    for column in table.columns:
        doc = column.doc
        if column.twin_of:
            doc += " A table may do without this column."
        if column.choices:
            doc += " One of: " + " · ".join(f"`{choice}`" for choice in column.choices) + "."
        lines.append(f"| `{column.name}` | {'yes' if column.required else ''} | {doc} |")
    return "\n".join(lines)
