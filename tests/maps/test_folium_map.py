"""folium draws the map once per content, with nothing of an outside address or a record in it."""

from __future__ import annotations

import os
import re

import folium
import pytest

from geomap.maps.drawn import make_map, map_of
from geomap.maps.folium_map import DataLayer, build_folium_map, render_script
from geomap.views.layers import map_layers, map_views
from tests.made import HOSTILE, hostile_dataset, many_sites
from tests.toy import toy_dataset

OUTSIDE = re.compile(r"https?://|^//")


def elements(root):
    yield root
    for child in root._children.values():
        yield from elements(child)


def outside_addresses(root):
    """Every address in the scripts, styles and tiles of a folium tree that leaves the server."""
    found = []
    for element in elements(root):
        for _, url in [*getattr(element, "default_js", []), *getattr(element, "default_css", [])]:
            found.append(url)
        found.append(str(getattr(element, "tiles", "") or ""))
    return [url for url in found if OUTSIDE.search(url)]


def toy_map():
    dataset = toy_dataset()
    layers = map_layers(dataset, {})
    addresses = {layer.layer_id: f"data/v/{layer.layer_id}.json" for layer in layers}
    return build_folium_map(layers, map_views(dataset), addresses | {"legend": "data/v/l.json"})


def test_the_tree_names_no_outside_address():
    assert outside_addresses(toy_map().get_root()) == []
    assert OUTSIDE.search(render_script(toy_map())) is None


def test_the_check_sees_the_addresses_of_a_plain_folium_map():
    assert len(outside_addresses(folium.Map().get_root())) > 5


def test_equal_content_gives_an_equal_script_and_a_new_version_a_new_one():
    first, second = make_map(toy_dataset()), make_map(toy_dataset())
    assert first.drawn == second.drawn
    assert first.drawn.hash in first.drawn.path
    assert make_map(hostile_dataset()).drawn.hash != first.drawn.hash


def test_a_process_draws_a_dataset_once():
    assert map_of(toy_dataset()) is map_of(toy_dataset())


@pytest.mark.parametrize("make", [hostile_dataset, lambda: many_sites(3_000)])
def test_no_record_text_reaches_the_script_or_runs_on_the_server(make):
    drawn = make_map(make())
    for text in HOSTILE:
        if len(text) > 3:
            assert text not in drawn.drawn.script
    assert "Made" not in drawn.drawn.script
    assert "GEOMAP_RAN" not in os.environ
    assert "49" not in re.sub(r"[0-9a-f]{12,}", "", drawn.drawn.script)


def test_a_layer_with_a_hostile_name_or_address_is_refused_before_folium_sees_it():
    for text in HOSTILE:
        with pytest.raises(ValueError, match="no identifier"):
            DataLayer(text, {})
        with pytest.raises(ValueError, match="no identifier"):
            DataLayer("cities", {"data": text})
