"""Say what is wrong with the units of a boundaries file, all faults at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geomap.boundaries.locate import Boundaries
from geomap.geodesy import Bounds

MOST_POINTS = 5_000_000
LEAST_SHARED = 0.3  # of the smaller of two drawings of one unit
MOST_OVERLAP = 0.01  # of the smaller of two units

Objects = npt.NDArray[np.object_]


def boundary_faults(
    features: pd.DataFrame, table: pd.DataFrame, known: Boundaries | None
) -> list[str]:
    """Return one sentence per fault, none when the file can be used.

    features: adcode and shape, the index is the number of the feature in the file. table: the
    units it must hold (adcode, name_en). known: another drawing of the same units, to see that
    each lies where it should.
    """
    names = dict(zip(table["adcode"], table["name_en"], strict=True))
    faults = [*_code_faults(features["adcode"], names), *_shape_faults(features)]
    if faults:
        return faults  # what follows needs polygons with known codes
    adcodes, shapes = features["adcode"].to_numpy(object), features["shape"].to_numpy(object)
    faults = _place_faults(shapes)
    if not faults and known is not None:
        faults = _strayed_faults(adcodes, shapes, known, names)
    return faults or _overlap_faults(adcodes, shapes, names)


def _code_faults(adcodes: pd.Series[str], names: dict[str, str]) -> list[str]:
    codes = list(adcodes)
    faults = []
    if missing := list(adcodes.index[adcodes == ""]):
        faults.append(f"Features {_some(missing)} have no adcode: give each its six digits.")
    if unknown := sorted({code for code in codes if code and code not in names}):
        faults.append(
            f"No unit has the adcode {_some(unknown)}: "
            "one polygon for each provincial unit is needed, nothing else."
        )
    if twice := sorted({code for code in codes if code and codes.count(code) > 1}):
        faults.append(f"The adcode {_some(twice)} stands more than once: merge its polygons.")
    if absent := [f"{code} ({name})" for code, name in names.items() if code not in codes]:
        faults.append(f"No polygon has the adcode {_some(absent)}: add it.")
    return faults


def _shape_faults(features: pd.DataFrame) -> list[str]:
    faults = []
    for number, code, drawn in features[["adcode", "shape"]].itertuples(name=None):
        who = f"Feature {number} (adcode {code or 'missing'})"
        if drawn is None or drawn.is_empty:
            faults.append(f"{who} has no geometry: draw it or remove it.")
        elif drawn.geom_type not in ("Polygon", "MultiPolygon"):
            faults.append(f"{who} is a {drawn.geom_type}: only polygons can be units.")
        elif not drawn.is_valid:
            reason = shapely.is_valid_reason(drawn)
            faults.append(f"{who} is no valid polygon ({reason}): repair its outline.")
    points = int(shapely.get_num_coordinates(features["shape"].to_numpy(object)).sum())
    if points > MOST_POINTS:
        faults.append(f"It has {points:,} corners: simplify it, 1 km is enough.")
    return faults


def _place_faults(shapes: Objects) -> list[str]:
    west, south, east, north = shapely.total_bounds(shapes)
    if _within((west, south, east, north), 180, 90):
        return []
    reach = f"{west:.6g}, {south:.6g} to {east:.6g}, {north:.6g}"
    if _within((west, south, east, north), 90, 180):
        return [
            f"It reaches from {reach}: latitude and longitude are swapped, put longitude first."
        ]
    return [
        f"It reaches from {reach}, which are no degrees: "
        "convert it to longitude and latitude in WGS 84 (EPSG:4326)."
    ]


def _within(bounds: Bounds, across: float, up: float) -> bool:
    west, south, east, north = bounds
    return max(abs(west), abs(east)) <= across and max(abs(south), abs(north)) <= up


def _strayed_faults(
    adcodes: Objects, shapes: Objects, known: Boundaries, names: dict[str, str]
) -> list[str]:
    strayed = []
    for code, drawn in zip(adcodes, shapes, strict=True):
        expected = known.shape_of(code)
        if expected is not None and _shared(drawn, expected) < LEAST_SHARED:
            strayed.append(f"{code} ({names[code]})")
    if not strayed:
        return []
    return [
        f"The polygon of {_some(strayed)} does not lie where that unit is: check the adcodes, that "
        "longitude comes first, and that the file is in WGS 84."
    ]


def _overlap_faults(adcodes: Objects, shapes: Objects, names: dict[str, str]) -> list[str]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    faults = []
    for one, other in zip(first[first < second], second[first < second], strict=True):
        if _shared(shapes[one], shapes[other]) > MOST_OVERLAP:
            pair = " and ".join(f"{adcodes[row]} ({names[adcodes[row]]})" for row in (one, other))
            faults.append(f"{pair} overlap: a place can lie in one unit only.")
    return faults


def _shared(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return the shared part of the smaller of two polygons, 0 to 1; degrees do for that."""
    shared = shapely.area(shapely.intersection(one, other))
    return float(shared / min(shapely.area(one), shapely.area(other)))


def _some(values: Iterable[object], most: int = 5) -> str:
    """List a few of many."""
    listed = [str(value) for value in values]
    rest = len(listed) - most
    return ", ".join(listed[:most]) + (f" and {rest} more" if rest > 0 else "")
