"""Bring place names of both languages into one comparable form, and take English names apart.

A toponym is written finest to coarsest with commas in English ("Shengze Town, Wujiang District,
Suzhou, Jiangsu") and coarsest to finest without marks in Chinese. Nothing here knows a single
place: which names exist is the gazetteer's business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import opencc

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]{2}")
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ`´′＇ʹˈ"), "'")
# Radicals that stand in for the characters they look like; NFKC leaves them alone.
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青韦页风飞食马鬼鱼鸟卤麦黄齐齿龙龟",
)
_PLAIN_MARKS = "，。、；：（）【】《》"
_NOT_KEY = re.compile("[^a-z0-9]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

# What a level word, in English or pinyin, says of a name: kind -> its wordings. The kinds city,
# county, district and banner also tell 市, 县, 区 and 旗 apart.
_KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    "province": ("special administrative region", "autonomous region", "province", "sheng", "sar"),
    "prefecture": (
        "autonomous prefecture", "prefecture level city", "prefectural level city", "prefecture",
        "league", "diqu", "meng",
    ),
    "municipality": ("municipality",),
    "city": ("county level city", "city", "shi"),
    "county": ("autonomous county", "county", "xian"),
    "banner": ("autonomous banner", "banner", "qi"),
    "district": (
        "mining district", "forestry district", "special district", "municipal district",
        "district", "qu",
    ),
    "town": (
        "ethnic township", "residential district", "sub district", "subdistrict", "street office",
        "township", "town", "zhen", "xiang", "sumu", "jiedao",
    ),
    "village": ("village", "community", "cun"),
    "zone": (
        "economic and technological development zone", "economic and technical development zone",
        "economic technological development zone", "economic development zone",
        "high tech industrial development zone", "high tech development zone", "high tech zone",
        "hi tech zone", "development zone", "development area", "free trade zone",
        "industrial park",
        "industry park", "industrial zone", "science park", "software park", "economic zone",
        "new district", "new area", "new zone", "park", "zone",
    ),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _KIND_WORDS.items() for word in words}
_WORDINGS = "|".join(
    word.replace(" ", r"[\s\-]+") for word in sorted(_KIND_OF, key=len, reverse=True)
)
_LEVEL_WORD = re.compile(rf"(?:^|(?<=[\s\-']))({_WORDINGS})$", re.IGNORECASE)
# The kinds of zone that English sources word in many ways, at the end of a key.
_ZONE_ENDINGS = tuple(
    (re.compile(f"(?:national)?{words}(?:zone|park|area|district)$"), wording)
    for words, wording in (
        ("(?:newand)?hi(?:gh)?tech(?:nology)?(?:industr(?:y|ial|ies))?(?:development)?",
         "hightechzone"),
        ("economic(?:and)?(?:techn(?:ological|ical|ology))?development", "economiczone"),
    )
)  # fmt: skip
_GLUED = re.compile("(?<=[a-z]{3})(zhen|xiang|cun|shi|xian|qu|qi|jiedao|zhou|meng|diqu)$")
_PEOPLES = re.compile(
    r"[\s,]+(?:and\s+)?(?:Hui|Tibetan|Zang|Mongolian|Mongol|Mongolia|Uyghur|Uygur|Uighur|Kazakh|"
    r"Kazak|Kirgiz|Kirghiz|Kyrgyz|Miao|Hmong|Yi|Zhuang|Bouyei|Buyi|Buyei|Korean|Manchu|Man|Dong|"
    r"Yao|Bai|Tujia|Hani|Dai|Li|Lisu|Va|Wa|She|Lahu|Shui|Sui|Dongxiang|Naxi|Nakhi|Jingpo|Tu|Daur|"
    r"Mulam|Mulao|Qiang|Blang|Bulang|Salar|Maonan|Gelao|Xibe|Sibe|Pumi|Tajik|Nu|Ewenki|Evenki|"
    r"Evenk|Bonan|Bao'an|Yugur|Derung|Dulong|Oroqen|Various Nationalities|Multi-?ethnic|"
    r"Multinational|Nationalities)$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")
_SEPARATORS = re.compile(r"\s*[,;/|，、；\n]\s*|\s+[-–—]\s+")
_OF = re.compile(r"\s+(?:of|in|near|within|at|outside)\s+(?:the\s+)?", re.IGNORECASE)
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
_DIGITS = re.compile(r"^[\d\-\s.#]+(?=\s)|\s+\d{5,6}$|^\d{5,6}\s+")
# With one of these a part names a road or an institution, and no place beside it.
_NOT_A_PLACE = re.compile(
    r"\b(?:road|rd|street|st|avenue|ave|highway|expressway|university|college|institute|academy|"
    r"school|hospital|bank|company|co|ltd|inc|corp|corporation|group|telecom|mobile|unicom|"
    r"airport|railway|bridge|hotel|stock exchange|times|daily)\b|-based\b",
    re.IGNORECASE,
)
_COMPANY_BRACKET = re.compile(rf"({_NOT_A_PLACE.pattern})\s*\([^()]*\)", re.IGNORECASE)
# Says which part of a place is meant; the place is the rest.
_PART_OF = re.compile(
    r"^(?:(?:north|south|east|west)(?:ern)?|(?:north|south)-?(?:east|west)(?:ern)?|central|"
    r"downtown|greater|urban|suburban|rural|near)\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'\-]*")
LONGEST_NAME = 4
# Suzhou Industrial Park and Hsinchu County are names of their own, and others bear the stem.
_NAMED_WHOLE = frozenset({"zone", "county"})


class LatinName(NamedTuple):
    """One part of an English toponym: its spellings as keys, best first, and its stated kind.

    kind: province, prefecture, municipality, city, county, banner, district, town, village, zone,
    or None when the words do not say.
    """

    written: str
    keys: tuple[str, ...]
    kind: str | None


def has_han(text: str) -> bool:
    """Tell whether any character is a Chinese one."""
    return HAN.search(text) is not None


def has_latin(text: str) -> bool:
    """Tell whether there is a word in Latin letters; a single letter names a block or a room."""
    return _LATIN.search(text) is not None


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def traditional_characters() -> frozenset[str]:
    """Return every character that the simplifier changes, to spare it texts without one."""
    chars = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    radicals = map(chr, _RADICALS)
    simple = _converter().convert("\n".join(chars)).split("\n")
    return frozenset(c for c, s in zip(chars, simple, strict=True) if c != s) | {*radicals}


@cache
def _odd() -> re.Pattern[str]:
    """Return what finds the first character `normalise` might change."""
    odd = {ord(char) for char in traditional_characters()}
    plain = [code for code in range(0x4E00, 0x9FD0) if code not in odd]
    starts = [code for code in plain if code - 1 in odd or code == plain[0]]
    ends = [code for code in plain if code + 1 in odd or code == plain[-1]]
    runs = "".join(f"{chr(one)}-{chr(last)}" for one, last in zip(starts, ends, strict=True))
    return re.compile(f"[^ -&(-_a-~{_PLAIN_MARKS}{runs}]")


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
    control characters go; runs of white space become one space. Chinese punctuation stays.
    """
    if _odd().search(text) is None:
        return text
    plain = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
    plain = plain.translate(_APOSTROPHES).translate(_RADICALS)
    if not plain.isprintable():
        plain = "".join(char for char in plain if _visible(char))
    return simplify_script(" ".join(plain.split()))


