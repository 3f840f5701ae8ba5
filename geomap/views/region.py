"""What a region is, and the sentence for one that cannot be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geomap.errors import UnknownRegion
from geomap.geodesy import Bounds, pad_bounds
from geomap.sentences import NOTHING_SAID, Names

COUNTRY: Final = "country:CN"


class RegionProblem(UnknownRegion):
    """A region that cannot be compared; `words` says why in both languages."""


@dataclass(frozen=True)
class Region:
    """One place to compare; lat and lon are a label point in WGS 84, ring is (lat, lon)."""

    region_id: str
    kind: str  # province prefecture county corridor zone project country circle polygon
    name_en: str
    name_zh: str
    adcodes: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    ring: tuple[tuple[float, float], ...] = ()
    area_km2: float | None = None
    area_source: Names = NOTHING_SAID  # who states the area; nobody where it is measured
    bounds: Bounds | None = None

    @property
    def names(self) -> Names:
        """The name in both languages."""
        return Names(self.name_en, self.name_zh)


def region_problem(reason: str, **values: object) -> RegionProblem:
    """Make the error for a region, worded in the catalogues under comparison.problem."""
    return RegionProblem(f"comparison.problem.{reason}", **values)


def bounds_around(lat: float | None, lon: float | None, km: float) -> Bounds | None:
    """Return bounds of `km` on each side of a point, None without a point."""
    return None if lat is None or lon is None else pad_bounds((lon, lat, lon, lat), km)


def shortened(text: str) -> str:
    """Cut a text that a reader wrote to a length that fits into a sentence."""
    return text if len(text) <= 60 else text[:59] + "…"
