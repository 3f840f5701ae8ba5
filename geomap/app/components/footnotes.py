"""The sources of a panel: numbered where they are cited, listed at its end."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from geomap.app.components.bilingual import spoken
from geomap.app.components.html import Html, join, link, tag
from geomap.text import format_date, language_name, text
from geomap.views.facts import Citation


def section(title: str, *children: object) -> Html:
    """Give one part of the panel under its heading."""
    return tag("section", tag("h3", title), *children)


class Footnotes:
    """Numbers the sources of a panel in the order in which they are first cited."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._numbers: dict[Citation, int] = {}

    def mark(self, citations: Iterable[Citation]) -> Html:
        """Give the superscript that leads to the sources of one fact: [1], [2, 4] or [1–5]."""
        cited = list(dict.fromkeys(citations))
        if not cited:
            return Html("")
        numbers = [self._numbers.setdefault(one, len(self._numbers) + 1) for one in cited]
        title = "\n".join(one.say(self.lang) for one in cited)
        shown = f"[{_runs(numbers)}]"
        mark = tag(
            "a",
            shown,
            href=f"#gm-source-{numbers[0]}",
            title=title,
            aria_label=text("app.details.cites", self.lang, numbers=shown),
        )
        return tag("sup", mark, class_="gm-cite")

    def list(self) -> Html | None:
        """Give the numbered list of all sources cited so far."""
        if not self._numbers:
            return None
        rows = [
            tag("li", _citation(one, self.lang), id=f"gm-source-{number}", tabindex="-1")
            for one, number in self._numbers.items()
        ]
        return section(text("app.details.sources", self.lang), tag("ol", *rows))


def _runs(numbers: list[int]) -> str:
    """Write numbers shortly: a run of three or more by its ends."""
    run = len(numbers) > 2 and all(after == before + 1 for before, after in pairwise(numbers))
    return f"{numbers[0]}–{numbers[-1]}" if run else ", ".join(map(str, numbers))


def _citation(citation: Citation, lang: str) -> Html:
    dated = format_date(citation.published_on, lang) if citation.published_on else ""
    if dated and citation.published_basis == "inferred":
        dated = text("app.details.date_inferred", lang, date=dated)
    rest = [citation.publisher, citation.author, dated, citation.where(lang)]
    if citation.language not in ("", lang):
        rest.append(language_name(citation.language, lang))
    said = text("details.clause_mark", lang).join(part for part in rest if part)
    title = tag("span", citation.title or citation.source_id, lang=citation.language or None)
    return join(
        [
            link(title, citation.url),
            text("app.details.cited_by", lang) if said else "",
            said,
            tag("span", spoken(citation.note, lang), class_="gm-soft") if citation.note else None,
        ]
    )
