"""The legend as data: every mark of the map explained, layers first, then fill, size and stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geomap.views.layers import FORMS, SITE_LAYERS, Layer


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a symbol (drawing instructions, no words) and the key of its words.

    switch: the layer it switches, or None for an explanation alone.
    """

    text_key: str
    symbol: Mapping[str, str]
    switch: str | None = None


def legend_entries(layers: Sequence[Layer]) -> tuple[LegendEntry, ...]:
    """Give the legend: first the layers present, then what fill, size and lines mean."""
    present = {layer.layer_id for layer in layers}
    sites = present & {"sites", *SITE_LAYERS}
    entries = [entry for needs, entry in _LAYER_ENTRIES if needs in present]
    if sites:
        entries += [_site_entry(name) for name in reversed(SITE_LAYERS)]
        entries += [*_FORM_ENTRIES, *_SIZE_ENTRIES, _STACK_ENTRY]
    if "sites" in present:
        entries.append(LegendEntry("map.legend.cluster", {"draw": "cluster"}))
    return tuple(entries)


def _site_entry(layer: str) -> LegendEntry:
    return LegendEntry(f"map.layer.{layer}", {"draw": "mark", "layer": layer, "form": "dot"}, layer)


_LAYER_ENTRIES = (
    ("corridor", LegendEntry("map.layer.corridor", {"draw": "corridor"}, "corridor")),
    ("provinces", LegendEntry("map.layer.provinces", {"draw": "area", "layer": "provinces"})),
    (
        "province_labels",
        LegendEntry("map.layer.labels", {"draw": "text"}, "labels"),
    ),
    ("neighbours", LegendEntry("map.layer.neighbours", {"draw": "area", "layer": "neighbours"})),
    ("water", LegendEntry("map.layer.water", {"draw": "water"}, "water")),
    ("claim_lines", LegendEntry("map.layer.claim_lines", {"draw": "claim"}, "claim_lines")),
)
_FORM_ENTRIES = tuple(
    LegendEntry(f"map.form.{form}", {"draw": "mark", "layer": layer, "form": form})
    for form, layer in zip(FORMS, ("projects", "projects", "projects", "zones"), strict=True)
)
_SIZE_ENTRIES = tuple(
    LegendEntry(f"map.size.{size}", {"draw": "mark", "layer": "projects", "size": str(size)})
    for size in range(5)
)
_STACK_ENTRY = LegendEntry("map.legend.stack", {"draw": "stack"})
