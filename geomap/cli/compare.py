"""`geomap compare`: regions side by side, in the terminal or as a file."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geomap.cli.console import FAULTS, fail, put, put_bytes, say
from geomap.cli.export import (
    FilterOption,
    Language,
    LanguageOption,
    OutputOption,
    VersionOption,
    filters_of,
    opened,
)
from geomap.cli.seeds import DataOption

if TYPE_CHECKING:
    from geomap.dataset import Dataset
    from geomap.views.comparison import Comparison, Line
    from geomap.views.region import Region

_LARGEST_FILE = 5_000_000  # bytes of a GeoJSON file
_WIDEST = 200  # characters of a table that is not written to a terminal


class ComparisonFormat(StrEnum):
    """How a comparison is written."""

    table = "table"
    html = "html"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


def compare(
    regions: Annotated[
        list[str],
        typer.Argument(
            metavar="REGION",
            help="Two to four names in English, Chinese or pinyin, codes, feature ids or files.",
        ),
    ],
    form: Annotated[
        ComparisonFormat,
        typer.Option(
            "--format",
            help="table for people, html for a page, csv or json for programs, xlsx with -o.",
        ),
    ] = ComparisonFormat.table,
    reference: Annotated[
        str,
        typer.Option(
            "--reference",
            help="The region that differences and ratios are against; by default the first.",
        ),
    ] = "",
    lang: LanguageOption = Language.en,
    output: OutputOption = None,
    query: FilterOption = "",
    data: DataOption = None,
    version: VersionOption = None,
) -> None:
    """Put two to four regions side by side.

    A region is a province, city, district, corridor, zone or project, the whole country
    (China), circle:PLACE,KM or circle:LAT,LON,KM, polygon:LAT,LON;LAT,LON;LAT,LON, or a
    GeoJSON file with one polygon. A name that could be several is not guessed: the candidates
    are listed and the exit code is 1. "No record" is never 0.

    \b
    Examples:
      geomap compare Anhui Zhejiang
      geomap compare 合肥 杭州 苏州 --lang zh
      geomap compare corridor:g60 China --format csv -o g60.csv
      geomap compare "circle:Shanghai,100" 340000 --format html -o shanghai.html
    """
    from geomap.views.comparison import compare_regions

    _refuse(regions, form, output)
    dataset = opened(data, version)
    asked = [_region(words, dataset, lang.value) for words in regions]
    base = _reference(reference, dataset)
    comparison = compare_regions(dataset, asked, filters_of(query, dataset), base)
    problems = [n.say(lang.value) for n in comparison.notices if n.severity == "error"]
    if problems:
        fail("\n".join(problems), FAULTS)
    if base not in (0, *(region.region_id for region in comparison.regions)):
        raise typer.BadParameter("name one of the regions compared.", param_hint="--reference")
    if form is ComparisonFormat.xlsx and output is not None:
        put_bytes(_workbook(comparison, lang.value), output)
    else:
        put(_written(comparison, form, lang.value), output)
    if form is not ComparisonFormat.table:
        for notice in comparison.notices:
            say(notice.say(lang.value))


def _refuse(regions: list[str], form: ComparisonFormat, output: Path | None) -> None:
    from geomap.views.comparison import MOST_REGIONS

    if len(regions) > MOST_REGIONS:
        said = f"at most {MOST_REGIONS} regions fit side by side, not {len(regions)}."
        raise typer.BadParameter(said, param_hint="REGION")
    if form is ComparisonFormat.xlsx and output is None:
        said = "a workbook needs a file: add -o FILE.xlsx."
        raise typer.BadParameter(said, param_hint="--format")


def _region(words: str, dataset: Dataset, lang: str) -> str | Region:
    """Take a region as written; the name of a GeoJSON file is read as its polygon."""
    from geomap.views.regions import RegionProblem, region_from_geojson

    path = Path(words)
    if path.suffix.lower() not in (".geojson", ".json"):
        return words
    if not path.is_file():
        fail(f"There is no file {words}.", FAULTS)
    if path.stat().st_size > _LARGEST_FILE:
        fail(
            f"{words} is larger than {_LARGEST_FILE // 1_000_000} MB; one polygon will do.", FAULTS
        )
    try:
        return region_from_geojson(json.loads(path.read_bytes()), dataset)
    except RegionProblem as problem:
        fail(f"{words}: {problem.words.say(lang)}", FAULTS)
    except (ValueError, RecursionError):
        fail(f"{words} is not GeoJSON. Save one polygon as GeoJSON in WGS 84.", FAULTS)


def _reference(words: str, dataset: Dataset) -> str | int:
    from geomap.views.regions import parse_region

    return parse_region(words, dataset).region_id if words else 0


def _workbook(comparison: Comparison, lang: str) -> bytes:
    from geomap.export import comparison_sheets, xlsx_bytes

    return xlsx_bytes(comparison_sheets(comparison, lang))


def _written(comparison: Comparison, form: ComparisonFormat, lang: str) -> str:
    from geomap.export import comparison_frame, comparison_html, comparison_json, csv_text

    if form is ComparisonFormat.html:
        return comparison_html(comparison, lang)
    if form is ComparisonFormat.csv:
        return csv_text(comparison_frame(comparison, lang))
    if form is ComparisonFormat.json:
        return comparison_json(comparison, lang)
    return _table(comparison, lang)


def _table(comparison: Comparison, lang: str) -> str:
    """Draw the comparison in characters, as wide as the terminal or as needed for a file."""
    from io import StringIO
    from itertools import groupby

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from geomap.text import text

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(text("export.comparison.measure", lang))
    for region in comparison.regions:
        table.add_column(Text(region.names.say(lang)), justify="right")
    for name, lines in groupby(comparison.lines, key=lambda line: line.measure.group):
        table.add_section()
        table.add_row(Text(text(f"comparison.group.{name}", lang), style="bold"))
        for line in lines:
            table.add_row(*(Text(cell) for cell in _row(line, lang)))
    drawn = StringIO()
    width = None if sys.stdout.isatty() else _WIDEST
    console = Console(file=drawn, width=width, color_system=None)
    console.print(table)
    for notice in comparison.notices:
        console.print(Text(notice.say(lang)))
    console.print(Text(text("export.comparison.version", lang, version=comparison.dataset.version)))
    return "\n".join(line.rstrip() for line in drawn.getvalue().strip("\n").splitlines()) + "\n"


def _row(line: Line, lang: str) -> list[str]:
    return [f"  {line.name(lang)}", *(value.shown(lang) for value in line.values)]
