"""What stands on the map, as frozen values: the layers from back to front.

Everything a mark shows is decided here and only drawn elsewhere. Shape tells the layer, fill tells
how exact the place is (the honest pin), size tells the stated money:

form     precision                      drawn as
dot      site, place                    filled
ring     town, county                   thick outline
hollow   prefecture, province, country  thin outline, hatched
dashed   a zone across provinces        thin dashed outline, once per member

Coordinates are WGS 84 degrees; geometry is GeoJSON, hence (lon, lat).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geomap.dataset import Dataset
from geomap.geodesy import Bounds, bounds_of, buffer_m, pad_bounds

Drawing = Literal["areas", "lines", "labels", "marks", "points"]
Feature = Mapping[str, Any]
Codes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SITE_LAYERS = ("projects", "zones", "data_centres", "cities")
FORMS = ("dot", "ring", "hollow", "dashed")
_FORM_OF = {
    "site": 0,
    "place": 0,
    "town": 1,
    "county": 1,
    "prefecture": 2,
    "province": 2,
    "country": 2,
}
# Stated sums at which a mark grows, in yuan and in dollars; the two are never converted.
SIZE_STEPS_CNY = (0.0, 1e9, 10e9, 50e9)
SIZE_STEPS_USD = (0.0, 0.15e9, 1.5e9, 7.5e9)
# Half the width of the band along a corridor's schematic line; it marks the line, not a border.
CORRIDOR_BAND_M = 15_000.0
# Jumping to the country leaves out the open sea below Hainan.
SOUTHERN_EDGE = 17.5
MOST_CITY_LABELS = 400
# More zones across provinces than these would cover the map with their lines.
MOST_ZONE_LINKS = 60
# Above this many sites one canvas draws them all; up to it each is a shape that takes the focus.
MARK_LIMIT = 2_000
# Sites nearer than this are one place (1e-4 degrees is about 10 m).
_PLACE_DECIMALS = 4
_GEOMETRY_DECIMALS = 4


@dataclass(frozen=True)
class Layer:
    """One layer of the map.

    layer_id: [a-z_]+, also its style. drawing: how its features are drawn. switch: the name under
    which a reader switches it, None when it always stays. shown: on at first. acts: its marks
    answer to clicks and keys. features: GeoJSON features; a feature that acts has `feature_id`.
    points: the sites of a "points" layer, which has no features.
    """

    layer_id: str
    drawing: Drawing
    switch: str | None
    shown: bool
    acts: bool
    features: tuple[Feature, ...] = ()
    points: SitePoints | None = None


@dataclass(frozen=True, eq=False)
class SitePoints:
    """The placed sites as columns of equal length, in site order.

    site_index: rows of `dataset.sites`. lat, lon: degrees. layer: position in SITE_LAYERS.
    form: position in FORMS. size: 0 (no stated sum) to 4. place: sites at one place share a
    number from 1; 0 stands alone there.
    """

    site_index: NDArray[np.int64]
    lat: Floats
    lon: Floats
    layer: Codes
    form: Codes
    size: Codes
    place: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.site_index)

    def take(self, mask: Mask) -> SitePoints:
        """Give the points a mask marks."""
        return SitePoints(*(getattr(self, column.name)[mask] for column in fields(self)))


# ---------------------------------------------------------------- sites


def site_points(dataset: Dataset, kept: Mask | None = None) -> SitePoints:
    """Give every site that has a place and is meant to be drawn, as columns.

    kept: bool per site; the others are left out.
    """
    sites = dataset.sites
    wanted = (sites["lat"].notna() & ~_kept_off(dataset)).to_numpy()
    drawn = np.flatnonzero(wanted if kept is None else wanted & kept)
    rows = sites.iloc[drawn]
    lat, lon = (rows[name].to_numpy(dtype=np.float64) for name in ("lat", "lon"))
    return SitePoints(
        site_index=drawn.astype(np.int64),
        lat=lat,
        lon=lon,
        layer=_codes(rows["layer"], SITE_LAYERS),
        form=site_forms(rows),
        size=_site_sizes(dataset, rows, drawn),
        place=shared_places(lat, lon),
    )


def _kept_off(dataset: Dataset) -> pd.Series:
    """Mark sites of zones whose record says they are not drawn."""
    off = dataset.zones.loc[dataset.zones["draw_on_map"].eq(False).fillna(False), "feature_id"]
    return dataset.sites["feature_id"].isin(off)


def _codes(column: pd.Series, values: Sequence[str]) -> Codes:
    codes = column.map({value: code for code, value in enumerate(values)})
    return np.asarray(codes, dtype=np.uint8)


def form_of_precision(precision: str) -> str:
    """Name the sign under which a place of so exact a kind is drawn."""
    return FORMS[_FORM_OF[precision]]


def site_forms(sites: pd.DataFrame) -> Codes:
    """Tell how each site is drawn from its precision; members of cross-province zones are dashed.

    A site without a precision is drawn as the least exact. A city is itself what its point
    stands for, so it is a dot however large it is.
    """
    forms = sites["precision"].map(_FORM_OF).fillna(_FORM_OF["country"]).to_numpy(dtype=np.uint8)
    forms[sites["feature_kind"].eq("city").to_numpy()] = FORMS.index("dot")
    zones = sites[sites["feature_kind"] == "zone"]
    provinces = zones.groupby("feature_id")["province_adcode"].nunique()
    across = sites["feature_id"].isin(provinces.index[provinces > 1])
    forms[across.to_numpy()] = FORMS.index("dashed")
    return np.asarray(forms, dtype=np.uint8)


def size_classes(amount_cny: Floats, amount_usd: Floats) -> Codes:
    """Class stated sums from 0 (none) to 4 by SIZE_STEPS; yuan decide where both are stated."""
    cny = np.searchsorted(SIZE_STEPS_CNY, amount_cny, side="right")
    usd = np.searchsorted(SIZE_STEPS_USD, amount_usd, side="right")
    sizes = np.where(np.isnan(amount_cny), np.where(np.isnan(amount_usd), 0, usd), cny)
    return sizes.astype(np.uint8)


def _site_sizes(dataset: Dataset, rows: pd.DataFrame, drawn: NDArray[np.int64]) -> Codes:
    """Size a project at its lead site only: the sum is of all its sites together."""
    sizes = size_classes(
        rows["amount_cny"].to_numpy(dtype=np.float64), rows["amount_usd"].to_numpy(dtype=np.float64)
    )
    leads = dataset.projects["lead_site"].dropna().to_numpy(dtype=np.int64)
    return np.where(np.isin(drawn, leads), sizes, np.uint8(0)).astype(np.uint8)


def shared_places(lat: Floats, lon: Floats) -> NDArray[np.int64]:
    """Number the places that several sites share from 1; a site alone at its place has 0."""
    cells = np.round(np.column_stack([lat, lon]), _PLACE_DECIMALS)
    if not len(cells):
        return np.zeros(0, dtype=np.int64)
    _, groups, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    shared = counts > 1
    numbers = np.where(shared, np.cumsum(shared), 0)
    return numbers[groups.reshape(-1)].astype(np.int64)


def mark_features(dataset: Dataset, points: SitePoints, layer: str) -> tuple[Feature, ...]:
    """Give the sites of one layer as GeoJSON points."""
    chosen = np.flatnonzero(points.layer == SITE_LAYERS.index(layer))
    rows = dataset.sites.iloc[points.site_index[chosen]]
    columns = ("feature_id", "site_id", "kind", "name_en", "name_zh", "precision")
    texts = [rows[name].where(rows[name].notna(), None).tolist() for name in columns]
    radii = rows["radius_km"].tolist()
    return tuple(
        _mark(points, position, dict(zip(columns, values, strict=True)), radius)
        for position, radius, *values in zip(chosen.tolist(), radii, *texts, strict=True)
    )


def _mark(points: SitePoints, at: int, properties: dict[str, Any], radius_km: float) -> Feature:
    properties["layer"] = SITE_LAYERS[points.layer[at]]
    properties["form"] = FORMS[points.form[at]]
    properties["size"] = int(points.size[at])
    properties["place"] = int(points.place[at])
    properties["site"] = int(points.site_index[at])
    properties["radius_km"] = None if np.isnan(radius_km) else radius_km
    return _feature(properties["feature_id"], _point(points, at), properties)


def _point(points: SitePoints, at: int) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [float(points.lon[at]), float(points.lat[at])]}


def _feature(
    feature_id: str | None, geometry: Mapping[str, Any], properties: Mapping[str, Any]
) -> Feature:
    own = {} if feature_id is None else {"id": feature_id}
    return {"type": "Feature", **own, "geometry": geometry, "properties": properties}


# ---------------------------------------------------------------- provinces


def province_features(dataset: Dataset) -> tuple[Feature, ...]:
    """Give the province polygons."""
    frame = dataset.provinces
    rows = zip(frame["adcode"], frame["name_en"], frame["name_zh"], frame.geometry, strict=True)
    return tuple(
        _feature(
            f"province:{adcode}",
            plain_geometry(shape),
            _named(f"province:{adcode}", name_en, name_zh, adcode=adcode),
        )
        for adcode, name_en, name_zh, shape in rows
    )


def province_label_features(dataset: Dataset) -> tuple[Feature, ...]:
    """Give the label points of the provinces, large provinces first."""
    frame = dataset.provinces.sort_values("area_km2", ascending=False)
    rows = zip(
        frame["adcode"],
        frame["name_en"],
        frame["name_zh"],
        frame["label_lon"],
        frame["label_lat"],
        strict=True,
    )
    return tuple(
        _feature(
            None,
            {"type": "Point", "coordinates": [round(lon, 4), round(lat, 4)]},
            _named(f"province:{adcode}", name_en, name_zh),
        )
        for adcode, name_en, name_zh, lon, lat in rows
    )


def _named(feature_id: str, name_en: str, name_zh: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"feature_id": feature_id, "name_en": name_en, "name_zh": name_zh, **more}


def plain_geometry(shape: shapely.Geometry) -> dict[str, Any]:
    """Write a shapely geometry as GeoJSON with coordinates of about 10 m."""
    geometry = dict(shapely.geometry.mapping(shape))
    geometry["coordinates"] = _rounded(geometry["coordinates"])
    return geometry


def _rounded(coordinates: Any) -> Any:  # noqa: ANN401 - nested to any depth
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [round(value, _GEOMETRY_DECIMALS) for value in coordinates[:2]]
    return [_rounded(part) for part in coordinates]


# ---------------------------------------------------------------- corridors, zones across provinces


def corridor_line_features(dataset: Dataset) -> tuple[Feature, ...]:
    """Give each corridor as a schematic line, branch by branch through its placed members."""
    return tuple(
        _feature(feature_id, _lines_geometry(lines), _named(feature_id, name_en, name_zh))
        for feature_id, name_en, name_zh, lines in _corridor_lines(dataset)
        if lines
    )


def corridor_band_features(dataset: Dataset) -> tuple[Feature, ...]:
    """Give the band on both sides of each corridor's schematic line."""
    return tuple(
        _feature(feature_id, _band(lines), _named(feature_id, name_en, name_zh))
        for feature_id, name_en, name_zh, lines in _corridor_lines(dataset)
        if lines
    )


