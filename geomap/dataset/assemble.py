"""Records and their located places, put together as the frames of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geomap.dataset.frames import (
    MEMBER_COLUMNS,
    SCHEMAS,
    SITE_COLUMNS,
    Dataset,
    typed,
    typed_frame,
)
from geomap.records import DATA_CENTRE_KINDS, PROJECT_DATES, Issue, Records

_SITE_FEATURES = {"cities": "city", "projects": "project", "zones": "zone"}
_FROM_PROJECT = ("status", "amount_cny", "amount_usd", "amount_state", "earliest_on", "newest_on")


def assemble_dataset(
    records: Records,
    placed: pd.DataFrame,
    provinces: gpd.GeoDataFrame,
    issues: Iterable[Issue],
    version: str = "",
    census: pd.DataFrame | None = None,
) -> Dataset:
    """Put a dataset together.

    placed: one row per place of a city, project or zone, grouped by feature in table order, with
    `feature_id`, `toponym`, `toponym_zh`, the location columns and the join columns of frames.py.
    census: inhabitants and areas of units in the columns of census.py; none when not given.
    """
    tables = {name: frame_of(getattr(records, name), name) for name in _RECORD_TABLES}
    tables["projects"] = _with_project_facts(tables["projects"], placed)
    cities = placed[placed["feature_id"].str.startswith("city:")]
    members = corridor_members(tables["corridors"], tables["cities"], cities)
    return Dataset(
        version=version,
        **tables,
        corridor_members=members,
        census=frame_of([], "census") if census is None else census,
        sites=site_frame(placed, tables, members),
        issues=frame_of(list(issues), "issues"),
        provinces=provinces,
    )


_RECORD_TABLES = (
    *("sources", "cities", "projects", "zones", "corridors", "indicators"),
    *("organisations", "aliases", "exclusions"),
)


def frame_of(rows: Sequence[Any], table: str) -> pd.DataFrame:
    """Make the frame of one table from its records; derived columns are added elsewhere."""
    names = {name: kind for name, kind in SCHEMAS[table].items() if _is_attribute(rows, name)}
    return typed_frame({name: [getattr(row, name) for row in rows] for name in names}, names)


def _is_attribute(rows: Sequence[Any], name: str) -> bool:
    return not rows or hasattr(rows[0], name)


def _with_project_facts(projects: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Add first and last date, number of sites, root and lead site to the projects."""
    dates = [projects[name].tolist() for name in PROJECT_DATES]
    known = [[d for d in row if isinstance(d, str)] for row in zip(*dates, strict=True)]
    sites = _sites_of_features(placed)
    facts: dict[str, list[Any]] = {
        "earliest_on": [min(row, default=None) for row in known],
        "newest_on": [max(row, default=None) for row in known],
        "site_count": [len(sites.get(i, ())) for i in projects["feature_id"]],
        "root_id": root_ids(projects),
        "lead_site": [_lead(sites.get(i, ())) for i in projects["feature_id"]],
    }
    schema = SCHEMAS["projects"]
    return projects.assign(**{name: typed(facts[name], schema[name]) for name in facts})


def _sites_of_features(placed: pd.DataFrame) -> dict[str, list[tuple[int, bool]]]:
    sites: dict[str, list[tuple[int, bool]]] = {}
    pairs = zip(placed["feature_id"], placed["lat"].notna(), strict=True)
    for index, (feature_id, has_point) in enumerate(pairs):
        sites.setdefault(feature_id, []).append((index, bool(has_point)))
    return sites


def _lead(sites: Sequence[tuple[int, bool]]) -> int | None:
    """Choose the first site that has a point, else the first, else none."""
    with_point = (index for index, has_point in sites if has_point)
    return next(with_point, sites[0][0] if sites else None)


