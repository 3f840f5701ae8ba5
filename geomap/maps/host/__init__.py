"""What a page hands to the hosted map: addresses of the drawn map and the state it should show.

`host_payload` makes the data of the component from a dataset and a `HostState`. The browser builds
the map when its hash is new, and otherwise only does what changed in the state. `panes_payload`
does the same for two to four maps side by side at one scale.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.dataset import Dataset
from geomap.geodesy import Bounds
from geomap.maps.assets import SCRIPTS, STYLES, WORDS, assets
from geomap.maps.backgrounds import background_spec
from geomap.maps.drawn import MapOfDataset, map_of
from geomap.text import LANGUAGES, text
from geomap.views.shading import Shading
from geomap.views.values import written_measure

Mask = NDArray[np.bool_]
# The colour ramp of the style sheet has steps 0 to 6; 0 is kept for "lowest of many classes".
_LAST_STEP = 6


@dataclass(frozen=True)
class HostState:
    """What the living map should show.

    lang: "en" or "zh". select: feature id of the chosen mark. visible: bool per site of the
    dataset, None for all. layers: names of the switches that are on (see `switches`), None for
    the map's own. at: first view as (lat, lon, zoom), read once when the map is built. shading:
    provinces by a measure. background: id of an outside background. keys: provider keys of the
    settings. tool: "distance", "area" or None. theme: "light", "dark" or "auto" (follows the
    page). commands: things to do once, made by `fit_command` and `fly_command`. tell_ready: send
    an event, which reruns the page, once the map is drawn. offer_area: let a measured area be
    handed to the page. note: lang -> a sentence that stands on the map.
    """

    lang: str = "en"
    select: str | None = None
    visible: Mask | None = None
    layers: Sequence[str] | None = None
    at: tuple[float, float, float] | None = None
    shading: Shading | None = None
    background: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    tool: str | None = None
    theme: str = "auto"
    commands: Sequence[Mapping[str, Any]] = ()
    tell_ready: bool = False
    offer_area: bool = False
    note: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Pane:
    """One map among several. title: lang -> words. visible, select: as in HostState.

    outline: ring of (lat, lon) of an area that is no feature of the map, such as a circle.
    """

    pane_id: str
    title: Mapping[str, str]
    bounds: Bounds
    visible: Mask | None = None
    select: str | None = None
    outline: Sequence[tuple[float, float]] = ()


def fit_command(number: int, to: str | Bounds) -> dict[str, Any]:
    """Ask for a jump to "corridor", "country", "selection" or to bounds.

    number: grows with each command of a session; the map carries out each number once.
    """
    if isinstance(to, str):
        return {"n": number, "do": "fit", "to": to}
    return {"n": number, "do": "fit", "bounds": list(to)}


def fly_command(number: int, feature_id: str) -> dict[str, Any]:
    """Ask for a flight to a feature, which the state must also select."""
    return {"n": number, "do": "fly", "id": feature_id}


def switches(dataset: Dataset) -> tuple[str, ...]:
    """Name the layers a reader can switch, in the order of the legend."""
    entries = map_of(dataset).legend
    return tuple(dict.fromkeys(entry.switch for entry in entries if entry.switch))


def host_payload(
    dataset: Dataset, state: HostState, *, base: str = "/", height: str | None = None
) -> dict[str, Any]:
    """Make the data of the component for one map.

    base: path under which the server's routes stand, with a slash at its end. height: CSS height.
    """
    return {
        **_addresses(map_of(dataset), base),
        "height": height,
        "failed": text("map.failed", state.lang),
        "tell_ready": state.tell_ready,
        "state": state_data(dataset, state),
    }


def panes_payload(
    dataset: Dataset,
    state: HostState,
    panes: Sequence[Pane],
    *,
    locked: bool = True,
    base: str = "/",
    height: str | None = None,
) -> dict[str, Any]:
    """Make the data of the component for several maps at one scale.

    state: what all share. locked: whether zooming one zooms all; unlocked, each has its own scale.
    """
    payload = host_payload(dataset, state, base=base, height=height)
    return payload | {"panes": [_pane_data(dataset, pane) for pane in panes], "locked": locked}


def _addresses(drawn: MapOfDataset, base: str) -> dict[str, Any]:
    files = assets()
    return {
        "base": base,
        "styles": [files[name].path for name in STYLES],
        "scripts": [files[name].path for name in SCRIPTS],
        "words": files[WORDS].path,
        "map": {"hash": drawn.drawn.hash, "url": drawn.drawn.path},
        "data": [files[WORDS].path, *drawn.first_files],
    }


def state_data(dataset: Dataset, state: HostState) -> dict[str, Any]:
    """Write a state as plain data."""
    background = background_spec(state.background, state.keys) if state.background else None
    return {
        "lang": state.lang,
        "select": state.select,
        "select_sites": _sites_of(dataset, state.select),
        "visible": mask_text(state.visible),
        "layers": None if state.layers is None else list(state.layers),
        "at": None if state.at is None else list(state.at),
        "shading": None if state.shading is None else shading_data(state.shading),
        "background": background,
        "tool": state.tool,
        "offer_area": state.offer_area,
        "note": None if state.note is None else dict(state.note),
        "theme": state.theme,
        "commands": [dict(command) for command in state.commands],
    }


def _pane_data(dataset: Dataset, pane: Pane) -> dict[str, Any]:
    own: dict[str, Any] = {}
    if pane.visible is not None:
        own["visible"] = mask_text(pane.visible)
    if pane.select is not None:
        own |= {"select": pane.select, "select_sites": _sites_of(dataset, pane.select)}
    return {
        "id": pane.pane_id,
        "title": dict(pane.title),
        "bounds": list(pane.bounds),
        "outline": [[round(lat, 5), round(lon, 5)] for lat, lon in pane.outline],
        "state": own,
    }


def _sites_of(dataset: Dataset, feature_id: str | None) -> list[int]:
    """Give the site numbers of a feature: a canvas knows sites, not features."""
    if feature_id is None:
        return []
    return [int(index) for index in dataset.sites_of(feature_id)["site_index"]]


def mask_text(mask: Mask | None) -> str | None:
    """Pack a mask into base64: bit i of byte i // 8, lowest first, is site i."""
    if mask is None or bool(mask.all()):
        return None
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()


def shading_data(shading: Shading) -> dict[str, Any]:
    """Write a shading: a step of the ramp or a hatch per province, and the legend's words."""
    steps = [_step(i, len(shading.classes)) for i in range(len(shading.classes))]
    fills = {
        s.adcode: steps[s.class_index] if s.class_index >= 0 else "hatch" for s in shading.shades
    }
    legend = [{"fill": step, "text": _both(shading, i)} for i, step in enumerate(steps)]
    values = {
        s.adcode: {lang: written_measure(shading.measure, s.value, lang) for lang in LANGUAGES}
        for s in shading.shades
        if s.value is not None
    }
    return {
        "title": {lang: shading.title(lang) for lang in LANGUAGES},
        "note": {lang: shading.method(lang) for lang in LANGUAGES},
        "fills": fills,
        "values": values,
        "legend": [*legend, {"fill": "hatch", "text": _both(shading, -1)}],
    }


def _both(shading: Shading, class_index: int) -> dict[str, str]:
    return {lang: shading.label(class_index, lang) for lang in LANGUAGES}


def _step(class_index: int, count: int) -> int:
    """Spread classes evenly over the ramp; the darkest is always the highest."""
    if count == 1:
        return _LAST_STEP // 2 + 1
    return 1 + round(class_index * (_LAST_STEP - 1) / (count - 1))
