"""Chromium, a Streamlit server and a page between them that may not leave the server."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("GEOMAP_CHROMIUM") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = 'html[data-geomap-ready="true"]'


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a server: ours without settings of geomap or Streamlit, and more."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("GEOMAP_", "STREAMLIT_"))}
    return own | more


@contextlib.contextmanager
def python_server(module: str, port: int, *arguments: str, **environ: str) -> Iterator[str]:
    """A server that `python -m module` starts on a port; gives its address once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=clean_environment(**environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def streamlit_server(script: Path, **more: str) -> Iterator[str]:
    """A Streamlit server of a script; gives its address. more: options by dotted name."""
    port = free_port()
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        **more,
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    with python_server(
        "streamlit", port, "run", str(script), *flags, PYTHONPATH=str(ROOT)
    ) as address:
        yield address


@contextlib.contextmanager
def app_on(data_dir: Path, **environ: str) -> Iterator[str]:
    """A server of the app on a folder of datasets, as they are; gives its address."""
    port = free_port()
    app = ("geomap.app.server:app", "--port", str(port))
    with python_server("uvicorn", port, *app, GEOMAP_DATA_DIR=str(data_dir), **environ) as address:
        yield address


def wait_for(url: str, process: subprocess.Popen) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with code {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            answer.read()
            return
        time.sleep(0.2)
    raise TimeoutError(url)


class Watched:
    """A page that keeps book of requests off the server, errors and refused loads."""

    def __init__(self, browser: Browser, base: str, **context: object) -> None:
        self.context = browser.new_context(**context)
        self.page: Page = self.context.new_page()
        self.base = base
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", self._request)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._console)

    def _request(self, request: object) -> None:
        url = request.url
        if not url.startswith((self.base, "data:", "blob:", "ws://127.0.0.1", "file://")):
            self.outside.append(url)

    def _console(self, message: object) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, path: str = "/") -> Page:
        """Open a page and wait until its map is drawn."""
        self.page.goto(path if path.startswith("file:") else self.base + path)
        self.page.wait_for_selector(READY, state="attached", timeout=60_000)
        return self.page

    def close(self) -> None:
        """Close the page; fails when it asked for anything off the server or met an error."""
        self.context.close()
        assert self.outside == [], self.outside
        assert self.errors == [], self.errors