def root_ids(projects: pd.DataFrame) -> list[str]:
    """Follow part_of and same_as of each project up to the top, as feature ids.

    A record that is the same as another goes to that one first. A ring, which validation
    reports, ends where it would begin again.
    """
    above = {
        own: same if isinstance(same, str) else part
        for own, part, same in zip(
            projects["project_id"], projects["part_of"], projects["same_as"], strict=True
        )
    }
    return [f"project:{_top(own, above)}" for own in above]


def _top(own: str, above: Mapping[str, Any]) -> str:
    seen = {own}
    while isinstance(up := above.get(own), str) and up in above and up not in seen:
        seen.add(up)
        own = up
    return own


def corridor_members(
    corridors: pd.DataFrame, cities: pd.DataFrame, placed_cities: pd.DataFrame
) -> pd.DataFrame:
    """List the members of every corridor in drawing order, with name, place and codes.

    Every member is a row of cities.csv, which validation demands.
    """
    names = cities.set_index("adcode")[["name_en", "name_zh", "level"]]
    points = placed_cities.drop_duplicates("feature_id").set_index("feature_id")
    rows = [
        (feature_id, corridor_id, position, f"city:{adcode}", adcode)
        for feature_id, corridor_id, members in zip(
            corridors["feature_id"], corridors["corridor_id"], corridors["members"], strict=True
        )
        for position, adcode in enumerate(members)
    ]
    heads = ("feature_id", "corridor_id", "position", "city_feature_id", "adcode")
    found = pd.DataFrame(rows, columns=list(heads))
    found = found.join(names, on="adcode")
    located = points[[name for name in MEMBER_COLUMNS if name not in found]]
    found = found.join(located, on="city_feature_id")
    columns = {name: found[name].tolist() for name in MEMBER_COLUMNS}
    return typed_frame(columns, MEMBER_COLUMNS)


def site_frame(
    placed: pd.DataFrame, tables: Mapping[str, pd.DataFrame], members: pd.DataFrame
) -> pd.DataFrame:
    """Make the sites frame: a located place with what its record says, one row each."""
    facts = pd.concat([_facts_of(tables[name], name) for name in _SITE_FEATURES])
    sites = placed.reset_index(drop=True).join(facts, on="feature_id")
    ordinals = sites.groupby("feature_id", sort=False).cumcount() + 1
    sites["site_index"] = np.arange(len(sites))
    sites["site_id"] = sites["feature_id"] + "#" + ordinals.astype("str")
    sites["corridor_ids"] = corridors_of_sites(sites, members)
    columns = {name: sites[name] for name in SITE_COLUMNS}
    return pd.DataFrame({n: typed(columns[n], kind) for n, kind in SITE_COLUMNS.items()})


def _facts_of(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give the columns that a site takes from its record, indexed by feature id."""
    facts = table[["feature_id", "name_en", "name_zh", "source_id"]].copy()
    facts["feature_kind"] = _SITE_FEATURES[name]
    facts["kind"] = "city" if name == "cities" else table["kind"]
    facts["layer"] = name
    for column in _FROM_PROJECT:
        facts[column] = table.get(column)
    if name == "projects":
        facts.loc[table["kind"].isin(DATA_CENTRE_KINDS), "layer"] = "data_centres"
        facts["stated_corridor"] = table["corridor_id"]
    return facts.set_index("feature_id")


def corridors_of_sites(sites: pd.DataFrame, members: pd.DataFrame) -> list[tuple[str, ...]]:
    """Give the corridors of each site: it lies in a member unit, or its record names it.

    A site lies in a member when its county, prefecture or province code is the member's code.
    A corridor is named by its feature id; the order is that of corridors.csv.
    """
    found: list[tuple[str, ...]] = [()] * len(sites)
    for corridor in members["feature_id"].unique():
        codes = members.loc[members["feature_id"] == corridor, "adcode"]
        inside = sites["stated_corridor"] == corridor.removeprefix("corridor:")
        for column in ("county_adcode", "prefecture_adcode", "province_adcode"):
            inside |= sites[column].isin(codes)
        for row in np.flatnonzero(inside.to_numpy(dtype=bool, na_value=False)):
            found[row] += (corridor,)
    return found
