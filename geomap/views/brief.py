"""A comparison as one printable page: maps, table, charts, words and sources in a single file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from geomap.sentences import Names, sentence
from geomap.text import format_date, format_number, text
from geomap.views.charts import comparison_charts
from geomap.views.comparison import Comparison, Line, Value, written_difference, written_ratio
from geomap.views.drawings import chart_svg, map_svgs
from geomap.views.facts import Citation, written_value
from geomap.views.filter_words import filter_words
from geomap.views.summary import summarise

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_MOST_ROWS: Final = 200  # behind one value; the table of values names all of them
_MOST_LISTED: Final = 300
_STYLE = """
:root{color-scheme:light}
body{margin:0 auto;padding:24px;max-width:1120px;background:#fff;color:#1b1b1b;
font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif}
h1{font-size:26px;line-height:1.25;margin:0 0 6px}h2{font-size:18px;margin:28px 0 8px}
h3{font-size:15px;margin:14px 0 4px}h1,h2,h3,figcaption{break-after:avoid}
p{margin:0 0 8px}.soft{color:#5a5a5a;font-size:13px;margin:0 0 2px}
.maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:12px}
.maps figcaption{font-weight:600}.maps figure{max-width:420px}
figure{margin:0 0 14px;break-inside:avoid}figcaption{margin-bottom:4px}
svg{display:block;max-width:100%;height:auto}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px}
.wide{table-layout:fixed;min-width:640px}caption{text-align:left}
th,td{border-bottom:1px solid #d8d4cb;padding:5px 8px;text-align:left;vertical-align:top;
overflow-wrap:anywhere}tr,tbody{break-inside:avoid}
thead th{border-bottom:2px solid #1b1b1b;vertical-align:bottom}
tbody th{font-weight:400}tbody td{font-variant-numeric:tabular-nums}td>b{font-weight:600}
.group th{font-weight:600;padding-top:14px;border-bottom-color:#9a9488;break-after:avoid}
.unit{color:#5a5a5a;font-size:12px}summary{color:#5a5a5a;cursor:pointer;font-size:12px}
ul,ol{margin:2px 0 8px;padding-left:20px}li{overflow-wrap:anywhere}details li{font-size:12px}
td .soft span{white-space:nowrap}.blank{color:#5a5a5a;font-style:italic}sup{font-size:10px}
.notes{list-style:none;padding:0}.columns>*{break-inside:avoid}
footer{margin-top:18px}dl{margin:0}dt{font-weight:600}dd{margin:0 0 8px}
@media (min-width:760px){.columns{columns:2;column-gap:32px}}
@page{size:A4 landscape;margin:13mm 14mm 15mm;
@bottom-left{content:"geomap VERSION";font:8pt sans-serif;color:#5a5a5a}
@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif;color:#5a5a5a}}
@media print{details,.scroll summary{display:none}.scroll{overflow:visible}
body{padding:0;max-width:none;font-size:9.5pt;line-height:1.4}h1{font-size:18pt}
h2{font-size:13pt;margin:14pt 0 5pt}h3{font-size:10.5pt}.soft,.unit{font-size:8pt}
.maps{grid-template-columns:repeat(COUNT,1fr)}.maps figure{max-width:92mm;margin-bottom:4pt}
table{font-size:8.5pt}td .soft{display:inline;margin-left:4pt}
.notes{columns:2}.wide{min-width:0}th,td{padding:2.5pt 5pt}.group th{padding-top:7pt}
.columns{columns:2;column-gap:9mm}.fine{font-size:8pt}.fine dd{margin-bottom:4pt}
.table{break-before:page}.words .columns{columns:3}
.words .columns p{break-inside:auto;font-size:8.5pt;margin:0 0 3pt}
.charts,.notes{break-inside:avoid}.charts figure{margin-bottom:5pt}.charts svg{width:184mm}
.charts h2{margin-top:0}a{color:inherit;text-decoration:none}}
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
        _maps(comparison, lang),
        _words(comparison, lang),
        _table(comparison, lang),
        _charts(comparison, lang),
        _formulas(comparison, lang),
        _records(comparison, lang),
        _sources(comparison, lang),
        f'<footer class="columns">{"".join(map(_soft, credits_))}</footer>' if credits_ else "",
    ]
    html_lang = "zh-Hans" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{html_lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_style(comparison)}</style>\n</head>\n"
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
    return f'<section class="{name}"><h2>{head}</h2>{"".join(body)}</section>'


def _style(comparison: Comparison) -> str:
    """The style sheet, with the version at the foot of a page and one row of maps on paper."""
    version = "".join(filter(str.isalnum, comparison.dataset.version))
    count = max(1, min(4, len(comparison.regions)))
    return _STYLE.replace("VERSION", version).replace("COUNT", str(count))


def _words(comparison: Comparison, lang: str) -> str:
    alone = len(comparison.regions) < 2  # else the notices stand with the table
    told = summarise(comparison, lang, with_notices=alone)
    said = "".join(f"<p>{escape(words)}</p>" for words in told)
    return _section("words", lang, f'<div class="columns">{said}</div>' if said else "")


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
        f"<figure><figcaption>{escape(region.names.say(lang))}</figcaption>{svg}</figure>"
        for svg, region in zip(drawn, named, strict=True)
    )
    notes = _soft(text("comparison.map.note", lang))
    return f'<section><div class="maps">{figures}</div>{notes}</section>'


class _Notes:
    """Numbers the notes under a table in the order in which cells first need them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, said: Sequence[str]) -> str:
        """Give the superscript of some notes, "" for none."""
        numbers = [self._numbers.setdefault(words, len(self._numbers) + 1) for words in said]
        return f"<sup>{', '.join(map(str, numbers))}</sup>" if numbers else ""

    def list(self) -> str:
        """Give the notes, each with its number."""
        items = (f"<li><sup>{n}</sup> {escape(said)}</li>" for said, n in self._numbers.items())
        return f'<ul class="notes soft">{"".join(items)}</ul>' if self._numbers else ""


def _table(comparison: Comparison, lang: str) -> str:
    if not comparison.regions:
        return ""
    heads = [text("comparison.column.measure", lang)]
    heads += [region.names.say(lang) for region in comparison.regions]
    if comparison.together is not None:
        heads.append(text("comparison.together", lang))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    notes = _Notes()
    bodies = "".join(
        _group(comparison, name, list(lines), len(heads), notes, lang)
        for name, lines in groupby(comparison.lines, key=lambda line: line.measure.group)
    )
    reference = comparison.regions[comparison.reference].names.say(lang)
    note = ""
    if len(comparison.regions) > 1:
        said = escape(text("comparison.brief.reference", lang, region=reference))
        note = f'<caption class="soft">{said}</caption>'
    table = f'<table class="wide">{note}<thead><tr>{head}</tr></thead>{bodies}</table>'
    told = comparison.notices if len(comparison.regions) > 1 else ()
    shared = "".join(f"<li>{escape(notice.say(lang))}</li>" for notice in told)
    return _section(
        "table",
        lang,
        f'<ul class="notes soft">{shared}</ul>' if shared else "",
        f'<div class="scroll">{table}</div>',
        notes.list(),
    )


def _group(
    comparison: Comparison, name: str, lines: list[Line], columns: int, notes: _Notes, lang: str
) -> str:
    said = escape(text(f"comparison.group.{name}", lang))
    head = f'<tr class="group"><th scope="rowgroup" colspan="{columns}">{said}</th></tr>'
    rows = "".join(_row(comparison, line, notes, lang) for line in lines)
    return f"<tbody>{head}{rows}</tbody>"


def _row(comparison: Comparison, line: Line, notes: _Notes, lang: str) -> str:
    cells = [
        _cell(comparison, value, place, notes, lang) for place, value in enumerate(line.values)
    ]
    if comparison.together is not None:
        blank = f'<td class="blank">{escape(text("comparison.no_together", lang))}</td>'
        whole = line.together
        cells.append(_cell(comparison, whole, -1, notes, lang) if whole else blank)
    said = line.unit(lang) if line.measure.unit else ""
    unit = f' <span class="unit">({escape(said)})</span>' if said else ""
    return f'<tr><th scope="row">{escape(line.name(lang))}{unit}</th>{"".join(cells)}</tr>'


def _cell(comparison: Comparison, value: Value, place: int, notes: _Notes, lang: str) -> str:
    shown = escape(value.shown(lang))
    if value.state != "value":
        return f'<td class="blank">{shown}</td>'
    said = []
    if place >= 0 and value.rank is not None:
        said.append(text("comparison.brief.rank", lang, rank=value.rank))
    if place not in (-1, comparison.reference):
        said += [written_difference(value, lang), written_ratio(value, lang)]
    joined = " · ".join(f"<span>{escape(part)}</span>" for part in said if part)
    soft = f'<div class="soft">{joined}</div>' if joined else ""
    mark = notes.mark([note.say(lang) for note in value.notes])
    return f"<td><b>{shown}</b>{mark}{soft}{_behind(comparison, value, lang)}</td>"


def _behind(comparison: Comparison, value: Value, lang: str) -> str:
    """The rows behind a value with what each adds, to be opened on a screen."""
    if not value.row_ids:
        return ""
    opener = sentence("comparison.brief.behind", n=len(value.row_ids)).say(lang)
    added = {one.feature_id: value.added_words(one, lang) for one in value.added}
    items = [_row_behind(comparison, name, added, lang) for name in value.row_ids[:_MOST_ROWS]]
    items += _more(len(value.row_ids) - _MOST_ROWS, lang)
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    worked = value.worked(lang)
    sum_ = f"<div>{escape(worked)} = {escape(value.shown(lang))}</div>" if worked else ""
    return f"<details><summary>{escape(opener)}</summary>{sum_}<ul>{listed}</ul></details>"


def _row_behind(
    comparison: Comparison, feature_id: str, added: Mapping[str, str], lang: str
) -> str:
    name = _names(comparison.dataset.record(feature_id)).say(lang)
    if feature_id not in added:
        return name
    return text("comparison.brief.row", lang, name=name, amount=added[feature_id])


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
        f"<div><dt>{escape(line.name(lang))}</dt>"
        f"<dd>{escape(text(line.measure.formula_key, lang))}</dd></div>"
        for line in comparison.lines
    )
    return _section("formulas", lang, f'<dl class="columns fine">{rows}</dl>')


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
            name = escape(region.names.say(lang))
            lists.append(f'<h3>{name}</h3><ul class="columns fine">{items}</ul>')
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
    return _section("sources", lang, f'<ol class="columns fine">{items}</ol>' if items else "")


def _source(one: Citation, lang: str) -> str:
    said = f"{escape(one.say(lang))} [{escape(one.source_id)}]"
    if urlsplit(one.url).scheme not in ("http", "https"):
        return f"<li>{said}</li>"
    address = escape(one.url)
    return f'<li>{said} — <a href="{address}" rel="noopener noreferrer">{address}</a></li>'
