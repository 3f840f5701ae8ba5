"""The details beside the map: everything known about one feature, each fact with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geomap.app.components.bilingual import around, jump, listed, names_in_both, spoken
from geomap.app.components.details_places import show_where, show_why
from geomap.app.components.footnotes import Footnotes, section
from geomap.app.components.html import Html, join, tag
from geomap.app.components.project_list import money_words, project_line, project_list
from geomap.sentences import Names
from geomap.text import format_date, format_number, text
from geomap.toponym import has_han
from geomap.views.details import Details, Event, Link, ProjectLine
from geomap.views.facts import Fact, word

_TIES = ("part_of", "part", "same_as", "repeat", "may_overlap", "zone", "corridor", "nearest")


def render_details(details: Details, lang: str) -> Html:
    """Write one feature in full as HTML."""
    notes = Footnotes(lang)
    parts = [
        _header(details, lang),
        show_where(details, lang),
        _facts(details.facts, notes, lang),
        _timeline(details, notes, lang),
        _link_list(text("app.details.neighbours", lang), details.linked("neighbour"), lang),
        _members(details.linked("member"), lang),
        _link_list(text("app.details.cities", lang), details.linked("city"), lang),
        _projects(details, lang),
        _facts(details.figures, notes, lang, "app.details.figures"),
        join([_tie(role, details.linked(role), lang) for role in _TIES]),
        _note(details.note, lang),
        show_why(details.places, lang),
    ]
    notes.mark(details.citations)
    return tag(
        "article", *parts, notes.list(), class_="gm-details", data_feature=details.feature_id
    )


def _header(details: Details, lang: str) -> Html:
    return tag(
        "header",
        tag("p", kind_words(details, lang), class_="gm-kind"),
        tag("h2", names_in_both(details.names, lang)),
        _lead(details, lang),
        _also(details.other_names, lang),
    )


def kind_words(details: Details, lang: str) -> str:
    """Say what a feature is: the kind of project or zone, the level of a city."""
    column = "level" if details.kind == "city" else "kind"
    own = next((fact for fact in details.facts if fact.key == column), None)
    return own.shown(lang) if own else text(f"app.kind.{details.kind}", lang)


def _lead(details: Details, lang: str) -> Html | None:
    """Sum a project up: its status, its money, its first date."""
    line = details.line
    if line is None:
        return None
    dated = format_date(line.earliest_on, lang) if line.earliest_on else ""
    return tag(
        "p",
        tag("span", word("filters.status", line.status, lang), class_="gm-status"),
        tag("strong", money_words(line, lang)),
        tag("span", dated, class_="gm-date") if dated else None,
        class_="gm-lead",
    )


def _also(names: Sequence[str], lang: str) -> Html | None:
    """Give the other names, those in the reader's language first."""
    if not names:
        return None
    ordered = sorted(names, key=lambda name: has_han(name) != (lang == "zh"))
    said = listed([Names("", name) if has_han(name) else Names(name, "") for name in ordered], lang)
    return tag("p", around("app.details.also", "names", said, lang), class_="gm-soft")


def _facts(
    facts: Sequence[Fact], notes: Footnotes, lang: str, title: str = "app.details.facts"
) -> Html | None:
    rows = [_fact(fact, notes, lang) for fact in facts if fact.key not in ("kind", "level")]
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


def _shown(fact: Fact, lang: str) -> object:
    """Write the value of a fact; names that have no words in this language say which it is."""
    if isinstance(fact.value, Names):
        return spoken(fact.value, lang)
    return listed(fact.value, lang) if fact.form == "names" else fact.shown(lang)


def _inferred(why: Names, lang: str) -> Html | None:
    if not why:
        return None
    said = around("app.details.inferred", "why", spoken(why, lang), lang)
    return tag("span", said, class_="gm-soft")


def _timeline(details: Details, notes: Footnotes, lang: str) -> Html | None:
    """List the dated steps of a project in their order, or say that no source gives a date."""
    if details.kind != "project":
        return None
    title = text("app.details.timeline", lang)
    if not details.events:
        return section(title, tag("p", text("app.details.no_dates", lang)))
    rows = [_event(event, notes, lang) for event in details.events]
    return section(title, tag("ol", *rows, class_="gm-timeline"))


def _event(event: Event, notes: Footnotes, lang: str) -> Html:
    return tag(
        "li",
        tag("time", format_date(event.on, lang), datetime=event.on),
        " ",
        text(f"details.event.{event.step}", lang),
        notes.mark(event.citations),
        _inferred(event.inferred, lang),
    )


def _link(item: Link, lang: str) -> Html:
    if item.line is not None:
        return project_line(item.line, lang)
    return join([jump(item.names, item.feature_id, lang), " ", _distance(item.km, lang)])


def _distance(km: float | None, lang: str) -> Html | None:
    if km is None:
        return None
    said = text("app.details.km", lang, km=format_number(km, lang))
    return tag("span", said, class_="gm-other gm-figures")


def _link_list(title: str, links: Sequence[Link], lang: str, hint: str = "") -> Html | None:
    if not links:
        return None
    rows = [tag("li", _link(item, lang)) for item in links]
    kind = "gm-projects" if any(item.line for item in links) else None
    told = tag("p", hint, class_="gm-soft") if hint else None
    return section(title, told, tag("ul", *rows, class_=kind))


def _tie(role: str, links: Sequence[Link], lang: str) -> Html | None:
    hints = {"part_of", "part", "same_as", "repeat", "may_overlap"}
    hint = text(f"app.tie.{role}.hint", lang) if role in hints else ""
    return _link_list(text(f"app.tie.{role}", lang), links, lang, hint)


def _members(links: Sequence[Link], lang: str) -> Html | None:
    """List the members of a corridor branch by branch."""
    if not links:
        return None
    parts = []
    for branch in branches(links):
        start = branch[0].after
        if start is not None:
            from_ = jump(start.names, start.feature_id, lang)
            said = around("app.details.branch", "member", from_, lang)
            parts.append(tag("p", said, class_="gm-soft"))
        parts.append(tag("ol", *(tag("li", _link(item, lang)) for item in branch)))
    return section(text("app.details.members", lang), *parts)


def branches(links: Iterable[Link]) -> list[list[Link]]:
    """Cut members where the next one does not follow the one before it in the list."""
    found: list[list[Link]] = []
    for link in links:
        follows = found and link.after and link.after.feature_id == found[-1][-1].feature_id
        if follows:
            found[-1].append(link)
        else:
            found.append([link])
    return found


def _projects(details: Details, lang: str) -> Html | None:
    if details.kind == "project":
        return None
    if not details.projects:
        empty = tag("p", text("app.details.no_projects", lang))
        return section(text("app.details.projects", lang), empty)
    title = text("app.details.projects.n", lang, n=format_number(details.project_count, lang))
    return section(title, project_list(details.projects, lang), _more(details, lang))


def _more(details: Details, lang: str) -> Html | None:
    left = details.project_count - sum(map(_count, details.projects))
    if left <= 0:
        return None
    said = text("details.projects.more", lang, n=format_number(left, lang))
    return tag("p", said, class_="gm-soft")


def _count(line: ProjectLine) -> int:
    return 1 + sum(map(_count, (*line.parts, *line.repeats)))


def _note(note: Names, lang: str) -> Html | None:
    if not note:
        return None
    return section(text("app.details.note", lang), tag("p", spoken(note, lang), dir="auto"))
