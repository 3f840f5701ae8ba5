"""What a reader chose, as one frozen value that stands in a link as plain text.

Unknown or bad values of a link are left out and said so, never raised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.sentences import Sentence
from geomap.text import LANGUAGES, pick_language
from geomap.views.filters import (
    NOTHING,
    Filters,
    choices,
    filters_from_params,
    filters_to_params,
    left_out,
)
from geomap.views.shading import CLASS_COUNTS, CLASSES, SCHEMES, shading_measures

if TYPE_CHECKING:
    from geomap.dataset import Dataset
    from geomap.geodesy import Bounds

_SAFE_ID = re.compile(r"^[a-z]+:[^\s\"'<>&#]{1,2000}$")
_VIEW = re.compile(r"^(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?),(\d{1,2}(?:\.\d+)?)$")
_BETWEEN = re.compile(r",(?=[a-z]+:)")  # a circle's id holds commas of its own
_VERSION = re.compile(r"^[0-9a-f]{12}$")
_NAME = re.compile(r"^[a-z_]{1,40}$")
_DEGREES = re.compile(r"^-?\d{1,3}(?:\.\d{1,6})?$")
MOST_REGIONS = 4
BACKGROUNDS = ("osm", "tianditu", "amap")
TABLES = (
    *("projects", "zones", "cities", "corridors", "indicators", "organisations"),
    *("sites", "sources", "issues"),
)
LONGEST_SEARCH = 100
OFF, ALL = "off", "all"
# Region ids with the kinds of records that their own map is limited to.
Only = tuple[tuple[str, tuple[str, ...]], ...]
_CLASSES = tuple(str(number) for number in CLASS_COUNTS)
# Written under their own names when they are not at their default.
_PLAIN = ("shade", "scheme", "classes", "background", "table", "find")


@dataclass(frozen=True)
class ViewState:
    """One view of the app.

    at: (lat, lon, zoom) of the map. shade: a measure id; scheme, classes: how its classes are
    made. basket: region ids, four at most. reference: the one of them that others are compared
    with, None for the first. only: region ids with the kinds of records that the region's own map
    is limited to. locked: whether the maps of a comparison zoom together. filtered: whether the
    filters hold on the pages beside the map too. layers: switches of the map that are on, None
    for each layer's default. table, find, every_column: what of the records is listed. within:
    (west, south, east, north) that the list is limited to.
    version: dataset version shown. came_from: the one the link was made with. notes: what of
    the link could not be read.
    """

    lang: str = "en"
    select: str | None = None
    filters: Filters = field(default_factory=Filters)
    layers: tuple[str, ...] | None = None
    at: tuple[float, float, float] | None = None
    shade: str | None = None
    scheme: str = SCHEMES[0]
    classes: int = CLASSES
    basket: tuple[str, ...] = ()
    reference: str | None = None
    only: Only = ()
    locked: bool = True
    filtered: bool = True
    background: str | None = None
    table: str = TABLES[0]
    find: str = ""
    every_column: bool = False
    within: Bounds | None = None
    version: str | None = None
    came_from: str | None = None
    notes: tuple[Sentence, ...] = ()


_DEFAULT = ViewState()


def is_id(value: str) -> bool:
    """Tell whether a text may be the id of a feature or region."""
    return bool(_SAFE_ID.fullmatch(value))


def _read_view(value: str) -> tuple[float, float, float] | None:
    match = _VIEW.fullmatch(value)
    if match is None:
        return None
    lat, lon, zoom = (float(part) for part in match.groups())
    return (lat, lon, zoom) if abs(lat) <= 90 and abs(lon) <= 180 and zoom <= 20 else None


def _read_bounds(value: str) -> Bounds | None:
    parts = value.split(",")
    if len(parts) != 4 or not all(_DEGREES.fullmatch(part) for part in parts):
        return None
    west, south, east, north = (float(part) for part in parts)
    fits = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if fits else None


def state_from_params(
    params: Mapping[str, str], dataset: Dataset, accepted: str | None = None
) -> ViewState:
    """Read a view from URL parameters; `accepted` is the browser's language list."""
    wanted = {name: value for name, value in params.items() if name != "layers"}
    filters, filter_notes = filters_from_params(wanted, dataset)
    notes = list(filter_notes)

    def take(name: str, ok: object) -> str | None:
        value = params.get(name)
        if not value or ok:
            return value or None
        notes.append(left_out(name, value))
        return None

    lang = take("lang", params.get("lang") in LANGUAGES) or pick_language(accepted)
    at = _read_view(params.get("at", ""))
    take("at", at)
    within = _read_bounds(params.get("within", ""))
    take("within", within)
    basket = _read_basket(params.get("compare", ""), notes)
    return ViewState(
        lang=lang,
        select=take("select", is_id(params.get("select", ""))),
        filters=filters,
        layers=_read_layers(params.get("layers", ""), notes),
        at=at,
        shade=take("shade", params.get("shade") in shading_measures()),
        scheme=take("scheme", params.get("scheme") in SCHEMES) or SCHEMES[0],
        classes=int(take("classes", params.get("classes") in _CLASSES) or CLASSES),
        basket=basket,
        reference=take("reference", params.get("reference") in basket),
        only=_read_only(params.get("only", ""), dataset, notes),
        locked=not take("lock", params.get("lock") == OFF),
        filtered=not take("filters", params.get("filters") == OFF),
        background=take("background", params.get("background") in BACKGROUNDS),
        table=take("table", params.get("table") in TABLES) or TABLES[0],
        find=params.get("find", "")[:LONGEST_SEARCH].strip(),
        every_column=bool(take("columns", params.get("columns") == ALL)),
        within=within,
        came_from=take("v", _VERSION.fullmatch(params.get("v", ""))),
        notes=tuple(notes),
    )


