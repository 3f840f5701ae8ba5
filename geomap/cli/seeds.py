"""`geomap validate` and `geomap build`: from a folder of records to a dataset."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geomap.cli.console import FAULTS, plain, progress_bar, put, say
from geomap.cli.language import language, words
from geomap.issues import has_errors
from geomap.records import ISSUE_COLUMNS, Issue
from geomap.sentences import Sentence, sentence
from geomap.settings import Settings
from geomap.text import text

SeedsOption = Annotated[
    Path | None,
    typer.Option("--seeds", metavar="FOLDER", help="cli.option.seeds"),
]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="cli.option.data"),
]
BoundariesOption = Annotated[
    Path | None,
    typer.Option(
        "--boundaries",
        metavar="FILE",
        help="cli.option.boundaries",
    ),
]


_COUNTED = ("projects", "zones", "corridors", "cities", "placed_sites", "unplaced_sites")


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
        typer.Argument(metavar="SEEDS", help="cli.option.seeds"),
    ] = None,
    form: Annotated[
        IssueFormat,
        typer.Option("--format", help="cli.validate.format"),
    ] = IssueFormat.text,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="cli.validate.output")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="cli.validate.strict")] = False,
) -> None:
    """List every fault in a folder of records."""
    from geomap.dataset import check_seeds

    issues = check_seeds(settings_of(seeds).seeds_dir).issues
    put(issues_text(issues, form, language()), output)
    say(summary(issues))
    if has_errors(issues) or (strict and any(one.severity == "warning" for one in issues)):
        raise typer.Exit(FAULTS)


def build(
    seeds: SeedsOption = None, data: DataOption = None, boundaries: BoundariesOption = None
) -> None:
    """Make a dataset of a folder of records."""
    run_build(settings_of(seeds, data, boundaries))


def run_build(settings: Settings) -> None:
    """Build, tell what came of it, and end with exit code 1 when the seeds have errors."""
    from geomap.dataset import build_dataset

    with progress_bar() as tell:
        report = build_dataset(settings.seeds_dir, settings, progress=tell)
    if report.dataset is None:
        say(issues_text(report.issues, IssueFormat.text, language()).rstrip("\n"))
        say(words("cli.build.none", summary=summary(report.issues)))
        raise typer.Exit(FAULTS)
    told = summary(report.issues)
    say(words("cli.build.summary", summary=told) if report.issues else told)
    counts = tuple(_counted(name, report.dataset.counts[name]) for name in _COUNTED)
    built = sentence(
        "cli.build.done", version=report.dataset.version, counts=counts, folder=settings.data_dir
    )
    put(f"{built.say(language())}\n")


def summary(issues: Sequence[Issue]) -> str:
    """Count issues by severity, in a sentence."""
    counts: Counter[str] = Counter(one.severity for one in issues)
    if not counts:
        return words("cli.summary.none")
    graver = ("error", "warning", "info")
    parts = tuple(_counted(name, counts[name]) for name in graver if counts[name])
    files = _counted("files", len({one.file for one in issues}))
    return sentence("cli.summary", parts=parts, files=files).say(language())


def _counted(name: str, number: int) -> Sentence:
    return sentence(f"cli.count.{name}", n=number)


def issues_text(issues: Iterable[Issue], form: IssueFormat, lang: str = "en") -> str:
    """Write issues for people in a language, or for programs with ISSUE_COLUMNS in both."""
    if form is IssueFormat.text:
        return "".join(_issue_lines(issue, lang) for issue in issues)
    rows = [{name: getattr(issue, name) for name in ISSUE_COLUMNS} for issue in issues]
    if form is IssueFormat.json:
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    import pandas as pd

    from geomap.export import csv_text

    return csv_text(pd.DataFrame(rows, columns=list(ISSUE_COLUMNS)))


def _issue_lines(issue: Issue, lang: str) -> str:
    """Write one issue as two or three lines; file, line and column as an editor reads them."""
    where = ":".join(str(part) for part in (issue.file, issue.line or "", issue.column) if part)
    lines = [
        text(
            "faults.line.head",
            lang,
            where=where,
            severity=text(f"faults.severity.{issue.severity}", lang),
            message=issue.words.say(lang),
            code=issue.code,
        )
    ]
    if issue.value:
        lines.append(text("faults.line.found", lang, value=issue.value))
    lines.append(text("faults.line.fix", lang, fix=issue.remedy.say(lang)))
    return plain("\n".join(lines)) + "\n"
