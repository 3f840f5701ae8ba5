"""`geomap validate` and `geomap build`: from a folder of records to a dataset."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geomap.cli.console import FAULTS, plain, progress_bar, put, say
from geomap.issues import has_errors
from geomap.records import Issue
from geomap.settings import Settings

SeedsOption = Annotated[
    Path | None,
    typer.Option("--seeds", metavar="FOLDER", help="Folder of records. [default: the shipped]"),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="Folder of built datasets. [default: beside the program]"
    ),
]
BoundariesOption = Annotated[
    Path | None,
    typer.Option(
        "--boundaries",
        metavar="FILE",
        help="Provinces of your own: GeoJSON or Parquet in WGS 84 with an adcode column.",
    ),
]


_COUNTED = {
    "projects": ("project",),
    "zones": ("zone",),
    "corridors": ("corridor",),
    "cities": ("city", "cities"),
    "placed_sites": ("place on the map", "places on the map"),
    "unplaced_sites": ("place without a point", "places without a point"),
}


class IssueFormat(StrEnum):
    """How a list of issues is written."""

    text = "text"
    json = "json"
    csv = "csv"


def settings_of(
    seeds: Path | None = None, data: Path | None = None, boundaries: Path | None = None
) -> Settings:
    """Take the settings of the environment, overruled by what the command line names."""
    known = Settings.from_env()
    return replace(
        known,
        seeds_dir=seeds or known.seeds_dir,
        data_dir=data or known.data_dir,
        boundaries=boundaries or known.boundaries,
    )


def validate(
    seeds: Annotated[
        Path | None,
        typer.Argument(metavar="SEEDS", help="Folder of records. [default: the shipped]"),
    ] = None,
    form: Annotated[
        IssueFormat,
        typer.Option("--format", help="text for people, json or csv for programs."),
    ] = IssueFormat.text,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write there instead.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let warnings count as faults (exit code 1).")
    ] = False,
) -> None:
    """List every fault in a folder of records.

    Each with file, line, column, reason and fix, all in one run, places included. Exit code 1
    means that an error stands in the way of a build; warnings alone give 0, unless --strict is
    given. Nothing is written but the list.

    \b
    Examples:
      geomap validate
      geomap validate my-seeds
      geomap validate my-seeds --format csv -o faults.csv
    """
    from geomap.dataset import check_seeds

    issues = check_seeds(settings_of(seeds).seeds_dir).issues
    put(issues_text(issues, form), output)
    say(summary(issues))
    if has_errors(issues) or (strict and any(one.severity == "warning" for one in issues)):
        raise typer.Exit(FAULTS)


def build(
    seeds: SeedsOption = None, data: DataOption = None, boundaries: BoundariesOption = None
) -> None:
    """Make a dataset of a folder of records.

    The records are checked, placed, joined to their provinces and written. The dataset is a
    folder of its own, named after its content, and becomes the current one in a single step: a
    build that fails, or is killed, leaves the one before as it was. Records whose place is
    unknown or ambiguous stay in the dataset without a point. The same records give the same
    version.

    \b
    Examples:
      geomap build
      geomap build --seeds my-seeds --data my-data
      GEOMAP_BOUNDARIES=approved.geojson geomap build
    """
    run_build(settings_of(seeds, data, boundaries))


def run_build(settings: Settings) -> None:
    """Build, tell what came of it, and end with exit code 1 when the seeds have errors."""
    from geomap.dataset import build_dataset

    with progress_bar() as tell:
        report = build_dataset(settings.seeds_dir, settings, progress=tell)
    if report.dataset is None:
        say(issues_text(report.issues, IssueFormat.text).rstrip("\n"))
        say(f"{summary(report.issues)} No dataset was built; the one before is untouched.")
        raise typer.Exit(FAULTS)
    say(summary(report.issues) + (" `geomap validate` lists them." if report.issues else ""))
    counts = report.dataset.counts
    told = ", ".join(_counted(counts[name], *words) for name, words in _COUNTED.items())
    put(f"{report.dataset.version}  {told}  in {settings.data_dir}\n")


def summary(issues: Sequence[Issue]) -> str:
    """Count issues by severity, in a sentence."""
    counts: Counter[str] = Counter(one.severity for one in issues)
    if not counts:
        return "No faults found."
    words = {"error": "error", "warning": "warning", "info": "hint"}
    parts = [_counted(counts[name], word) for name, word in words.items() if counts[name]]
    return f"{', '.join(parts)} in {_counted(len({one.file for one in issues}), 'file')}."


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def issues_text(issues: Iterable[Issue], form: IssueFormat) -> str:
    """Write issues for people or programs; the columns are those of `Issue`."""
    rows = [asdict(issue) for issue in issues]
    if form is IssueFormat.json:
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if form is IssueFormat.csv:
        import pandas as pd

        from geomap.dataset import SCHEMAS
        from geomap.export import csv_text

        return csv_text(pd.DataFrame(rows, columns=list(SCHEMAS["issues"])))
    return "".join(_issue_lines(**row) for row in rows)


def _issue_lines(
    severity: str, code: str, file: str, line: int, column: str, value: str, message: str, fix: str
) -> str:
    where = ":".join(str(part) for part in (file, line or "", column) if part)
    lines = [f"{where}: {severity}: {message} [{code}]"]
    lines += [f"    found: {value}"] if value else []
    return plain("\n".join([*lines, f"    fix: {fix}"])) + "\n"
