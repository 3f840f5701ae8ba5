"""The dataset: what is in it, that nothing of the seeds is lost, and that no kill can tear it."""

from __future__ import annotations

import dataclasses
import fcntl
import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pandas as pd
import pytest

from geomap.dataset import (
    SCHEMAS,
    build_dataset,
    list_versions,
    needs_build,
    open_dataset,
    read_manifest,
    save_dataset,
)
from geomap.dataset import files as files_module
from geomap.dataset import versions as versions_module
from geomap.dataset.versions import Manifest
from geomap.errors import DatasetError, UnknownFeature
from geomap.records import Alias, Project, Records
from geomap.settings import Settings
from tests.toy import (
    PROJECTS,
    RECORDS,
    toy_boundaries,
    toy_codes,
    toy_dataset,
    toy_geocoder,
    write_seeds,
)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def build(tmp_path, monkeypatch):
    """A build of the toy country, or of changed records, into one data folder."""
    monkeypatch.setattr("geomap.validate.cells.PROVINCE_CODES", toy_codes())
    geocoder = toy_geocoder(tmp_path / "gazetteer")
    settings = Settings(seeds_dir=tmp_path / "seeds", data_dir=tmp_path / "data")

    def run(records: Records = RECORDS):
        write_seeds(settings.seeds_dir, records)
        return build_dataset(
            settings.seeds_dir, settings, geocoder=geocoder, boundaries=toy_boundaries()
        )

    run.settings = settings
    return run


def renamed(project: Project) -> Records:
    return dataclasses.replace(RECORDS, projects=(project, *PROJECTS[1:]))


OTHER = renamed(dataclasses.replace(PROJECTS[0], name_en="Alder data centre, extended"))


# ---------------------------------------------------------------- what is in it


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


def test_a_record_gives_none_for_what_is_not_known():
    record = toy_dataset().record("project:harbour-super")
    assert record["amount_cny"] is None
    assert record["closed_on"] is None
    assert record["partners"] == ()


def test_an_unknown_feature_is_said_so():
    with pytest.raises(UnknownFeature, match="project:none"):
        toy_dataset().record("project:none")


def test_sources_of_a_feature_come_main_one_first():
    dataset = toy_dataset()
    assert dataset.source_of("project:alder-dc") == (
        ("toy-times-2021", "L3"),
        ("acme-report", "p. 3"),
    )
    assert dataset.source("acme-report")["publisher"] == "Acme"
    assert dataset.source("acme-report")["url"] is None
    assert dataset.source("nobody") is None


def test_members_of_a_corridor_keep_their_order_and_get_their_places():
    members = toy_dataset().corridor_members
    assert members["adcode"].tolist() == ["940101", "920100", "930100", "910100"]
    assert members["position"].tolist() == [0, 1, 2, 3]
    assert members["lat"].tolist() == [33.1, 31.0, 33.0, 31.0]
    assert members["province_adcode"].tolist() == ["940000", "920000", "930000", "910000"]


def test_a_site_is_in_a_corridor_when_it_lies_in_a_member_or_its_record_says_so():
    sites = toy_dataset().sites.set_index("site_id")["corridor_ids"]
    assert sites["project:cedar-dc#1"] == ("corridor:toy-line",)
    assert sites["project:part-a#1"] == ()  # Dengta, beside the member Harbour
    assert sites["project:elm-lab#1"] == ()  # somewhere in Northland


# ---------------------------------------------------------------- from seeds


def test_the_pipeline_finds_the_places_worked_out_by_hand(build):
    built, by_hand = build().dataset.sites, toy_dataset().sites
    for name in (
        *("site_id", "toponym_zh", "layer", "kind", "precision", "adcode", "province_adcode"),
        *("prefecture_adcode", "county_adcode", "join_method", "location_status", "corridor_ids"),
    ):
        assert built[name].astype(str).tolist() == by_hand[name].astype(str).tolist(), name
    for name in ("lat", "lon"):
        assert built[name].tolist() == pytest.approx(by_hand[name].tolist(), nan_ok=True)


