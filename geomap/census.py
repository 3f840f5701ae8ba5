"""Inhabitants and stated areas of administrative units: the table of the census of 2020."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from geomap.paths import geo_dir

CENSUS_COLUMNS: Final = (
    "adcode",
    "name_en",
    "name_zh",
    "population",
    "population_on",
    "population_source",
    "population_source_zh",
    "area_km2",
    "area_source",
    "area_source_zh",
)
_FIGURES: Final = ("population", "area_km2")


def load_census(folder: Path | None = None) -> pd.DataFrame:
    """Read data/geo/census.csv, by adcode, with the sources written out in both languages.

    population: people, area_km2: square kilometres, as the source states them; NaN where no
    source was found, and NaN then stands for date and source too.
    """
    place = folder or geo_dir()
    table, named = (_read(place / name) for name in ("census.csv", "census_sources.csv"))
    names = named.set_index("source_id")
    for column in ("population_source", "area_source"):
        cited = table[column]
        table[f"{column}_zh"] = cited.map(names["name_zh"])
        table[column] = cited.map(names["name_en"])
    table = table.astype(dict.fromkeys(_FIGURES, "float64"))
    return table[list(CENSUS_COLUMNS)].sort_values("adcode", ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
