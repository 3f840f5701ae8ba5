"""The dataset: what is in it, what it answers, and that nothing of the seeds is lost."""

from __future__ import annotations

import pytest

from geomap.errors import UnknownFeature
from tests.toy import toy_dataset


def test_counts_are_those_worked_out_by_hand():
    counts = toy_dataset().counts
    assert counts["projects"] == 13
    assert counts["bundles"] == 1
    assert counts["sites"] == 25
    assert counts["placed_sites"] == 23
    assert counts["unplaced_sites"] == 2
    assert counts["data_centre_sites"] == 7


def test_a_part_and_a_repeat_know_their_root():
    projects = toy_dataset().projects.set_index("project_id")
    assert projects.loc["part-b", "root_id"] == "project:nine-contracts"
    assert projects.loc["alder-dc-two", "root_id"] == "project:alder-dc"
    assert projects.loc["cedar-dc", "root_id"] == "project:cedar-dc"


def test_dates_keep_their_own_precision():
    projects = toy_dataset().projects.set_index("project_id")
    assert projects.loc["alder-dc", "earliest_on"] == "2020-03"
    assert projects.loc["alder-dc", "newest_on"] == "2021-06-01"
    assert projects.loc["elm-lab", "newest_on"] == "2018"


def test_an_unplaced_project_stays_in_the_dataset():
    dataset = toy_dataset()
    assert "project:nowhere-plant" in dataset
    site = dataset.sites_of("project:nowhere-plant").iloc[0]
    assert site["location_status"] == "not_found"
    assert dataset.record("project:nowhere-plant")["amount_cny"] == 7e7


def test_a_record_gives_none_for_what_is_not_known():
    record = toy_dataset().record("project:harbour-super")
    assert record["amount_cny"] is None
    assert record["closed_on"] is None
    assert record["partners"] == ()


def test_an_unknown_feature_is_said_so():
    with pytest.raises(UnknownFeature, match="project:none"):
        toy_dataset().record("project:none")


def test_sources_of_a_feature_come_main_one_first():
    assert toy_dataset().source_of("project:alder-dc") == (
        ("toy-times-2021", "L3"),
        ("acme-report", "p. 3"),
    )
