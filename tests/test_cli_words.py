"""The command line in Chinese: which language, help, what is wrong with a command, messages."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from geomap.cli import app
from geomap.cli.console import ENVIRONMENT, FAULTS, INTERRUPTED, OK, USAGE
from geomap.cli.language import exit_codes
from geomap.cli.usage import put_in_words
from geomap.cli.wrapping import cells, wrap_cells
from geomap.dataset import save_dataset
from geomap.errors import SettingsError
from geomap.settings import language_of_env
from tests.test_cli import every_command
from tests.toy import toy_dataset

ENGLISH = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b")


def run(*arguments: str, **env: str):
    return CliRunner().invoke(
        app, list(arguments), env={"COLUMNS": "90", "GEOMAP_LANG": "zh", **env}
    )


# ---------------------------------------------------------------- which language


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8", "LC_MESSAGES": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "GEOMAP_LANG": "zh"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "GEOMAP_LANG": "en"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "GEOMAP_LANG": ""}, "zh"),
    ],
)
def test_the_language_is_that_of_geomap_lang_or_of_the_terminal(environ, lang):
    assert language_of_env(environ) == lang


def test_a_language_we_do_not_speak_is_said_so():
    with pytest.raises(SettingsError, match="GEOMAP_LANG is 'fr'; write en or zh"):
        language_of_env({"GEOMAP_LANG": "fr"})
    result = run("--help", GEOMAP_LANG="fr")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "geomap: GEOMAP_LANG is 'fr'; write en or zh.\n"
    assert "请填写 en或zh" in run("build", GEOMAP_LANG="fr", LC_ALL="zh_CN.UTF-8").stderr


@pytest.mark.parametrize(("lang", "said"), [("zh", "中没有数据集"), ("en", "No dataset in")])
def test_lang_of_a_command_is_the_language_of_its_messages(lang, said):
    other = "en" if lang == "zh" else "zh"
    assert said in run("compare", "a", "b", "--lang", lang, GEOMAP_LANG=other).stderr
    assert said not in run("compare", "a", "b", GEOMAP_LANG=other).stderr


def test_what_people_read_is_in_the_language_of_messages_unless_it_is_named(tmp_path):
    save_dataset(toy_dataset(), tmp_path)
    compare = ("compare", "910000", "920000", "--data", str(tmp_path))
    assert "西州" in run(*compare).stdout
    assert "Westland" in run(*compare, "--lang", "en").stdout
    assert "Westland" in run(*compare, GEOMAP_LANG="en").stdout


# ---------------------------------------------------------------- help


def without_examples(page: str) -> str:
    return re.sub(r"示例：\n(.+\n)*|geomap( [a-z]+)+", "", page)


@pytest.mark.parametrize("name", ["", "export", *every_command()])
def test_help_is_chinese_and_as_wide_as_the_terminal(name):
    result = run(*name.split(), "--help")
    assert result.exit_code == 0, result.output
    page = result.stdout
    assert page.startswith(f"用法：geomap {name}".rstrip())
    assert "选项：\n" in page
    assert "显示本说明后退出。" in page
    assert ENGLISH.findall(without_examples(page)) == []
    for line in page.splitlines():
        # The choices of an option are one word that nobody may break.
        assert cells(line) <= 88 or line.lstrip().startswith("--"), line
        assert not line.lstrip().startswith(tuple("，。、；：）")), line


def test_the_check_of_help_sees_english():
    assert ENGLISH.findall(run("build", "--help", GEOMAP_LANG="en").stdout) != []


def test_lines_break_by_cells_between_characters_and_words():
    text = "结果写到标准输出，提示写到 GEOMAP_DATA_DIR、GEOMAP_CACHE_DIR（见说明）。"
    lines = wrap_cells(text, 20)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(cells(line) for line in lines) <= 20
    assert "GEOMAP_CACHE_DIR" in "\n".join(lines)
    assert wrap_cells("一二三四五，六", 10) == ["一二三四", "五，六"]
    assert wrap_cells("甲（乙", 4) == ["甲", "（乙"]
    assert wrap_cells("", 10) == [""]


def test_exit_codes_mean_something_in_both_languages():
    codes = {OK, FAULTS, USAGE, ENVIRONMENT, INTERRUPTED}
    assert set(exit_codes("en")) == set(exit_codes("zh")) == codes
    assert f"  {USAGE}  {exit_codes('zh')[USAGE]}" in run("--help").stdout


# ---------------------------------------------------------------- what is wrong with a command


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense",), "没有名为“nonsense”的命令。"),
        (("valdate",), "没有名为“valdate”的命令，是否要用“validate”？"),
        (("--foo",), "没有 --foo 选项"),
        (("build", "--formt"), "没有 --formt 选项"),
        (("validate", "--format", "yaml"), "“yaml”不在可选范围内：“text”、“json”、“csv”。"),
        (("compare",), "缺少参数“地区”。"),
        (("compare", "a", "b", "--format", "xlsx"), "--format 无效：工作簿须写入文件"),
        (("compare", "1", "2", "3", "4", "5"), "最多对比 4 个地区，现有 5 个。"),
        (("geocode",), "请给出文件或 --text"),
        (("geocode", "a.csv", "--city", "b"), "--city 无效：只能与 --text 同用"),
        (("geocode", "--text", "a", "--lat", "1"), "须同时给出"),
        (("geocode", "--text", "a", "--lat", "x"), "应为数字。"),
        (("app", "--port", "70000"), "“--port”无效：应不大于 65535。"),
        (("app", "--port", "-1"), "应不小于 0。"),
        (("app", "--port", "abc"), "应为整数。"),
        (("validate", "a", "b", "c"), "多余的参数：b c。"),
        (("validate", "--format"), "选项“--format”需要一个值。"),
        (("validate", "--strict=1"), "选项“--strict”不接受值。"),
        (("export", "nonsense"), "没有名为“nonsense”的命令。"),
    ],
)
def test_what_is_wrong_with_a_command_line_is_said_in_chinese(arguments, said):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "错误：" in result.stderr
    assert ENGLISH.findall(result.stderr) == []
    assert "Traceback" not in run(*arguments, GEOMAP_LANG="en").stderr


def test_a_sentence_of_the_library_that_we_do_not_know_stays_as_it_is():
    run("--version")
    assert put_in_words("Option '--x' has had enough.") is None
    assert put_in_words("Invalid value for 'x': it is blue.") == "“x”无效：it is blue."


def test_no_command_at_all_is_the_help_and_exit_code_2():
    result = run()
    assert result.exit_code == 2
    assert result.stderr.startswith("用法：geomap [选项] 命令 [参数]...\n")


# ---------------------------------------------------------------- messages


def test_messages_of_commands_are_chinese(tmp_path, monkeypatch):
    save_dataset(toy_dataset(), tmp_path / "toy")
    toy = ("--data", str(tmp_path / "toy"))
    written = run("export", "csv", "-o", str(tmp_path / "x.csv"), *toy)
    assert written.stderr == f"已写入：{tmp_path / 'x.csv'}\n"
    assert "没有名为“x”的筛选条件" in run("export", "csv", "--filter", "x=1", *toy).stderr
    assert "目录" in run("export", "csv", "-o", str(tmp_path / "no" / "x.csv"), *toy).stderr
    (tmp_path / "in.csv").write_text("name\n合肥\n", "utf-8")
    assert "没有 text 列" in run("geocode", str(tmp_path / "in.csv")).stderr
    assert "文件或目录不存在" in run("geocode", str(tmp_path / "none.csv")).stderr
    assert "没有名为“foo”的坐标系" in run(
        *("geocode", "--text", "合肥", "--lat", "31", "--lon", "117", "--datum", "foo")
    ).stderr  # fmt: skip
    monkeypatch.setattr("geomap.dataset.build.build_dataset", lambda *_, **__: 1 / int("a"))
    assert run("build", GEOMAP_AMAP_URL="x").stderr.startswith("geomap: GEOMAP_AMAP_URL 的值")


def test_a_table_is_counted_in_chinese(tmp_path):
    (tmp_path / "in.csv").write_text("text\n合肥\n鼓楼区\n", "utf-8")
    result = run("geocode", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"))
    assert result.stderr == "2 行：已匹配 1，有歧义 1，未找到 0。\n"
