"""One search box for features, places and investors, in Chinese, pinyin, English or by code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from heapq import nsmallest
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geomap.sentences import Names
from geomap.toponym import has_han, latin_key, normalise, split_level_word
from geomap.views.columns import Texts, as_list, texts_of
from geomap.views.facts import investor_names
from geomap.views.index import Index, index_of
from geomap.views.near_names import SLIP, NearNames
from geomap.views.units import Unit, gazetteer_units, unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

KINDS: Final = ("province", "city", "corridor", "zone", "investor", "project", "unit")
_ORDER: Final = {kind: place for place, kind in enumerate(KINDS)}
_REGION_KINDS: Final = ("province", "city", "corridor", "zone", "unit")
_SUFFIXES_ZH: Final = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "省",
    "市",
    "区",
    "县",
    "盟",
    "旗",
)
_GLUED: Final = re.compile("(?<=[a-z]{3})(sheng|shi|qu|xian|zhou|diqu)$")  # songjiangqu, hefeishi
# A zone or a town that bears a unit's name is not the unit: Hefei High-tech Zone is not Hefei.
_SMALLER_KINDS: Final = ("zone", "town", "village")
_LONGEST_QUERY: Final = 200
_NOWHERE: Final = Names("", "")
_WAYS: Final = ("exact", "exact", "start", "within", "words")  # the second by its stem only
_BEGINS: Final = 2
NEAR: Final = "near"
_HEARD_KINDS: Final = (*_REGION_KINDS, "investor")


@dataclass(frozen=True)
class Hit:
    """One answer of the search; lat and lon say where to fly to, None when it has no place.

    feature_id is "investor:<name>" for an investor and "city:<adcode>" for a unit without a
    record of its own (kind "unit"). `way` says how the query met it: exact, start, within, words,
    or near, when no name of it was written as it is.
    """

    feature_id: str
    kind: str
    names: Names
    where: Names
    lat: float | None
    lon: float | None
    way: str


class _Entry(NamedTuple):
    feature_id: str
    kind: str
    names: Names
    where: Names
    lat: float | None
    lon: float | None
    keys: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Book:
    entries: tuple[_Entry, ...]
    hay: tuple[str, ...] = field(repr=False)
    exact: dict[str, list[int]] = field(repr=False)


def search_features(dataset: Dataset, query: str, limit: int = 20) -> list[Hit]:
    """Find features, units and investors by any of their names or codes, best first.

    What bears the words as they are goes first; names near to them follow only when none begins
    with them.
    """
    keys = _query_keys(query)
    if not keys or limit < 1:
        return []
    book = _book(dataset)
    found = _found(book, keys)
    hits = [_hit(book.entries[p], _WAYS[found[p]]) for p in _best(book, found, limit)]
    if len(hits) == limit or any(way <= _BEGINS for way in found.values()):
        return hits
    near = {place: cost for place, cost in _near(dataset, keys).items() if place not in found}
    return hits + [_hit(book.entries[p], NEAR) for p in _best(book, near, limit - len(hits))]


def _best(book: _Book, found: dict[int, int], limit: int) -> list[int]:
    """Places in order: how they were met, the kind, the shorter name."""
    return nsmallest(
        limit, found, key=lambda place: (found[place], *_order(book.entries[place]), place)
    )


def features_named(dataset: Dataset, name: str) -> list[Hit]:
    """Find the regions a name means exactly; more than one when it is ambiguous.

    "Suzhou, Jiangsu" and "Baiyun District, Guangzhou" say what it lies in as well. Without that
    the level decides first (province, prefecture, county), then an official name before other
    spellings: Shanxi is not Shaanxi. A name with its suffix (朝阳区) means only units that bear
    it. `other_meanings` tells what was passed over.
    """
    hits = _meanings(dataset, name)
    best = min((_level(hit) for hit in hits), default=0)
    found = [hit for hit in hits if _level(hit) == best]
    asked = fold_names([name.partition(",")[0]])[0].strip()
    official = [hit for hit in found if asked in fold_names([hit.names.en, hit.names.zh])]
    return official or found


def other_meanings(dataset: Dataset, name: str) -> list[Hit]:
    """Find the regions a name might also mean, beside those of `features_named`.

    A unit inside another one of the same name (长沙县 in 长沙市) is no other meaning.
    """
    chosen = features_named(dataset, name)
    ids = {hit.feature_id for hit in chosen}
    rest = [hit for hit in _meanings(dataset, name) if hit.feature_id not in ids]
    return [hit for hit in rest if not any(_lies_in(hit, one) for one in chosen)]


def _meanings(dataset: Dataset, name: str) -> list[Hit]:
    name, *within = re.split("[,，]", name)
    book = _book(dataset)
    keys = _query_keys(name)
    if not keys:
        return []
    places = {place for key in keys for place in book.exact.get(key, ())}
    entries = [book.entries[place] for place in sorted(places)]
    entries = [entry for entry in entries if entry.kind in _REGION_KINDS]
    whole = {keys[0], latin_key(keys[0])}  # with its suffix, in the two ways entries write it
    stated = [entry for entry in entries if not whole.isdisjoint(entry.keys)] or entries
    for holder in filter(str.strip, within):
        wanted = {*_query_keys(holder)}
        stated = [entry for entry in stated if wanted & _holder_keys(entry, dataset)]
    return [_hit(entry, "exact") for entry in stated]


def _holder_keys(entry: _Entry, dataset: Dataset) -> set[str]:
    """Keys of the province and, of a county, the prefecture an entry lies in."""
    kind, _, code = entry.feature_id.partition(":")
    prefecture = unit_of(f"{code[:4]}00", dataset) if kind == "city" else None
    holders = [entry.where, *([prefecture.names] if prefecture else [])]
    return {key for name in holders for key in (*keys_of(name.en), *keys_of(name.zh))}


def _level(hit: Hit) -> int:
    if hit.kind in ("province", "corridor", "zone"):
        return 0
    return 1 if hit.feature_id.endswith("00") else 2


def _lies_in(hit: Hit, other: Hit) -> bool:
    stem = other.feature_id.partition(":")[2]
    code = hit.feature_id.partition(":")[2]
    return stem.endswith("00") and code.startswith(stem[:2] if stem.endswith("0000") else stem[:4])


# ---------------------------------------------------------------- matching


def _query_keys(query: str) -> tuple[str, ...]:
    plain = normalise(query[:_LONGEST_QUERY])
    return keys_of(plain) if plain else ()


@lru_cache(maxsize=4096)
def keys_of(name: str) -> tuple[str, ...]:
    """Return the forms under which a name is looked up, the fullest first.

    "Songjiang District", "songjiang qu" and "Songjiang" share "songjiang"; 松江区 and 松江
    share 松江.
    """
    plain = fold_names([name])[0].strip()
    if has_han(plain):
        return _distinct([plain, _stem_zh(plain)])
    stem, kind = split_level_word(plain)
    key = latin_key(plain)
    if kind in _SMALLER_KINDS:
        return _distinct([plain, key])
    return _distinct([plain, key, latin_key(stem), _GLUED.sub("", key)])


def fold_names(names: Iterable[str]) -> list[str]:
    """Bring names into one form: simplified, half-width, no apostrophes, hyphens as spaces.

    Letter by letter over all names at once, because a dataset may have 100,000 of them.
    """
    lines = [" ".join(name.splitlines()) for name in names]
    joined = "\n".join(lines)
    table = {ord(letter): _fold_letter(letter) for letter in set(joined) if letter != "\n"}
    return joined.translate(table).casefold().split("\n") if lines else []


@cache
def _fold_letter(letter: str) -> str:
    if letter in "'’‘ʼ`´":
        return ""
    if letter.isspace() or letter in "-‐‑–—":
        return " "
    return letter if letter.isascii() else normalise(letter)


def _stem_zh(name: str) -> str:
    for suffix in _SUFFIXES_ZH:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _found(book: _Book, keys: tuple[str, ...]) -> dict[int, int]:
    """Entries met by the query with the way they are met, 0 being the best."""
    found: dict[int, int] = {}
    for way, some in enumerate((keys[:2] if not has_han(keys[0]) else keys[:1], keys)):
        for place in (place for key in some for place in book.exact.get(key, ())):
            found.setdefault(place, way)
    for needle in (key for key in keys if len(key) > 1 or has_han(key)):
        for place, hay in enumerate(book.hay):
            if needle in hay:
                way = 2 if f"\n{needle}" in hay else 3
                found[place] = min(way, found.get(place, way))
    words = keys[0].split() if keys else []
    if not found and len(words) > 1:
        for place, hay in enumerate(book.hay):
            if all(word in hay for word in words):
                found[place] = 4
    return found


def _near(dataset: Dataset, keys: tuple[str, ...]) -> dict[int, int]:
    """Entries with a name near to the query, with how near; only those with fewest slips.

    Of several words each must be met, as it is or nearly.
    """
    names = index_of(dataset).table("near names", lambda: _near_names(_book(dataset)))
    # zhou is an ending of some (Chuxiong zhou) and belongs to the name of others (Guangzhou)
    found = names.alike(key for key in keys if " " not in key and f"{key}zhou" not in keys)
    words = keys[0].split()
    if not found and len(words) > 1:
        found = _each_word(_book(dataset), names, words)
    fewest = min(found.values(), default=0) // SLIP
    return {place: cost for place, cost in found.items() if cost // SLIP == fewest}


def _each_word(book: _Book, names: NearNames, words: list[str]) -> dict[int, int]:
    places = range(len(book.hay))
    found = dict.fromkeys(places, 0)
    for word in words:
        exact = {place for place in found if word in book.hay[place]}
        near = {} if exact else names.alike([word])
        found = {p: found[p] + near.get(p, 0) for p in found if p in exact or p in near}
    return found


def _near_names(book: _Book) -> NearNames:
    """Codes and ids are left out: they are right or wrong, never near."""
    names = [
        (place, key)
        for place, entry in enumerate(book.entries)
        for key in entry.keys
        if ":" not in key and not key.isdigit()
    ]
    heard = ((p, key) for p, key in names if book.entries[p].kind in _HEARD_KINDS)
    return NearNames(names, heard)


def _order(entry: _Entry) -> tuple[int, int]:
    return _ORDER[entry.kind], len(entry.names.en)


def _hit(entry: _Entry, way: str) -> Hit:
    return Hit(entry.feature_id, entry.kind, entry.names, entry.where, entry.lat, entry.lon, way)


# ---------------------------------------------------------------- the book of names


def _book(dataset: Dataset) -> _Book:
    return index_of(dataset).table("search", lambda: _build_book(dataset))


def _build_book(dataset: Dataset) -> _Book:
    index = index_of(dataset)
    entries = [
        *_unit_entries(dataset),
        *_record_entries(dataset, index, "corridors", "corridor"),
        *_record_entries(dataset, index, "zones", "zone"),
        *_investor_entries(dataset, index),
        *_record_entries(dataset, index, "projects", "project"),
    ]
    exact: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        for key in entry.keys:
            exact.setdefault(key, []).append(place)
    hay = tuple("\n" + "\n".join(entry.keys) for entry in entries)
    return _Book(tuple(entries), hay, exact)


def _unit_entries(dataset: Dataset) -> list[_Entry]:
    provinces = [str(code) for code in dataset.provinces["adcode"]]
    cities = [str(code) for code in dataset.cities["adcode"]]
    entries = [_own_unit_entry(dataset, code, "province", "province") for code in provinces]
    entries += [_own_unit_entry(dataset, code, "city", "city") for code in cities]
    known = {entry.feature_id for entry in entries}
    return [*entries, *(e for e in _gazetteer_entries() if e.feature_id not in known)]


def _own_unit_entry(dataset: Dataset, code: str, kind: str, prefix: str) -> _Entry:
    """A unit of the dataset, under its own names and those the gazetteer knows."""
    unit, listed = unit_of(code, dataset), gazetteer_units().get(code)
    spellings = unit.spellings if unit else ()
    keys = _distinct(key for name in spellings for key in keys_of(name))
    keys = _distinct((*keys, *(_gazetteer_keys(listed) if listed else ())))
    where = _province_of(dataset, code) if kind != "province" else Names("", "")
    names = unit.names if unit else Names(code, code)
    point = (unit.lat, unit.lon) if unit else (None, None)
    feature_id = f"{prefix}:{code}"
    return _Entry(feature_id, kind, names, where, *point, (*keys, code, feature_id))


@cache
def _gazetteer_entries() -> tuple[_Entry, ...]:
    """Prefectures and counties of the gazetteer, read and keyed once for all datasets."""
    units = gazetteer_units()
    entries = []
    for code, unit in units.items():
        if unit.level != "province":
            province = units.get(code[:2] + "0000")
            keys = (*_gazetteer_keys(unit), code, f"city:{code}")
            where = province.names if province else _NOWHERE
            entries.append(
                _Entry(f"city:{code}", "unit", unit.names, where, unit.lat, unit.lon, keys)
            )
    return tuple(entries)


def _gazetteer_keys(unit: Unit) -> tuple[str, ...]:
    """Keys of names that are clean already: the gazetteer lists short and full forms itself."""
    return _distinct(name if has_han(name) else latin_key(name) for name in unit.spellings)


def _province_of(dataset: Dataset, code: str) -> Names:
    province: Unit | None = unit_of(code[:2] + "0000", dataset)
    return province.names if province else Names("", "")


def _record_entries(dataset: Dataset, index: Index, table: str, kind: str) -> list[_Entry]:
    frame = getattr(dataset, table)
    ids = texts_of(frame, "feature_id")
    names_en, names_zh = texts_of(frame, "name_en"), texts_of(frame, "name_zh")
    former = frame["former_names"] if "former_names" in frame.columns else [()] * len(frame)
    lats, lons, provinces = _leads(index, kind, len(ids))
    if kind == "corridor":
        lats, lons = _corridor_points(dataset, ids)
    wheres = {code: _province_of(dataset, f"{code:06d}") for code in set(provinces) if code > 0}
    folded = zip(fold_names(names_en), fold_names(names_zh), strict=True)
    entries = []
    for place, (own, others) in enumerate(zip(folded, former, strict=True)):
        lat, lon = lats[place], lons[place]
        unknown = lat != lat or lon != lon
        entries.append(
            _Entry(
                ids[place],
                kind,
                Names(names_en[place], names_zh[place]),
                wheres.get(provinces[place], _NOWHERE),
                None if unknown else lat,
                None if unknown else lon,
                (*own, *fold_names(as_list(others)), str(ids[place])),
            )
        )
    return entries


def _leads(index: Index, kind: str, size: int) -> tuple[list[float], list[float], list[int]]:
    """Point and province of the first placed site of each project or zone."""
    rows = {"project": index.project_row, "zone": index.zone_row}.get(kind)
    if rows is None:
        return [np.nan] * size, [np.nan] * size, [-1] * size
    placed = np.flatnonzero((rows >= 0) & np.isfinite(index.lat))[::-1]
    first = np.full(size, -1)
    first[rows[placed]] = placed  # backwards, so that the first site is written last
    return (
        np.append(index.lat, np.nan)[first].tolist(),
        np.append(index.lon, np.nan)[first].tolist(),
        np.append(index.province, -1)[first].tolist(),
    )


def _corridor_points(dataset: Dataset, ids: Texts) -> tuple[list[float], list[float]]:
    means = dataset.corridor_members.groupby("feature_id")[["lat", "lon"]].mean()
    points = means.reindex([str(name) for name in ids])
    return points["lat"].tolist(), points["lon"].tolist()


def _investor_entries(dataset: Dataset, index: Index) -> list[_Entry]:
    frame = dataset.organisations
    aliases = dict(zip(texts_of(frame, "name_en"), frame["aliases"], strict=True))
    entries = []
    for name in index.investors.values:
        names = investor_names(name, dataset)
        forms = (name, names.en, names.zh, *as_list(aliases.get(name)))
        keys = _distinct(fold_names(forms))
        entries.append(_Entry(f"investor:{name}", "investor", names, _NOWHERE, None, None, keys))
    return entries
