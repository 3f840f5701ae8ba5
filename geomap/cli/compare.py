"""`geomap compare`: regions side by side, in the terminal or as a file."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from geomap.cli.console import FAULTS, fail, put, say
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
    from geomap.views.comparison import Comparison, Line

_WIDEST = 200  # characters of a table that is not written to a terminal


class ComparisonFormat(StrEnum):
    """How a comparison is written."""

    table = "table"
    html = "html"
    csv = "csv"
    json = "json"


def compare(
    regions: Annotated[
        list[str],
        typer.Argument(
            metavar="REGION",
            help="Two to four names in English, Chinese or pinyin, codes or feature ids.",
        ),
    ],
    form: Annotated[
        ComparisonFormat,
        typer.Option(
            "--format", help="table for people, html for a page, csv or json for programs."
        ),
    ] = ComparisonFormat.table,
    lang: LanguageOption = Language.en,
    output: OutputOption = None,
    query: FilterOption = "",
    data: DataOption = None,
    version: VersionOption = None,
) -> None:
    """Put two to four regions side by side.

    A region is a province, city, district, corridor, zone or project, the whole country
    (China), circle:LAT,LON,KM or polygon:ENCODED. A name that could be several is not guessed:
    the candidates are listed and the exit code is 1. "No record" is never 0.

    \b
    Examples:
      geomap compare Anhui Zhejiang
      geomap compare 合肥 杭州 苏州 --lang zh
      geomap compare corridor:g60 China --format csv -o g60.csv
      geomap compare "circle:31.23,121.47,100" 340000 --format html -o shanghai.html
    """
    from geomap.views.comparison import MOST_REGIONS, compare_regions

    if not 2 <= len(regions) <= MOST_REGIONS:
        raise typer.BadParameter(
            f"give two to {MOST_REGIONS} regions, not {len(regions)}.", param_hint="REGION"
        )
    dataset = opened(data, version)
    comparison = compare_regions(dataset, regions, filters_of(query, dataset))
    problems = [n.say(lang.value) for n in comparison.notices if n.severity == "error"]
    if problems:
        fail("\n".join(problems), FAULTS)
    put(_written(comparison, form, lang.value), output)
    if form is not ComparisonFormat.table:
        for notice in comparison.notices:
            say(notice.say(lang.value))


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

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from geomap.text import text

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(text("export.comparison.measure", lang))
    for region in comparison.regions:
        table.add_column(Text(region.names.say(lang)), justify="right")
    for line in comparison.lines:
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
    return [line.name(lang), *(value.shown(lang) for value in line.values)]
