"""The command line: what it prints where, its exit codes, and that its manual tells the truth."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from geomap import __version__
from geomap.cli import app
from geomap.cli.console import plain
from geomap.cli.language import exit_codes
from geomap.cli.serve import address, build_when_needed, listen, run_server
from geomap.dataset import read_manifest, save_dataset
from geomap.records import City, Project, Records, Source
from geomap.settings import Settings
from tests.toy import toy_dataset, write_seeds

ROOT = Path(__file__).resolve().parent.parent
MANUAL = (ROOT / "docs" / "cli.md").read_text("utf-8")
CITED = {"source_id": "paper", "source_locator": "L1"}
SMALL = Records(
    sources=(
        Source(
            source_id="paper",
            title="A page",
            publisher="A paper",
            published_on="2021",
            published_basis="stated",
            language="en",
            kind="article",
        ),
    ),
    cities=(
        City(adcode="340100", name_en="Hefei", name_zh="合肥市", level="prefecture", **CITED),
        City(adcode="330100", name_en="Hangzhou", name_zh="杭州市", level="prefecture", **CITED),
    ),
    projects=(
        Project(
            project_id="hefei-dc",
            name_en="Hefei data centre",
            name_zh="合肥数据中心",
            kind="data_centre",
            status="operating",
            places=("Hefei, Anhui",),
            amount_state="not_stated",
            **CITED,
        ),
        Project(
            project_id="drum-tower",
            name_en="Office in Gulou",
            name_zh="鼓楼办公室",
            kind="office",
            status="announced",
            places=("鼓楼区",),
            amount_state="undisclosed",
            **CITED,
        ),
    ),
)


def with_faults() -> Records:
    """A bad date, an id given twice and a source nobody has."""
    first = dataclasses.replace(SMALL.projects[0], announced_on="2021-13", source_id="nobody")
    return dataclasses.replace(SMALL, projects=(first, first))


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100"})


@pytest.fixture
def toy_data(tmp_path, monkeypatch):
    folder = tmp_path / "toy"
    save_dataset(toy_dataset(), folder)
    monkeypatch.setenv("GEOMAP_DATA_DIR", str(folder))
    return folder


def in_a_process(*arguments: str, **more):
    return subprocess.run(
        [sys.executable, "-m", "geomap", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
        **more,
    )


# ---------------------------------------------------------------- the whole


def test_the_version_is_printed():
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"geomap {__version__}\n")


def test_help_shows_every_command_examples_and_exit_codes():
    result = run("--help")
    assert result.exit_code == 0
    for word in ("validate", "build", "geocode", "compare", "export", "app", "Examples:"):
        assert word in result.stdout
    for code, meaning in exit_codes("en").items():
        assert re.search(rf"^\s+{code}\s+{re.escape(meaning[:40])}", result.stdout, re.M)


def every_command():
    """Every command with its words: ("export csv", command)."""
    found = {}
    for name, command in get_command(app).commands.items():
        for part, inner in getattr(command, "commands", {"": command}).items():
            found[f"{name} {part}".strip()] = inner
    return found


@pytest.mark.parametrize("name", every_command())
def test_the_help_of_every_command_has_an_example(name):
    result = run(*name.split(), "--help")
    assert result.exit_code == 0
    assert f"geomap {name}" in result.stdout.split("Examples:")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("validate", "--format", "yaml"),
        ("compare",),
        ("compare", "a", "b", "--format", "xlsx"),
        ("compare", "1", "2", "3", "4", "5"),
        ("geocode",),
        ("geocode", "a.csv", "--text", "b"),
        ("geocode", "a.csv", "--city", "b"),
        ("app", "--port", "70000"),
        ("export", "csv", "--table", "nonsense"),
    ],
)
def test_a_wrong_command_line_is_exit_code_2(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_without_a_dataset_the_way_to_one_is_said():
    result = run("export", "geojson")
    assert result.exit_code == 3
    assert "geomap build" in result.stderr


def test_control_characters_are_shown_and_not_obeyed():
    assert plain("a\x1b[31mb\nc") == "a\\u001b[31mb\nc"


# ---------------------------------------------------------------- validate and build


def test_validate_lists_every_fault_with_file_line_column_reason_and_fix(tmp_path):
    folder = write_seeds(tmp_path / "seeds", with_faults())
    result = run("validate", str(folder), "--format", "json")
    assert result.exit_code == 1
    issues = json.loads(result.stdout)
    found = {(one["code"], one["file"], one["line"], one["column"]) for one in issues}
    assert ("impossible_date", "projects.csv", 2, "announced_on") in found
    assert ("dangling_reference", "projects.csv", 2, "source_id") in found
    assert ("duplicate_id", "projects.csv", 3, "project_id") in found
    assert all(one["message"] and one["fix"] for one in issues)


def test_validate_says_the_same_to_people_and_to_tables(tmp_path):
    folder = write_seeds(tmp_path / "seeds", with_faults())
    text = run("validate", str(folder))
    assert "projects.csv:2:announced_on: error: " in text.stdout
    assert "    fix: " in text.stdout
    assert "errors" in text.stderr
    table = run("validate", str(folder), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    assert {row["code"] for row in rows} >= {"impossible_date", "duplicate_id"}


def test_validate_of_sound_records_is_exit_code_0_and_strict_counts_warnings(tmp_path):
    folder = write_seeds(tmp_path / "seeds", SMALL)
    result = run("validate", str(folder))
    assert result.exit_code == 0
    assert "ambiguous_place" in result.stdout
    assert run("validate", str(folder), "--strict").exit_code == 1


def test_validate_of_no_folder_is_a_fault_and_no_traceback(tmp_path):
    result = run("validate", str(tmp_path / "nowhere"))
    assert result.exit_code == 1
    assert "missing_folder" in result.stdout


def test_twenty_faults_of_every_sort_are_all_listed_without_a_traceback(tmp_path):
    seeds, data = write_seeds(tmp_path / "seeds", SMALL), tmp_path / "data"
    in_a_process("build", "--seeds", str(seeds), "--data", str(data))
    version = read_manifest(data).version
    _break(seeds)
    listed = in_a_process("validate", str(seeds), "--format", "json")
    assert listed.returncode == 1
    assert listed.stderr.count("Traceback") == 0
    issues = json.loads(listed.stdout)
    codes = {one["code"] for one in issues}
    assert codes >= {
        *("wrong_encoding", "missing_column", "empty_file", "missing_file", "formula_text"),
        *("cell_too_long", "bad_date", "impossible_date", "duplicate_id", "swapped_coordinates"),
        *("unknown_province", "unknown_word", "bad_number", "negative_amount", "ragged_row"),
        *("bad_adcode", "missing_name", "dangling_reference", "control_character", "bad_url"),
    }
    assert all(one["file"] and one["message"] and one["fix"] for one in issues)
    assert max(len(one["value"]) for one in issues) < 200, "a cell of a megabyte is cut"
    built = in_a_process("build", "--seeds", str(seeds), "--data", str(data))
    assert (built.returncode, built.stdout) == (1, "")
    assert "Traceback" not in built.stderr
    assert read_manifest(data).version == version


def _break(seeds: Path) -> None:
    """Put twenty faults into a folder of records."""
    projects = (seeds / "projects.csv").read_text("utf-8").splitlines()
    columns = projects[0].split(",")
    sound = dict(zip(columns, next(csv.reader([projects[1]])), strict=True))
    rows = [
        {"places": "Atlantis, Lost Province"},
        {"name_en": "=cmd()"},
        {"name_en": "x" * 1_000_000},
        {"announced_on": "March 2020"},
        {"announced_on": "2020-02-30"},
        {"lat": "117.28", "lon": "31.86"},
        {"kind": "castle"},
        {"amount_cny": "15 billion", "amount_state": "stated"},
        {"amount_cny": "-5", "amount_state": "stated"},
        {"name_zh": "bell \x07"},
        {"name_en": ""},
        {"source_id": "nobody"},
    ]
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerow(sound)
    writer.writerow(sound)
    for number, fault in enumerate(rows):
        writer.writerow({**sound, "project_id": f"p-{number}", **fault})
    file.write("ragged,row\n")
    (seeds / "projects.csv").write_text(file.getvalue(), "utf-8")
    cities = (seeds / "cities.csv").read_text("utf-8").replace("340100", "34010")
    (seeds / "cities.csv").write_bytes(cities.encode("gb18030"))
    (seeds / "zones.csv").write_text("", "utf-8")
    (seeds / "indicators.csv").unlink()
    corridors = (seeds / "corridors.csv").read_text("utf-8").replace("members,", "", 1)
    (seeds / "corridors.csv").write_text(corridors, "utf-8")
    sources = (seeds / "sources.csv").read_text("utf-8").splitlines()
    row = dict(zip(sources[0].split(","), next(csv.reader([sources[1]])), strict=True))
    with (seeds / "sources.csv").open("a", encoding="utf-8", newline="") as end:
        more = {**row, "source_id": "other", "url": "javascript:alert(1)"}
        csv.DictWriter(end, list(row), lineterminator="\n").writerow(more)


def test_build_makes_a_dataset_and_prints_its_version(tmp_path):
    seeds, data = write_seeds(tmp_path / "seeds", SMALL), tmp_path / "data"
    result = run("build", "--seeds", str(seeds), "--data", str(data))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(read_manifest(data).version)
    assert "1 place without a point" in result.stdout


def test_bad_records_are_exit_code_1_and_leave_the_dataset_untouched(tmp_path):
    seeds, data = write_seeds(tmp_path / "seeds", SMALL), tmp_path / "data"
    run("build", "--seeds", str(seeds), "--data", str(data))
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    write_seeds(seeds, with_faults())
    result = run("build", "--seeds", str(seeds), "--data", str(data))
    assert result.exit_code == 1
    assert "projects.csv:2" in result.stderr
    assert "untouched" in result.stderr
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_ctrl_c_ends_a_build_with_a_word_and_its_own_code(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("geomap.dataset.build.build_dataset", interrupted)
    result = run("build")
    assert result.exit_code == 130
    assert result.stderr == "geomap: Stopped.\n"


def test_a_data_folder_that_cannot_be_written_is_exit_code_3(tmp_path):
    seeds = write_seeds(tmp_path / "seeds", SMALL)
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    result = run("build", "--seeds", str(seeds), "--data", str(tmp_path / "data"))
    assert result.exit_code == 3
    assert "cannot be written" in result.stderr


def test_boundaries_that_cannot_be_used_are_said_so(tmp_path):
    seeds = write_seeds(tmp_path / "seeds", SMALL)
    bad = tmp_path / "bad.geojson"
    bad.write_text("{}", encoding="utf-8")
    result = run("build", "--seeds", str(seeds), "--boundaries", str(bad))
    assert result.exit_code == 3
    assert "bad.geojson" in result.stderr


def test_an_output_in_a_folder_that_is_not_there_is_named_as_it_was_written(tmp_path):
    seeds = write_seeds(tmp_path / "seeds", SMALL)
    result = run("validate", str(seeds), "--format", "csv", "-o", str(tmp_path / "none" / "x.csv"))
    assert result.exit_code == 3
    assert f"no folder {tmp_path / 'none'}" in result.stderr
    assert ".part" not in result.stderr


# ---------------------------------------------------------------- geocode


def test_geocode_answers_for_one_place_to_a_person_and_to_a_program():
    told = run("geocode", "--text", "合肥")
    assert told.exit_code == 0
    assert "340100" in told.stdout
    record = json.loads(run("geocode", "--text", "合肥", "--format", "jsonl").stdout)
    assert (record["status"], record["adcode"]) == ("matched", "340100")
    row = next(
        csv.DictReader(io.StringIO(run("geocode", "--text", "合肥", "--format", "csv").stdout))
    )
    assert row["adcode"] == "340100"


@pytest.mark.parametrize(
    "options", [("--lat", "31.8"), ("--lon", "117.2"), ("--datum", "bd09"), ("--provider", "yahoo")]
)
def test_geocode_refuses_options_it_could_only_ignore(options):
    result = run("geocode", "--text", "Hefei", *options)
    assert result.exit_code == 2
    assert options[0] in result.stderr
    assert "Value error" not in result.stderr


def test_geocode_takes_a_whole_position():
    told = run("geocode", "--text", "Hefei", "--lat", "31.8", "--lon", "117.2", "--datum", "bd09")
    assert told.exit_code == 0
    assert "in BD-09" in told.stdout


def test_geocode_gives_every_row_of_a_file_back_in_order(tmp_path):
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("text,own\n合肥,1\nnowhere at all,2\n朝阳,3\n", encoding="utf-8")
    result = run("geocode", str(source), "-o", str(output))
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(output.read_text("utf-8"))))
    assert [row["own"] for row in rows] == ["1", "2", "3"]
    assert [row["status"] for row in rows] == ["matched", "not_found", "ambiguous"]


def test_geocode_of_a_file_without_a_text_column_is_exit_code_1(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("place\nHefei\n", encoding="utf-8")
    result = run("geocode", str(source))
    assert result.exit_code == 1
    assert "text" in result.stderr


# ---------------------------------------------------------------- compare and export


@pytest.mark.usefixtures("toy_data")
def test_compare_takes_names_in_either_language_and_codes():
    result = run("compare", "Westland", "东州", "930000", "China", "--format", "json")
    assert result.exit_code == 0, result.output
    ids = [one["region_id"] for one in json.loads(result.stdout)["regions"]]
    assert ids == ["province:910000", "province:920000", "province:930000", "country:CN"]


@pytest.mark.usefixtures("toy_data")
def test_compare_draws_a_table_and_writes_a_page(tmp_path):
    table = run("compare", "Westland", "Eastland").stdout
    assert re.search(r"Projects\s+4\s+2\n", table)
    assert "at least ¥1.3 bn" in table
    assert "未公布金额" in run("compare", "Westland", "Eastland", "--lang", "zh").stdout
    page = tmp_path / "page.html"
    result = run("compare", "Westland", "Eastland", "--format", "html", "-o", str(page))
    assert result.stdout == ""
    assert page.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("toy_data")
def test_compare_shows_a_single_region_and_says_that_a_second_is_missing():
    for names in (("Westland",), ("Westland", "西州")):
        result = run("compare", *names)
        assert result.exit_code == 0
        assert "Add a second region" in result.stdout


@pytest.mark.usefixtures("toy_data")
def test_compare_takes_a_reference_and_writes_a_workbook(tmp_path):
    told = json.loads(
        run("compare", "Westland", "Eastland", "--reference", "东州", "--format", "json").stdout
    )
    assert told["reference"] == "province:920000"
    assert run("compare", "Westland", "Eastland", "--reference", "Alder").exit_code == 2
    book = tmp_path / "told.xlsx"
    result = run("compare", "Westland", "Eastland", "--format", "xlsx", "-o", str(book))
    assert (result.exit_code, book.read_bytes()[:2]) == (0, b"PK")


@pytest.mark.usefixtures("toy_data")
def test_compare_takes_a_polygon_of_a_file_or_says_what_is_wrong_with_it(tmp_path):
    square = [[100.2, 30.2], [101.2, 30.2], [101.2, 31.5], [100.2, 31.5], [100.2, 30.2]]
    texts = {
        "good.geojson": json.dumps({"type": "Polygon", "coordinates": [square]}),
        "bow.geojson": json.dumps(
            {"type": "Polygon", "coordinates": [[square[i] for i in (0, 2, 1, 3, 0)]]}
        ),
        "bad.json": "no GeoJSON",
        "deep.json": "[" * 100_000,
        "empty.json": "{}",
    }
    for name, content in texts.items():
        (tmp_path / name).write_text(content, "utf-8")
    good = run("compare", str(tmp_path / "good.geojson"), "Westland", "--format", "json")
    assert json.loads(good.stdout)["regions"][0]["kind"] == "polygon"
    said = {"bow.geojson": "crosses itself", "bad.json": "not GeoJSON", "deep.json": "not GeoJSON"}
    said |= {"empty.json": "no polygon", "none.json": "no file"}
    for name, words in said.items():
        result = run("compare", str(tmp_path / name), "Westland")
        assert (result.exit_code, result.stdout) == (1, ""), name
        assert words in result.stderr


@pytest.mark.usefixtures("toy_data")
def test_compare_says_what_it_does_not_know_for_all_names_at_once():
    result = run("compare", "Nowhere", "Westland", "Elsewhere")
    assert result.exit_code == 1
    assert "Nowhere" in result.stderr
    assert "Elsewhere" in result.stderr


@pytest.mark.usefixtures("toy_data")
def test_compare_lists_the_candidates_of_an_ambiguous_name():
    result = run("compare", "Suzhou", "Westland")
    assert result.exit_code == 1
    assert "320500" in result.stderr
    assert "341300" in result.stderr


@pytest.mark.usefixtures("toy_data")
def test_exports_go_to_stdout_or_whole_into_a_file(tmp_path):
    printed = run("export", "geojson")
    assert json.loads(printed.stdout)["type"] == "FeatureCollection"
    target = tmp_path / "sites.csv"
    result = run("export", "csv", "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert len(target.read_text("utf-8").splitlines()) == 26
    assert [path.name for path in tmp_path.glob("*.part")] == []


@pytest.mark.usefixtures("toy_data")
def test_an_output_named_xlsx_is_a_workbook(tmp_path):
    target = tmp_path / "all.xlsx"
    assert run("export", "csv", "-o", str(target)).exit_code == 0
    assert target.read_bytes().startswith(b"PK")


@pytest.mark.usefixtures("toy_data")
@pytest.mark.parametrize("query", ["kinds=data_centre", "data_centre", "castle=1"])
def test_a_filter_that_is_none_is_refused_and_not_passed_over(query):
    result = run("export", "csv", "--filter", query)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "filters are: corridor" in result.stderr


@pytest.mark.usefixtures("toy_data")
def test_a_whole_address_may_be_given_as_filter():
    plain = run("export", "csv", "--filter", "kind=data_centre")
    address = "http://127.0.0.1:8501/?lang=zh&select=city:340100&kind=data_centre"
    assert plain.exit_code == 0
    assert run("export", "csv", "--filter", address).stdout == plain.stdout


@pytest.mark.usefixtures("toy_data")
def test_exports_respect_filters_and_refuse_words_that_mean_nothing():
    kept = run("export", "csv", "--filter", "kind=data_centre&province=910000")
    rows = list(csv.DictReader(io.StringIO(kept.stdout)))
    assert {row["feature_id"] for row in rows} == {"project:alder-dc", "project:alder-dc-two"}
    wrong = run("export", "csv", "--filter", "kind=castle")
    assert wrong.exit_code == 1
    assert "castle" in wrong.stderr


@pytest.mark.usefixtures("toy_data")
def test_the_map_can_be_exported_as_one_page():
    result = run("export", "html", "--lang", "zh")
    assert result.exit_code == 0, result.output
    assert "<html" in result.stdout


def test_an_older_version_can_be_exported(toy_data):
    version = read_manifest(toy_data).version
    result = run("export", "geojson", "--dataset", version)
    assert json.loads(result.stdout)["geomap"]["dataset_version"] == version
    assert run("export", "geojson", "--dataset", "000000000000").exit_code == 3


@pytest.mark.usefixtures("toy_data")
def test_a_reader_who_leaves_early_is_no_trouble():
    script = f"{sys.executable} -m geomap export geojson | head -c 10"
    run_ = subprocess.run(["sh", "-c", script], capture_output=True, cwd=ROOT, check=False)
    assert run_.stdout == b'{"type":"F'
    assert b"Traceback" not in run_.stderr
    assert b"Broken" not in run_.stderr


# ---------------------------------------------------------------- app


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def healthz(port: int) -> str:
    """Ask for /healthz for a minute at most."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.2)
    return "no answer"


