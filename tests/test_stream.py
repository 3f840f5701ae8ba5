"""Every row of a table comes back, in order, with its answer, whatever the row holds."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.errors import InputError, SettingsError
from geomap.geocode.answer_text import render_answer, render_reason
from geomap.geocode.base import Candidate, Location, parse_reason
from geomap.geocode.stream import (
    EXIT_DONE,
    EXIT_FAULTS,
    geocode_file,
    geocode_text,
)
from geomap.geocode.table_write import RESULT_COLUMNS, output_names

HEFEI = Location(
    "", "matched", "prefecture", "340100", "安徽省", "合肥市", None, "Anhui", "Hefei", None,
    31.8206, 117.2272, "prefecture", 60.0, "gazetteer", "合肥市", None, (), (), "only_unit",
)  # fmt: skip
CHAOYANG = Location(
    "", "ambiguous", matched="朝阳",
    candidates=(Candidate("110105", "county", "朝阳区", "Chaoyang", "北京市朝阳区", 39.9, 116.4),),
)  # fmt: skip
KNOWN = {"合肥": HEFEI, "朝阳": CHAOYANG}


class Fake:
    """Knows two places, remembers what it was asked, and stumbles over one word."""

    def __init__(self):
        self.asked = []

    def resolve(self, text, **stated):
        self.asked.append((text, stated))
        if "boom" in text:
            raise ZeroDivisionError("boom")
        found = KNOWN.get(text[:2], Location("", reason="nothing_found"))
        if "lat" in stated:
            found = found._replace(lat=stated["lat"], lon=stated["lon"])
        return found._replace(text=text)

    def resolve_many(self, rows):
        for row in rows:
            yield self.resolve(row) if isinstance(row, str) else self.resolve(**row)


@pytest.fixture
def run(tmp_path):
    """Geocode some text or bytes; gives (report, rows of the output, the fake)."""

    def go(content, suffix=".csv", output_suffix=None, geocoder=None, **options):
        source = tmp_path / f"in{suffix}"
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
        output = tmp_path / f"out{output_suffix or suffix}"
        fake = geocoder or Fake()
        report = geocode_file(source, output, geocoder=fake, **options)
        return report, read(output), fake

    return go


def read(path):
    text = path.read_text("utf-8")
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    assert text.endswith("\n") or not text
    return [json.loads(line, parse_constant=pytest.fail) for line in text.split("\n")[:-1]]


def texts(rows):
    return [row["text"] for row in rows]


def states(rows):
    return [row["status"] for row in rows]


def code_of(row):
    return parse_reason(row["reason"])[0]


# --- what comes back -----------------------------------------------------------------------------


def test_a_csv_comes_back_with_its_columns_and_the_answers(run):
    report, rows, _ = run('id,text,note\n7,合肥,"a ""b"", c"\n8,nowhere,\n9,朝阳,x\n')
    assert list(rows[0]) == ["id", "text", "note", *RESULT_COLUMNS]
    assert [(r["id"], r["text"], r["note"]) for r in rows] == [
        ("7", "合肥", 'a "b", c'),
        ("8", "nowhere", ""),
        ("9", "朝阳", "x"),
    ]
    assert states(rows) == ["matched", "not_found", "ambiguous"]
    first = rows[0]
    assert (first["province"], first["city"], first["county"]) == ("安徽省", "合肥市", "")
    assert (first["lat"], first["lon"], first["radius_km"]) == ("31.8206", "117.2272", "60.0")
    assert rows[1]["lat"] == rows[1]["candidates"] == ""
    assert json.loads(rows[2]["candidates"])[0]["path_zh"] == "北京市朝阳区"
    assert (report.rows, report.matched, report.ambiguous, report.not_found) == (3, 1, 1, 1)
    assert report.exit_code == EXIT_DONE


def test_a_jsonl_comes_back_with_types_and_nulls(run):
    lines = '{"n": 1.10, "text": "合肥", "deep": {"a": [1]}}\n{"text": "朝阳"}\n{"text": "x"}\n'
    _, rows, _ = run(lines, ".jsonl")
    assert rows[0]["n"] == 1.1
    assert rows[0]["deep"] == {"a": [1]}
    assert rows[0]["lat"] == 31.8206
    assert rows[0]["county"] is None
    assert rows[0]["candidates"] == rows[0]["flags"] == []
    assert rows[1]["candidates"][0]["adcode"] == "110105"
    assert rows[2]["lat"] is None


def test_csv_to_jsonl_and_back_agree(run):
    _, from_csv, _ = run("id,text\n1,合肥\n2,朝阳\n", ".csv", ".jsonl")
    _, from_json, _ = run('{"id": "1", "text": "合肥"}\n{"text": "朝阳"}\n', ".jsonl", ".csv")
    assert from_csv[0]["id"] == from_json[0]["id"] == "1"
    assert from_json[1]["id"] == ""
    assert from_csv[1]["candidates"] == json.loads(from_json[1]["candidates"])


def test_a_column_with_an_answers_name_comes_back_under_another(run):
    _, rows, fake = run("text,province,lat,lon,input_lat\n合肥,安徽,31.5,117.5,keep\n")
    assert rows[0]["province"] == "安徽省"
    assert (rows[0]["input_province"], rows[0]["input_input_lat"]) == ("安徽", "31.5")
    assert (rows[0]["input_lat"], rows[0]["lat"]) == ("keep", "31.5")
    assert fake.asked[0][1] == {"province": "安徽", "lat": 31.5, "lon": 117.5, "datum": "wgs84"}
    _, rows, _ = run('{"text": "合肥", "province": "安徽", "level": 3}\n', ".jsonl")
    assert (rows[0]["province"], rows[0]["input_province"]) == ("安徽省", "安徽")
    assert (rows[0]["level"], rows[0]["input_level"]) == ("prefecture", 3)


def test_output_names_are_all_different():
    names = output_names(["lat", "input_lat", "input_input_lat", "lat2"])
    assert names == ("input_input_input_lat", "input_lat", "input_input_lat", "lat2")


def test_stated_columns_context_and_datum_reach_the_geocoder(run):
    _, _, fake = run(
        "Text,City,county,context,lat,lon,datum\n合肥,合肥市,,文章,31.8,117.2,BD-09\n合肥,,,,,,\n"
    )
    stated = {"city": "合肥市", "context": "文章", "lat": 31.8, "lon": 117.2, "datum": "bd09"}
    assert fake.asked == [("合肥", stated), ("合肥", {})]


@pytest.mark.parametrize(
    ("cells", "flag"),
    [
        ("x,117,", "bad_coordinates"),
        ("31.8,,", "bad_coordinates"),
        ("nan,117,", "bad_coordinates"),
        ("31.8,117.2,mars2000", "bad_datum"),
    ],
)
def test_a_position_that_cannot_be_read_is_flagged_and_the_text_decides(run, cells, flag):
    report, rows, fake = run(f"text,lat,lon,datum\n合肥,{cells}\n")
    assert rows[0]["flags"] == flag
    assert rows[0]["status"] == "matched"
    assert fake.asked == [("合肥", {})]
    assert (report.faults, report.exit_code) == (1, EXIT_FAULTS)


# --- rows nobody likes ---------------------------------------------------------------------------

UNFIT = {
    "nul": "合肥\x00市",
    "too_long": "合肥" * 500_000,
    "right_to_left": "\u202e市肥合",
    "emoji": "合肥🚀",
}


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_text_that_is_no_toponym_is_not_found_and_comes_back_whole(run, suffix):
    if suffix == ".csv":
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows([["text"], *([text] for text in UNFIT.values()), ["合肥"]])
        content = buffer.getvalue()
    else:
        values = [*UNFIT.values(), "合肥"]
        content = "".join(json.dumps({"text": text}) + "\n" for text in values)
    report, rows, fake = run(content, suffix)
    assert texts(rows) == [*UNFIT.values(), "合肥"]
    assert states(rows) == ["not_found"] * 4 + ["matched"]
    assert [parse_reason(r["reason"])[1]["why"] for r in rows[:4]] == list(UNFIT)
    assert [text for text, _ in fake.asked] == ["合肥"]
    assert report.faults == 0


def test_malformed_csv_lines_are_rows_and_cost_only_themselves(run):
    content = (
        "id,text\n1,合肥\n2,a,b,c\n3\n4,合肥,,\n"
        '5,"open\n6,合肥\n7,"say "hi" now"\n8,mid"dle\n9,"two\nlines"\n\n10,合肥'
    )
    report, rows, _ = run(content)
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
    codes = {row["id"]: code_of(row) for row in rows if row["flags"] == "bad_row"}
    assert codes == {"2": "wrong_width", "3": "wrong_width", "5": "not_csv"}
    assert rows[8]["text"] == "two\nlines"
    assert [row["id"] for row in rows if row["status"] == "matched"] == ["1", "4", "6", "10"]
    assert parse_reason(rows[1]["reason"])[1]["row"] == "2"
    assert (report.faults, report.exit_code) == (3, EXIT_FAULTS)


def test_pandas_like_reading_would_lose_rows():
    """The twin: the standard reader swallows the lines after an open quote."""
    content = 'id,text\n5,"open\n6,合肥\n7,合肥\n'
    assert len(list(csv.DictReader(io.StringIO(content)))) == 1


def test_an_open_quote_costs_one_row_of_many(run):
    lines = [f"{n},合肥" for n in range(30_000)]
    lines[3] = '3,"合肥'
    _, rows, _ = run("id,text\n" + "\n".join(lines) + "\n")
    assert [row["id"] for row in rows] == [str(n) for n in range(30_000)]
    assert [row["id"] for row in rows if row["status"] != "matched"] == ["3"]


def test_malformed_json_lines_are_rows(run):
    content = (
        '{"text": "合肥"}\nnot json\n[1]\n{"text": 340100}\n{"text": null}\n{"other": 1}\n\n'
        '{"text": NaN}\n' + "[" * 100_000 + '\n{"text": "\\ud800x"}\n{"text": "合肥"}'
    )
    report, rows, fake = run(content, ".jsonl")
    assert len(rows) == 10
    assert texts(rows[:2]) == ["合肥", "not json"]
    assert [code_of(row) for row in rows[1:3]] == ["not_json", "not_an_object"]
    assert rows[3]["text"] == 340100
    assert ("340100", {}) in fake.asked
    assert code_of(rows[4]) == code_of(rows[5]) == "no_text"
    assert [code_of(row) for row in rows[6:8]] == ["not_json", "not_json"]
    assert parse_reason(rows[8]["reason"])[1]["why"] == "half_a_character"
    assert rows[9]["status"] == "matched"
    assert report.exit_code == EXIT_FAULTS


def test_a_cell_beyond_every_limit_is_a_row(run):
    _, rows, _ = run("id,text\n1,合肥\n2," + "x" * 9_000_000 + "\n3,合肥\n", ".csv", ".jsonl")
    assert states(rows) == ["matched", "not_found", "matched"]
    assert len(rows[1]["text"]) >= 9_000_000


def test_a_single_column_keeps_its_empty_lines(run):
    _, rows, _ = run("text\n合肥\n\n朝阳\n\n\n")
    assert texts(rows) == ["合肥", "", "朝阳"]


def test_one_row_that_makes_the_geocoder_fall_falls_alone(run, caplog):
    report, rows, _ = run("text\n合肥\nboom\n合肥\n")
    assert states(rows) == ["matched", "not_found", "matched"]
    assert rows[1]["flags"] == "row_failed"
    assert parse_reason(rows[1]["reason"]) == ("row_failed", {"error": "ZeroDivisionError"})
    assert report.exit_code == EXIT_FAULTS


def test_a_geocoder_that_gives_too_few_answers_loses_no_row(run, caplog):
    class Lazy(Fake):
        def resolve_many(self, rows):
            return iter(list(super().resolve_many(rows))[:-1])

    _, rows, _ = run("text\n合肥\n朝阳\n", geocoder=Lazy())
    assert states(rows) == ["matched", "ambiguous"]


@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.text(max_size=20)).filter(
            lambda cells: not any("\ud800" <= c <= "\udfff" for cell in cells for c in cell)
        ),
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_table_comes_back_cell_by_cell(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("any")
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("note", "text"), *cells])
    geocode_file(folder / "in.csv", folder / "out.csv", geocoder=Fake())
    geocode_file(folder / "in.csv", folder / "out.jsonl", geocoder=Fake())
    for rows in (read(folder / "out.csv"), read(folder / "out.jsonl")):
        assert [(row["note"], row["text"]) for row in rows] == cells


# --- encodings, separators, formats --------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_encodings_are_recognised(run, codec, suffix):
    content = "id,text\r\n1,合肥\r\n" if suffix == ".csv" else '{"id": "1", "text": "合肥"}\r\n'
    report, rows, _ = run(content.encode(codec), suffix)
    assert (rows[0]["id"], rows[0]["text"], rows[0]["status"]) == ("1", "合肥", "matched")
    assert report.faults == 0


def test_one_bad_line_does_not_turn_a_file_of_utf8(run):
    good = "合肥,a\n".encode() * 3
    content = b"text,id\n" + good + "合肥".encode("gb18030") + b",b\n" + good
    report, rows, _ = run(content)
    assert states(rows) == ["matched"] * 3 + ["not_found"] + ["matched"] * 3
    assert code_of(rows[3]) == "not_utf8"
    assert rows[3]["id"] == "b"
    assert report.faults == 1


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_other_separators(run, mark):
    _, rows, _ = run(f"id{mark}text\n1{mark}合肥, 安徽\n")
    assert rows[0]["text"] == "合肥, 安徽"
    assert rows[0]["id"] == "1"


def test_old_line_ends_and_double_names(run):
    _, rows, _ = run("text,note,note,\r合肥,a,b,c\r朝阳,d,e,f\r")
    assert list(rows[0])[:4] == ["text", "note", "note_2", "column_4"]
    assert states(rows) == ["matched", "ambiguous"]


@pytest.mark.parametrize(
    ("content", "suffix", "words"),
    [
        ("", ".csv", "is empty"),
        ("id,place\n1,合肥\n", ".csv", "no column `text`"),
        (b"PK\x03\x04rest", ".csv", "not an XLSX file. Save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0rest", ".xlsx", "named like a workbook"),
        (b"\xd0\xcf\x11\xe0rest", ".csv", "old kind"),
        ("text\n合肥\n", ".xlsx", "named like a workbook"),
        ('"text\n', ".csv", "first line"),
    ],
)
def test_an_unusable_input_is_a_sentence(run, content, suffix, words):
    with pytest.raises(InputError, match=words):
        run(content, suffix)


def test_too_many_keys_for_a_csv_is_a_sentence(run):
    content = json.dumps({f"k{n}": n for n in range(600)}) + "\n"
    with pytest.raises(InputError, match="--format jsonl"):
        run(content, ".jsonl", ".csv")


def test_faults_of_use_are_sentences(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("text\n合肥\n", "utf-8")
    with pytest.raises(SettingsError, match="write csv, jsonl or xlsx"):
        geocode_file(source, tmp_path / "o.csv", output_format="ods", geocoder=Fake())
    with pytest.raises(SettingsError, match="needs an output file"):
        geocode_file(source, output_format="xlsx", geocoder=Fake())
    with pytest.raises(SettingsError, match="--sheet"):
        geocode_file(source, tmp_path / "o.csv", sheet="one", geocoder=Fake())
    with pytest.raises(SettingsError, match="--resume"):
        geocode_file(source, None, resume=True, geocoder=Fake())
    with pytest.raises(InputError, match="the input itself"):
        geocode_file(source, source, geocoder=Fake())
    with pytest.raises(InputError, match="no folder"):
        geocode_file(source, tmp_path / "no" / "o.csv", geocoder=Fake())
    with pytest.raises(InputError, match="cannot be read"):
        geocode_file(tmp_path / "none.csv", tmp_path / "o.csv", geocoder=Fake())
    with pytest.raises(SettingsError, match="no provider"):
        geocode_file(source, tmp_path / "o.csv", providers=["google"])
    assert source.read_text("utf-8") == "text\n合肥\n"


# --- workbooks -----------------------------------------------------------------------------------

SHEETS = {
    "readme": [["what this is"], ["a list"]],
    "项目": [
        ["no", "text", "opened", "share"],
        [1, "合肥", dt.datetime(2021, 5, 4), 0.25],
        [],
        [2.0, "朝阳", None, None],
        [3, "=1+1", None, True],
    ],
    "other": [["text"], ["合肥"]],
}


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def cells(path):
    return [list(row) for row in openpyxl.load_workbook(path).worksheets[0].values]


def test_a_workbook_comes_back_row_by_row_as_csv_or_workbook(tmp_path):
    source = workbook(tmp_path / "in.xlsx", SHEETS)
    report = geocode_file(source, tmp_path / "out.csv", geocoder=Fake())
    rows = read(tmp_path / "out.csv")
    assert [tuple(row.values())[:4] for row in rows] == [
        ("1", "合肥", "2021-05-04", "0.25"),
        ("", "", "", ""),
        ("2", "朝阳", "", ""),
        ("3", "", "", "true"),  # a formula that nobody has worked out
    ]
    assert states(rows) == ["matched", "not_found", "ambiguous", "not_found"]
    assert report.rows == 4
    geocode_file(source, tmp_path / "out.xlsx", geocoder=Fake())
    header, *told = cells(tmp_path / "out.xlsx")
    assert header == ["no", "text", "opened", "share", *RESULT_COLUMNS]
    by_name = dict(zip(header, told[0], strict=True))
    assert (by_name["no"], by_name["adcode"]) == ("1", "340100")
    assert (by_name["lat"], by_name["radius_km"]) == (31.8206, 60.0)
    assert [row[header.index("status")] for row in told] == states(rows)


def test_a_sheet_is_chosen_by_its_title_or_its_column(tmp_path):
    source = workbook(tmp_path / "in.xlsx", SHEETS)
    geocode_file(source, tmp_path / "o.jsonl", sheet="other", geocoder=Fake())
    assert texts(read(tmp_path / "o.jsonl")) == ["合肥"]
    with pytest.raises(SettingsError, match="its sheets are: readme, 项目, other"):
        geocode_file(source, tmp_path / "o.csv", sheet="Sheet1", geocoder=Fake())
    workbook(source, {"readme": SHEETS["readme"]})
    with pytest.raises(InputError, match="its columns are: what this is"):
        geocode_file(source, tmp_path / "o.csv", geocoder=Fake())
    workbook(source, {"empty": []})
    with pytest.raises(InputError, match="is empty"):
        geocode_file(source, tmp_path / "o.csv", geocoder=Fake())


def test_what_no_cell_can_hold_and_what_a_spreadsheet_would_run_is_text(tmp_path):
    source, output = tmp_path / "in.csv", tmp_path / "o.xlsx"
    source.write_text('text\n=HYPERLINK("x")\na\x00b\n' + "长" * 40_000 + "\n", "utf-8")
    geocode_file(source, output, geocoder=Fake())
    told = [row[0] for row in cells(output)[1:]]
    assert told[:2] == ['=HYPERLINK("x")', "ab"]
    assert (len(told[2]), told[2][-1]) == (32_767, "…")
    written = openpyxl.load_workbook(output).worksheets[0]["A2"]
    assert (written.data_type, written.quotePrefix) == ("s", True)


def test_a_full_sheet_is_followed_by_another(tmp_path, monkeypatch):
    monkeypatch.setattr("geomap.geocode.sheets.MOST_ROWS", 3)
    source, output = tmp_path / "in.csv", tmp_path / "o.xlsx"
    source.write_text("text\n" + "合肥\n朝阳\n" * 2 + "合肥\n", "utf-8")
    geocode_file(source, output, geocoder=Fake())
    sheets = openpyxl.load_workbook(output).worksheets
    assert [(sheet.title, sheet.max_row) for sheet in sheets] == [
        ("places", 3), ("places 2", 3), ("places 3", 2),
    ]  # fmt: skip
    assert {sheet["A1"].value for sheet in sheets} == {"text"}


def test_a_run_killed_while_its_workbook_is_written_goes_on(tmp_path, monkeypatch):
    source, output = workbook(tmp_path / "in.xlsx", SHEETS), tmp_path / "o.xlsx"
    geocode_file(source, tmp_path / "whole.xlsx", geocoder=Fake())

    def stopped(lines, target):
        target.write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("geomap.geocode.stream.csv_as_workbook", stopped)
        with pytest.raises(KeyboardInterrupt):
            geocode_file(source, output, geocoder=Fake())
    assert not output.exists()
    fake = Fake()
    report = geocode_file(source, output, resume=True, geocoder=fake)
    assert (report.rows, report.resumed, fake.asked) == (4, 4, [])
    assert output.read_bytes() == (tmp_path / "whole.xlsx").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"in.xlsx", "o.xlsx", "whole.xlsx"}


def test_standard_input_and_output(tmp_path, monkeypatch, capfdbinary):
    class Stdin:
        buffer = io.BytesIO("text\n合肥\n".encode())

    monkeypatch.setattr(sys, "stdin", Stdin)
    report = geocode_file("-", None, output_format="jsonl", geocoder=Fake())
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["status"] == "matched"
    assert err == b""
    assert report.rows == 1


# --- the same bytes, constant memory, kills -------------------------------------------------------


def big_table(path, rows):
    names = ["合肥", "朝阳", "nowhere", "合肥\x00", '"a\nb"']
    with path.open("w", encoding="utf-8") as file:
        file.write("id,text\n")
        file.writelines(f"{n},{names[n % 5]}\n" for n in range(rows))


def test_the_same_input_gives_the_same_bytes(tmp_path):
    big_table(tmp_path / "in.csv", 6_000)
    for suffix in ("csv", "jsonl"):
        for name in ("a", "b"):
            geocode_file(tmp_path / "in.csv", tmp_path / f"{name}.{suffix}", geocoder=Fake())
        first, second = (tmp_path / f"{name}.{suffix}" for name in "ab")
        assert first.read_bytes() == second.read_bytes()
        assert b"\r" not in first.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.csv", "a.jsonl", "b.csv", "b.jsonl", "in.csv",
    ]  # fmt: skip


def peak_of(path, rows):
    big_table(path, rows)
    quiet = Fake()
    quiet.asked = _Forgetful()
    tracemalloc.start()
    try:
        geocode_file(path, path.with_suffix(".out.csv"), geocoder=quiet)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class _Forgetful(list):
    def append(self, item):
        pass


def test_memory_does_not_grow_with_the_rows(tmp_path):
    few = peak_of(tmp_path / "few.csv", 5_000)
    many = peak_of(tmp_path / "many.csv", 40_000)
    assert many < few * 1.3 + 200_000


SLOW_RUN = """
import sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
from geomap.geocode import journal, stream
from tests.test_stream import Fake
journal._CHECKPOINT_S = 0.0
stream._BATCH = 50
class Slow(Fake):
    def resolve_many(self, rows):
        time.sleep(0.01)
        return super().resolve_many(rows)
