"""Choose among the units a name may mean: hierarchy first, then the document around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from geomap.gazetteer import FULL, Gazetteer, Naming, Unit

_HIGH_LEVELS = ("province", "prefecture")
_HEIGHT = {"province": 3, "prefecture": 2, "county": 1}


class Choice(NamedTuple):
    """What some words mean: one unit, several (ambiguous) or none.

    matched: the words that matched. code, by: why, as in `format_reason`. beaten: the other units
    that were considered. holder: the stated unit in which a zone or place without a county of its
    own lies.
    """

    namings: tuple[Naming, ...] = ()
    matched: str | None = None
    code: str = "nothing_found"
    by: str | None = None
    beaten: tuple[Naming, ...] = ()
    holder: Unit | None = None


NOTHING = Choice()
SEVERAL_PLACES = "several_places"


class Mention(NamedTuple):
    """One name in the document around a toponym, with all it may mean."""

    text: str
    units: tuple[Unit, ...]


def decide(left: Sequence[Naming], matched: str, names: int, gazetteer: Gazetteer) -> Choice:
    """Reduce the units that are left to one, or say that several are.

    names: how many names led to them.
    """
    sole = "stated_parent" if names > 1 else "only_unit"
    if len(left) == 1:
        return Choice((left[0],), matched, sole)
    best_rank = min(naming.rank for naming in left)
    kept = [naming for naming in left if naming.rank == best_rank]
    if len(kept) == 1:
        return Choice((kept[0],), matched, sole)
    code, chosen = _by_level(kept, gazetteer)
    beaten = tuple(naming for naming in kept if naming not in chosen)
    return Choice(tuple(chosen), matched, code, beaten=beaten)


def _by_level(kept: list[Naming], gazetteer: Gazetteer) -> tuple[str, list[Naming]]:
    """Prefer a province, then the unit that holds all the others, then a prefecture."""
    provinces = [naming for naming in kept if naming.unit.level == "province"]
    if len(provinces) == 1:
        return "higher_level", provinces
    for naming in kept:
        adcode = naming.unit.adcode
        others = [other for other in kept if other is not naming]
        if adcode and all(adcode in gazetteer.codes_of(other.unit) for other in others):
            return "holds_the_others", [naming]
    prefectures = [naming for naming in kept if naming.unit.level == "prefecture"]
    if len(prefectures) == 1 and not any(_is_peer(naming.unit, gazetteer) for naming in kept):
        return "higher_level", prefectures
    return "several_units", kept


def _is_peer(unit: Unit, gazetteer: Gazetteer) -> bool:
    """Tell whether a county-level unit ranks with prefectures: a municipality's districts do."""
    province = gazetteer.by_adcode.get(unit.province_adcode or "")
    in_municipality = province is not None and gazetteer.city_of_municipality(province)
    return unit.level == "county" and bool(in_municipality)


def several(choices: Sequence[Choice], gazetteer: Gazetteer) -> Choice | None:
    """Return the places of a list (武汉、成都) as one ambiguous choice.

    None when fewer than two are named, or all lie in one another: 江苏省、苏州市. A name of
    several units means those near the places before it: 北京市朝阳区、通州区.
    """
    named: list[Choice] = []
    seen: frozenset[str] = frozenset()
    for choice in choices:
        if choice.namings:
            near = tuple(n for n in choice.namings if seen & gazetteer.codes_of(n.unit))
            named.append(choice._replace(namings=near or choice.namings))
            for naming in named[-1].namings:
                seen |= gazetteer.codes_of(naming.unit)
    if not any(_are_apart(one, other, gazetteer) for one in named for other in named):
        return None
    namings = tuple(dict.fromkeys(naming for choice in named for naming in choice.namings))
    finest = tuple(n for n in namings if not any(gazetteer.holds(n.unit, m.unit) for m in namings))
    matched = ", ".join(choice.matched or "" for choice in named)
    return Choice(finest, matched, SEVERAL_PLACES) if len(finest) > 1 else None


def _are_apart(one: Choice, other: Choice, gazetteer: Gazetteer) -> bool:
    """Tell whether no unit of one choice is, holds or lies in one of the other."""
    return not any(
        a.unit is b.unit or gazetteer.holds(a.unit, b.unit) or gazetteer.holds(b.unit, a.unit)
        for a in one.namings
        for b in other.namings
    )


