"""Projects as lines: name, money and its state, kind, status and date, what belongs below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geomap.app.components.bilingual import around, jump, listed
from geomap.app.components.html import Html, join, tag
from geomap.sentences import Names
from geomap.text import format_date, format_money, format_number, text
from geomap.views.facts import word
from geomap.views.project_lines import ProjectLine

MOST_INVESTORS = 3


def project_list(lines: Iterable[ProjectLine], lang: str) -> Html:
    """List projects, each whole with its parts and each record with its repeats below it."""
    return tag("ul", *(_project(line, lang) for line in lines), class_="gm-projects")


def _project(line: ProjectLine, lang: str) -> Html:
    below = [*_below("part", line.parts, lang), *_below("repeat", line.repeats, lang)]
    return tag("li", project_line(line, lang), *below)


def _below(role: str, lines: tuple[ProjectLine, ...], lang: str) -> list[Html]:
    if not lines:
        return []
    title = tag("span", text(f"app.tie.{role}", lang), class_="gm-soft gm-below")
    return [title, project_list(lines, lang)]


def project_line(line: ProjectLine, lang: str) -> Html:
    """Name a project with what a list says of it."""
    soft = [
        word("filters.kind", line.kind, lang),
        word("filters.status", line.status, lang),
        format_date(line.earliest_on, lang) if line.earliest_on else "",
        _investors(line.investors, lang),
    ]
    marks = [part for one in soft if one for part in (" · ", one)]
    return join(
        [
            jump(line.names, line.feature_id, lang),
            tag("span", money_words(line, lang), class_="gm-money"),
            tag("span", *marks[1:], class_="gm-soft"),
        ]
    )


def _investors(names: Sequence[Names], lang: str) -> Html:
    """Name the first investors; the record itself names them all."""
    said = listed(names[:MOST_INVESTORS], lang)
    if len(names) <= MOST_INVESTORS:
        return said
    number = len(names) if lang == "zh" else len(names) - MOST_INVESTORS
    return around("app.details.more_names", "names", said, lang, n=format_number(number, lang))


def money_words(line: ProjectLine, lang: str) -> str:
    """Write the money of a project: the stated sums, or why there is none."""
    pairs = ((line.amount_cny, "CNY"), (line.amount_usd, "USD"))
    sums = [format_money(amount, unit, lang) for amount, unit in pairs if amount is not None]
    if not sums:
        return word("filters.money", line.amount_state, lang)
    said = sums[0] if len(sums) == 1 else text("app.details.both", lang, cny=sums[0], usd=sums[1])
    qualifier = line.amount_qualifier
    if qualifier and qualifier != "exact":
        return text(f"details.qualifier.{qualifier}", lang, value=said)
    return said
