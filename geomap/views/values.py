"""How the values of measures read in either language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from geomap.text import format_date, format_money, format_number, format_percent, text
from geomap.views.census import Part
from geomap.views.measures import MEASURES, Division, Measure

_COUNTED: Final = ("count", "share")
_CENTS_BELOW: Final = 100.0  # money from here on is written without cents
_SMALLEST_RATIO: Final = 0.001
_RATIO_EDGES: Final = (100.0, 10.0, 0.1)  # below each, a ratio has one decimal more
_SQUARE_KM: Final = 1e6  # square metres; larger areas read better in km²


def written_measure(measure: Measure, value: float | str, lang: str) -> str:
    """Write a value of a measure with its unit for a reader."""
    if isinstance(value, str):
        return format_date(value, lang)
    if measure.form == "money":
        small = value if abs(value) < _CENTS_BELOW else float(round(value))
        return format_money(small, measure.unit, lang)
    if measure.form == "share":
        return format_percent(value, lang)
    if measure.form == "count":
        return format_number(value, lang)
    if measure.form == "area_m2" and value >= _SQUARE_KM:
        return text("comparison.amount.km2", lang, value=format_number(value / _SQUARE_KM, lang, 2))
    number = format_number(value, lang, 0 if value >= 100 else 2)
    return text(f"comparison.amount.{measure.unit}", lang, value=number)


def written_ratio_of(ratio: float, lang: str) -> str:
    """Write a ratio as a multiple: "1.5 ×", 1.5 倍; never 0 for a small one."""
    if 0 < abs(ratio) < _SMALLEST_RATIO:
        return text("comparison.times.under", lang, ratio=format_number(_SMALLEST_RATIO, lang, 3))
    digits = sum(abs(ratio) < edge for edge in _RATIO_EDGES)
    return text("comparison.times", lang, ratio=format_number(ratio, lang, digits))


def unit_words(measure: Measure, lang: str) -> str:
    """Name the unit of a measure; "" for dates."""
    if measure.unit:
        return text(f"comparison.unit.{measure.unit}", lang)
    return text(f"comparison.unit.{measure.form}", lang) if measure.form in _COUNTED else ""


def written_sum(measure: Measure, parts: Iterable[Part], lang: str) -> str:
    """Write what a sum is made of: "Songjiang District 1,909,713 + Jiaxing 5,400,868".

    A name and its number stay on one line.
    """
    return " + ".join(
        f"{part.names.say(lang)}\u00a0{written_measure(measure, part.amount, lang)}"
        for part in parts
    )


def written_division(division: Division, lang: str) -> str:
    """Write what is divided by what: "¥41 bn ÷ 101,514 km²", "7 ÷ 140,195 km² × 10,000"."""
    top = MEASURES[division.top_id or "projects"]
    said = [
        written_measure(top, division.top, lang),
        "÷",
        written_measure(MEASURES[division.bottom_id], division.bottom, lang),
    ]
    if division.scale != 1.0:
        said += ["×", format_number(division.scale, lang)]
    return " ".join(said)
