"""One bounded request to a geocoding service: time, size and status checked before anything else.

geopy's own adapters read any amount for any time, follow redirects with the key in the address,
and take an error page for an answer. This one stands in their place.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import math
import socket
import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from types import TracebackType
from typing import Any
from urllib.error import URLError
from urllib.request import (
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from geopy.adapters import BaseSyncAdapter

from geomap.errors import (
    GeocodeBadAnswer,
    GeocodeError,
    GeocodeRateLimited,
    GeocodeRefused,
    GeocodeTimeout,
    GeocodeUnavailable,
)
from geomap.sentences import Sentence, sentence

MAX_BYTES = 1_000_000
_ANY_SERVICE = sentence("errors.service.name.any")
_CHUNK = 65_536
_TROUBLE = (OSError, http.client.HTTPException, ValueError)
_REFUSED = frozenset({401, 402, 403, 407, 451})
_DOWN = frozenset({408, 425, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524})


class GuardedAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """An HTTP client of geopy that cannot be kept waiting, flooded or led elsewhere.

    The whole exchange, headers and body, ends within `timeout` seconds and `max_bytes`. A
    redirect is not followed, for the address carries the key. is_page tells whether a JSON
    document has the service's shape: geopy reads `{}` and `null` as "no such place". Raises only
    GeocodeError.
    """

    def __init__(
        self,
        *,
        proxies: Mapping[str, str] | None = None,
        ssl_context: Any = None,  # noqa: ANN401 - geopy's own signature
        service: Sentence = _ANY_SERVICE,
        is_page: Callable[[Any], bool] = lambda page: True,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self.service = service
        self.is_page = is_page
        self.max_bytes = max_bytes
        self._proxies = None if proxies is None else dict(proxies)
        self._ssl_context = ssl_context

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> object:
        """Fetch one JSON document. Raises GeocodeError."""
        body = self.get_text(url, timeout=timeout, headers=headers)
        try:
            page: object = json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise GeocodeBadAnswer("errors.service.not_json", service=self.service) from error
        if not self.is_page(page):
            raise GeocodeBadAnswer("errors.service.shape", service=self.service)
        return page

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Fetch one text in UTF-8. Raises GeocodeError."""
        deadline = _Deadline(timeout)
        try:
            with deadline:
                body = self._fetch(url, headers, deadline)
        except (GeocodeError, *_TROUBLE) as error:
            told = self._told(error, deadline)
            if told is error:
                raise
            raise told from error
        if deadline.passed:  # the end of the answer was the end of our patience
            raise self._told(TimeoutError(), deadline)
        return body

    def _told(self, error: Exception, deadline: _Deadline) -> GeocodeError:
        """What went wrong, as one of our errors."""
        inner = error.reason if isinstance(error, URLError) else error
        if deadline.passed or isinstance(inner, TimeoutError):
            return GeocodeTimeout(
                "errors.service.late_by", service=self.service, seconds=deadline.seconds
            )
        if isinstance(error, GeocodeError):
            return error
        if isinstance(error, http.client.IncompleteRead):
            return GeocodeBadAnswer("errors.service.cut_off", service=self.service)
        if isinstance(inner, OSError | http.client.HTTPException):
            said = type(inner).__name__
            return GeocodeUnavailable(
                "errors.service.unreachable_said", service=self.service, said=said
            )
        return GeocodeBadAnswer("errors.service.unreadable", service=self.service)

    def _fetch(self, url: str, headers: Mapping[str, str], deadline: _Deadline) -> str:
        opener = _opener(self._proxies, self._ssl_context, deadline)
        with opener.open(Request(url, headers=dict(headers)), timeout=deadline.seconds) as answer:  # noqa: S310 - provider URLs are http(s), checked in settings
            _check_status(answer.status, answer.headers, self.service)
            body = self._read(answer)
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise GeocodeBadAnswer("errors.service.not_utf8", service=self.service) from error

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """The body, never more than a chunk above the limit. Raises GeocodeBadAnswer."""
        declared = answer.length
        parts: list[bytes] = []
        size = 0
        while chunk := answer.read1(_CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > self.max_bytes:
                raise GeocodeBadAnswer(
                    "errors.service.too_much", service=self.service, most=self.max_bytes
                )
        if declared is not None and size < declared:
            raise GeocodeBadAnswer("errors.service.cut_off", service=self.service)
        return b"".join(parts)


class _Deadline:
    """Shuts the sockets of one exchange when its time is up, whatever it waits for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for sock in self._sockets:
                sock.close()

    def watch(self, sock: socket.socket) -> None:
        """Take one more connection into care.

        By a second handle: TLS takes the socket's own handle away from it.
        """
        handle = sock.dup()
        with self._lock:
            self._sockets.append(handle)
            if self.passed:
                _shut(handle)

    def _expire(self) -> None:
        with self._lock:
            self.passed = True
            for sock in self._sockets:
                _shut(sock)


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # already closed: nothing left to end
        sock.shutdown(socket.SHUT_RDWR)


def _opener(
    proxies: dict[str, str] | None, ssl_context: object, deadline: _Deadline
) -> OpenerDirector:
    """An opener without redirects, cookies or error pages, whose sockets the deadline watches."""
    opener = OpenerDirector()
    opener.add_handler(ProxyHandler(proxies))
    opener.add_handler(_Plain(deadline))
    opener.add_handler(_Secure(deadline, ssl_context))
    return opener


class _Plain(HTTPHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._connect = partial(_watched, http.client.HTTPConnection, deadline)

    def http_open(self, req: Request) -> http.client.HTTPResponse:
        return self.do_open(self._connect, req)


class _Secure(HTTPSHandler):
    def __init__(self, deadline: _Deadline, ssl_context: object) -> None:
        super().__init__()
        self._connect = partial(
            _watched, http.client.HTTPSConnection, deadline, context=ssl_context
        )

    def https_open(self, req: Request) -> http.client.HTTPResponse:
        return self.do_open(self._connect, req)


def _watched(
    kind: Callable[..., http.client.HTTPConnection],
    deadline: _Deadline,
    host: str,
    **options: object,
) -> http.client.HTTPConnection:
    """A connection that reports its socket as soon as it has one."""
    connection = kind(host, **options)
    create = connection._create_connection  # type: ignore[attr-defined]

    def create_watched(*args: object, **kwargs: object) -> socket.socket:
        sock: socket.socket = create(*args, **kwargs)
        deadline.watch(sock)
        return sock

    connection._create_connection = create_watched  # type: ignore[attr-defined]
    return connection


def _check_status(status: int, headers: Mapping[str, str], service: Sentence) -> None:
    """Raise the error that an HTTP status means; 200 means none."""
    if status == 200:
        return
    told: dict[str, Any] = {"service": service, "said": f"HTTP {status}"}
    if status == 429:
        wait_s = retry_after_s(headers.get("Retry-After"))
        raise GeocodeRateLimited("errors.service.slow_down_said", wait_s, **told)
    if status in _DOWN or status >= 500:
        raise GeocodeUnavailable("errors.service.trouble_later", **told)
    if status in _REFUSED:
        raise GeocodeRefused("errors.service.refused_request", **told)
    if 300 <= status < 400:
        raise GeocodeBadAnswer("errors.service.elsewhere", **told)
    raise GeocodeBadAnswer("errors.service.request_not_taken", **told)


def retry_after_s(header: str | None) -> float | None:
    """Seconds of a Retry-After header (a number or an HTTP date), None when it says nothing."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        return _seconds_until(header)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
        now = moment.now(moment.tzinfo)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not JSON")
