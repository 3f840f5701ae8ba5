"""What the browser tells the page is read as plain values: a visitor can send anything."""

from __future__ import annotations

import pytest

from geomap.app.components.map import _EVENTS, MapEvents, _events
from geomap.views.regions import parse_region
from tests.toy import toy_dataset

NOTHING = {name: {} for name in _EVENTS}


def test_nothing_told_is_nothing_heard():
    assert _events(NOTHING) == MapEvents()


def test_events_come_as_they_were_told():
    told = NOTHING | {
        "click": {"id": "city:910100", "pane": "west"},
        "layers": {"on": ["cities", "zones"]},
        "background": {"failed": "osm"},
        "ready": {"hash": "x"},
    }
    heard = _events(told)
    assert (heard.click, heard.pane) == ("city:910100", "west")
    assert heard.layers == ("cities", "zones")
    assert heard.background_failed == "osm"
    assert heard.ready is True


def test_a_drawn_ring_is_a_region_to_compare():
    heard = _events(NOTHING | {"area": {"ring": [[30.5, 100.5], [30.5, 101.5], [31.5, 101.5]]}})
    assert parse_region(heard.area, toy_dataset())


@pytest.mark.parametrize(
    "ring",
    [
        None,
        "x",
        7,
        [],
        [[1, 2]],
        [[1, 2], [3], [4, 5]],
        [[1, "a"]] * 3,
        [[1, 999]] * 3,
        [[0, 0]] * 101,
        [[float("nan"), 1]] * 3,
        {"a": 1},
    ],
)
def test_a_forged_ring_is_passed_over(ring):
    assert _events(NOTHING | {"area": {"ring": ring}}).area is None


VIEW = {"lat": 31.0, "lon": 119.0, "zoom": 6.5, "bounds": [115.0, 29.0, 123.0, 33.0]}


def test_a_view_is_numbers():
    assert _events(NOTHING | {"view": VIEW}).view == VIEW


@pytest.mark.parametrize(
    "wrong",
    [
        {"lat": "31"},
        {"zoom": None},
        {"lon": True},
        {"lat": float("nan")},
        {"bounds": [1, 2, 3]},
        {"bounds": "abcd"},
        {"bounds": None},
    ],
)
def test_a_forged_view_is_passed_over(wrong):
    assert _events(NOTHING | {"view": VIEW | wrong}).view is None


def test_forged_values_of_other_kinds_are_passed_over():
    told = NOTHING | {"click": {"id": ["x"], "pane": 3}, "layers": {"on": "all"}}
    heard = _events(told)
    assert (heard.click, heard.pane, heard.layers) == (None, None, None)
