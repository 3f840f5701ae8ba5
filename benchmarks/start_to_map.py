"""Seconds from typing `geomap app` to the first drawn map, first without and then with a dataset.

Usage: python benchmarks/start_to_map.py [--chromium PATH]. Prints one row per start: until the
address answers, until the map is drawn in a new browser, and until a second page has drawn it.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
READY = "() => document.documentElement.dataset.geomapReady === 'true'"


def free_port() -> int:
    """Find a port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_app(data_dir: str, port: int):
    """Run the app as a user would; end it with Ctrl-C."""
    command = [sys.executable, "-m", "geomap", "app", "--port", str(port), "--data", data_dir]
    app = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield app
    finally:
        app.send_signal(signal.SIGINT)
        app.wait(30)


def wait_for_health(app: subprocess.Popen, port: int, started: float) -> float:
    """Return the seconds until /healthz answers."""
    while True:
        if app.poll() is not None:
            raise SystemExit(f"geomap app ended with code {app.returncode}; run it to see why.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.05)


def measure(data_dir: str, chromium: str) -> tuple[float, float, float]:
    """Start the app and return seconds to health, first map and second map."""
    port = free_port()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        started = time.perf_counter()
        with running_app(data_dir, port) as app:
            health = wait_for_health(app, port, started)
            maps = []
            for _ in range(2):
                page = browser.new_context().new_page()
                opened = time.perf_counter()
                page.goto(f"http://127.0.0.1:{port}/")
                page.wait_for_function(READY, timeout=120_000)
                maps.append(time.perf_counter() - (opened if maps else started))
            return health, maps[0], maps[1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--chromium", default=os.environ.get("GEOMAP_CHROMIUM", "/usr/bin/chromium")
    )
    chromium = parser.parse_args().chromium
    print(f"{'start':32}{'answers':>10}{'first map':>12}{'second page':>14}   (seconds)")
    with tempfile.TemporaryDirectory() as folder:
        for title in ("without a dataset (builds it)", "with a dataset"):
            health, first, second = measure(folder, chromium)
            print(f"{title:32}{health:10.1f}{first:12.1f}{second:14.1f}")


if __name__ == "__main__":
    main()
