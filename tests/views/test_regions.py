"""Regions are read from ids, codes, names and drawings; what cannot be read gets a sentence."""

from __future__ import annotations

import math

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.geodesy import area_km2, encode_polyline
from geomap.views.membership import sites_in, sites_unsure
from geomap.views.regions import (
    RegionProblem,
    country_region,
    parse_region,
    parse_regions,
    polygon_region,
    region_from_geojson,
    region_options,
)

SQUARE = [(30.2, 100.2), (30.2, 101.2), (31.5, 101.2), (31.5, 100.2)]


def inside(dataset, text):
    mask = sites_in(parse_region(text, dataset), dataset)
    return sorted(set(dataset.sites["feature_id"][mask]))


def problem(text, dataset):
    with pytest.raises(RegionProblem) as caught:
        parse_region(text, dataset)
    return caught.value


@pytest.mark.parametrize(
    ("text", "region_id"),
    [
        ("province:910000", "province:910000"),
        ("910000", "province:910000"),
        ("CN-WE", "province:910000"),
        ("Westland", "province:910000"),
        (" west  land ", "province:910000"),
        ("西州", "province:910000"),
        ("西州省", "province:910000"),
        ("city:910100", "city:910100"),
        ("Alder", "city:910100"),
        ("桤木", "city:910100"),
        ("Harbour District", "city:940101"),
        ("city:940000", "province:940000"),
        ("corridor:toy-line", "corridor:toy-line"),
        ("Toy Valley", "corridor:toy-line"),
        ("三地示范区", "zone:delta-zone"),
        ("project:delta-cluster", "project:delta-cluster"),
        ("country:CN", "country:CN"),
        ("中国", "country:CN"),
        ("circle:31,101,50", "circle:31,101,50"),
        ("circle:31.12341,101.12371,100", "circle:31.1234,101.1237,100"),
        ("circle:Alder,50", "circle:31,101,50"),
        ("circle:910100,50", "circle:31,101,50"),
        ("circle:西州,20.5", "circle:31,101,20.5"),
        # corridors and zones by some of their words
        ("toy corridor", "corridor:toy-line"),
        ("三地区", "zone:delta-zone"),
        # units without a record are found in the gazetteer
        ("松江区", "city:310117"),
        ("songjiang qu", "city:310117"),
        ("city:310117", "city:310117"),
        ("Suzhou, Jiangsu", "city:320500"),
        ("江苏省苏州市", "city:320500"),
        ("广东省广州市白云区", "city:440111"),
        ("增城市", "city:440118"),  # a district since 2014
    ],
)
def test_a_region_is_read_from_what_people_write(toy, text, region_id):
    assert parse_region(text, toy).region_id == region_id


def test_names_in_both_languages(toy):
    region = parse_region("zone:delta-zone", toy)
    assert (region.names.say("en"), region.names.say("zh")) == (
        "Delta Demonstration Zone",
        "三地示范区",
    )


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("city:910200", ["city:910200", "project:birch-a", "project:birch-b"]),
        (
            "city:940101",
            [
                "city:940101",
                "project:delta-cluster",
                "project:harbour-super",
                "project:nine-contracts",
                "project:part-b",
                "zone:delta-zone",
            ],
        ),
        # a zone at one place holds its own records, not the whole city it lies in
        ("zone:alder-park", ["project:border-park", "zone:alder-park"]),
        # a zone that spans whole counties holds what lies in them
        (
            "zone:delta-zone",
            [
                "city:940101",
                "project:delta-cluster",
                "project:harbour-super",
                "project:nine-contracts",
                "project:part-b",
                "zone:delta-zone",
            ],
        ),
        # a project as a region: its own places and those of its parts
        ("project:nine-contracts", ["project:nine-contracts", "project:part-a", "project:part-b"]),
        # 60 km around Alder; border-park is 94 km away
        (
            "circle:31,101,60",
            ["city:910100", "project:alder-dc", "project:alder-dc-two", "zone:alder-park"],
        ),
    ],
)
def test_what_lies_in_a_region(toy, text, features):
    assert inside(toy, text) == features


