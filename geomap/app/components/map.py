"""The map component as Streamlit sees it: data in, events out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from geomap import __version__
from geomap.geodesy import encode_polyline
from geomap.maps.assets import HOST_DIR

_PACKAGE, _COMPONENT = "geomap", "host"
_MOST_CORNERS = 100
_NAME = f"{_PACKAGE}.{_COMPONENT}"
_EVENTS = ("click", "view", "layers", "background", "ready", "area")


@dataclass(frozen=True)
class MapEvents:
    """What the reader did on the map since the last run; each is None when it did not happen.

    click: feature id. pane: pane of the click where there are several. view: lat, lon, zoom and
    bounds (west, south, east, north) once a single map stands still after a move. layers:
    switches that are on, after one was flipped on the map. background_failed: id of an outside
    background whose tiles cannot be had. ready: the map is drawn, when the state asked to be told.
    area: region id of a polygon the reader drew and handed over.
    """

    click: str | None = None
    pane: str | None = None
    view: Mapping[str, Any] | None = None
    layers: tuple[str, ...] | None = None
    background_failed: str | None = None
    ready: bool | None = None
    area: str | None = None


def map_host(payload: Mapping[str, Any], key: str) -> MapEvents:
    """Show the hosted map, or panes of it, and return what the reader did.

    payload: made by `geomap.maps.host`. key: name of this map among those of the page. Call it
    inside a fragment, so that a click reruns the fragment alone.
    """
    _register_assets()
    callbacks = {f"on_{event}_change": _nothing for event in _EVENTS}
    shown = _renderer()(key=key, data=dict(payload), **callbacks)
    return _events({event: shown.get(event) or {} for event in _EVENTS})


def _events(told: Mapping[str, Mapping[str, Any]]) -> MapEvents:
    """Read what the browser told; a visitor can forge it, so only plain values pass."""
    on = told["layers"].get("on")
    return MapEvents(
        click=_text(told["click"].get("id")),
        pane=_text(told["click"].get("pane")),
        view=_view(told["view"]),
        layers=tuple(str(name) for name in on) if isinstance(on, list) else None,
        background_failed=_text(told["background"].get("failed")),
        ready=True if told["ready"] else None,
        area=_polygon_id(told["area"].get("ring")),
    )


def _view(view: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give lat, lon, zoom and bounds when all of them are numbers."""
    bounds = view.get("bounds")
    if not isinstance(bounds, list) or len(bounds) != 4:
        return None
    values = [view.get("lat"), view.get("lon"), view.get("zoom"), *bounds]
    if not all(type(value) in (int, float) and math.isfinite(value) for value in values):
        return None
    lat, lon, zoom = values[:3]
    return {"lat": lat, "lon": lon, "zoom": zoom, "bounds": bounds}


def _polygon_id(ring: object) -> str | None:
    """Give the region id of a drawn ring of (lat, lon), None when it is no such thing."""
    try:
        corners = np.asarray(ring, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    if corners.ndim != 2 or corners.shape[1] != 2 or not 3 <= len(corners) <= _MOST_CORNERS:
        return None
    if not np.isfinite(corners).all() or np.abs(corners).max() > 180:
        return None
    return f"polygon:{encode_polyline(corners[:, 0], corners[:, 1])}"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _nothing() -> None:
    """Stand for the callbacks that Streamlit wants declared per event."""


def _register_assets() -> None:
    """Tell the running server where the component's files are.

    An installed wheel or a checkout alike: file-backed scripts need no `blob:` in the content
    policy, which inline ones would.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        config = ComponentConfig(name=_COMPONENT, asset_dir=HOST_DIR.name)
        manifest = ComponentManifest(name=_PACKAGE, version=__version__, components=[config])
        manager.register_from_manifest(manifest, HOST_DIR.parent)


def _renderer() -> Callable[..., Mapping[str, Any]]:
    return _declared(id(get_bidi_component_manager()))


@cache
def _declared(manager_id: int) -> Callable[..., Mapping[str, Any]]:
    """Declare the component once per running server, inside a script run and not at import."""
    return st.components.v2.component(_NAME, js="index.js", isolate_styles=False)
