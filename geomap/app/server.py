"""The one server: pages, map scripts, data files and health, behind the same headers.

Run by `geomap app`; `uvicorn geomap.app.server:app` serves the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st

from geomap.app.data import PAGES, current_dataset
from geomap.app.files import file_routes
from geomap.app.shell import shell_routes
from geomap.app.state import asked_language
from geomap.errors import GeomapError
from geomap.maps.drawn import map_of
from geomap.maps.server import map_middleware, map_routes
from geomap.text import text
from geomap.views.warm import warm_views

MAIN = Path(__file__).with_name("main.py")
_log = logging.getLogger(__name__)
COLLECT_EVERY_SECONDS = 30.0


async def _collect_garbage() -> None:
    """Collect on a timer, since the collection after every script run is switched off."""
    while True:
        await asyncio.sleep(COLLECT_EVERY_SECONDS)
        gc.collect(1)


def _prepare() -> None:
    """Open the dataset, draw its map and index its records before the first reader asks."""
    with contextlib.suppress(GeomapError):
        dataset = current_dataset()
        map_of(dataset)
        warm_views(dataset)


@contextlib.asynccontextmanager
async def _lifespan(app: object) -> AsyncIterator[dict[str, object]]:
    tasks = [
        asyncio.create_task(_collect_garbage()),
        asyncio.create_task(asyncio.to_thread(_prepare)),
    ]
    try:
        yield {}
    finally:
        for task in tasks:
            task.cancel()


def _say_trouble(trouble: Exception) -> bool:
    """Tell the reader in their language that something failed; the log holds what."""
    _log.error("A page failed", exc_info=trouble)
    st.error(text("app.trouble", asked_language()))
    return True


app = st.App(
    MAIN,
    routes=[*shell_routes(PAGES), *file_routes(), *map_routes()],
    middleware=map_middleware(),
    lifespan=_lifespan,
    on_script_error=_say_trouble,
)
