"""Yuan per dollar by year as a source states them, for sums that are stated in dollars only.

The rates are figures of the record tables: rows of `indicators` about `country:CN` with the
metric `cny-per-usd` and a year as their period. Without such a row nothing is converted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geomap.views.columns import Floats, Ints, Texts, texts_of

METRIC: Final = "cny-per-usd"
_SUBJECT: Final = "country:CN"
NO_YEAR: Final = -1


@dataclass(frozen=True)
class Rate:
    """Yuan per US dollar on the average of a year, and the source that says so."""

    year: int
    cny_per_usd: float
    source_id: str


@dataclass(frozen=True, eq=False)
class InYuan:
    """Sums in yuan: as stated, else converted; `rates` is NaN and `years` NO_YEAR where stated."""

    amounts: Floats
    rates: Floats
    years: Ints


def yearly_rates(indicators: pd.DataFrame) -> dict[int, Rate]:
    """Read the rates by year; of two rows for one year the later row counts."""
    own = indicators[(indicators["subject"] == _SUBJECT) & (indicators["metric"] == METRIC)]
    return {
        int(period): Rate(int(period), float(value), str(source))
        for period, value, source in zip(
            texts_of(own, "period"), own["value"], texts_of(own, "source_id"), strict=True
        )
        if str(period).isdecimal() and float(value) > 0
    }


def in_yuan(cny: Floats, usd: Floats, dates: Texts, rates: dict[int, Rate]) -> InYuan:
    """Express sums in yuan: the stated yuan, else the dollars at the rate of their year.

    dates: partial ISO date of each sum, "" where unknown; such sums stay NaN.
    """
    only_usd = np.isfinite(usd) & ~np.isfinite(cny)
    years = np.full(len(cny), NO_YEAR, dtype=np.int32)
    used = np.full(len(cny), np.nan)
    for row in np.flatnonzero(only_usd):
        rate = rates.get(int(dates[row][:4])) if dates[row] else None
        if rate is not None:
            years[row], used[row] = rate.year, rate.cny_per_usd
    return InYuan(np.where(only_usd, usd * used, cny), used, years)
