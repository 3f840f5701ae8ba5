"""Comparisons: every total worked out by hand on the toy country (see tests/toy.py)."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from geomap.geodesy import geodesic_km
from geomap.text import text
from geomap.views.comparison import (
    compare_regions,
    relation_of,
    written_difference,
    written_ratio,
)
from geomap.views.filters import Filters
from geomap.views.measures import MEASURES
from geomap.views.regions import parse_region
from geomap.views.values import written_ratio_of

ALL = ("province:910000", "province:920000", "province:930000", "province:940000")
MILLION = 1e6


@pytest.fixture(scope="module")
def four(toy):
    return compare_regions(toy, ALL)


def values(comparison, measure_id):
    return [value.value for value in comparison.line(measure_id).values]


def reasons(comparison, measure_id):
    return [
        value.reason.key.rpartition(".")[2] if value.reason else ""
        for value in comparison.line(measure_id).values
    ]


def ids(names):
    return [name.partition(":")[2] for name in names]


BY_HAND = {
    # Westland, Eastland, Northland, Port City, together
    "projects": (4, 2, 2, 4, 10),
    "data_centres": (1, 2, 1, 2, 4),
    "zones": (1, 1, 1, 1, 2),
    # Acme | Acme, Bolt, Crane | Bolt, Crane, Dune | Bolt, Crane
    "investors": (1, 3, 3, 2, 4),
    # alder-dc 1,000 + birch-a 300 | cedar-dc 2,000 | - | nine-contracts 5,000; with the cluster
    "all_cny": (1300e6, 2000e6, None, 5000e6, 10600e6),  # the toy country knows no rates
    "stated_cny": (1300e6, 2000e6, None, 5000e6, 10600e6),
    "stated_usd": (150e6, None, 50e6, 740e6, 940e6),
    "shared_projects": (0, 1, 1, 1, 0),
    "shared_cny": (None, 2300e6, 2300e6, 2300e6, None),
    "shared_usd": (None, None, None, None, None),
    "undisclosed": (0, 0, 0, 1, 1),
    "not_stated": (1, 0, 0, 1, 2),
    "share_stated": (0.75, 1.0, 1.0, 0.5, 0.7),
    "share_undisclosed": (0.0, 0.0, 0.0, 0.25, 0.1),
    "share_not_stated": (0.25, 0.0, 0.0, 0.25, 0.2),
    "planned_area": (120_000, None, None, None, 120_000),
    "zone_area": (370_000, None, None, None, 370_000),
    "capacity": (40, None, None, None, 40),
    "newest_on": ("2021-06-01", "2022-07-13", "2022-07-13", "2022-07-13", "2022-07-13"),
    # alder-dc | both, for Cedar is a member | the cluster | all but part-a
    "in_corridor": (0.25, 1.0, 0.5, 0.75, 0.5),
    "records": (5, 2, 2, 5, 12),
    "newest_source": ("2021-05-01", "2022-07-14", "2022-07-14", "2022-07-14", "2022-07-14"),
}


@pytest.mark.parametrize("measure_id", BY_HAND)
def test_totals_by_hand(four, measure_id):
    *each, together = BY_HAND[measure_id]
    assert values(four, measure_id) == pytest.approx(each)
    found = four.line(measure_id).together.value
    assert found == (together if isinstance(together, str) else pytest.approx(together))


def test_every_measure_is_compared_and_worked_out_by_hand_or_below(four):
    below = {
        *("corridor_km", "reference_km", "area", "population", "density", "unsure"),
        *("projects_per_area", "cny_per_area", "usd_per_area"),
        *("projects_per_head", "cny_per_head", "usd_per_head"),
    }
    assert {line.measure.measure_id for line in four.lines} == set(MEASURES)
    assert set(MEASURES) == set(BY_HAND) | below


def test_the_whole_country_by_hand(toy):
    country = compare_regions(toy, ["country:CN"])
    assert values(country, "projects") == [12]
    assert values(country, "data_centres") == [4]
    assert values(country, "stated_cny") == [10_670e6]
    assert values(country, "stated_usd") == [940e6]
    assert values(country, "undisclosed") == [1]
    assert values(country, "not_stated") == [3]
    assert values(country, "records") == [14]


def test_the_zone_over_three_provinces_holds_its_cluster_whole(toy):
    zone = compare_regions(toy, ["zone:delta-zone"])
    # its three counties: delta-cluster 2,300 + nine-contracts 5,000 (part-b is inside it)
    assert values(zone, "stated_cny") == [7300e6]
    assert values(zone, "shared_projects") == [0]
    assert ids(zone.line("projects").values[0].row_ids) == [
        "harbour-super",
        "delta-cluster",
        "part-b",
    ]


def test_the_corridor_by_hand(toy):
    line = compare_regions(toy, ["corridor:toy-line"])
    # Harbour, Cedar, Elm, Alder: alder-dc, cedar-dc, harbour-super, delta-cluster, part-b
    assert values(line, "projects") == [5]
    assert values(line, "stated_cny") == [(1000 + 2000 + 2300 + 5000) * MILLION]
    assert values(line, "in_corridor") == [1.0]


def test_the_rows_behind_a_sum_add_up_to_it(toy, four):
    amounts = toy.projects.set_index("feature_id")
    for measure_id, column in (("stated_cny", "amount_cny"), ("stated_usd", "amount_usd")):
        for value in (*four.line(measure_id).values, four.line(measure_id).together):
            if value.value is not None:
                assert amounts.loc[list(value.row_ids), column].sum() == value.value


def test_the_rows_behind_a_count_are_as_many(four):
    for measure_id in ("projects", "data_centres", "zones", "undisclosed", "not_stated", "records"):
        for value in four.line(measure_id).values:
            assert len(value.row_ids) == (value.value or 0)


def test_what_each_row_adds_stands_beside_it(four):
    checked = 0
    for line in four.lines:
        for value in (*line.values, *([line.together] if line.together else [])):
            if value.outcome.amounts is None:
                continue
            assert [one.feature_id for one in value.added] == list(value.row_ids)
            total = sum(one.amount for one in value.added)
            division = value.outcome.division
            assert total == pytest.approx(division.top if division else value.value)
            if division:
                assert division.top / division.bottom * division.scale == pytest.approx(value.value)
            checked += 1
    assert checked > 20


def test_a_share_or_rate_says_what_is_divided_by_what(four):
    share = four.value("share_not_stated", "province:910000")
    assert (share.worked("en"), share.worked("zh")) == ("1 ÷ 4", "1 ÷ 4")
    per_area = four.value("cny_per_area", "province:940000")
    assert per_area.worked("en") == "¥5 bn ÷ 41,455 km²"
    assert four.value("projects_per_area", "province:910000").worked("zh") == (
        "4 ÷ 42,352 平方公里 × 10,000"
    )
    assert four.value("projects", "province:910000").worked("en") == ""


def rate_rows(toy, rates):
    """The toy's figures with a yearly rate each."""
    frame = toy.indicators
    rows = [
        {**dict.fromkeys(frame.columns), "indicator_id": f"rate-{year}", "subject": "country:CN"}
        | {"metric": "cny-per-usd", "value": rate, "period": year, "source_id": "toy-times-2021"}
        for year, rate in rates.items()
    ]
    return pd.concat([frame, pd.DataFrame(rows)], ignore_index=True)


