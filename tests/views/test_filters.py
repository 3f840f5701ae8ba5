"""Filters choose the sites a reader asked for, and go through a link and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.views.filters import (
    Filters,
    choices,
    count_choices,
    date_bounds,
    filters_from_params,
    filters_to_params,
    select_sites,
)


def features(dataset, filters):
    return sorted(set(dataset.sites["feature_id"][select_sites(dataset, filters)]))


def ids(dataset, **chosen):
    return [name.partition(":")[2] for name in features(dataset, Filters(**chosen))]


def test_nothing_chosen_shows_every_site(toy):
    assert select_sites(toy, Filters()).tolist() == [True] * 25


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"kinds": ("data_centre",)}, ["alder-dc", "alder-dc-two", "cedar-dc"]),
        ({"statuses": ("construction",)}, ["birch-a", "harbour-super"]),
        ({"investors": ("Bolt",)}, ["cedar-dc", "delta-cluster", "harbour-super", "alder-park"]),
        ({"money": ("undisclosed",)}, ["harbour-super"]),
        ({"money": ("undisclosed",), "investors": ("Acme",)}, []),
        ({"sources": ("acme-report",), "layers": ("data_centres",)}, ["alder-dc", "alder-dc-two"]),
        ({"provinces": ("930000",)}, ["930100", "delta-cluster", "elm-lab", "delta-zone"]),
        ({"corridors": ("toy-line",), "kinds": ("data_centre_cluster",)}, ["delta-cluster"]),
        ({"precisions": ("site",)}, ["alder-dc", "border-park"]),
        ({"layers": ("zones",)}, ["alder-park", "delta-zone"]),
        ({"layers": ("corridors",)}, []),
        ({"layers": ("none",)}, []),
    ],
)
def test_each_filter(toy, chosen, found):
    assert ids(toy, **chosen) == found


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        # "2021" may be any day of 2021, so it meets a range that touches that year
        ({"date_from": "2021-12", "date_to": "2021-12"}, ["alder-dc-two", "cedar-dc"]),
        ({"date_from": "2020-12-31", "date_to": "2020-12-31"}, ["birch-b"]),
        ({"date_to": "2018"}, ["elm-lab", "alder-park"]),
        ({"date_field": "opened", "date_from": "2020"}, ["alder-dc", "alder-dc-two"]),
        ({"date_field": "announced", "date_to": "2020-03"}, ["alder-dc"]),
        # alder-dc was announced in 2020 and opened in 2021: nothing happened in between
        ({"date_from": "2020-06", "date_to": "2020-11"}, []),
        ({"date_from": "2022-05", "date_to": "2022-05"}, ["nowhere-plant"]),
    ],
)
def test_time_range(toy, chosen, found):
    assert ids(toy, **chosen) == found


def test_a_filter_that_meets_nothing_differs_from_one_that_is_open(toy):
    assert ids(toy, kinds=("bundle",), statuses=("operating",)) == []
    assert len(ids(toy, kinds=(), statuses=())) > 0


def test_counts_beside_each_choice_apply_the_other_filters(toy):
    chosen = Filters(kinds=("data_centre",), provinces=("910000",))
    counts = count_choices(toy, "kinds", chosen)
    # Westland: alder-dc and its repeat, birch-a, birch-b, border-park, a zone, two cities
    assert counts["data_centre"] == 2
    assert counts["office"] == 2
    assert counts["laboratory"] == 0
    assert count_choices(toy, "investors", Filters(layers=("zones",))) == {
        "Acme": 1,
        "Bolt": 1,
        "Crane": 0,
        "Dune": 0,
    }


def test_choices_and_years_come_from_the_records(toy):
    assert choices(toy, "investors") == ("Acme", "Bolt", "Crane", "Dune")
    assert choices(toy, "corridors") == ("toy-line",)
    assert date_bounds(toy) == ("2015", "2022")
    assert date_bounds(toy, "signed") == ("2022", "2022")
    assert date_bounds(toy, "closed") is None


LISTS = ("kinds", "statuses", "investors", "money", "sources", "provinces", "precisions")


@settings(deadline=None)  # a busy machine is no fault
@given(st.data())
def test_filters_go_through_a_link_and_back(toy, data):
    chosen = {
        name: tuple(data.draw(st.lists(st.sampled_from(choices(toy, name)), unique=True)))
        for name in LISTS
    }
    chosen["date_field"] = data.draw(st.sampled_from(["any", "opened", "signed"]))
    chosen["date_from"] = data.draw(st.sampled_from(["", "2019", "2020-02"]))
    chosen["date_to"] = data.draw(st.sampled_from(["", "2021", "2022-07-13"]))
    filters = Filters(**chosen)
    params = filters_to_params(filters)
    assert all(isinstance(value, str) for value in params.values())
    assert filters_from_params(params, toy) == (filters, ())


def test_a_name_with_a_comma_or_backslash_survives_the_link(toy, with_projects):
    names = ("Acme, Inc.", "Back\\slash", "100% & more; =?")
    changed = with_projects({"alder-dc": {"investors": names}}, "commas")
    filters = Filters(investors=names)
    assert filters_from_params(filters_to_params(filters), changed) == (filters, ())


def test_unknown_and_bad_values_are_left_out_with_a_note(toy):
    params = {
        "kind": "data_centre,castle",
        "province": "Westland,999999,CN-EA,北州",
        "date": "yesterday",
        "from": "2021-13",
        "to": "2021",
        "corridor": "corridor:toy-line",
        "lang": "zh",
    }
    filters, notes = filters_from_params(params, toy)
    assert filters == Filters(
        kinds=("data_centre",),
        provinces=("910000", "920000", "930000"),
        corridors=("toy-line",),
        date_to="2021",
    )
    said = [note.say("en") for note in notes]
    assert len(said) == 4
    assert "castle" in said[0]
    assert "castle" in notes[0].say("zh")


def test_an_end_before_the_start_is_swapped_and_said(toy):
    filters, notes = filters_from_params({"from": "2022", "to": "2020-05"}, toy)
    assert (filters.date_from, filters.date_to) == ("2020-05", "2022")
    assert [note.key for note in notes] == ["filters.note.dates_swapped"]


@settings(deadline=None)  # a busy machine is no fault
@given(st.dictionaries(st.sampled_from(["kind", "from", "to", "date", "layers"]), st.text()))
def test_no_link_raises(toy, params):
    filters, _ = filters_from_params(params, toy)
    select_sites(toy, filters)
