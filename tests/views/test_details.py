"""Details tell everything about a feature, each fact with its source."""

from __future__ import annotations

import dataclasses

import pytest

from geomap.errors import UnknownFeature
from geomap.views.details import feature_details, report_text
from geomap.views.facts import citation, listed


def fact(details, key):
    return next(one for one in details.facts if one.key == key)


def linked(details, *roles):
    return [(link.role, link.feature_id) for link in details.linked(*roles)]


def test_a_project_with_money_dates_status_investors_and_sources(toy):
    alder = feature_details(toy, "project:alder-dc")
    assert (alder.names.en, alder.names.zh) == ("Alder data centre", "桤木数据中心")
    assert fact(alder, "amount_cny").shown("en") == "¥1 bn"
    assert fact(alder, "amount_cny").shown("zh") == "10亿元"
    assert fact(alder, "amount_usd").shown("en") == "US$150 m"
    assert fact(alder, "rate_used").value == 6.67  # 1,000 m / 150 m
    assert fact(alder, "status").shown("zh") == "已投运"
    assert [(event.step, event.on) for event in alder.events] == [
        ("announced", "2020-03"),
        ("opened", "2021-06-01"),
    ]
    cited = fact(alder, "investors").citations
    assert [(source.source_id, source.locator) for source in cited] == [
        ("toy-times-2021", "L3"),
        ("acme-report", "p. 3"),
    ]
    assert cited[0].publisher == "Toy Times"
    assert cited[0].url == "https://example.org/alder?a=1&b=2"
    assert "1 May 2021" in cited[0].say("en")


def test_money_says_how_exact_it_is_and_whether_it_was_withheld(toy):
    cluster = feature_details(toy, "project:delta-cluster")
    assert fact(cluster, "amount_cny").shown("en") == "more than ¥2.3 bn"
    assert fact(cluster, "amount_cny").shown("zh") == "超过23亿元"
    withheld = feature_details(toy, "project:harbour-super")
    assert fact(withheld, "amount_state").shown("en") == "Sum withheld"
    assert [one.key for one in withheld.facts if one.key == "amount_cny"] == []


def test_where_it_lies_and_why_it_is_there(toy):
    place = feature_details(toy, "project:border-park").places[0]
    assert (place.province.en, place.join_method) == ("Westland", "own_code")
    assert (place.border_km, place.near_border) == (0.955, True)
    assert (place.precision, place.radius_km) == ("site", 1.0)
    lost = feature_details(toy, "project:spring-office").places[0]
    assert (lost.status, lost.lat, lost.province) == ("ambiguous", None, None)
    assert [unit.adcode for unit in lost.candidates] == ["910102", "920101"]
    assert lost.candidates[0].path_zh == "桤木市春水区"


def test_parts_repeats_and_overlaps_are_named_from_both_sides(toy):
    whole = feature_details(toy, "project:nine-contracts")
    assert linked(whole, "part") == [("part", "project:part-a"), ("part", "project:part-b")]
    part = feature_details(toy, "project:part-b")
    assert linked(part, "part_of") == [("part_of", "project:nine-contracts")]
    repeat = feature_details(toy, "project:alder-dc-two")
    assert linked(repeat, "same_as") == [("same_as", "project:alder-dc")]
    # only birch-a states the overlap in one direction; both sides say it
    assert linked(feature_details(toy, "project:birch-b"), "may_overlap") == [
        ("may_overlap", "project:birch-a")
    ]
    assert linked(feature_details(toy, "project:cedar-dc"), "part", "may_overlap") == []


def test_a_city_lists_its_projects_grouped_and_its_neighbours_on_the_corridor(toy):
    alder = feature_details(toy, "city:910100")
    assert alder.project_count == 2
    assert [line.feature_id for line in alder.projects] == ["project:alder-dc"]
    assert [r.feature_id for r in alder.projects[0].repeats] == ["project:alder-dc-two"]
    neighbours = alder.linked("neighbour")
    assert [link.feature_id for link in neighbours] == ["city:920100", "city:930100"]
    # 2 degrees of longitude at 31N: 2 * 95.5 km; 2 degrees of latitude: 2 * 110.9 km
    assert [round(link.km) for link in neighbours] == [191, 222]
    assert [figure.shown("en") for figure in alder.figures] == ["5,000,000 people (2020)"]


def test_a_corridor_names_its_members_in_drawing_order_with_distances(toy):
    line = feature_details(toy, "corridor:toy-line")
    members = line.linked("member")
    assert [m.feature_id for m in members] == [
        "city:940101",
        "city:920100",
        "city:930100",
        "city:910100",
    ]
    assert members[0].km is None
    # it forks at the harbour; both branches end in Alder, which follows Cedar on the first
    before = [member.after and member.after.feature_id for member in members]
    assert before == [None, "city:940101", "city:940101", "city:920100"]
    assert round(members[3].km) == 191
    assert line.other_names == ("Toy Valley",)


def test_a_zone_over_three_provinces_has_three_places(toy):
    zone = feature_details(toy, "zone:delta-zone")
    assert [place.province_adcode for place in zone.places] == ["940000", "920000", "930000"]
    assert "project:delta-cluster" in [line.feature_id for line in zone.projects]