def test_the_app_builds_serves_says_where_and_stops_on_ctrl_c(tmp_path):
    seeds, data, port = write_seeds(tmp_path / "seeds", SMALL), tmp_path / "data", free_port()
    command = [sys.executable, "-m", "geomap", "app", "--port", str(port)]
    command += ["--seeds", str(seeds), "--data", str(data)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as server:
        try:
            assert healthz(port) == "ok"
            assert read_manifest(data).counts["projects"] == 2
            second = in_a_process("app", "--port", str(port), "--data", str(data))
            server.send_signal(signal.SIGINT)
            stdout, stderr = server.communicate(timeout=20)
        finally:
            server.kill()
    assert server.returncode == 0, stderr
    assert stdout == f"geomap is at http://127.0.0.1:{port}\n"
    assert "Traceback" not in stderr
    assert "/healthz" not in stderr, "requests are not logged"
    assert second.returncode == 3
    assert f"Port {port} is taken" in second.stderr


def test_a_port_that_another_program_takes_during_the_build_is_told(capsys):
    with listen("127.0.0.1", 0) as slower, listen("127.0.0.1", slower.getsockname()[1]) as faster:
        faster.listen()
        with pytest.raises(typer.Exit) as ended:
            run_server(slower, "127.0.0.1")
    assert ended.value.exit_code == 3
    assert "is taken by another program" in capsys.readouterr().err


def prepared(capsys, settings, *, named=False):
    """What `geomap app` says while it makes sure of a dataset, and the version it then serves."""
    build_when_needed(settings, named=named)
    return capsys.readouterr().err, read_manifest(settings.data_dir)


def test_the_app_never_replaces_records_of_your_own_by_the_shipped(tmp_path, capsys):
    own = Settings(seeds_dir=write_seeds(tmp_path / "seeds", SMALL), data_dir=tmp_path / "data")
    said, mine = prepared(capsys, own, named=True)
    assert "Building the dataset" in said
    assert not mine.shipped
    assert prepared(capsys, own, named=True) == ("", mine)  # nothing has changed
    said, served = prepared(capsys, Settings(data_dir=own.data_dir))
    assert served == mine
    assert f"Serving dataset {mine.version}" in said
    assert "--data FOLDER" in said


def test_the_app_says_when_it_builds_anew_and_keeps_the_dataset_before(tmp_path, capsys):
    own = Settings(seeds_dir=write_seeds(tmp_path / "seeds", SMALL), data_dir=tmp_path / "data")
    _, before = prepared(capsys, own, named=True)
    write_seeds(own.seeds_dir, dataclasses.replace(SMALL, projects=SMALL.projects[:1]))
    said, after = prepared(capsys, own)
    assert after.version != before.version
    assert f"{before.version} is kept" in said
    assert str(own.seeds_dir) in said
    assert read_manifest(own.data_dir, before.version) == before


def test_the_app_says_when_a_manifest_cannot_be_read(tmp_path, capsys):
    own = Settings(seeds_dir=write_seeds(tmp_path / "seeds", SMALL), data_dir=tmp_path / "data")
    own.data_dir.mkdir()
    (own.data_dir / "manifest.json").write_text("{}")
    said, _ = prepared(capsys, own, named=True)
    assert "is not a manifest of geomap" in said
    assert "Building the dataset" in said


def test_the_app_without_a_sound_dataset_ends_with_the_faults(tmp_path):
    seeds = write_seeds(tmp_path / "seeds", with_faults())
    result = in_a_process(
        "app", "--port", "0", "--seeds", str(seeds), "--data", str(tmp_path / "data")
    )
    assert result.returncode == 1
    assert "projects.csv:2" in result.stderr


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("map.local", "http://map.local:80"),
    ],
)
def test_the_address_is_one_a_browser_can_open(host, shown):
    assert address(host, 80) == shown


