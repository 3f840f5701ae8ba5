"""The maps of this process: each dataset version described, drawn and encoded once."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from threading import Lock

from geomap.dataset import Dataset
from geomap.maps.data_files import (
    DataFile,
    address,
    layer_file,
    legend_file,
    names_file,
    read_backdrop,
)
from geomap.maps.folium_map import DrawnMap, draw_map
from geomap.views.layers import Layer, Mask, map_layers, map_views
from geomap.views.legend import LegendEntry, legend_entries

_NAMES = re.compile(r"names-(\d{1,7})\.json")
_KEPT_NAMES = 4_096
_KEPT = 4
_kept: OrderedDict[str, MapOfDataset] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, eq=False)
class MapOfDataset:
    """One dataset's map. files: relative address -> data file."""

    dataset: Dataset
    layers: tuple[Layer, ...]
    legend: tuple[LegendEntry, ...]
    drawn: DrawnMap
    files: Mapping[str, DataFile]

    @property
    def first_files(self) -> tuple[str, ...]:
        """Addresses the browser needs at once."""
        first = {layer.layer_id for layer in self.layers if layer.shown} | {"legend"}
        return tuple(path for path in self.files if path.rpartition("/")[2].split(".")[0] in first)

    def file(self, path: str) -> DataFile | None:
        """Give a data file by its address; names are written when they are first asked for."""
        if path in self.files:
            return self.files[path]
        match = _NAMES.fullmatch(path.removeprefix(f"data/{self.dataset.version}/"))
        return self._names(int(match.group(1))) if match else None

    @cached_property
    def _names(self) -> Callable[[int], DataFile | None]:
        return lru_cache(maxsize=_KEPT_NAMES)(partial(names_file, self.dataset))


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


def make_map(dataset: Dataset, kept: Mask | None = None) -> MapOfDataset:
    """Describe, encode and draw the map of a dataset. kept: bool per site, None for all."""
    layers = map_layers(dataset, read_backdrop(), kept)
    legend = legend_entries(layers)
    paths = {layer.layer_id: address(dataset.version, layer) for layer in layers}
    paths["legend"] = f"data/{dataset.version}/legend.json"
    files = {paths[layer.layer_id]: layer_file(layer, len(dataset.sites)) for layer in layers}
    files[paths["legend"]] = legend_file(legend)
    drawn = draw_map(layers, map_views(dataset), paths)
    return MapOfDataset(dataset, layers, legend, drawn, files)


def kept_map(version: str) -> MapOfDataset | None:
    """Give the map of a version when this process has drawn it."""
    return _kept.get(version)


def kept_script(digest: str) -> str | None:
    """Give a drawn script by its hash when this process has drawn it."""
    return next((kept.drawn.script for kept in _kept.values() if kept.drawn.hash == digest), None)