def test_dollars_alone_are_converted_at_the_rate_of_their_year_and_say_so(toy):
    rated = replace(toy, indicators=rate_rows(toy, {"2018": 6.5, "2022": 9.0}), version="rated")
    found = compare_regions(rated, ALL)
    # elm-lab: more than US$50 m, first dated 2018; those who state yuan keep it
    assert values(found, "all_cny") == [1300e6, 2000e6, 325e6, 5000e6]
    value = found.value("all_cny", "province:930000")
    (one,) = value.added
    assert (one.amount, one.usd, one.cny_per_usd, one.year) == (325e6, 50e6, 6.5, 2018)
    assert value.added_words(one, "en") == "US$50 m × 6.5 (mean rate of 2018) = ¥325 m"
    assert value.added_words(one, "zh") == "5,000万美元 × 6.5（2018年平均汇率）= 3.25亿元"
    assert "toy-times-2021" in value.source_ids
    assert value.notes[-1].key == "comparison.note.converted"
    assert values(found, "stated_usd")[2] == 50e6  # and the line of dollars stays as it was


def test_dollars_of_a_year_without_a_rate_stay_out_and_say_so(toy):
    value = compare_regions(toy, ["province:930000"]).line("all_cny").values[0]
    assert value.shown("en") == "stated in dollars only, of no year with a known rate"
    assert {why: len(names) for why, names in value.left_out} == {"no_rate": 1}
    country = compare_regions(toy, ["country:CN"]).line("all_cny").values[0]
    assert country.shown("en").startswith("at least")


