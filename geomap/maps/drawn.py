"""The maps of this process: each dataset version described, drawn and encoded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from geomap.dataset import Dataset
from geomap.maps.data_files import (
    DataFile,
    address,
    layer_file,
    legend_file,
    read_backdrop,
)
from geomap.maps.folium_map import DrawnMap, draw_map
from geomap.views.layers import Layer, legend_entries, map_layers, map_views

_KEPT = 4
_kept: OrderedDict[str, MapOfDataset] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, eq=False)
class MapOfDataset:
    """One dataset's map. files: relative address -> data file."""

    version: str
    layers: tuple[Layer, ...]
    drawn: DrawnMap
    files: Mapping[str, DataFile]

    @property
    def first_files(self) -> tuple[str, ...]:
        """Addresses the browser needs at once."""
        first = {layer.layer_id for layer in self.layers if layer.shown} | {"legend"}
        return tuple(path for path in self.files if path.rpartition("/")[2].split(".")[0] in first)


def map_of(dataset: Dataset) -> MapOfDataset:
    """Give the map of a dataset, drawing it when this process has not yet."""
    with _lock:
        found = _kept.get(dataset.version)
        if found is None:
            found = _kept[dataset.version] = make_map(dataset)
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(dataset.version)
        return found


def make_map(dataset: Dataset) -> MapOfDataset:
    """Describe, encode and draw the map of a dataset."""
    layers = map_layers(dataset, read_backdrop())
    bodies = {layer.layer_id: layer_file(layer) for layer in layers}
    bodies["legend"] = legend_file(legend_entries(layers))
    addresses = {name: address(dataset.version, name) for name in bodies}
    drawn = draw_map(layers, map_views(dataset), addresses)
    return MapOfDataset(
        dataset.version, layers, drawn, {addresses[name]: body for name, body in bodies.items()}
    )


def kept_map(version: str) -> MapOfDataset | None:
    """Give the map of a version when this process has drawn it."""
    return _kept.get(version)


def kept_script(digest: str) -> str | None:
    """Give a drawn script by its hash when this process has drawn it."""
    return next((kept.drawn.script for kept in _kept.values() if kept.drawn.hash == digest), None)