stream.geocode_file(Path({source!r}), Path({output!r}), resume={resume}, geocoder=Slow())
"""


def slow_run(source, output, resume):
    root = str(Path(__file__).parents[1])
    code = SLOW_RUN.format(root=root, source=str(source), output=str(output), resume=resume)
    return subprocess.Popen([sys.executable, "-c", code], cwd=root)


def rows_done(journal):
    return json.loads(journal.read_text("utf-8"))["progress"]["rows"] if journal.exists() else 0


def kill_after_progress(process, journal):
    deadline = time.monotonic() + 30
    while rows_done(journal) == 0 and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(random.uniform(0.0, 0.1))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_killed_run_goes_on_and_gives_the_same_bytes(tmp_path, suffix):
    source, output = tmp_path / "in.csv", tmp_path / f"out.{suffix}"
    journal = tmp_path / f"out.{suffix}.journal"
    big_table(source, 4_000)
    geocode_file(source, tmp_path / f"whole.{suffix}", geocoder=Fake())
    kill_after_progress(slow_run(source, output, False), journal)
    assert not output.exists()  # whole or not there
    before = rows_done(journal)
    assert 0 < before < 4_000
    kill_after_progress(slow_run(source, output, True), journal)
    assert rows_done(journal) >= before
    report = geocode_file(source, output, resume=True, geocoder=Fake())
    assert report.resumed >= before
    assert (report.rows, report.matched) == (4_000, 800)
    assert output.read_bytes() == (tmp_path / f"whole.{suffix}").read_bytes()
    assert not journal.exists()


def interrupted(tmp_path, monkeypatch, content="id,text\n" + "1,合肥\n" * 300):
    """A run that stops in its third batch, and its files."""
    monkeypatch.setattr("geomap.geocode.journal._CHECKPOINT_S", 0.0)
    monkeypatch.setattr("geomap.geocode.stream._BATCH", 100)
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(content, "utf-8")

    class Stopped(Fake):
        def resolve_many(self, rows):
            if len(self.asked) >= 200:
                raise KeyboardInterrupt
            return super().resolve_many(rows)

    with pytest.raises(KeyboardInterrupt):
        geocode_file(source, output, geocoder=Stopped())
    return source, output


def test_half_a_line_after_the_checkpoint_is_cut_off(tmp_path, monkeypatch):
    source, output = interrupted(tmp_path, monkeypatch)
    part = tmp_path / "out.csv.part"
    with part.open("ab") as file:
        file.write("1,合肥,matc".encode()[:-1])
    fake = Fake()
    report = geocode_file(source, output, resume=True, geocoder=fake)
    assert (report.rows, report.resumed, len(fake.asked)) == (300, 200, 100)
    assert len(read(output)) == 300


def test_a_run_is_not_continued_on_another_input(tmp_path, monkeypatch):
    source, output = interrupted(tmp_path, monkeypatch)
    source.write_text("id,text\n" + "2,朝阳\n" * 300, "utf-8")
    with pytest.raises(InputError, match="without --resume"):
        geocode_file(source, output, resume=True, geocoder=Fake())
    assert states(read_after(source, output)) == ["ambiguous"] * 300


def read_after(source, output):
    geocode_file(source, output, geocoder=Fake())
    return read(output)


@pytest.mark.parametrize("left", ["{", "{}", '{"progress": {"rows": "x"}}', "[]"])
def test_a_damaged_journal_means_from_the_start(tmp_path, monkeypatch, left):
    source, output = interrupted(tmp_path, monkeypatch)
    (tmp_path / "out.csv.journal").write_text(left, "utf-8")
    report = geocode_file(source, output, resume=True, geocoder=Fake())
    assert (report.rows, report.resumed) == (300, 0)


def test_resume_without_an_earlier_run_starts(tmp_path):
    (tmp_path / "in.csv").write_text("text\n合肥\n", "utf-8")
    report = geocode_file(tmp_path / "in.csv", tmp_path / "o.csv", resume=True, geocoder=Fake())
    assert (report.rows, report.resumed) == (1, 0)


def test_faults_of_the_earlier_run_count(tmp_path, monkeypatch):
    source, output = interrupted(tmp_path, monkeypatch, "id,text\nx\n" + "1,合肥\n" * 400)
    report = geocode_file(source, output, resume=True, geocoder=Fake())
    assert report.resumed > 0
    assert (report.rows, report.faults, report.exit_code) == (401, 1, EXIT_FAULTS)


def test_a_progress_bar_stays_on_standard_error(run, capsys):
    _, rows, _ = run("text\n合肥\n", progress=True)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "1 rows" in captured.err
    assert states(rows) == ["matched"]
    run("text\n合肥\n")
    assert capsys.readouterr().err == ""


# --- one answer for a person ----------------------------------------------------------------------


def test_one_answer_names_words_choice_and_reason():
    shown = render_answer(HEFEI._replace(text="合肥", changed_from="庐州"))
    for words in ("合肥", "matched", "Anhui › Hefei", "340100", "31.820600, 117.227200", "60 km"):
        assert words in shown
    assert "庐州" in shown
    chinese = render_answer(HEFEI, "zh")
    assert "已匹配" in chinese
    assert "安徽省 › 合肥市" in chinese


def test_an_ambiguous_answer_lists_its_candidates():
    many = CHAOYANG._replace(candidates=CHAOYANG.candidates * 25)
    shown = render_answer(many)
    assert shown.count("北京市朝阳区") == 20
    assert "and 5 more" in shown


def test_warnings_are_said_in_words():
    shown = render_answer(HEFEI._replace(flags=("swapped", "amap:timeout", "new_flag")))
    assert (
        "are swapped; the position given was not used; amap did not answer in time; new_flag"
        in shown
    )
    assert "经纬度颠倒，未采用" in render_answer(HEFEI._replace(flags=("swapped",)), "zh")


def test_a_reason_without_words_stays_a_code():
    assert "a NUL character" in render_reason("unfit_text?why=nul", "en")
    assert render_reason("unfit_text?why=new", "en").endswith("new")
    assert render_reason("unfit_text", "en") == "unfit_text"
    assert render_reason("brand_new?x=1", "en") == "brand_new?x=1"


def test_a_zone_says_that_it_is_one_and_a_unit_needs_no_word():
    assert "zone or park" in render_answer(HEFEI._replace(level="zone"))
    assert "园区" in render_answer(HEFEI._replace(level="zone"), "zh")
    assert "Kind" not in render_answer(HEFEI)


def test_a_terminal_is_not_steered_by_a_text():
    shown = render_answer(Location("\x1b[2Jevil\u202e", "not_found", matched="\x07"))
    assert not set("\x1b\u202e\x07") & set(shown)


def test_geocode_text_asks_unless_the_text_is_unfit():
    fake = Fake()
    assert geocode_text("合肥", geocoder=fake, province="安徽", lat=0.0, lon=0.0).lat == 0.0
    assert fake.asked == [("合肥", {"province": "安徽", "lat": 0.0, "lon": 0.0})]
    assert geocode_text("合肥\x00", geocoder=fake).status == "not_found"
    assert len(fake.asked) == 1


def test_the_shipped_geocoder_answers_a_table(run):
    from geomap.geocode import default_geocoder

    _, rows, _ = run("text\n安徽省合肥市蜀山区\n😀\n", geocoder=default_geocoder())
    assert rows[0]["adcode"] == "340104"
    assert states(rows) == ["matched", "not_found"]
