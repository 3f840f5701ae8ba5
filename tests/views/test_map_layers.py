"""What stands on the map: precision by form, money by size, one mark per place, a full legend."""

from __future__ import annotations

import numpy as np
import pytest

from geomap.views.layers import (
    FORMS,
    MARK_LIMIT,
    SITE_LAYERS,
    map_layers,
    map_views,
    shared_places,
    site_points,
    size_classes,
)
from geomap.views.legend import legend_entries
from tests.made import many_sites
from tests.toy import toy_dataset

AREA = {"type": "Polygon", "coordinates": [[[100, 30], [101, 30], [101, 31], [100, 30]]]}
BACKDROP = {
    name: [{"type": "Feature", "properties": {}, "geometry": AREA}]
    for name in ("neighbours", "water", "claim_lines")
}


@pytest.fixture(scope="module")
def layers():
    return {layer.layer_id: layer for layer in map_layers(toy_dataset(), BACKDROP)}


def marks(layers, feature_id):
    return [
        f["properties"]
        for name in SITE_LAYERS
        for f in layers[name].features
        if f["properties"]["feature_id"] == feature_id
    ]


def test_every_placed_site_is_one_mark(layers):
    drawn = sum(len(layers[name].features) for name in SITE_LAYERS)
    dataset = toy_dataset()
    kept_off = dataset.zones.loc[dataset.zones["draw_on_map"].eq(False), "feature_id"]
    hidden = dataset.sites["feature_id"].isin(kept_off) & dataset.sites["lat"].notna()
    assert drawn == dataset.counts["placed_sites"] - int(hidden.sum())


@pytest.mark.parametrize(
    ("feature_id", "form"),
    [
        ("project:alder-dc", "dot"),  # given coordinates
        ("project:harbour-super", "ring"),  # a district
        ("project:birch-a", "hollow"),  # a city only
        ("project:elm-lab", "hollow"),  # a province only
        ("city:910100", "dot"),  # a city stands for itself
    ],
)
def test_form_tells_how_exact_a_place_is(layers, feature_id, form):
    assert [m["form"] for m in marks(layers, feature_id)] == [form]


def test_a_zone_across_provinces_is_its_members_dashed_and_joined(layers):
    assert [m["form"] for m in marks(layers, "zone:delta-zone")] == ["dashed"] * 3
    (link,) = layers["zone_links"].features
    assert link["id"] == "zone:delta-zone"
    assert link["geometry"]["type"] == "LineString"
    assert {m["form"] for m in marks(layers, "zone:alder-park")} == {"hollow"}


def test_size_follows_the_stated_sum_at_the_lead_site_only(layers):
    sizes = [m["size"] for m in marks(layers, "project:delta-cluster")]
    assert sorted(sizes) == [0, 0, 2]  # 2,300 m yuan, three sites
    assert [m["size"] for m in marks(layers, "project:elm-lab")] == [1]  # 50 m dollars
    assert [m["size"] for m in marks(layers, "project:harbour-super")] == [0]  # undisclosed


def test_size_classes_never_mix_the_currencies():
    nan = np.nan
    cny = np.array([nan, 1.0, 1e9, 10e9, 50e9, nan, nan, 1.0])
    usd = np.array([nan, nan, nan, nan, nan, 1.0, 7.5e9, 9e9])
    assert size_classes(cny, usd).tolist() == [0, 1, 2, 3, 4, 1, 4, 1]


def test_sites_of_one_place_share_a_number_and_others_none():
    lat = np.array([30.0, 30.00001, 31.0, 30.0, 31.5])
    lon = np.array([100.0, 100.0, 100.0, 101.0, 100.0])
    places = shared_places(lat, lon)
    assert places[0] == places[1] > 0
    assert places[2:].tolist() == [0, 0, 0]
    assert shared_places(lat[:0], lon[:0]).tolist() == []


def test_corridor_runs_through_its_members_branch_by_branch(layers):
    (line,) = layers["corridor"].features
    assert line["geometry"]["coordinates"] == [
        [[103.1, 33.1], [103.0, 31.0], [101.0, 31.0]],
        [[103.1, 33.1], [101.0, 33.0], [101.0, 31.0]],
    ]
    (band,) = layers["corridor_band"].features
    assert band["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_names_of_corridor_members_come_first(layers):
    names = [f["properties"]["feature_id"] for f in layers["city_labels"].features]
    members = set(toy_dataset().corridor_members["city_feature_id"])
    assert set(names[: len(members)]) == members


def test_the_legend_explains_every_layer_form_and_size(layers):
    symbols = [entry.symbol for entry in legend_entries(tuple(layers.values()))]
    assert {s.get("form") for s in symbols if s["draw"] == "mark"} >= set(FORMS)
    assert {s.get("size") for s in symbols if s["draw"] == "mark"} >= set("01234")
    assert {s.get("layer") for s in symbols if s["draw"] == "mark"} >= set(SITE_LAYERS)
    switches = {layer.switch for layer in layers.values() if layer.switch}
    assert switches == {e.switch for e in legend_entries(tuple(layers.values())) if e.switch}


def test_the_legend_says_nothing_of_what_is_not_there():
    keys = {e.text_key for e in legend_entries(map_layers(toy_dataset(), {}))}
    assert "map.layer.water" not in keys
    assert "map.layer.corridor" in keys


def test_many_sites_become_points_on_one_canvas_and_few_stay_marks():
    few = {layer.layer_id: layer for layer in map_layers(many_sites(MARK_LIMIT), {})}
    many = {layer.layer_id: layer for layer in map_layers(many_sites(MARK_LIMIT + 1), {})}
    assert "sites" not in few
    assert many["sites"].drawing == "points"
    assert len(many["sites"].points) == MARK_LIMIT + 1
    assert "projects" not in many


def test_only_kept_sites_are_drawn():
    dataset = toy_dataset()
    kept = dataset.sites["feature_id"].eq("project:elm-lab").to_numpy()
    assert len(site_points(dataset, kept)) == 1
    drawn = {layer.layer_id: layer for layer in map_layers(dataset, {}, kept)}
    assert "cities" not in drawn
    assert len(drawn["projects"].features) == 1


def test_views_hold_the_country_and_the_corridor():
    views = map_views(toy_dataset())
    west, south, east, north = views.corridor
    assert west < 101 < 103.1 < east
    assert south < 31 < 33.1 < north
    assert views.country[0] == 100.0
    assert views.country[2] == 104.0
