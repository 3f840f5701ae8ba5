"""HTML made of escaped text: the only way words of a record reach a page as markup.

Streamlit's Markdown would let a record load outside pictures or draw formulas, so panels
are built here instead: children that are not `Html` are escaped, always.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable
from typing import Literal

import streamlit as st

_VOID = {"br", "hr", "col", "img", "meta"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$^&=\"'/@])")
_BIDI = dict.fromkeys(
    map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
)


class Html(str):
    """Markup that is already safe."""

    __slots__ = ()


Child = object


def plain(value: object, limit: int = 2000) -> str:
    """Return text as shown: direction marks removed, cut at `limit` characters with an ellipsis."""
    words = str(value).translate(_BIDI)
    return words if len(words) <= limit else words[: limit - 1] + "…"


def tag(name: str, /, *children: Child, **attributes: object) -> Html:
    """Build one element; `class_` and `data_x` become `class` and `data-x`; None is left out."""
    parts = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        parts.append(
            f" {label}" if value is True else f' {label}="{html.escape(plain(value), quote=True)}"'
        )
    opening = f"<{name}{''.join(parts)}>"
    return Html(opening) if name in _VOID else Html(f"{opening}{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Html:
    """Put children together: markup as it is, anything else as escaped text, None left out."""
    return Html(
        "".join(
            child if isinstance(child, Html) else html.escape(plain(child))
            for child in children
            if child is not None
        )
    )


def link(label: object, url: str | None) -> Html:
    """Link to a web page in a new tab; anything but http(s) becomes plain text."""
    if not url or not re.match(r"^https?://[^\s\"'<>]+$", url):
        return tag("span", label)
    return tag("a", label, href=url, target="_blank", rel="noopener noreferrer")


def picture(svg: str, alt: str, class_: str) -> Html:
    """Show a drawing as a picture: a document of its own, so nothing in it can reach the app."""
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    return Html(f'{tag("img", alt=alt, class_=class_)[:-1]} src="{source}">')


def show(*children: Child, width: Literal["stretch", "content"] = "stretch") -> None:
    """Show markup on the page, as wide as the page or as its content."""
    body = join(children)
    if body:
        st.html(body, width=width)


def markdown_text(value: object, limit: int = 200) -> str:
    """Escape words of a record for a label that Streamlit reads as Markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(plain(value, limit).split()))
