"""Names and words of records as markup: the reader's language first, the other one marked."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from geomap.app import state
from geomap.app.components.html import Html, join, tag
from geomap.sentences import Names
from geomap.text import html_language, text
from geomap.toponym import has_han
from geomap.views.facts import list_mark


def other_language(lang: str) -> str:
    """Return the `lang` attribute of the language that the reader did not choose."""
    return html_language("en" if lang == "zh" else "zh")


def names_in_both(names: Names, lang: str) -> Html:
    """Name a thing in the reader's language, then in the other one."""
    other = names.en if lang == "zh" else names.zh
    first = names.say(lang)
    if not other or other == first:
        return join([first])
    return join([first, " ", tag("span", other, class_="gm-other", lang=other_language(lang))])


def spoken(names: Names, lang: str) -> Html:
    """Say a text in the reader's language, or in the other one with its language marked."""
    if names.language(lang) == lang:
        return join([names.say(lang)])
    return tag("span", names.say(lang), lang=other_language(lang))


def as_written(words: str, lang: str) -> Html:
    """Say words that are written in one language, whichever that is."""
    return spoken(Names("", words) if has_han(words) else Names(words, ""), lang)


def listed(names: Iterable[Names], lang: str) -> Html:
    """Write a list of names."""
    said = [(spoken(name, lang), name.say(lang)) for name in names]
    mark = list_mark([words for _, words in said], lang)
    parts = [part for markup, _ in said for part in (mark, markup)]
    return join(parts[1:])


def around(key: str, name: str, markup: Html, lang: str, **values: object) -> Html:
    """Put markup where a sentence of the catalogue has the value `name`."""
    before, _, after = text(key, lang, **{name: "\0"}, **values).partition("\0")
    return join([before, markup, after])


def jump(names: Names, feature_id: str, lang: str) -> Html:
    """Link to another feature on the Map page; a map on this page takes the click itself."""
    params = state.link_params(select=feature_id, lang=lang)
    where = f"./?{urlencode(params, safe=':,|')}"
    return tag("a", names.say(lang), href=where, data_geomap_select=feature_id)
