"""Buttons that copy a text; `shell.js` does it in the browser, on every page."""

from __future__ import annotations

from geomap.app.components.html import Html, tag
from geomap.text import text


def copy_button(label: str, words: str, lang: str) -> Html:
    """Build a button that copies `words` and says so."""
    return tag(
        "button",
        label,
        type="button",
        class_="gm-act",
        data_geomap_copy=words,
        data_geomap_copied=text("app.copied", lang),
    )


def announcement(topic: str, words: str) -> Html:
    """Have words read out to those who listen, whenever they change; nothing is drawn."""
    return tag("span", hidden=True, data_geomap_say=topic, title=words)
