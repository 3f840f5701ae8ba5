"""Find the point of each unit among GeoNames places, by its own name and by its towns.

Every candidate place earns points for evidence; the best one becomes the unit's seat. All
distances are kilometres on the sphere, all positions WGS 84 degrees.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from gazetteer_names import (
    HAN,
    joined_pinyin,
    latin_key,
    short_name,
    short_town_name,
    to_simplified,
)
from gazetteer_sources import PrefectureRecord

EARTH_RADIUS_KM = 6371.0
SEAT_FEATURES = {"PPLC", "PPLA", "PPLA2", "PPLA3"}
FIRST_TOWNS = {"001", "002", "100", "101"}
# How far a county seat lies from its prefecture's: 99 in 100 are nearer than this.
REACH_KM = {"15": 500, "23": 450, "50": 420, "51": 450, "53": 350, "54": 600, "62": 450,
            "63": 600, "65": 600}  # fmt: skip
NUMBERED_UNITS = ("市", "县", "区", "旗", "")


@dataclass(frozen=True)
class Place:
    """One GeoNames place with the provinces it may belong to."""

    geonameid: int
    name: str
    names: tuple[str, ...]
    lat: float
    lon: float
    population: int
    provinces: frozenset[str]
    prefecture: str
    feature: str
    province: str


class PlaceIndex:
    """Places by name, Chinese in simplified characters and Latin as bare letters."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.by_name: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            names = {place.name, *place.names}
            keys = {to_simplified(name) if HAN.search(name) else latin_key(name) for name in names}
            for key in sorted(keys - {""}):
                self.by_name[key].append(place)

    def find(self, names: Iterable[str], province: str) -> list[Place]:
        """Return places of a province bearing any of the names, in order of the names."""
        found: dict[int, Place] = {}
        for name in names:
            for place in self.by_name.get(name, ()):
                if province in place.provinces:
                    found.setdefault(place.geonameid, place)
        return list(found.values())


@dataclass(frozen=True)
class Point:
    """Where a unit is, how it was found and which place says so."""

    lat: float
    lon: float
    method: str
    place: Place | None = None
    town_count: int = 0


@dataclass(frozen=True)
class County:
    """What is known of a county before its point is: names, parent, towns."""

    adcode: str
    name_zh: str
    province: str
    prefecture: str
    towns: tuple[tuple[str, str], ...]  # code, name


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance, km (within 0.5 % of the geodesic)."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def solve_prefecture(
    row: PrefectureRecord, index: PlaceIndex, seats: dict[str, list[str]]
) -> Point:
    """Return the seat of a prefecture-level unit; raises LookupError when nothing fits."""
    short = short_name(row.name_zh)
    tries: list[tuple[str, list[str]]] = []
    if row.adcode in seats:
        names = [seat + suffix for seat in seats[row.adcode] for suffix in ("市", "镇", "县", "")]
        tries.append(("seat", names))
    tries += [("name", [row.name_zh]), ("name", [short])]
    tries.append(("pinyin", [joined_pinyin(row.name_zh), joined_pinyin(short)]))
    for method, names in tries:
        found = index.find(names, row.province)
        own = [place for place in found if place.prefecture in ("", row.code)] or found
        if own:
            best = max(own, key=lambda place: (_is_seat(place), place.population))
            return Point(best.lat, best.lon, method, best)
    raise LookupError(f"{row.adcode} {row.name_zh}: no place bears its name")


def _is_seat(place: Place) -> bool:
    return place.feature in SEAT_FEATURES


