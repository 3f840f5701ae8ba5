"""One answer for a person: words matched, units considered, what was chosen and why."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from geomap.geocode.base import AMBIGUOUS, NOT_FOUND, PROVIDER, Candidate, Location, parse_reason
from geomap.text import has_text, text

_WIDTH = 12
_SHOWN_CANDIDATES = 20
_INSIDE_UNITS = frozenset({"zone", "town", "place"})
DATUM_TITLES = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}


def render_answer(location: Location, lang: str = "en") -> str:
    """The answer as plain text lines, in English or Chinese."""
    rows = [
        ("status", text(f"geocode.status.{location.status}", lang)),
        ("kind", _kind(location, lang)),
        ("unit", _unit(location, lang)),
        ("formerly", location.changed_from),
        ("position", _position(location, lang)),
        ("matched", location.matched),
        ("why", render_reason(location.reason, lang)),
        ("warnings", render_flags(location.flags, lang)),
        ("by", _provider(location, lang)),
    ]
    lines = [_printable(location.text)[:200]]
    for name, words in rows:
        if words:
            label = text(f"geocode.answer.{name}", lang)
            lines.append(f"  {_padded(label)}{_printable(words)}")
    return "\n".join([*lines, *_considered(location, lang)])


def render_reason(reason: str, lang: str) -> str:
    """A reason as a sentence; the bare code where no words are known for it."""
    if not reason:
        return ""
    code, values = parse_reason(reason)
    if "datum" in values:
        values["datum"] = DATUM_TITLES.get(values["datum"], values["datum"])
    if has_text(f"geocode.unfit.{values.get('why')}", lang):
        values["why"] = text(f"geocode.unfit.{values['why']}", lang)
    key = f"geocode.reason.{code}"
    if not has_text(key, lang):
        return reason
    try:
        words = text(key, lang, **values)
    except KeyError:  # a value that the words ask for was not given
        return reason
    return words if values or "{" not in words else reason


def render_flags(flags: Iterable[str], lang: str) -> str:
    """Warnings as words with semicolons between; the bare flag where no words are known for it."""
    words = []
    for flag in flags:
        key = f"geocode.flag.{flag}"
        name, _, state = flag.partition(":")
        if has_text(key, lang):
            words.append(text(key, lang))
        elif state and has_text(f"geocode.service.{state}", lang):
            words.append(text(f"geocode.service.{state}", lang, name=name))
        else:
            words.append(flag)
    return "; ".join(words)


def _kind(location: Location, lang: str) -> str | None:
    """What is meant, where that is not the unit below."""
    key = f"geocode.level.{location.level}"
    return text(key, lang) if location.level in _INSIDE_UNITS else None


def _provider(location: Location, lang: str) -> str | None:
    if location.status == NOT_FOUND:
        return None
    is_ours = location.provider == PROVIDER
    return text("geocode.answer.gazetteer", lang) if is_ours else location.provider


def _unit(location: Location, lang: str) -> str | None:
    names = (
        (location.province_en, location.city_en, location.county_en)
        if lang == "en"
        else (location.province, location.city, location.county)
    )
    zh = (location.province, location.city, location.county)
    shown = " › ".join(dict.fromkeys(name for name in names if name))
    if lang == "en" and any(zh):
        official = "".join(dict.fromkeys(name for name in zh if name))
        shown = f"{shown} ({official})" if shown else official
    if location.adcode:
        code = text("geocode.answer.adcode", lang, code=location.adcode)
        shown = f"{shown}, {code}" if shown else code
    return shown or None


def _position(location: Location, lang: str) -> str | None:
    if location.lat is None or location.lon is None:
        return None
    place = f"{location.lat:.6f}, {location.lon:.6f} (WGS 84)"
    if location.precision is None or location.radius_km is None:
        return place
    level = text(f"geocode.precision.{location.precision}", lang)
    within = text("geocode.answer.within", lang, km=f"{location.radius_km:g}", level=level)
    return f"{place}, {within}"


def _considered(location: Location, lang: str) -> list[str]:
    """The candidates, each on its line."""
    if not location.candidates:
        return []
    label = "choose" if location.status == AMBIGUOUS else "considered"
    lines = [f"  {text(f'geocode.answer.{label}', lang)}"]
    lines += [f"    {_candidate(one, lang)}" for one in location.candidates[:_SHOWN_CANDIDATES]]
    more = len(location.candidates) - _SHOWN_CANDIDATES
    if more > 0:
        lines.append("    " + text("geocode.answer.more", lang, count=more))
    return lines


def _candidate(one: Candidate, lang: str) -> str:
    names = " ".join(name for name in (one.path_zh or one.name_zh, one.name_en) if name)
    place = "" if one.lat is None or one.lon is None else f"  {one.lat:.4f}, {one.lon:.4f}"
    key = f"geocode.level.{one.level}"
    level = text(key, lang) if has_text(key, lang) else one.level
    return _printable(f"{one.adcode or '······'}  {names} ({level}){place}")


def _printable(words: str) -> str:
    """The words without characters that steer a terminal or turn the line round."""
    kept = (c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") else "·" for c in words)
    return "".join(kept)


def _padded(label: str) -> str:
    """A label in a column, Chinese characters counted as two."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in label)
    return label + " " * max(1, _WIDTH - len(label) - wide)
