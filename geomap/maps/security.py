"""Headers and checks around every answer: content policy, framing, sniffing, host names.

The content policy names no outside origin. One can be opened, for images only: the tile host of
the background a reader switched on, which the page's own address names.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geomap.text import LANGUAGES, text

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def inline_hashes(page: str) -> tuple[str, ...]:
    """Give the CSP sources of the inline scripts of a page."""
    digests = (hashlib.sha256(body.encode()).digest() for body in _INLINE.findall(page))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def content_policy(script_hashes: Sequence[str] = (), image_hosts: Sequence[str] = ()) -> str:
    """Write the Content-Security-Policy of every answer.

    script_hashes: CSP sources of inline scripts that may run. image_hosts: origins images may
    come from besides our own.
    """
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *script_hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *image_hosts],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "worker-src": ["'self'"],
        "frame-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


class SecurityHeaders:
    """ASGI middleware that puts the headers on every HTTP answer.

    page: file of the page whose inline scripts may run. background_hosts: what the query value
    of `background` opens for images.
    """

    def __init__(
        self, app: ASGIApp, page: Path, background_hosts: Callable[[str], Sequence[str]]
    ) -> None:
        self.app = app
        self.scripts = inline_hashes(page.read_text("utf-8"))
        self.background_hosts = cache(background_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on and add the headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = content_policy(self.scripts, self.image_hosts(scope))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _FIXED.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = policy
            await send(message)

        await self.app(scope, receive, guarded)

    def image_hosts(self, scope: Scope) -> Sequence[str]:
        """Give the image origins the address of a request asks for."""
        query = scope.get("query_string", b"")
        if b"background=" not in query:
            return ()
        chosen = parse_qs(query.decode("latin-1")).get("background", [""])[0]
        return self.background_hosts(chosen[:20])


class HostCheck:
    """ASGI middleware that answers only requests for host names it knows ("*" = any).

    This is what stops DNS rebinding: a page elsewhere cannot give this server its own name.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        self.app = app
        self.allowed = frozenset(host.lower() for host in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or refuse it with 400 (a websocket with code 1008)."""
        if scope["type"] in ("http", "websocket") and not self.knows(scope):
            if scope["type"] == "http":
                said = "\n".join(text("errors.unknown_host", lang) for lang in LANGUAGES)
                answer = PlainTextResponse(f"{said}\n", 400)
                await answer(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        await self.app(scope, receive, send)

    def knows(self, scope: Scope) -> bool:
        """Tell whether the Host header names an allowed host, with or without a port."""
        if "*" in self.allowed:
            return True
        given = next((value for name, value in scope["headers"] if name == b"host"), b"")
        return host_name(given.decode("latin-1")) in self.allowed


def host_name(header: str) -> str:
    """Give the name in a Host header without its port, lower case; IPv6 keeps its brackets."""
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(?::\d+)?", header.strip())
    return match.group(1).lower() if match else ""
