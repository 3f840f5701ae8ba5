"""Shorten official names and write them in Latin letters."""

from __future__ import annotations

import csv
import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import opencc
from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict, pinyin
from pypinyin.constants import PINYIN_DICT

HAN = re.compile("[㐀-鿿]")
UNIT_SUFFIXES = (
    "自治州", "自治县", "自治旗", "行政委员会", "联合旗", "地区", "盟", "市", "区", "县", "旗",
)  # fmt: skip
TOWN_SUFFIXES = (
    "街道办事处", "民族苏木", "街道", "民族乡", "苏木", "镇", "乡", "地区", "办事处",
)  # fmt: skip
PEOPLES = (
    "蒙古族", "蒙古", "回族", "藏族", "维吾尔族", "维吾尔", "哈萨克族", "哈萨克",
    "柯尔克孜族", "柯尔克孜", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族",
    "白族", "土家族", "哈尼族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "拉祜族", "水族",
    "东乡族", "纳西族", "景颇族", "土族", "达斡尔族", "达斡尔", "仫佬族", "羌族", "布朗族",
    "撒拉族", "毛南族", "仡佬族", "锡伯族", "锡伯", "阿昌族", "普米族", "塔吉克族", "塔吉克",
    "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "鄂温克", "德昂族", "保安族", "裕固族",
    "独龙族", "鄂伦春", "门巴族", "珞巴族", "基诺族", "各族",
)  # fmt: skip
# Counties named after their people, and zones whose last word is no suffix.
WHOLE_NAMES = {
    "鄂伦春自治旗": "鄂伦春", "鄂温克族自治旗": "鄂温克", "东乡族自治县": "东乡",
    "河南蒙古族自治县": "河南蒙古族", "神农架林区": "神农架", "六枝特区": "六枝",
    "浦东新区": "浦东", "滨海新区": "滨海新区", "沈北新区": "沈北", "井陉矿区": "井陉矿区",
    "峰峰矿区": "峰峰", "鹰手营子矿区": "鹰手营子", "白云鄂博矿区": "白云鄂博",
}  # fmt: skip
ENGLISH_SUFFIXES = (
    ("自治州", "Autonomous Prefecture"), ("自治县", "Autonomous County"),
    ("自治旗", "Autonomous Banner"), ("林区", "Forestry District"), ("特区", "Special District"),
    ("民族乡", "Ethnic Township"), ("街道", "Subdistrict"), ("地区", "Prefecture"),
    ("苏木", "Sum"), ("联合旗", "United Banner"), ("新区", "New Area"), ("矿区", "Mining District"),
    ("市", "City"), ("区", "District"),
    ("县", "County"), ("旗", "Banner"), ("盟", "League"), ("镇", "Town"), ("乡", "Township"),
)  # fmt: skip


def short_name(name_zh: str, towns: bool = False) -> str:
    """Return the everyday short form: 合肥市 -> 合肥, 大理白族自治州 -> 大理, 蔚县 stays."""
    if towns:
        return short_town_name(name_zh)
    if name_zh in WHOLE_NAMES:
        return WHOLE_NAMES[name_zh]
    for suffix in UNIT_SUFFIXES:
        stem = name_zh.removesuffix(suffix)
        if stem != name_zh and stem:
            peoples = suffix.startswith("自治") or stem.endswith("族")
            stem = strip_peoples(stem) if peoples else stem
            return stem if len(stem) >= 2 else name_zh
    return name_zh


def short_town_name(name_zh: str) -> str:
    """Return a town's name without 镇, 乡, 街道 ..., when two characters are left."""
    for suffix in TOWN_SUFFIXES:
        stem = name_zh.removesuffix(suffix)
        if stem != name_zh and len(stem) >= 2:
            return strip_peoples(stem)
    return name_zh


def strip_peoples(stem: str) -> str:
    """Cut the names of peoples off the end, as long as two characters are left."""
    for people in PEOPLES:
        if stem.endswith(people) and len(stem) - len(people) >= 2:
            return strip_peoples(stem.removesuffix(people))
    return stem


def load_readings(path: Path) -> None:
    """Teach pypinyin how characters and names are read in places (table name_zh, pinyin)."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = {row["name_zh"]: row["pinyin"] for row in csv.DictReader(handle)}
    singles = {ord(name): sound for name, sound in rows.items() if len(name) == 1}
    others = {code: str(PINYIN_DICT.get(code, "")).split(",") for code in singles}
    load_single_dict(
        {
            code: ",".join([sound, *(other for other in others[code] if other != sound)])
            for code, sound in singles.items()
        }
    )
    phrases = {name: sound for name, sound in rows.items() if len(name) > 1}
    load_phrases_dict({name: [[s] for s in sound.split()] for name, sound in phrases.items()})


load_readings(Path(__file__).with_name("place_readings.csv"))


def latin_key(text: str) -> str:
    """Return bare lower-case letters a-z: "Xi’an" -> "xian", "Lüliang" -> "lvliang"."""
    text = text.replace("ü", "v").replace("Ü", "V")
    letters = unicodedata.normalize("NFKD", text).lower()
    return "".join(letter for letter in letters if "a" <= letter <= "z")


def joined_pinyin(name_zh: str) -> str:
    """Return toneless pinyin in one word, ü as v."""
    return latin_key("".join(lazy_pinyin(name_zh)))


def english_suffix(name_zh: str) -> str:
    """Return County, District, City, Town ... for an official name, "" when unknown."""
    return next((english for zh, english in ENGLISH_SUFFIXES if name_zh.endswith(zh)), "")


def to_simplified(name_zh: str) -> str:
    """Return a Chinese name in simplified characters."""
    return str(_converter().convert(name_zh))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def spell(short: str, hints: Iterable[str] = ()) -> str:
    """Return the pinyin of a name; a hint in Latin letters decides between readings."""
    spellings = possible_spellings(short)
    by_key = {latin_key(spelling): spelling for spelling in reversed(spellings)}
    known = [latin_key(hint) for hint in hints if not HAN.search(hint)]
    if latin_key(spellings[0]) in known:
        return spellings[0]
    return next((by_key[key] for key in known if key in by_key), spellings[0])


def possible_spellings(name_zh: str, limit: int = 64) -> list[str]:
    """Return the pinyin spellings (capitalised, with apostrophes), the likeliest first.

    Characters with several readings multiply the spellings; at most `limit` are given.
    """
    likely = lazy_pinyin(name_zh, v_to_u=True)
    readings = pinyin(name_zh, style=Style.NORMAL, heteronym=True, v_to_u=True)
    choices = [
        [first, *(other for other in others if other != first)]
        for first, others in zip(likely, readings, strict=True)
    ]
    combinations = itertools.islice(itertools.product(*choices), limit)
    return [join_syllables(syllables) for syllables in combinations]


def join_syllables(syllables: Sequence[str]) -> str:
    """Join syllables as the standard asks: an apostrophe before a, o, e inside the word."""
    word = syllables[0]
    for syllable in syllables[1:]:
        word += f"'{syllable}" if syllable[0] in "aoe" else syllable
    return word[:1].upper() + word[1:]
