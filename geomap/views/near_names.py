"""Names a reader nearly wrote: a slip of the hand in Latin, a sound-alike in Chinese.

A slip is a letter too many, too few, wrong or swapped with its neighbour (the optimal string
alignment distance of rapidfuzz). Chinese is typed by sound, and so are its slips: 腾迅 for 腾讯.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geomap.toponym import has_han, latin_key

T = TypeVar("T")

SLIP: Final = 4  # more than all that sets two equal slips apart
_SHORTEST: Final = 4  # letters; shorter words are near to too many others
_TWO_SLIPS: Final = 9  # letters of a word that may hold two slips
_UNFINISHED: Final = 5  # letters from which a word may still be going on


class NearNames:
    """The words of many names, each with the places (positions) that bear it."""

    def __init__(self, names: Iterable[tuple[int, str]], heard: Iterable[tuple[int, str]]) -> None:
        """Take (place, folded name) pairs; `heard`: those that Chinese finds by sound."""
        self._words: dict[str, dict[int, int]] = {}
        self._sounds: dict[str, set[int]] = {}
        for place, name in names:
            if not has_han(name):
                words = name.split()
                for word in words:
                    part = int(len(words) > 1)
                    _keep_least(self._words.setdefault(word, {}), {place: part})
        for place, name in heard:
            self._sounds.setdefault(sound(name) if has_han(name) else name, set()).add(place)
        self._list = [word for word in self._words if word.isalpha() and len(word) >= _SHORTEST]

    def alike(self, forms: Iterable[str]) -> dict[int, int]:
        """Find the places near to any of the forms of one name; the number says how near.

        0 sounds alike; else a SLIP for each slip, one more for a word among others, and one more
        for a word that goes on.
        """
        found: dict[int, int] = {}
        for form in forms:
            if has_han(form):
                _keep_least(found, dict.fromkeys(self._sounds.get(sound(form), ()), 0))
            else:
                _keep_least(found, self._by_letters(form))
        return found

    def _by_letters(self, form: str) -> dict[int, int]:
        found: dict[int, int] = {}
        for word, cost in near_words(form, self._list).items():
            _keep_least(found, {place: cost + part for place, part in self._words[word].items()})
        return found


def near_words(form: str, words: list[str]) -> dict[str, int]:
    """Find the words within the slips a form may hold: a SLIP for each, one more if they go on.

    "sonjiang" is near "songjiang", and so is the unfinished "sonji". A form of fewer than four
    letters, or with anything but letters, is near nothing.
    """
    size = len(form)
    if size < _SHORTEST or not form.isalpha():
        return {}
    most = 2 if size >= _TWO_SLIPS else 1
    fit = [word for word in words if len(word) >= size - most and _begins_alike(form, word)]
    found = {word: SLIP * slips for word, slips in _within(form, fit, most)}
    if size >= _UNFINISHED:
        longer = [word for word in fit if len(word) > size and word not in found]
        for end in (size, size + 1, size - 1):
            for word, slips in _within(form, longer, 1, end):
                _keep_least(found, {word: SLIP * slips + 1})
    return found


def _begins_alike(form: str, word: str) -> bool:
    """A slip at the very first letter is rare, unless it changed places with the second."""
    return word[0] == form[0] or (word[0] == form[1] and word[1] == form[0])


def _within(
    form: str, words: list[str], most: int, end: int | None = None
) -> list[tuple[str, int]]:
    """Words, or their beginnings up to `end`, with at most so many slips."""
    parts = words if end is None else [word[:end] for word in words]
    scored = process.extract(form, parts, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(words[place], int(slips)) for _, slips, place in scored]


def _keep_least(found: dict[T, int], more: Mapping[T, int]) -> None:
    for key, cost in more.items():
        found[key] = min(cost, found.get(key, cost))


@lru_cache(maxsize=4096)
def sound(name: str) -> str:
    """Write a Chinese name as it sounds, without tones: 腾讯 and 腾迅 are both "tengxun"."""
    from pypinyin import lazy_pinyin  # a third of a second, for a name that was found nowhere

    return latin_key("".join(lazy_pinyin(name)))
