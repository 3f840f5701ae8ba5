"""Totals of a region by plain loops over the records, to check the arrays against."""

from __future__ import annotations

import math

from pyproj import Geod

from geomap.records import DATA_CENTRE_KINDS

GROUND = Geod(ellps="WGS84")
CODES = ("adcode", "province_adcode", "prefecture_adcode", "county_adcode")


def plain_totals(dataset, region_id):
    """Counts and sums of a unit, corridor, zone, circle, box or the country; None for nothing.

    region_id: as in a link, but a polygon as "box:west,south,east,north".
    """
    places = _places(dataset)
    inside = _membership(dataset, region_id)
    rows = {row["feature_id"]: row for row in dataset.projects.to_dict("records")}
    here = [name for name in rows if any(inside(site) for site in places.get(name, ()))]
    own = [name for name in here if all(inside(site) for site in places[name])]
    shared = [name for name in here if name not in own]
    real = [name for name in here if rows[name]["kind"] != "bundle"]
    projects = _once(rows, real)
    centres = _once(rows, [name for name in real if rows[name]["kind"] in DATA_CENTRE_KINDS])
    states = [rows[name]["amount_state"] for name in projects]
    counts = {
        "records": len(here) or None,
        "projects": len(projects) or None,
        "data_centres": len(centres) or None,
        "shared_projects": len(set(projects) & set(shared)) if projects else None,
        "undisclosed": states.count("undisclosed") if projects else None,
        "not_stated": states.count("not_stated") if projects else None,
    }
    return counts | {
        "all_cny": _sum(_in_yuan(dataset, rows), own, "in_yuan"),
        "stated_cny": _sum(rows, own, "amount_cny"),
        "stated_usd": _sum(rows, own, "amount_usd"),
        "shared_cny": _sum(rows, shared, "amount_cny"),
        "shared_usd": _sum(rows, shared, "amount_usd"),
    }


def _places(dataset):
    places = {}
    columns = (
        "feature_id",
        "adcode",
        "province_adcode",
        "prefecture_adcode",
        "county_adcode",
        "corridor_ids",
    )
    columns += ("lat", "lon", "precision")
    for site in dataset.sites.to_dict("records"):
        places.setdefault(site["feature_id"], []).append({name: site[name] for name in columns})
    return places


def _membership(dataset, region_id):
    kind, _, code = region_id.partition(":")
    if kind == "country":
        return lambda site: True
    if kind == "corridor":
        return lambda site: region_id in site["corridor_ids"]
    if kind == "zone":
        return _in_whole_units(dataset, region_id)
    if kind in ("circle", "box"):
        numbers = [float(part) for part in code.split(",")]
        return lambda site: _placed(site) and _drawn_around(kind, numbers, site)
    return lambda site: code in [site[name] for name in CODES]


def _in_whole_units(dataset, zone_id):
    """In a zone that is made of whole counties: in one of them, or recorded as in the zone."""
    projects = dataset.projects.to_dict("records")
    recorded = {p["feature_id"] for p in projects if p["zone_id"] == zone_id.partition(":")[2]}
    spans = {site["adcode"] for site in _places(dataset)[zone_id]}
    return lambda site: (
        site["feature_id"] in recorded or not spans.isdisjoint(site[name] for name in CODES)
    )


def _placed(site):
    return not math.isnan(site["lat"]) and site["precision"] not in ("province", "country")


def _drawn_around(kind, numbers, site):
    if kind == "circle":
        lat, lon, km = numbers
        return GROUND.inv(lon, lat, site["lon"], site["lat"])[2] <= km * 1000
    west, south, east, north = numbers
    return west < site["lon"] < east and south < site["lat"] < north


def _in_yuan(dataset, rows):
    """The rows with their yuan, or their dollars at the rate of their year."""
    rates = {
        row["period"]: row["value"]
        for row in dataset.indicators.to_dict("records")
        if (row["subject"], row["metric"]) == ("country:CN", "cny-per-usd")
    }
    published = dict(
        zip(dataset.sources["source_id"], dataset.sources["published_on"], strict=True)
    )
    told = {}
    for name, row in rows.items():
        year = str(_text(row["earliest_on"]) or _text(published[row["source_id"]]) or "")[:4]
        amount = row["amount_cny"]
        if not _known(amount) and _known(row["amount_usd"]) and year in rates:
            amount = row["amount_usd"] * rates[year]
        told[name] = row | {"in_yuan": amount}
    return told


def _text(value):
    return value if isinstance(value, str) and value else None


def _original(rows, name):
    seen = {name}
    while (link := _text(rows[name]["same_as"])) and f"project:{link}" not in seen:
        name = f"project:{link}"
        seen.add(name)
    return name


def _wholes(rows, name):
    found = []
    while (link := _text(rows[name]["part_of"])) and f"project:{link}" not in found:
        name = f"project:{link}"
        found.append(name)
    return found


def _without_repeats(rows, names):
    kept = {}
    for name in sorted(names, key=lambda one: (_original(rows, one) != one, list(rows).index(one))):
        kept.setdefault(_original(rows, name), name)
    return list(kept.values())


def _once(rows, names):
    kept = _without_repeats(rows, names)
    return [name for name in kept if not set(_wholes(rows, name)) & set(kept)]


def _known(number):
    return number is not None and number == number


def _sum(rows, names, column):
    stating = [name for name in names if _known(rows[name][column])]
    wholes = {n for n in names if _known(rows[n]["amount_cny"]) or _known(rows[n]["amount_usd"])}
    kept = _without_repeats(rows, stating)
    kept = [name for name in kept if not set(_wholes(rows, name)) & wholes]
    groups = _groups(rows)
    largest = {}
    for name in kept:
        group = groups.get(name, name)
        largest[group] = max(largest.get(group, 0.0), rows[name][column])
    return sum(largest.values()) if largest else None


def _groups(rows):
    """Name every group of records that may overlap by its first member."""
    group = {name: name for name in rows}
    for name, row in rows.items():
        for other in row["may_overlap"]:
            old, new = group[f"project:{other}"], group[name]
            group = {one: new if own == old else own for one, own in group.items()}
    return group
