"""A slip of the hand finds what was meant and says so; garbage finds nothing."""

from __future__ import annotations

import random
from dataclasses import replace

import pandas as pd
import pytest

from geomap.views.near_names import near_words, sound
from geomap.views.search import NEAR, search_features


@pytest.fixture(scope="module")
def known(with_projects):
    """The toy country with an investor of two names."""
    changed = with_projects({"alder-dc": {"investors": ("Tencent",)}}, "near names")
    names = {"name_en": ["Tencent"], "name_zh": ["腾讯"], "aliases": [()]}
    return replace(changed, organisations=pd.DataFrame(names))


@pytest.mark.parametrize(
    ("query", "feature_id"),
    [
        ("sonjiang", "city:310117"),  # a letter too few
        ("songgjiang", "city:310117"),  # one too many
        ("Songjaing", "city:310117"),  # two swapped
        ("sonhjiang", "city:310117"),  # a wrong one
        ("songjaing district", "city:310117"),
        ("gaungzhou", "city:440100"),
        ("hanghzou", "city:330100"),
        ("beijng", "city:110100"),
        ("tencnt", "investor:Tencent"),
        ("宋江", "city:310117"),  # sounds alike
        ("宋江区", "city:310117"),
        ("合淝", "city:340100"),
        ("腾迅", "investor:Tencent"),
        ("plnat sensor", "project:part-b"),  # one word of two
    ],
)
def test_a_slip_finds_what_was_meant(known, query, feature_id):
    hit = search_features(known, query)[0]
    assert (hit.feature_id, hit.way) == (feature_id, NEAR)


def test_a_slip_is_found_while_one_still_types(known):
    for query in ("sonji", "sonjia", "sonjian"):
        assert "city:310117" in [hit.feature_id for hit in search_features(known, query)]


def test_a_slip_in_zhou_is_no_reason_to_drop_it(known):
    assert [hit.feature_id for hit in search_features(known, "gaungzhou") if hit.way == NEAR] == [
        "city:440100"
    ]


@pytest.mark.parametrize(
    "query", ["songjiang", "songj", "Tencent", "ten", "杭州", "310117", "hefei"]
)
def test_what_bears_the_name_goes_first_and_alone(known, query):
    ways = {hit.way for hit in search_features(known, query)}
    assert ways <= {"exact", "start", "within"}


def test_near_names_follow_what_holds_the_words(known):
    ways = [hit.way for hit in search_features(known, "lder", limit=50)]  # within Alder
    assert "within" in ways
    assert ways == sorted(ways, key=("within", NEAR).index)


@pytest.mark.parametrize(
    "query",
    [
        *("asdfgh", "qwerty", "hello world", "lorem ipsum", "javascript", "999999", "310118x"),
        *("abc", "你好", "哈哈哈哈", "大家好", "x", "zz", "!!!!", "310171", "tencnt qqqq"),
    ],
)
def test_garbage_is_near_nothing(known, query):
    assert [hit for hit in search_features(known, query) if hit.way == NEAR] == []


def test_hardly_any_letters_at_random_are_near_a_name(known):
    rng = random.Random(4)
    letters = "abcdefghijklmnopqrstuvwxyz"
    made = ["".join(rng.choices(letters, k=rng.randint(5, 12))) for _ in range(300)]
    assert sum(bool(search_features(known, query)) for query in made) <= 1


def test_the_whole_name_goes_before_a_word_of_one_and_one_that_goes_on():
    found = near_words("hanghzou", ["hangzhou", "hangzhouwan", "suzhou"])
    assert sorted(found, key=found.__getitem__) == ["hangzhou", "hangzhouwan"]


@pytest.mark.parametrize("form", ["", "abc", "abc1", "ab cd"])
def test_short_and_mixed_forms_are_near_nothing(form):
    assert near_words(form, ["abcd", "abc1x", "abcde"]) == {}


def test_characters_of_one_sound():
    assert sound("腾讯") == sound("腾迅") == "tengxun"
    assert sound("合肥") != sound("杭州")
