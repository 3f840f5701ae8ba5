"""The details beside the map: everything known about one feature, each fact with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from geomap.app import state
from geomap.app.components.html import Html, join, link, tag
from geomap.geocode.answer_text import render_flags, render_reason
from geomap.text import format_date, format_money, format_number, text
from geomap.toponym import has_han
from geomap.views.details import Details, Event, Link, Place, ProjectLine
from geomap.views.facts import Citation, Fact, word
from geomap.views.sentences import Names

_KIND_WORDS = {"project": "filters.kind", "zone": "filters.kind"}
_TIES = ("part_of", "part", "same_as", "repeat", "may_overlap", "zone", "corridor")


class Footnotes:
    """Numbers the sources of a panel in the order in which they are first cited."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._numbers: dict[Citation, int] = {}

    def mark(self, citations: Iterable[Citation]) -> Html:
        """Give the superscript that points at the sources of one fact: [1], [2, 4] or [1–5]."""
        cited = list(dict.fromkeys(citations))
        if not cited:
            return Html("")
        numbers = [self._numbers.setdefault(one, len(self._numbers) + 1) for one in cited]
        run = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1))
        shown = f"{numbers[0]}–{numbers[-1]}" if run else ", ".join(map(str, numbers))
        title = "\n".join(one.say(self.lang) for one in cited)
        return tag("sup", f"[{shown}]", title=title, class_="gm-cite")

    def list(self) -> Html | None:
        """Give the numbered list of all sources cited so far."""
        if not self._numbers:
            return None
        rows = [tag("li", _citation(citation, self.lang)) for citation in self._numbers]
        return section(text("app.details.sources", self.lang), tag("ol", *rows))


def _citation(citation: Citation, lang: str) -> Html:
    where = citation.locator.replace(";", ", ")
    rest = [
        citation.publisher,
        citation.author,
        format_date(citation.published_on, lang) if citation.published_on else "",
        text("details.source.at", lang, locator=where) if where else "",
    ]
    if citation.published_basis == "inferred":
        rest.append(text("app.details.date_inferred", lang))
    mark = text("details.list_mark", lang)
    said = mark.join(part for part in rest if part)
    return join(
        [link(citation.title or citation.source_id, citation.url), " — " if said else "", said]
    )


def section(title: str, *children: object) -> Html:
    """Give one part of the panel under its heading."""
    return tag("section", tag("h3", title), *children)


def render_details(details: Details, lang: str) -> Html:
    """Write one feature in full as HTML."""
    notes = Footnotes(lang)
    parts = [
        _header(details, lang),
        _places(details, lang),
        _facts(details.facts, notes, lang),
        _timeline(details.events, notes, lang),
        _neighbours(details, lang),
        _members(details, lang),
        _projects(details, lang),
        _facts(details.figures, notes, lang, "app.details.figures"),
        _ties(details, lang),
        _note(details, lang),
        _why(details.places, lang),
    ]
    notes.mark(details.citations)
    return tag(
        "article", *parts, notes.list(), class_="gm-details", data_feature=details.feature_id
    )


def names_in_both(names: Names, lang: str) -> Html:
    """Name a thing in the reader's language, then in the other one."""
    other = names.en if lang == "zh" else names.zh
    first = names.say(lang)
    if not other or other == first:
        return join([first])
    return join([first, " ", tag("span", other, class_="gm-other", lang=_html_lang(lang))])


def _html_lang(lang: str) -> str:
    return "en" if lang == "zh" else "zh-Hans"


def spoken(names: Names, lang: str) -> Html:
    """Say a text in the reader's language, or in the other one with its language marked."""
    if names.language(lang) == lang:
        return join([names.say(lang)])
    return tag("span", names.say(lang), lang=_html_lang(lang))


def _inferred(why: Names, lang: str) -> Html | None:
    if not why:
        return None
    before, _, after = text("app.details.inferred", lang, why="\0").partition("\0")
    return tag("span", before, spoken(why, lang), after, class_="gm-soft")


def _also(names: Sequence[str], lang: str) -> Html | None:
    if not names:
        return None
    before, _, after = text("app.details.also", lang, names="\0").partition("\0")
    said = _listed([Names("", name) if has_han(name) else Names(name, "") for name in names], lang)
    return tag("p", before, said, after)


def _listed(names: Iterable[Names], lang: str) -> Html:
    mark = text("details.list_mark", lang)
    parts = [part for name in names for part in (mark, spoken(name, lang))]
    return join(parts[1:])


