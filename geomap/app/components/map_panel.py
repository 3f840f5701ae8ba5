"""The living map beside the details, and what is said under it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from geomap.app import state
from geomap.app.components.html import show, tag
from geomap.app.components.map import map_host
from geomap.app.state import ViewState
from geomap.dataset import Dataset
from geomap.maps.host import HostState, host_payload
from geomap.text import format_number, text
from geomap.views.filters import select_sites


def show_map(view: ViewState, dataset: Dataset) -> ViewState:
    """Show the map; return the view with what the reader did on it."""
    visible = select_sites(dataset, view.filters) if view.filters.active else None
    said = HostState(
        lang=view.lang,
        select=view.select,
        visible=visible,
        layers=view.layers,
        at=view.at,
        commands=state.get("commands") or (),  # type: ignore[arg-type]
    )
    events = map_host(host_payload(dataset, said), key="map")
    if events.click:
        view = replace(view, select=events.click)
    if events.view:
        at = (events.view["lat"], events.view["lon"], events.view["zoom"])
        state.put("bounds", events.view.get("bounds"))
        view = replace(view, at=at)
    _say_below(view, dataset, visible)
    return view


def tell(do: str, **what: Any) -> None:  # noqa: ANN401 - plain JSON values of a command
    """Tell the living map to do something once."""
    state.put("commands", ({"n": state.next_number("command"), "do": do, **what},))


def _say_below(view: ViewState, dataset: Dataset, visible: np.ndarray | None) -> None:
    lang = view.lang
    total = len(dataset.sites)
    shown = total if visible is None else int(visible.sum())
    counted = {"n": format_number(shown, lang), "total": format_number(total, lang)}
    lines = [text("app.shown", lang, **counted)]
    if not shown:
        lines.append(text("app.shown.none", lang))
    unplaced = dataset.counts["unplaced_sites"]
    if unplaced:
        lines.append(text("app.unplaced", lang, n=format_number(unplaced, lang)))
    show(tag("p", " ".join(lines), class_="gm-disclosure", role="status"))
    show(
        tag("p", text("app.disclosure", lang), class_="gm-disclosure"),
        tag("p", text("app.credit", lang), class_="gm-disclosure"),
    )
