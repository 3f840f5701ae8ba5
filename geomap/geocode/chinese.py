"""Read the units out of a Chinese address: one pass over the text, then a memoised choice.

The pass finds unit names leftmost-longest, drops those that belong to a road, an institution, a
company's bracket or a town, and hands the few that are left to `choose`, which knows only the
hierarchy. Equal sequences of names have equal answers, so each is decided once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from geomap.gazetteer import FULL, SHORT, TIED, VARIANT, Gazetteer, NameIndex, Naming, Unit
from geomap.gazetteer.unit import own_codes
from geomap.geocode.choice import (
    NOTHING,
    Choice,
    Mention,
    contradict,
    decide,
    mention,
    several,
)

# After a short name these make it the name of a road, a school, a town or a company, not of the
# unit.
_ROAD = "[东西南北中]{0,2}[一二三四五六七八九十]?(?:路|街|大街|大道|巷|弄|胡同|高速|公路|铁路|高架)"
_SCHOOL = "[^市县区镇乡路街道号,，;；()（）0-9]{0,8}?(?:大学|学院)(?![路街])"
_TOWN = "镇|乡(?!村)|街道|村|社区|苏木|湾|门|里弄|局|分局|派出所|宿舍"
_COMPANY = "集团|股份|控股|银行|证券|有限公司|公司|汽车(?:集团|股份|有限|公司|$)"
_OTHER = re.compile(f"{_TOWN}|{_ROAD}|{_COMPANY}")
_SCHOOL_AHEAD = re.compile(_SCHOOL)
# 浙江省级机关 is an office; it says nothing of where it stands.
_NOT_THE_PROVINCE = re.compile("级|属")
_SEPARATORS = " \t,，、。;；:：·/\\|-_—>~"
_GAP = re.compile(
    rf"[{re.escape(_SEPARATORS)}()（）\[\]【】]*(?:中国)?[{re.escape(_SEPARATORS)}]*原?"
)
_OPENING, _CLOSING = frozenset("(（[【"), frozenset(")）]】")
# What a gap or the joint of a list ends in.
_JOINTS = frozenset(f"{_SEPARATORS}()（）[]【】国原&和及与")
_COUNTRY = "中国"
_HIGH_LEVELS = frozenset({"province", "prefecture"})
_WIDE = ("省", "州", "地区", "盟")
# Stand before a name: where an address starts anew (江苏省无锡市中国浙江省杭州市), where other
# words come between it and the name before, and where it is the next of a list (武汉、成都).
RESTART, APART, LISTED = -1, -2, -3
# (name, start, end) in a text.
_Match = tuple[int, int, int]
_LIST = re.compile(r"\s*[、;；&]\s*|和|及|以及|与")
_NOWHERE: frozenset[str] = frozenset()
# The one living unit a name means, its adcode and those of all it lies in; else nothing.
_Sole = tuple[Naming | None, str | None, frozenset[str]]
_NO_SOLE: _Sole = (None, None, _NOWHERE)


def _lengths_by_first(names: NameIndex) -> dict[str, tuple[int, ...]]:
    """Return the lengths of the surer names, longest first, by their first two characters."""
    lengths: dict[str, set[int]] = {}
    for text, rank in zip(names.texts, names.ranks, strict=True):
        if rank < VARIANT:
            lengths.setdefault(text[:2], set()).add(len(text))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


class ChineseReader:
    """Find and choose units in Chinese text.

    names: the names of units by number.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Build the automaton over the gazetteer's Chinese names; its patterns are numbered so."""
        self.gazetteer = gazetteer
        self.names = gazetteer.names
        self._full_lengths = _lengths_by_first(self.names)
        self._find = AhoCorasick(
            self.names.texts,
            matchkind=MatchKind.LeftmostLongest,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        ).find_matches_as_indexes
        self._soles: list[_Sole | None] = [None] * len(self.names)

    def scan(self, text: str, unfolded: list[_Match] | None = None) -> tuple[tuple[int, ...], int]:
        """Return the names in `text` that stand for units, in order, and where the last one ends.

        Names are numbers of `names`, with RESTART, APART and LISTED between them. unfolded: the
        matches after a short name among them turned out to run into a full one by a character,
        and then the full one counts: 江苏省 in 镇江苏省.
        """
        kept: list[int] = []
        reached = 0
        ranks, full_lengths = self.names.ranks, self._full_lengths
        matches: list[_Match] = self._find(text) if unfolded is None else unfolded
        for name, start, end in matches:
            if ranks[name] < VARIANT:
                if start != reached and not _stands_alone(text, start, end, reached):
                    continue
            elif unfolded is None and text[end - 1 : end + 1] in full_lengths:
                return self.scan(text, self._unfolded(text, matches))
            elif not self._is_unit(text, start, end, reached, name, bool(kept), matches):
                continue
            if start != reached and kept:
                if text.endswith(_COUNTRY, reached, start):
                    kept.append(RESTART)
                elif _LIST.fullmatch(text, reached, start):
                    kept.append(LISTED)
                elif not _is_gap(text, reached, start):
                    kept.append(APART)
            kept.append(name)
            reached = end
        return tuple(kept), reached

    def _unfolded(self, text: str, matches: list[_Match]) -> list[_Match]:
        """Return leftmost-longest matches with full names before the short ones in their way."""
        for at, (name, _, end) in enumerate(matches):
            if self.names.ranks[name] >= SHORT:
                full = self._full_name_at(text, end - 1)
                if full is not None and not self._is_followed(name, end, matches):
                    reached = end - 1 + len(self.names.texts[full])
                    after = text[reached:]
                    rest = self._unfolded(after, self._find(after))
                    moved = [(n, first + reached, last + reached) for n, first, last in rest]
                    return [*matches[:at], (full, end - 1, reached), *moved]
        return matches

    def _is_followed(self, name: int, end: int, matches: list[_Match]) -> bool:
        """Tell whether a unit inside it is named where a short name ends: 渭南华县, 台州路桥."""
        for after, start, _ in matches:
            if start == end:
                namings = self.names.namings(after)
                return any(
                    _is_deeper(a.unit, b.unit) for a in self.names.namings(name) for b in namings
                )
        return False

    def _full_name_at(self, text: str, start: int) -> int | None:
        """Return the longest full or former name that starts at a position, or None."""
        for length in self._full_lengths.get(text[start : start + 2], ()):
            number = self.names.numbers.get(text[start : start + length])
            if number is not None and self.names.ranks[number] < VARIANT:
                return number
        return None

    def _is_unit(
        self,
        text: str,
        start: int,
        end: int,
        reached: int,
        name: int,
        has_kept: bool,
        matches: list[_Match],
    ) -> bool:
        """Tell whether a short name stands for its unit here."""
        rank = self.names.ranks[name]
        if rank == TIED and not (has_kept and _is_gap(text, reached, start)):
            return False
        if start != reached and not self._may_start(text, start, end, reached, name, has_kept):
            return False
        if rank < SHORT or not _is_of_another(text, end):
            return True
        return self._is_followed(name, end, matches)

    def _may_start(
        self, text: str, start: int, end: int, reached: int, name: int, has_kept: bool
    ) -> bool:
        """Tell whether a short name may count where other characters stand before it."""
        if text[start - 1] in _JOINTS:
            if _is_gap(text, reached, start):
                return True
            if has_kept and _LIST.fullmatch(text, reached, start):
                return True
            if _fills_bracket(text, start, end):
                return False
            if text[start - 1] in _SEPARATORS:
                return True
        return not has_kept and self.names.high[name]

    def read(self, text: str, within: frozenset[str] = frozenset()) -> Choice:
        """Return what normalised `text` means, inside the stated units `within` (adcodes)."""
        return self.choose(self.scan(text)[0], within)

    def choose(self, names: tuple[int, ...], within: frozenset[str] = frozenset()) -> Choice:
        """Choose among the units that a sequence of names may mean by the hierarchy alone.

        The first chain of names wins unless a later one states more levels; behind a restart it
        need only state as many. The places of a list, and a province and a city that contradict
        each other (江苏省合肥市), are several.
        """
        if LISTED in names:
            listed = [self.choose(part, within) for part in _parts(names, LISTED)]
            if (choice := several(listed, self.gazetteer)) is not None:
                return choice
        if not within and (found := self._nested(names) or self._straight(names)) is not None:
            return found
        chains = self._chains(names, within)
        if len(chains) > 1 and RESTART in names:
            ends = [self._chains(part, within) for part in _parts(names, RESTART)]
            best = [_longest(end) for end in ends if end]
            return self._decide(max(best[::-1], key=lambda chain: len(chain.texts)))
        if len(chains) > 1 and APART not in names and all(len(one.texts) == 1 for one in chains):
            first, *others = [self._decide(chain) for chain in chains]
            if any(contradict(first, other, self.gazetteer) for other in others):
                return several([first, *others], self.gazetteer) or first
        return self._clearest(chains) if chains else NOTHING

    def _clearest(self, chains: Sequence[_Chain]) -> Choice:
        """Decide the longest chain; a clear city beats the nickname before it: 江城武汉."""
        best = _longest(chains)
        choice = self._decide(best)
        if len(choice.namings) < 2 or any(naming.rank != SHORT for naming in choice.namings):
            return choice
        equal = (self._decide(one) for one in chains if len(one.texts) == len(best.texts))
        clear = (one for one in equal if len(one.namings) == 1)
        return next((one for one in clear if one.namings[0].unit.level in _HIGH_LEVELS), choice)

    def _nested(self, names: tuple[int, ...]) -> Choice | None:
        """Choose where each name means one living unit, inside, around or equal to that before.

        Two addresses in three are so; what this gives, `_straight` or the chains would give too.
        """
        soles, texts_of = self._soles, self.names.texts
        texts: list[str] = []
        chosen, held, codes = _NO_SOLE
        for at, name in enumerate(names, 1):
            if name < 0 or (text := texts_of[name]) in texts:
                continue
            naming, adcode, above = soles[name] or self._sole_of(name)
            if naming is not None and (chosen is None or held in above):
                chosen, held, codes = naming, adcode, above
            elif naming is None or adcode not in codes:
                if at < len(names) or not self._is_stray(name, chosen, names):
                    return None
                break
            texts.append(text)
        code = "stated_parent" if len(texts) > 1 else "only_unit"
        return None if chosen is None else Choice((chosen,), " ".join(texts), code)

    def _is_stray(self, name: int, chosen: Naming | None, names: tuple[int, ...]) -> bool:
        """Tell whether a name at the end that fits nothing starts a chain that cannot win.

        A short name does, and one whose chain, with the names before that hold it, stays shorter:
        the 城区 of 慈溪市城区 was a district of other cities.
        """
        naming, _, _ = self._soles[name] or _NO_SOLE
        if naming is not None and naming.rank >= VARIANT and not naming.former_provinces:
            return True
        before = {one for one in names[:-1] if one >= 0}
        if chosen is None or len(before) < 2 or RESTART in names:
            return False
        namings = self.names.namings(name)
        if any(self._inner(chosen, new) is not None for new in namings):
            return False
        codes = [self.gazetteer.codes[new.unit.unit_id] for new in namings]
        holders = [adcode for _, adcode, _ in map(self._sole_of, before)]
        above = sum(any(adcode in own for own in codes) for adcode in holders)
        return above + 1 < len(before)

    def _sole_of(self, name: int) -> _Sole:
        """Remember the one living unit a name means, and the adcodes of all it lies in."""
        sole: _Sole = _NO_SOLE
        namings = self.names.namings(name)
        if len(namings) == 1 and not namings[0].former and namings[0].unit.level != "zone":
            unit = namings[0].unit
            sole = namings[0], unit.adcode, self.gazetteer.codes[unit.unit_id]
        self._soles[name] = sole
        return sole

    def _straight(self, names: tuple[int, ...]) -> Choice | None:
        """Choose in the usual case, where names only narrow or repeat what stands before them.

        What this gives, the chains would give too, in several times the time; None leaves it to
        them.
        """
        left: tuple[Naming, ...] = ()
        texts: list[str] = []
        for at, name in enumerate(names, 1):
            if name < 0 or (text := self.names.texts[name]) in texts:
                continue
            namings = self.names.namings(name)
            inner = self._narrowed(left, namings) if left else namings
            is_last_short = at == len(names) and self.names.ranks[name] >= VARIANT
            if inner == () and is_last_short and len(left) == 1:
                break  # it starts a chain that cannot win
            if not inner or inner[0].unit.level == "zone":
                return None
            left = inner
            texts.append(text)
        return decide(left, " ".join(texts), len(texts), self.gazetteer)

    def _narrowed(
        self, left: tuple[Naming, ...], namings: tuple[Naming, ...]
    ) -> tuple[Naming, ...] | None:
        """Return the namings inside those left, () for none, None where it is not that simple."""
        if len(left) == 1 and len(namings) == 1:
            only = self._inner(left[0], namings[0])
            return () if only is None else (only,)
        if len(left) == 1:
            related = [self._inner(left[0], new) for new in namings]
            kept = tuple([naming for naming in related if naming is not None])
            return kept if len(kept) < 2 else None
        codes = self.gazetteer.codes
        holders = {old.unit.adcode for old in left}
        above = frozenset[str]().union(*[codes[old.unit.unit_id] for old in left])
        if not above.isdisjoint([new.unit.adcode or "" for new in namings]):
            return None
        inner = tuple([n for n in namings if not holders.isdisjoint(codes[n.unit.unit_id])])
        is_simple = inner or not any(naming.former for naming in (*left, *namings))
        return inner if is_simple else None

    def _chains(
        self, names: tuple[int, ...], within: frozenset[str] = frozenset()
    ) -> tuple[_Chain, ...]:
        """Fold names into chains."""
        chains: tuple[_Chain, ...] = ()
        for end in range(1, len(names) + 1):
            chains = self._with_next(chains, names[:end], within)
        return chains

    def _with_next(
        self, chains: tuple[_Chain, ...], names: tuple[int, ...], within: frozenset[str]
    ) -> tuple[_Chain, ...]:
        """Add the last of `names`; one that contradicts all chains starts another."""
        name = names[-1]
        if name < 0:
            return chains
        grown = [self._grow(chain, name) for chain in chains]
        if any(grown):
            return tuple([new or old for new, old in zip(grown, chains, strict=True)])
        if self.names.ranks[name] == TIED:
            return chains
        namings = self.names.namings(name)
        fitting = self._fitting(namings, within) if within else namings
        if not fitting:
            return chains
        above = self._above(names[:-1], fitting) if chains else ()
        texts = (*above, self.names.texts[name])
        county = _sure_county(fitting, chains) if names[-2:-1] != (APART,) else None
        return (*chains, _Chain((county,) if county else fitting, texts, (), county is not None))

    def _above(self, seen: Sequence[int], namings: Sequence[Naming]) -> list[str]:
        """Return the earlier names that hold a new one, although the one before it does not."""
        held = frozenset[str]().union(*(self.gazetteer.codes_of(n.unit) for n in namings))
        own = {naming.unit.adcode for naming in namings}
        return [
            self.names.texts[name]
            for name in dict.fromkeys(seen)
            if name >= 0 and any(n.unit.adcode in held - own for n in self.names.namings(name))
        ]

    def _fitting(self, namings: tuple[Naming, ...], within: frozenset[str]) -> tuple[Naming, ...]:
        """Keep the units that lie in all the stated ones, or once lay in that province."""
        return tuple(
            naming
            for naming in namings
            if within <= self.gazetteer.codes_of(naming.unit) | naming.former_provinces
        )

    def _grow(self, chain: _Chain, name: int) -> _Chain | None:
        """Return the chain with one more name, or None when the name contradicts it."""
        namings = self.names.namings(name)
        left = self._within(chain.namings, namings)
        if not left:
            return None
        text = self.names.texts[name]
        texts = chain.texts if text in chain.texts else (*chain.texts, text)
        counties = [n.unit for n in (*chain.namings, *namings) if n.unit.level == "county"]
        return _Chain(left, texts, (*chain.counties, *counties), chain.follows)

    def _within(
        self, before: tuple[Naming, ...], namings: tuple[Naming, ...]
    ) -> tuple[Naming, ...]:
        """Return the finer of every two of the namings before and new that fit."""
        if len(before) == len(namings) == 1:
            only = self._inner(before[0], namings[0])
            return () if only is None else (only,)
        inner: dict[tuple[int, str | None], Naming] = {}
        for old in before:
            for new in namings:
                kept = self._inner(old, new)
                if kept is None:
                    continue
                known = inner.setdefault((kept.unit.unit_id, kept.former), kept)
                if kept.rank < known.rank:  # 大理市 in 大理 大理市 is the city by its full name
                    inner[kept.unit.unit_id, kept.former] = kept
        return _deeper_namesakes(before, tuple(inner.values()))

    def _inner(self, old: Naming, new: Naming) -> Naming | None:
        """Return the finer of two namings when one unit lies in the other, else None."""
        codes, outer, unit = self.gazetteer.codes, old.unit, new.unit
        if outer is unit:
            return old if old.former and (old.rank <= new.rank or not new.former) else new
        if unit.adcode and unit.adcode in codes[outer.unit_id]:
            return old
        if outer.adcode and outer.adcode in codes[unit.unit_id]:
            return new if new.former or not old.former else new._replace(former=old.former)
        if outer.adcode in new.former_provinces:
            return new
        if old.held_counties and outer.level == "county" and _are_siblings(outer, unit):
            return new
        return None

    def _decide(self, chain: _Chain) -> Choice:
        choice = decide(chain.namings, " ".join(chain.texts), len(chain.texts), self.gazetteer)
        if not any(naming.unit.level == "zone" for naming in choice.namings):
            return choice
        members = {code for naming in choice.namings for code in naming.unit.members}
        stated = {county for county in chain.counties if county.adcode in members}
        return choice._replace(holder=stated.pop()) if len(stated) == 1 else choice

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield every name of a unit in a document, for what it says of its neighbours."""
        for name, _, end in self._unfolded(text, self._find(text)):
            if self.names.ranks[name] == TIED:
                continue
            is_short = self.names.ranks[name] >= VARIANT
            if is_short and (not self.names.high[name] or _is_of_another(text, end)):
                continue
            yield mention(self.names.texts[name], self.names.namings(name))


class _Chain(NamedTuple):
    """Names that fit one inside the other, the units they leave, and the counties they state.

    follows: whether it began with one county's full name right behind the name before.
    """

    namings: tuple[Naming, ...]
    texts: tuple[str, ...]
    counties: tuple[Unit, ...]
    follows: bool


def _longest(chains: Sequence[_Chain]) -> _Chain:
    """Return the chain of most names; of equals the first, unless a county follows a stale city.

    安徽省六安市寿县 is 寿县, which another city runs today.
    """
    best = chains[0]
    for chain in chains[1:]:
        is_longer = len(chain.texts) > len(best.texts)
        is_equal = len(chain.texts) == len(best.texts)
        if is_longer or (is_equal and chain.follows and _left_its_city(chain, best)):
            best = chain
    return best


def _left_its_city(chain: _Chain, before: _Chain) -> bool:
    """Tell whether a chain's county lies in the same province, but in another prefecture."""
    prefectures = {naming.unit.prefecture_adcode for naming in before.namings}
    provinces = {naming.unit.province_adcode for naming in before.namings}
    return all(
        naming.unit.prefecture_adcode not in prefectures
        and naming.unit.province_adcode in provinces
        for naming in chain.namings
    )