def test_no_record_is_lost_when_its_place_is(build):
    report = build()
    assert report.dataset is not None
    places = {(one.code, one.line) for one in report.issues if one.code.endswith("_place")}
    assert places == {("ambiguous_place", 13), ("unknown_place", 14)}
    dataset = report.dataset
    assert dataset.record("project:nowhere-plant")["amount_cny"] == 7e7
    site = dataset.sites_of("project:nowhere-plant").iloc[0]
    assert (site["location_status"], site["toponym"]) == ("not_found", "Nowhere Town")
    assert pd.isna(site["lat"])
    both = json.loads(dataset.sites_of("project:spring-office").iloc[0]["candidates"])
    assert [one["adcode"] for one in both] == ["910102", "920101"]
    assert dataset.issues["code"].tolist() == [one.code for one in report.issues]


def test_every_record_of_the_seeds_is_in_the_dataset(build):
    dataset = build().dataset
    for table in ("sources", "cities", "projects", "zones", "corridors", "indicators"):
        assert len(getattr(dataset, table)) == len(getattr(RECORDS, table)), table
    assert dataset.organisations["name_zh"].tolist() == ["顶点公司", "螺栓集团"]


def test_a_position_in_another_province_than_its_place_is_reported(build):
    stray = dataclasses.replace(PROJECTS[0], lat=33.0, lon=101.0)  # Northland, not Westland
    report = build(renamed(stray))
    found = [one for one in report.issues if one.code == "position_disagrees"]
    assert {(one.file, one.line) for one in found} == {("projects.csv", 2)}
    assert report.dataset is not None


def test_an_alias_is_asked_for_by_its_code(build):
    alias = Alias(toponym="Nowhere Town", adcode="920102", reason="old name")
    report = build(dataclasses.replace(RECORDS, aliases=(alias,)))
    site = report.dataset.sites_of("project:nowhere-plant").iloc[0]
    assert (site["adcode"], site["toponym"]) == ("920102", "Nowhere Town")


def test_an_alias_that_meant_two_units_is_left_to_the_geocoder(build):
    meant = [
        Alias(toponym="Nowhere Town", adcode=code, reason="at that time", valid_from=year)
        for code, year in (("920102", "1990"), ("910101", "2010"))
    ]
    report = build(dataclasses.replace(RECORDS, aliases=tuple(meant)))
    site = report.dataset.sites_of("project:nowhere-plant").iloc[0]
    assert site["location_status"] == "not_found"
    assert len(report.dataset.aliases) == 2


def test_a_zone_that_is_not_drawn_has_no_site(build):
    dataset = build().dataset
    assert "zone:birch-clusters" in dataset
    assert dataset.sites_of("zone:birch-clusters").empty


def test_progress_is_told_by_stage(build, tmp_path):
    write_seeds(build.settings.seeds_dir)
    told = []
    build_dataset(
        build.settings.seeds_dir,
        build.settings,
        geocoder=toy_geocoder(tmp_path / "gazetteer"),
        boundaries=toy_boundaries(),
        progress=lambda stage, done, total: told.append(stage),
    )
    assert list(dict.fromkeys(told)) == ["Reading", "Placing", "Joining", "Writing"]


# ---------------------------------------------------------------- versions


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_written_comes_back_as_it_was(tmp_path):
    dataset = toy_dataset()
    manifest = save_dataset(dataset, tmp_path)
    back = open_dataset(tmp_path)
    assert back.version == manifest.version
    for name in SCHEMAS:
        pd.testing.assert_frame_equal(getattr(back, name), getattr(dataset, name))
    assert back.provinces.geometry.geom_equals(dataset.provinces.geometry).all()
    assert back.provinces.crs == dataset.provinces.crs


def test_a_dataset_from_before_the_census_table_asks_for_a_build(tmp_path, monkeypatch):
    older = {name: schema for name, schema in SCHEMAS.items() if name != "census"}
    with monkeypatch.context() as before:
        before.setattr(files_module, "SCHEMAS", older)
        save_dataset(toy_dataset(), tmp_path)
    with pytest.raises(DatasetError, match=r"another version of geomap.*`geomap build`"):
        open_dataset(tmp_path)
    save_dataset(toy_dataset(), tmp_path)  # the twin: with the table it opens
    assert list(open_dataset(tmp_path).census.columns) == list(SCHEMAS["census"])


