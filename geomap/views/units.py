"""Provinces, prefectures and counties by code, as far as views need them: names and a point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow.parquet as pq

from geomap.paths import geo_dir
from geomap.sentences import Names
from geomap.views.columns import texts_of
from geomap.views.index import index_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

_LEVELS: Final = ("province", "prefecture", "county")
_COLUMNS: Final = (
    "adcode",
    "level",
    "name_zh",
    "short_zh",
    "name_en",
    "full_en",
    "pinyin",
    "aliases_zh",
    "aliases_latin",
    "lat",
    "lon",
)


@dataclass(frozen=True)
class Unit:
    """One administrative unit; lat and lon in WGS 84 degrees, spellings for the search."""

    adcode: str
    level: str
    names: Names
    lat: float | None
    lon: float | None
    spellings: tuple[str, ...] = ()


def unit_of(adcode: str, dataset: Dataset) -> Unit | None:
    """Find a unit by its code: among cities and provinces of the dataset, then the gazetteer."""
    own = index_of(dataset).table("units", lambda: _dataset_units(dataset))
    return own.get(adcode) or gazetteer_units().get(adcode)


def level_of(adcode: str) -> str:
    """Tell the level a code stands for by its zeros."""
    if adcode.endswith("0000"):
        return "province"
    return "prefecture" if adcode.endswith("00") else "county"


def lies_in(adcode: str, units: Iterable[str]) -> bool:
    """Tell whether a unit is one of others or lies in one: their codes begin alike, zeros off."""
    return any(adcode.startswith(_stem(unit)) for unit in units)


def _stem(adcode: str) -> str:
    if adcode.endswith("0000"):
        return adcode[:2]
    return adcode[:4] if adcode.endswith("00") else adcode


@cache
def gazetteer_units() -> dict[str, Unit]:
    """Read the units of the shipped gazetteer by code, without its places and name index.

    The full gazetteer takes a second to load and is made for geocoding; a click should not
    wait for it.
    """
    path = geo_dir() / "gazetteer.parquet"
    return _read_units(path) if path.is_file() else {}


def _read_units(path: Path) -> dict[str, Unit]:
    table = pq.read_table(path, columns=list(_COLUMNS), filters=[("level", "in", list(_LEVELS))])
    return {str(row["adcode"]): _gazetteer_unit(row) for row in table.to_pylist()}


def _gazetteer_unit(row: dict[str, Any]) -> Unit:
    name_en = row["name_en"] if row["level"] != "county" else row["full_en"] or row["name_en"]
    words = [row["name_zh"], row["short_zh"], row["name_en"], row["full_en"], row["pinyin"]]
    words += [*(row["aliases_zh"] or ()), *(row["aliases_latin"] or ())]
    return Unit(
        str(row["adcode"]),
        str(row["level"]),
        Names(str(name_en or ""), str(row["name_zh"] or "")),
        row["lat"],
        row["lon"],
        _distinct(words),
    )


def _distinct(words: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(word) for word in words if word))


def _dataset_units(dataset: Dataset) -> dict[str, Unit]:
    return {unit.adcode: unit for unit in (*_provinces(dataset), *_cities(dataset))}


def _provinces(dataset: Dataset) -> list[Unit]:
    frame = dataset.provinces
    columns = ("adcode", "name_en", "name_zh", "full_en", "full_zh", "iso_3166_2")
    rows = zip(*(texts_of(frame, name) for name in columns), strict=True)
    points = zip(frame["label_lat"], frame["label_lon"], strict=True)
    return [
        Unit(row[0], "province", Names(row[1], row[2]), float(lat), float(lon), _distinct(row[1:]))
        for row, (lat, lon) in zip(rows, points, strict=True)
    ]


def _cities(dataset: Dataset) -> list[Unit]:
    index = index_of(dataset)
    site_of = {int(row): site for site, row in enumerate(index.city_row) if row >= 0}
    columns = ("adcode", "level", "name_en", "name_zh")
    rows = zip(*(texts_of(dataset.cities, name) for name in columns), strict=True)
    units = []
    for place, (adcode, level, name_en, name_zh) in enumerate(rows):
        site = site_of.get(place)
        lat, lon = (np.nan, np.nan) if site is None else (index.lat[site], index.lon[site])
        placed = bool(np.isfinite(lat))
        names = Names(name_en, name_zh)
        here, there = (float(lat), float(lon)) if placed else (None, None)
        units.append(Unit(adcode, level, names, here, there, _distinct((name_en, name_zh))))
    return units
