"""One Chromium for every browser test, and the real server with the shipped records."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from geomap.dataset import save_dataset
from tests.browser.mapping import ROOT, Watched, app_on, chromium, clean_environment
from tests.made import hostile_dataset

STREAMLIT_PROBES = ("/_stcore/health", "/_stcore/host-config")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one running Chromium: Playwright allows no second one in a process."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def app_server(tmp_path_factory) -> Iterator[str]:
    """`geomap app` as a user starts it, on a dataset built from the shipped records."""
    folder = tmp_path_factory.mktemp("app")
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "geomap", "app", "--port", "0", "--data", str(folder / "data")],
            cwd=ROOT,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            said = process.stdout.readline()
            assert said.startswith("geomap is at "), (folder / "log.txt").read_text()
            yield said.removeprefix("geomap is at ").strip()
        finally:
            process.terminate()
            assert process.wait(30) == 0
            process.stdout.close()


@pytest.fixture(scope="session")
def hostile_server(tmp_path_factory) -> Iterator[str]:
    """The same server on a dataset in which every name is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    save_dataset(hostile_dataset(), folder)
    with app_on(folder) as address:
        yield address


class AppPage(Watched):
    """A page of the app, watched; `goto` waits for the page named in the path."""

    def _console(self, message) -> None:
        # Streamlit looks for its own server under every page's path before it finds the root.
        where = message.location.get("url", "").split("?")[0]
        if not where.endswith(STREAMLIT_PROBES):
            super()._console(message)

    def goto(self, path: str = "/"):
        """Open a page and wait until it stands still."""
        self.page.goto(self.base + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script has run and every hosted map on the page is drawn."""
        self.page.wait_for_function(SETTLED, timeout=90_000)


# The script is not running, the page has its own words, and a map that is there is drawn.
SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testScriptState !== "notRunning") return false;
  if (app.dataset.testConnectionState !== "CONNECTED") return false;
  if (!document.querySelector("h1")) return false;
  if (document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')) return false;
  const host = document.querySelector("div.geomap, [data-testid='stBidiComponentRegular']");
  return !host || document.documentElement.dataset.geomapReady === "true";
}"""


@pytest.fixture
def visit(browser, app_server, request):
    """A function that opens a page of the app; everything is checked for trouble at the end."""
    watched: list[AppPage] = []

    def open_page(path: str = "/", base: str = app_server, **context):
        one = AppPage(browser, base, **{"viewport": {"width": 1360, "height": 900}, **context})
        watched.append(one)
        one.goto(path)
        return one

    yield open_page
    for place, one in enumerate(watched):
        if not one.page.is_closed():
            keep_picture(one.page, f"{request.node.name}-{place}")
        one.close()


def keep_picture(page: Page, name: str) -> None:
    """Keep a screenshot among the artefacts of the run."""
    folder = Path(os.environ.get("GEOMAP_ARTIFACTS") or ROOT / "artifacts")
    folder.mkdir(exist_ok=True)
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)
    try:
        page.screenshot(path=folder / f"{safe[:120]}.png")
    except Error as error:  # a picture for people to look at: without it the page is no worse
        (folder / f"{safe[:120]}.txt").write_text(f"no picture: {error.message}\n")
