"""Markup is made of escaped text only, whatever a record holds."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.app.components.html import Html, join, link, markdown_text, plain, tag
from tests.made import HOSTILE


class Outline(HTMLParser):
    """Reads markup the way a browser would: elements, attributes and text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.links: list[str] = []
        self.words = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, name, attributes):
        self.elements.append(name)
        self.attributes.update(attributes)
        self.links += [value or "" for key, value in attributes if key in ("href", "src")]

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words):
    seen = Outline(tag("p", words, title=words, data_x=words))
    assert seen.elements == ["p"]
    assert seen.words == plain(words)
    assert set(seen.attributes) == {"title", "data-x"}
    assert seen.attributes["title"] == plain(words)


def test_a_markup_child_is_kept_and_shows_that_the_check_can_fail():
    assert Outline(tag("p", Html("<script>"))).elements == ["p", "script"]
    assert Outline(join(["<script>", tag("b", "x")])).elements == ["b"]


@given(st.text())
def test_any_text_comes_out_as_it_went_in(words):
    shown = plain(words)
    assert Outline(tag("p", words)).words.replace("\r\n", "\n") == shown.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        " https://a b",
        'https://a"b',
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(url):
    assert Outline(link("label", url)).elements == ["span"]


def test_a_web_address_opens_elsewhere_and_tells_nothing():
    seen = Outline(link("label", "https://example.org/?a=1&b=2"))
    assert seen.attributes["href"] == "https://example.org/?a=1&b=2"
    assert seen.attributes["rel"] == "noopener noreferrer"
    assert seen.attributes["target"] == "_blank"


def test_direction_marks_and_endless_names_do_not_reach_the_page():
    assert plain("\u202eevil\u2069") == "evil"
    assert plain("很" * 10_000) == "很" * 1999 + "…"
    assert plain("很" * 2000) == "很" * 2000


@pytest.mark.parametrize(
    "words", ["![x](https://a/b)", "$x$", ":red[x]", "**b**", "<b>", "`c`", "- x"]
)
def test_markdown_in_a_name_is_written_out(words):
    written = markdown_text(words)
    assert written.replace("\\", "") == words
    assert all(f"\\{letter}" in written for letter in words if letter in "![]()$:*<>`-")


def test_left_out_attributes_and_children():
    assert tag("p", None, "x", title=None, hidden=True, lang=False) == "<p hidden>x</p>"
