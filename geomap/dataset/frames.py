"""The dataset as frozen frames: which tables it has, their columns and their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

import geopandas as gpd
import pandas as pd

from geomap.census import CENSUS_COLUMNS
from geomap.errors import UnknownFeature
from geomap.records import ISSUE_COLUMNS, TABLES

ColumnType: TypeAlias = Literal[
    "text", "number", "whole", "maybe_whole", "flag", "texts", "branches"
]

# Forms of record columns (records.Form) that are not plain text in a frame.
_TYPE_OF_FORM: Mapping[str, ColumnType] = {
    **dict.fromkeys(("number", "quantity", "lat", "lon"), "number"),
    **dict.fromkeys(("list", "adcodes", "slugs", "citations", "reasons"), "texts"),
    "branches": "branches",
    "flag": "flag",
}
DERIVED_PROJECT_COLUMNS: Mapping[str, ColumnType] = {
    "earliest_on": "text",
    "newest_on": "text",
    "site_count": "whole",
    "root_id": "text",
    "lead_site": "maybe_whole",
}
LOCATION_COLUMNS: Mapping[str, ColumnType] = {
    "lat": "number",
    "lon": "number",
    "precision": "text",
    "radius_km": "number",
    "level": "text",
    "adcode": "text",
    "location_status": "text",
    "method": "text",
    "matched": "text",
    "reason": "text",
    "changed_from": "text",
    "candidates": "text",
    "flags": "texts",
}
JOIN_COLUMNS: Mapping[str, ColumnType] = {
    "province_adcode": "text",
    "prefecture_adcode": "text",
    "county_adcode": "text",
    "iso_3166_2": "text",
    "join_method": "text",
    "border_km": "number",
    "near_border": "flag",
}
SITE_COLUMNS: Mapping[str, ColumnType] = {
    "site_index": "whole",
    "site_id": "text",
    "feature_id": "text",
    "feature_kind": "text",
    "kind": "text",
    "layer": "text",
    "name_en": "text",
    "name_zh": "text",
    "toponym": "text",
    "toponym_zh": "text",
    **LOCATION_COLUMNS,
    **JOIN_COLUMNS,
    "status": "text",
    "amount_cny": "number",
    "amount_usd": "number",
    "amount_state": "text",
    "earliest_on": "text",
    "newest_on": "text",
    "corridor_ids": "texts",
    "source_id": "text",
}
MEMBER_COLUMNS: Mapping[str, ColumnType] = {
    "feature_id": "text",
    "corridor_id": "text",
    "position": "whole",
    "city_feature_id": "text",
    "adcode": "text",
    "level": "text",
    "name_en": "text",
    "name_zh": "text",
    "lat": "number",
    "lon": "number",
    "precision": "text",
    "radius_km": "number",
    "province_adcode": "text",
    "prefecture_adcode": "text",
    "county_adcode": "text",
}


_FIGURES = ("population", "area_km2")


def _record_columns(table: str) -> dict[str, ColumnType]:
    columns = {c.name: _TYPE_OF_FORM.get(c.form, "text") for c in TABLES[table].columns}
    own_id = table in ("cities", "projects", "zones", "corridors")
    return {"feature_id": "text", **columns} if own_id else columns


SCHEMAS: Mapping[str, Mapping[str, ColumnType]] = {
    "sources": _record_columns("sources"),
    "cities": _record_columns("cities"),
    "projects": {**_record_columns("projects"), **DERIVED_PROJECT_COLUMNS},
    "zones": _record_columns("zones"),
    "corridors": _record_columns("corridors"),
    "corridor_members": MEMBER_COLUMNS,
    "indicators": _record_columns("indicators"),
    "census": {name: "number" if name in _FIGURES else "text" for name in CENSUS_COLUMNS},
    "organisations": _record_columns("organisations"),
    "aliases": _record_columns("aliases"),
    "exclusions": _record_columns("exclusions"),
    "sites": SITE_COLUMNS,
    "issues": {name: "whole" if name == "line" else "text" for name in ISSUE_COLUMNS},
}
_DTYPES = {
    "text": "str",
    "number": "float64",
    "whole": "int64",
    "maybe_whole": "Int64",
    "flag": "bool",
}
FEATURE_TABLES: Mapping[str, str] = {
    "city": "cities",
    "project": "projects",
    "zone": "zones",
    "corridor": "corridors",
}


@dataclass(frozen=True, eq=False)
class Dataset:
    """Everything the views read, as frames whose row order is fixed.

    Text columns are pandas `str` with NaN where nothing is known; numbers are float64 with NaN;
    whole numbers int64 (`lead_site` Int64, for it may be missing); flags bool; lists are tuples
    of str, never missing. Coordinates are WGS 84 degrees, distances kilometres, money yuan or
    dollars as stated. SCHEMAS names the columns. `provinces` carries polygons in EPSG:4326 and
    the name of their `source`; `census` has people and stated km2 of units of any level.
    Nobody writes into the frames: one dataset serves every reader of the process.
    """

    version: str
    sources: pd.DataFrame
    cities: pd.DataFrame
    projects: pd.DataFrame
    zones: pd.DataFrame
    corridors: pd.DataFrame
    corridor_members: pd.DataFrame
    indicators: pd.DataFrame
    census: pd.DataFrame
    organisations: pd.DataFrame
    aliases: pd.DataFrame
    exclusions: pd.DataFrame
    sites: pd.DataFrame
    issues: pd.DataFrame
    provinces: gpd.GeoDataFrame

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many rows of each sort there are."""
        placed = self.sites["lat"].notna()
        found = {
            name: len(getattr(self, name)) for name in (*SCHEMAS, "provinces") if name != "issues"
        }
        found["bundles"] = int((self.projects["kind"] == "bundle").sum())
        found["projects"] -= found["bundles"]
        found["data_centre_sites"] = int((self.sites["layer"] == "data_centres").sum())
        found["placed_sites"] = int(placed.sum())
        found["unplaced_sites"] = int((~placed).sum())
        found["warnings"] = int((self.issues["severity"] == "warning").sum())
        return found

    @cached_property
    def _row_of(self) -> Mapping[str, tuple[str, int]]:
        rows: dict[str, tuple[str, int]] = {}
        for table in FEATURE_TABLES.values():
            ids = getattr(self, table)["feature_id"]
            rows.update((feature_id, (table, row)) for row, feature_id in enumerate(ids))
        for row, adcode in enumerate(self.provinces["adcode"]):
            rows[f"province:{adcode}"] = ("provinces", row)
        return rows

    def __contains__(self, feature_id: object) -> bool:
        """Tell whether a feature has this id."""
        return feature_id in self._row_of

    def record(self, feature_id: str) -> dict[str, object]:
        """Give the columns of one feature, with None where nothing is known.

        Raises UnknownFeature for an id that no feature has.
        """
        if feature_id not in self._row_of:
            raise UnknownFeature(
                "errors.unknown_feature", feature_id=feature_id, version=self.version
            )
        table, row = self._row_of[feature_id]
        values = getattr(self, table).iloc[row].to_dict()
        return {str(name): none_if_missing(value) for name, value in values.items()}

    @cached_property
    def _sites_by_feature(self) -> Mapping[str, list[int]]:
        groups: dict[str, list[int]] = {}
        for row, feature_id in enumerate(self.sites["feature_id"]):
            groups.setdefault(feature_id, []).append(row)
        return groups

    def sites_of(self, feature_id: str) -> pd.DataFrame:
        """Give the sites of one feature in their order; empty when it has none."""
        return self.sites.iloc[self._sites_by_feature.get(feature_id, [])]

    @cached_property
    def _sources(self) -> Mapping[str, dict[str, object]]:
        names = [str(name) for name in self.sources.columns]
        rows = self.sources.astype("object").itertuples(index=False)
        entries = (dict(zip(names, map(none_if_missing, row), strict=True)) for row in rows)
        return {str(entry["source_id"]): entry for entry in entries}

    def source(self, source_id: str) -> dict[str, object] | None:
        """Give the columns of one source, or None when there is none of this id."""
        entry = self._sources.get(source_id)
        return None if entry is None else dict(entry)

    def source_of(self, feature_id: str) -> tuple[tuple[str, str], ...]:
        """Give the sources of one feature as (source_id, locator), the main one first.

        A province has none. Raises UnknownFeature for an id that no feature has.
        """
        return cited(self.record(feature_id))


def cited(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give the main source of a record and those of `also_sources` as (source_id, locator)."""
    further = (entry.partition("@") for entry in record.get("also_sources") or ())
    main = (record.get("source_id") or "", record.get("source_locator") or "")
    pairs = [main, *((name, where) for name, _, where in further)]
    return tuple(pair for pair in pairs if pair[0])


def none_if_missing(value: object) -> object:
    """Give None for NaN and NA, anything else as it is."""
    if value is pd.NA or (isinstance(value, float) and value != value):
        return None
    return value


def typed_frame(
    columns: Mapping[str, Iterable[object]], schema: Mapping[str, ColumnType]
) -> pd.DataFrame:
    """Make a frame with exactly the columns and types of a schema."""
    return pd.DataFrame({name: typed(columns[name], kind) for name, kind in schema.items()})


def typed(values: Iterable[object], kind: ColumnType) -> pd.Series:
    """Make one column of a given type; None is missing."""
    if kind in ("texts", "branches"):
        return pd.Series(list(values), dtype="object")
    return pd.Series(values, dtype=_DTYPES[kind])