def contradict(one: Choice, other: Choice, gazetteer: Gazetteer) -> bool:
    """Tell whether two choices are provinces or cities by their official names, far apart."""
    namings = (*one.namings, *other.namings)
    are_sure = all(n.rank == FULL and n.unit.level in _HIGH_LEVELS for n in namings)
    return are_sure and _are_apart(one, other, gazetteer)


def is_supported(choice: Choice, mentions: Sequence[Mention], gazetteer: Gazetteer) -> bool:
    """Tell whether the document names anything in the province of a unit of the choice."""
    return any(any(_support(n.unit, mentions, gazetteer)[:3]) for n in choice.namings)


def settle(choice: Choice, mentions: Sequence[Mention], gazetteer: Gazetteer) -> Choice:
    """Break a tie by the document: its provinces, neighbours and majority, then size.

    The units named beside the toponym speak in this order: a stated province, units of the same
    prefecture, units of the same province; last come level and population, unless the document
    speaks of other provinces only. What it does not decide stays a tie, of fewer units perhaps.
    """
    if len(choice.namings) < 2 or choice.code == SEVERAL_PLACES:
        return choice
    others = beside(choice, mentions)
    scored = [(_support(naming.unit, others, gazetteer), naming) for naming in choice.namings]
    scored.sort(key=lambda pair: pair[0], reverse=True)
    best = scored[0][0]
    if others and not any(best[:3]):
        return choice
    winners = tuple(naming for support, naming in scored if support == best)
    beaten = tuple(naming for support, naming in scored if support != best)
    if len(winners) > 1:
        return choice._replace(namings=winners, beaten=(*beaten, *choice.beaten))
    second = scored[1][0]
    at = next(place for place in range(len(best)) if best[place] != second[place])
    by = _witness(winners[0].unit, others, gazetteer) if at < 3 else None
    return choice._replace(namings=winners, code=_SUPPORT_CODES[at], by=by, beaten=beaten)


def beside(choice: Choice, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions of a document that are not of the toponym itself.

    One that means a single unit among several is no echo but evidence: 苏州 beside Suzhou.
    """
    own = {naming.unit.unit_id for naming in choice.namings}
    most = 1 if len(own) > 1 else 0
    return [m for m in mentions if len(own & {unit.unit_id for unit in m.units}) <= most]


def mention(text: str, namings: Iterable[Naming]) -> Mention:
    """Return what a name in a document says; a province's name is the province there."""
    units = dict.fromkeys(naming.unit for naming in namings)
    provinces = tuple(unit for unit in units if unit.level == "province")
    return Mention(text, provinces or tuple(units))


_SUPPORT_CODES = (
    "context_province", "context_neighbour", "context_majority", "level_size", "level_size",
)  # fmt: skip


def _support(
    unit: Unit, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> tuple[int, float, float, int, int]:
    """Return how the document supports a unit, the weightiest evidence first."""
    stated, near, same = 0, 0.0, 0.0
    for mention in mentions:
        weight = 1 / len(mention.units)
        for other in mention.units:
            if other.province_adcode != unit.province_adcode:
                continue
            stated |= other.level == "province" and len(mention.units) == 1
            same += weight
            near += weight * _is_near(unit, other, gazetteer)
    return stated, near, same, _HEIGHT.get(unit.level, 0), unit.population or 0


def _is_near(unit: Unit, other: Unit, gazetteer: Gazetteer) -> bool:
    """Tell whether two units share a prefecture or lie in one another."""
    shared = gazetteer.codes_of(unit) & gazetteer.codes_of(other)
    return any(code[2:] != "0000" for code in shared)


def _witness(unit: Unit, mentions: Sequence[Mention], gazetteer: Gazetteer) -> str | None:
    """Name the mention that supports a unit most closely."""
    for is_wanted in (_is_near, lambda a, b, _: a.province_adcode == b.province_adcode):
        for mention in mentions:
            if any(is_wanted(unit, other, gazetteer) for other in mention.units):
                return mention.text
    return None
