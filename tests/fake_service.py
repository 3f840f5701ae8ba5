"""A geocoding service on 127.0.0.1 that answers what a test tells it to."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class FakeService:
    """Answers each request with the next of `script`, the last one for ever.

    An entry is a function of the request handler, made by the functions below.
    """

    def __init__(self, *script):
        self.script = list(script)
        self.requests = []
        self._stop = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.stop = service._stop
                url = urlsplit(self.path)
                service.requests.append(
                    (url.path, {k: v[0] for k, v in parse_qs(url.query).items()}, self.headers)
                )
                step = service.script.pop(0) if len(service.script) > 1 else service.script[0]
                self.close_connection = True
                with contextlib.suppress(OSError):
                    step(self)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def status(code, headers=(), body=b"{}"):
    def step(handler):
        handler.send_response(code)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return step


def body(data, headers=()):
    return status(200, headers, data)


def answer(value):
    return body(json.dumps(value, ensure_ascii=False).encode(), [("Content-Type", "text/json")])


def raw(data):
    """These bytes in place of an HTTP answer, then the end of the connection."""

    def step(handler):
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    return step


def silence(handler):
    """Nothing at all until the test is over."""
    handler.stop.wait(20)


def drip(first, piece):
    """Some bytes at once and then one piece every few milliseconds, without end."""

    def step(handler):
        handler.wfile.write(first)
        while not handler.stop.is_set():
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.005)

    return step


def reset(handler):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()