def _read_layers(value: str, notes: list[Sentence]) -> tuple[str, ...] | None:
    """Read the switches that are on: "none" is no switch at all, nothing is each one's default."""
    parts = [part for part in value.split(",") if part]
    bad = [part for part in parts if not _NAME.fullmatch(part)]
    notes += [left_out("layers", part) for part in bad]
    if not parts or len(bad) == len(parts):
        return None
    return tuple(part for part in parts if part != NOTHING and part not in bad)


def _read_basket(value: str, notes: list[Sentence]) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part for part in _BETWEEN.split(value) if part))
    good = [part for part in parts if is_id(part)]
    refused = [part for part in parts if part not in good] + good[MOST_REGIONS:]
    notes += [left_out("compare", part) for part in refused]
    return tuple(good[:MOST_REGIONS])


def _read_only(value: str, dataset: Dataset, notes: list[Sentence]) -> Only:
    """Read "province:340000=data_centre,laboratory;city:340100=office"."""
    known = choices(dataset, "kinds")
    found = []
    for part in filter(None, value.split(";")):
        region_id, _, words = part.partition("=")
        kinds = tuple(kind for kind in words.split(",") if kind in known)
        if is_id(region_id) and kinds:
            found.append((region_id, kinds))
        else:
            notes.append(left_out("only", part))
    return tuple(found[:MOST_REGIONS])


def state_to_params(state: ViewState) -> dict[str, str]:
    """Write a view as URL parameters, in a fixed order, without what is at its default."""
    params = {"lang": state.lang}
    if state.select:
        params["select"] = state.select
    params |= filters_to_params(state.filters.without_layers())
    if state.layers is not None:
        params["layers"] = ",".join(state.layers) or NOTHING
    if state.at:
        params["at"] = "{:.4f},{:.4f},{:.2f}".format(*state.at)
    for name in _PLAIN:
        value = getattr(state, name)
        if value != getattr(_DEFAULT, name):
            params[name] = str(value)
    switched = {"lock": not state.locked, "filters": not state.filtered}
    params |= {name: OFF for name, on in switched.items() if on}
    if state.every_column:
        params["columns"] = ALL
    if state.within:
        params["within"] = ",".join(f"{edge:.3f}" for edge in state.within)
    basket = [region_id for region_id in state.basket if is_id(region_id)]
    if basket:
        params["compare"] = ",".join(basket)
    if state.reference in basket[1:]:
        params["reference"] = str(state.reference)
    only = [f"{name}={','.join(kinds)}" for name, kinds in state.only if name in basket]
    if only:
        params["only"] = ";".join(only)
    if state.version:
        params["v"] = state.version
    return params