def _shown(fact: Fact, lang: str) -> object:
    """Write the value of a fact; names that have no words in this language say which it is."""
    if isinstance(fact.value, Names):
        return spoken(fact.value, lang)
    return _listed(fact.value, lang) if fact.form == "names" else fact.shown(lang)


def jump(names: Names, feature_id: str, lang: str) -> Html:
    """Link to another feature on the Map page; a map on this page takes the click itself."""
    params = state.link_params(select=feature_id, lang=lang)
    where = f"./?{urlencode(params, safe=':,|')}"
    return tag("a", names.say(lang), href=where, data_geomap_select=feature_id)


def _header(details: Details, lang: str) -> Html:
    kind = _kind(details, lang)
    return tag(
        "header",
        tag("p", kind, class_="gm-kind"),
        tag("h2", names_in_both(details.names, lang)),
        _also(details.other_names, lang),
    )


def _kind(details: Details, lang: str) -> str:
    group = _KIND_WORDS.get(details.kind)
    own = next((fact.value for fact in details.facts if fact.key in ("kind", "level")), None)
    if group and own:
        return word(group, str(own), lang)
    return text(f"app.kind.{details.kind}", lang)


def _places(details: Details, lang: str) -> Html | None:
    if not details.places:
        return None
    own = details.kind == "city"  # its mark is its seat, however large the city is
    rows = [tag("li", _place(place, lang, own)) for place in details.places]
    body = tag("ul", *rows, class_="gm-places")
    return section(text("app.details.where", lang), body)


def _place(place: Place, lang: str, own: bool) -> Html:
    if place.lat is None or place.lon is None:
        status = text(f"app.location.{place.status or 'not_found'}", lang)
        return join([tag("strong", spoken(place.words, lang)), " ", status])
    radius = format_number(place.radius_km or 0, lang, 1)
    exact = word("filters.precision", place.precision, lang)
    words = text("app.details.exact", lang, precision=exact, km=radius)
    if own:
        words = text("app.details.seat", lang)
    point = f"{place.lat:.4f}, {place.lon:.4f}"
    return join(
        [
            tag("strong", place.area(lang) or spoken(place.words, lang)),
            tag("span", words, class_="gm-soft"),
            tag("span", point, class_="gm-soft gm-number"),
            _border(place, lang),
        ]
    )


def _border(place: Place, lang: str) -> Html | None:
    if not place.near_border or place.border_km is None:
        return None
    km = format_number(place.border_km, lang, 1)
    return tag("span", text("app.details.near_border", lang, km=km), class_="gm-soft")


def _facts(
    facts: Sequence[Fact], notes: Footnotes, lang: str, title: str = "app.details.facts"
) -> Html | None:
    rows = [_fact(fact, notes, lang) for fact in facts if fact.key != "kind"]
    if not rows:
        return None
    return section(text(title, lang), tag("dl", *rows, class_="gm-facts"))


def _fact(fact: Fact, notes: Footnotes, lang: str) -> Html:
    return tag(
        "div",
        tag("dt", fact.label(lang)),
        tag(
            "dd",
            _shown(fact, lang),
            notes.mark(fact.citations),
            _inferred(fact.inferred, lang),
            tag("span", spoken(fact.note, lang), class_="gm-soft") if fact.note else None,
        ),
    )


def _timeline(events: Sequence[Event], notes: Footnotes, lang: str) -> Html | None:
    if not events:
        return None
    rows = [
        tag(
            "li",
            tag("time", format_date(event.on, lang), datetime=event.on),
            " ",
            text(f"app.step.{event.step}", lang),
            notes.mark(event.citations),
            _inferred(event.inferred, lang),
        )
        for event in events
    ]
    return section(text("app.details.timeline", lang), tag("ol", *rows, class_="gm-timeline"))


def _distance(km: float | None, lang: str) -> Html | None:
    if km is None:
        return None
    said = text("app.details.km", lang, km=format_number(km, lang))
    return tag("span", said, class_="gm-soft gm-number")


def _link_list(title: str, links: Sequence[Link], lang: str, ordered: bool = False) -> Html | None:
    if not links:
        return None
    rows = [
        tag("li", jump(item.names, item.feature_id, lang), " ", _distance(item.km, lang))
        for item in links
    ]
    return section(title, tag("ol" if ordered else "ul", *rows))


def _neighbours(details: Details, lang: str) -> Html | None:
    links = details.linked("neighbour")
    return _link_list(text("app.details.neighbours", lang), links, lang)