def test_what_was_met_and_not_added_is_listed_with_the_reason(four):
    westland = four.value("stated_cny", "province:910000")
    assert {why: ids(names) for why, names in westland.left_out} == {
        "repeat": ["alder-dc-two"],
        "may_overlap": ["birch-b"],
    }
    port = four.value("stated_cny", "province:940000")
    assert {why: ids(names) for why, names in port.left_out} == {"part": ["part-b"]}
    counted = four.value("projects", "province:940000")
    assert {why: ids(names) for why, names in counted.left_out} == {"bundle": ["nine-contracts"]}


def test_money_that_may_overlap_makes_a_lower_bound_and_says_so(four):
    westland = four.value("stated_cny", "province:910000")
    assert westland.outcome.at_least
    assert westland.shown("en") == "at least ¥1.3 bn"
    assert westland.shown("zh") == "至少13亿元"
    assert [note.key for note in westland.notes] == ["comparison.note.may_overlap"]
    port = four.value("stated_cny", "province:940000")
    assert not port.outcome.at_least
    assert port.shown("en") == "¥5 bn"


def test_every_value_names_its_formula_and_sources(four):
    value = four.value("stated_cny", "province:910000")
    assert value.source_ids == ("acme-report", "toy-times-2021")
    assert [one.publisher for one in value.citations()] == ["Acme", "Toy Times"]
    assert "lower bound" in value.formula("en")
    assert "下限" in value.formula("zh")


def test_rank_difference_and_ratio_against_the_chosen_reference(toy, four):
    money = four.line("stated_cny").values
    assert [value.rank for value in money] == [3, 2, None, 1]
    assert [value.difference for value in money] == [0, 700e6, None, 3700e6]
    assert money[3].ratio == pytest.approx(5000 / 1300)
    assert (written_difference(money[3], "en"), written_ratio(money[3], "en")) == (
        "+¥3.7 bn",
        "3.85\u00a0×",
    )
    other = compare_regions(toy, ALL, reference="province:940000")
    assert other.reference == 3
    assert other.value("stated_cny", "province:910000").difference == -3700e6
    assert written_difference(other.value("stated_cny", "province:910000"), "zh") == "−37亿元"
    share = four.value("share_stated", "province:920000")
    assert written_difference(share, "en") == "+25 points"  # of 100, not per cent of the share


def test_equal_values_share_a_rank_and_the_near_one_is_first(four):
    assert [value.rank for value in four.line("zones").values] == [1, 1, 1, 1]
    assert [value.rank for value in four.line("projects").values] == [1, 3, 3, 1]
    assert [value.rank for value in four.line("reference_km").values] == [None, 1, 2, 3]
    assert [value.rank for value in four.line("undisclosed").values] == [None] * 4


def test_no_record_is_blank_with_a_reason_and_never_zero(four):
    assert reasons(four, "stated_cny") == ["", "", "only_shared_sum", ""]
    assert reasons(four, "stated_usd") == ["", "no_sum", "", ""]
    assert reasons(four, "planned_area") == ["", "no_area_m2", "no_area_m2", "no_area_m2"]
    value = four.value("stated_cny", "province:930000")
    assert (value.value, value.state, value.rank) == (None, "no_record", None)
    assert value.shown("en") == "only sums shared with other regions"


def test_filters_change_what_is_counted_and_say_when_nothing_is_left(toy):
    chosen = Filters(investors=("Acme",), layers=("cities",))  # hidden layers still count
    found = compare_regions(toy, ALL, chosen)
    assert values(found, "projects") == [3, 1, None, None]
    assert reasons(found, "projects") == ["", "", "none_match", "none_match"]
    assert [notice.key for notice in found.notices] == ["comparison.notice.none_match"] * 2


def test_distances_are_geodesic(four):
    km = geodesic_km(31.0, 101.0, 33.0, 103.0)
    assert four.value("reference_km", "province:940000").value == pytest.approx(km)
    assert four.value("reference_km", "province:910000").state == "not_applicable"


