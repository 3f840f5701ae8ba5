"""The search finds places, records and investors in either language, by pinyin and by code."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from geomap.views.search import features_named, other_meanings, search_features


def first(dataset, query):
    hits = search_features(dataset, query)
    return hits[0].feature_id if hits else None


@pytest.mark.parametrize(
    "query", ["松江", "Songjiang", "松江区", "songjiang qu", "310117", "SONGJIANGQU"]
)
def test_one_place_by_all_its_names(toy, query):
    assert first(toy, query) == "city:310117"


@pytest.mark.parametrize(
    ("query", "feature_id"),
    [
        ("Westland", "province:910000"),
        ("CN-WE", "province:910000"),
        ("桤木", "city:910100"),
        ("alder city", "city:910100"),
        ("Toy Valley", "corridor:toy-line"),
        ("Alder Science Park", "zone:alder-park"),
        ("acme", "investor:Acme"),
        ("project:part-a", "project:part-a"),
        ("Sensor", "project:part-b"),
        ("传感器", "project:part-b"),
        ("plant sensor", "project:part-b"),  # words in any order
        ("ACME’S alder", "project:alder-dc-two"),  # typographic apostrophe
        ("Xi'an", "city:610100"),
        ("xian", "city:610100"),
        ("西安市", "city:610100"),
        ("臺北", "city:710100"),
    ],
)
def test_features_places_and_investors(toy, query, feature_id):
    if query == "臺北" and not search_features(toy, "台北"):
        feature_id = None  # this gazetteer has no cities of Taiwan
    assert first(toy, query) == feature_id


def test_an_investor_by_the_names_of_either_language_and_its_aliases(toy, with_projects):
    changed = with_projects({"alder-dc": {"investors": ("Tencent",)}}, "tencent")
    names = {"name_en": ["Tencent"], "name_zh": ["腾讯"], "aliases": [("Tengxun",)]}
    changed = replace(changed, organisations=pd.DataFrame(names))
    for query in ("Tencent", "tencent", "腾讯", "騰訊", "tengxun"):
        hit = search_features(changed, query)[0]
        assert (hit.feature_id, hit.kind) == ("investor:Tencent", "investor")
        assert (hit.names.en, hit.names.zh) == ("Tencent", "腾讯")


def test_a_hit_says_where_to_fly_and_in_which_province(toy):
    hit = search_features(toy, "Alder data centre")[0]
    assert (hit.lat, hit.lon, hit.where.en) == (31.06, 101.04, "Westland")
    lost = search_features(toy, "Plant nobody can find")[0]
    assert (lost.lat, lost.lon, lost.where.en) == (None, None, "")
    line = search_features(toy, "玩具走廊")[0]
    assert (line.lat, line.lon) == (pytest.approx(32.025), pytest.approx(102.025))


def test_a_whole_name_goes_before_its_beginning_and_its_inside(toy):
    hits = search_features(toy, "Alder")
    assert [(hit.feature_id, hit.way) for hit in hits] == [
        ("city:910100", "exact"),
        ("zone:alder-park", "start"),
        ("project:alder-dc", "start"),
        ("project:alder-dc-two", "within"),
    ]


def test_districts_of_one_name_are_all_listed_full_name_first(toy):
    hits = search_features(toy, "鼓楼区")
    codes = {hit.feature_id for hit in hits if hit.way == "exact"}
    assert {"city:320106", "city:320302", "city:350102", "city:410204"} <= codes


@pytest.mark.parametrize("query", ["", "   ", "\u200b", "zzzzqqq", "?" * 5000, "'", ";DROP TABLE"])
def test_nothing_found_is_an_empty_list(toy, query):
    assert search_features(toy, query) == []


def test_the_limit_holds(toy):
    assert len(search_features(toy, "a", limit=3)) <= 3
    assert len(search_features(toy, "区", limit=3)) == 3
    assert search_features(toy, "Alder", limit=0) == []


def test_a_name_means_the_highest_level_unless_it_says_its_own(toy):
    assert [hit.feature_id for hit in features_named(toy, "长沙")] == ["city:430100"]
    assert [hit.feature_id for hit in features_named(toy, "长沙县")] == ["city:430121"]
    assert len(features_named(toy, "Suzhou")) == 2
    assert [hit.feature_id for hit in features_named(toy, "Suzhou, Anhui")] == ["city:341300"]
    assert features_named(toy, "Acme") == []  # an investor is no region


def ids_named(dataset, name):
    return [hit.feature_id for hit in features_named(dataset, name)]


def test_shanxi_is_not_shaanxi_and_says_that_it_may_be(toy):
    own = toy.provinces.iloc[:2].assign(
        adcode=["140000", "610000"], name_en=["Shanxi", "Shaanxi"], name_zh=["山西", "陕西"]
    )
    changed = replace(toy, version="shanxi", provinces=own)
    assert ids_named(changed, "Shanxi") == ["province:140000"]
    assert ids_named(changed, "Shaanxi") == ["province:610000"]
    others = [hit.feature_id for hit in other_meanings(changed, "Shanxi")]
    assert others == ["province:610000"]


def test_a_city_with_a_record_does_not_hide_its_namesake(toy):
    city = toy.cities.iloc[:1].assign(
        feature_id="city:440111", adcode="440111", name_en="Baiyun District", name_zh="白云区"
    )
    changed = replace(toy, version="baiyun", cities=city)
    assert ids_named(changed, "Baiyun District") == ["city:440111", "city:520113"]
    assert ids_named(changed, "Baiyun District, Guangzhou") == ["city:440111"]
    assert ids_named(changed, "Baiyun District, Guiyang, Guizhou") == ["city:520113"]
    assert ids_named(changed, "Baiyun District, Hefei") == []


@pytest.mark.parametrize("table", ["cities", "projects", "zones", "corridors"])
def test_a_dataset_may_lack_any_kind_of_record(toy, table):
    bare = replace(toy, version=f"no {table}", **{table: getattr(toy, table).iloc[:0]})
    assert ids_named(bare, "Hefei") == ["city:340100"]
    assert ids_named(bare, "Westland") == ["province:910000"]
    names = {"cities": "Alder", "projects": "Sensor", "zones": "Delta", "corridors": "Toy Valley"}
    assert search_features(toy, names[table]) != search_features(bare, names[table])


def test_a_zone_with_a_citys_name_is_not_the_city(toy):
    assert ids_named(toy, "Hefei High-tech Zone") == []
    assert ids_named(toy, "Hefei City") == ["city:340100"]