# ---------------------------------------------------------------- a real process


def test_results_and_messages_go_their_own_ways(tmp_path):
    seeds, data = write_seeds(tmp_path / "seeds", SMALL), tmp_path / "data"
    built = in_a_process("build", "--seeds", str(seeds), "--data", str(data))
    assert built.returncode == 0, built.stderr
    assert re.fullmatch(r"[0-9a-f]{12}  .*\n", built.stdout)
    assert "\x1b" not in built.stdout + built.stderr, "no progress bar without a terminal"
    env = {**os.environ, "GEOMAP_DATA_DIR": str(data)}
    exported = in_a_process("export", "geojson", env=env)
    assert json.loads(exported.stdout)["geomap"]["dataset_version"] == built.stdout[:12]
    assert exported.stderr == ""


def test_the_command_starts_without_heavy_libraries():
    heavy = ["streamlit", "folium", "geopy", "geopandas", "pandas", "numpy", "uvicorn"]
    code = f"import sys, geomap.cli; print([n for n in sys.modules if n in {heavy}])"
    run_ = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run_.stdout.strip() == "[]"


# ---------------------------------------------------------------- the manual


def sections() -> dict[str, str]:
    """The manual by command: "export csv" -> its text."""
    parts = re.split(r"^## geomap (.+)$", MANUAL, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def choices_of(parameter) -> tuple[str, ...]:
    described = parameter.type_descriptor
    return tuple(str(one) for one in described.choices) if described.is_choice else ()


def options_of(command) -> set[str]:
    named = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return {name for name in named if name.startswith("-")} - {"--help", "-h"}


def documented(text: str) -> set[str]:
    """Options in the first cells of the tables of a section."""
    cells = re.findall(r"^\| ((?:`-[^`]*`(?:, )?)+) \|", text, flags=re.M)
    return {name for cell in cells for name in re.findall(r"`(-[^`]*)`", cell)}


def test_the_manual_has_every_command_and_no_other():
    assert set(sections()) == set(every_command())


@pytest.mark.parametrize("name", every_command())
def test_the_manual_has_every_option_of_a_command_and_no_other(name):
    assert documented(sections()[name]) == options_of(every_command()[name])


@pytest.mark.parametrize("name", every_command())
def test_the_manual_names_every_choice(name):
    for parameter in every_command()[name].params:
        for word in choices_of(parameter):
            assert f"`{word}`" in sections()[name], f"{name}: {parameter.name} takes {word}"


def test_the_manual_is_asked_about_choices():
    words = {w for one in every_command().values() for p in one.params for w in choices_of(p)}
    assert words >= {"jsonl", "nominatim", "html", "zh", "corridor_members"}


def test_the_manual_has_every_exit_code_and_its_meaning():
    table = MANUAL.split("## Exit codes")[1].split("##")[0]
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", table, flags=re.M))
    assert {int(code): meaning for code, meaning in rows.items()} == exit_codes("en")


def test_the_links_of_the_manual_lead_somewhere():
    files = set(re.findall(r"\]\(([^)#]+)\)", MANUAL))
    assert files
    assert [name for name in files if not (ROOT / "docs" / name).exists()] == []
    headings = {f"geomap-{name.replace(' ', '-')}" for name in sections()}
    assert set(re.findall(r"\]\(#([^)]+)\)", MANUAL)) == headings


def test_the_check_of_the_manual_would_notice_a_missing_option():
    text = sections()["build"].replace("| `--data` |", "| data |")
    assert documented(text) != options_of(every_command()["build"])
