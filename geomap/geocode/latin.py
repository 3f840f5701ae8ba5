"""Read the units out of an English or pinyin toponym, part by part, coarse to fine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from geomap.gazetteer import FORMER, FULL, TOWN_AT_COUNTY, VARIANT, Gazetteer, Naming, Unit
from geomap.geocode.choice import (
    NOTHING,
    Choice,
    Mention,
    contradict,
    decide,
    mention,
    several,
)
from geomap.toponym import (
    LONGEST_NAME,
    LatinName,
    capitalised_runs,
    latin_key,
    names_no_place,
    parse_latin,
    parse_latin_part,
    split_glued,
)

_PLACE_LEVELS = frozenset({"town", "place"})
# The levels a stated kind may turn out to be, the likeliest first.
_LEVELS_OF_KIND = {
    "province": ("province",),
    "prefecture": ("prefecture", "province"),
    "municipality": ("province", "prefecture", "county"),
    "city": ("prefecture", "county", "province"),
    "county": ("county",),
    "banner": ("county",),
    "district": ("county",),
    "zone": ("county", "zone"),
}
_COUNTY_KINDS = frozenset({"county", "district", "city", "banner"})
_ADMIN_KINDS = _COUNTY_KINDS | {"province", "prefecture", "municipality"}
_ENDING_OF_KIND = {"city": "市", "county": "县", "banner": "旗", "district": "区", "zone": "新区"}


_LIST = re.compile(r"\s*[;；、]\s*|,?\s+(?:and|&)\s+", re.IGNORECASE)


_HYPHEN = re.compile(r"\s*[-–—]\s*")
_REGION = re.compile(
    r"\s+(?:greater bay area|bay area|region|economic (?:circle|belt|zone)|city cluster|corridor)$",
    re.IGNORECASE,
)
# In prose a name of three letters is an English word sooner than a place: Bay.
_TOO_SHORT = 3
# A text in small letters alone is a toponym when it is no longer.
_SHORT_TEXT = 60


class _State(NamedTuple):
    """Units left after some parts, the parts that fixed them, and the last unit around them."""

    namings: tuple[Naming, ...] = ()
    matched: tuple[str, ...] = ()
    holder: Unit | None = None


class LatinReader:
    """Find and choose units in Latin-letter text."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Use the gazetteer's Latin index."""
        self.gazetteer = gazetteer

    def read(self, text: str, within: frozenset[str] = frozenset()) -> Choice:
        """Return what `text` means, inside the stated units `within` (adcodes).

        The places of a list (Wuhan and Chengdu), and a province and a city that contradict each
        other (Hefei, Jiangsu), are several.
        """
        whole = self._read_one(text, within)
        if not whole.namings and (joined := self._read_joined(text, within)) is not None:
            return joined
        pieces = _LIST.split(text)
        if len(pieces) == 1 or _LIST.search(whole.matched or ""):
            return whole
        listed = [self._read_one(piece, within) for piece in pieces]
        return several(listed, self.gazetteer) or whole

    def _read_joined(self, text: str, within: frozenset[str]) -> Choice | None:
        """Return the places that hyphens join: Beijing-Tianjin-Hebei; None unless all are known."""
        pieces = _HYPHEN.split(_REGION.sub("", text.strip()))
        choices = [self._read_one(piece, within) for piece in pieces]
        if len(pieces) < 2 or not all(choice.namings for choice in choices):
            return None
        return several(choices, self.gazetteer)

    def _read_one(self, text: str, within: frozenset[str]) -> Choice:
        """Return what `text` means, taking it for the name of one place."""
        parts = parse_latin(text)
        ways = [self._descend(parts[::-1], within)]
        if len(parts) > 1:
            ways.append(self._descend(parts, within))
        best = max(ways, key=lambda way: len(way.matched))
        if len(parts) > 1 and len(best.matched) == 1:
            one, other = (self._decided(way) for way in ways)
            if contradict(one, other, self.gazetteer):
                return several([one, other], self.gazetteer) or one
        return self._decided(best if best.namings else self._search(text, within))

    def _decided(self, best: _State) -> Choice:
        """Choose among the units that are left."""
        if not best.namings:
            return NOTHING
        matched = ", ".join(best.matched)
        # Yun'an and Yunan are one key, but not one name.
        exact = [n for n in best.namings if n.unit.name_en == best.matched[-1]]
        if len(exact) == 1 and "'" in f"{[n.unit.name_en for n in best.namings]}":
            best = best._replace(namings=tuple(exact))
        choice = decide(best.namings, matched, len(best.matched), self.gazetteer)
        if any(_is_unit(n.unit) or n.unit.parent_adcode for n in choice.namings):
            return choice
        holder = best.holder
        if holder and any(holder.adcode in self.gazetteer.codes_of(n.unit) for n in choice.namings):
            return choice  # the place knows its prefecture, the text only its province
        return choice._replace(holder=holder)

    def _descend(self, parts: Sequence[LatinName], within: frozenset[str]) -> _State:
        """Fit the parts one into the other, from the coarsest."""
        state = _State()
        for part in parts:
            inner = self._inside(state, part, within)
            if not inner and (nested := self._words_inside(state, part, within)) is not None:
                state = nested
                continue
            # Several towns of one name in one county: the county is what we know.
            is_settled = len(state.namings) == 1 and len(inner) > 1 and _are_places(inner)
            if inner and not is_settled:
                is_one = len(state.namings) == 1 and not _are_places(state.namings)
                holder = state.namings[0].unit if is_one else None
                state = _State(inner, (*state.matched, part.written), holder)
        return state

    def _words_inside(
        self, state: _State, part: LatinName, within: frozenset[str]
    ) -> _State | None:
        """Read a part that begins with the unit it lies in: Chengdu Tianfu New Area.

        Where only the beginning is known it alone counts: Wuhan Iron Works.
        """
        words = part.written.split()
        if not state.namings or len(words) < 2 or names_no_place(part.written):
            return None
        for size in range(min(len(words) - 1, LONGEST_NAME), 0, -1):
            first = parse_latin_part(" ".join(words[:size]))
            outer = self._around(state, first, within) if first is not None else ()
            if len(outer) != 1 or not _is_unit(outer[0].unit):
                continue
            found = _State(outer, (*state.matched, " ".join(words[:size])), outer[0].unit)
            rest = parse_latin_part(" ".join(words[size:]))
            inner = self._inside(found, rest, within) if rest is not None else ()
            if len(inner) == 1 and self.gazetteer.holds(outer[0].unit, inner[0].unit):
                return _State(inner, (*found.matched, " ".join(words[size:])), outer[0].unit)
            return found
        return None

    def _around(
        self, state: _State, first: LatinName, within: frozenset[str]
    ) -> tuple[Naming, ...]:
        """Return the unit of a part's first words: that of the state said again, or one inside."""
        for key in first.keys:
            again = self._again(state.namings, self.gazetteer.latin.get(key, ()))
            if again and any(n.unit.name_en == first.written for n in again):
                return tuple(again)
        return self._inside(state, first, within)

    def _inside(self, state: _State, part: LatinName, within: frozenset[str]) -> tuple[Naming, ...]:
        """Return the units of a part that lie in those of the state (any, when there are none)."""
        for key, kind in _keys(part):
            named = [n for n in self._named(key) if within <= self.gazetteer.codes_of(n.unit)]
            if state.namings:
                found = _of_admin_kind(self._deeper(state.namings, named), kind)
                again = _of_admin_kind(self._again(state.namings, named), kind)
                if again and not found:  # the kind is that of the name around it
                    return tuple(again)
            else:
                found = [n for n in named if kind or n.rank < VARIANT]
            if found := _of_kind(found, kind):
                return tuple(found)
            if moved := self._moved(state.namings, named, kind):
                return moved
        return ()

    def _moved(
        self, outer: Sequence[Naming], named: Sequence[Naming], kind: str | None
    ) -> tuple[Naming, ...]:
        """Return the one county of this name in the province, although in another prefecture.

        Counties change prefectures and sources are slow to follow: Dehui is Changchun's today.
        """
        provinces = {naming.unit.province_adcode for naming in outer}
        counties = _of_kind([n for n in named if n.unit.level == "county"], kind)
        there = tuple(n for n in counties if n.unit.province_adcode in provinces)
        return there if len(there) == 1 and kind in _COUNTY_KINDS else ()

    def _named(self, key: str) -> list[Naming]:
        """Return what a key means: units by their names, places, and units by a place's name."""
        namings = list(self.gazetteer.latin.get(key, ()))
        known = {naming.unit.unit_id for naming in namings}
        places = (one for one in self.gazetteer.places_spelt(key) if one.unit_id not in known)
        return [*namings, *(Naming(one, FORMER if _is_unit(one) else FULL) for one in places)]

    def _deeper(self, outer: Sequence[Naming], inner: Sequence[Naming]) -> list[Naming]:
        """Keep the inner units that lie in an outer one."""
        return [n for n in inner if any(self.gazetteer.holds(o.unit, n.unit) for o in outer)]

    def _again(self, outer: Sequence[Naming], inner: Sequence[Naming]) -> list[Naming]:
        """Keep the outer units that are named once more, or whose holder is."""
        again = {n.unit.adcode for n in inner if n.unit.adcode}
        return [n for n in outer if again & self.gazetteer.codes_of(n.unit)]

    def _search(self, text: str, within: frozenset[str]) -> _State:
        """Look for unit names in prose, the first run of capitalised words that has one."""
        if len(text) < _SHORT_TEXT and text.islower():  # beijing haidian district
            text = text.title()
        for run in capitalised_runs(text):
            state = _State()
            for name, namings in self._names_in(run):
                found = tuple(n for n in namings if within <= self.gazetteer.codes_of(n.unit))
                if state.namings:  # Shenzhen Nanshan Science Park lies in Nanshan
                    deeper = self._deeper(state.namings, found)
                    found = tuple(deeper or self._again(state.namings, found))  # Fuzhou Jiangxi
                if found:
                    state = _State(found, (*state.matched, name))
            if state.namings:
                return state
        return _State()

    def _names_in(self, run: Sequence[str]) -> Iterator[tuple[str, tuple[Naming, ...]]]:
        """Yield the units named in a run of words, longest names first at each word."""
        at = 0
        while at < len(run):
            for size in range(min(LONGEST_NAME, len(run) - at), 0, -1):
                name = " ".join(run[at : at + size])
                key = latin_key(name)
                namings = self.gazetteer.latin.get(key, ()) if len(key) > _TOO_SHORT else ()
                if sure := tuple(naming for naming in namings if naming.rank < VARIANT):
                    yield name, sure
                    at += size - 1
                    break
            at += 1

    def places_named(self, text: str) -> tuple[Naming, ...]:
        """Return the towns and places that a text of one part may name."""
        parts = parse_latin(text)
        if len(parts) != 1:
            return ()
        for key, _ in _keys(parts[0]):
            if places := self.gazetteer.places_spelt(key):
                return tuple(Naming(place, FULL) for place in places)
        return ()

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield every name of a unit in a document, for what it says of its neighbours."""
        for run in capitalised_runs(text):
            for name, namings in self._names_in(run):
                yield mention(name, namings)


def _are_places(namings: Iterable[Naming]) -> bool:
    return any(naming.unit.level in _PLACE_LEVELS for naming in namings)


def _keys(part: LatinName) -> Iterable[tuple[str, str | None]]:
    """Yield the keys of a part with their kinds: as written, then without a glued syllable."""
    for key in part.keys:
        yield key, part.kind
    for key in part.keys:
        shorter, kind = split_glued(key)
        if shorter != key:
            yield shorter, part.kind or kind


def _of_admin_kind(found: Sequence[Naming], kind: str | None) -> list[Naming]:
    """Drop places where the words say it is a unit: Changchun City is no place in Changchun."""
    if kind not in _ADMIN_KINDS:
        return list(found)
    return [naming for naming in found if naming.unit.level not in _PLACE_LEVELS]


def _of_kind(found: Sequence[Naming], kind: str | None) -> list[Naming]:
    """Keep the units of the stated kind, if any is; else units before towns before places.

    Towns whose point is not known come last of all. A stated province is a province or nothing.
    """
    levels = _LEVELS_OF_KIND.get(kind or "", ())
    allowed = [naming for naming in found if naming.unit.level in levels]
    surest = min((naming.rank for naming in allowed), default=FULL)
    for level in levels:
        of_level = [n for n in allowed if n.unit.level == level and n.rank == surest]
        ending = _ENDING_OF_KIND.get(kind or "", "")
        exact = [n for n in of_level if (n.unit.name_zh or "").endswith(ending)]
        # A county is a zone only by its name: Binhai New Area, and no park's name means 肃州区.
        if exact or (of_level and (kind, level) != ("zone", "county")):
            return exact or of_level
    if kind == "province":
        return []
    for is_wanted in (_is_unit, _is_located_town, _is_located):
        if kept := [naming for naming in found if is_wanted(naming.unit)]:
            return kept
    return list(found)


def _is_unit(unit: Unit) -> bool:
    return unit.level not in _PLACE_LEVELS


def _is_located(unit: Unit) -> bool:
    return unit.method != TOWN_AT_COUNTY


def _is_located_town(unit: Unit) -> bool:
    return unit.level == "town" and _is_located(unit)
