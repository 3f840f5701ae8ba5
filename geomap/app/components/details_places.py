"""Where a feature lies, and why it was put there."""

from __future__ import annotations

from collections.abc import Sequence

from geomap.app.components.bilingual import as_written, other_language, spoken
from geomap.app.components.footnotes import section
from geomap.app.components.html import Html, join, tag
from geomap.geocode.answer_text import DATUM_TITLES, render_flags, render_reason
from geomap.text import format_number, html_language, text
from geomap.toponym import has_han
from geomap.views.details import Details, Place
from geomap.views.facts import word
from geomap.views.places import Candidate

# Finer than any administrative unit: the words of the record say more than its unit does.
_FINE = ("site", "place", "town")


def show_where(details: Details, lang: str) -> Html | None:
    """List the places of a feature, each with how exact it is."""
    if not details.places:
        return None
    own = details.kind == "city"  # its mark is its seat, however large the city is
    rows = [tag("li", _place(place, lang, own)) for place in details.places]
    return section(text("app.details.where", lang), tag("ul", *rows, class_="gm-places"))


def _place(place: Place, lang: str, own: bool) -> Html:
    if place.lat is None or place.lon is None:
        status = text(f"app.location.{place.status or 'not_found'}", lang)
        return join([tag("strong", spoken(place.words, lang)), " ", status])
    words = text("app.details.seat", lang) if own else _exactness(place, lang)
    return join(
        [
            tag("strong", _named(place, lang)),
            tag("span", words, class_="gm-soft"),
            tag("span", f"{place.lat:.4f}, {place.lon:.4f}", class_="gm-soft gm-figures"),
            _near_border(place, lang),
        ]
    )


def _named(place: Place, lang: str) -> Html | str:
    if place.precision in _FINE and place.toponym and not place.toponym.isdecimal():
        return spoken(place.words, lang)
    return place.area(lang) or spoken(place.words, lang)


def _exactness(place: Place, lang: str) -> str:
    exact = word("filters.precision", place.precision, lang)
    radius = format_number(place.radius_km or 0, lang, 1)
    return text("app.details.exact", lang, precision=exact, km=radius)


def _near_border(place: Place, lang: str) -> Html | None:
    if not place.near_border or place.border_km is None:
        return None
    km = format_number(place.border_km, lang, 1)
    return tag("span", text("app.details.near_border", lang, km=km), class_="gm-soft")


def show_why(places: Sequence[Place], lang: str) -> Html | None:
    """Tell how each place was found: words, choice, other candidates, datum, province, border."""
    rows = [part for place in places for part in _why(place, lang, len(places) > 1)]
    if not rows:
        return None
    return tag("details", tag("summary", text("app.details.why", lang)), *rows, class_="gm-why")


def _why(place: Place, lang: str, several: bool) -> list[Html]:
    rows = [
        ("app.why.toponym", _toponym(place, lang)),
        ("app.why.matched", spoken(place.found, lang) if place.found else ""),
        ("app.why.choice", _named(place, lang)),
        ("app.why.reason", render_reason(place.reason, lang)),
        ("app.why.warnings", render_flags(place.flags, lang)),
        ("app.why.candidates", _candidates(place, lang)),
        ("app.why.changed_from", place.changed_from),
        ("app.why.datum", _datum(place, lang)),
        ("app.why.join", word("details.join", place.join_method, lang)),
        ("app.why.border", _border(place, lang)),
        ("app.why.code", " · ".join(part for part in (place.adcode, place.iso_3166_2) if part)),
    ]
    items = [
        tag("div", tag("dt", text(key, lang)), tag("dd", value)) for key, value in rows if value
    ]
    title = [tag("h4", _named(place, lang))] if several else []
    return [*title, tag("dl", *items, class_="gm-facts")]


def _toponym(place: Place, lang: str) -> Html | str:
    """The toponym of the record; said in the reader's language first where that is another."""
    said = place.words.say(lang)
    if said == place.toponym or place.toponym.isdecimal():
        return as_written(said, lang) if said else ""
    written = html_language("zh" if has_han(place.toponym) else "en")
    return join([said, " ", tag("span", place.toponym, class_="gm-other", lang=written)])


def _datum(place: Place, lang: str) -> str:
    if place.lat is None:
        return ""
    if place.datum:
        given = DATUM_TITLES.get(place.datum, place.datum)
        return text("app.why.datum.given", lang, datum=given)
    return text("app.why.datum.own", lang)


def _border(place: Place, lang: str) -> str:
    if place.border_km is None:
        return ""
    return text("app.details.km", lang, km=format_number(place.border_km, lang, 1))


def _candidates(place: Place, lang: str) -> Html | None:
    """List what the words might also have meant; the unit that was chosen is none of them."""
    others = [one for one in place.candidates if (one.lat, one.lon) != (place.lat, place.lon)]
    if not others:
        return None
    return tag("ul", *(tag("li", _candidate(one, lang), " ", one.adcode) for one in others))


def _candidate(one: Candidate, lang: str) -> Html | str:
    if lang == "zh" or not one.names.en:
        return tag("span", one.path_zh or one.names.zh, lang=None if lang == "zh" else "zh-Hans")
    zh = tag("span", one.path_zh, class_="gm-other", lang=other_language(lang))
    return join([one.names.en, " ", zh if one.path_zh else ""])
