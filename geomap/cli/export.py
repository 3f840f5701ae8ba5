"""`geomap export`: the dataset as a web page, as GeoJSON or as a table."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl

import typer

from geomap.cli.console import FAULTS, GuardedGroup, fail, put, put_bytes
from geomap.cli.language import language, speak
from geomap.cli.seeds import DataOption, settings_of
from geomap.cli.spoken import SpokenCommand
from geomap.sentences import sentence

if TYPE_CHECKING:
    from geomap.dataset import Dataset
    from geomap.views.filters import Filters

export_app = typer.Typer(
    cls=GuardedGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="cli.export.help",
)


class Language(StrEnum):
    """Language of what a person reads."""

    en = "en"
    zh = "zh"


class Table(StrEnum):
    """The tables of a dataset; `sites` has one row for every place."""

    sites = "sites"
    cities = "cities"
    projects = "projects"
    zones = "zones"
    corridors = "corridors"
    corridor_members = "corridor_members"
    provinces = "provinces"
    indicators = "indicators"
    census = "census"
    organisations = "organisations"
    aliases = "aliases"
    exclusions = "exclusions"
    sources = "sources"
    issues = "issues"


OutputOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="cli.option.output"),
]
FilterOption = Annotated[
    str,
    typer.Option(
        "--filter",
        metavar="TEXT",
        help="cli.option.filter",
    ),
]
VersionOption = Annotated[
    str | None,
    typer.Option("--dataset", metavar="VERSION", help="cli.option.dataset"),
]


def _speak(lang: Language) -> Language:
    speak(lang.value)
    return lang


LanguageOption = Annotated[
    Language,
    typer.Option("--lang", callback=_speak, is_eager=True, help="cli.option.lang"),
]


def opened(data: Path | None, version: str | None) -> Dataset:
    """Open the dataset the command line means; without one, raises DatasetError."""
    from geomap.dataset import open_dataset

    return open_dataset(settings_of(data=data).data_dir, version)


def filters_of(query: str, dataset: Dataset) -> Filters | None:
    """Read filters as they stand in the app's address; a word that means nothing is a fault.

    A whole address (with its `?`) may hold what is no filter, such as the language.
    """
    if not query:
        return None
    from geomap.views.filters import PARAM_NAMES, filters_from_params

    _, mark, address = query.partition("?")
    params = dict(parse_qsl(address if mark else query, keep_blank_values=True))
    unknown = [name for name in params if name not in PARAM_NAMES]
    if not params or (unknown and not mark):
        key = "cli.filter.unknown" if unknown else "cli.filter.none"
        asked, known = unknown[0] if unknown else query, tuple(sorted(PARAM_NAMES))
        said = sentence(key, asked=asked, known=known).say(language())
        raise typer.BadParameter(said, param_hint="--filter")
    filters, notes = filters_from_params(params, dataset)
    if notes:
        fail(" ".join(note.say(language()) for note in notes), FAULTS)
    return filters


@export_app.command("html", cls=SpokenCommand, help="cli.export_html.help")
def export_html(
    output: OutputOption = None,
    query: FilterOption = "",
    lang: LanguageOption = Language.en,
    data: DataOption = None,
    version: VersionOption = None,
) -> None:
    """Write the map as one web page that opens offline, everything inside."""
    from geomap.maps.html_export import map_html

    dataset = opened(data, version)
    put(map_html(dataset, filters_of(query, dataset), lang.value), output)


@export_app.command("geojson", cls=SpokenCommand, help="cli.export_geojson.help")
def export_geojson(
    output: OutputOption = None,
    query: FilterOption = "",
    lang: LanguageOption = Language.en,
    data: DataOption = None,
    version: VersionOption = None,
) -> None:
    """Write every city, site, zone, corridor and province as GeoJSON (RFC 7946, WGS 84)."""
    from geomap.export import geojson_text

    dataset = opened(data, version)
    put(geojson_text(dataset, filters_of(query, dataset), lang.value), output)


@export_app.command("csv", cls=SpokenCommand, help="cli.export_csv.help")
def export_csv(
    output: OutputOption = None,
    table: Annotated[Table, typer.Option("--table", help="cli.export_csv.table")] = Table.sites,
    query: FilterOption = "",
    data: DataOption = None,
    version: VersionOption = None,
) -> None:
    """Write one table as CSV (UTF-8); `-o FILE.xlsx` writes all tables as a workbook."""
    from geomap.export import csv_text, export_table

    dataset = opened(data, version)
    filters = filters_of(query, dataset)
    if output is not None and output.suffix.lower() == ".xlsx":
        put_bytes(_workbook(dataset, filters), output)
    else:
        put(csv_text(export_table(dataset, table.value, filters)), output)


def _workbook(dataset: Dataset, filters: Filters | None) -> bytes:
    from geomap.export import TABLE_NAMES, export_table, xlsx_bytes

    return xlsx_bytes({name: export_table(dataset, name, filters) for name in TABLE_NAMES})
