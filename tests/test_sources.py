"""The register of data files tells the truth, and notices when it does not."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from geomap.errors import SourceError
from geomap.paths import geo_dir
from geomap.sources import (
    Origin,
    Passport,
    attribution_lines,
    count_rows,
    load_sources,
    refresh_register,
    register_file,
    verify_sources,
)

PASSPORT = Passport(
    file="towns.csv",
    title="Towns",
    licence="CC BY 4.0",
    attribution="Towns by Somebody",
    built_by="by hand",
    origins=(Origin("pypi:towns", "1.0", "CC BY 4.0"),),
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "towns.csv").write_text('name,note\nA,"two\nlines"\nB,\n', encoding="utf-8")
    register_file(PASSPORT, tmp_path)
    return tmp_path


def change(folder, **values):
    path = folder / "SOURCES.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["files"][0].update(values)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_shipped_register_agrees_with_the_shipped_files():
    assert verify_sources() == []


def test_shipped_licences_are_open_and_credited():
    passports = load_sources()
    assert {"provinces.geojson", "neighbours.geojson", "water.geojson", "claim_lines.geojson"} <= {
        passport.file for passport in passports
    }
    assert "Made with Natural Earth" in attribution_lines(passports)
    for passport in passports:
        assert not passport.file.endswith(".geojson") or passport.crs == "EPSG:4326"
        used = " ".join(origin.name for origin in passport.origins).lower()
        assert not re.search(r"\b(amap|autonavi|baidu|tianditu|datav)\b", used)


def test_a_true_register_has_no_faults(folder):
    assert verify_sources(folder) == []
    (passport,) = load_sources(folder)
    assert passport.rows == 2
    assert passport.bytes == 27
    assert len(passport.sha256) == 64


def test_a_changed_file_is_noticed_and_registered_again(folder):
    with (folder / "towns.csv").open("a", encoding="utf-8") as stream:
        stream.write("C,\n")
    assert "SHA-256 differs" in verify_sources(folder)[0]
    refresh_register(folder)
    assert verify_sources(folder) == []
    assert load_sources(folder)[0].rows == 3


def test_wrong_rows_are_noticed(folder):
    change(folder, rows=3)
    assert verify_sources(folder) == ["towns.csv: it has 2 rows, the register says 3."]


@pytest.mark.parametrize("word", ["attribution", "licence", "title", "built_by"])
def test_missing_words_are_noticed(folder, word):
    change(folder, **{word: " "})
    assert verify_sources(folder) == [f"towns.csv: its {word} is empty."]


def test_missing_origin_is_noticed(folder):
    change(folder, origins=[])
    assert verify_sources(folder) == ["towns.csv: it names no origin."]


def test_an_unregistered_file_is_noticed(folder):
    (folder / "README.md").write_text("not data", encoding="utf-8")
    (folder / "build.py").write_text("pass", encoding="utf-8")
    assert verify_sources(folder) == []
    (folder / "more.tsv").write_text("a\tb\n", encoding="utf-8")
    assert verify_sources(folder) == ["more.tsv has no passport: add one to SOURCES.json."]


def test_a_vanished_file_is_noticed(folder):
    (folder / "towns.csv").unlink()
    assert verify_sources(folder) == ["towns.csv: the file is missing."]
    with pytest.raises(SourceError, match="registered but missing"):
        refresh_register(folder)


def test_a_passport_for_a_file_outside_the_folder_is_no_passport(folder):
    change(folder, file="../secret.csv")
    (folder.parent / "secret.csv").write_text("a\n", encoding="utf-8")
    assert "../secret.csv: the file is missing." in verify_sources(folder)


def test_two_passports_for_one_file_are_noticed(folder):
    path = folder / "SOURCES.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({"files": document["files"] * 2}), encoding="utf-8")
    assert verify_sources(folder) == ["towns.csv has two passports."]


def test_a_new_passport_replaces_the_old_one(folder):
    register_file(dataclasses.replace(PASSPORT, title="All towns"), folder)
    assert [passport.title for passport in load_sources(folder)] == ["All towns"]


def test_writing_the_register_twice_gives_the_same_bytes(folder):
    before = (folder / "SOURCES.json").read_bytes()
    refresh_register(folder)
    assert (folder / "SOURCES.json").read_bytes() == before


@pytest.mark.parametrize(
    "text", ["", "[]", '{"files": [{}]}', '{"files": [{"file": "a", "colour": "red"}]}']
)
def test_an_unreadable_register_says_so(tmp_path, text):
    (tmp_path / "SOURCES.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be read as a register"):
        load_sources(tmp_path)


def test_a_missing_register_says_so(tmp_path):
    with pytest.raises(SourceError, match="is missing"):
        load_sources(tmp_path)


def test_credits_stand_once():
    other = dataclasses.replace(PASSPORT, file="more.csv")
    assert attribution_lines([PASSPORT, other]) == ["Towns by Somebody"]


def test_rows_of_each_kind_of_file(tmp_path):
    (tmp_path / "a.tsv").write_text("name\tlat\nA\t1\n\nB\t2\n", encoding="utf-8")
    assert count_rows(tmp_path / "a.tsv") == 2
    (tmp_path / "a.json").write_text('{"x": 1, "y": [1, 2]}', encoding="utf-8")
    assert count_rows(tmp_path / "a.json") == 2
    assert count_rows(geo_dir() / "provinces.csv") == 34
    assert count_rows(geo_dir() / "provinces.geojson") == 34
