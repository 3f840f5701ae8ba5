"""Links that download a file, made when the reader asks for it."""

from __future__ import annotations

from collections.abc import Callable

from geomap.app import state
from geomap.app.components.html import Html, tag
from geomap.app.files import Offer, SessionFiles


def download_link(
    slot: str, label: str, name: str, make: Callable[[], str | bytes], lang: str
) -> Html:
    """Build a link to a file that `make` writes. slot: names the link within the session."""
    files = state.get("files")
    if not isinstance(files, SessionFiles):
        files = SessionFiles()
        state.put("files", files)
    address = files.offer(slot, Offer(name, make, lang))
    return tag("a", label, href=address, class_="gm-act gm-download")


def side_by_side(*links: Html) -> Html:
    """Put links in a row that wraps."""
    return tag("div", *links, class_="gm-acts")
