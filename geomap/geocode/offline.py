"""The offline geocoder: a toponym in either language -> its unit, point, precision and reason."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from geomap.gazetteer import FULL, SHORT, Gazetteer, Naming, Unit, load_gazetteer
from geomap.gazetteer.unit import PlacePoint
from geomap.geocode.base import (
    AMBIGUOUS,
    MATCHED,
    PROVIDER,
    Candidate,
    Location,
    as_geopy,
    format_reason,
)
from geomap.geocode.chinese import ChineseReader
from geomap.geocode.choice import (
    NOTHING,
    SEVERAL_PLACES,
    Choice,
    Mention,
    beside,
    is_supported,
    settle,
    several,
)
from geomap.geocode.latin import LatinReader
from geomap.toponym import HAN, has_han, has_latin, normalise, simplify_script

if TYPE_CHECKING:
    from geopy.location import Location as GeopyLocation

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
# No toponym is longer; what follows is prose, and a million characters must not cost a second.
LONGEST_TOPONYM = 1_000
LONGEST_CONTEXT = 100_000
MOST_CANDIDATES = 50
# Nine in ten sites named by a town or village lie this near to its middle (docs/geocoding.md).
LEAST_RADIUS_KM = {"town": 12.0, "place": 16.0}
_MOST_ANSWERS, _MOST_CONTEXTS = 30_000, 64
# Makes a `Location` of its values in a fifth of the time of its own constructor.
_as_tuple = tuple.__new__
_SHORT_REST = 6
_NOWHERE: frozenset[str] = frozenset()
_HEIGHT = {"county": 0, "prefecture": 1, "province": 2}
# Where columns stand among the fields behind a text.
_LAT_AT, _MATCHED_AT, _REASON_AT = (
    Location._fields.index(name) - 1 for name in ("lat", "matched", "reason")
)
# Letters of provinces or cities, one behind the other, and what may follow where it is no line.
_LETTERS = re.compile(
    "([\u4e00-\u9fff]{2,5}?)(?:[两三四]地|大?湾区|地区|城市群|(?:双城)?经济圈|地区双城经济圈|经济带|走廊"
    "|一体化|协同发展)?"
)
_ROAD_ENDING = re.compile("(?:路|街|大道|巷|大街|胡同)$")
_TOWN = re.compile("[^0-9A-Za-z,，、路街号]{1,7}?(?:街道|镇|乡|苏木)")


class _Names(NamedTuple):
    """The columns of a `Location` that name its units."""

    province: str | None
    city: str | None
    county: str | None
    province_en: str | None
    city_en: str | None
    county_en: str | None


class _Answer(NamedTuple):
    """The fields of a `Location` behind its text, for a sequence of names.

    holder: the unit's adcode where a town may narrow it. number: of the answer, counted.
    """

    fields: tuple[Any, ...]
    holder: str | None
    number: int


class OfflineGeocoder:
    """Geocoder over the shipped gazetteer; asks no network."""

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        """Use `gazetteer`, by default the shipped one."""
        self.gazetteer = gazetteer or load_gazetteer()
        self.chinese = ChineseReader(self.gazetteer)
        self.latin = LatinReader(self.gazetteer)
        self._answers: dict[tuple[int, ...], _Answer] = {}
        self._town_answers: dict[tuple[int, str], tuple[Any, ...]] = {}
        self._points_in = self.gazetteer.points_named_in
        self._made = 0
        self._fields_of: dict[int, tuple[Any, ...]] = {}
        self._contexts: dict[str, tuple[Mention, ...]] = {}
        self._learn_official_paths()

    def geocode(
        self,
        query: str,
        exactly_one: bool = True,
        timeout: object = None,
        **stated: Any,  # noqa: ANN401 - keywords of resolve
    ) -> GeopyLocation | list[GeopyLocation] | None:
        """Answer as geopy's geocoders do; `.raw` is our `Location`. timeout: nothing waits here."""
        return as_geopy(self.resolve(query, **stated), exactly_one)

    def resolve(
        self,
        text: str,
        *,
        province: str | None = None,
        city: str | None = None,
        county: str | None = None,
        context: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        datum: str = "wgs84",
    ) -> Location:
        """Return where `text` is, never raising for any text.

        province, city, county: stated units (name in either language or adcode) that narrow the
        answer. context: the document around the toponym, which may break a tie. lat, lon: a given
        position in `datum`, which wins over the gazetteer's.
        """
        stated = self._stated(province, city, county)
        if not stated and not context:
            found = self._bare(text)
        else:
            found = self._narrowed(text, stated, context or "")
        if lat is None or lon is None:
            return found
        from geomap.geocode.given import place_given

        return place_given(found, lat, lon, datum, self.gazetteer)

    def resolve_many(self, rows: Iterable[str | Mapping[str, Any]]) -> Iterator[Location]:
        """Yield an answer for every row, in order; a row is a text or `resolve`'s arguments."""
        bare = self._bare
        for row in rows:
            yield bare(row) if isinstance(row, str) else self.resolve(**row)

    # -- reading ---------------------------------------------------------------------------

    def _bare(self, text: str) -> Location:
        """Answer for a text alone; equal names have one answer, made once."""
        plain = normalise(text if len(text) < LONGEST_TOPONYM else text[:LONGEST_TOPONYM])
        names, end = self.chinese.scan(plain)
        if not names:
            return self._location(text, self._read_rest(plain, _NOWHERE))
        found = self._answers.get(names) or self._new_answer(names)
        fields, holder, number = found
        if holder is not None and (rest := _rest(plain, end)):
            fields = self._town_answers.get((number, rest)) or self._new_town(found, rest)
        return _as_tuple(Location, (text, *fields))

    def _new_answer(self, names: tuple[int, ...]) -> _Answer:
        """Make the answer for a sequence of names and remember it."""
        choice = self.chinese.choose(names)
        unit = choice.namings[0].unit if len(choice.namings) == 1 else None
        holder = unit.adcode if unit is not None and unit.level in _HEIGHT else None
        self._made += 1
        answer = _Answer(self._answer_fields(choice), holder, self._made)
        return _remember(self._answers, names, answer)

    def _learn_official_paths(self) -> None:
        """Answer once for what most addresses begin with.

        For 安徽省合肥市蜀山区 that is the whole path, 安徽合肥市蜀山区, 安徽合肥蜀山区,
        合肥市蜀山区, 合肥蜀山区, 安徽省蜀山区 and 蜀山区. It costs a tenth of a second here and
        saves it in the first thousands of rows.
        """
        number = self.gazetteer.names.numbers
        for unit in self.gazetteer.units:
            if unit.level == "zone":
                break
            held = [one for one in self.gazetteer.path(unit) if one is not None]
            units = list(dict.fromkeys(held))
            full = tuple([number[simplify_script(one.name_zh or "")] for one in units])
            # -1, an unknown short name, stands in no text.
            shorts = [simplify_script(one.short_zh or "") for one in units[:-1]]
            short = tuple([number.get(name, -1) for name in shorts])
            paths = {full, full[1:], (full[0], full[-1]), full[-1:]}
            paths |= {(*short[at:], *full[-1:]) for at in range(len(short))}
            paths |= {(*short[:1], *full[1:])}
            for names in paths - {()}:
                if -1 not in names and names not in self._answers:
                    self._new_answer(names)

    def _new_town(self, unit: _Answer, rest: str) -> tuple[Any, ...]:
        """Make the answer for a unit with a town's name behind it and remember it.

        It is the unit's own, unless the gazetteer has just one such town there.
        """
        inside = self._points_in(rest, unit.holder or "")
        fields = _moved_to(unit.fields, inside[0], rest) if len(inside) == 1 else unit.fields
        return _remember(self._town_answers, (unit.number, rest), fields)

    def _narrowed(self, text: str, stated: frozenset[str], context: str) -> Location:
        """Answer for a text with stated units or a document around it."""
        plain = normalise(text[:LONGEST_TOPONYM])
        flags: tuple[str, ...] = ()
        choice = self._read(plain, stated)
        if stated and not choice.namings:
            choice, flags = self._against(plain, stated)
        if context and choice.namings and choice.code != SEVERAL_PLACES:
            choice = self._in_document(choice, plain, self._mentions(context))
        return self._at_town(self._location(text, choice)._replace(flags=flags), plain)

    def _in_document(self, choice: Choice, plain: str, mentions: tuple[Mention, ...]) -> Choice:
        """Break a tie by the document; where it supports none, by the other units of the name.

        A bare name may be of a unit that a larger one outshone, or of a town.
        """
        others = beside(choice, mentions)
        if choice.code != "stated_parent" and not is_supported(choice, others, self.gazetteer):
            for rivals in (choice.beaten, self._namesakes(plain)):
                there = tuple(n for n in rivals if self._is_there(n, others))
                if there:
                    choice = Choice(there, choice.matched, "context_province", None, choice.namings)
                    break
        return settle(choice, mentions, self.gazetteer)

    def _is_there(self, naming: Naming, mentions: list[Mention]) -> bool:
        return is_supported(Choice((naming,)), mentions, self.gazetteer)

    def _namesakes(self, plain: str) -> tuple[Naming, ...]:
        """Return the towns and places of a bare name."""
        if has_han(plain):
            return tuple(Naming(place, FULL) for place in self.gazetteer.places_named(plain))
        return self.latin.places_named(plain)

    def _at_town(self, unit: Location, plain: str) -> Location:
        """Move an answer to the town named behind its unit, if the gazetteer has just one."""
        rest = _rest(plain, self.chinese.scan(plain)[1])
        if unit.status != MATCHED or unit.level not in _HEIGHT or not rest:
            return unit
        inside = self.gazetteer.points_named_in(rest, unit.adcode or "")
        if len(inside) != 1:
            return unit
        return Location._make((unit.text, *_moved_to(unit[1:], inside[0], rest)))

    def _read(self, plain: str, stated: frozenset[str]) -> Choice:
        names, _ = self.chinese.scan(plain)
        return self.chinese.choose(names, stated) if names else self._read_rest(plain, stated)

    def _against(self, plain: str, stated: frozenset[str]) -> tuple[Choice, tuple[str, ...]]:
        """Answer where the text names nothing inside the stated units: theirs, or a warning."""
        alone = self._read(plain, _NOWHERE)
        if alone.namings:
            return alone, ("contradicts_stated",)
        units = [self.gazetteer.by_adcode[code] for code in stated]
        finest = min(units, key=lambda unit: _HEIGHT[unit.level])
        return Choice((Naming(finest, FULL),), None, "stated_only"), ()

    def _read_rest(self, plain: str, stated: frozenset[str]) -> Choice:
        """Read a text without a Chinese unit name: a Chinese place, or Latin letters."""
        choice = self._coded(plain, stated)
        if not choice.namings and has_latin(plain):
            choice = self.latin.read(HAN.sub(" ", plain), stated)
        if not choice.namings and has_han(plain):
            choice = self._named_place(plain, stated)
        return choice

    def _coded(self, plain: str, stated: frozenset[str]) -> Choice:
        """Return the unit whose adcode or letter the text is, or those whose letters it joins."""
        if (joined := _LETTERS.fullmatch(plain)) is not None:
            named = self.gazetteer.units_by_letters(joined.group(1))
            each = [Choice(tuple(Naming(unit, SHORT) for unit in units)) for units in named]
            letters = joined.group(1)
            choice = several(each, self.gazetteer)
            return choice._replace(matched=letters) if choice else NOTHING
        unit = self.gazetteer.by_adcode.get(plain) or self.gazetteer.unit_by_letter(plain)
        if unit is None or not stated <= self.gazetteer.codes_of(unit):
            return NOTHING
        return Choice(
            (Naming(unit, FULL),), plain, "adcode" if plain == unit.adcode else "only_unit"
        )

    def _named_place(self, name: str, stated: frozenset[str]) -> Choice:
        """Return the town or place that bears exactly this Chinese name."""
        places = [] if _ROAD_ENDING.search(name) else self.gazetteer.places_named(name)
        found = [p for p in places if stated <= self.gazetteer.codes_of(p)]
        namings = tuple(Naming(place, FULL) for place in found)
        code = "only_unit" if len(namings) == 1 else "several_units"
        return Choice(namings, name, code) if namings else NOTHING

    def _mentions(self, context: str) -> tuple[Mention, ...]:
        """Return the units named in a document; the last few documents are remembered."""
        found = self._contexts.get(context)
        if found is None:
            plain = normalise(context[:LONGEST_CONTEXT])
            found = (*self.chinese.mentions(plain), *self.latin.mentions(plain))
            if len(self._contexts) >= _MOST_CONTEXTS:
                self._contexts.clear()
            self._contexts[context] = found
        return found

    def _stated(self, *names: str | None) -> frozenset[str]:
        """Return the adcodes of stated units, each read inside the one before."""
        codes: frozenset[str] = _NOWHERE
        for name in names:
            if name and (unit := self._stated_unit(name, codes)) is not None:
                codes |= {unit.adcode or ""}
        return codes

    def _stated_unit(self, name: str, within: frozenset[str]) -> Unit | None:
        unit = self.gazetteer.by_adcode.get(name)
        if unit is None:
            namings = self._read(normalise(name), within).namings
            unit = namings[0].unit if len(namings) == 1 else None
        return unit if unit is not None and unit.adcode else None

    # -- answering -------------------------------------------------------------------------

    def _location(self, text: str, choice: Choice) -> Location:
        return Location._make((text, *self._answer_fields(choice)))

    def _answer_fields(self, choice: Choice) -> tuple[Any, ...]:
        """Return the columns of a `Location` behind its text."""
        if not choice.namings:
            return Location("", reason=choice.code)[1:]
        if len(choice.namings) > 1:
            return self._ambiguous("", choice)[1:]
        naming = choice.namings[0]
        unit = naming.unit
        candidates: tuple[Candidate, ...] = ()
        if choice.beaten or len(unit.members) > 1 or (unit.members and not unit.adcode):
            members = [Naming(self.gazetteer.by_adcode[code], FULL) for code in unit.members]
            candidates = self._candidates(choice.beaten or members, naming)
        reason = format_reason(choice.code, {"by": choice.by}) if choice.by else choice.code
        fields = self._fields(unit, choice.holder)
        return (MATCHED, *fields, choice.matched, naming.former, candidates, (), reason, PROVIDER)

    def _fields(self, unit: Unit, holder: Unit | None) -> tuple[Any, ...]:
        """Return the columns of a `Location` from `level` to `method`, kept for plain units."""
        if holder is not None:
            return self._new_fields(unit, holder)
        found = self._fields_of.get(unit.unit_id)
        if found is None:
            fields = self._new_fields(unit, unit)
            found = _remember(self._fields_of, unit.unit_id, fields)
        return found

    def _new_fields(self, unit: Unit, held: Unit) -> tuple[Any, ...]:
        shown = self.gazetteer.point_of(unit)
        return (
            unit.level,
            unit.adcode or held.adcode or _finest_code(unit),
            *self._names(held),
            shown.lat,
            shown.lon,
            shown.precision,
            _radius_km(shown),
            shown.method,
        )

    def _ambiguous(self, text: str, choice: Choice) -> Location:
        """Say that several units are meant; what they all share is filled in."""
        names = [self._names(naming.unit) for naming in choice.namings]
        shared = [
            one if len({one, *more}) == 1 else None for one, *more in zip(*names, strict=True)
        ]
        return Location(
            text,
            AMBIGUOUS,
            **_Names(*shared)._asdict(),
            matched=choice.matched,
            method="gazetteer",
            candidates=self._candidates(choice.namings),
            reason=format_reason(choice.code),
        )

    def _names(self, unit: Unit) -> _Names:
        """Return the names of the units that `unit` is or lies in."""
        province, city, county = self.gazetteer.path(unit)
        return _Names(
            province and province.name_zh,
            city and city.name_zh,
            county and county.name_zh,
            province and province.name_en,
            city and city.name_en,
            county and county.name_en,
        )

    def _candidates(
        self, beaten: Iterable[Naming], chosen: Naming | None = None
    ) -> tuple[Candidate, ...]:
        """Return the candidates, the chosen one first; none when there was no other."""
        namings = list(beaten)
        if chosen is not None and namings:
            namings.insert(0, chosen)
        return tuple(self._candidate(naming.unit) for naming in namings[:MOST_CANDIDATES])

    def _candidate(self, unit: Unit) -> Candidate:
        shown = self.gazetteer.point_of(unit)
        names = (*self._names(unit)[:3], unit.name_zh or unit.name_en)
        path_zh = "".join(dict.fromkeys(name for name in names if name))
        return Candidate(
            unit.adcode, unit.level, unit.name_zh, unit.name_en, path_zh, shown.lat, shown.lon
        )


