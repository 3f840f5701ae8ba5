"""What a page hands to the living map."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from geomap.maps.host import (
    HostState,
    Pane,
    fit_command,
    fly_command,
    host_payload,
    mask_text,
    panes_payload,
    state_data,
    switches,
)
from geomap.views.layers import SITE_LAYERS
from geomap.views.shading import classify_provinces
from tests.made import hostile_dataset, many_sites
from tests.toy import toy_dataset


def unpacked(text, count):
    raw = np.frombuffer(base64.b64decode(text), np.uint8)
    return np.unpackbits(raw, bitorder="little")[:count].astype(bool)


def test_a_payload_is_plain_json_with_relative_addresses():
    payload = json.loads(json.dumps(host_payload(toy_dataset(), HostState())))
    addresses = [*payload["scripts"], *payload["styles"], *payload["data"], payload["map"]["url"]]
    assert all(not address.startswith(("/", "http")) for address in addresses)
    assert payload["base"] == "/"


def test_a_payload_for_many_sites_stays_small():
    dataset = many_sites(100_000)
    mask = np.arange(100_000) % 3 == 0
    payload = host_payload(dataset, HostState(visible=mask))
    assert len(json.dumps(payload)) < 25_000


@pytest.mark.parametrize("count", [1, 8, 9, 1_000])
def test_masks_come_back(count):
    mask = np.random.default_rng(count).random(count) < 0.5
    mask[0] = False
    assert unpacked(mask_text(mask), count).tolist() == mask.tolist()


def test_no_mask_and_a_full_one_are_the_same():
    assert mask_text(None) is None
    assert mask_text(np.ones(9, dtype=bool)) is None


def test_the_map_does_not_change_with_the_state():
    plain = host_payload(toy_dataset(), HostState())
    other = host_payload(
        toy_dataset(), HostState(lang="zh", select="city:910100", layers=(), theme="dark")
    )
    assert plain["map"] == other["map"]
    assert plain["state"] != other["state"]


def test_a_selected_feature_names_its_sites():
    state = state_data(toy_dataset(), HostState(select="project:delta-cluster"))
    sites = toy_dataset().sites
    rows = sites["feature_id"].iloc[state["select_sites"]]
    assert rows.tolist() == ["project:delta-cluster"] * 3
    assert state_data(toy_dataset(), HostState(select="project:none"))["select_sites"] == []


def test_shading_gives_every_province_a_step_or_a_hatch():
    shading = classify_provinces(toy_dataset(), "projects")
    data = state_data(toy_dataset(), HostState(shading=shading))["shading"]
    assert set(data["fills"]) == set(toy_dataset().provinces["adcode"])
    assert set(data["title"]) == {"en", "zh"}
    assert data["legend"][-1]["fill"] == "hatch"
    steps = [entry["fill"] for entry in data["legend"][:-1]]
    assert steps == sorted(set(steps))
    assert all(1 <= step <= 6 for step in steps)


def test_backgrounds_need_their_key():
    def background(name, **keys):
        return state_data(toy_dataset(), HostState(background=name, keys=keys))["background"]

    assert background("osm")["datum"] == "wgs84"
    assert background("amap") is None
    amap = background("amap", amap="secret")
    assert amap["datum"] == "gcj02"
    assert "key=secret" in amap["url"]
    assert background("elsewhere") is None


def test_commands_carry_their_number():
    assert fit_command(3, "corridor") == {"n": 3, "do": "fit", "to": "corridor"}
    assert fit_command(4, (1.0, 2.0, 3.0, 4.0))["bounds"] == [1.0, 2.0, 3.0, 4.0]
    assert fly_command(5, "city:910100")["id"] == "city:910100"


def test_panes_have_their_own_mask_and_choice():
    mask = np.zeros(len(toy_dataset().sites), dtype=bool)
    panes = [
        Pane("province:910000", {"en": "Westland", "zh": "西州"}, (100, 30, 102, 32), mask),
        Pane("province:920000", {"en": "Eastland", "zh": "东州"}, (102, 30, 104, 32)),
    ]
    payload = panes_payload(toy_dataset(), HostState(), panes, locked=False)
    assert [pane["id"] for pane in payload["panes"]] == ["province:910000", "province:920000"]
    assert set(payload["panes"][0]["state"]) == {"visible"}
    assert payload["panes"][1]["state"] == {}
    assert payload["locked"] is False


def test_switches_are_those_of_the_legend():
    assert set(SITE_LAYERS) < set(switches(toy_dataset()))


def test_hostile_names_are_plain_data():
    payload = host_payload(hostile_dataset(), HostState(select="city:910100"))
    assert "script>" not in json.dumps(payload)
