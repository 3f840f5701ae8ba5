"""How the values of measures read in either language."""

from __future__ import annotations

from typing import Final

from geomap.text import format_date, format_money, format_number, format_percent, text
from geomap.views.measures import Measure

_SQUARE_KM: Final = 1e6  # square metres; larger areas read better in km²


def written_measure(measure: Measure, value: float | str, lang: str) -> str:
    """Write a value of a measure with its unit for a reader."""
    if isinstance(value, str):
        return format_date(value, lang)
    if measure.form == "money":
        return format_money(value, measure.unit, lang)
    if measure.form == "share":
        return format_percent(value, lang)
    if measure.form == "count":
        return format_number(value, lang)
    if measure.form == "area_m2" and value >= _SQUARE_KM:
        return text("comparison.amount.km2", lang, value=format_number(value / _SQUARE_KM, lang, 2))
    number = format_number(value, lang, 0 if value >= 100 else 2)
    return text(f"comparison.amount.{measure.unit}", lang, value=number)


def written_ratio_of(ratio: float, lang: str) -> str:
    """Write a ratio as a multiple: "1.5 ×", 1.5 倍."""
    return text("comparison.times", lang, ratio=format_number(ratio, lang, 2))
