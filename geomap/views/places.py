"""Where each site of a feature lies, and why it was put there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.geocode.base import parse_reason
from geomap.sentences import Names
from geomap.toponym import has_han
from geomap.views.columns import NO_ROWS, Ints, texts_of
from geomap.views.facts import Record, plain_record
from geomap.views.index import index_of
from geomap.views.units import unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset


@dataclass(frozen=True)
class Candidate:
    """A unit a toponym might have meant."""

    adcode: str
    level: str
    names: Names
    path_zh: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class Place:
    """Where one site lies and why it was put there; lat and lon in WGS 84 degrees."""

    site_id: str
    toponym: str
    toponym_zh: str
    province: Names | None
    prefecture: Names | None
    county: Names | None
    adcode: str
    province_adcode: str
    iso_3166_2: str
    lat: float | None
    lon: float | None
    precision: str
    radius_km: float | None
    join_method: str
    border_km: float | None
    near_border: bool
    status: str
    method: str
    matched: str
    reason: str
    changed_from: str
    candidates: tuple[Candidate, ...]
    flags: tuple[str, ...] = ()

    @property
    def words(self) -> Names:
        """The toponym in both languages; one that is written in Chinese is its units in English."""
        if has_han(self.toponym):
            return Names(self.area("en"), self.toponym_zh or self.toponym)
        return Names(self.toponym, self.toponym_zh)

    @property
    def found(self) -> Names:
        """What was matched; its units in the language that the geocoder did not answer in."""
        if has_han(self.matched):
            return Names(self.area("en"), self.matched)
        return Names(self.matched, "" if self.matched.isdecimal() else self.area("zh"))

    @property
    def datum(self) -> str:
        """The datum of the position in the record; "" where the gazetteer gave the position."""
        code, values = parse_reason(self.reason)
        return values.get("datum", "") if code == "given_position" else ""

    def area(self, lang: str) -> str:
        """Write the units from coarse to fine in Chinese, fine to coarse in English."""
        units = [self.province, self.prefecture, self.county]
        names = list(dict.fromkeys(unit.say(lang) for unit in units if unit is not None))
        return "".join(names) if lang == "zh" else ", ".join(reversed(names))


def site_positions(dataset: Dataset, feature_id: str) -> Ints:
    """Positions of a feature's sites, in their order."""
    index = index_of(dataset)
    kind, _, name = feature_id.partition(":")
    if kind == "project":
        return index.projects.sites_of(index.projects.row_of[name])
    ids = {"zone": index.zone_ids, "city": texts_of(dataset.cities, "feature_id")}.get(kind)
    found = np.flatnonzero(ids == feature_id) if ids is not None else NO_ROWS
    rows = index.zone_row if kind == "zone" else index.city_row
    return np.flatnonzero(rows == int(found[0])).astype(np.int32) if len(found) else NO_ROWS


def _site_rows(dataset: Dataset, feature_id: str) -> list[dict[str, Any]]:
    frame = dataset.sites.iloc[site_positions(dataset, feature_id)]
    return [plain_record(row) for row in frame.to_dict("records")]


def _place(dataset: Dataset, site: Record) -> Place:
    return Place(
        site_id=str(site["site_id"]),
        toponym=str(site["toponym"] or ""),
        toponym_zh=str(site.get("toponym_zh") or ""),
        province=_province_names(dataset, site["province_adcode"]),
        prefecture=_unit_names(dataset, site["prefecture_adcode"]),
        county=_unit_names(dataset, site["county_adcode"]),
        adcode=str(site["adcode"] or ""),
        province_adcode=str(site["province_adcode"] or ""),
        iso_3166_2=str(site["iso_3166_2"] or ""),
        lat=site["lat"],
        lon=site["lon"],
        precision=str(site["precision"] or ""),
        radius_km=site["radius_km"],
        join_method=str(site["join_method"] or ""),
        border_km=site["border_km"],
        near_border=bool(site["near_border"]),
        status=str(site["location_status"] or ""),
        method=str(site["method"] or ""),
        matched=str(site["matched"] or ""),
        reason=str(site["reason"] or ""),
        changed_from=str(site["changed_from"] or ""),
        candidates=_candidates(str(site["candidates"] or "")),
        flags=tuple(site.get("flags") or ()),
    )


def place_of_unit(dataset: Dataset, adcode: str) -> Place | None:
    """Return where a unit without a record of its own lies: its point in the gazetteer."""
    unit, province = unit_of(adcode, dataset), adcode[:2] + "0000"
    record = f"province:{province}"
    if unit is None or unit.lat is None or unit.lon is None:
        return None
    prefecture = adcode[:4] + "00"
    site = dict.fromkeys(("radius_km", "border_km")) | {
        "site_id": f"city:{adcode}",
        "toponym": adcode,
        "matched": adcode,
        "reason": "adcode",
        "lat": unit.lat,
        "lon": unit.lon,
        "precision": unit.level,
        "adcode": adcode,
        "province_adcode": province,
        "prefecture_adcode": prefecture if unit_of(prefecture, dataset) else "",
        "county_adcode": adcode if unit.level == "county" else "",
        "iso_3166_2": dataset.record(record)["iso_3166_2"] if record in dataset else "",
        "join_method": "own_code",
        "near_border": False,
        "location_status": "matched",
        "method": "gazetteer",
        "changed_from": "",
        "candidates": "",
    }
    return _place(dataset, site)


def _unit_names(dataset: Dataset, adcode: str | None) -> Names | None:
    if not adcode:
        return None
    unit = unit_of(adcode, dataset)
    return unit.names if unit else Names(adcode, adcode)


def _province_names(dataset: Dataset, adcode: str | None) -> Names | None:
    """Name a province as addresses do: short in English, in full in Chinese."""
    names = _unit_names(dataset, adcode)
    if names is None or f"province:{adcode}" not in dataset:
        return names
    full = dataset.record(f"province:{adcode}").get("full_zh")
    return Names(names.en, str(full or names.zh))


def _candidates(stored: str) -> tuple[Candidate, ...]:
    """Read the candidates a geocoder kept as JSON; other text gives none."""
    try:
        rows = json.loads(stored) if stored else []
    except ValueError:
        return ()
    return tuple(
        Candidate(
            str(row.get("adcode") or ""),
            str(row.get("level") or ""),
            Names(str(row.get("name_en") or ""), str(row.get("name_zh") or "")),
            str(row.get("path_zh") or ""),
            row.get("lat"),
            row.get("lon"),
        )
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    )


def places_of(dataset: Dataset, feature_id: str) -> tuple[Place, ...]:
    """Return the places of a feature, in the order of its record."""
    return tuple(_place(dataset, row) for row in _site_rows(dataset, feature_id))
