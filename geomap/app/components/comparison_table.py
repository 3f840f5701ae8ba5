"""The comparison as one table: each number opens its formula, its rows and their sources."""

from __future__ import annotations

from geomap.app.components.details_panel import jump
from geomap.app.components.html import Html, join, link, tag
from geomap.text import format_number, text
from geomap.views.comparison import Comparison, Line, Value, written_difference, written_ratio
from geomap.views.sentences import Names

MOST_ROWS = 30


def render_comparison(comparison: Comparison, lang: str) -> Html:
    """Write the table; a blank cell says why it is blank."""
    regions = comparison.regions
    heads = [tag("th", text("app.compare.measure", lang), scope="col")]
    heads += [
        tag("th", _region_head(comparison, column, lang), scope="col")
        for column in range(len(regions))
    ]
    if comparison.together is not None:
        heads.append(tag("th", text("app.compare.together", lang), scope="col"))
    rows = [_row(comparison, line, lang) for line in comparison.lines]
    table = tag(
        "table",
        tag("caption", text("app.compare.table.caption", lang)),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="gm-compare",
    )
    label = text("app.compare.table", lang)
    return tag("div", table, class_="gm-scroll", tabindex="0", role="group", aria_label=label)


def _region_head(comparison: Comparison, column: int, lang: str) -> Html:
    region = comparison.regions[column]
    mark = text("app.compare.reference", lang) if column == comparison.reference else ""
    soft = tag("span", mark, class_="gm-soft") if mark and len(comparison.regions) > 1 else None
    return join([region.names.say(lang), soft])


def _row(comparison: Comparison, line: Line, lang: str) -> Html:
    head = tag("th", line.name(lang), scope="row")
    cells = [_cell(comparison, value, place, lang) for place, value in enumerate(line.values)]
    if comparison.together is not None:
        shared = line.together
        cells.append(_cell(comparison, shared, -1, lang) if shared else tag("td", "–"))
    return tag("tr", head, *cells, data_measure=line.measure.measure_id)


def _cell(comparison: Comparison, value: Value, place: int, lang: str) -> Html:
    shown = value.shown(lang)
    body = [
        tag("summary", tag("span", shown, class_=f"gm-{value.state}")),
        tag("p", value.formula(lang)),
        *(tag("p", note.say(lang), class_="gm-soft") for note in value.notes),
        _rows(comparison, value.row_ids, lang),
        _left_out(comparison, value, lang),
        _sources(value, lang),
    ]
    against = _against(comparison, value, place, lang)
    attributes = {"data-state": value.state, "data-region": value.region.region_id}
    return tag("td", tag("details", *body), against, **attributes)


def _against(comparison: Comparison, value: Value, place: int, lang: str) -> Html | None:
    if place in (-1, comparison.reference) or len(comparison.regions) < 2:
        parts = []
    else:
        parts = [written_difference(value, lang), written_ratio(value, lang)]
    if value.rank is not None:
        parts.insert(0, text("app.compare.rank", lang, rank=format_number(value.rank, lang)))
    said = " · ".join(part for part in parts if part)
    return tag("span", said, class_="gm-soft") if said else None


def _rows(comparison: Comparison, ids: tuple[str, ...], lang: str) -> Html | None:
    if not ids:
        return None
    rows = [_feature(comparison, name, lang) for name in ids[:MOST_ROWS]]
    if len(ids) > MOST_ROWS:
        more = format_number(len(ids) - MOST_ROWS, lang)
        rows.append(tag("li", text("app.compare.more", lang, n=more)))
    title = text("app.compare.rows", lang, n=format_number(len(ids), lang))
    return join([tag("p", title), tag("ul", *rows)])


def _feature(comparison: Comparison, feature_id: str, lang: str) -> Html:
    record = comparison.dataset.record(feature_id)
    names = Names(str(record.get("name_en") or ""), str(record.get("name_zh") or ""))
    return tag("li", jump(names, feature_id, lang))


def _left_out(comparison: Comparison, value: Value, lang: str) -> Html | None:
    parts = []
    for reason, ids in value.left_out:
        if ids:
            said = text(f"comparison.left_out.{reason}", lang)
            parts += [
                tag("p", said, class_="gm-soft"),
                tag("ul", *(_feature(comparison, name, lang) for name in ids[:MOST_ROWS])),
            ]
    return join(parts) if parts else None


def _sources(value: Value, lang: str) -> Html | None:
    cited = value.citations()[:MOST_ROWS]
    if not cited:
        return None
    rows = [tag("li", link(one.say(lang), one.url)) for one in cited]
    return join([tag("p", text("app.details.sources", lang)), tag("ul", *rows)])
