"""Errors speak both languages: the code has keys of the catalogues and all their values."""

from __future__ import annotations

import ast
import pickle
import re
from pathlib import Path

import pytest

from geomap import errors
from geomap import text as words
from geomap.errors import (
    BoundariesError,
    DatasetError,
    GeocodeRateLimited,
    GeomapError,
    InputError,
    SeedsError,
    system_reason,
)
from geomap.sentences import Listed, Names, either
from geomap.workbook import WorkbookFault
from tests.test_text import names_in

PACKAGE = Path(errors.__file__).parent
KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, GeomapError)
} | {*("WorkbookFault", "RegionProblem")}
SOURCES = {path: path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}


def in_both(key: str) -> bool:
    return all(words.has_text(key, lang) for lang in words.LANGUAGES)


def faults_of_errors(source: str) -> list[str]:
    """Errors made of something else than a key of both catalogues and all values it takes."""
    wrong = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in KINDS:
            continue
        key = call.args[0] if call.args else None
        if isinstance(key, ast.JoinedStr):  # one of several keys with one beginning
            key = key.values[0]
            good = isinstance(key, ast.Constant) and str(key.value) in BEGINNINGS
        elif isinstance(key, ast.Constant):
            given = {keyword.arg for keyword in call.keywords}
            good = in_both(str(key.value)) and (
                None in given or names_in(words.catalogue("errors", "en")[str(key.value)]) <= given
            )
        else:
            good = isinstance(key, ast.Name)
        if not good:
            wrong.append(f"line {call.lineno}: {ast.unparse(call)}")
    return wrong


def keys_in(source: str) -> set[str]:
    """Every literal key that a source text has words made of, `help` of options included."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    asked = [c.args[0] for c in calls if c.args and getattr(c.func, "id", "") in SPEAKERS]
    helps = [k.value for c in calls for k in c.keywords if k.arg in ("help", "epilog")]
    literals = [one.value for one in asked + helps if isinstance(one, ast.Constant)]
    return {text for text in literals if isinstance(text, str)}


def sentences_in(source: str) -> set[str]:
    """Every literal of three English words in a row that is no docstring."""
    tree = ast.parse(source)
    docs = {
        id(body[0].value)
        for node in ast.walk(tree)
        if isinstance(body := getattr(node, "body", None), list)
        and body
        and isinstance(body[0], ast.Expr)
    }
    literals = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in docs)
    said = {one.value for one in literals if isinstance(one.value, str)}
    return {words for words in said if re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", words)}


SPEAKERS = {"text", "sentence", "words"}
BEGINNINGS = {
    f"{key.rpartition('.')[0]}." for d in words.domains() for key in words.catalogue(d, "en")
}


def test_every_error_is_a_key_of_both_catalogues_with_all_its_values():
    assert {str(p): faults_of_errors(s) for p, s in SOURCES.items() if faults_of_errors(s)} == {}


@pytest.mark.parametrize(
    "source",
    [
        'raise InputError("The file is empty.")',
        'raise InputError(f"{path} is empty.")',
        'raise InputError("errors.no_such_key")',
        'raise InputError(f"errors.no_such_group.{fault}")',
        'raise InputError("errors.table.empty")',
        'raise InputError("errors.table.empty", path=path)',
        'raise InputError("a" + "b")',
    ],
)
def test_the_check_sees_a_sentence_an_unknown_key_and_a_value_left_out(source):
    assert faults_of_errors(source) != []
    assert faults_of_errors('raise InputError("errors.table.empty", name=name)') == []


def test_every_key_in_the_code_is_in_both_catalogues():
    found = {key: path.name for path, source in SOURCES.items() for key in keys_in(source)}
    assert {key: name for key, name in found.items() if not in_both(key)} == {}


def test_the_check_sees_a_key_that_no_catalogue_has():
    assert keys_in('text("errors.table.empty", lang); text("errors.nothing", lang)') == {
        "errors.table.empty",
        "errors.nothing",
    }
    assert not in_both("errors.nothing")


def test_no_sentence_stands_in_the_code_of_the_command_line():
    commands = {p.name: sentences_in(s) for p, s in SOURCES.items() if p.parent.name == "cli"}
    assert {name: said for name, said in commands.items() if said} == {}


def test_the_check_sees_a_sentence():
    source = (
        'def f():\n    """Say it to people."""\n    say(f"It is {n} too many.")\n    say("x y")'
    )
    assert sentences_in(source) == set()
    assert sentences_in('say(f"{path} is not there.")') == {" is not there."}


def test_an_error_is_said_in_either_language_and_survives_a_process():
    error = InputError("errors.table.no_format", asked="ods", formats=either(["csv", "xlsx"]))
    for one in (error, pickle.loads(pickle.dumps(error))):
        assert str(one) == "There is no format 'ods'; write csv or xlsx."
        assert one.sentence("zh") == "没有名为“ods”的格式；请填写 csv或xlsx。"
    waiting = GeocodeRateLimited("errors.service.slow_down", 2.0, service="X")
    assert pickle.loads(pickle.dumps(waiting)).retry_after_s == 2.0
    assert SeedsError("errors.dataset.none", issues=[1], folder="x").issues == (1,)


def test_words_that_are_no_key_come_back_as_they_are():
    for said in ("It is down.", "errors.nothing", "a/b.c", "x" * 5_000, ""):
        assert str(GeomapError(said)) == said
        assert GeomapError(said).sentence("zh") == said


def test_a_sentence_inside_a_sentence_follows_the_language():
    inner = WorkbookFault("errors.workbook.wide", row=1_000, most=200)
    outer = InputError("errors.table.workbook_not_read", name="a.xlsx", why=inner.words)
    assert "row 1,000 has more than 200 columns" in str(outer)
    assert "第 1,000 行超过 200 列" in outer.sentence("zh")
    faults = Listed((inner.words, Names("b", "乙")), "lines")
    error = BoundariesError("errors.boundaries.unusable", path="x", faults=faults)
    assert str(error).splitlines()[-1] == "- b"
    assert error.sentence("zh").splitlines()[-1] == "- 乙"


def test_what_the_system_says_is_said_in_chinese_where_we_have_the_words():
    with pytest.raises(FileNotFoundError) as caught:
        Path("/nowhere/at/all").read_text("utf-8")
    why = system_reason(caught.value)
    assert (why.say("en"), why.say("zh")) == ("No such file or directory", "文件或目录不存在")
    error = DatasetError("errors.dataset.unreadable", path="x", error=why)
    assert error.sentence("zh") == "无法读取 x：文件或目录不存在。"
    assert system_reason(OSError("odd")).say("zh") == "odd"