def test_the_same_seeds_give_the_same_bytes(build, tmp_path):
    first = build().dataset.version
    before = contents(build.settings.data_dir)
    again = build().dataset.version
    assert again == first
    assert contents(build.settings.data_dir) == before
    assert list_versions(build.settings.data_dir) == (first,)


def test_other_seeds_give_another_version_and_the_old_one_stays(build):
    first = build().dataset.version
    second = build(OTHER).dataset.version
    data_dir = build.settings.data_dir
    assert second != first
    assert open_dataset(data_dir).version == second
    assert open_dataset(data_dir, first).record("project:alder-dc")["name_en"] == (
        "Alder data centre"
    )
    assert set(list_versions(data_dir)) == {first, second}


def test_going_back_to_earlier_seeds_makes_their_version_current_again(build):
    first = build().dataset.version
    build(OTHER)
    assert build().dataset.version == first
    assert read_manifest(build.settings.data_dir).version == first


def test_seeds_with_errors_leave_the_dataset_before_untouched(build):
    build()
    before = contents(build.settings.data_dir)
    twice = dataclasses.replace(RECORDS, projects=(*PROJECTS, PROJECTS[0]))
    report = build(twice)
    assert report.dataset is None
    assert "duplicate_id" in {one.code for one in report.issues}
    assert contents(build.settings.data_dir) == before


def test_a_build_is_needed_once_and_after_a_change(build, monkeypatch):
    monkeypatch.setattr("geomap.dataset.build.geo_dir", lambda: build.settings.seeds_dir)
    write_seeds(build.settings.seeds_dir)
    assert needs_build(build.settings)
    build()
    assert not needs_build(build.settings)
    with (build.settings.seeds_dir / "exclusions.csv").open("a", encoding="utf-8") as file:
        file.write("Keen Security Lab,a company,\n")
    assert needs_build(build.settings)


def test_a_manifest_says_whether_its_records_are_the_shipped_ones(build, monkeypatch):
    build()
    assert not read_manifest(build.settings.data_dir).shipped
    monkeypatch.setattr("geomap.dataset.build.shipped_seeds_dir", lambda: build.settings.seeds_dir)
    build()
    assert read_manifest(build.settings.data_dir).shipped


def test_a_manifest_of_before_that_was_kept_counts_as_shipped_when_it_was_built(tmp_path):
    for inputs, shipped in (("a digest", True), ("", False)):
        text = json.loads(Manifest("0123456789ab", {}, {}, inputs).to_json())
        del text["shipped"]
        assert Manifest.from_json(json.dumps(text), tmp_path).shipped is shipped


def test_no_dataset_and_no_version_are_said_so(tmp_path):
    with pytest.raises(DatasetError, match="geomap build"):
        open_dataset(tmp_path)
    save_dataset(toy_dataset(), tmp_path)
    with pytest.raises(DatasetError, match="0123456789ab"):
        open_dataset(tmp_path, "0123456789ab")


@pytest.mark.parametrize("name", ["../../etc", "0123456789AB", "", "0123456789abc"])
def test_a_version_name_is_never_a_path(tmp_path, name):
    with pytest.raises(DatasetError, match="not a dataset version"):
        open_dataset(tmp_path, name)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"format": 1, "files": 3}'])
def test_a_manifest_that_is_none_is_said_so(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match="not a manifest"):
        open_dataset(tmp_path)


def test_an_altered_file_is_noticed(tmp_path):
    version = save_dataset(toy_dataset(), tmp_path).version
    path = tmp_path / "versions" / version / "sites.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DatasetError, match=r"sites\.parquet is not what"):
        open_dataset(tmp_path)


def test_a_damaged_version_is_mended_by_the_next_build(tmp_path):
    version = save_dataset(toy_dataset(), tmp_path).version
    (tmp_path / "versions" / version / "sites.parquet").unlink()
    save_dataset(toy_dataset(), tmp_path)
    assert len(open_dataset(tmp_path).sites) == 25


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "data").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(DatasetError, match="cannot be written"):
        save_dataset(toy_dataset(), tmp_path / "data")


