"""Province polygons, shipped or the reader's own, and the province of any number of points."""

from geomap.boundaries.files import BACKDROPS, load_backdrop, load_boundaries, load_units
from geomap.boundaries.locate import NEAR_BORDER_KM, NEAREST_KM, Boundaries, Located, unit_code

__all__ = [
    "BACKDROPS",
    "NEAREST_KM",
    "NEAR_BORDER_KM",
    "Boundaries",
    "Located",
    "load_backdrop",
    "load_boundaries",
    "load_units",
    "unit_code",
]
