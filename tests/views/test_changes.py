"""What changed between two versions is told record by record, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geomap.views.changes import compare_versions


def newer(toy, version, **tables):
    return replace(toy, version=version, **tables)


def told(changes):
    return [[one.record_id for one in sort] for sort in (changes.added, changes.removed)]


def test_the_same_records_under_another_version_changed_nothing(toy):
    changes = compare_versions(toy, newer(toy, "aaaaaaaaaaa1"))
    assert told(changes) == [[], []]
    assert changes.changed == ()


def test_a_record_more_changes_no_other_record(toy):
    """Row numbers shift when a record is added; that is no change of the records behind it."""
    fewer = newer(toy, "aaaaaaaaaaa2", projects=toy.projects.iloc[1:])
    shifted = toy.projects.assign(lead_site=toy.projects["lead_site"] + 1)
    changes = compare_versions(fewer, newer(toy, "aaaaaaaaaaa3", projects=shifted))
    assert told(changes) == [["project:alder-dc"], []]
    assert changes.changed == ()
    assert changes.of("project:alder-dc")[0] == "added"


@pytest.mark.parametrize(
    ("table", "column", "value", "named"),
    [
        ("projects", "status", "retired", "status"),
        ("sites", "lat", 30.5, "places_found"),
        ("indicators", "value", 7.0, "value"),
    ],
)
def test_a_change_names_what_is_different(toy, table, column, value, named):
    frame = getattr(toy, table).copy()
    frame.loc[frame.index[0], column] = value
    changed = compare_versions(toy, newer(toy, f"bbbbbbbbbb{column}", **{table: frame})).changed
    assert [one.columns for one in changed] == [(named,)]


def test_a_column_that_only_one_version_knows_is_no_change(toy):
    more = toy.projects.assign(mood="good")
    assert compare_versions(toy, newer(toy, "ccccccccccc1", projects=more)).changed == ()


def test_what_went_away_is_named_as_it_was(toy):
    changes = compare_versions(toy, newer(toy, "ddddddddddd1", zones=toy.zones.iloc[1:]))
    (gone,) = changes.removed
    assert gone.names.en == toy.zones["name_en"].iloc[0]