def _sure_county(namings: Sequence[Naming], before: Sequence[_Chain]) -> Naming | None:
    """Return the one county that a name means in full, in the provinces spoken of, or None."""
    provinces = {naming.unit.province_adcode for chain in before for naming in chain.namings}
    sure = [
        naming
        for naming in namings
        if naming.rank < VARIANT and (not provinces or naming.unit.province_adcode in provinces)
    ]
    return sure[0] if len(sure) == 1 and sure[0].unit.level == "county" else None


def _deeper_namesakes(before: tuple[Naming, ...], after: tuple[Naming, ...]) -> tuple[Naming, ...]:
    """Read a province's or autonomous prefecture's name said again as its city: 吉林省吉林."""
    if len(before) != 1 or before[0].rank != FULL or len(after) < 2:
        return after
    outer = before[0].unit
    deeper = tuple(naming for naming in after if naming.unit is not outer)
    said_again = len(deeper) < len(after) and (outer.name_zh or "").endswith(_WIDE)
    return deeper if said_again and deeper else after


def _parts(names: tuple[int, ...], mark: int) -> tuple[tuple[int, ...], ...]:
    """Split a sequence of names at a mark."""
    if mark not in names:
        return (names,)
    at = len(names) - 1 - names[::-1].index(mark)
    return (*_parts(names[:at], mark), names[at + 1 :])


