"""Say what is wrong with the units of a boundaries file, all faults at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geomap.boundaries.locate import Boundaries
from geomap.geodesy import Bounds
from geomap.sentences import Listed, Names, Sentence, sentence

MOST_POINTS = 5_000_000
LEAST_SHARED = 0.3  # of the smaller of two drawings of one unit
MOST_OVERLAP = 0.01  # of the smaller of two units

Objects = npt.NDArray[np.object_]


def boundary_faults(
    features: pd.DataFrame, table: pd.DataFrame, known: Boundaries | None
) -> list[Sentence]:
    """Return one sentence per fault, none when the file can be used.

    features: adcode and shape, the index is the number of the feature in the file. table: the
    units it must hold (adcode, name_en, name_zh). known: another drawing of the same units, to see
    that each lies where it should.
    """
    both = map(Names, table["name_en"], table["name_zh"])
    names = dict(zip(table["adcode"], both, strict=True))
    faults = [*_code_faults(features["adcode"], names), *_shape_faults(features)]
    if faults:
        return faults  # what follows needs polygons with known codes
    adcodes, shapes = features["adcode"].to_numpy(object), features["shape"].to_numpy(object)
    faults = _place_faults(shapes)
    if not faults and known is not None:
        faults = _strayed_faults(adcodes, shapes, known, names)
    return faults or _overlap_faults(adcodes, shapes, names)


def _fault(fault: str, /, **values: object) -> Sentence:
    return sentence(f"errors.boundaries.{fault}", "error", **values)


def _code_faults(adcodes: pd.Series[str], names: dict[str, Names]) -> list[Sentence]:
    codes = list(adcodes)
    faults = []
    if missing := list(adcodes.index[adcodes == ""]):
        faults.append(_fault("no_adcode", numbers=_some(missing)))
    if unknown := sorted({code for code in codes if code and code not in names}):
        faults.append(_fault("unknown_adcode", codes=_some(unknown)))
    if twice := sorted({code for code in codes if code and codes.count(code) > 1}):
        faults.append(_fault("twice", codes=_some(twice)))
    if absent := [_unit(code, names) for code in names if code not in codes]:
        faults.append(_fault("absent", units=_some(absent)))
    return faults


def _unit(code: str, names: dict[str, Names]) -> Sentence:
    return _fault("unit", code=code, name=names[code])


def _shape_faults(features: pd.DataFrame) -> list[Sentence]:
    faults = []
    for number, code, drawn in features[["adcode", "shape"]].itertuples(name=None):
        who: dict[str, object] = {"number": number, "code": code or _fault("missing")}
        if drawn is None or drawn.is_empty:
            faults.append(_fault("no_geometry", **who))
        elif drawn.geom_type not in ("Polygon", "MultiPolygon"):
            faults.append(_fault("not_polygon", kind=drawn.geom_type, **who))
        elif not drawn.is_valid:
            reason = shapely.is_valid_reason(drawn)
            faults.append(_fault("invalid", reason=reason, **who))
    points = int(shapely.get_num_coordinates(features["shape"].to_numpy(object)).sum())
    if points > MOST_POINTS:
        faults.append(_fault("corners", n=points))
    return faults


def _place_faults(shapes: Objects) -> list[Sentence]:
    west, south, east, north = shapely.total_bounds(shapes)
    if _within((west, south, east, north), 180, 90):
        return []
    reach = _fault("reach", west=west, south=south, east=east, north=north)
    swapped = _within((west, south, east, north), 90, 180)
    return [_fault("swapped" if swapped else "no_degrees", reach=reach)]


def _within(bounds: Bounds, across: float, up: float) -> bool:
    west, south, east, north = bounds
    return max(abs(west), abs(east)) <= across and max(abs(south), abs(north)) <= up


def _strayed_faults(
    adcodes: Objects, shapes: Objects, known: Boundaries, names: dict[str, Names]
) -> list[Sentence]:
    strayed = []
    for code, drawn in zip(adcodes, shapes, strict=True):
        expected = known.shape_of(code)
        if expected is not None and _shared(drawn, expected) < LEAST_SHARED:
            strayed.append(_unit(code, names))
    return [_fault("strayed", units=_some(strayed))] if strayed else []


def _overlap_faults(adcodes: Objects, shapes: Objects, names: dict[str, Names]) -> list[Sentence]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    faults = []
    for one, other in zip(first[first < second], second[first < second], strict=True):
        if _shared(shapes[one], shapes[other]) > MOST_OVERLAP:
            pair = tuple(_unit(adcodes[row], names) for row in (one, other))
            faults.append(_fault("overlap", units=Listed(pair, "and")))
    return faults


def _shared(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return the shared part of the smaller of two polygons, 0 to 1; degrees do for that."""
    shared = shapely.area(shapely.intersection(one, other))
    return float(shared / min(shapely.area(one), shapely.area(other)))


def _some(values: Iterable[object], most: int = 5) -> object:
    """List a few of many."""
    listed = tuple(values)
    rest = len(listed) - most
    return _fault("some", listed=listed[:most], n=rest) if rest > 0 else listed
