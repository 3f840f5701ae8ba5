"""Read the units out of a Chinese address: one pass over the text, then a memoised choice.

The pass finds unit names leftmost-longest, drops those that belong to a road, an institution, a
company's bracket or a town, and hands the few that are left to `choose`, which knows only the
hierarchy. Equal sequences of names have equal answers, so each is decided once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import ahocorasick

from geomap.gazetteer import ADMIN_LEVELS, FULL, SHORT, Gazetteer, Naming, Unit

_DIRECTIONS = "东西南北中"
# After a short name these make it the name of a road, a school or a town, not of the unit.
_ROAD = f"[{_DIRECTIONS}]{{0,2}}[一二三四五六七八九十]?(?:路|街|大街|大道|巷|弄|胡同|高速|公路|铁路|高架)"
_SCHOOL = "[^市县区镇乡路街道号,，;；()（）0-9]{0,8}?(?:大学|学院)(?![路街])"
_TOWN = "(?:镇|乡(?!村)|街道|村|社区|苏木|湾|里弄|省|厅)"
_NOT_THE_UNIT = re.compile(f"{_TOWN}|{_ROAD}|{_SCHOOL}")
_NOT_THE_FULL = re.compile("级|属")
_GAP = re.compile(r"[\s,，、。;；:：·/\\|\-_—>()（）\[\]【】]*(?:中国)?[\s,，、/\-]*")
_CLOSING = frozenset(")）]】")
_OPENING = frozenset("(（[【")


class Word(NamedTuple):
    """A name in the automaton. full: an official, former or variant name, not a short one."""

    word_id: int
    text: str
    length: int
    full: bool
    namings: tuple[Naming, ...]


class Choice(NamedTuple):
    """What a sequence of names means: one unit, several (ambiguous) or none."""

    namings: tuple[Naming, ...]
    path: tuple[Unit, ...] = ()
    matched: str | None = None
    code: str = "nothing_found"
    by: str | None = None


NOTHING = Choice(())


def _words(gazetteer: Gazetteer) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for text, namings in gazetteer.names.items():
        if len(text) > 1:
            full = any(naming.rank < SHORT for naming in namings)
            found[text] = Word(len(found), text, len(text), full, tuple(namings))
    return found


def _joined_words(gazetteer: Gazetteer) -> Iterable[tuple[str, tuple[Naming, ...]]]:
    """Yield names that share the 市 between city and district: 青岛 + 市北区 = 青岛市北区."""
    for unit in gazetteer.units:
        city = gazetteer.by_adcode.get(unit.prefecture_adcode or "")
        name = unit.name_zh or ""
        if unit.level == "county" and name.startswith("市") and city and city.name_zh:
            yield city.name_zh + name[1:], (Naming(unit, FULL),)


def _guards(words: dict[str, Word]) -> Iterable[tuple[str, Word]]:
    """Yield a short name overlapped by a full one: in 镇江苏省 it is 江苏省 that counts."""
    by_first: dict[str, list[Word]] = {}
    for word in words.values():
        if word.full:
            by_first.setdefault(word.text[0], []).append(word)
    for short in [word for word in words.values() if not word.full]:
        for full in by_first.get(short.text[-1], ()):
            yield short.text[:-1] + full.text, full


def build_automaton(gazetteer: Gazetteer) -> tuple[ahocorasick.Automaton, list[Word]]:
    """Build the leftmost-longest automaton over all Chinese names of units and zones."""
    words = _words(gazetteer)
    for text, namings in _joined_words(gazetteer):
        if text not in words:
            words[text] = Word(len(words), text, len(text), True, namings)
    automaton = ahocorasick.Automaton()
    for text, word in _guards(words):
        if text not in words:
            automaton.add_word(text, word)
    for text, word in words.items():
        automaton.add_word(text, word)
    automaton.make_automaton()
    return automaton, list(words.values())


class ChineseReader:
    """Find and choose units in Chinese text."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Build the automaton over the gazetteer's Chinese names."""
        self.gazetteer = gazetteer
        self.automaton, self.words = build_automaton(gazetteer)
        self._memo: dict[tuple[Word, ...], Choice] = {}

    def scan(self, text: str) -> tuple[Word, ...]:
        """Return the names in normalised `text` that stand for units, in their order."""
        kept: list[Word] = []
        reached = 0
        for last, word in self.automaton.iter_long(text):
            end = last + 1
            start = end - word.length
            if word.full:
                if start != reached and (word.length < 3 or _NOT_THE_FULL.match(text, end)):
                    if not _bridged(text, reached, start):
                        continue
            elif not self._is_unit(text, start, end, reached, word, kept):
                continue
            kept.append(word)
            reached = end
        return tuple(kept)

    def _is_unit(
        self, text: str, start: int, end: int, reached: int, word: Word, kept: Sequence[Word]
    ) -> bool:
        """Tell whether a short name stands for its unit here."""
        if _NOT_THE_UNIT.match(text, end) or _in_company_bracket(text, start, end):
            return False
        if start == reached or _bridged(text, reached, start):
            return True
        return not kept and any(n.unit.level in {"province", "prefecture"} for n in word.namings)

    def read(self, text: str, within: frozenset[str] = frozenset()) -> Choice:
        """Return what normalised `text` means, inside the stated units `within` (adcodes)."""
        words = self.scan(text)
        if not words:
            return NOTHING
        if within:
            return choose(words, self.gazetteer, within)
        found = self._memo.get(words)
        if found is None:
            found = self._memo[words] = choose(words, self.gazetteer)
        return found


