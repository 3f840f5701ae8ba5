"""Links that download a file, made when the reader asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from geomap.app import state
from geomap.app.components.html import Html, show, tag
from geomap.app.files import Offer, SessionFiles


class Download(NamedTuple):
    """A file to offer. label: words of its link. make: gives its content."""

    suffix: str
    label: str
    make: Callable[[], str | bytes]


def show_downloads(slot: str, stem: str, files: list[Download], lang: str) -> None:
    """Show links to files side by side, each named `stem` and its suffix.

    slot: tells these links from all others of the session.
    """
    links = [_link(f"{slot}_{file.suffix}", stem, file, lang) for file in files]
    show(tag("div", *links, class_="gm-acts"))


def _link(slot: str, stem: str, file: Download, lang: str) -> Html:
    offer = Offer(f"{stem}.{file.suffix}", file.make, lang)
    address = _files().offer(slot, offer)
    return tag("a", file.label, href=address, class_="gm-act gm-download")


def _files() -> SessionFiles:
    """Return what this session offers; it begins with nothing."""
    files = state.get("files")
    if not isinstance(files, SessionFiles):
        files = SessionFiles()
        state.put("files", files)
    return files