_Line = tuple[tuple[float, float], ...]


def _corridor_lines(dataset: Dataset) -> Iterable[tuple[str, str, str, tuple[_Line, ...]]]:
    members = dataset.corridor_members.dropna(subset=["lat", "lon"])
    frame = dataset.corridors
    columns = (frame[name] for name in ("feature_id", "name_en", "name_zh", "branches", "members"))
    for feature_id, name_en, name_zh, branches, chain in zip(*columns, strict=True):
        own = members[members["feature_id"] == feature_id]
        place = dict(zip(own["adcode"], zip(own["lon"], own["lat"], strict=True), strict=True))
        lines = (
            tuple(place[code] for code in codes if code in place) for codes in branches or [chain]
        )
        yield feature_id, name_en, name_zh, tuple(line for line in lines if len(line) > 1)


def _lines_geometry(lines: Sequence[_Line]) -> dict[str, Any]:
    return plain_geometry(shapely.MultiLineString(lines))


def _band(lines: Sequence[_Line]) -> dict[str, Any]:
    return plain_geometry(buffer_m(shapely.MultiLineString(lines), CORRIDOR_BAND_M))


def city_label_features(
    dataset: Dataset, points: SitePoints, kept: Mask | None = None
) -> tuple[Feature, ...]:
    """Give the names of the cities, corridor members first: where names touch, the first stay.

    kept: bool per site; the others are named all the same, for a map without names of places is
    hard to read, but faintly. rank: 0 for municipalities and capitals of provinces, 1 for
    prefectures, 2 for counties; a map of the whole country names them in that order.
    """
    chosen = np.flatnonzero(points.layer == SITE_LAYERS.index("cities"))
    rows = dataset.sites.iloc[points.site_index[chosen]]
    members = rows["feature_id"].isin(dataset.corridor_members["city_feature_id"]).to_numpy()
    ranks = np.array([_unit_rank(feature_id) for feature_id in rows["feature_id"]], dtype=int)
    order = np.lexsort((ranks, ~members))[:MOST_CITY_LABELS]
    names = rows.iloc[order]
    columns = (names[name] for name in ("feature_id", "name_en", "name_zh", "site_index"))
    return tuple(
        _feature(
            None,
            _point(points, at),
            _named(feature_id, name_en, name_zh, rank=int(rank))
            | ({"site": int(site)} if kept is None or kept[site] else {"faint": True}),
        )
        for at, rank, feature_id, name_en, name_zh, site in zip(
            chosen[order], ranks[order], *columns, strict=True
        )
    )