def test_distance_to_the_corridor(toy):
    # Birch is no member; Alder is the nearest one, 0.5 degrees off each way
    found = compare_regions(toy, ["city:910200", "city:910100", "country:CN"])
    km = geodesic_km(30.5, 100.5, 31.0, 101.0)
    assert values(found, "corridor_km") == [pytest.approx(km), 0.0, None]


def test_per_area_and_per_head(toy, four):
    assert values(four, "area") == [42352, 42352, 41455, 41455]
    assert values(four, "projects_per_area")[0] == pytest.approx(4 / 42352 * 1e4)
    assert values(four, "cny_per_area")[3] == pytest.approx(5e9 / 41455)
    assert values(four, "usd_per_area")[2] == pytest.approx(50e6 / 41455)
    assert reasons(four, "cny_per_head") == ["no_population"] * 4
    alder = compare_regions(toy, ["city:910100"])  # 5,000,000 people by an indicator of 2020
    assert values(alder, "population") == [5e6]
    assert values(alder, "projects_per_head") == [pytest.approx(1 / 5)]
    assert values(alder, "cny_per_head") == [pytest.approx(1e9 / 5e6)]
    assert values(alder, "usd_per_head") == [pytest.approx(150e6 / 5e6)]
    assert alder.line("cny_per_head").values[0].notes[-1].say("en") == "inhabitants of 2020"
    said = alder.line("population").values[0].notes[0].say("en")
    assert said == "inhabitants: 2020, Toy Times"


def test_places_too_coarse_to_say_are_counted_apart(toy):
    found = compare_regions(toy, ["city:940101", "zone:delta-zone", "province:910000"])
    assert values(found, "unsure") == [0, 2, None]  # cedar-dc, elm-lab
    assert reasons(found, "unsure") == ["", "", "all_sure"]


# ------------------------------------------------------------ overlaps and odd baskets


def keys(comparison):
    return [notice.key.rpartition(".")[2] for notice in comparison.notices]


def test_a_region_inside_another_is_said_and_not_added_twice(toy):
    found = compare_regions(toy, ["city:940101", "province:940000"])
    assert keys(found) == ["inside"]
    said = found.notices[0].say("en")
    assert said.startswith("Harbour District lies in Port City.")
    assert "(3 projects)" in said
    assert found.line("projects").together.value == 4  # Port City alone has 4
    assert found.line("stated_cny").together.value == 5000e6


def test_regions_inside_each_other_without_a_common_project_say_only_that(toy):
    bare = compare_regions(toy, ["city:340102", "city:340100"])
    assert keys(bare)[-1] == "inside_empty"
    assert "0 projects" not in bare.notices[-1].say("en")


def test_regions_that_overlap_or_share_a_project_are_said(toy):
    zone = compare_regions(toy, ["zone:delta-zone", "province:940000"])
    assert keys(zone) == ["overlap"]
    apart = compare_regions(toy, ["province:930000", "province:940000"])
    assert keys(apart) == ["common"]
    assert "1 project in common" in apart.notices[0].say("en")
    assert keys(compare_regions(toy, ["province:910000", "province:940000"])) == []


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("city:910100", "province:910000", "inside"),
        ("province:910000", "city:910100", "holds"),
        ("province:910000", "province:920000", "apart"),
        ("corridor:toy-line", "province:910000", "meets"),
        ("zone:delta-zone", "corridor:toy-line", "inside"),
        ("corridor:toy-line", "zone:delta-zone", "holds"),
        ("circle:31,101,10", "circle:31,101,50", "inside"),
        ("circle:31,101,50", "circle:31,101.6,50", "meets"),
        ("circle:31,101,10", "circle:31,103,10", "apart"),
        ("circle:31,101,10", "province:910000", "inside"),
        ("circle:31,102,50", "province:910000", "meets"),
        ("circle:31,103,10", "province:910000", "apart"),
        ("zone:delta-zone", "country:CN", "inside"),
    ],
)
def test_how_two_regions_lie_to_each_other(toy, one, other, relation):
    assert relation_of(parse_region(one, toy), parse_region(other, toy), toy) == relation


def test_an_empty_basket_and_a_single_region_get_a_sentence(toy):
    empty = compare_regions(toy, [])
    assert (keys(empty), empty.regions, empty.together) == (["empty"], (), None)
    assert all(line.values == () for line in empty.lines)
    assert keys(compare_regions(toy, ["province:910000"])) == ["one"]


