"""The living map beside the details, and what is said under it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from geomap.app import data, state
from geomap.app.components import basket, ground
from geomap.app.components.html import show, tag
from geomap.app.components.map import MapEvents, map_host
from geomap.app.view import ViewState, is_id
from geomap.dataset import Dataset
from geomap.geodesy import Bounds
from geomap.maps.host import HostState, host_payload
from geomap.text import format_number, text
from geomap.views.filter_words import map_note
from geomap.views.filters import placed_sites, select_sites


def show_map(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the map; return the view with what the reader did on it."""
    visible = select_sites(dataset, view.filters) if view.filters.active else None
    said = HostState(
        lang=view.lang,
        select=view.select,
        visible=visible,
        layers=view.layers,
        at=view.at,
        shading=ground.shading_of(view, dataset),
        background=view.background,
        keys=data.settings().keys,
        commands=_commands(),
        offer_area=True,
        note=map_note(dataset, view.filters),
    )
    events = map_host(host_payload(dataset, said), key="map")
    view = _follow(view, events)
    if events.area:
        view = basket.add_area(view, events.area, dataset)
    if events.background_failed and view.background:
        ground.drop_background(view)
    _say_below(view, dataset, visible)
    return view


def _follow(view: ViewState, events: MapEvents) -> ViewState:
    """Take what the reader did on the map into the view."""
    if events.click and is_id(events.click):
        view = replace(view, select=events.click)
    if events.layers is not None:
        view = replace(view, layers=events.layers)
    if events.view:
        state.put("bounds", _seen(_numbers(events.view.get("bounds"), 4)))
        at = _numbers([events.view.get(name) for name in ("lat", "lon", "zoom")], 3)
        if at and abs(at[0]) <= 90 and abs(at[1]) <= 180 and 0 <= at[2] <= 20:
            view = replace(view, at=(at[0], at[1], at[2]))
    return view


def _seen(told: tuple[float, ...] | None) -> Bounds | None:
    """Bring the bounds of the map onto the globe; None when nothing of it is left."""
    if told is None:
        return None
    west, south, east, north = told
    west, east = max(west, -180.0), min(east, 180.0)
    south, north = max(south, -90.0), min(north, 90.0)
    return (west, south, east, north) if west < east and south < north else None


def _numbers(told: object, count: int) -> tuple[float, ...] | None:
    """Read so many numbers from what the browser told, which a visitor can forge."""
    if not isinstance(told, list) or len(told) != count:
        return None
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in told):
        return None
    return tuple(float(one) for one in told)


def tell(do: str, **what: object) -> None:
    """Tell the living map to do something once; what: plain JSON values."""
    state.put("commands", ({"n": state.next_number("command"), "do": do, **what},))


def _commands() -> Sequence[dict[str, Any]]:
    commands = state.get("commands")
    return commands if isinstance(commands, tuple) else ()


def _say_below(view: ViewState, dataset: Dataset, visible: np.ndarray | None) -> None:
    lang = view.lang
    placed = placed_sites(dataset)
    total = int(placed.sum())
    shown = total if visible is None else int((visible & placed).sum())
    counted = {"n": format_number(shown, lang), "total": format_number(total, lang)}
    lines = [text("app.shown", lang, **counted)]
    if not shown:
        lines.append(text("app.shown.none", lang))
    unplaced = dataset.counts["unplaced_sites"]
    if unplaced:
        lines.append(text("app.unplaced", lang, n=format_number(unplaced, lang)))
    show(tag("p", " ".join(lines), class_="gm-disclosure", role="status"))
    own = ".own" if data.settings().boundaries else ""
    show(
        tag("p", text(f"app.disclosure{own}", lang), class_="gm-disclosure"),
        tag("p", text("app.credit", lang), class_="gm-disclosure"),
    )
