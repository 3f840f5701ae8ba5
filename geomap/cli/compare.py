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
from geomap.cli.language import words
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
            help="cli.compare.regions",
        ),
    ],
    form: Annotated[
        ComparisonFormat,
        typer.Option(
            "--format",
            help="cli.compare.format",
        ),
    ] = ComparisonFormat.table,
    reference: Annotated[
        str,
        typer.Option(
            "--reference",
            help="cli.compare.reference",
        ),
    ] = "",
    lang: LanguageOption = Language.en,
    output: OutputOption = None,
    query: FilterOption = "",
    data: DataOption = None,
    version: VersionOption = None,
) -> None:
    """Put two to four regions side by side."""
    from geomap.views.comparison import compare_regions

    _refuse(regions, form, output)
    dataset = opened(data, version)
    asked = [_region(one, dataset, lang.value) for one in regions]
    base = _reference(reference, dataset)
    comparison = compare_regions(dataset, asked, filters_of(query, dataset), base)
    problems = [n.say(lang.value) for n in comparison.notices if n.severity == "error"]
    if problems:
        fail("\n".join(problems), FAULTS)
    if base not in (0, *(region.region_id for region in comparison.regions)):
        raise typer.BadParameter(words("cli.compare.other_reference"), param_hint="--reference")
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
        said = words("cli.compare.most", most=MOST_REGIONS, n=len(regions))
        raise typer.BadParameter(said, param_hint="REGION")
    if form is ComparisonFormat.xlsx and output is None:
        said = words("cli.compare.workbook")
        raise typer.BadParameter(said, param_hint="--format")


def _region(asked: str, dataset: Dataset, lang: str) -> str | Region:
    """Take a region as written; the name of a GeoJSON file is read as its polygon."""
    from geomap.views.regions import RegionProblem, region_from_geojson

    path = Path(asked)
    if path.suffix.lower() not in (".geojson", ".json"):
        return asked
    if not path.is_file():
        fail(words("cli.compare.no_file", path=asked), FAULTS)
    if path.stat().st_size > _LARGEST_FILE:
        most = _LARGEST_FILE // 1_000_000
        fail(words("cli.compare.too_large", path=asked, most=most), FAULTS)
    try:
        return region_from_geojson(json.loads(path.read_bytes()), dataset)
    except RegionProblem as problem:
        fail(words("cli.compare.in_file", path=asked, why=problem.sentence(lang)), FAULTS)
    except (ValueError, RecursionError):
        fail(words("cli.compare.not_geojson", path=asked), FAULTS)


def _reference(asked: str, dataset: Dataset) -> str | int:
    from geomap.views.regions import parse_region

    return parse_region(asked, dataset).region_id if asked else 0


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
