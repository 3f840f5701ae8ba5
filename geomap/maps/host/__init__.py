"""What a page hands to the hosted map: addresses of the drawn map and the state it should show.

`host_payload` makes the data of the component from a dataset and a `HostState`. The browser builds
the map when its hash is new, and otherwise only does what changed in the state.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.dataset import Dataset
from geomap.maps.assets import SCRIPTS, STYLES, WORDS, assets
from geomap.maps.drawn import map_of

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class HostState:
    """What the living map should show.

    select: feature id of the chosen mark. visible: bool per site of the dataset, None for all.
    layers: names of the switches that are on, None for each layer's own default. at: first view
    as (lat, lon, zoom), read once when the map is built. theme: "auto" follows the page.
    commands: things to do once, each with a number of its own, see `command`.
    """

    lang: str = "en"
    select: str | None = None
    visible: Mask | None = None
    layers: Sequence[str] | None = None
    at: tuple[float, float, float] | None = None
    theme: str = "auto"
    commands: Sequence[Mapping[str, Any]] = ()


def host_payload(dataset: Dataset, state: HostState, base: str = "/") -> dict[str, Any]:
    """Make the data of the component. base: path under which the server's routes stand."""
    drawn = map_of(dataset)
    files = assets()
    return {
        "base": base,
        "styles": [files[name].path for name in STYLES],
        "scripts": [files[name].path for name in SCRIPTS],
        "words": files[WORDS].path,
        "map": {"hash": drawn.drawn.hash, "url": drawn.drawn.path},
        "data": list(drawn.first_files),
        "state": state_data(state),
    }


def state_data(state: HostState) -> dict[str, Any]:
    """Write a state as plain data."""
    return {
        "lang": state.lang,
        "select": state.select,
        "visible": None if state.visible is None else mask_text(state.visible),
        "layers": None if state.layers is None else list(state.layers),
        "at": None if state.at is None else list(state.at),
        "theme": state.theme,
        "commands": [dict(command) for command in state.commands],
    }


def mask_text(mask: Mask) -> str:
    """Pack a mask into base64: bit i of byte i // 8, lowest first, is site i."""
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()
