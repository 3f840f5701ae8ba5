"""A comparison as one printable page: maps, table, charts, words and sources in a single file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from urllib.parse import urlsplit

from geomap.text import format_date, format_number, text
from geomap.views.charts import comparison_charts
from geomap.views.comparison import Comparison, Line, Value, written_difference, written_ratio
from geomap.views.drawings import chart_svg, map_svgs
from geomap.views.facts import Citation, written_value
from geomap.views.filter_words import filter_words
from geomap.views.sentences import Names, sentence
from geomap.views.summary import summarise

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_ADDED: Final = ("stated_cny", "stated_usd", "shared_cny", "shared_usd")
_MOST_ROWS: Final = 50  # behind one value; the table of values names all of them
_MOST_LISTED: Final = 300
_STYLE = """
:root{color-scheme:light}
body{margin:0 auto;padding:24px;max-width:1120px;background:#fff;color:#1b1b1b;
font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif}
h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:28px 0 8px;break-after:avoid}
h3{font-size:15px;margin:16px 0 4px;break-after:avoid}
.soft{color:#5a5a5a;font-size:13px}.maps{display:flex;flex-wrap:wrap;gap:12px}
figure{margin:0 0 12px;break-inside:avoid}figcaption{font-size:13px;max-width:340px}
svg{max-width:100%;height:auto}table{border-collapse:collapse;width:100%;font-size:13px}
.wide{table-layout:fixed}
th,td{border-bottom:1px solid #d8d4cb;padding:5px 8px;text-align:left;vertical-align:top;
overflow-wrap:anywhere}
tr{break-inside:avoid}thead th{border-bottom:2px solid #1b1b1b}tbody th{font-weight:600}
summary{color:#5a5a5a;cursor:pointer}details ul{margin:2px 0;padding-left:18px}
.blank{color:#5a5a5a;font-style:italic}li{overflow-wrap:anywhere}
@page{size:A4 landscape;margin:14mm}
@media print{details{display:none}
body{padding:0;max-width:none;font-size:11pt}a{color:inherit;text-decoration:none}}
"""


def brief_html(
    comparison: Comparison,
    lang: str,
    *,
    made_on: str = "",
    link: str = "",
    credits_: Sequence[str] = (),
) -> str:
    """Write the brief as one HTML page that asks for nothing outside itself.

    made_on: date of the brief, ISO. link: address of the view it shows. credits_: lines for the
    foot, such as whom to credit for the outlines. Every text from a record is escaped; nothing
    in the page can run.
    """
    title = brief_title(comparison, lang)
    parts = [
        f"<h1>{escape(title)}</h1>",
        _stamp(comparison, lang, made_on, link),
        _section(
            "words", lang, *(f"<p>{escape(said)}</p>" for said in summarise(comparison, lang))
        ),
        _maps(comparison, lang),
        _table(comparison, lang),
        _charts(comparison, lang),
        _formulas(comparison, lang),
        _records(comparison, lang),
        _sources(comparison, lang),
        *(_soft(line) for line in credits_),
    ]
    html_lang = "zh-Hans" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{html_lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        "<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def brief_title(comparison: Comparison, lang: str) -> str:
    """Name the brief after its regions."""
    names = [region.names.say(lang) for region in comparison.regions]
    if not names:
        return text("comparison.brief.title_empty", lang)
    return text("comparison.brief.title", lang, regions=text("details.list_mark", lang).join(names))


def _section(name: str, lang: str, *body: str) -> str:
    if not any(body):
        return ""
    head = escape(text(f"comparison.brief.{name}", lang))
    return f"<section><h2>{head}</h2>{''.join(body)}</section>"


def _soft(said: str) -> str:
    return f'<p class="soft">{escape(said)}</p>'


def _stamp(comparison: Comparison, lang: str, made_on: str, link: str) -> str:
    version = comparison.dataset.version
    lines = [_soft(text("comparison.brief.stamp", lang, version=version))]
    if made_on:
        date = format_date(made_on, lang)
        lines.append(_soft(text("comparison.brief.made_on", lang, date=date)))
    chosen = filter_words(comparison.filters.without_layers(), comparison.dataset, lang)
    if chosen:
        words = text("comparison.brief.filter_mark", lang).join(chosen)
        lines.append(_soft(text("comparison.brief.filters", lang, filters=words)))
    if link:
        lines.append(_soft(text("comparison.brief.link", lang, link=link)))
    return "".join(lines)


def _maps(comparison: Comparison, lang: str) -> str:
    drawn = map_svgs(comparison, lang)
    if not drawn:
        return ""
    named = [region for region in comparison.regions if region.bounds is not None]
    figures = "".join(
        f"<figure>{svg}<figcaption>{escape(region.names.say(lang))}</figcaption></figure>"
        for svg, region in zip(drawn, named, strict=True)
    )
    notes = _soft(text("comparison.map.note", lang))
    return _section("maps", lang, f'<div class="maps">{figures}</div>', notes)


def _table(comparison: Comparison, lang: str) -> str:
    if not comparison.regions:
        return ""
    heads = [text("comparison.column.measure", lang)]
    heads += [region.names.say(lang) for region in comparison.regions]
    if comparison.together is not None:
        heads.append(text("comparison.together", lang))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    rows = "".join(_row(comparison, line, lang) for line in comparison.lines)
    reference = comparison.regions[comparison.reference].names.say(lang)
    note = ""
    if len(comparison.regions) > 1:
        note = _soft(text("comparison.brief.reference", lang, region=reference))
    return _section(
        "table",
        lang,
        f'<table class="wide"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>',
        note,
    )


def _row(comparison: Comparison, line: Line, lang: str) -> str:
    cells = [_cell(comparison, value, place, lang) for place, value in enumerate(line.values)]
    if comparison.together is not None:
        cells.append(_cell(comparison, line.together, -1, lang) if line.together else "<td></td>")
    return f'<tr><th scope="row">{escape(line.name(lang))}</th>{"".join(cells)}</tr>'


def _cell(comparison: Comparison, value: Value, place: int, lang: str) -> str:
    shown = escape(value.shown(lang))
    if value.state != "value":
        return f'<td class="blank">{shown}</td>'
    said = [note.say(lang) for note in value.notes]
    if place >= 0 and value.rank is not None:
        said.insert(0, text("comparison.brief.rank", lang, rank=value.rank))
    if place not in (-1, comparison.reference):
        said[1:1] = [
            part for part in (written_difference(value, lang), written_ratio(value, lang)) if part
        ]
    soft = f'<div class="soft">{escape(" · ".join(said))}</div>' if said else ""
    return f"<td>{shown}{soft}{_behind(comparison, value, lang)}</td>"


def _behind(comparison: Comparison, value: Value, lang: str) -> str:
    """The rows behind a value, to be opened on a screen; on paper only their number."""
    if not value.row_ids:
        return ""
    opener = sentence("comparison.brief.behind", n=len(value.row_ids)).say(lang)
    money = value.measure.unit if value.measure.measure_id in _ADDED else ""
    items = [_row_behind(comparison, name, money, lang) for name in value.row_ids[:_MOST_ROWS]]
    items += _more(len(value.row_ids) - _MOST_ROWS, lang)
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<details><summary>{escape(opener)}</summary><ul>{listed}</ul></details>"


def _row_behind(comparison: Comparison, feature_id: str, currency: str, lang: str) -> str:
    record = comparison.dataset.record(feature_id)
    name = _names(record).say(lang)
    if not currency:
        return name
    amount = written_value(record[f"amount_{currency.lower()}"], "money", lang, currency)
    return text("comparison.brief.row", lang, name=name, amount=amount)


def _more(count: int, lang: str) -> list[str]:
    return [text("comparison.brief.more", lang, n=format_number(count, lang))] if count > 0 else []


def _names(record: Mapping[str, object]) -> Names:
    return Names(str(record.get("name_en") or ""), str(record.get("name_zh") or ""))


def _charts(comparison: Comparison, lang: str) -> str:
    drawn = [chart for chart in comparison_charts(comparison) if not chart.empty]
    figures = "".join(
        f"<figure><figcaption><strong>{escape(chart.title(lang))}</strong></figcaption>"
        f'{chart_svg(chart, lang)}<p class="soft">{escape(chart.note(lang))}</p></figure>'
        for chart in drawn
    )
    return _section("charts", lang, figures)


def _formulas(comparison: Comparison, lang: str) -> str:
    if not comparison.regions:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(line.name(lang))}</th>'
        f"<td>{escape(text(line.measure.formula_key, lang))}</td></tr>"
        for line in comparison.lines
    )
    return _section("formulas", lang, f"<table><tbody>{rows}</tbody></table>")


def _records(comparison: Comparison, lang: str) -> str:
    """The records behind the numbers, a list per region, each with its own words for money."""
    lists = []
    for place, region in enumerate(comparison.regions):
        ids = _ids_of(comparison, place)
        if ids:
            items = "".join(_record(comparison, name, lang) for name in ids[:_MOST_LISTED])
            items += "".join(
                f"<li>{escape(said)}</li>" for said in _more(len(ids) - _MOST_LISTED, lang)
            )
            lists.append(f"<h3>{escape(region.names.say(lang))}</h3><ul>{items}</ul>")
    return _section("records", lang, *lists)


def _ids_of(comparison: Comparison, place: int) -> list[str]:
    wanted = ("records", "zones")
    found = [line for line in comparison.lines if line.measure.measure_id in wanted]
    return [name for line in found for name in line.values[place].row_ids]


def _record(comparison: Comparison, feature_id: str, lang: str) -> str:
    record = comparison.dataset.record(feature_id)
    names = _names(record)
    kind = text(f"filters.kind.{record['kind']}", lang)
    cited = [str(record.get("source_id") or ""), str(record.get("source_locator") or "")]
    said = " · ".join([kind, *_money(record, lang), *(part for part in cited if part)])
    return f'<li>{escape(names.say(lang))} <span class="soft">{escape(said)}</span></li>'


def _money(record: dict[str, object], lang: str) -> list[str]:
    said = [
        written_value(record[column], "money", lang, unit)
        for column, unit in (("amount_cny", "CNY"), ("amount_usd", "USD"))
        if record.get(column) is not None
    ]
    state = record.get("amount_state")
    return said or ([text(f"filters.money.{state}", lang)] if state else [])


def _sources(comparison: Comparison, lang: str) -> str:
    items = "".join(_source(one, lang) for one in comparison.citations())
    return _section("sources", lang, f"<ol>{items}</ol>" if items else "")


def _source(one: Citation, lang: str) -> str:
    said = f"{escape(one.say(lang))} [{escape(one.source_id)}]"
    if urlsplit(one.url).scheme not in ("http", "https"):
        return f"<li>{said}</li>"
    address = escape(one.url)
    return f'<li>{said} — <a href="{address}" rel="noopener noreferrer">{address}</a></li>'