def _remember(memo: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """Enter a value into a memo that is emptied when it grows too large."""
    if len(memo) >= _MOST_ANSWERS:
        memo.clear()
    memo[key] = value
    return value


def _moved_to(fields: tuple[Any, ...], place: PlacePoint, name: str) -> tuple[Any, ...]:
    """Return an answer's fields with the level and point of a place in its unit, and its name."""
    radius_km = max(place.radius_km, LEAST_RADIUS_KM[place.level])
    point = (place.lat, place.lon, place.precision, radius_km, place.method)
    matched = f"{fields[_MATCHED_AT]} {name}"
    said = fields[_MATCHED_AT + 1 : _REASON_AT]
    return (
        MATCHED,
        place.level,
        *fields[2:_LAT_AT],
        *point,
        matched,
        *said,
        "stated_parent",
        PROVIDER,
    )


def _rest(plain: str, end: int) -> str:
    """Return the town named at `end`, or all that follows when it is short, else nothing."""
    town = _TOWN.match(plain, end)
    if town is not None:
        return town.group()
    return plain[end:] if len(plain) - end <= _SHORT_REST else ""


def _radius_km(unit: Unit) -> float | None:
    least = LEAST_RADIUS_KM.get(unit.level, 0.0)
    return None if unit.radius_km is None else max(unit.radius_km, least)


def _finest_code(unit: Unit) -> str | None:
    return unit.parent_adcode or unit.prefecture_adcode or unit.province_adcode


@cache
def default_geocoder() -> OfflineGeocoder:
    """Return the geocoder over the shipped gazetteer, made once."""
    with _without_collection():
        return OfflineGeocoder()


@contextmanager
def _without_collection() -> Iterator[None]:
    """Hold the garbage collector while much is made that stays; it takes a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
