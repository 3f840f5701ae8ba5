"""The comparison as one table: each number opens its formula, its rows and their sources."""

from __future__ import annotations

from itertools import groupby

from geomap.app.components.bilingual import jump
from geomap.app.components.html import Html, join, link, tag
from geomap.sentences import Names, sentence
from geomap.text import format_number, text
from geomap.views.comparison import (
    Added,
    Comparison,
    Line,
    Value,
    written_difference,
    written_ratio,
)

MOST_ROWS = 200  # more are named in the files


def render_comparison(comparison: Comparison, lang: str) -> Html:
    """Write the table, a body per group of measures; a blank cell says why it is blank."""
    regions = comparison.regions
    heads = [tag("th", text("app.compare.measure", lang), scope="col")]
    heads += [
        tag("th", _region_head(comparison, column, lang), scope="col")
        for column in range(len(regions))
    ]
    if comparison.together is not None:
        heads.append(tag("th", text("app.compare.together", lang), scope="col"))
    bodies = [
        _group(comparison, name, list(lines), len(heads), lang)
        for name, lines in groupby(comparison.lines, key=lambda line: line.measure.group)
    ]
    table = tag(
        "table",
        tag("caption", text("app.compare.table.caption", lang)),
        tag("thead", tag("tr", *heads)),
        *bodies,
        class_="gm-compare",
        style=f"min-width: {8 + 8 * (len(heads) - 1)}rem",  # columns stay as wide when opened
    )
    label = text("app.compare.table", lang)
    return tag("div", table, class_="gm-scroll", tabindex="0", role="group", aria_label=label)


def _group(comparison: Comparison, name: str, lines: list[Line], columns: int, lang: str) -> Html:
    said = text(f"comparison.group.{name}", lang)
    head = tag("th", tag("span", said), scope="rowgroup", colspan=columns, class_="gm-group")
    return tag("tbody", tag("tr", head), *(_row(comparison, line, lang) for line in lines))


def _region_head(comparison: Comparison, column: int, lang: str) -> Html:
    region = comparison.regions[column]
    mark = text("app.compare.reference", lang) if column == comparison.reference else ""
    soft = tag("span", mark, class_="gm-soft") if mark and len(comparison.regions) > 1 else None
    return join([region.names.say(lang), soft])


def _row(comparison: Comparison, line: Line, lang: str) -> Html:
    unit = line.unit(lang) if line.measure.unit else ""  # of a count it goes without saying
    head = tag(
        "th",
        line.name(lang),
        tag("span", unit, class_="gm-soft gm-unit") if unit else None,
        scope="row",
    )
    cells = [_cell(comparison, value, place, lang) for place, value in enumerate(line.values)]
    if comparison.together is not None:
        shared = line.together
        blank = tag("td", tag("span", text("comparison.no_together", lang), class_="gm-soft"))
        cells.append(_cell(comparison, shared, -1, lang) if shared else blank)
    return tag("tr", head, *cells, data_measure=line.measure.measure_id)


def _cell(comparison: Comparison, value: Value, place: int, lang: str) -> Html:
    shown = value.shown(lang)
    worked = value.worked(lang)
    body = [
        tag("summary", tag("span", shown, class_=f"gm-{value.state}")),
        tag("p", value.formula(lang)),
        tag("p", f"{worked} = {shown}", class_="gm-amount") if worked else None,
        *(tag("p", note.say(lang), class_="gm-soft") for note in value.notes),
        _rows(comparison, value, lang),
        _left_out(comparison, value, lang),
        _sources(value, lang),
    ]
    against = _against(comparison, value, place, lang)
    attributes = {
        "data-state": value.state,
        "data-region": "together" if place < 0 else value.region.region_id,
        "data-value": value.value,
    }
    return tag("td", tag("details", *body), against, **attributes)


def _against(comparison: Comparison, value: Value, place: int, lang: str) -> Html | None:
    """Rank, difference, ratio, and how many records stand behind a value that is no count."""
    parts = []
    if value.rank is not None:
        parts.append(text("app.compare.rank", lang, rank=format_number(value.rank, lang)))
    if place not in (-1, comparison.reference) and len(comparison.regions) > 1:
        parts += [written_difference(value, lang), written_ratio(value, lang)]
    if value.row_ids and value.measure.form != "count":
        parts.append(sentence("app.compare.behind", n=len(value.row_ids)).say(lang))
    said = [tag("span", part, class_="gm-date") for part in parts if part]
    dotted = [one for part in said for one in (" · ", part)][1:]
    return tag("span", *dotted, class_="gm-soft") if said else None


def _rows(comparison: Comparison, value: Value, lang: str) -> Html | None:
    """The rows behind a value, each with what it adds, so that a reader can add them up."""
    ids = value.row_ids
    if not ids:
        return None
    added = {one.feature_id: one for one in value.added}
    rows = [_feature(comparison, name, lang, value, added.get(name)) for name in ids[:MOST_ROWS]]
    rows += _more(len(ids) - MOST_ROWS, lang)
    title = text("app.compare.rows", lang, n=format_number(len(ids), lang))
    return join([tag("p", title), tag("ul", *rows)])


def _more(count: int, lang: str) -> list[Html]:
    if count <= 0:
        return []
    return [tag("li", text("app.compare.more", lang, n=format_number(count, lang)))]


def _feature(
    comparison: Comparison,
    feature_id: str,
    lang: str,
    value: Value | None = None,
    added: Added | None = None,
) -> Html:
    record = comparison.dataset.record(feature_id)
    names = Names(str(record.get("name_en") or ""), str(record.get("name_zh") or ""))
    amount = None
    if value is not None and added is not None:
        said = value.added_words(added, lang)
        amount = tag("span", said, class_="gm-soft gm-amount", data_amount=added.amount)
    return tag("li", jump(names, feature_id, lang), amount, data_feature=feature_id)


def _left_out(comparison: Comparison, value: Value, lang: str) -> Html | None:
    parts = []
    for reason, ids in value.left_out:
        if ids:
            said = text(f"comparison.left_out.{reason}", lang)
            rows = [_feature(comparison, name, lang) for name in ids[:MOST_ROWS]]
            rows += _more(len(ids) - MOST_ROWS, lang)
            parts += [
                tag("p", text("app.compare.left_out", lang, reason=said), class_="gm-soft"),
                tag("ul", *rows, class_="gm-left-out"),
            ]
    return join(parts) if parts else None


def _sources(value: Value, lang: str) -> Html | None:
    cited = value.citations()[:MOST_ROWS]
    if not cited:
        return None
    rows = [tag("li", link(one.say(lang), one.url)) for one in cited]
    return join([tag("p", text("app.details.sources", lang)), tag("ul", *rows)])
