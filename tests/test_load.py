"""Seed tables are read as text, and every fault of shape is reported with where it is."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest

from geomap import load, workbook
from geomap.load import load_seeds
from geomap.records import TABLES
from tests.seed_folder import SeedFolder
from tests.test_faults import is_chinese


@pytest.fixture
def seeds(tmp_path):
    return SeedFolder(tmp_path / "seeds")


def found(folder):
    issues = load_seeds(folder).issues
    assert all(is_chinese(i.message_zh) and is_chinese(i.fix_zh) for i in issues)
    return {(i.code, i.file, i.line, i.column) for i in issues}


def cells_of(loaded, table):
    return [dict(row.cells) for row, _ in loaded.rows_of(table)]


def test_a_clean_folder_has_no_issue_and_keeps_every_cell_as_written(seeds):
    seeds.set("projects", 1, note="null", area_as_written="007, None")
    loaded = load_seeds(seeds.write())
    assert loaded.issues == ()
    second = cells_of(loaded, "projects")[1]
    assert (second["note"], second["area_as_written"]) == ("null", "007, None")
    assert "lat" not in second
    assert {part.encoding for part in loaded.files} == {"utf-8"}


def test_rows_carry_the_line_an_editor_shows_even_after_a_cell_with_line_breaks(seeds):
    seeds.set("projects", 0, note="one\ntwo\nthree")
    loaded = load_seeds(seeds.write())
    assert [origin.line for _, origin in loaded.rows_of("projects")] == [2, 5]


def test_blank_lines_are_no_rows_and_do_not_shift_lines(seeds):
    folder = seeds.write()
    path = folder / "cities.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, "", ",,,", *rows, ""]), "utf-8")
    loaded = load_seeds(folder)
    assert [origin.line for _, origin in loaded.rows_of("cities")] == [4, 5]
    assert loaded.issues == ()


def test_a_byte_order_mark_is_skipped_and_said(seeds):
    folder = seeds.write()
    path = folder / "cities.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    loaded = load_seeds(folder)
    assert [(i.severity, i.code, i.file) for i in loaded.issues] == [
        ("info", "byte_order_mark", "cities.csv")
    ]
    assert cells_of(loaded, "cities")[0]["adcode"] == "340100"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_another_encoding_is_named_and_the_table_still_read(seeds, encoding):
    folder = seeds.write()
    (folder / "cities.csv").write_bytes(seeds.text("cities").encode(encoding))
    loaded = load_seeds(folder)
    (issue,) = loaded.issues
    assert (issue.code, issue.severity, issue.file) == ("wrong_encoding", "error", "cities.csv")
    assert cells_of(loaded, "cities")[0]["name_zh"] == "合肥市"
    assert "UTF-8" in issue.fix


def test_bytes_of_no_encoding_are_reported_on_their_line(seeds):
    folder = seeds.write()
    path = folder / "cities.csv"
    path.write_bytes(path.read_bytes() + b"310118,Qingpu,\xff\xff\xff,county" + b"," * 9 + b"\n")
    assert ("unreadable_encoding", "cities.csv", 4, "") in found(folder)


def test_missing_files_are_all_named(seeds):
    folder = seeds.write()
    (folder / "zones.csv").unlink()
    (folder / "aliases.csv").unlink()
    issues = {i.file: i for i in load_seeds(folder).issues}
    assert issues["zones.csv"].code == "missing_file"
    assert "zone_id,name_en,name_zh" in issues["zones.csv"].fix
    assert issues["aliases.csv"].severity == "warning"


def test_a_folder_that_is_not_there_is_one_issue(tmp_path):
    assert [i.code for i in load_seeds(tmp_path / "nowhere").issues] == ["missing_folder"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" , ,\n"])
def test_an_empty_file_is_told_from_a_table_without_records(seeds, content):
    folder = seeds.write()
    (folder / "zones.csv").write_bytes(content)
    assert ("empty_file", "zones.csv", 0, "") in found(folder)
    (folder / "zones.csv").write_text(seeds.text("zones").splitlines()[0] + "\n", "utf-8")
    assert found(folder) == set()


def test_headers_are_checked_and_likely_misspellings_named(seeds):
    folder = seeds.write()
    path = folder / "projects.csv"
    path.write_text(seeds.text("projects").replace("announced_on", "anounced_on", 1), "utf-8")
    issues = {i.code: i for i in load_seeds(folder).issues}
    assert issues["missing_column"].column == "announced_on"
    assert "anounced_on" in issues["missing_column"].fix
    assert issues["unknown_column"].severity == "warning"
    assert (issues["unknown_column"].line, issues["unknown_column"].value) == (1, "anounced_on")


def test_a_column_named_twice_and_a_wrong_separator_stop_the_file_with_one_issue(seeds):
    folder = seeds.write()
    (folder / "zones.csv").write_text(seeds.text("zones").replace("name_zh", "name_en", 1), "utf-8")
    (folder / "cities.csv").write_text(seeds.text("cities").replace(",", "\t"), "utf-8")
    issues = found(folder)
    assert ("duplicate_header", "zones.csv", 1, "name_en") in issues
    assert ("wrong_separator", "cities.csv", 1, "") in issues
    assert ("missing_column", "cities.csv", 1, "adcode") not in issues


@pytest.mark.parametrize("change", [lambda line: line + ",extra", lambda line: line[:-1]])
def test_a_row_with_too_many_or_too_few_cells_is_reported_on_its_line(seeds, change):
    folder = seeds.write()
    lines = seeds.text("cities").splitlines()
    lines[2] = change(lines[2])
    (folder / "cities.csv").write_text("\n".join(lines), "utf-8")
    assert found(folder) == {("ragged_row", "cities.csv", 3, "")}


def test_a_lost_quotation_mark_is_reported_where_its_row_starts(seeds):
    folder = seeds.write()
    lines = seeds.text("cities").splitlines()
    lines[2] = lines[2].replace("Songjiang", '"Songjiang')
    (folder / "cities.csv").write_text("\n".join(lines), "utf-8")
    assert found(folder) == {("broken_quotes", "cities.csv", 3, "")}


def test_a_cell_of_a_megabyte_is_named_and_cut_and_its_row_goes_on(seeds):
    seeds.set("projects", 0, name_en="x" * 1_000_000)
    limit = csv.field_size_limit()
    loaded = load_seeds(seeds.write())
    (issue,) = loaded.issues
    assert (issue.code, issue.line, issue.column) == ("cell_too_long", 2, "name_en")
    assert len(issue.value) < 120
    assert "1,000,000" in issue.message
    assert cells_of(loaded, "projects")[0]["project_id"] == "first-centre"
    assert csv.field_size_limit() == limit


def test_ten_thousand_characters_are_no_fault(seeds):
    seeds.set("projects", 0, name_en="x" * 10_000)
    assert load_seeds(seeds.write()).issues == ()


def test_a_file_beyond_the_bound_is_not_even_opened(seeds, monkeypatch):
    folder = seeds.write()
    monkeypatch.setattr(load, "MAX_FILE_BYTES", 200)
    assert ("file_too_large", "projects.csv", 0, "") in found(folder)
    monkeypatch.setattr(load, "MAX_FILE_BYTES", 10_000)
    assert found(folder) == set()


def test_reading_stops_after_the_bound_of_rows(seeds, monkeypatch):
    for code in range(340200, 340230):
        seeds.copy("cities", 0, adcode=str(code))
    monkeypatch.setattr(load, "MAX_ROWS", 10)
    loaded = load_seeds(seeds.write())
    assert [(i.code, i.file) for i in loaded.issues] == [("too_many_rows", "cities.csv")]
    assert len(cells_of(loaded, "cities")) == 11


def test_a_folder_named_like_a_table_is_reported(seeds):
    folder = seeds.write()
    (folder / "zones.csv").unlink()
    (folder / "zones.csv").mkdir()
    assert ("unreadable_file", "zones.csv", 0, "") in found(folder)


def test_further_files_of_a_table_are_read_after_the_first(seeds):
    folder = seeds.write()
    head = seeds.text("cities").splitlines()[0]
    (folder / "cities-mine.csv").write_text(f"{head}\n340200{',' * head.count(',')}\n", "utf-8")
    (folder / "citiesold.csv").write_text("not a table", "utf-8")
    loaded = load_seeds(folder)
    assert loaded.issues == ()
    assert [(origin.file, origin.line) for _, origin in loaded.rows_of("cities")] == [
        ("cities.csv", 2),
        ("cities.csv", 3),
        ("cities-mine.csv", 2),
    ]


def write_workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_a_spreadsheet_in_place_of_a_csv_is_read_as_the_same_text(seeds):
    folder = seeds.write()
    (folder / "zones.csv").unlink()
    header = [column.name for column in TABLES["zones"].columns]
    row = {**seeds.rows["zones"][0], "area_m2": 2300000000.0, "established_on": 2015}
    row["draw_on_map"] = True
    write_workbook(folder / "zones.xlsx", [header, [row.get(name) for name in header]])
    loaded = load_seeds(folder)
    assert loaded.issues == ()
    (cells,) = cells_of(loaded, "zones")
    assert (cells["area_m2"], cells["established_on"], cells["draw_on_map"]) == (
        "2300000000",
        "2015",
        "true",
    )


def test_a_formula_in_a_spreadsheet_arrives_as_its_text(tmp_path):
    write_workbook(tmp_path / "a.xlsx", [["note"], ["=1+1"]])
    assert workbook.workbook_rows((tmp_path / "a.xlsx").read_bytes(), 10)[1] == (2, ["=1+1"])


def archive(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no archive", "not an XLSX"),
        (archive(("x.xml", b"0" * 50_000_000)), "unpacks"),
        (archive(*((f"{n}.xml", b"x") for n in range(1_001))), "parts"),
        (archive(("[Content_Types].xml", b"<a/>")), "damaged"),
    ],
)
def test_crafted_spreadsheets_are_refused_with_a_reason(seeds, content, why):
    folder = seeds.write()
    (folder / "zones.csv").unlink()
    (folder / "zones.xlsx").write_bytes(content)
    (issue,) = load_seeds(folder).issues
    assert (issue.code, issue.file) == ("bad_workbook", "zones.xlsx")
    assert why in issue.message
    assert is_chinese(issue.message_zh)


def spoil(path, old, new):
    """Rewrite the first sheet of a workbook."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(old, new)
    path.write_bytes(archive(*parts.items()))