def _members(details: Details, lang: str) -> Html | None:
    members = details.linked("member")
    title = text("app.details.members", lang)
    cities = _link_list(text("app.details.cities", lang), details.linked("city"), lang)
    return join([_link_list(title, members, lang, ordered=True), cities])


def _projects(details: Details, lang: str) -> Html | None:
    if not details.projects:
        if details.kind == "project":
            return None
        return section(
            text("app.details.projects", lang), tag("p", text("app.details.no_projects", lang))
        )
    title = text("app.details.projects.n", lang, n=format_number(details.project_count, lang))
    rows = [_project(line, lang) for line in details.projects]
    return section(title, tag("ul", *rows, class_="gm-projects"))


def _project(line: ProjectLine, lang: str) -> Html:
    soft = [
        word("filters.kind", line.kind, lang),
        word("filters.status", line.status, lang),
        format_date(line.earliest_on, lang) if line.earliest_on else "",
        text("details.list_mark", lang).join(names.say(lang) for names in line.investors),
    ]
    below = [_project(part, lang) for part in (*line.parts, *line.repeats)]
    return tag(
        "li",
        jump(line.names, line.feature_id, lang),
        tag("span", money_words(line, lang), class_="gm-money"),
        tag("span", " · ".join(part for part in soft if part), class_="gm-soft"),
        tag("ul", *below) if below else None,
    )


def money_words(line: ProjectLine, lang: str) -> str:
    """Write the money of a project: the stated sums, or why there is none."""
    pairs = ((line.amount_cny, "CNY"), (line.amount_usd, "USD"))
    sums = [format_money(amount, unit, lang) for amount, unit in pairs if amount is not None]
    if not sums:
        return word("filters.money", line.amount_state, lang)
    said = text("app.details.or", lang).join(sums)
    qualifier = line.amount_qualifier
    if qualifier and qualifier != "exact":
        return text(f"details.qualifier.{qualifier}", lang, value=said)
    return said


def _ties(details: Details, lang: str) -> Html | None:
    lists = [
        _link_list(text(f"app.tie.{role}", lang), details.linked(role), lang) for role in _TIES
    ]
    return join(lists)


def _note(details: Details, lang: str) -> Html | None:
    if not details.note:
        return None
    return section(text("app.details.note", lang), tag("p", spoken(details.note, lang), dir="auto"))


def _why(places: Sequence[Place], lang: str) -> Html | None:
    rows = [_why_one(place, lang) for place in places]
    if not rows:
        return None
    return tag("details", tag("summary", text("app.details.why", lang)), *rows, class_="gm-why")


def _why_one(place: Place, lang: str) -> Html:
    rows = [
        ("app.why.toponym", _as_written(place, lang)),
        ("app.why.matched", spoken(place.found, lang) if place.found else ""),
        ("app.why.reason", render_reason(place.reason, lang)),
        ("app.why.warnings", render_flags(place.flags, lang)),
        ("app.why.changed_from", place.changed_from),
        ("app.why.join", word("details.join", place.join_method, lang)),
        ("app.why.border", _border_words(place, lang)),
        ("app.why.code", " ".join(part for part in (place.adcode, place.iso_3166_2) if part)),
        ("app.why.candidates", _candidates(place, lang)),
    ]
    items = [
        tag("div", tag("dt", text(key, lang)), tag("dd", value)) for key, value in rows if value
    ]
    return tag("dl", *items, class_="gm-facts")


def _as_written(place: Place, lang: str) -> Html | str:
    """The toponym of the record; said in the reader's language first where that is another."""
    said = place.words.say(lang)
    if said == place.toponym or place.toponym.isdecimal():
        return spoken(Names("", said) if has_han(said) else Names(said, ""), lang) if said else ""
    written = "zh-Hans" if has_han(place.toponym) else "en"
    return join([said, " ", tag("span", place.toponym, class_="gm-other", lang=written)])


def _border_words(place: Place, lang: str) -> str:
    if place.border_km is None:
        return ""
    return text("app.details.km", lang, km=format_number(place.border_km, lang, 1))


def _candidates(place: Place, lang: str) -> Html | None:
    if not place.candidates:
        return None
    rows = [
        tag(
            "li",
            one.path_zh if lang == "zh" else (one.names.say(lang) or one.path_zh),
            " ",
            one.adcode,
        )
        for one in place.candidates
    ]
    return tag("ul", *rows)