@lru_cache(maxsize=65536)
def latin_key(name: str) -> str:
    """Return the letters and digits by which two spellings of a Latin name are the same.

    Tones, marks, apostrophes, hyphens, spaces and case go; lü, lv, lyu and lu are one.
    "Ürümqi" -> "urumqi", "Xi’an" -> "xian", "Lüliang", "Lvliang", "Lyuliang" -> "luliang".
    """
    return fold_latin(_NOT_KEY.sub("", unicodedata.normalize("NFKD", name.lower())))


def fold_latin(key: str) -> str:
    """Write the ü of a bare lower-case key as u: "lvliang", "lyuliang" -> "luliang"."""
    return key.replace("lv", "lu").replace("nv", "nu").replace("lyu", "lu")


def zone_key(key: str) -> str | None:
    """Return the key of a zone with its kind in one wording, or None when it says no kind.

    "wuxihitechindustrialdevelopmentzone", "wuxinewandhightechpark" -> "wuxihightechzone";
    "wuxieconomicandtechnicaldevelopmentarea" -> "wuxieconomiczone".
    """
    for ending, wording in _ZONE_ENDINGS:
        if (found := ending.search(key)) is not None:
            return key[: found.start()] + wording
    return None


def is_zone_ending(key: str) -> bool:
    """Tell whether a zone's key is nothing but its kind."""
    return any(key == wording for _, wording in _ZONE_ENDINGS)