def _unit_rank(feature_id: str) -> int:
    """Rank "city:<adcode>": a capital's code ends in 0100, a municipality's in 0000."""
    if feature_id.endswith(("0000", "0100")):
        return 0
    return 1 if feature_id.endswith("00") else 2


def zone_link_features(dataset: Dataset, points: SitePoints) -> tuple[Feature, ...]:
    """Join the members of each cross-province zone by a dashed line around them.

    sites: the members, with which the line comes and goes. None at all where there are very many.
    """
    dashed = points.form == FORMS.index("dashed")
    rows = dataset.sites.iloc[points.site_index[dashed]]
    features = []
    for feature_id, own in rows.groupby("feature_id", sort=False):
        hull = shapely.MultiPoint(list(zip(own["lon"], own["lat"], strict=True))).convex_hull
        corners = shapely.get_coordinates(hull)
        outline = shapely.LineString(corners) if len(corners) > 1 else hull
        sites = [int(site) for site in own["site_index"]]
        names = _named(str(feature_id), own["name_en"].iloc[0], own["name_zh"].iloc[0], sites=sites)
        features.append(_feature(str(feature_id), plain_geometry(outline), names))
    return tuple(features) if len(features) <= MOST_ZONE_LINKS else ()


# ---------------------------------------------------------------- the whole map


