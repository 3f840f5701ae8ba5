"""Read the units out of a Chinese address: one pass over the text, then a memoised choice.

The pass finds unit names leftmost-longest, drops those that belong to a road, an institution, a
company's bracket or a town, and hands the few that are left to `choose`, which knows only the
hierarchy. Equal sequences of names have equal answers, so each is decided once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import ahocorasick

from geomap.gazetteer import FULL, SHORT, VARIANT, Gazetteer, Naming, Unit
from geomap.geocode.choice import NOTHING, Choice, Mention, decide

# After a short name these make it the name of a road, a school or a town, not of the unit.
_ROAD = "[东西南北中]{0,2}[一二三四五六七八九十]?(?:路|街|大街|大道|巷|弄|胡同|高速|公路|铁路|高架)"
_SCHOOL = "[^市县区镇乡路街道号,，;；()（）0-9]{0,8}?(?:大学|学院)(?![路街])"
_TOWN = "镇|乡(?!村)|街道|村|社区|苏木|湾|里弄|局|分局|派出所|宿舍"
_NOT_THE_UNIT = re.compile(f"{_TOWN}|{_ROAD}|{_SCHOOL}")
# 浙江省级机关 is an office; it says nothing of where it stands.
_NOT_THE_PROVINCE = re.compile("级|属")
_SEPARATORS = " \t,，、。;；:：·/\\|-_—>~"
_GAP = re.compile(rf"[{re.escape(_SEPARATORS)}()（）\[\]【】]*(?:中国)?[{re.escape(_SEPARATORS)}]*")
_OPENING, _CLOSING = frozenset("(（[【"), frozenset(")）]】")
_COUNTRY = "中国"
_WIDE = ("省", "州", "地区", "盟")
# Stand before a name: where an address starts anew (江苏省无锡市中国浙江省杭州市), and where other
# words come between it and the name before.
RESTART, APART = -1, -2


class Lexicon:
    """The names of the automaton by number, in parallel lists.

    texts: the names. lengths: in characters. ranks: the surest rank among a name's meanings.
    namings: its meanings. high: whether it may mean a province or prefecture.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Number all Chinese names of two characters or more."""
        self.texts: list[str] = []
        self.lengths: list[int] = []
        self.ranks: list[int] = []
        self.namings: list[tuple[Naming, ...]] = []
        self.high: list[bool] = []
        self.numbers: dict[str, int] = {}
        for text, namings in gazetteer.names.items():
            if len(text) > 1:
                self._add(text, tuple(namings))
        for text, naming in _joined_names(gazetteer):
            if text not in self.numbers:
                self._add(text, (naming,))

    def _add(self, text: str, namings: tuple[Naming, ...]) -> None:
        self.numbers[text] = len(self.texts)
        self.texts.append(text)
        self.lengths.append(len(text))
        self.ranks.append(min(naming.rank for naming in namings))
        self.namings.append(namings)
        levels = {naming.unit.level for naming in namings}
        self.high.append(not levels.isdisjoint({"province", "prefecture"}))

    def automaton(self) -> ahocorasick.Automaton:
        """Build the leftmost-longest automaton: name -> number."""
        automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for text, number in self._guards():
            automaton.add_word(text, number)
        for text, number in self.numbers.items():
            automaton.add_word(text, number)
        automaton.make_automaton()
        return automaton

    def _guards(self) -> Iterator[tuple[str, int]]:
        """Yield a short name run into by a full one: in 镇江苏省 it is 江苏省 that counts."""
        by_first: dict[str, list[str]] = {}
        for text, number in self.numbers.items():
            if self.ranks[number] < VARIANT:
                by_first.setdefault(text[0], []).append(text)
        for text, number in self.numbers.items():
            if self.ranks[number] == SHORT:
                for full in by_first.get(text[-1], ()):
                    yield text[:-1] + full, self.numbers[full]


def _joined_names(gazetteer: Gazetteer) -> Iterator[tuple[str, Naming]]:
    """Yield names that share the 市 between city and district: 青岛 + 市北区 = 青岛市北区."""
    for unit in gazetteer.units:
        city = gazetteer.by_adcode.get(unit.prefecture_adcode or "")
        name = unit.name_zh or ""
        if unit.level == "county" and name.startswith("市") and city and city.name_zh:
            yield city.name_zh + name[1:], Naming(unit, FULL)


class Scan(NamedTuple):
    """The names found in a text, by number, and where the last one ends."""

    names: tuple[int, ...]
    end: int


class ChineseReader:
    """Find and choose units in Chinese text."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Build the automaton over the gazetteer's Chinese names."""
        self.gazetteer = gazetteer
        self.lexicon = Lexicon(gazetteer)
        self.automaton = self.lexicon.automaton()

    def scan(self, text: str) -> Scan:
        """Return the names in normalised `text` that stand for units, in their order."""
        lexicon, reached = self.lexicon, 0
        kept: list[int] = []
        lengths, ranks = lexicon.lengths, lexicon.ranks
        for last, name in self.automaton.iter_long(text):
            end = last + 1
            start = end - lengths[name]
            if ranks[name] < VARIANT:
                if start != reached and not self._stands_alone(text, start, end, reached, name):
                    continue
            elif not self._is_unit(text, start, end, reached, name, bool(kept)):
                continue
            if kept and start != reached:
                if text.endswith(_COUNTRY, reached, start):
                    kept.append(RESTART)
                elif not _is_gap(text, reached, start):
                    kept.append(APART)
            kept.append(name)
            reached = end
        return Scan(tuple(kept), reached)

    def _stands_alone(self, text: str, start: int, end: int, reached: int, name: int) -> bool:
        """Tell whether a full name counts although other words stand before it."""
        if _is_gap(text, reached, start):
            return True
        return self.lexicon.lengths[name] > 2 and _NOT_THE_PROVINCE.match(text, end) is None

    def _is_unit(
        self, text: str, start: int, end: int, reached: int, name: int, has_kept: bool
    ) -> bool:
        """Tell whether a short name stands for its unit here."""
        if self.lexicon.ranks[name] == SHORT and _NOT_THE_UNIT.match(text, end):
            return False
        if start == reached or _is_gap(text, reached, start):
            return True
        if _fills_bracket(text, start, end):
            return False
        return text[start - 1] in _SEPARATORS or (not has_kept and self.lexicon.high[name])

    def read(self, text: str, within: frozenset[str] = frozenset()) -> Choice:
        """Return what normalised `text` means, inside the stated units `within` (adcodes)."""
        return self.choose(self.scan(text).names, within)

    def choose(self, names: Sequence[int], within: frozenset[str] = frozenset()) -> Choice:
        """Choose among the units that a sequence of names may mean by the hierarchy alone.

        The first chain of names wins unless a later one states more levels; behind a restart it
        need only state as many.
        """
        chains = self._chains(names, within)
        if len(chains) > 1 and RESTART in names:
            ends = [self._chains(part, within) for part in _parts(names)]
            best = [_longest(end) for end in ends if end]
            return self._decide(max(best[::-1], key=lambda chain: len(chain.texts)))
        return self._decide(_longest(chains)) if chains else NOTHING

    def _chains(self, names: Sequence[int], within: frozenset[str]) -> list[_Chain]:
        """Fold names into chains; a name that contradicts all of them starts another."""
        chains: list[_Chain] = []
        seen: list[int] = []
        is_apart = False
        for name in names:
            if name < 0:
                is_apart = name == APART
                continue
            grown = [self._grow(chain, name) for chain in chains]
            if any(chain is not None for chain in grown):
                chains = [new or old for new, old in zip(grown, chains, strict=True)]
            elif fitting := self._fitting(self.lexicon.namings[name], within):
                texts = (*self._above(seen, fitting), self.lexicon.texts[name])
                chains.append(_Chain(fitting, texts, (), not is_apart))
            seen.append(name)
            is_apart = False
        return chains

    def _above(self, seen: Sequence[int], namings: Sequence[Naming]) -> list[str]:
        """Return the earlier names that hold a new one, although the one before it does not."""
        held = frozenset[str]().union(*(self.gazetteer.codes_of(n.unit) for n in namings))
        own = {naming.unit.adcode for naming in namings}
        lexicon = self.lexicon
        return [
            lexicon.texts[name]
            for name in dict.fromkeys(seen)
            if any(n.unit.adcode in held - own for n in lexicon.namings[name])
        ]

    def _fitting(self, namings: tuple[Naming, ...], within: frozenset[str]) -> tuple[Naming, ...]:
        """Keep the units that lie in all the stated ones, or once lay in that province."""
        if not within:
            return namings
        return tuple(
            naming
            for naming in namings
            if within <= self.gazetteer.codes_of(naming.unit) | {naming.former_province or ""}
        )

    def _grow(self, chain: _Chain, name: int) -> _Chain | None:
        """Return the chain with one more name, or None when the name contradicts it."""
        text, namings = self.lexicon.texts[name], self.lexicon.namings[name]
        inner: dict[tuple[int, str | None], Naming] = {}
        for old in chain.namings:
            for new in namings:
                if (kept := self._inner(old, new)) is not None:
                    inner[kept.unit.unit_id, kept.former] = kept
        if not inner:
            return None
        stated = tuple(n.unit for n in (*chain.namings, *namings) if n.unit.level == "county")
        texts = chain.texts if text in chain.texts else (*chain.texts, text)
        left = _deeper_namesakes(chain.namings, tuple(inner.values()))
        return chain._replace(namings=left, texts=texts, counties=(*chain.counties, *stated))

    def _inner(self, old: Naming, new: Naming) -> Naming | None:
        """Return the finer of two namings when one unit lies in the other, else None."""
        codes_of = self.gazetteer.codes_of
        if old.unit is new.unit:
            return old if old.former else new
        if old.unit.adcode and old.unit.adcode in codes_of(new.unit):
            return new
        if new.unit.adcode and new.unit.adcode in codes_of(old.unit):
            return old
        if new.former_province and new.former_province == old.unit.adcode:
            return new
        if old.former and old.unit.level == "county" and _are_siblings(old.unit, new.unit):
            return new
        return None

    def _decide(self, chain: _Chain) -> Choice:
        choice = decide(chain.namings, " ".join(chain.texts), len(chain.texts), self.gazetteer)
        zones = [n.unit for n in choice.namings if n.unit.level == "zone"]
        stated = {c for zone in zones for c in chain.counties if c.adcode in zone.members}
        return choice._replace(holder=stated.pop()) if len(stated) == 1 else choice

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield every name of a unit in a document, for what it says of its neighbours."""
        lexicon = self.lexicon
        for last, name in self.automaton.iter_long(text):
            is_short = lexicon.ranks[name] >= VARIANT
            if is_short and (not lexicon.high[name] or _NOT_THE_UNIT.match(text, last + 1)):
                continue
            units = dict.fromkeys(naming.unit for naming in lexicon.namings[name])
            yield Mention(lexicon.texts[name], tuple(units))


class _Chain(NamedTuple):
    """Names that fit one inside the other, the units they leave, and the counties they state.

    follows: whether its first name follows directly on the name before, or on nothing.
    """

    namings: tuple[Naming, ...]
    texts: tuple[str, ...]
    counties: tuple[Unit, ...]
    follows: bool


def _longest(chains: Sequence[_Chain]) -> _Chain:
    """Return the chain of most names; of equals a county that follows on the wrong city's name.

    安徽省六安市寿县 is 寿县, which another city runs today; otherwise the first chain wins.
    """
    return max(chains, key=lambda chain: (len(chain.texts), chain.follows and _is_county(chain)))


def _is_county(chain: _Chain) -> bool:
    return len(chain.texts) > 1 and all(
        naming.unit.level == "county" and naming.rank < VARIANT for naming in chain.namings
    )


def _deeper_namesakes(before: tuple[Naming, ...], after: tuple[Naming, ...]) -> tuple[Naming, ...]:
    """Read a province's or autonomous prefecture's name said again as its city: 吉林省吉林."""
    if len(before) != 1 or before[0].rank != FULL or len(after) < 2:
        return after
    outer = before[0].unit
    deeper = tuple(naming for naming in after if naming.unit is not outer)
    said_again = len(deeper) < len(after) and (outer.name_zh or "").endswith(_WIDE)
    return deeper if said_again and deeper else after


def _parts(names: Sequence[int]) -> Iterable[Sequence[int]]:
    """Split a sequence of names where an address starts anew."""
    if RESTART not in names:
        return (names,)
    at = len(names) - 1 - list(names)[::-1].index(RESTART)
    return (*_parts(names[:at]), names[at + 1 :])


def _are_siblings(one: Unit, other: Unit) -> bool:
    return other.level == "county" and one.prefecture_adcode == other.prefecture_adcode


def _is_gap(text: str, reached: int, start: int) -> bool:
    """Tell whether only separators, brackets or 中国 stand between two positions."""
    return _GAP.fullmatch(text, reached, start) is not None


def _fills_bracket(text: str, start: int, end: int) -> bool:
    """Tell whether the name alone fills a bracket behind other words: 中国移动(贵州)."""
    return text[start - 1] in _OPENING and text[end : end + 1] in _CLOSING
