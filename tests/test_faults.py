"""Every fault of the records is told in English and in Chinese, from one catalogue for each."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from geomap.cli.seeds import IssueFormat, issues_text
from geomap.datum import KnownPlace, check_coordinates
from geomap.issues import FAULTS, fault_meaning, make_issue
from geomap.records import ISSUE_COLUMNS, TABLES, Origin
from geomap.text import catalogue
from geomap.views.readable import readable_table
from tests.test_text import names_in
from tests.toy import toy_dataset

PACKAGE = Path(__file__).resolve().parent.parent / "geomap"
# Where the case stands among the arguments of what describes a fault.
CASE_AT = {"make_issue": 4, "finding": 3, "CellFault": 1, "_suspicion": 1}
ENGLISH = re.compile(r"(?:[A-Za-z']+ ){3}[A-Za-z']+")
CHINESE = re.compile("[\u4e00-\u9fff]")


def is_chinese(words: str) -> bool:
    """Tell whether words are Chinese without an English sentence in them."""
    return bool(CHINESE.search(words)) and not ENGLISH.search(words)


def constants(node: ast.expr) -> list[str]:
    """The texts an argument may be; none where only a run can tell."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def sentences_of(code: str, case: str, known: set[str]) -> list[str]:
    """The keys a fault is told with, as geomap.issues chooses them."""
    if code == "suspicion":
        return [f"faults.suspicion.{case}.{part}" for part in ("message", "fix")]
    special = [f"faults.{code}.{case}.{part}" for part in ("message", "fix")]
    plain = [f"faults.{code}.{part}" for part in ("message", "fix")]
    return [s if s in known else p for s, p in zip(special, plain, strict=True)]


def untold(source: str, words: dict[str, str]) -> list[str]:
    """What the calls of a module ask for and the catalogue, or the call itself, does not give."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        name = node.func.id if isinstance(node, ast.Call) and hasattr(node.func, "id") else ""
        at = CASE_AT.get(name)
        if at is None or not node.args or any(word.arg is None for word in node.keywords):
            continue
        codes = ["suspicion"] if name == "_suspicion" else constants(node.args[0])
        cases = constants(node.args[at]) if len(node.args) > at else [""]
        given = {word.arg for word in node.keywords}
        for key in {k for code in codes for c in cases for k in sentences_of(code, c, {*words})}:
            lacking = names_in(words[key]) - given if key in words else {"its words"}
            wrong += [f"{key}: {one}" for one in sorted(lacking)]
    return sorted(wrong)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_sentence_that_the_code_asks_for_is_there_and_gets_its_values(lang):
    words = dict(catalogue("faults", lang))
    modules = [p for p in PACKAGE.rglob("*.py") if p.name != "issues.py"]
    asked = [p for p in modules if re.search(rf"\b({'|'.join(CASE_AT)})\(", p.read_text("utf-8"))]
    assert len(asked) >= 8
    assert {p.name: found for p in asked if (found := untold(p.read_text("utf-8"), words))} == {}


def test_the_check_sees_a_missing_sentence_and_a_missing_value():
    words = {"faults.a.message": "A {n}", "faults.a.b.fix": "B"}
    call = 'make_issue("a", origin, "", "", "b" if x else "", n=1)'
    assert untold(call, words) == ["faults.a.fix: its words"]
    assert untold(call, {**words, "faults.a.fix": "F"}) == []
    assert untold('finding("a", "", "", "b")', words) == ["faults.a.message: n"]
    assert untold('CellFault("z")', words) == [
        "faults.z.fix: its words",
        "faults.z.message: its words",
    ]


def test_the_chinese_catalogue_is_chinese_and_the_english_one_is_not():
    left = {"faults.line.head"}  # nothing but values
    chinese = catalogue("faults", "zh")
    assert [key for key in chinese if key not in left and not is_chinese(chinese[key])] == []
    english = catalogue("faults", "en")
    told = [english[key] for key in english if key.endswith(".message")]
    assert [words for words in told if is_chinese(words)] == []


def test_an_english_sentence_left_in_chinese_would_be_seen():
    assert is_chinese("“amount_cny”列不能为负数。")
    assert is_chinese("请用以下命令查询：geomap geocode --text 地名")
    assert not is_chinese("文件无法读取：the file has no rows")
    assert not is_chinese("")


def test_every_fault_has_a_meaning_in_both_languages():
    for code in FAULTS:
        assert fault_meaning(code, "en").endswith(".")
        assert fault_meaning(code, "zh").endswith("。")


def test_columns_that_must_be_filled_are_explained_as_their_declaration_does():
    words = catalogue("faults", "en")
    told = {key: words[key] for key in words if key.startswith("faults.column.")}
    declared = {
        f"faults.column.{table.name}.{column.name}": column.doc
        for table in TABLES.values()
        for column in table.columns
        if column.required and column.name not in ("name_en", "name_zh")
    }
    assert told == declared


def test_doubts_about_a_position_are_told_in_chinese():
    centres = {"安徽省": (31.9, 117.0)}
    near_hefei = KnownPlace("合肥市", 31.82, 117.23, 5.0)
    doubts = [
        one
        for lat, lon in ((0, 0), (117.2, 31.8), (31.8, -117.2), (48.9, 2.3), (35, 105), (31.9, 117))
        for one in check_coordinates(lat, lon, place=near_hefei, province_centres=centres)
    ]
    assert len({one.code for one in doubts}) == 7
    assert all(is_chinese(one.words.say("zh")) for one in doubts)
    assert all(is_chinese(one.remedy.say("zh")) for one in doubts)


def test_the_list_for_people_speaks_the_language_it_is_asked_for():
    origin, named = Origin("projects.csv", 12), {"table": "zones", "wanted": "x", "near": "y"}
    issue = make_issue("dangling_reference", origin, "zone_id", "x", "near", **named)
    assert issues_text([issue], IssueFormat.text) == (
        "projects.csv:12:zone_id: error: No row of zones has the id x. [dangling_reference]\n"
        "    found: x\n    fix: Did you mean y?\n"
    )
    assert issues_text([issue], IssueFormat.text, "zh") == (
        "projects.csv:12:zone_id: 错误：表 zones 中没有编号为 x 的行。 [dangling_reference]\n"
        "    原文：x\n    修正：是否应为 y？\n"
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_for_programs_hold_both_languages_whatever_the_reader_speaks(lang):
    issue = make_issue("bad_flag", Origin("zones.csv", 2), "draw_on_map", "yes")
    csv = issues_text([issue], IssueFormat.csv, lang)
    assert csv.lstrip("\ufeff").splitlines()[0] == ",".join(ISSUE_COLUMNS)
    for form in (IssueFormat.csv, IssueFormat.json):
        told = issues_text([issue], form, lang)
        assert "Write true or false." in told
        assert "请写 true 或 false。" in told


def test_the_records_page_tells_faults_in_the_language_of_the_page():
    dataset = toy_dataset()
    chinese = readable_table(dataset.issues, dataset, "zh")
    english = readable_table(dataset.issues, dataset, "en")
    assert [is_chinese(words) for words in chinese["问题"]] == [True, True]
    assert [is_chinese(words) for words in chinese["修正方法"]] == [True, True]
    assert english.iloc[:, -2:].to_numpy().tolist() == (
        dataset.issues[["message", "fix"]].to_numpy().tolist()
    )
    assert not [name for name in chinese.columns if name.endswith("_zh")]