class CountySolver:
    """Choose a point for each county of the country."""

    def __init__(self, index: PlaceIndex, anchors: dict[str, Point], towns: pd.DataFrame) -> None:
        self.index = index
        self.anchors = anchors
        stems = [short_town_name(name) for name in towns["name_zh"]]
        self.rarity = Counter(zip(towns["province"], stems, strict=True))

    def solve(self, county: County) -> Point | None:
        """Return the best point, the prefecture's as a last resort, None without any."""
        evidence = list(self._town_evidence(county))
        cluster = _densest(evidence)
        best = self._best_candidate(county, cluster)
        towns_seen = len({town for _, town, _ in cluster})
        if best is not None:
            score, place, method = best
            if score >= 3.0:
                return Point(place.lat, place.lon, method, place, towns_seen)
        if towns_seen >= 3 or (towns_seen == 2 and sum(w for _, _, w in cluster) >= 1.5):
            lat, lon = _median_position([place for place, _, _ in cluster])
            return Point(lat, lon, "towns", None, towns_seen)
        anchor = self.anchors.get(county.prefecture)
        if anchor is None:
            return None
        return Point(anchor.lat, anchor.lon, "prefecture", None, towns_seen)

    def _town_evidence(self, county: County) -> Iterator[tuple[Place, str, float]]:
        """Yield places which bear the name of one of the county's towns, with a weight."""
        for _, name in county.towns:
            stem = short_town_name(name)
            weight = 1.0 / self.rarity[(county.province, stem)]
            if weight < 0.2 or len(stem) < 2:
                continue
            for place in self.index.find([name, stem], county.province):
                if self._plausible(county, place):
                    yield place, name, weight

    def _plausible(self, county: County, place: Place) -> bool:
        """Whether the place can lie in the county's prefecture."""
        anchor = self.anchors.get(county.prefecture)
        if anchor is None:
            return not place.prefecture or place.prefecture[2:] in ("90", "00")
        if place.prefecture and place.prefecture[:2] == county.province[:2]:
            wrong = place.prefecture != county.prefecture
            if wrong and county.province not in ("11", "12", "31", "50"):
                return False
        reach = REACH_KM.get(county.province, 190)
        return distance_km(anchor.lat, anchor.lon, place.lat, place.lon) <= reach

    def _best_candidate(
        self, county: County, cluster: list[tuple[Place, str, float]]
    ) -> tuple[float, Place, str] | None:
        scored: list[tuple[float, int, Place, str]] = []
        for place, score, method in self._candidates(county):
            if self._plausible(county, place):
                total = score + self._support(county, place, cluster)
                scored.append((total, -place.geonameid, place, method))
        if not scored:
            return None
        total, _, place, method = max(scored, key=lambda entry: entry[:2])
        return total, place, method

    def _candidates(self, county: County) -> Iterator[tuple[Place, float, str]]:
        """Yield places which may be the seat, with points for how they are named."""
        short = short_name(county.name_zh)
        province = county.province
        former = [short + suffix for suffix in NUMBERED_UNITS]
        for place in self.index.find([county.name_zh], province):
            yield place, 5.0, "name"
        if len(short) > 1 and HAN.search(short):
            for place in self.index.find(former, province):
                yield place, 4.0, "name"
        for place in self.index.find(
            [joined_pinyin(county.name_zh), joined_pinyin(short)], province
        ):
            yield place, 2.5, "pinyin"
        for code, name in county.towns:
            bonus = 1.5 if code[6:9] in FIRST_TOWNS else 0.0
            for place in self.index.find([name, short_town_name(name)], province):
                if _is_seat(place) or bonus:
                    yield place, 1.0 + bonus + (1.5 if _is_seat(place) else 0.0), "seat-town"

    def _support(
        self, county: County, place: Place, cluster: list[tuple[Place, str, float]]
    ) -> float:
        """Return points for feature code, prefecture, population and nearness to the towns."""
        points = 1.5 if _is_seat(place) else 0.0
        points += 1.0 if place.prefecture == county.prefecture else 0.0
        points += min(math.log10(place.population + 1), 6) / 4
        others = [entry for entry in cluster if entry[0].geonameid != place.geonameid]
        if len({town for _, town, _ in others}) >= 2:
            lat, lon = _median_position([entry[0] for entry in others])
            away = distance_km(place.lat, place.lon, lat, lon)
            points += 1.5 - min(away / 20.0, 6.0)
        return points


class TownSolver:
    """Find the GeoNames place of an official town, or nothing."""

    def __init__(self, index: PlaceIndex, counties: list[dict[str, Any]]) -> None:
        self.index = index
        self.seats: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for county in counties:
            self.seats[county["province_adcode"][:2]].append(county)

    def solve(self, name_zh: str, parent: dict[str, Any]) -> Place | None:
        """Return the nearest place of that name which lies nearer to no other county's seat."""
        province = parent["province_adcode"][:2]
        stem = short_town_name(name_zh)
        for names in ([name_zh], [stem], [joined_pinyin(stem)]):
            near = [
                (self._away(place, parent), place.geonameid, place)
                for place in self.index.find(names, province)
                if self._belongs(place, parent)
            ]
            if near:
                return min(near)[2]
        return None

    def _belongs(self, place: Place, parent: dict[str, Any]) -> bool:
        away = self._away(place, parent)
        if away > parent["radius_km"] or not self._same_prefecture(place, parent):
            return False
        nearer = sum(
            self._away(place, seat) < away
            for seat in self.seats[parent["province_adcode"][:2]]
            if seat is not parent
        )
        return nearer <= 1

    def _same_prefecture(self, place: Place, parent: dict[str, Any]) -> bool:
        prefecture = parent["prefecture_adcode"]
        if not place.prefecture or not prefecture or prefecture[2:4] == "01":
            return True
        return f"{place.prefecture}00" == prefecture

    def _away(self, place: Place, unit: dict[str, Any]) -> float:
        return distance_km(place.lat, place.lon, unit["lat"], unit["lon"])


def _densest(
    evidence: list[tuple[Place, str, float]], radius_km: float = 40.0
) -> list[tuple[Place, str, float]]:
    """Return the evidence round the place with most weight within the radius."""
    best: tuple[float, list[tuple[Place, str, float]]] = (0.0, [])
    for centre, _, _ in evidence:
        near = [
            entry
            for entry in evidence
            if distance_km(centre.lat, centre.lon, entry[0].lat, entry[0].lon) <= radius_km
        ]
        weight = sum({town: weight for _, town, weight in near}.values())
        if weight > best[0]:
            best = (weight, near)
    return best[1]


def _median_position(places: list[Place]) -> tuple[float, float]:
    lats, lons = sorted(p.lat for p in places), sorted(p.lon for p in places)
    return _median(lats), _median(lons)


def _median(values: list[float]) -> float:
    middle = len(values) // 2
    if len(values) % 2:
        return values[middle]
    return (values[middle - 1] + values[middle]) / 2
