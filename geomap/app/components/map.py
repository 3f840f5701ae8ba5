"""The map component as Streamlit sees it: data in, events out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from geomap import __version__
from geomap.maps.assets import HOST_DIR

_PACKAGE, _COMPONENT = "geomap", "host"
_NAME = f"{_PACKAGE}.{_COMPONENT}"


@dataclass(frozen=True)
class MapEvents:
    """What the reader did on the map since the last run.

    click: feature id, only in the run the click caused. view: lat, lon, zoom and bounds
    (west, south, east, north) after the last move, None before the first.
    """

    click: str | None
    view: Mapping[str, Any] | None


def map_host(payload: Mapping[str, Any], key: str) -> MapEvents:
    """Show the hosted map and return what the reader did on it."""
    _register_assets()
    shown = _renderer()(
        key=key,
        data=dict(payload),
        on_click_change=_nothing,
        on_view_change=_nothing,
    )
    click = shown.get("click") or {}
    return MapEvents(click=click.get("id"), view=shown.get("view"))


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


def _renderer() -> Any:  # noqa: ANN401 - Streamlit's callable has no public type
    return _declared(id(get_bidi_component_manager()))


@cache
def _declared(manager_id: int) -> Any:  # noqa: ANN401
    """Declare the component once per running server, inside a script run and not at import."""
    return st.components.v2.component(_NAME, js="index.js", isolate_styles=False)
