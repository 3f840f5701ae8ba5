"""Every fault a seed table can have is found, all in one run, each with place and remedy."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.geocode import default_geocoder
from geomap.issues import FAULTS, has_errors, show_value
from geomap.records import TABLES, reasons
from geomap.validate import check_places, validate_seeds
from tests.seed_folder import SeedFolder
from tests.test_faults import is_chinese

P, Z, C, S, N = "projects", "zones", "cities", "sources", "indicators"
ORG = "organisations"

# (fault, change of the clean folder, table, line, column)
CASES = [
    ("control_character", lambda f: f.set(P, 1, name_en="Second\x00centre"), P, 3, "name_en"),
    ("control_character", lambda f: f.set(P, 1, name_en="Second\ncentre"), P, 3, "name_en"),
    ("control_character", lambda f: f.set(P, 1, note="bell\x07"), P, 3, "note"),
    ("formula_text", lambda f: f.set(P, 0, name_en="=1+1"), P, 2, "name_en"),
    ("formula_text", lambda f: f.set(P, 0, investors="@SUM(A1)"), P, 2, "investors"),
    ("formula_text", lambda f: f.set(P, 0, note="+cmd|calc"), P, 2, "note"),
    ("formula_text", lambda f: f.set(P, 0, places="-Hefei"), P, 2, "places"),
    ("invisible_character", lambda f: f.set(P, 0, name_en="First\u202ecentre"), P, 2, "name_en"),
    ("missing_value", lambda f: f.set(P, 0, kind=""), P, 2, "kind"),
    ("missing_value", lambda f: f.set(P, 0, source_id=""), P, 2, "source_id"),
    ("missing_value", lambda f: f.set(P, 1, amount_state=""), P, 3, "amount_state"),
    ("missing_name", lambda f: f.set(P, 1, name_zh=""), P, 3, "name_zh"),
    ("bad_id", lambda f: f.set(P, 1, project_id="Second Centre"), P, 3, "project_id"),
    ("unknown_word", lambda f: f.set(P, 1, status="bulding"), P, 3, "status"),
    ("bad_adcode", lambda f: f.set(C, 0, adcode="3401"), C, 2, "adcode"),
    ("bad_adcode", lambda f: f.set(C, 0, adcode="340100.0"), C, 2, "adcode"),
    ("unknown_adcode", lambda f: f.set(C, 0, adcode="990100"), C, 2, "adcode"),
    ("bad_date", lambda f: f.set(P, 1, announced_on="March 2020"), P, 3, "announced_on"),
    ("bad_date", lambda f: f.set(P, 1, announced_on="2020-3"), P, 3, "announced_on"),
    ("impossible_date", lambda f: f.set(P, 1, announced_on="2021-02-30"), P, 3, "announced_on"),
    ("impossible_date", lambda f: f.set(P, 1, announced_on="0020"), P, 3, "announced_on"),
    ("bad_number", lambda f: f.set(P, 0, amount_cny="15 billion"), P, 2, "amount_cny"),
    ("bad_number", lambda f: f.set(P, 0, area_m2="nan"), P, 2, "area_m2"),
    ("negative_amount", lambda f: f.set(P, 0, amount_cny="-15000000000"), P, 2, "amount_cny"),
    ("bad_flag", lambda f: f.set(Z, 0, draw_on_map="yes"), Z, 2, "draw_on_map"),
    ("bad_url", lambda f: f.set(S, 0, url="javascript:alert(1)"), S, 2, "url"),
    ("bad_url", lambda f: f.set(S, 0, url="ftp://example.org/x"), S, 2, "url"),
    ("bad_url", lambda f: f.set(S, 0, url="http://[::1"), S, 2, "url"),
    ("bad_sha256", lambda f: f.set(S, 0, file_sha256="abc"), S, 2, "file_sha256"),
    ("bad_reason", lambda f: f.set(P, 0, inferred="started_on"), P, 2, "inferred"),
    ("bad_reason", lambda f: f.set(P, 0, inferred="start=the text"), P, 2, "inferred"),
    ("bad_reason", lambda f: f.set(P, 0, inferred_zh="started_on"), P, 2, "inferred_zh"),
    ("control_character", lambda f: f.set(P, 1, note_zh="铃\x07"), P, 3, "note_zh"),
    ("formula_text", lambda f: f.set(C, 0, role_zh="＝1+1"), C, 2, "role_zh"),
    ("missing_name", lambda f: f.set(ORG, 1, name_zh=""), ORG, 3, "name_zh"),
    ("duplicate_id", lambda f: f.copy(ORG, 1, name_zh="丙公司"), ORG, 4, "name_en"),
    ("duplicate_alias", lambda f: f.set(ORG, 1, aliases="a holdings"), ORG, 3, "aliases"),
    ("dangling_reference", lambda f: f.set(ORG, 1, source_id="gone"), ORG, 3, "source_id"),
    ("other_name", lambda f: f.set(P, 1, partners="company a"), P, 3, "partners"),
    ("other_name", lambda f: f.set(Z, 0, companies="甲;Company B"), Z, 2, "companies"),
    ("bad_branch", lambda f: f.set("corridors", 0, branches="310117>320500"), "corridors", 2,
     "branches"),
    ("bad_subject", lambda f: f.set(N, 0, subject="Hefei"), N, 2, "subject"),
    ("amount_without_state", lambda f: f.set(P, 0, amount_state=""), P, 2, "amount_state"),
    ("amount_state_contradiction", lambda f: f.set(P, 0, amount_state="undisclosed"), P, 2,
     "amount_state"),
    ("amount_state_contradiction", lambda f: f.set(P, 1, amount_state="stated"), P, 3,
     "amount_state"),
    ("date_order", lambda f: f.set(P, 0, opened_on="2019"), P, 2, "opened_on"),
    ("date_order", lambda f: f.set(P, 0, closed_on="2020-05-31"), P, 2, "closed_on"),
    ("date_order", lambda f: f.set(N, 0, period="2020-06/2020-01"), N, 2, "period"),
    ("early_start", lambda f: f.set(P, 0, started_on="2019-12"), P, 2, "started_on"),
    ("half_position", lambda f: f.set(P, 0, lon=""), P, 2, "lon"),
    ("position_out_of_range", lambda f: f.set(P, 0, lat="318.2"), P, 2, "lat"),
    ("zero_position", lambda f: f.set(P, 0, lat="0", lon="0"), P, 2, "lat"),
    ("swapped_coordinates", lambda f: f.set(P, 0, lat="117.23", lon="31.82"), P, 2, "lat"),
    ("wrong_sign", lambda f: f.set(P, 0, lon="-117.23"), P, 2, "lat"),
    ("outside_china", lambda f: f.set(P, 0, lat="48.86", lon="2.35"), P, 2, "lat"),
    ("centre_as_site", lambda f: f.set(P, 0, lat="35", lon="105"), P, 2, "lat"),
    ("position_of_many_places", lambda f: f.set(P, 0, places="Hefei;Wuhu"), P, 2, "lat"),
    ("unknown_word", lambda f: f.set(P, 0, datum="nad27"), P, 2, "datum"),
    ("datum_without_position", lambda f: f.set(P, 1, datum="gcj02"), P, 3, "datum"),
    ("points_to_itself", lambda f: f.set(P, 1, same_as="second-centre"), P, 3, "same_as"),
    ("points_to_itself", lambda f: f.set(P, 1, may_overlap="first-centre;second-centre"), P, 3,
     "may_overlap"),
    ("alias_target", lambda f: f.set("aliases", 0, adcode=""), "aliases", 2, "adcode"),
    ("odd_exchange_rate", lambda f: f.set(P, 0, amount_usd="15000000000"), P, 2, "amount_usd"),
    ("implausible_amount", lambda f: f.set(P, 0, amount_usd="", amount_cny="9" * 13), P, 2,
     "amount_cny"),
    ("qualifier_without_amount", lambda f: f.set(P, 1, amount_qualifier="about"), P, 3,
     "amount_qualifier"),
    ("no_place", lambda f: f.set(P, 1, places=""), P, 3, "places"),
    ("duplicate_id", lambda f: f.copy(P, 0), P, 4, "project_id"),
    ("duplicate_alias", lambda f: f.copy("aliases", 0, adcode="340200"), "aliases", 3, "toponym"),
    ("dangling_reference", lambda f: f.set(P, 1, source_id="papr-2020-05-01"), P, 3, "source_id"),
    ("dangling_reference", lambda f: f.set(P, 1, also_sources="no-page@L5"), P, 3, "also_sources"),
    ("dangling_reference", lambda f: f.set(P, 1, part_of="third-centre"), P, 3, "part_of"),
    ("dangling_reference", lambda f: f.set(P, 1, zone_id="no-zone"), P, 3, "zone_id"),
    ("dangling_reference", lambda f: f.set(N, 0, subject="zone:gone"), N, 2, "subject"),
    ("reference_cycle", lambda f: f.set(P, 0, part_of="second-centre"), P, 2, "part_of"),
]  # fmt: skip
ELSEWHERE = {  # shape: tests/test_load.py; places: below
    "missing_folder", "missing_file", "unreadable_file", "empty_file", "file_too_large",
    "too_many_rows", "wrong_encoding", "unreadable_encoding", "bad_workbook", "wrong_separator",
    "duplicate_header", "missing_column", "ragged_row", "broken_quotes", "missing_optional_file",
    "unknown_column", "byte_order_mark", "cell_too_long",
    "one_language", "unknown_place", "unknown_province", "ambiguous_place", "place_contradicts",
    "position_disagrees",
}  # fmt: skip


@pytest.fixture
def seeds(tmp_path):
    return SeedFolder(tmp_path / "seeds")


def twice(seeds, **cells):
    """Give the first project a note in both languages, and the second project some cells."""
    seeds.set(P, 0, note="A note.", note_zh="备注。")
    return seeds.set(P, 1, **cells)


LANGUAGES = [  # (cells of the second project, column that is told)
    ({"note": "Another."}, "note_zh"),
    ({"note_zh": "另一条。"}, "note"),
    ({"inferred": "places=by the name", "inferred_zh": "status=据名称"}, "inferred_zh"),
    ({"places_zh": "安徽省合肥市"}, "places_zh"),  # of two places
]


@pytest.mark.parametrize(("cells", "column"), LANGUAGES)
def test_a_text_in_one_language_only_is_a_warning(seeds, cells, column):
    twice(seeds, **cells)
    seeds.set(P, 0, inferred_zh="started_on=文中称去年6月")
    if column == "places_zh":
        seeds.set(P, 0, places_zh="安徽省合肥市")
    checked = validate_seeds(seeds.write())
    assert checked.ok
    assert [(i.code, i.line, i.column) for i in checked.issues] == [("one_language", 3, column)]
    assert len(checked.records.projects) == 2


def test_a_table_that_keeps_to_one_language_is_not_told_so(seeds):
    seeds.set(P, 0, note="A note.").set(P, 1, note="Another.")
    for table, columns in seeds.headers.items():
        twins = {twin.name for _, twin in TABLES[table].twins}
        assert twins.isdisjoint(columns) == (table in ("aliases", "exclusions"))
    assert validate_seeds(seeds.write()).issues == ()
    seeds.headers[P] = [name for name in seeds.headers[P] if not name.endswith("_zh")]
    seeds.headers[P].append("name_zh")
    checked = validate_seeds(seeds.write())
    assert checked.issues == ()
    assert [project.note_zh for project in checked.records.projects] == ["", ""]


def test_both_languages_are_kept_side_by_side(seeds):
    twice(seeds, note="Another.", note_zh="另一条；分两句。", inferred_zh="places=据\n名称")
    checked = validate_seeds(seeds.write())
    assert [i.code for i in checked.issues] == ["control_character"]
    seeds.set(P, 0, inferred_zh="started_on=文中称去年6月")
    seeds.set(P, 1, inferred_zh="place=据名称", inferred="place=by the name")
    told = validate_seeds(seeds.write()).issues
    assert [(i.code, i.column) for i in told] == [
        ("bad_reason", "inferred"),
        ("bad_reason", "inferred_zh"),
    ]
    seeds.set(P, 1, inferred_zh="places=据名称；status=据文中", inferred="places=a;status=b")
    checked = validate_seeds(seeds.write())
    assert checked.issues == ()
    second = checked.records.projects[1]
    assert second.note_zh == "另一条；分两句。"
    assert reasons(second, "zh") == {"places": "据名称", "status": "据文中"}


def test_an_organisation_is_known_by_all_its_names(seeds):
    first = validate_seeds(seeds.write()).records.organisations[0]
    assert (first.name_en, first.name_zh, first.aliases) == (
        "Company A",
        "甲公司",
        ("A Holdings", "甲"),
    )
    seeds.set(P, 1, partners="Company C")  # of whom no Chinese name is known
    assert validate_seeds(seeds.write()).issues == ()


def test_a_clean_folder_gives_every_record_and_no_issue(seeds):
    checked = validate_seeds(seeds.write())
    assert checked.issues == ()
    assert checked.ok
    records = checked.records
    assert [p.project_id for p in records.projects] == ["first-centre", "second-centre"]
    first = records.projects[0]
    assert (first.amount_cny, first.investors, first.lat) == (
        15e9,
        ("Company A", "Company B"),
        31.82,
    )
    assert records.corridors[0].branches == (("310117", "340100"),)
    assert records.zones[0].draw_on_map is True
    assert records.indicators[0].value == -3.5
    assert [(o.file, o.line) for _, o in records.with_origins("cities")] == [
        ("cities.csv", 2),
        ("cities.csv", 3),
    ]


@pytest.mark.parametrize(
    ("code", "change", "table", "line", "column"),
    CASES,
    ids=[f"{case[0]}-{case[2]}-{case[4]}-{at}" for at, case in enumerate(CASES)],
)
def test_each_fault_is_found_alone_with_its_place_and_a_remedy(
    seeds, code, change, table, line, column
):
    change(seeds)
    checked = validate_seeds(seeds.write())
    (issue,) = checked.issues
    assert (issue.code, issue.file, issue.line, issue.column) == (
        code,
        f"{table}.csv",
        line,
        column,
    )
    assert issue.message
    assert issue.fix
    assert is_chinese(issue.message_zh)
    assert is_chinese(issue.fix_zh)
    assert checked.ok == (issue.severity != "error")


def test_every_kind_of_fault_has_a_test():
    assert {case[0] for case in CASES} | ELSEWHERE == set(FAULTS)


def spoil_everything(seeds):
    """One folder, a fault in nearly every place; returns what must be found."""
    for name, change, *_ in CASES:
        if name == "unknown_word":
            change(seeds)
    seeds.set(P, 0, name_en="=HYPERLINK(1)", amount_cny="-1", announced_on="2021-02-30", lon="")
    seeds.set(P, 1, name_zh="", amount_state="stated", part_of="gone", opened_on="soon")
    seeds.set(P, 1, places="Atlantis", announced_on="")
    seeds.copy(P, 1, project_id="first-centre", lat="117.2", lon="31.8", places="Hefei, Anhui")
    seeds.copy(P, 1, project_id="long", note="x" * 1_000_000, places="Suzhou")
    seeds.copy(P, 1, project_id="ring-a", part_of="ring-b", datum="")
    seeds.copy(P, 1, project_id="ring-b", part_of="ring-a", zone_id="nowhere")
    seeds.copy(P, 1, project_id="zero", lat="0", lon="0", name_en="a\x00b")
    seeds.copy(C, 0, adcode="34010", name_en="@x")
    seeds.set(S, 0, url="javascript:alert(1)", published_on="1 May")
    seeds.headers["corridors"].remove("members")
    seeds.headers["indicators"].append("colour")
    seeds.set(Z, 0, area_m2="one hectare", draw_on_map="maybe")
    folder = seeds.write()
    (folder / "exclusions.csv").write_bytes(b"")
    (folder / "aliases.csv").write_bytes(seeds.text("aliases").replace("older", "旧").encode("gbk"))
    with (folder / "cities.csv").open("a", encoding="utf-8") as file:
        file.write("310118,only three,cells\n")
    return folder, {
        ("formula_text", "projects.csv", 2, "name_en"),
        ("negative_amount", "projects.csv", 2, "amount_cny"),
        ("impossible_date", "projects.csv", 2, "announced_on"),
        ("half_position", "projects.csv", 2, "lon"),
        ("unknown_word", "projects.csv", 2, "datum"),
        ("missing_name", "projects.csv", 3, "name_zh"),
        ("amount_state_contradiction", "projects.csv", 3, "amount_state"),
        ("dangling_reference", "projects.csv", 3, "part_of"),
        ("bad_date", "projects.csv", 3, "opened_on"),
        ("unknown_word", "projects.csv", 3, "status"),
        ("duplicate_id", "projects.csv", 4, "project_id"),
        ("swapped_coordinates", "projects.csv", 4, "lat"),
        ("cell_too_long", "projects.csv", 5, "note"),
        ("reference_cycle", "projects.csv", 6, "part_of"),
        ("dangling_reference", "projects.csv", 7, "zone_id"),
        ("zero_position", "projects.csv", 8, "lat"),
        ("control_character", "projects.csv", 8, "name_en"),
        ("bad_adcode", "cities.csv", 4, "adcode"),
        ("formula_text", "cities.csv", 4, "name_en"),
        ("ragged_row", "cities.csv", 5, ""),
        ("bad_url", "sources.csv", 2, "url"),
        ("bad_date", "sources.csv", 2, "published_on"),
        ("missing_column", "corridors.csv", 1, "members"),
        ("unknown_column", "indicators.csv", 1, "colour"),
        ("bad_number", "zones.csv", 2, "area_m2"),
        ("bad_flag", "zones.csv", 2, "draw_on_map"),
        ("empty_file", "exclusions.csv", 0, ""),
        ("wrong_encoding", "aliases.csv", 2, ""),
    }


def test_a_folder_with_more_than_twenty_faults_lists_all_of_them_in_one_run(seeds):
    folder, wanted = spoil_everything(seeds)
    checked = validate_seeds(folder)
    found = {(i.code, i.file, i.line, i.column) for i in checked.issues}
    assert wanted - found == set()
    assert len({code for code, *_ in wanted}) > 20
    assert all(i.message and i.fix and len(i.value) < 130 for i in checked.issues)
    assert all(is_chinese(i.message_zh) and is_chinese(i.fix_zh) for i in checked.issues)
    assert not checked.ok
    assert {p.toponym for p in checked.rejected} >= {"Atlantis", "Suzhou"}


def test_issues_come_in_the_order_of_tables_files_and_lines(seeds):
    folder, _ = spoil_everything(seeds)
    issues = validate_seeds(folder).issues
    files = list(dict.fromkeys(i.file for i in issues))
    assert files[0] == "sources.csv"
    assert files.index("cities.csv") < files.index("projects.csv") < files.index("aliases.csv")
    lines = [i.line for i in issues if i.file == "projects.csv"]
    assert lines == sorted(lines)


def test_a_row_with_an_error_gives_no_record_and_a_warning_does(seeds):
    seeds.set(P, 0, status="odd").set(P, 1, datum="gcj02")
    records = validate_seeds(seeds.write()).records
    assert [p.project_id for p in records.projects] == ["second-centre"]


def test_an_id_used_in_two_files_of_a_table_is_found(seeds):
    folder = seeds.write()
    (folder / "zones-mine.csv").write_text(seeds.text("zones"), "utf-8")
    (issue,) = validate_seeds(folder).issues
    assert (issue.code, issue.file, issue.line) == ("duplicate_id", "zones-mine.csv", 2)
    assert "zones.csv" in issue.message


def test_a_missing_table_is_one_fault_and_not_one_for_every_reference(seeds):
    folder = seeds.write()
    (folder / "sources.csv").unlink()
    assert [i.code for i in validate_seeds(folder).issues] == ["missing_file"]


def test_a_partial_date_is_late_only_when_no_day_of_it_fits(seeds):
    seeds.set(P, 0, announced_on="2020-06-15", started_on="2020-06", opened_on="2020")
    assert validate_seeds(seeds.write()).issues == ()


def test_lists_may_use_the_full_width_semicolon(seeds):
    seeds.set(P, 0, investors="甲公司；乙公司")
    assert validate_seeds(seeds.write()).records.projects[0].investors == ("甲公司", "乙公司")


def test_naughty_but_honest_text_is_no_fault(seeds):
    seeds.set(P, 0, name_en="<script>alert(1)</script> {{7*7}} ${x} `\\ 🏭", note="a" * 10_000)
    assert validate_seeds(seeds.write()).issues == ()


ANSWERS = {  # toponym: (province, words understood)
    "340100": ("安徽省", "340100"),
    "310117": ("上海市", "310117"),
    "Hefei": ("安徽省", "Hefei"),
    "合肥市": ("安徽省", "合肥市"),
    "Anhui": ("安徽省", "Anhui"),
    "浙江省": ("浙江省", "浙江省"),
    "Shanghai": ("上海市", "Shanghai"),
    "Hefei, Anhui": ("安徽省", "Anhui, Hefei"),
    "浙江省合肥市": ("浙江省", "浙江省"),
    "Songjiang District, Shanghai": ("上海市", "Shanghai, Songjiang District"),
}


class Resolver:
    """Answers like a geocoder that knows these names, and two places called Suzhou."""

    def resolve(self, text, *, lat=None, lon=None, datum="wgs84"):
        province, matched = ANSWERS.get(text, (None, None))
        status = "matched" if province else "not_found"
        candidates = ()
        if text == "Suzhou":
            status = "ambiguous"
            candidates = (
                SimpleNamespace(path_zh="江苏省苏州市", adcode="320500"),
                SimpleNamespace(path_zh="安徽省宿州市", adcode="341300"),
            )
        return SimpleNamespace(
            status=status,
            level="province" if matched == "浙江省" else "prefecture",
            province=province,
            matched=matched,
            candidates=candidates,
            flags=("far_from_place",) if lat is not None and lat > 35 else (),
        )


def test_places_a_geocoder_knows_give_no_issue(seeds):
    assert check_places(validate_seeds(seeds.write()).records, Resolver()) == ()


def test_places_that_are_unknown_ambiguous_or_contradicted_are_named(seeds):
    seeds.set(P, 0, lat="41.8", lon="123.4").set(P, 1, places="Suzhou;Atlantis")
    seeds.set(Z, 0, members="Lyonesse").set(C, 1, adcode="310199")
    checked = validate_seeds(seeds.write())
    issues = check_places(checked.records, Resolver())
    assert {(i.code, i.file, i.line, i.value) for i in issues} == {
        ("unknown_adcode", "cities.csv", 3, "310199"),
        ("position_disagrees", "projects.csv", 2, "41.8, 123.4"),
        ("ambiguous_place", "projects.csv", 3, "Suzhou"),
        ("unknown_place", "projects.csv", 3, "Atlantis"),
        ("unknown_place", "zones.csv", 2, "Lyonesse"),
    }
    ambiguous = next(i for i in issues if i.code == "ambiguous_place")
    assert "320500" in ambiguous.message
    assert "341300" in ambiguous.message
    assert has_errors(issues)
    assert all(is_chinese(i.message_zh) and is_chinese(i.fix_zh) for i in issues)


def test_a_chinese_unit_of_another_province_is_named(seeds):
    seeds.set(P, 1, places="浙江省合肥市")
    (issue,) = check_places(validate_seeds(seeds.write()).records, Resolver())
    assert (issue.code, issue.severity) == ("place_contradicts", "warning")
    assert "安徽省" in issue.message


@pytest.mark.parametrize(
    ("toponym", "code"),
    [
        ("Hefei, Anhuii", "unknown_province"),
        ("Hefei, Atlantis, China", "unknown_province"),
        ("Atlantis Province", "unknown_province"),
        ("火星省合肥市", "unknown_province"),
        ("Atlantis", "unknown_place"),
        ("Hefei, Zhejiang", "ambiguous_place"),
        ("Hefei, Anhui, China", None),
        ("A park, Hefei, Anhui", None),
        ("安徽省合肥市", None),
        ("合肥市", None),
        ("Sanjiang New Area, Yibin, Sichuan", None),
    ],
)
def test_a_province_that_is_unknown_or_contradicted_is_named(seeds, toponym, code):
    seeds.set(P, 1, places=toponym)
    issues = check_places(validate_seeds(seeds.write()).records, default_geocoder())
    assert [(i.code, i.value) for i in issues] == ([(code, toponym)] if code else [])


def test_a_position_makes_up_for_a_place_nobody_knows(seeds):
    seeds.set(P, 0, places="Atlantis")
    assert check_places(validate_seeds(seeds.write()).records, Resolver()) == ()


def test_places_of_rejected_rows_are_checked_too(seeds):
    seeds.set(P, 1, places="Atlantis", status="odd")
    checked = validate_seeds(seeds.write())
    assert check_places(checked.records, Resolver()) == ()
    issues = check_places(checked.records, Resolver(), checked.rejected)
    assert [(i.code, i.line) for i in issues] == [("unknown_place", 3)]


def test_values_are_shown_on_one_line_with_hidden_characters_made_visible():
    assert show_value("a\x00\u202eb") == "a\\u0000\\u202eb"
    assert show_value("x" * 200).startswith("x" * 80 + "…")
    assert show_value("合肥") == "合肥"


def test_validating_loads_no_heavy_library():
    heavy = ["pandas", "geopandas", "streamlit", "folium", "geopy", "shapely", "openpyxl"]
    code = f"import sys, geomap.validate; print([n for n in {heavy} if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda t: t.encode("utf-16"))))
def test_no_bytes_of_any_kind_raise(seeds, rubbish):
    folder = seeds.write()
    (folder / "aliases.csv").write_bytes(rubbish)
    path = folder / "cities.csv"
    path.write_bytes(path.read_bytes() + rubbish)
    for issue in validate_seeds(folder).issues:
        assert issue.code in FAULTS


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(column=st.sampled_from([c.name for c in TABLES[P].columns]), cell=st.text(max_size=60))
def test_no_cell_of_any_kind_raises(seeds, column, cell):
    seeds.rows[P][1] = {**seeds.rows[P][1], column: cell}
    for issue in validate_seeds(seeds.write()).issues:
        assert issue.fix
