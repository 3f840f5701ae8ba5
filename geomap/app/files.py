"""Files that pages offer: made when they are asked for, each at an address that stays the same.

    /files/<session>/<slot>

Streamlit's own download button names its file anew in every run and forgets the last one, so a
click during a run fails, and a file just made may be swept away by another visitor's run. Here a
session keeps one maker per slot, which the next run replaces; it goes when the session goes.
"""

from __future__ import annotations

import logging
import mimetypes
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geomap.app.components.html import Html, tag
from geomap.text import html_language, pick_language, text

MADE_AT_ONCE = 2  # more would only slow each other and every page
_TYPES = {
    "geojson": "application/geo+json",
    "ris": "application/x-research-info-systems",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offer:
    """A file under its name; make: gives its content. lang: of the reader, if that fails."""

    name: str
    make: Callable[[], str | bytes]
    lang: str


class SessionFiles:
    """What one session offers. token: part of the address that nobody else can guess."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)
        self.offers: dict[str, Offer] = {}
        _SESSIONS[self.token] = self

    def offer(self, slot: str, offer: Offer) -> str:
        """Offer a file in place of the one this slot held; return its address on every page."""
        safe = _UNSAFE.sub("_", offer.name)
        self.offers[slot] = Offer(safe, offer.make, offer.lang)
        return f"./files/{self.token}/{slot}"


_SESSIONS: WeakValueDictionary[str, SessionFiles] = WeakValueDictionary()


def file_routes() -> list[Route]:
    """Give the route of the offered files."""
    return [Route("/files/{token}/{slot}", send_file)]


async def send_file(request: Request) -> Response:
    """Make a file and send it; the reader gets a sentence when that cannot be done."""
    session = _SESSIONS.get(request.path_params["token"])
    offer = session.offers.get(request.path_params["slot"]) if session else None
    if offer is None:
        return _say("app.file.gone", pick_language(request.headers.get("accept-language")), 404)
    try:
        body = await to_thread.run_sync(offer.make, limiter=_limiter())
    except Exception:
        _log.exception("A file could not be made")
        return _say("app.file.failed", offer.lang, 500)
    suffix = offer.name.rpartition(".")[2]
    kind = _TYPES.get(suffix) or mimetypes.guess_type(offer.name)[0]
    headers = {
        "Content-Disposition": f'attachment; filename="{offer.name}"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=kind or "application/octet-stream", headers=headers)


@cache
def _limiter() -> CapacityLimiter:
    """Make the limit once, inside the server's event loop."""
    return CapacityLimiter(MADE_AT_ONCE)


def _say(key: str, lang: str, status: int) -> Response:
    """Answer with a page of one sentence and the way back."""
    back = tag("a", text("app.file.back", lang), href="../../")
    body = tag("body", tag("p", text(key, lang)), tag("p", back))
    head = Html('<!doctype html><meta charset="utf-8">')
    page = head + tag("html", tag("title", text("app.title", lang)), body, lang=html_language(lang))
    headers = {"Cache-Control": "no-store"}
    return Response(page, status, media_type="text/html", headers=headers)
