"""The map drawn by folium: once per content, as one script that any number of pages can run.

folium describes the map, its panes, layers and controls; the classes here render into calls of
the small renderer (`host/renderer`), which Leaflet draws. A template sees identifiers, numbers
and relative addresses only. The text of the script is named by its own hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import Figure
from folium.elements import JSCSSMixin
from folium.template import Template

from geomap.geodesy import Bounds
from geomap.maps.escape import safe_spec, safe_token
from geomap.views.layers import Layer, MapViews

MIN_ZOOM, MAX_ZOOM = 3, 18
# Wide enough to see neighbours at the edges, tight enough not to get lost (lat, lon corners).
_PAN_LIMITS = [[-12.0, 40.0], [66.0, 168.0]]


@dataclass(frozen=True)
class DrawnMap:
    """A map as folium drew it: the script, named by the first 16 hex digits of its SHA-256."""

    hash: str
    script: str

    @property
    def path(self) -> str:
        """Address of the script, relative to the application."""
        return f"map/{self.hash}.js"


class HostedMap(folium.Map):
    """A folium map that is drawn into whatever element its host hands over."""

    # Leaflet and the renderer are loaded by the host, from the same server.
    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own shape
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = geomap.map(root, {
            center: {{ this.location|tojson }},
            crs: L.CRS.{{ this.crs }},
            ...{{ this.options|tojavascript }}
        });
        {% endmacro %}
        """
    )


class _Part(JSCSSMixin, folium.map.Layer):
    """A piece of the map described by a spec of identifiers, numbers and addresses."""

    _call = ""
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} =
            geomap.{{ this._call }}({{ this.parent_name }}, {{ this.spec|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, part_id: str, spec: Mapping[str, Any]) -> None:
        super().__init__(name=safe_token(part_id), show=False)
        self._name, self._id = type(self).__name__, part_id
        self.spec = safe_spec(spec)

    @property
    def parent_name(self) -> str:
        """JavaScript name of the map."""
        if self._parent is None:
            raise TypeError("a part of the map stands outside any map")
        return str(self._parent.get_name())


class DataLayer(_Part):
    """A layer whose features come from a data file, by address in the app, inline in an export."""

    _call = "layer"


class MapControls(_Part):
    """Zoom, jumps, measuring, legend and scale bar."""

    _call = "controls"


def draw_map(layers: Sequence[Layer], views: MapViews, addresses: Mapping[str, str]) -> DrawnMap:
    """Draw the layers with folium.

    addresses: layer id (and "legend") -> relative address of its data file. Equal arguments give
    the same script and the same hash.
    """
    drawn = build_folium_map(layers, views, addresses)
    body = render_script(drawn)
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    return DrawnMap(
        digest, f'geomap.define("{digest}", function (geomap, L, root) {{\n{body}\n}});\n'
    )


def build_folium_map(
    layers: Sequence[Layer], views: MapViews, addresses: Mapping[str, str]
) -> HostedMap:
    """Build the folium tree: the map, one DataLayer per layer, the controls."""
    south, west, north, east = _corners(views.corridor)
    drawn = HostedMap(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=6,
        tiles=None,
        prefer_canvas=False,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        wheel_px_per_zoom_level=90,
        max_bounds_viscosity=0.8,
    )
    # folium keeps these for tile layers; the map without tiles needs them itself.
    drawn.options |= {"min_zoom": MIN_ZOOM, "max_zoom": MAX_ZOOM, "max_bounds": _PAN_LIMITS}
    drawn._name, drawn._id = "geomap", "map"
    for part in _parts(layers, views, addresses):
        drawn.add_child(part)
    return drawn


def _parts(
    layers: Sequence[Layer], views: MapViews, addresses: Mapping[str, str]
) -> Iterable[_Part]:
    for order, layer in enumerate(layers):
        yield DataLayer(layer.layer_id, _layer_spec(layer, order, addresses[layer.layer_id]))
    bounds = {"country": list(views.country), "corridor": list(views.corridor)}
    yield MapControls("controls", {"legend": addresses["legend"], "views": bounds})


def _layer_spec(layer: Layer, order: int, address: str) -> dict[str, Any]:
    names = {"names": f"{address.rpartition('/')[0]}/names-0.json"}
    return {
        **(names if layer.drawing == "points" else {}),
        "id": layer.layer_id,
        "draw": layer.drawing,
        "data": address,
        "order": order,
        "shown": layer.shown,
        "switch": layer.switch,
        "acts": layer.acts,
    }


def _corners(bounds: Bounds) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return south, west, north, east


def render_script(drawn: HostedMap) -> str:
    """Render the script of a folium map alone, without the page folium would put around it."""
    figure = drawn.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("the map has no figure")
    figure.render()
    lines = "".join(child.render() for child in figure.script._children.values()).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
