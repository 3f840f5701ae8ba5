"""Located places joined to their province, prefecture and county, by code and by polygon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from geomap.boundaries import Boundaries, Located


class UnitCodes(Protocol):
    """What the gazetteer knows of a unit, as far as the join needs it."""

    @property
    def level(self) -> str:
        """province, prefecture or county."""

    @property
    def prefecture_adcode(self) -> str | None:
        """Code of the prefecture-level unit it belongs to, None when there is none."""


def join_places(
    located: pd.DataFrame, boundaries: Boundaries, units: Mapping[str, UnitCodes]
) -> pd.DataFrame:
    """Give the codes of every located place, in the same row order.

    located: `lat`, `lon` (WGS 84 degrees, NaN when unplaced) and `adcode` (of any level, missing
    when the place names no unit). units: what each adcode is. Returns province_adcode,
    prefecture_adcode, county_adcode, iso_3166_2, join_method (own_code, polygon, nearest,
    unknown), border_km (to the next province or country, rounded to the metre) and near_border.
    The province is that of the own code, else of the polygon, else of the nearest polygon within
    5 km; prefecture and county come from the own code only, for no polygons of them are shipped.
    `strayed_into` is the province of the polygon where it is another than the own code's and no
    border is near.
    """
    own = located["adcode"].astype("object").where(located["adcode"].notna(), None)
    found = boundaries.locate(located["lat"], located["lon"], own.to_numpy())
    province = pd.Series(found.adcode, index=located.index, dtype="str")
    joined = pd.DataFrame({"province_adcode": province}, index=located.index)
    joined["prefecture_adcode"] = _of_unit(own, lambda code: _prefecture(code, units))
    joined["county_adcode"] = _of_unit(own, lambda code: _county(code, units))
    joined["iso_3166_2"] = province.map(_iso_codes(boundaries)).astype("str")
    joined["join_method"] = pd.Series(found.join_method, index=located.index, dtype="str")
    joined["border_km"] = np.round(found.border_km, 3)
    joined["near_border"] = found.near_border
    joined["strayed_into"] = pd.Series(_strayed_into(found), index=located.index, dtype="str")
    return joined


def _of_unit(own: pd.Series, code_of: Callable[[str], str | None]) -> pd.Series:
    """Look a code up once per distinct own adcode."""
    label, values = pd.factorize(own)
    codes = pd.Series([*(code_of(value) for value in values), None], dtype="str")
    return codes.take(label).set_axis(own.index)


def _prefecture(adcode: str, units: Mapping[str, UnitCodes]) -> str | None:
    unit = units.get(adcode)
    return unit.prefecture_adcode if unit is not None else None


def _county(adcode: str, units: Mapping[str, UnitCodes]) -> str | None:
    unit = units.get(adcode)
    return adcode if unit is not None and unit.level == "county" else None


def _iso_codes(boundaries: Boundaries) -> dict[str, str]:
    frame = boundaries.frame
    return dict(zip(frame["adcode"], frame["iso_3166_2"], strict=True))


def _strayed_into(found: Located) -> list[str | None]:
    """Name the polygon of each disagreement that a border drawn to about 1 km cannot explain."""
    strayed = found.disagrees & ~found.near_border
    return [code if far else None for code, far in zip(found.polygon_adcode, strayed, strict=True)]