def split_level_word(name: str) -> tuple[str, str | None]:
    """Take the level word off an English name: "Wujiang District" -> ("Wujiang", "district").

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
    return _without_peoples(stem) if word.startswith("autonomous") else stem, _KIND_OF[word]


def _without_peoples(stem: str) -> str:
    """Cut the names of peoples off the end, as long as a name is left."""
    while (shorter := _PEOPLES.sub("", stem).rstrip(" ,-")) and shorter != stem:
        stem = shorter
    return stem


def split_glued(key: str) -> tuple[str, str | None]:
    """Take a pinyin level syllable off a key: "jinghaizhen" -> ("jinghai", "town")."""
    found = _GLUED.search(key)
    if found is None:
        return key, None
    return key[: found.start()], _KIND_OF.get(found.group(1), "prefecture")


def _spellings(name: str) -> list[str]:
    stem, kind = split_level_word(name)
    shorter = [_PART_OF.sub("", stem), _without_peoples(stem) if kind else stem]
    keys = [latin_key(one) for one in (stem, name, *shorter)]
    if kind in _NAMED_WHOLE:
        keys[:2] = [keys[1], zone_key(keys[1]) or "", keys[0]]
    return [key for key in keys if len(key) > 1]


def parse_latin_part(part: str) -> LatinName | None:
    """Read one part between commas: bracketed words are further spellings; None if no name.

    "Tuoketuo (Togtoh) County" -> keys tuoketuo, tuoketuocounty, togtoh; kind county.
    """
    inside = [piece for found in _BRACKETS.findall(part) for piece in re.split(r"\s+or\s+", found)]
    plain = _DIGITS.sub("", _BRACKETS.sub(" ", part)).strip(" .'\"")
    if _NOT_A_PLACE.search(plain):  # China Mobile (Guizhou)
        inside = []
    if latin_key(plain) in _COUNTRY:
        return None
    keys = dict.fromkeys(key for name in (plain, *inside) for key in _spellings(name))
    return LatinName(plain, tuple(keys), split_level_word(plain)[1]) if keys else None


def names_no_place(part: str) -> bool:
    """Tell whether a part names a road or an institution."""
    return _NOT_A_PLACE.search(part) is not None


def parse_latin(text: str) -> tuple[LatinName, ...]:
    """Take an English toponym apart, finest part first; parts without a name are left out."""
    flat = _BRACKETS.sub(lambda found: found.group(0).replace(",", " or "), text)
    pieces = [piece for part in _SEPARATORS.split(flat) for piece in _OF.split(part)]
    names = (parse_latin_part(piece) for piece in pieces if piece)
    return tuple(name for name in names if name is not None)


def capitalised_runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the runs of capitalised words in English prose, without roads and institutions."""
    text = _COMPANY_BRACKET.sub(r"\1", text)
    for phrase in re.split(r"[,;:.!?()\"\n]|\s(?=[a-z])", text):
        if not _NOT_A_PLACE.search(phrase):
            words = [word for word in _WORD.findall(phrase) if word[0].isupper()]
            if words:
                yield tuple(word.removesuffix("'s") for word in words)
