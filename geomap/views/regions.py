"""Regions a reader may compare: units, corridors, zones, the country, circles and polygons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geomap.errors import UnknownRegion
from geomap.geodesy import (
    Bounds,
    area_km2,
    bounds_of,
    circle_polygon,
    decode_polyline,
    encode_polyline,
    geodesic_km,
    pad_bounds,
)
from geomap.toponym import normalise
from geomap.views.columns import Ints, Mask, bare_id, floats_of, texts_of
from geomap.views.index import Index, index_of
from geomap.views.sentences import Names, Sentence, sentence
from geomap.views.units import level_of, unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset
    from geomap.views.search import Hit

COUNTRY: Final = "country:CN"
LARGEST_KM2: Final = 10_000_000.0  # a little more than all of China
LARGEST_RADIUS_KM: Final = 2_500.0
MOST_CORNERS: Final = 2_000
_MOST_NAMED: Final = 8
_COARSE: Final = ("province", "country")


class RegionProblem(UnknownRegion):
    """A region that cannot be compared; `words` says why in both languages."""

    def __init__(self, words: Sentence) -> None:
        super().__init__(words.say("en"))
        self.words = words


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
    bounds: Bounds | None = None

    @property
    def names(self) -> Names:
        """The name in both languages."""
        return Names(self.name_en, self.name_zh)


def parse_region(text: str, dataset: Dataset) -> Region:
    """Read a region id, an adcode, an ISO 3166-2 code or a name in either language.

    Raises RegionProblem (an UnknownRegion) whose `words` say what is wrong.
    """
    asked = " ".join(text.split())
    if not asked:
        raise _problem("empty")
    if asked.casefold() in _COUNTRY_NAMES:
        return country_region(dataset)
    kind, mark, rest = asked.partition(":")
    if not mark or kind not in _READERS:
        return _by_name(asked, dataset)
    key = ("region", asked)
    return index_of(dataset).table(key, lambda: _READERS[kind](rest, dataset))


def region_options(dataset: Dataset) -> tuple[Region, ...]:
    """Return the regions a chooser offers: country, provinces, corridors, cities, zones."""
    return index_of(dataset).table("region options", lambda: _region_options(dataset))


def _region_options(dataset: Dataset) -> tuple[Region, ...]:
    ids = [f"province:{code}" for code in dataset.provinces["adcode"]]
    for frame in (dataset.corridors, dataset.cities, dataset.zones):
        ids += [str(name) for name in frame["feature_id"]]
    return (country_region(dataset), *(parse_region(name, dataset) for name in ids))


def parse_regions(
    texts: Iterable[str], dataset: Dataset, given: Mapping[str, Region] | None = None
) -> tuple[tuple[Region, ...], tuple[Sentence, ...]]:
    """Read several regions; those that cannot be read or come twice become sentences.

    given: regions already read, by id.
    """
    regions: list[Region] = []
    notices: list[Sentence] = []
    for text in texts:
        try:
            region = (given or {}).get(text) or parse_region(text, dataset)
        except RegionProblem as problem:
            notices.append(problem.words)
            continue
        if region.region_id in {kept.region_id for kept in regions}:
            notices.append(sentence("comparison.notice.twice", "warning", region=region.names))
        else:
            regions.append(region)
            notices += _other_meanings(text, region, dataset)
    return tuple(regions), tuple(notices)


def _other_meanings(text: str, region: Region, dataset: Dataset) -> list[Sentence]:
    """Say how a name was read when it might mean something else."""
    from geomap.views.search import other_meanings

    if ":" in text or text.strip().isdigit():
        return []
    others = other_meanings(dataset, text)
    if not others:
        return []
    return [
        sentence(
            "comparison.notice.read_as",
            text=_short(text),
            region=region.names,
            id=region.region_id,
            ids=_listed(others),
        )
    ]


def _listed(hits: Sequence[Hit]) -> tuple[Names, ...]:
    """Write hits with what tells them apart: 'city:320500 (Suzhou, Jiangsu)'."""
    return tuple(
        Names(
            f"{hit.feature_id} ({', '.join(filter(None, (hit.names.en, hit.where.en)))})",
            f"{hit.feature_id}（{hit.where.zh}{hit.names.zh}）",
        )
        for hit in hits[:_MOST_NAMED]
    )


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


def _problem(reason: str, **values: object) -> RegionProblem:
    return RegionProblem(sentence(f"comparison.problem.{reason}", "error", **values))


# ---------------------------------------------------------------- the kinds of region


def country_region(dataset: Dataset) -> Region:
    """Return the whole country; its area is the sum of its provinces."""
    frame = dataset.provinces
    area = float(frame["area_km2"].sum()) if "area_km2" in frame.columns else None
    west, south, east, north = (float(side) for side in frame.total_bounds)
    centre = (35.0, 105.0)
    return Region(
        COUNTRY,
        "country",
        "China",
        "中国",
        lat=centre[0],
        lon=centre[1],
        area_km2=area,
        bounds=(west, south, east, north),
    )


def _province(adcode: str, dataset: Dataset) -> Region:
    frame = dataset.provinces
    rows = np.flatnonzero(frame["adcode"].astype(str) == adcode)
    if not len(rows):
        raise _problem("unknown", text=f"province:{adcode}")
    row = frame.iloc[int(rows[0])]
    west, south, east, north = (float(side) for side in row.geometry.bounds)
    return Region(
        f"province:{adcode}",
        "province",
        str(row.name_en),
        str(row.name_zh),
        (adcode,),
        float(row.label_lat),
        float(row.label_lon),
        area_km2=float(row.area_km2),
        bounds=(west, south, east, north),
    )


def _city(adcode: str, dataset: Dataset) -> Region:
    if not (adcode.isdigit() and len(adcode) == 6):
        raise _problem("bad_adcode", text=adcode)
    if adcode.endswith("0000") or adcode in _MUNICIPAL_GROUPS:
        return _province(adcode[:2] + "0000", dataset)  # a municipality is one region, not two
    unit = unit_of(adcode, dataset)
    if unit is None:
        raise _problem("unknown", text=f"city:{adcode}")
    kind = level_of(adcode)
    return Region(
        f"city:{adcode}",
        kind,
        unit.names.en,
        unit.names.zh,
        (adcode,),
        unit.lat,
        unit.lon,
        bounds=_around(unit.lat, unit.lon, 75.0 if kind == "prefecture" else 25.0),
    )


def _corridor(slug: str, dataset: Dataset) -> Region:
    row = _record(dataset.corridors, f"corridor:{slug}")
    frame = dataset.corridor_members
    own = frame[frame["corridor_id"] == slug]
    lat, lon, bounds = _middle(floats_of(own, "lat"), floats_of(own, "lon"))
    area = row.get("area_km2")
    return Region(
        f"corridor:{slug}",
        "corridor",
        str(row["name_en"]),
        str(row["name_zh"]),
        tuple(str(code) for code in own["adcode"]),
        lat,
        lon,
        area_km2=None if pd.isna(area) else float(area),
        bounds=bounds,
    )


def _zone(slug: str, dataset: Dataset) -> Region:
    row = _record(dataset.zones, f"zone:{slug}")
    index = index_of(dataset)
    zone = int(np.flatnonzero(index.zone_ids == f"zone:{slug}")[0])
    own = np.flatnonzero(index.zone_row == zone).astype(np.int32)
    lat, lon, bounds = _middle(index.lat[own], index.lon[own])
    area = row.get("area_m2")
    return Region(
        f"zone:{slug}",
        "zone",
        str(row["name_en"]),
        str(row["name_zh"]),
        _spanned(index, own),
        lat,
        lon,
        area_km2=None if pd.isna(area) else float(area) / 1e6,
        bounds=bounds,
    )


def _spanned(index: Index, own: Ints) -> tuple[str, ...]:
    """The whole units a zone is made of: only where it names several of them."""
    whole = own[index.columns["precision"].mask(("county", "prefecture", "province"))[own]]
    codes = tuple(dict.fromkeys(f"{code:06d}" for code in index.unit[whole] if code > 0))
    return codes if len(codes) > 1 else ()


def _project(slug: str, dataset: Dataset) -> Region:
    row = _record(dataset.projects, f"project:{slug}")
    index = index_of(dataset)
    sites = index.projects.sites_of(index.projects.row_of[slug])
    lat, lon, bounds = _middle(index.lat[sites], index.lon[sites])
    return Region(
        f"project:{slug}",
        "project",
        str(row["name_en"]),
        str(row["name_zh"]),
        lat=lat,
        lon=lon,
        bounds=bounds,
    )


def _circle(text: str, dataset: Dataset) -> Region:
    try:
        lat, lon, km = (float(part) for part in text.split(","))
    except ValueError:
        raise _problem("bad_circle", text=_short(text)) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and math.isfinite(km)):
        raise _problem("bad_circle", text=_short(text))
    if not 0 < km <= LARGEST_RADIUS_KM:
        raise _problem("radius", most=f"{LARGEST_RADIUS_KM:,.0f}")
    _refuse_outside(circle_polygon(lat, lon, km), dataset)
    values = {"km": f"{km:g}", "lat": f"{lat:.3f}", "lon": f"{lon:.3f}"}
    name = sentence("comparison.region.circle", **values)
    return Region(
        f"circle:{lat:g},{lon:g},{km:g}",
        "circle",
        name.say("en"),
        name.say("zh"),
        lat=lat,
        lon=lon,
        radius_km=km,
        area_km2=area_km2(circle_polygon(lat, lon, km)),
        bounds=_around(lat, lon, km),
    )


def _polygon(text: str, dataset: Dataset) -> Region:
    try:
        lats, lons = decode_polyline(text)
    except ValueError:
        raise _problem("bad_polygon", text=_short(text)) from None
    return polygon_region(zip(lats.tolist(), lons.tolist(), strict=True), dataset)


def polygon_region(ring: Iterable[tuple[float, float]], dataset: Dataset) -> Region:
    """Make a region of a ring of (lat, lon) corners in WGS 84, closed or not.

    Raises RegionProblem for a ring that crosses itself, is too small or too big, or touches
    no province.
    """
    corners = [(float(lat), float(lon)) for lat, lon in ring]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    shape = _checked(corners)
    _refuse_outside(shape, dataset)
    west, south, east, north = shape.bounds
    centre = shape.representative_point()
    name = sentence("comparison.region.polygon", n=len(corners))
    return Region(
        f"polygon:{encode_polyline(*zip(*corners, strict=True))}",
        "polygon",
        name.say("en"),
        name.say("zh"),
        lat=float(centre.y),
        lon=float(centre.x),
        ring=tuple(corners),
        area_km2=area_km2(shape),
        bounds=(float(west), float(south), float(east), float(north)),
    )


def region_from_geojson(data: object, dataset: Dataset) -> Region:
    """Make a region of an uploaded GeoJSON value: its first polygon, in WGS 84, without holes.

    Raises RegionProblem when it holds no polygon, or one that cannot be compared.
    """
    ring = _first_ring(data)
    if ring is None:
        raise _problem("no_polygon")
    try:
        corners = [(float(point[1]), float(point[0])) for point in ring]
    except (TypeError, ValueError, IndexError, KeyError):
        raise _problem("no_polygon") from None
    return polygon_region(corners, dataset)


def _first_ring(data: object, depth: int = 0) -> list[Any] | None:
    """Walk FeatureCollection, Feature, GeometryCollection to the outer ring of a polygon."""
    if not isinstance(data, dict) or depth > 6:
        return None
    for key in ("features", "geometries"):
        parts = data.get(key)
        if isinstance(parts, list):
            rings = (_first_ring(part, depth + 1) for part in parts[:1000])
            return next((ring for ring in rings if ring is not None), None)
    if "geometry" in data:
        return _first_ring(data["geometry"], depth + 1)
    levels = {"Polygon": 1, "MultiPolygon": 2}.get(str(data.get("type")), 0)
    part: Any = data.get("coordinates")
    for _ in range(levels):
        part = part[0] if isinstance(part, list) and part else None
    return part if levels and isinstance(part, list) else None


def _checked(corners: list[tuple[float, float]]) -> shapely.Polygon:
    if len(set(corners)) < 3 or len(corners) > MOST_CORNERS:
        raise _problem("corners", n=len(corners), most=MOST_CORNERS)
    if not all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in corners):
        raise _problem("off_globe")
    shape = shapely.Polygon([(lon, lat) for lat, lon in corners])
    if not shape.is_valid:
        raise _problem("crosses_itself")
    if area_km2(shape) > LARGEST_KM2:
        raise _problem("too_big", most=f"{LARGEST_KM2:,.0f}")
    return shape


def _refuse_outside(shape: shapely.Polygon, dataset: Dataset) -> None:
    provinces = index_of(dataset).table("province_tree", lambda: _tree(dataset))
    if not len(provinces.query(shape, predicate="intersects")):
        raise _problem("at_sea")


def _tree(dataset: Dataset) -> shapely.STRtree:
    return shapely.STRtree(np.asarray(dataset.provinces.geometry, dtype=object))


def polygon_of(region: Region) -> shapely.Polygon:
    """Return the shape of a polygon or circle region, in (lon, lat)."""
    if region.kind == "circle" and region.lat is not None and region.lon is not None:
        return circle_polygon(region.lat, region.lon, region.radius_km or 0.0)
    return shapely.Polygon([(lon, lat) for lat, lon in region.ring])


def shape_of(region: Region, dataset: Dataset) -> shapely.Geometry | None:
    """Return the outline of a region in (lon, lat), None where only its units are known."""
    if region.kind in ("circle", "polygon"):
        return polygon_of(region)
    if region.kind != "province":
        return None
    frame = dataset.provinces
    own = np.flatnonzero(frame["adcode"].astype(str) == region.adcodes[0])
    return frame.geometry.iloc[int(own[0])]


def _record(frame: pd.DataFrame, feature_id: str) -> pd.Series:
    rows = np.flatnonzero(texts_of(frame, "feature_id") == feature_id)
    if not len(rows):
        raise _problem("unknown", text=_short(feature_id))
    return frame.iloc[int(rows[0])]


def _middle(
    lats: NDArray[np.float64], lons: NDArray[np.float64]
) -> tuple[float | None, float | None, Bounds | None]:
    """Middle of the box around points, for a label and a first view; no site is put there."""
    box = bounds_of(lats, lons)
    if box is None:
        return None, None, None
    return (box[1] + box[3]) / 2, (box[0] + box[2]) / 2, pad_bounds(box, 20.0)


def _around(lat: float | None, lon: float | None, km: float) -> Bounds | None:
    return None if lat is None or lon is None else pad_bounds((lon, lat, lon, lat), km)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _by_name(asked: str, dataset: Dataset) -> Region:
    if asked.isdigit() and len(asked) == 6:
        return _city(asked, dataset)
    from geomap.views.search import features_named  # search builds on regions' neighbours

    found = features_named(dataset, asked)
    if not found:
        if (adcode := _unit_written(asked)) is not None:
            return _city(adcode, dataset) if adcode[2:] != "0000" else _province(adcode, dataset)
        raise _problem("unknown", text=_short(asked))
    if len(found) > 1:
        raise _problem("several", text=_short(asked), ids=_listed(found))
    return parse_region(found[0].feature_id, dataset)


def _unit_written(asked: str) -> str | None:
    """Return the adcode of the unit that a whole path or a former name means: 安徽省合肥市.

    None as soon as the words hold anything else, because a region is not guessed from prose.
    """
    from geomap.geocode import default_geocoder  # takes half a second, and is seldom needed

    found = default_geocoder().resolve(asked)
    is_unit = found.status == "matched" and found.level in ("province", "prefecture", "county")
    return found.adcode if is_unit and _letters(found.matched) == _letters(asked) else None


def _letters(text: str | None) -> list[str]:
    """The letters and digits of a text, sorted: two orders of one path are the same."""
    return sorted(filter(str.isalnum, normalise(text or "").casefold()))


# "Districts" and "counties" under a municipality have codes of their own in GB/T 2260.
_MUNICIPAL_GROUPS: Final = ("110100", "120100", "310100", "500100", "500200")
_COUNTRY_NAMES: Final = frozenset(
    ("country:cn", "china", "中国", "全国", "cn", "whole country", "100000", "country")
)
_READERS: Final = {
    "province": _province,
    "city": _city,
    "corridor": _corridor,
    "zone": _zone,
    "project": _project,
    "circle": _circle,
    "polygon": _polygon,
}
