"""Names in comparable form: script, width, marks, and English names taken apart."""

from __future__ import annotations

import unicodedata

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.toponym import (
    capitalised_runs,
    fold_latin,
    has_han,
    has_latin,
    latin_key,
    normalise,
    parse_latin,
    parse_latin_part,
    simplify_script,
    split_glued,
    split_level_word,
    traditional_characters,
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("臺中市西屯區", "台中市西屯区"),
        ("瀋陽市渾南區", "沈阳市浑南区"),
        ("蘇州　吳江", "苏州 吴江"),
        ("解放路１２３號Ａ座", "解放路123号A座"),
        ("⻄安市⻓安区", "西安市长安区"),
        ("合\u200b肥\ufeff市\x00", "合肥市"),
        ("\u202e合肥市\u202c", "合肥市"),
        ("Xi’an", "Xi'an"),
        ("Lu`an", "Lu'an"),
        ("  合肥 \t 市 ", "合肥 市"),
    ],
)
def test_normalise_brings_spellings_together(written, plain):
    assert normalise(written) == plain


def test_normalise_leaves_what_is_plain_and_keeps_names_apart():
    assert normalise("安徽省合肥市（蜀山区）") == "安徽省合肥市（蜀山区）"
    assert normalise("宿州") != normalise("苏州")


def test_every_traditional_character_is_one_the_converter_changes():
    convert = opencc.OpenCC("t2s").convert
    assert {"臺", "灣", "區", "縣"} <= traditional_characters()
    assert traditional_characters().isdisjoint("安徽省合肥市蜀山区")
    assert simplify_script("重慶萬州") == convert("重慶萬州")


@given(st.text(max_size=60))
def test_normalise_is_stable_and_has_no_invisible_characters(text):
    plain = normalise(text)
    assert normalise(plain) == plain
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xi'an", "XIAN"),
        ("Lüliang", "Lvliang"),
        ("Lüliang", "Lyuliang"),
        ("Ürümqi", "Urumqi"),
        ("Xigazê", "Xigaze"),
        ("Jiā Shàn", "Jiashan"),
        ("Ma-an-shan", "Ma’anshan"),
    ],
)
def test_spellings_of_one_name_share_a_key(one, other):
    assert latin_key(one) == latin_key(other)


def test_different_names_keep_different_keys():
    assert latin_key("Shanxi") != latin_key("Shaanxi")
    assert fold_latin("nanjing") == "nanjing"


@pytest.mark.parametrize(
    ("name", "stem", "kind"),
    [
        ("Wujiang District", "Wujiang", "district"),
        ("Hefei City", "Hefei", "city"),
        ("Dali Bai Autonomous Prefecture", "Dali", "prefecture"),
        ("Jishishan Bonan, Dongxiang and Salar Autonomous County", "Jishishan", "county"),
        ("Xilingol League", "Xilingol", "prefecture"),
        ("Guangxi Zhuang Autonomous Region", "Guangxi", "province"),
        ("Shengze Town", "Shengze", "town"),
        ("Jinpu New Area", "Jinpu", "zone"),
        ("Hefei", "Hefei", None),
        ("County", "County", None),
    ],
)
def test_split_level_word(name, stem, kind):
    assert split_level_word(name) == (stem, kind)


def test_split_glued_needs_a_stem():
    assert split_glued("jinghaizhen") == ("jinghai", "town")
    assert split_glued("shi") == ("shi", None)


def test_brackets_hold_further_spellings():
    name = parse_latin_part("Togtoh (Tuoketuo or Toketo) County")
    assert name is not None
    assert name.kind == "county"
    assert {"togtoh", "tuoketuo", "toketo"} <= set(name.keys)
    assert parse_latin_part("China") is None


def test_parse_latin_goes_from_fine_to_coarse_and_leaves_the_country_out():
    names = parse_latin("Xinzhuang Town, Minhang District of Shanghai, P.R. China")
    assert [name.written for name in names] == ["Xinzhuang Town", "Minhang District", "Shanghai"]


def test_prose_keeps_places_and_drops_roads_institutions_and_adjectives():
    runs = list(capitalised_runs("The Hefei plant moved from Wuhu, not to Nanjing Road."))
    assert ("Wuhu",) in runs
    assert not any("Nanjing" in run for run in runs)
    assert list(capitalised_runs("a Shanghai-based firm at Fudan University")) == []


def test_scripts_are_told_apart():
    assert has_han("合肥 Hefei")
    assert not has_han("Hefei")
    assert has_latin("合肥 Hefei")
    assert not has_latin("合肥A座")
