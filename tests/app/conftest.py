"""The app on the toy country, page by page, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geomap.app import data
from geomap.dataset import Dataset, open_dataset, save_dataset
from geomap.paths import PACKAGE_DIR
from tests.toy import toy_dataset

MAIN = PACKAGE_DIR / "app" / "main.py"
OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """Settings and datasets are kept per process; every test has a folder of its own."""
    for cached in (data.settings, data._open):
        cached.cache_clear()
    yield
    for cached in (data.settings, data._open):
        cached.cache_clear()


@pytest.fixture
def put(tmp_path) -> Callable[[Dataset], Dataset]:
    """A function that makes a dataset the current one of the app."""

    def save(dataset: Dataset) -> Dataset:
        save_dataset(dataset, tmp_path / "geomap-data")
        return open_dataset(tmp_path / "geomap-data")

    return save


@pytest.fixture
def toy(put) -> Dataset:
    return put(toy_dataset())


def run_page(page: str = "map", **params: str) -> AppTest:
    """Open a page of the app with the parameters of a link."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in params.items():
        app.query_params[name.removesuffix("_")] = value
    if page != "map":
        app._page_hash = _page_hashes()[page]
    return app.run()


@cache
def _page_hashes() -> dict[str, str]:
    """What Streamlit calls each page; it says so after a run of the app."""
    scout = AppTest.from_file(str(MAIN), default_timeout=60).run()
    return {one["url_pathname"]: name for name, one in scout._registered_pages.items()}


@pytest.fixture
def open_page(toy) -> OpenPage:
    return run_page


def page_text(app: AppTest) -> str:
    """Every word a page shows: panels, messages, captions, titles."""
    kinds = ("title", "header", "caption", "markdown", "warning", "error", "info", "code")
    parts = [str(element.value) for kind in kinds for element in app.get(kind)]
    parts += [element.proto.body for element in app.get("html")]
    return "\n".join(parts)


def map_state(app: AppTest) -> dict[str, Any]:
    """What the page told the hosted map."""
    return json.loads(app.get("bidi_component")[0].proto.json)["state"]
