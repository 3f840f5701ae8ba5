"""The one server: pages, map scripts, data files and health, behind the same headers.

Run by `geomap app`; `uvicorn geomap.app.server:app` serves the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st

from geomap.dataset import open_dataset
from geomap.errors import GeomapError
from geomap.maps.drawn import map_of
from geomap.maps.server import map_middleware, map_routes
from geomap.settings import Settings

MAIN = Path(__file__).with_name("main.py")
COLLECT_EVERY_SECONDS = 30.0


async def _collect_garbage() -> None:
    """Collect on a timer, since the collection after every script run is switched off."""
    while True:
        await asyncio.sleep(COLLECT_EVERY_SECONDS)
        gc.collect(1)


async def _draw_early() -> None:
    """Draw the map before the first reader asks for it."""
    own = Settings.from_env()
    with contextlib.suppress(GeomapError):
        await asyncio.to_thread(lambda: map_of(open_dataset(own.data_dir)))


@contextlib.asynccontextmanager
async def _lifespan(app: object) -> AsyncIterator[dict[str, object]]:
    tasks = [asyncio.create_task(_collect_garbage()), asyncio.create_task(_draw_early())]
    try:
        yield {}
    finally:
        for task in tasks:
            task.cancel()


app = st.App(MAIN, routes=map_routes(), middleware=map_middleware(), lifespan=_lifespan)
