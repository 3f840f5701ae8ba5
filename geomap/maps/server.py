"""The routes beside Streamlit's own: map scripts, assets, data files, health; and the middleware.

    /healthz                        "ok"
    /assets/<hash>/<name>           vendored Leaflet, renderer, style, words
    /map/<hash>.js                  a map as folium drew it
    /data/<version>/<layer>.json    a layer's data

Everything but health is named by its content or dataset version and may be kept for good.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from geomap.dataset import open_dataset
from geomap.errors import GeomapError
from geomap.maps.assets import assets
from geomap.maps.backgrounds import background_origins
from geomap.maps.data_files import DataFile
from geomap.maps.drawn import MapOfDataset, kept_map, kept_script, map_of
from geomap.maps.security import HostCheck, SecurityHeaders
from geomap.settings import Settings

_VERSION = re.compile(r"[0-9A-Za-z-]{1,64}")
KEEP = "public, max-age=31536000, immutable"
Endpoint = Callable[[Request], Awaitable[Response]]


def map_routes(settings: Settings | None = None) -> list[Route]:
    """Give the routes of the map for `st.App`. settings: the environment's when left out."""
    own = settings or Settings.from_env()
    return [
        Route("/healthz", healthz),
        Route("/assets/{digest}/{name}", asset),
        Route("/map/{digest}.js", _map_script(own)),
        Route("/data/{version}/{name}", _data_file(own)),
    ]


def map_middleware(settings: Settings | None = None) -> list[Middleware]:
    """Give the middleware for `st.App`: the host check first, then the headers."""
    own = settings or Settings.from_env()
    return [
        Middleware(SecurityHeaders, page=streamlit_page(), background_hosts=background_origins),
        Middleware(HostCheck, allowed_hosts=own.allowed_hosts),
    ]


@cache
def streamlit_page() -> Path:
    """Find Streamlit's page without importing Streamlit."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise GeomapError("errors.no_streamlit")
    return Path(spec.origin).parent / "static" / "index.html"


async def healthz(request: Request) -> Response:
    """Say that the server answers, and nothing else."""
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


async def asset(request: Request) -> Response:
    """Serve a vendored library, the renderer, its style or its words."""
    found = assets().get(request.path_params["name"])
    if found is None or found.path.split("/")[1] != request.path_params["digest"]:
        return _not_found()
    return respond(request, found.file)


def _map_script(settings: Settings) -> Endpoint:
    async def script(request: Request) -> Response:
        digest = request.path_params["digest"]
        text = kept_script(digest)
        if text is None:
            await run_in_threadpool(_draw_current, settings)
            text = kept_script(digest)
        if text is None:
            return _not_found()
        return respond(request, DataFile(text.encode(), "text/javascript"))

    return script


def _draw_current(settings: Settings) -> None:
    """Draw the current dataset: another process may have handed out the address."""
    with suppress(GeomapError, OSError):
        map_of(open_dataset(settings.data_dir))


def _data_file(settings: Settings) -> Endpoint:
    async def data(request: Request) -> Response:
        version = request.path_params["version"]
        if not _VERSION.fullmatch(version):
            return _not_found()
        found = kept_map(version)
        if found is None:
            found = await run_in_threadpool(_open_map, settings, version)
        name = request.path_params["name"]
        file = found.file(f"data/{version}/{name}") if found else None
        return respond(request, file) if file else _not_found()

    return data


def _open_map(settings: Settings, version: str) -> MapOfDataset | None:
    try:
        return map_of(open_dataset(settings.data_dir, version))
    except (GeomapError, OSError):
        return None


def _not_found() -> Response:
    return PlainTextResponse("not found", 404, headers={"Cache-Control": "no-store"})


def respond(request: Request, file: DataFile) -> Response:
    """Answer with a file that never changes: kept for good, compressed, 304 when it is known."""
    headers = {"ETag": file.etag, "Cache-Control": KEEP, "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if known == "*" or file.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.zipped, media_type=file.media_type, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)