def map_layers(
    dataset: Dataset, backdrop: Mapping[str, Sequence[Feature]], kept: Mask | None = None
) -> tuple[Layer, ...]:
    """Give every layer of the map, back to front.

    backdrop: GeoJSON features of "neighbours", "water" and "claim_lines", as files of data/geo
    hold them; a layer without features is left out. kept: bool per site, None for all.
    """
    points = site_points(dataset, kept)
    everything = points if kept is None else site_points(dataset)
    names = city_label_features(dataset, everything, kept)
    layers = (
        Layer("neighbours", "areas", None, True, False, tuple(backdrop.get("neighbours", ()))),
        Layer("provinces", "areas", None, True, True, province_features(dataset)),
        Layer("water", "areas", "water", True, False, tuple(backdrop.get("water", ()))),
        Layer(
            "claim_lines",
            "lines",
            "claim_lines",
            False,
            False,
            tuple(backdrop.get("claim_lines", ())),
        ),
        Layer("corridor_band", "areas", "corridor", True, True, corridor_band_features(dataset)),
        Layer("corridor", "lines", "corridor", True, True, corridor_line_features(dataset)),
        Layer("zone_links", "lines", "zones", True, True, zone_link_features(dataset, points)),
        Layer("province_labels", "labels", "labels", True, False, province_label_features(dataset)),
        Layer("city_labels", "labels", "labels", True, False, names),
        *_site_layers(dataset, points),
    )
    return tuple(layer for layer in layers if layer.features or layer.points is not None)


def _site_layers(dataset: Dataset, points: SitePoints) -> tuple[Layer, ...]:
    """Give the sites as marks, or as points on a canvas when they are too many.

    Cities stay marks while they are few: they are what a reader looks for first.
    """
    if len(points) <= MARK_LIMIT:
        return tuple(_mark_layer(dataset, points, name) for name in SITE_LAYERS)
    cities = points.layer == SITE_LAYERS.index("cities")
    if cities.sum() > MOST_CITY_LABELS:
        return (Layer("sites", "points", None, True, True, (), points),)
    return (
        Layer("sites", "points", None, True, True, (), points.take(~cities)),
        _mark_layer(dataset, points, "cities"),
    )


def _mark_layer(dataset: Dataset, points: SitePoints, name: str) -> Layer:
    return Layer(name, "marks", name, True, True, mark_features(dataset, points, name))


@dataclass(frozen=True)
class MapViews:
    """The stretches of map a reader can jump to, as bounds (west, south, east, north)."""

    country: Bounds
    corridor: Bounds


def map_views(dataset: Dataset) -> MapViews:
    """Give the bounds of the country and of the first corridor with its band.

    Without a corridor both are the country.
    """
    west, south, east, north = (float(edge) for edge in dataset.provinces.total_bounds)
    country = (west, max(south, SOUTHERN_EDGE), east, north)
    members = dataset.corridor_members
    first = (
        members[members["corridor_id"] == members["corridor_id"].iloc[0]]
        if len(members)
        else members
    )
    bounds = bounds_of(first["lat"], first["lon"])
    return MapViews(country, pad_bounds(bounds, CORRIDOR_BAND_M / 500) if bounds else country)
