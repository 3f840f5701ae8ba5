"""Regions worth comparing with a region, each with the reason why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geomap.geodesy import geodesic_km
from geomap.sentences import Names
from geomap.views.columns import Floats
from geomap.views.filters import Filters
from geomap.views.index import index_of
from geomap.views.region import Region
from geomap.views.regions import parse_region
from geomap.views.selection import select_region

if TYPE_CHECKING:
    from geomap.dataset import Dataset

REASONS: Final = ("same_corridor", "same_province", "neighbour", "similar_sum", "similar_kinds")
_POOLS: Final = {
    "province": ("province",),
    "prefecture": ("city",),
    "county": ("city",),
    "corridor": ("corridor", "province"),
    "zone": ("zone",),
    "circle": ("city",),
    "polygon": ("city",),
    "project": ("city",),
    "country": (),
}
_MOST_CANDIDATES: Final = 400
_NEAR_KM: Final = 200.0


@dataclass(frozen=True)
class Peer:
    """A region to compare with; `reason` is one of REASONS."""

    region_id: str
    names: Names
    reason: str


@dataclass(frozen=True, eq=False)
class _Profile:
    region: Region
    kinds: Floats
    cny: float | None


def suggest_peers(dataset: Dataset, region: Region, limit: int = 8) -> list[Peer]:
    """Suggest regions of the same sort that hold records, the different reasons taking turns."""
    own = _profile(dataset, region)
    others = [p for p in _profiles(dataset, region.kind) if p.region.region_id != region.region_id]
    lists = {
        "same_corridor": [p for p in others if _share_corridor(dataset, region, p.region)],
        "same_province": [p for p in others if _share_province(region, p.region)],
        "neighbour": _neighbours(dataset, region, others),
        "similar_sum": _by_sum(own, others),
        "similar_kinds": _by_kinds(own, others),
    }
    peers: dict[str, Peer] = {}
    for turn in range(max((len(found) for found in lists.values()), default=0)):
        for reason in REASONS:
            if turn < len(lists[reason]):
                found = lists[reason][turn].region
                peers.setdefault(found.region_id, Peer(found.region_id, found.names, reason))
    return list(peers.values())[:limit]


def suggest_baskets(dataset: Dataset) -> tuple[tuple[str, ...], ...]:
    """Suggest whole comparisons: provinces, cities and zones with most projects, the corridor."""
    baskets = [_richest(dataset, "province", 2), _richest(dataset, "prefecture", 3)]
    corridors = [str(name) for name in dataset.corridors["feature_id"]]
    baskets += [(name, *_richest(dataset, "zone", 1)) for name in corridors[:1]]
    return tuple(basket for basket in baskets if len(basket) > 1)


def _richest(dataset: Dataset, kind: str, count: int) -> tuple[str, ...]:
    """The regions of a kind with most projects, ties by id."""
    own = [p for p in _profiles(dataset, kind) if p.region.kind == kind]
    own.sort(key=lambda profile: (-profile.kinds.sum(), profile.region.region_id))
    return tuple(profile.region.region_id for profile in own[:count])


def _profiles(dataset: Dataset, kind: str) -> list[_Profile]:
    pools = _POOLS.get(kind, ())
    return index_of(dataset).table(("profiles", pools), lambda: _build_profiles(dataset, pools))


def _build_profiles(dataset: Dataset, pools: tuple[str, ...]) -> list[_Profile]:
    ids: list[str] = []
    for pool in pools:
        if pool == "province":
            ids += [f"province:{code}" for code in dataset.provinces["adcode"]]
        else:
            tables = {"city": "cities", "zone": "zones", "corridor": "corridors"}
            ids += [str(name) for name in getattr(dataset, tables[pool])["feature_id"]]
    found = [_profile(dataset, parse_region(name, dataset)) for name in ids[:_MOST_CANDIDATES]]
    return [profile for profile in found if profile.kinds.any()]


def _profile(dataset: Dataset, region: Region) -> _Profile:
    selection = select_region(dataset, region, Filters())
    projects = selection.index.projects
    codes = projects.kind.codes[selection.projects]
    kinds = np.bincount(codes[codes >= 0], minlength=len(projects.kind.values)).astype(float)
    return _Profile(region, kinds, selection.total(projects.amount_cny, selection.own).amount)


def _share_corridor(dataset: Dataset, one: Region, other: Region) -> bool:
    frame = dataset.corridor_members
    column = "province_adcode" if one.kind == "province" else "adcode"
    members = [frozenset(group[column]) for _, group in frame.groupby("feature_id")]
    codes = (one.adcodes[:1], other.adcodes[:1])
    return all(codes) and any({*codes[0], *codes[1]} <= units for units in members)


def _share_province(one: Region, other: Region) -> bool:
    units = ("prefecture", "county")
    if one.kind not in units or other.kind not in units:
        return False
    return one.adcodes[0][:2] == other.adcodes[0][:2]


def _neighbours(dataset: Dataset, region: Region, others: list[_Profile]) -> list[_Profile]:
    if region.kind == "province":
        touching = _touching(dataset, region.adcodes[0])
        return [
            p for p in others if p.region.kind == "province" and p.region.adcodes[0] in touching
        ]
    near = [(km, p) for p in others if (km := _km(region, p.region)) is not None]
    near.sort(key=lambda pair: (pair[0], pair[1].region.region_id))
    return [profile for km, profile in near if km <= _NEAR_KM]


def _km(one: Region, other: Region) -> float | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return geodesic_km(one.lat, one.lon, other.lat, other.lon)


def _touching(dataset: Dataset, adcode: str) -> set[str]:
    frame = dataset.provinces
    shapes = np.asarray(frame.geometry, dtype=object)
    codes = [str(code) for code in frame["adcode"]]
    own = shapes[codes.index(adcode)]
    hits = shapely.dwithin(shapes, own, 0.05)  # drawn borders may leave a sliver between
    return {code for code, hit in zip(codes, hits, strict=True) if hit and code != adcode}


def _by_sum(own: _Profile, others: list[_Profile]) -> list[_Profile]:
    """Those whose stated sum is between half and twice the region's, the nearest first."""
    if not own.cny:
        return []
    ratios = [(abs(np.log(p.cny / own.cny)), p) for p in others if p.cny]
    ratios.sort(key=lambda pair: (pair[0], pair[1].region.region_id))
    return [profile for ratio, profile in ratios if ratio <= np.log(2.0)]


def _by_kinds(own: _Profile, others: list[_Profile]) -> list[_Profile]:
    """Those whose mix of kinds points the same way (cosine of at least 0.8)."""
    if not own.kinds.any():
        return []
    alike = [(_cosine(own.kinds, p.kinds), p) for p in others]
    alike.sort(key=lambda pair: (-pair[0], pair[1].region.region_id))
    return [profile for cosine, profile in alike if cosine >= 0.8]


def _cosine(one: Floats, other: Floats) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))