def test_a_province_names_cities_zones_and_its_figures(toy):
    westland = feature_details(toy, "province:910000")
    assert linked(westland, "city") == [("city", "city:910100"), ("city", "city:910200")]
    assert linked(westland, "zone") == [("zone", "zone:alder-park")]
    assert linked(westland, "corridor") == [("corridor", "corridor:toy-line")]
    assert fact(westland, "area_km2").shown("en") == "42,352 km²"
    assert westland.figures[0].shown("en") == "12.5% (2016–2020)"
    assert westland.project_count == 5  # alder-dc with its repeat, birch-a, birch-b, border-park


def test_previous_and_next_walk_through_the_table(toy):
    first = feature_details(toy, "project:alder-dc")
    assert (first.previous_id, first.next_id) == ("", "project:cedar-dc")
    last = feature_details(toy, "province:940000")
    assert (last.previous_id, last.next_id) == ("province:930000", "")


def test_a_feature_knows_its_place_among_its_kind(toy):
    second = feature_details(toy, "project:cedar-dc")
    assert (second.position, second.total) == (2, len(toy.projects))
    assert feature_details(toy, "city:340100").position == 0  # no record of its own


def test_a_unit_without_a_record_of_its_own_is_described(toy):
    hefei = feature_details(toy, "city:340100")
    assert (hefei.names.en, hefei.names.zh) == ("Hefei", "合肥市")
    assert hefei.project_count == 0
    (place,) = hefei.places
    assert (place.lat, place.lon) == pytest.approx((31.86, 117.28), abs=0.01)
    assert (place.adcode, place.precision, place.datum) == ("340100", "prefecture", "")
    nearest = hefei.linked("nearest")
    assert len(nearest) == 3
    assert [link.km for link in nearest] == sorted(link.km for link in nearest)


def test_a_place_with_records_names_no_others_instead(toy):
    assert linked(feature_details(toy, "city:910100"), "nearest") == []


def test_the_datum_of_a_given_position_is_told(toy):
    (place,) = feature_details(toy, "project:border-park").places
    given = dataclasses.replace(place, reason="given_position?datum=gcj02")
    assert (place.datum, given.datum) == ("", "gcj02")


def test_a_status_says_how_old_the_news_is(toy):
    status = fact(feature_details(toy, "project:alder-dc"), "status")
    assert status.note.say("en") == "by its newest source, 1 May 2021"
    assert status.note.say("zh") == "据最新来源（2021年5月1日）"


def test_what_a_figure_of_a_province_rests_on_is_told(toy):
    westland = feature_details(toy, "province:910000")
    assert "province outlines" in fact(westland, "area_km2").note.say("en")


@pytest.mark.parametrize(
    ("locator", "en", "zh"),
    [
        ("L3", "line 3", "第3行"),
        ("L3;L29", "lines 3, 29", "第3、29行"),
        ("L45-L51", "lines 45–51", "第45–51行"),
        ("p. 3", "at p. 3", "见 p. 3"),
        ("", "", ""),
    ],
)
def test_the_place_in_a_source_is_said_in_words(toy, locator, en, zh):
    cited = dataclasses.replace(citation(toy, "toy-times-2021"), locator=locator)
    assert (cited.where("en"), cited.where("zh")) == (en, zh)


def test_a_list_whose_names_hold_commas_is_parted_by_a_stronger_sign():
    plain, addresses = ["A", "B"], ["Alder, Westland", "Cedar, Eastland"]
    assert listed(plain, "en") == "A, B"
    assert listed(addresses, "en") == "Alder, Westland; Cedar, Eastland"
    assert listed(["甲", "乙"], "zh") == "甲、乙"


@pytest.mark.parametrize("name", ["project:none", "city:999999", "nonsense", "", "x" * 10_000])
def test_an_unknown_id_is_an_error_with_a_short_message(toy, name):
    with pytest.raises(UnknownFeature) as caught:
        feature_details(toy, name)
    assert len(str(caught.value)) < 300


def test_the_report_of_an_error_names_feature_version_and_sources(toy):
    details = feature_details(toy, "project:alder-dc")
    said = report_text(details, "zh", "0123456789ab", "https://example.org/?select=x")
    for words in ("桤木数据中心", "project:alder-dc", "0123456789ab", "toy-times-2021", "select=x"):
        assert words in said


def test_inferred_values_say_why(toy, with_projects):
    why = ("opened_on=the text says last month", "amount_cny=converted from mu")
    said = {
        "inferred": why,
        "inferred_zh": ("opened_on=文中称上月",),
        "note": "A note.",
        "note_zh": "备注。",
        "area_as_written": "180 mu",
        "area_as_written_zh": "180亩",
    }
    alder = feature_details(with_projects({"alder-dc": said}, "inferred"), "project:alder-dc")
    opened = alder.events[1].inferred
    assert [bool(event.inferred) for event in alder.events] == [False, True]
    assert (opened.say("en"), opened.say("zh")) == ("the text says last month", "文中称上月")
    assert fact(alder, "amount_cny").inferred.say("zh") == "converted from mu"
    assert not fact(alder, "amount_usd").inferred
    assert (alder.note.say("en"), alder.note.say("zh")) == ("A note.", "备注。")
    assert fact(alder, "area_as_written").shown("zh") == "180亩"
    assert fact(alder, "area_as_written").shown("en") == "180 mu"


def test_a_ring_of_parts_ends(toy, with_projects):
    ring = {"part-a": {"part_of": "part-b"}, "part-b": {"part_of": "part-a"}}
    changed = with_projects(ring, "ring")
    feature_details(changed, "city:940101")
    assert feature_details(changed, "province:940000").project_count == 5