# ---------------------------------------------------------------- kills and collisions

# Forks one child for every step of a write, kills it there with SIGKILL, and reads what is left.
# `torn` writes into the live files instead, to show that the reading would notice.
STEPS = """
    import hashlib, json, os, pathlib, signal, sys
    from geomap.dataset import versions

    data_dir, way = pathlib.Path(sys.argv[1]), sys.argv[2]

    def tables(word):
        def write(path):
            path.write_bytes(word * 50_000)
            return 1
        return {"a.bin": write, "b.bin": write, "c.bin": write}

    def killed_at(step):
        count = 0
        def wrap(function):
            def counting(*args, **kwargs):
                nonlocal count
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*args, **kwargs)
            return counting
        os.fsync = wrap(os.fsync)
        pathlib.Path.rename = wrap(pathlib.Path.rename)
        pathlib.Path.replace = wrap(pathlib.Path.replace)

    def write_live(step):
        folder = versions.version_folder(data_dir, old)
        for number, (name, write) in enumerate(tables(b"new").items(), start=1):
            write(folder / name)
            if number == step:
                os.kill(os.getpid(), signal.SIGKILL)

    old = versions.write_version(data_dir, tables(b"old"), {}).version
    results = []
    for step in range(1, 40):
        child = os.fork()
        if child == 0:
            if way == "torn":
                write_live(step)
            else:
                killed_at(step)
                versions.write_version(data_dir, tables(b"new"), {})
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        manifest = versions.read_manifest(data_dir)
        try:
            whole = len(versions.read_version(data_dir, manifest)) == 3
        except Exception:
            whole = False
        results.append([os.WIFSIGNALED(status), manifest.version == old, whole])
        if not os.WIFSIGNALED(status):
            break
    print(json.dumps(results))
"""


def states_after_kills(data_dir: Path, way: str) -> list[list[bool]]:
    script = textwrap.dedent(STEPS)
    run = subprocess.run(
        [sys.executable, "-c", script, str(data_dir), way],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(run.stdout)


def test_a_kill_at_any_step_leaves_one_whole_version(tmp_path):
    states = states_after_kills(tmp_path, "safe")
    assert len(states) > 8, "every fsync, rename and swap is a step"
    assert all(whole for _, _, whole in states)
    assert states[0][1], "a kill at the first step leaves the old version current"
    assert not states[-1][1], "a write that is not killed makes the new version current"
    assert not list((tmp_path / "versions").glob(".unfinished-*"))


def test_the_check_notices_files_that_are_torn(tmp_path):
    assert not all(whole for _, _, whole in states_after_kills(tmp_path, "torn"))


def test_a_build_killed_in_a_child_process_leaves_the_dataset_before_whole(build):
    version = build().dataset.version
    data_dir = build.settings.data_dir
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from geomap.dataset import save_dataset
        from tests.toy import toy_dataset
        import dataclasses
        dataset = toy_dataset()
        print("ready", flush=True)
        number = 0
        while True:
            number += 1
            dataset.projects.loc[0, "name_en"] = f"version {number}"
            save_dataset(dataset, Path(sys.argv[1]))
    """)
    for pause_s in (0.05, 0.16, 0.31):
        command = [sys.executable, "-c", script, str(data_dir)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
            assert child.stdout.readline() == b"ready\n"
            time.sleep(pause_s)
            child.send_signal(signal.SIGKILL)
            assert child.wait() == -signal.SIGKILL
        assert len(open_dataset(data_dir).sites) == 25
    assert len(open_dataset(data_dir, version).sites) == 25


def test_two_builds_do_not_collide(tmp_path, monkeypatch):
    monkeypatch.setattr(versions_module, "PATIENCE_S", 0.2)
    save_dataset(toy_dataset(), tmp_path)
    with (tmp_path / ".lock").open("a") as other_build:
        fcntl.flock(other_build, fcntl.LOCK_EX)
        with pytest.raises(DatasetError, match="Another build"):
            save_dataset(toy_dataset(), tmp_path)
    save_dataset(toy_dataset(), tmp_path)
