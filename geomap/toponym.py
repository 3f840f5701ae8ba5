"""Bring place names of both languages into one comparable form, and take English names apart.

A toponym is written finest to coarsest with commas in English ("Shengze Town, Wujiang District,
Suzhou, Jiangsu") and coarsest to finest without marks in Chinese. Nothing here knows a single
place: which names exist is the gazetteer's business.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

import opencc

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ`´′＇ʹˈ"), "'")
_NOT_KEY = re.compile("[^a-z0-9]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

# What an English or pinyin place word says about its level, longest wording first.
_LEVEL_WORDS: tuple[tuple[str, str], ...] = (
    ("special administrative region", "province"),
    ("autonomous region", "province"),
    ("autonomous prefecture", "prefecture"),
    ("prefecture level city", "prefecture"),
    ("prefectural level city", "prefecture"),
    ("county level city", "county"),
    ("autonomous county", "county"),
    ("autonomous banner", "county"),
    ("mining district", "county"),
    ("forestry district", "county"),
    ("directly governed municipality", "province"),
    ("municipal district", "county"),
    ("ethnic township", "town"),
    ("residential district", "town"),
    ("industrial park", "zone"),
    ("sub district", "town"),
    ("new district", "zone"),
    ("new area", "zone"),
    ("subdistrict", "town"),
    ("street office", "town"),
    ("municipality", "city"),
    ("prefecture", "prefecture"),
    ("province", "province"),
    ("township", "town"),
    ("district", "county"),
    ("village", "village"),
    ("jiedao", "town"),
    ("county", "county"),
    ("banner", "county"),
    ("league", "prefecture"),
    ("diqu", "prefecture"),
    ("sheng", "province"),
    ("town", "town"),
    ("city", "city"),
    ("zhen", "town"),
    ("xiang", "town"),
    ("sumu", "town"),
    ("xian", "county"),
    ("meng", "prefecture"),
    ("shi", "city"),
    ("sar", "province"),
    ("cun", "village"),
    ("qu", "county"),
    ("qi", "county"),
)
_LEVEL_OF = dict(_LEVEL_WORDS)
_LEVEL_WORD = re.compile(
    r"(?:^|(?<=[\s\-']))(" + "|".join(w.replace(" ", r"[\s\-]+") for w, _ in _LEVEL_WORDS) + r")$",
    re.IGNORECASE,
)
_GLUED = re.compile("(?<=[a-z]{3})(zhen|xiang|cun|shi|xian|qu|qi|jiedao|zhou|meng|diqu)$")
_GLUED_LEVEL = {"zhou": "prefecture", **{w: level for w, level in _LEVEL_WORDS}}
_PEOPLES = re.compile(
    r"\s+(?:and\s+)?(?:Hui|Tibetan|Zang|Mongolian|Mongol|Uyghur|Uygur|Uighur|Kazakh|Kazak|Kirghiz|Kyrgyz|"
    r"Miao|Yi|Zhuang|Bouyei|Buyi|Buyei|Korean|Manchu|Man|Dong|Yao|Bai|Tujia|Hani|Dai|Li|Lisu|Va|Wa|She|"
    r"Lahu|Shui|Sui|Dongxiang|Naxi|Nakhi|Jingpo|Tu|Daur|Mulam|Mulao|Qiang|Blang|Salar|Maonan|Gelao|"
    r"Xibe|Sibe|Pumi|Tajik|Nu|Ewenki|Evenki|Evenk|Bonan|Bao'an|Yugur|Derung|Dulong|Oroqen|"
    r"Various Nationalities|Multi-?ethnic|Multinational)$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")
_SEPARATORS = re.compile(r"\s*[,;/|，、；\n]\s*|\s+-\s+|\s+[–—]\s+")
_OF = re.compile(r"\s+(?:of|in|near|within|at)\s+(?:the\s+)?", re.IGNORECASE)
_COUNTRY = frozenset(
    {
        "china",
        "prc",
        "peoplesrepublicofchina",
        "thepeoplesrepublicofchina",
        "mainlandchina",
        "prchina",
    }
)
_DIGITS = re.compile(r"^[\d\-\s.#]+|\s+\d{5,6}$|^\d{5,6}\s+")


class LatinName(NamedTuple):
    """One part of an English toponym: its spellings as keys, best first, and its stated level.

    level: province, prefecture, county, city (prefecture or county), town, village, zone, or None
    when the words do not say.
    """

    written: str
    keys: tuple[str, ...]
    level: str | None


def has_han(text: str) -> bool:
    """Tell whether any character is a Chinese one."""
    return HAN.search(text) is not None


def has_latin(text: str) -> bool:
    """Tell whether any character is a Latin letter."""
    return _LATIN.search(text) is not None


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def traditional_characters() -> frozenset[str]:
    """Return every character that the simplifier changes, to spare it texts without one."""
    chars = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    simple = _converter().convert("\n".join(chars)).split("\n")
    return frozenset(c for c, s in zip(chars, simple, strict=True) if c != s)


def simplify_script(text: str) -> str:
    """Turn traditional characters into simplified ones (OpenCC, phrase by phrase)."""
    if traditional_characters().isdisjoint(text):
        return text
    return str(_converter().convert(text))


def _visible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in _INVISIBLE


def normalise(text: str) -> str:
    """Return `text` in NFKC, simplified script, plain apostrophes, without invisible characters.

    Full-width digits and letters become ASCII; bidirectional and zero-width marks, NUL and other
    control characters go; runs of white space become one space.
    """
    plain = text
    if not (text.isascii() and text.isprintable()):
        plain = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).translate(_APOSTROPHES)
        if not plain.isprintable():
            plain = "".join(c for c in plain if _visible(c))
    return simplify_script(" ".join(plain.split()))


@lru_cache(maxsize=65536)
def latin_key(name: str) -> str:
    """Return the letters and digits by which two spellings of a Latin name are the same.

    Tones, marks, apostrophes, hyphens, spaces and case go; lü, lv, lyu and lu are one.
    "Ürümqi" -> "urumqi", "Xi’an" -> "xian", "Lüliang", "Lvliang", "Lyuliang" -> "luliang".
    """
    key = _NOT_KEY.sub("", unicodedata.normalize("NFKD", name.lower()))
    return key.replace("lv", "lu").replace("nv", "nu").replace("lyu", "lu")


def split_level_word(name: str) -> tuple[str, str | None]:
    """Take the level word off an English name: "Wujiang District" -> ("Wujiang", "county").

    Names of peoples before "Autonomous ..." go too. A name that is nothing but a level word, or
    has none, comes back whole with None.
    """
    found = _LEVEL_WORD.search(name)
    if found is None:
        return name, None
    stem = name[: found.start()].rstrip(" -'")
    if not stem:
        return name, None
    word = re.sub(r"[\s\-]+", " ", found.group(1).lower())
    if word.startswith("autonomous"):
        while (shorter := _PEOPLES.sub("", stem).rstrip(" ,-")) and shorter != stem:
            stem = shorter
    return stem, _LEVEL_OF[word]


def _spellings(name: str) -> tuple[str, ...]:
    stem, _ = split_level_word(name)
    keys = [latin_key(stem), latin_key(name)]
    keys += [_GLUED.sub("", key) for key in keys[:1]]
    return tuple(key for key in dict.fromkeys(keys) if len(key) > 1)


def parse_latin_part(part: str) -> LatinName | None:
    """Read one part between commas: bracketed words are further spellings; None if no name.

    "Tuoketuo (Togtoh) County" -> keys tuoketuo, tuoketuocounty, togtoh; level county.
    """
    inside = [piece for found in _BRACKETS.findall(part) for piece in re.split(r"\s+or\s+", found)]
    plain = _DIGITS.sub("", _BRACKETS.sub(" ", part)).strip(" .'\"")
    keys = [key for name in (plain, *inside) for key in _spellings(name)]
    if not keys or latin_key(plain) in _COUNTRY:
        return None
    level = split_level_word(plain)[1]
    return LatinName(plain, tuple(dict.fromkeys(keys)), level)


def glued_level(key: str) -> tuple[str, str | None]:
    """Take a pinyin level syllable off a key: "jinghaizhen" -> ("jinghai", "town")."""
    found = _GLUED.search(key)
    return (key[: found.start()], _GLUED_LEVEL[found.group(1)]) if found else (key, None)


def parse_latin(text: str) -> tuple[LatinName, ...]:
    """Take an English toponym apart, finest part first; parts without a name are left out."""
    flat = _BRACKETS.sub(lambda found: found.group(0).replace(",", " or "), text)
    pieces = [piece for part in _SEPARATORS.split(flat) for piece in _OF.split(part)]
    names = (parse_latin_part(piece) for piece in pieces if piece)
    return tuple(name for name in names if name is not None)
