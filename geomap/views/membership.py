"""Which sites lie in a region, and which are placed too coarsely to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geomap.geodesy import (
    geodesic_km,
)
from geomap.views.columns import Mask, bare_id
from geomap.views.drawn_regions import polygon_of
from geomap.views.index import Index, index_of
from geomap.views.region import Region

if TYPE_CHECKING:
    from geomap.dataset import Dataset

_COARSE: Final = ("province", "country")


def sites_in(region: Region, dataset: Dataset) -> Mask:
    """Mark the sites that lie in a region, in the row order of `dataset.sites`."""
    index = index_of(dataset)
    return index.once(("inside", region), lambda: _sites_in(region, index))


def sites_unsure(region: Region, dataset: Dataset) -> Mask:
    """Mark the sites that may lie in a region but are placed too coarsely to say."""
    index = index_of(dataset)
    return index.once(("unsure", region), lambda: _sites_unsure(region, dataset, index))


def _sites_in(region: Region, index: Index) -> Mask:
    if region.kind == "country":
        return np.ones(index.size, dtype=bool)
    if region.kind == "corridor":
        return index.corridors.mask((bare_id(region.region_id),))
    if region.kind == "zone":
        return _in_zone(region, index)
    if region.kind == "project":
        return _of_project(region, index)
    if region.kind in ("circle", "polygon"):
        return _in_shape(region, index) & ~index.columns["precision"].mask(_COARSE)
    return in_unit(index, region.adcodes[0])


def in_unit(index: Index, adcode: str) -> Mask:
    """Mark the sites in a province, prefecture or county, given by its adcode."""
    code = int(adcode)
    if adcode.endswith("0000"):
        return np.asarray(index.province == code)
    if adcode.endswith("00"):
        return np.asarray((index.prefecture == code) | (index.unit == code))
    return np.asarray((index.county == code) | (index.unit == code))


def _in_zone(region: Region, index: Index) -> Mask:
    """A zone holds what is recorded in it; one that spans whole units holds what lies there."""
    row = int(np.flatnonzero(index.zone_ids == region.region_id)[0])
    projects = index.projects
    recorded = np.append(projects.zone_row == row, False)[index.project_row]
    hosted = np.append(index.zone_host == row, False)[index.zone_row]
    mask = (index.zone_row == row) | recorded | hosted
    for adcode in region.adcodes:
        mask |= in_unit(index, adcode)
    return np.asarray(mask)


def _of_project(region: Region, index: Index) -> Mask:
    row = index.projects.row_of[bare_id(region.region_id)]
    family = (index.projects.parent == row) | (index.projects.canonical == row)
    family[row] = True
    return np.asarray(np.append(family, False)[index.project_row])


def _in_shape(region: Region, index: Index) -> Mask:
    placed = np.isfinite(index.lat) & np.isfinite(index.lon)
    inside = np.zeros(index.size, dtype=bool)
    if region.kind == "circle" and region.lat is not None and region.lon is not None:
        km = geodesic_km(region.lat, region.lon, index.lat[placed], index.lon[placed])
        inside[placed] = km <= (region.radius_km or 0.0)
    else:
        shape = polygon_of(region)
        inside[placed] = shapely.contains_xy(shape, index.lon[placed], index.lat[placed])
    return inside


def _sites_unsure(region: Region, dataset: Dataset, index: Index) -> Mask:
    inside = sites_in(region, dataset)
    if region.kind in ("circle", "polygon"):
        coarse = index.columns["precision"].mask((*_COARSE, "prefecture"))
        return _in_shape(region, index) & coarse
    mask = np.zeros(index.size, dtype=bool)
    for adcode in region.adcodes:
        mask |= _coarser_than(index, adcode)
    return np.asarray(mask & ~inside)


def _coarser_than(index: Index, adcode: str) -> Mask:
    """Sites placed in the province or prefecture of a unit, but no finer."""
    if adcode.endswith("0000"):
        return np.zeros(index.size, dtype=bool)
    in_province = index.province == int(adcode[:2] + "0000")
    bare = in_province & (index.prefecture < 0) & (index.county < 0)
    if adcode.endswith("00"):
        return np.asarray(bare)
    whole = index.prefecture == int(adcode[:4] + "00")
    municipal = index.prefecture == int(adcode[:2] + "0000")
    return np.asarray(bare | ((whole | (in_province & municipal)) & (index.county < 0)))
