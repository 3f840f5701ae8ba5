"""A dataset as GeoJSON (RFC 7946): longitude first, WGS 84, polygons counterclockwise.

Every site is a feature of its own, because precision and radius belong to the place and not to
the record: a project at three places is three Point features that share one `feature_id`, and
their `id`s end in #1, #2, #3. A record that could not be placed, or has no place, is a feature
without geometry, so nothing is lost. A corridor is a MultiLineString along its branches, which
is schematic; a province is a MultiPolygon or Polygon.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import shapely
from shapely.geometry import mapping

from geomap.dataset import Dataset
from geomap.export.origin import (
    plain_rows,
    plain_values,
    provenance,
    source_entry,
    sources_by_feature,
)
from geomap.views.facts import with_chinese_names
from geomap.views.filters import Filters, select_sites

DECIMALS = 6  # of a degree: a tenth of a metre
_SITE_PROPERTIES = (
    *("feature_id", "feature_kind", "kind", "name_en", "name_zh", "adcode", "province_adcode"),
    *("prefecture_adcode", "county_adcode", "iso_3166_2", "precision", "radius_km"),
    *("toponym", "toponym_zh"),
    *("location_status", "join_method", "border_km", "near_border", "status", "amount_cny"),
    *("amount_usd", "amount_state", "earliest_on", "newest_on", "corridor_ids"),
)
_NAMES = ("feature_id", "name_en", "name_zh")
_RECORD_PROPERTIES = {
    "projects": (
        *("investors", "investors_zh", "partners", "partners_zh"),
        *("amount_qualifier", "announced_on", "signed_on"),
        *("started_on", "opened_on", "changed_on", "closed_on", "area_m2", "capacity_mw"),
        *("zone_id", "part_of", "same_as", "may_overlap"),
        *("inferred", "inferred_zh", "note", "note_zh"),
    ),
    "zones": (
        *("former_names", "area_m2", "established_on", "companies", "companies_zh"),
        *("inferred", "inferred_zh", "note", "note_zh"),
    ),
    "cities": ("level", "role", "role_zh", "inferred", "inferred_zh", "note", "note_zh"),
}

Feature = dict[str, Any]
Cite = Callable[[str], list[dict[str, Any]]]


def geojson_text(dataset: Dataset, filters: Filters | None = None, lang: str = "en") -> str:
    """Write a dataset as a GeoJSON FeatureCollection; equal datasets give equal bytes.

    filters: sites that do not meet them, and records without a site, are left out; corridors and
    provinces always stay. The foreign member `geomap` holds version, counts, credits and notes.
    """
    cite = _citations(dataset)
    said = _said_by_records(dataset)
    features = [*_site_features(dataset, filters, cite, said)]
    if filters is None or not filters.active:
        features += _placeless_features(dataset, cite, said)
    features += _corridor_features(dataset, cite)
    features += _province_features(dataset)
    origin = provenance(dataset, lang)
    collection = {"type": "FeatureCollection", "geomap": origin, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _citations(dataset: Dataset) -> Cite:
    """Make a function from a feature id to the described sources of that feature."""
    sources = sources_by_feature(dataset)

    @cache
    def describe(source_id: str, locator: str) -> dict[str, Any]:
        return source_entry(dataset, source_id, locator)

    return lambda feature_id: [describe(*pair) for pair in sources[feature_id]]


def _feature(own_id: str, geometry: dict[str, Any] | None, properties: Feature) -> Feature:
    return {"type": "Feature", "id": own_id, "geometry": geometry, "properties": properties}


def _site_features(
    dataset: Dataset, filters: Filters | None, cite: Cite, said: Mapping[str, Feature]
) -> Iterator[Feature]:
    sites = dataset.sites if filters is None else dataset.sites[select_sites(dataset, filters)]
    columns = [plain_values(sites[name]) for name in _SITE_PROPERTIES]
    points = zip(plain_values(sites["lon"]), plain_values(sites["lat"]), strict=True)
    for site_id, point, *values in zip(sites["site_id"], points, *columns, strict=True):
        properties = dict(zip(_SITE_PROPERTIES, values, strict=True))
        properties["sources"] = cite(properties["feature_id"])
        yield _feature(site_id, _point(point), properties | said[properties["feature_id"]])


def _point(point: tuple[float | None, float | None]) -> dict[str, Any] | None:
    lon, lat = point
    if lon is None or lat is None:
        return None
    return {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]}


def _said_by_records(dataset: Dataset) -> dict[str, Feature]:
    """Give what each project, zone and city says beyond its place; what is empty is left out."""
    said: dict[str, Feature] = {}
    for table, names in _RECORD_PROPERTIES.items():
        frame = with_chinese_names(getattr(dataset, table), dataset)
        own: list[Feature] = [{} for _ in range(len(frame))]
        for name in names:
            for row, value in enumerate(plain_values(frame[name])):
                if value not in (None, (), ""):
                    own[row][name] = value
        said.update(zip(frame["feature_id"], own, strict=True))
    return said


def _placeless_features(
    dataset: Dataset, cite: Cite, said: Mapping[str, Feature]
) -> Iterator[Feature]:
    """Give the projects and zones that have no site at all, without geometry."""
    placed = set(dataset.sites["feature_id"])
    for feature_kind, frame in (("project", dataset.projects), ("zone", dataset.zones)):
        for row in plain_rows(frame[[*_NAMES, "kind"]]):
            if row["feature_id"] not in placed:
                own = _bare(row, feature_kind, cite(row["feature_id"]))
                yield _feature(row["feature_id"], None, own | said[row["feature_id"]])


def _bare(row: Feature, feature_kind: str, sources: list[dict[str, Any]]) -> Feature:
    """Give the properties every feature has, those of the place empty."""
    said = {name: row[name] for name in _NAMES}
    kinds = {"feature_kind": feature_kind, "kind": row.get("kind", feature_kind)}
    place = dict.fromkeys(("adcode", "province_adcode", "precision", "radius_km"))
    return {**said, **kinds, **place, "sources": sources}


def _corridor_features(dataset: Dataset, cite: Cite) -> Iterator[Feature]:
    members = dataset.corridor_members.dropna(subset=["lat", "lon"])
    for row in plain_rows(dataset.corridors):
        own = members[members["feature_id"] == row["feature_id"]]
        points = zip(own["lon"], own["lat"], strict=True)
        position = dict(zip(own["adcode"], points, strict=True))
        chains = row["branches"] or [row["members"]]
        lines = [[position[code] for code in chain if code in position] for chain in chains]
        properties = _bare(row, "corridor", cite(row["feature_id"]))
        properties |= {"members": row["members"], "schematic": True, "area_km2": row["area_km2"]}
        yield _feature(row["feature_id"], _lines(lines), properties)


def _lines(lines: list[list[tuple[float, float]]]) -> dict[str, Any] | None:
    drawn = [line for line in lines if len(line) > 1]
    return plain_geometry(shapely.MultiLineString(drawn)) if drawn else None


def _province_features(dataset: Dataset) -> Iterator[Feature]:
    """Give the provinces; their outline is exact to about a kilometre, so they have no radius."""
    frame = dataset.provinces
    for row, shape in zip(plain_rows(frame.drop(columns="geometry")), frame.geometry, strict=True):
        row["feature_id"] = f"province:{row['adcode']}"
        properties = _bare(row, "province", [{"title": row["source"]}])
        properties |= {"adcode": row["adcode"], "province_adcode": row["adcode"]}
        properties |= {"precision": "province", "iso_3166_2": row["iso_3166_2"]}
        properties |= {"area_km2": row["area_km2"]}
        yield _feature(row["feature_id"], plain_geometry(shape), properties)


def plain_geometry(shape: shapely.Geometry) -> dict[str, Any]:
    """Write a shapely geometry as a GeoJSON object, outer rings counterclockwise."""
    geometry = mapping(shapely.orient_polygons(shape))
    return {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}


def _rounded(coordinates: Any) -> Any:  # noqa: ANN401 - nested to any depth
    if isinstance(coordinates[0], float):
        return [round(value, DECIMALS) for value in coordinates]
    return [_rounded(part) for part in coordinates]