def _is_deeper(outer: Unit, inner: Unit) -> bool:
    return outer is not inner and outer.adcode in own_codes(inner)


def _are_siblings(one: Unit, other: Unit) -> bool:
    return other.level == "county" and one.prefecture_adcode == other.prefecture_adcode


def _is_of_another(text: str, end: int) -> bool:
    """Tell whether what follows makes a name that of a road, a school, a town or a company."""
    if _OTHER.match(text, end) is not None:
        return True
    # To look for a school takes longest, and few texts name one.
    return "学" in text and _SCHOOL_AHEAD.match(text, end) is not None


def _stands_alone(text: str, start: int, end: int, reached: int) -> bool:
    """Tell whether a full name counts although other words stand before it."""
    if _is_gap(text, reached, start):
        return True
    return end - start > 2 and _NOT_THE_PROVINCE.match(text, end) is None


def _is_gap(text: str, reached: int, start: int) -> bool:
    """Tell whether only separators, brackets or 中国 stand between two positions."""
    if start == reached:
        return True
    return text[start - 1] in _JOINTS and _GAP.fullmatch(text, reached, start) is not None


def _fills_bracket(text: str, start: int, end: int) -> bool:
    """Tell whether the name alone fills a bracket behind other words: 中国移动(贵州)."""
    return text[start - 1] in _OPENING and text[end : end + 1] in _CLOSING
