"""The record classes say of every column what it holds, and the dictionary repeats it."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from geomap import records
from geomap.issues import FAULTS, fault_dictionary
from geomap.paths import seeds_dir
from geomap.records import TABLES, citations, column_dictionary, is_slug, reasons
from geomap.validate.cells import _READERS

README = (seeds_dir() / "README.md").read_text("utf-8")


def project(**values):
    needed = {
        "project_id": "a",
        "name_en": "A",
        "name_zh": "甲",
        "kind": "other",
        "status": "unknown",
        "amount_state": "not_stated",
        "source_id": "page",
    }
    return records.Project(**{**needed, **values})


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_has_a_meaning_and_a_form_that_can_be_read(table):
    for column in table.columns:
        assert len(column.doc) > 10, column.name
        assert column.form in get_args(records.Form), column.name
        assert bool(column.choices) == (column.form == "choice"), column.name


def test_every_form_has_a_reader():
    assert set(_READERS) == set(get_args(records.Form))


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_the_dictionary_of_the_readme_is_complete_and_true(table):
    assert column_dictionary(table) in README


def test_the_dictionary_would_be_missed_when_a_column_changes():
    changed = column_dictionary(TABLES["zones"]).replace("`members`", "`parts`")
    assert changed not in README


def test_the_readme_lists_every_fault():
    assert fault_dictionary() in README
    assert set(FAULTS.values()) == set(records.SEVERITIES)


def test_records_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        project().status = "operating"


def test_feature_ids_name_the_kind_of_record():
    assert project().feature_id == "project:a"


def test_data_centres_are_three_kinds():
    assert records.DATA_CENTRE_KINDS == (
        "data_centre",
        "data_centre_cluster",
        "supercomputing_centre",
    )


def test_citations_put_the_main_source_first():
    cited = project(source_locator="L3", also_sources=("other@L5", "third@"))
    assert citations(cited) == (("page", "L3"), ("other", "L5"), ("third", ""))


def test_reasons_are_read_column_by_column():
    assert reasons(project(inferred=("started_on=last year = 2020",))) == {
        "started_on": "last year = 2020"
    }
    assert reasons(project()) == {}


@pytest.mark.parametrize(
    ("text", "good"),
    [("g60", True), ("a-b-2", True), ("A", False), ("a--b", False), ("-a", False), ("a\n", False)],
)
def test_ids_are_small_letters_digits_and_single_hyphens(text, good):
    assert is_slug(text) is good