def _bridged(text: str, reached: int, start: int) -> bool:
    """Tell whether only separators stand between two positions."""
    return _GAP.fullmatch(text, reached, start) is not None


def _in_company_bracket(text: str, start: int, end: int) -> bool:
    """Tell whether the name alone fills a bracket behind words: 中国移动(贵州)."""
    return start > 1 and text[start - 1] in _OPENING and text[end : end + 1] in _CLOSING


class _Chain(NamedTuple):
    """Names that fit one inside the other, and the units they leave."""

    namings: tuple[Naming, ...]
    words: tuple[Word, ...]
    path: tuple[Unit, ...]


def choose(
    words: Sequence[Word], gazetteer: Gazetteer, within: frozenset[str] = frozenset()
) -> Choice:
    """Choose among the units that a sequence of names may mean by the hierarchy alone.

    The first chain of names wins unless a later one states more levels.
    """
    chains: list[_Chain] = []
    for word in words:
        grown = [_grow(chain, word, gazetteer) for chain in chains]
        if any(chain is not None for chain in grown):
            chains = [new or old for new, old in zip(grown, chains, strict=True)]
        else:
            namings = _allowed(word.namings, gazetteer, within)
            if namings:
                chains.append(_Chain(namings, (word,), ()))
    if not chains:
        return NOTHING
    best = max(chains, key=lambda chain: len(chain.words))
    return _decide(best, gazetteer)


def _allowed(
    namings: tuple[Naming, ...], gazetteer: Gazetteer, within: frozenset[str]
) -> tuple[Naming, ...]:
    if not within:
        return namings
    return tuple(n for n in namings if fits(n, within, gazetteer))


def fits(naming: Naming, within: frozenset[str], gazetteer: Gazetteer) -> bool:
    """Tell whether a unit lies in all the units `within`, or was in that province once."""
    codes = gazetteer.ancestors[naming.unit.unit_id]
    return within <= (codes | {naming.former_province} if naming.former_province else codes)


def _grow(chain: _Chain, word: Word, gazetteer: Gazetteer) -> _Chain | None:
    """Return the chain with one more name, or None when the name contradicts it."""
    deeper: dict[tuple[int, str | None], Naming] = {}
    for old in chain.namings:
        for new in word.namings:
            kept = _inner(old, new, gazetteer)
            if kept is not None:
                deeper[kept.unit.unit_id, kept.former] = kept
    if not deeper:
        return None
    return _Chain(tuple(deeper.values()), (*chain.words, word), chain.path)


def _inner(old: Naming, new: Naming, gazetteer: Gazetteer) -> Naming | None:
    """Return the finer of two namings when one unit lies in the other, else None."""
    if old.unit is new.unit:
        return old if old.former else new
    if old.unit.adcode in gazetteer.ancestors[new.unit.unit_id]:
        return new
    if new.unit.adcode in gazetteer.ancestors[old.unit.unit_id]:
        return old
    if new.former_province and new.former_province == old.unit.adcode:
        return new
    if old.former and new.unit.prefecture_adcode == old.unit.prefecture_adcode:
        return new
    return None


def _decide(chain: _Chain, gazetteer: Gazetteer) -> Choice:
    """Reduce the units of a chain to one, or leave them as an ambiguity."""
    best_rank = min(naming.rank for naming in chain.namings)
    left = [naming for naming in chain.namings if naming.rank == best_rank]
    matched = " ".join(dict.fromkeys(word.text for word in chain.words))
    code = "stated_parent" if len(chain.words) > 1 else "only_unit"
    if len(left) > 1:
        code, left = _by_level(left, gazetteer)
    return Choice(tuple(left), chain.path, matched, code)


def _by_level(left: list[Naming], gazetteer: Gazetteer) -> tuple[str, list[Naming]]:
    """Prefer a province, then the unit that holds all the others."""
    provinces = [naming for naming in left if naming.unit.level == "province"]
    if len(provinces) == 1:
        return "higher_level", provinces
    for naming in left:
        others = [o for o in left if o is not naming]
        if all(naming.unit.adcode in gazetteer.codes_of(o.unit) for o in others):
            return "holds_the_others", [naming]
    prefectures = [n for n in left if n.unit.level == "prefecture"]
    if len(prefectures) == 1 and _dwarfs(prefectures[0].unit, [n.unit for n in left]):
        return "higher_level", prefectures
    return "several_units", left


def _dwarfs(unit: Unit, others: Sequence[Unit]) -> bool:
    """Tell whether a prefecture has three times the people of every other unit of its name."""
    rivals = [other.population or 0 for other in others if other is not unit]
    return (unit.population or 0) >= 3 * max(rivals, default=0)


def stated_levels(namings: Iterable[Naming]) -> frozenset[str]:
    """Return the administrative levels among some namings."""
    return frozenset(naming.unit.level for naming in namings) & ADMIN_LEVELS
