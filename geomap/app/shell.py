"""The page a browser loads first: Streamlit's own, in the reader's language and with our script.

Streamlit serves one English page under every address. Readers of either language need their own
`lang`, title and words for a browser without scripts, and `shell.js` must run before Streamlit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geomap.app.components.html import tag
from geomap.errors import GeomapError
from geomap.maps.data_files import DataFile
from geomap.maps.server import respond, streamlit_page
from geomap.text import LANGUAGES, catalogue, html_language, pick_language, text

SCRIPT = Path(__file__).with_name("shell.js")
PARTS = {
    "language": '<html lang="en">',
    "title": "<title>Streamlit</title>",
    "first": '<meta charset="UTF-8" />',
}


def shell_routes(pages: Iterable[str]) -> list[Route]:
    """Give the routes of the pages and of their script; the first page is also the root."""
    addresses = ["/", *(f"/{name}" for name in pages)]
    return [*(Route(address, shell) for address in addresses), Route("/shell/{name}", script)]


async def shell(request: Request) -> Response:
    """Send the page in the language of the link, or else of the browser."""
    asked = request.query_params.get("lang", "")
    accepted = request.headers.get("accept-language")
    lang = asked if asked in LANGUAGES else pick_language(accepted)
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    return Response(shell_page(lang), media_type="text/html", headers=headers)


async def script(request: Request) -> Response:
    """Send the script of the page under the hash of its content."""
    if request.path_params["name"] != script_name():
        return Response(status_code=404)
    return respond(request, DataFile(SCRIPT.read_bytes(), "text/javascript"))


@cache
def script_name() -> str:
    """Name the script by its content, so that browsers may keep it for good."""
    return f"{hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]}.js"


@cache
def own_words() -> list[list[str]]:
    """Pair the words that Streamlit writes itself, in English only, with those of a language.

    One list per phrase, in the order of LANGUAGES; "{...}" stands for what changes.
    """
    keys = [key for key in catalogue("app", "en") if key.startswith("app.streamlit.")]
    return [[text(key, lang) for lang in LANGUAGES] for key in keys]


@cache
def shell_page(lang: str) -> str:
    """Write the page in a language.

    Raises GeomapError when Streamlit's page no longer has the parts that are changed here.
    """
    page = streamlit_page().read_text("utf-8")
    missing = [part for part in PARTS.values() if page.count(part) != 1]
    before, opening, rest = page.partition("<noscript>")
    _, closing, after = rest.partition("</noscript>")
    if missing or not closing:
        raise GeomapError("errors.streamlit_changed", missing=str(missing or "noscript"))
    page = f"{before}{opening}{tag('p', text('app.noscript', lang))}{closing}{after}"
    head = (
        tag("meta", name="description", content=text("app.about.purpose", lang)),
        tag("meta", name="geomap-words", content=json.dumps(own_words(), ensure_ascii=False)),
        tag("script", src=f"./shell/{script_name()}"),
    )
    changed = {
        "language": f'<html lang="{html_language(lang)}">',
        "title": tag("title", text("app.title", lang)),
        "first": "\n    ".join([PARTS["first"], *head]),
    }
    for name, now in changed.items():
        page = page.replace(PARTS[name], now)
    return page