def test_the_same_region_twice_is_shown_once(toy):
    found = compare_regions(toy, ["province:910000", "Westland", "910000"])
    assert [region.region_id for region in found.regions] == ["province:910000"]
    assert keys(found) == ["twice", "twice", "one"]


def test_a_fifth_region_is_left_out_with_a_sentence(toy):
    found = compare_regions(toy, [*ALL, "country:CN"])
    assert len(found.regions) == 4
    assert keys(found) == ["too_many", *["common"] * 3]


def test_a_region_without_records_gets_a_sentence(toy):
    found = compare_regions(toy, ["province:910000", "city:340100"])
    assert keys(found) == ["no_record"]
    assert [value.value for value in (found.value("projects", "city:340100"),)] == [None]
    assert found.value("projects", "city:340100").shown("zh") == "无记录"


def test_what_cannot_be_read_is_a_notice_and_the_rest_is_compared(toy):
    found = compare_regions(toy, ["province:910000", "Atlantis", "province:920000"])
    assert [region.region_id for region in found.regions] == ["province:910000", "province:920000"]
    assert found.notices[0].severity == "error"


def test_an_unknown_measure_is_an_error(toy):
    with pytest.raises(KeyError):
        compare_regions(toy, ["province:910000"], measures=["happiness"])
    one = compare_regions(toy, ["province:910000"], measures=["projects"])
    assert [line.measure.measure_id for line in one.lines] == ["projects"]


# ------------------------------------------------------------ the rules, one by one


def test_a_part_counts_with_its_whole_and_alone_without_it(toy, with_projects):
    whole = {"part_of": "harbour-super"}
    changed = with_projects({"part-a": whole, "part-b": whole}, "whole")
    found = compare_regions(changed, ["province:940000"])
    assert values(found, "projects") == [2]  # harbour-super with its two parts, delta-cluster
    alone = compare_regions(changed, ["province:940000"], Filters(kinds=("education",)))
    assert values(alone, "projects") == [1]


def test_a_part_with_money_is_added_where_its_whole_states_none(toy, with_projects):
    changed = with_projects({"part-b": {"part_of": "harbour-super"}}, "silent whole")
    found = compare_regions(changed, ["province:940000"])
    assert values(found, "stated_cny") == [5000e6 + 500e6]


def test_a_part_is_added_where_its_whole_lies_elsewhere_too(toy, with_projects):
    changed = with_projects({"part-b": {"part_of": "delta-cluster"}}, "shared whole")
    found = compare_regions(changed, ["province:940000", "country:CN"])
    # in Port City the cluster is shared, so its part is not inside any sum; nationwide it is
    assert values(found, "stated_cny") == [5500e6, 10_670e6]


def test_of_repeats_the_original_is_added_even_when_it_states_less(toy, with_projects):
    changed = with_projects({"alder-dc-two": {"amount_cny": 9e9}}, "larger repeat")
    assert values(compare_regions(changed, ["province:910000"]), "stated_cny") == [1300e6]
    silent = {"alder-dc": {"amount_cny": None}, "alder-dc-two": {"amount_cny": 9e9}}
    changed = with_projects(silent, "silent original")
    assert values(compare_regions(changed, ["province:910000"]), "stated_cny") == [9300e6]


def test_a_chain_that_may_overlap_is_one_group(toy, with_projects):
    chain = {"cedar-dc": {"may_overlap": ("birch-b",)}}  # birch-a ~ birch-b ~ cedar-dc
    changed = with_projects(chain, "chain")
    assert values(compare_regions(changed, ["country:CN"]), "stated_cny") == [10_370e6]
    # within Westland only the two Birch records meet
    assert values(compare_regions(changed, ["province:910000"]), "stated_cny") == [1300e6]


def test_words_of_a_measure_exist_for_every_measure():
    for measure in MEASURES.values():
        for lang in ("en", "zh"):
            assert text(measure.name_key, lang)
            assert text(measure.formula_key, lang)


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(0.0002, "under 0.001 ×"), (0.0043, "0.004 ×"), (1.5, "1.5 ×"), (140.17, "140 ×"), (0, "0 ×")],
)
def test_a_small_ratio_is_never_nothing_and_a_large_one_not_overdone(ratio, said):
    assert written_ratio_of(ratio, "en").replace("\u00a0", " ") == said
