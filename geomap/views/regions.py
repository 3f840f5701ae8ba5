"""Regions a reader may compare: units, corridors, zones, the country, circles and polygons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geomap.geodesy import (
    Bounds,
    bounds_of,
    pad_bounds,
)
from geomap.sentences import NOTHING_SAID, Names, Sentence, sentence
from geomap.toponym import normalise
from geomap.views.census import publisher_of, stated_area_of
from geomap.views.columns import Ints, floats_of, texts_of
from geomap.views.drawn_regions import (
    circle_region,
    polygon_of_text,
    polygon_region,
    region_from_geojson,
)
from geomap.views.index import Index, index_of
from geomap.views.region import (
    COUNTRY,
    Region,
    RegionProblem,
    bounds_around,
    region_problem,
    shortened,
)
from geomap.views.units import level_of, unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset
    from geomap.views.search import Hit

__all__ = [
    "COUNTRY",
    "Region",
    "RegionProblem",
    "country_region",
    "parse_region",
    "parse_regions",
    "polygon_region",
    "region_from_geojson",
    "region_options",
]

_MOST_NAMED: Final = 8


def parse_region(text: str, dataset: Dataset) -> Region:
    """Read a region id, an adcode, an ISO 3166-2 code or a name in either language.

    Raises RegionProblem (an UnknownRegion) whose `words` say what is wrong.
    """
    asked = " ".join(text.split())
    if not asked:
        raise region_problem("empty")
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
    return _told_apart(regions, dataset), tuple(notices)


def _told_apart(regions: Sequence[Region], dataset: Dataset) -> tuple[Region, ...]:
    """Add the province to names that two regions share: two Chaoyang Districts, two Suzhous."""
    shared = [
        {name for name in names if names.count(name) > 1}
        for names in ([r.name_en for r in regions], [r.name_zh for r in regions])
    ]
    return tuple(
        _with_province(region, dataset)
        if region.name_en in shared[0] or region.name_zh in shared[1]
        else region
        for region in regions
    )


def _with_province(region: Region, dataset: Dataset) -> Region:
    holder = unit_of(f"{region.adcodes[0][:2]}0000", dataset) if region.adcodes else None
    if holder is None or region.kind == "province":
        return region
    return replace(
        region,
        name_en=f"{region.name_en}, {holder.names.en}",
        name_zh=f"{holder.names.zh}{region.name_zh}",
    )


def _other_meanings(text: str, region: Region, dataset: Dataset) -> list[Sentence]:
    """Say how a name was read when it might mean something else."""
    from geomap.views.search import features_named, other_meanings

    if ":" in text or text.strip().isdigit():
        return []
    others = other_meanings(dataset, text)
    if not others and region.kind in ("corridor", "zone") and not features_named(dataset, text):
        return [
            sentence(
                "comparison.notice.read_loosely",
                text=shortened(text),
                region=region.names,
                id=region.region_id,
            )
        ]
    if not others:
        return []
    return [
        sentence(
            "comparison.notice.read_as",
            text=shortened(text),
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
        raise region_problem("unknown", text=f"province:{adcode}")
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
        raise region_problem("bad_adcode", text=adcode)
    if adcode.endswith("0000") or adcode in _MUNICIPAL_GROUPS:
        return _province(adcode[:2] + "0000", dataset)  # a municipality is one region, not two
    unit = unit_of(adcode, dataset)
    if unit is None:
        raise region_problem("unknown", text=f"city:{adcode}")
    kind, area = level_of(adcode), stated_area_of(adcode, dataset)
    return Region(
        f"city:{adcode}",
        kind,
        unit.names.en,
        unit.names.zh,
        (adcode,),
        unit.lat,
        unit.lon,
        area_km2=None if area is None else area.amount,
        area_source=NOTHING_SAID if area is None else area.source,
        bounds=bounds_around(unit.lat, unit.lon, 75.0 if kind == "prefecture" else 25.0),
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
        area_source=publisher_of(dataset, str(row["source_id"])),
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
        area_source=publisher_of(dataset, str(row["source_id"])),
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


def _record(frame: pd.DataFrame, feature_id: str) -> pd.Series:
    rows = np.flatnonzero(texts_of(frame, "feature_id") == feature_id)
    if not len(rows):
        raise region_problem("unknown", text=shortened(feature_id))
    return frame.iloc[int(rows[0])]


def _middle(
    lats: NDArray[np.float64], lons: NDArray[np.float64]
) -> tuple[float | None, float | None, Bounds | None]:
    """Middle of the box around points, for a label and a first view; no site is put there."""
    box = bounds_of(lats, lons)
    if box is None:
        return None, None, None
    return (box[1] + box[3]) / 2, (box[0] + box[2]) / 2, pad_bounds(box, 20.0)


def _by_name(asked: str, dataset: Dataset) -> Region:
    if asked.isdigit() and len(asked) == 6:
        return _city(asked, dataset)
    from geomap.views.search import features_named  # search builds on regions' neighbours

    found = features_named(dataset, asked)
    if not found:
        if (adcode := _unit_written(asked)) is not None:
            return _city(adcode, dataset) if adcode[2:] != "0000" else _province(adcode, dataset)
        return _described(asked, dataset)
    if len(found) > 1:
        raise region_problem("several", text=shortened(asked), ids=_listed(found))
    return parse_region(found[0].feature_id, dataset)


def _described(asked: str, dataset: Dataset) -> Region:
    """The one corridor or zone whose name holds all the words: "G60 corridor", 长三角示范区.

    Raises RegionProblem when there is none, or several.
    """
    words = _words(asked)
    found = [region for region in region_options(dataset) if _holds(region, words)]
    if not found:
        raise region_problem("unknown", text=shortened(asked))
    if len(found) > 1:
        listed = tuple(
            Names(f"{one.region_id} ({one.name_en})", f"{one.region_id}（{one.name_zh}）")
            for one in found[:_MOST_NAMED]
        )
        raise region_problem("several", text=shortened(asked), ids=listed)
    return found[0]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[㐀-鿿]+", normalise(text).casefold())


def _holds(region: Region, words: list[str]) -> bool:
    """Tell whether the name of a corridor or zone holds words: Latin whole, Chinese in order."""
    if region.kind not in ("corridor", "zone") or not words or max(map(len, words)) < 2:
        return False
    names = [*_words(region.name_en), *_words(region.name_zh)]
    han = "".join(word for word in names if not word.isascii())
    return all(word in names if word.isascii() else _in_order(word, han) for word in words)


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _unit_written(asked: str) -> str | None:
    """Return the adcode of the unit that a whole path or a former name means: 安徽省合肥市.

    None as soon as the words hold anything else, because a region is not guessed from prose.
    """
    from geomap.geocode import default_geocoder  # takes a moment, and is seldom needed

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
    "circle": circle_region,
    "polygon": polygon_of_text,
}
