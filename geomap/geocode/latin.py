"""Read the units out of an English or pinyin toponym, part by part, coarse to fine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from geomap.gazetteer import FULL, Gazetteer, Naming, Unit
from geomap.geocode.chinese import NOTHING, Choice, _by_level
from geomap.toponym import LatinName, glued_level, parse_latin

# Which levels a stated English level may turn out to be, the likeliest first.
_MAY_BE = {
    "province": ("province",),
    "prefecture": ("prefecture", "province"),
    "city": ("prefecture", "county", "province"),
    "county": ("county",),
    "zone": ("zone", "county"),
    "town": ("town", "place"),
    "village": ("place", "town"),
}


class _State(NamedTuple):
    """Units left after some parts, with the parts that fixed them."""

    namings: tuple[Naming, ...]
    matched: tuple[str, ...]
    unmatched: int


class LatinReader:
    """Find and choose units in Latin-letter text."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Use the gazetteer's Latin index."""
        self.gazetteer = gazetteer

    def read(self, text: str, within: frozenset[str] = frozenset()) -> Choice:
        """Return what `text` means, inside the stated units `within` (adcodes)."""
        parts = parse_latin(text)
        if not parts:
            return NOTHING
        ways = [self._descend(parts[::-1], within)]
        if len(parts) > 1:
            ways.append(self._descend(parts, within))
        best = max(ways, key=lambda way: len(way.matched))
        return self._decide(best)

    def _descend(self, parts: Sequence[LatinName], within: frozenset[str]) -> _State:
        """Fit the parts one into the other, from the coarsest."""
        state = _State((), (), 0)
        for part in parts:
            inner = self._inside(state, part, within)
            if inner:
                state = _State(inner, (*state.matched, part.written), state.unmatched)
            else:
                state = state._replace(unmatched=state.unmatched + 1)
        return state

    def _inside(self, state: _State, part: LatinName, within: frozenset[str]) -> tuple[Naming, ...]:
        """Return the units of a part that lie in those of the state (any, when there are none)."""
        for key in self._keys(part):
            found = [n for n in self._named(key) if within <= self._codes(n.unit)]
            if state.namings:
                found = self._nested(state.namings, found)
            if found:
                return tuple(self._of_level(found, part, key))
        return ()

    def _keys(self, part: LatinName) -> Iterable[str]:
        yield from part.keys
        for key in part.keys:
            shorter = glued_level(key)[0]
            if shorter != key:
                yield shorter

    def _named(self, key: str) -> list[Naming]:
        units = self.gazetteer.latin.get(key, [])
        return [
            *units,
            *(Naming(place, FULL) for place in self.gazetteer.places_latin.get(key, ())),
        ]

    def _codes(self, unit: Unit) -> frozenset[str]:
        return self.gazetteer.codes_of(unit)

    def _nested(self, outer: Sequence[Naming], inner: Sequence[Naming]) -> list[Naming]:
        """Keep the inner units that lie in an outer one; an outer one named again stays."""
        holders = {n.unit.adcode for n in outer if n.unit.adcode}
        deeper = [n for n in inner if holders & self._codes(n.unit)]
        if deeper:
            return deeper
        again = {n.unit.adcode for n in inner if n.unit.adcode}
        return [n for n in outer if again & self._codes(n.unit)]

    def _of_level(self, found: Sequence[Naming], part: LatinName, key: str) -> Sequence[Naming]:
        """Keep the units of the stated level, if any is; else of the highest level there is."""
        level = part.level or glued_level(part.keys[0])[1]
        for wanted in _MAY_BE.get(level or "", ()):
            of_level = [n for n in found if n.unit.level == wanted]
            if of_level:
                return of_level
        admin = [n for n in found if n.unit.level not in {"place", "town"}]
        return admin or found

    def _decide(self, state: _State) -> Choice:
        left = list(dict.fromkeys(state.namings))
        if not left:
            return NOTHING
        code = "stated_parent" if len(state.matched) > 1 else "only_unit"
        if len(left) > 1:
            code, left = _by_level(left, self.gazetteer)
        return Choice(tuple(left), (), " ".join(state.matched), code)