def test_everything_lies_in_the_country_placed_or_not(toy):
    assert sites_in(country_region(toy), toy).all()


def test_a_place_known_only_coarsely_is_not_put_into_a_finer_region(toy):
    zone = parse_region("zone:delta-zone", toy)
    unsure = set(toy.sites["feature_id"][sites_unsure(zone, toy)])
    # cedar-dc is placed in the city of Cedar, elm-lab in the province of Northland
    assert {"project:cedar-dc", "project:elm-lab"} <= unsure
    circle = parse_region("circle:33,101,30", toy)
    assert "project:elm-lab" not in inside(toy, "circle:33,101,30")
    assert "project:elm-lab" in set(toy.sites["feature_id"][sites_unsure(circle, toy)])


def test_the_area_of_a_circle_is_measured_on_the_ellipsoid(toy):
    assert parse_region("circle:31,101,50", toy).area_km2 == pytest.approx(
        math.pi * 50**2, rel=0.002
    )


def test_a_drawn_polygon_goes_through_its_id_and_back(toy):
    region = polygon_region(SQUARE, toy)
    assert parse_region(region.region_id, toy) == region
    corners = shapely.Polygon([(lon, lat) for lat, lon in SQUARE])
    assert region.area_km2 == pytest.approx(area_km2(corners))
    assert inside(toy, region.region_id) == [
        "city:910100",
        "city:910200",
        "project:alder-dc",
        "project:alder-dc-two",
        "project:birch-a",
        "project:birch-b",
        "zone:alder-park",
    ]


def test_an_uploaded_polygon_is_the_same_as_a_drawn_one(toy):
    ring = [[lon, lat] for lat, lon in [*SQUARE, SQUARE[0]]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    for data in (
        geometry,
        feature,
        {"type": "FeatureCollection", "features": [feature]},
        {"type": "MultiPolygon", "coordinates": [[ring]]},
    ):
        assert region_from_geojson(data, toy) == polygon_region(SQUARE, toy)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[["a", "b"]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[1], [2], [3]]]},
        {"type": "FeatureCollection", "features": [{"geometry": None}]},
        {"type": "Polygon", "coordinates": {"0": 1}},
    ],
)
def test_an_upload_without_a_polygon_gets_a_sentence(toy, data):
    with pytest.raises(RegionProblem, match="polygon"):
        region_from_geojson(data, toy)


BOWTIE = [(30.5, 100.5), (31.5, 101.5), (31.5, 100.5), (30.5, 101.5)]
AT_SEA = [(0, 0), (0, 1), (1, 1)]
TOO_BIG = [(10, 60), (60, 60), (60, 140), (10, 140)]


def drawn(corners):
    return "polygon:" + encode_polyline(*zip(*corners, strict=True))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "empty"),
        ("Atlantis", "unknown"),
        ("江苏省苏州市的一座数据中心", "unknown"),  # prose holds a unit and is none
        ("city:999999", "unknown"),
        ("city:12", "bad_adcode"),
        ("zone:none", "unknown"),
        ("corridor:none", "unknown"),
        ("project:none", "unknown"),
        ("province:999999", "unknown"),
        ("Suzhou", "several"),
        ("circle:31,101", "bad_circle"),
        ("circle:Alder", "bad_circle"),
        ("circle:,50", "bad_circle"),
        ("circle:circle:Alder,5,5", "bad_circle"),
        ("circle:Atlantis,50", "unknown"),
        ("polygon:31,101;32,102", "corners"),
        ("polygon:31;101", "bad_polygon"),
        ("polygon:30.5,100.5;31.5,101.5;31.5,100.5;30.5,101.5", "crosses_itself"),
        ("circle:31,101,nan", "bad_circle"),
        ("circle:95,101,5", "bad_circle"),
        ("circle:31,101,0", "radius"),
        ("circle:31,101,99999", "radius"),
        ("circle:0,0,5", "at_sea"),
        ("polygon:???", "bad_polygon"),
        ("polygon:", "corners"),
        (drawn(SQUARE[:2]), "corners"),
        (drawn(BOWTIE), "crosses_itself"),
        (drawn(AT_SEA), "at_sea"),
        (drawn(TOO_BIG), "too_big"),
    ],
)
def test_what_cannot_be_compared_gets_a_sentence_in_both_languages(toy, text, key):
    found = problem(text, toy)
    assert found.words.key == f"comparison.problem.{key}"
    assert str(found) == found.words.say("en")
    assert found.words.say("zh") not in ("", found.words.say("en"))