def test_a_row_far_away_is_refused_and_not_left_out_in_silence(tmp_path):
    path = tmp_path / "a.xlsx"
    write_workbook(path, [["note"], ["here"]])
    spoil(path, b'<row r="2"', b'<row r="1048576"')
    spoil(path, b'"A2"', b'"A1048576"')
    with pytest.raises(workbook.WorkbookFault, match="row 1,048,576 comes after 1,048,574 empty"):
        workbook.workbook_rows(path.read_bytes(), 1_000)


def test_a_column_far_away_is_refused_and_not_left_out_in_silence(tmp_path):
    path = tmp_path / "a.xlsx"
    write_workbook(path, [["note"] * 200, ["x"] * 200])
    assert len(workbook.workbook_rows(path.read_bytes(), 10)[1][1]) == 200
    write_workbook(path, [["note"], ["x"] * 201])
    with pytest.raises(workbook.WorkbookFault, match="row 2 has more than 200 columns"):
        workbook.workbook_rows(path.read_bytes(), 10)


def test_a_sheet_that_says_it_is_smaller_than_it_is_is_read_whole(tmp_path):
    path = tmp_path / "a.xlsx"
    write_workbook(path, [["note", "more"], ["a", "b"], ["c", "d"]])
    spoil(path, b'ref="A1:B3"', b'ref="A1:A2"')
    rows = workbook.workbook_rows(path.read_bytes(), 10)
    assert [cells for _, cells in rows] == [["note", "more"], ["a", "b"], ["c", "d"]]


def test_entities_in_a_spreadsheet_are_not_expanded(tmp_path):
    path = tmp_path / "a.xlsx"
    write_workbook(path, [["note"]])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    spoil(path, b"<worksheet", bomb + b"<worksheet")
    with pytest.raises(workbook.WorkbookFault, match="damaged"):
        workbook.workbook_rows(path.read_bytes(), 10)
