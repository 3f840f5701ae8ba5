"""Parts of the About page: numbers, inclusion test, sources and licences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geomap.app.components.html import Html, join, link, show, tag
from geomap.dataset import Dataset
from geomap.sources import load_sources
from geomap.text import format_date, format_number, format_percent, text

COUNTS = (
    "projects",
    "bundles",
    "data_centre_sites",
    "zones",
    "cities",
    "corridors",
    "indicators",
    "sources",
    "placed_sites",
    "unplaced_sites",
    "provinces",
)
FIELDS = ("investors", "amount_cny", "amount_usd", "announced_on", "started_on", "opened_on")


def table(
    heads: Sequence[object], rows: Iterable[Sequence[object]], name: str, *, numbers: bool = False
) -> Html:
    """Build a table whose first column heads its rows; `name` is read out, not drawn.

    numbers: a narrow table of figures, aligned for comparing them.
    """
    head = tag("tr", *(tag("th", label, scope="col") for label in heads))
    body = [
        tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest))
        for first, *rest in rows
    ]
    inner = tag("table", tag("thead", head), tag("tbody", *body))
    kind = "gm-scroll gm-numbers" if numbers else "gm-scroll"
    return tag("div", inner, class_=kind, tabindex="0", role="group", aria_label=name)


def show_purpose(lang: str) -> None:
    """Say what geomap is for."""
    show(
        tag("h1", text("app.page.about", lang)),
        tag("p", text("app.about.purpose", lang)),
        tag("p", text("app.about.no_record", lang)),
    )


def show_coverage(dataset: Dataset, lang: str) -> None:
    """Show how many records there are and how complete the projects are."""
    rows = [
        (text(f"app.about.count.{name}", lang), format_number(dataset.counts[name], lang))
        for name in COUNTS
    ]
    heads = (text("app.about.counts", lang), text("app.about.number", lang))
    total = max(len(dataset.projects), 1)
    filled = [
        (text(f"records.column.{name}", lang), format_percent(_filled(dataset, name) / total, lang))
        for name in FIELDS
    ]
    field_heads = (text("app.about.field", lang), text("app.about.filled", lang))
    show(
        tag("h2", text("app.about.coverage", lang)),
        tag("p", text("app.version.same", lang, version=dataset.version)),
        table(heads, rows, text("app.about.coverage", lang), numbers=True),
        tag("h3", text("app.about.fields", lang)),
        table(field_heads, filled, text("app.about.fields", lang), numbers=True),
    )


def _filled(dataset: Dataset, name: str) -> int:
    column = dataset.projects[name]
    if name == "investors":
        return int(column.map(len).gt(0).sum())
    return int(column.notna().sum())


def show_inclusion(lang: str) -> None:
    """Publish the inclusion test."""
    show(
        tag("h2", text("app.about.inclusion", lang)),
        tag("p", text("app.about.inclusion.text", lang)),
    )


def show_sources(dataset: Dataset, lang: str) -> None:
    """List the sources of the records."""
    rows = [
        (
            link(row.title if isinstance(row.title, str) else row.source_id, _text(row.url)),
            _text(row.publisher) or "",
            tag("span", format_date(_text(row.published_on) or "", lang), class_="gm-date"),
        )
        for row in dataset.sources.itertuples()
    ]
    heads = [text(f"app.about.{name}", lang) for name in ("title", "publisher", "date")]
    show(
        tag("h2", text("app.about.sources", lang)),
        table(heads, rows, text("app.about.sources", lang)),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def show_licences(lang: str) -> None:
    """List the map data with their licences and credits."""
    rows = [
        (
            passport.title_zh or passport.title if lang == "zh" else passport.title,
            passport.licence,
            passport.attribution,
            tag("code", passport.file),
        )
        for passport in load_sources()
    ]
    heads = [text(f"app.about.{name}", lang) for name in ("title", "licence", "credit", "file")]
    show(
        tag("h2", text("app.about.geo", lang)),
        table(heads, rows, text("app.about.geo", lang)),
        join([tag("p", text("app.about.code", lang)), tag("p", text("app.disclosure", lang))]),
    )
