"""What a feature is tied to: wholes and parts, zones, corridors, neighbours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geomap.geodesy import geodesic_km
from geomap.sentences import Names
from geomap.views.columns import bare_id
from geomap.views.facts import Record, names_of, plain_record
from geomap.views.index import index_of
from geomap.views.membership import in_unit, sites_in
from geomap.views.places import site_positions
from geomap.views.project_lines import MOST_LISTED, ProjectLine, line_of
from geomap.views.regions import parse_region
from geomap.views.units import Unit, unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset


@dataclass(frozen=True)
class Link:
    """Another feature this one is tied to.

    km: geodesic distance, where it matters. line: the other feature's kind, status and money,
    where it is a project. after: for a member of a corridor, the member it follows on its branch.
    """

    role: str
    feature_id: str
    names: Names
    km: float | None = None
    line: ProjectLine | None = None
    after: Link | None = None


def links_of(dataset: Dataset, feature_id: str, record: Record, kind: str) -> tuple[Link, ...]:
    """Return the ties of a feature of any kind, grouped by role."""
    if kind == "project":
        return tuple(_project_links(dataset, record))
    if kind == "corridor":
        return tuple(_member_links(dataset, feature_id))
    links = [*_zones_in(dataset, feature_id), *_corridors_of(dataset, feature_id)]
    if kind == "city":
        links += _corridor_neighbours(dataset, str(record["adcode"]))
    if kind == "province":
        links += _cities_in(dataset, str(record["adcode"]))
    return tuple(links)


def nearest_records(dataset: Dataset, lat: float, lon: float, count: int = 3) -> tuple[Link, ...]:
    """Return the cities and districts with records that lie nearest to a position in degrees."""
    index = index_of(dataset)
    sites = np.flatnonzero((index.city_row >= 0) & np.isfinite(index.lat))
    away = np.asarray(geodesic_km(lat, lon, index.lat[sites], index.lon[sites]), dtype=float)
    ids = dataset.cities["feature_id"].to_numpy(dtype=object)
    near = np.argsort(away, kind="stable")[:count]
    found = [
        _link(dataset, "nearest", str(ids[index.city_row[sites[one]]]), float(away[one]))
        for one in near
    ]
    return tuple(_present(found))


def _link(dataset: Dataset, role: str, feature_id: str, km: float | None = None) -> Link | None:
    if feature_id not in dataset:
        return None
    names = names_of(dataset.record(feature_id))
    return Link(role, feature_id, names, km, line_of(dataset, feature_id))


def _present(links: Iterable[Link | None]) -> list[Link]:
    return [link for link in links if link is not None]


def _project_links(dataset: Dataset, record: Record) -> list[Link]:
    """Ties of a project, both those it states and those other records state about it."""
    projects = index_of(dataset).projects
    own = projects.row_of[str(record["project_id"])]
    stated = [
        ("part_of", f"project:{record['part_of']}"),
        ("same_as", f"project:{record['same_as']}"),
        ("zone", f"zone:{record['zone_id']}"),
        ("corridor", f"corridor:{record['corridor_id']}"),
    ]
    stated += [("part", str(name)) for name in projects.ids[projects.parent == own]]
    repeats = (projects.canonical == own) & (np.arange(projects.size) != own)
    stated += [("repeat", str(name)) for name in projects.ids[repeats]]
    stated += [("may_overlap", name) for name in _overlapping(dataset, own)]
    lying = _corridors_of(dataset, str(record["feature_id"]))
    links = _present(_link(dataset, role, name) for role, name in stated)
    return [*links, *(link for link in lying if link not in links)]


def _overlapping(dataset: Dataset, row: int) -> list[str]:
    projects = index_of(dataset).projects
    group = projects.overlap_group[row]
    if group < 0:
        return []
    same = (projects.overlap_group == group) & (np.arange(projects.size) != row)
    return [str(name) for name in projects.ids[same]]


def _corridors_of(dataset: Dataset, feature_id: str) -> list[Link]:
    index = index_of(dataset)
    if feature_id.startswith(("city:", "province:")):
        code = bare_id(feature_id)
        frame = dataset.corridor_members
        column = "province_adcode" if feature_id.startswith("province:") else "adcode"
        names = [str(name) for name in frame.loc[frame[column] == code, "feature_id"].unique()]
    else:
        sites = site_positions(dataset, feature_id)
        names = [f"corridor:{name}" for name in index.corridors.of(sites)]
    return _present(_link(dataset, "corridor", str(name)) for name in names)


def _zones_in(dataset: Dataset, feature_id: str) -> list[Link]:
    index = index_of(dataset)
    inside = sites_in(parse_region(feature_id, dataset), dataset)
    rows = np.unique(index.zone_row[inside & (index.zone_row >= 0)])
    names = [str(name) for name in index.zone_ids[rows] if name != feature_id]
    return _present(_link(dataset, "zone", name) for name in names[:MOST_LISTED])


def _cities_in(dataset: Dataset, adcode: str) -> list[Link]:
    index = index_of(dataset)
    rows = np.unique(index.city_row[in_unit(index, adcode) & (index.city_row >= 0)])
    names = dataset.cities["feature_id"].to_numpy(dtype=object)[rows]
    return _present(_link(dataset, "city", str(name)) for name in names)


def _member_links(dataset: Dataset, feature_id: str) -> list[Link]:
    """Members of a corridor in drawing order, each with its distance from the one before.

    The one before is the one on its branch: a corridor may fork.
    """
    frame = dataset.corridor_members
    rows = frame[frame["feature_id"] == feature_id].to_dict("records")
    before = _before(dataset.record(feature_id))
    points = {str(row["adcode"]): (float(row["lat"]), float(row["lon"])) for row in rows}
    links: dict[str, Link] = {}
    for row in rows:
        code = str(row["adcode"])
        last = before.get(code, "")
        km = geodesic_km(*points[last], *points[code]) if last in points else math.nan
        links[code] = Link(
            "member",
            str(row["city_feature_id"]),
            Names(str(row["name_en"]), str(row["name_zh"])),
            km if math.isfinite(km) else None,
            after=links.get(last),
        )
    return list(links.values())


def _branches(corridor: Record) -> list[tuple[str, ...]]:
    return [tuple(line) for line in corridor["branches"]] or [tuple(corridor["members"])]


def _before(corridor: Record) -> dict[str, str]:
    """Give the adcode each member follows on the first branch that leads to it."""
    before: dict[str, str] = {}
    for branch in _branches(corridor):
        for last, code in pairwise(branch):
            before.setdefault(code, last)
    return before


def _corridor_neighbours(dataset: Dataset, adcode: str) -> list[Link]:
    """The members before and after a city on each branch of its corridors."""
    links: list[Link] = []
    for corridor in dataset.corridors.to_dict("records"):
        around = _beside(adcode, _branches(plain_record(corridor)))
        links += [_neighbour(dataset, adcode, other) for other in around]
    return links


def _beside(adcode: str, branches: Sequence[tuple[str, ...]]) -> list[str]:
    found: list[str] = []
    for branch in branches:
        for place, code in enumerate(branch):
            if code == adcode:
                found += [*branch[max(place - 1, 0) : place], *branch[place + 1 : place + 2]]
    return list(dict.fromkeys(found))


def _neighbour(dataset: Dataset, adcode: str, other: str) -> Link:
    here, there = unit_of(adcode, dataset), unit_of(other, dataset)
    names = there.names if there else Names(other, other)
    km = None
    if here is not None and there is not None:
        km = _km(here, there)
    return Link("neighbour", f"city:{other}", names, km)


def _km(here: Unit, there: Unit) -> float | None:
    if here.lat is None or here.lon is None or there.lat is None or there.lon is None:
        return None
    return geodesic_km(here.lat, here.lon, there.lat, there.lon)