def test_a_square_drawn_cleanly_is_none_of_these(toy):
    assert parse_region(drawn(SQUARE), toy).kind == "polygon"


def test_an_ambiguous_name_lists_what_it_may_mean(toy):
    words = problem("Suzhou", toy).words
    assert "city:320500" in words.say("en")
    assert "city:341300" in words.say("en")


def test_a_name_read_by_its_level_says_what_else_it_may_mean(toy):
    regions, notices = parse_regions(["西安"], toy)
    assert [region.region_id for region in regions] == ["city:610100"]
    assert [notice.key for notice in notices] == ["comparison.notice.read_as"]
    assert "city:220403" in notices[0].say("zh")
    assert parse_regions(["city:610100"], toy)[1] == ()


def test_a_circle_keeps_its_id_and_its_name(toy):
    circle = parse_region("circle:Alder,50", toy)
    assert (circle.name_en, circle.name_zh) == ("50 km around Alder", "桤木市周围 50 公里")
    assert parse_region(circle.region_id, toy) == circle
    exact = parse_region("circle:31.12341,101.12371,100", toy)
    assert parse_region(exact.region_id, toy) == exact
    assert (exact.lat, exact.lon) == (31.1234, 101.1237)  # what the link says is what is measured


def test_corners_in_plain_numbers_are_the_same_polygon(toy):
    plain = "polygon:" + ";".join(f"{lat},{lon}" for lat, lon in SQUARE)
    assert parse_region(plain, toy) == parse_region(drawn(SQUARE), toy)


def test_loose_words_say_how_they_were_read_and_are_not_guessed(toy):
    _, notices = parse_regions(["toy corridor", "corridor:toy-line"], toy)
    assert notices[0].key == "comparison.notice.read_loosely"
    assert "corridor:toy-line" in notices[0].say("en")
    assert problem("corridor of", toy).words.key == "comparison.problem.unknown"


def test_two_regions_of_one_name_say_where_they_are(toy):
    regions, _ = parse_regions(["110105", "220104"], toy)
    assert [region.name_en for region in regions] == [
        "Chaoyang District, Beijing",
        "Chaoyang District, Jilin",
    ]
    assert [region.name_zh for region in regions] == ["北京市朝阳区", "吉林省朝阳区"]
    assert parse_regions(["110105"], toy)[0][0].name_en == "Chaoyang District"


def test_a_figure_of_the_records_gives_a_city_its_area(toy):
    from dataclasses import replace

    assert parse_region("city:910100", toy).area_km2 is None
    frame = toy.indicators
    row = {**dict.fromkeys(frame.columns), "subject": "910100", "metric": "land-area"}
    rows = [row | {"value": 900.0, "unit": "km2", "period": p} for p in ("2020", "2010")]
    rows[1]["value"] = 800.0
    wider = pd.concat([frame, pd.DataFrame(rows)], ignore_index=True)
    known = replace(toy, indicators=wider, version="areas")
    assert parse_region("city:910100", known).area_km2 == 900.0


def test_options_of_a_chooser_can_all_be_read_back(toy):
    options = region_options(toy)
    assert [region.region_id for region in options[:2]] == ["country:CN", "province:910000"]
    assert all(parse_region(region.region_id, toy) == region for region in options)


def sentence_for(words, dataset):
    try:
        return parse_region(words, dataset).names.say("en")
    except RegionProblem as problem_found:
        return problem_found.words.say("en")


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(toy, text):
    for words in (text, f"polygon:{text}", f"circle:{text}", f"city:{text}"):
        assert sentence_for(words, toy)
