"""What a reader chose, as one frozen value that stands in the URL as plain text.

The only module that touches `st.session_state` and `st.query_params`. The URL wins when
somebody opened or edited a link; otherwise the session's own value does, because a change of
page empties Streamlit's query. Unknown or bad values are left out and said so, never raised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from geomap.text import LANGUAGES, pick_language
from geomap.views.filters import (
    NOTHING,
    Filters,
    choices,
    filters_from_params,
    filters_to_params,
    left_out,
)
from geomap.views.sentences import Sentence
from geomap.views.shading import shading_measures

if TYPE_CHECKING:
    from geomap.dataset import Dataset

_STATE, _WRITTEN, _PAGE = "geomap_state", "geomap_written", "geomap_page"
_SAFE_ID = re.compile(r"^[a-z]+:[^\s\"'<>&#]{1,2000}$")
_VIEW = re.compile(r"^(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?),(\d{1,2}(?:\.\d+)?)$")
_BETWEEN = re.compile(r",(?=[a-z]+:)")  # a circle's id holds commas of its own
_VERSION = re.compile(r"^[0-9a-f]{12}$")
_NAME = re.compile(r"^[a-z_]{1,40}$")
MOST_REGIONS = 4
BACKGROUNDS = ("osm", "tianditu", "amap")


@dataclass(frozen=True)
class ViewState:
    """One view of the app.

    at: (lat, lon, zoom) of the map. shade: a measure id. basket: region ids, four at most.
    only: region ids with the kinds of records that the region's own map is limited to.
    layers: switches of the map that are on, None for each layer's default.
    version: dataset version shown. came_from: the one the link was made with. notes: what of
    the link could not be read.
    """

    lang: str = "en"
    select: str | None = None
    filters: Filters = field(default_factory=Filters)
    layers: tuple[str, ...] | None = None
    at: tuple[float, float, float] | None = None
    shade: str | None = None
    basket: tuple[str, ...] = ()
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    background: str | None = None
    version: str | None = None
    came_from: str | None = None
    notes: tuple[Sentence, ...] = ()


def is_id(value: str) -> bool:
    """Tell whether a text may be the id of a feature or region."""
    return bool(_SAFE_ID.fullmatch(value))


def _read_view(value: str) -> tuple[float, float, float] | None:
    match = _VIEW.fullmatch(value)
    if match is None:
        return None
    lat, lon, zoom = (float(part) for part in match.groups())
    return (lat, lon, zoom) if abs(lat) <= 90 and abs(lon) <= 180 and zoom <= 20 else None


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
    return ViewState(
        lang=lang,
        select=take("select", is_id(params.get("select", ""))),
        filters=filters,
        layers=_read_layers(params.get("layers", ""), notes),
        at=at,
        shade=take("shade", params.get("shade") in shading_measures()),
        basket=_read_basket(params.get("compare", ""), notes),
        only=_read_only(params.get("only", ""), dataset, notes),
        background=take("background", params.get("background") in BACKGROUNDS),
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


def _read_only(
    value: str, dataset: Dataset, notes: list[Sentence]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
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
    for name in ("shade", "background"):
        value = getattr(state, name)
        if value:
            params[name] = value
    basket = [region_id for region_id in state.basket if is_id(region_id)]
    if basket:
        params["compare"] = ",".join(basket)
    only = [f"{name}={','.join(kinds)}" for name, kinds in state.only if name in basket]
    if only:
        params["only"] = ";".join(only)
    if state.version:
        params["v"] = state.version
    return params


def begin(page: str, dataset: Dataset) -> ViewState:
    """Return the view of this run: the URL's when the reader brought one, else the session's."""
    params = st.query_params.to_dict()
    session = st.session_state
    moved = session.get(_PAGE) not in (None, page) and not params
    if session.get(_PAGE) != page:
        put("commands", ())  # they were for the map that was left
        _forget_all()  # widgets of another page are others, though their keys are the same
    session[_PAGE] = page
    if _STATE in session and (moved or params == session.get(_WRITTEN)):
        return replace(current(), notes=())
    state = state_from_params(params, dataset, st.context.headers.get("Accept-Language"))
    _forget_all()
    session[_STATE] = state
    return state


def _forget_all() -> None:
    """Let every widget take its value from the view again."""
    for name in [key for key in st.session_state if str(key).startswith("w_")]:
        del st.session_state[name]


def keep(state: ViewState) -> ViewState:
    """Keep a view for the next run and write it to the URL."""
    params = state_to_params(state)
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    st.session_state[_STATE] = replace(state, notes=())
    st.session_state[_WRITTEN] = params
    return state


def choose(**changed: Any) -> None:  # noqa: ANN401 - fields of a view
    """Change the view before the next run; what a button's callback does."""
    keep(replace(current(), **changed))


def link_params(**changed: Any) -> dict[str, str]:  # noqa: ANN401
    """Write the view kept last, with some of it changed, as the parameters of a link."""
    return state_to_params(replace(current(), **changed))


def language(dataset: Dataset) -> str:
    """Return the language of this run before a page begins: the link's, else the session's."""
    params = st.query_params.to_dict()
    kept = st.session_state.get(_STATE)
    if isinstance(kept, ViewState) and params.get("lang", kept.lang) == kept.lang:
        return kept.lang
    return state_from_params(params, dataset, st.context.headers.get("Accept-Language")).lang


def asked_language() -> str:
    """Return the language of the link or the browser, when there is no dataset to read more by."""
    asked = st.query_params.get("lang", "")
    return asked if asked in LANGUAGES else pick_language(st.context.headers.get("Accept-Language"))


def current() -> ViewState:
    """Return the view kept last in this session."""
    state = st.session_state.get(_STATE)
    return state if isinstance(state, ViewState) else ViewState()


def preset(widget: str, value: object) -> str:
    """Give a widget its value before it is drawn, unless the reader has set it; return its key."""
    key = f"w_{widget}"
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def forget(*widgets: str) -> None:
    """Let widgets take their value from the view again."""
    for widget in widgets:
        st.session_state.pop(f"w_{widget}", None)


def hold_within(key: str, first: int, last: int) -> None:
    """Keep a range slider inside its bounds; Streamlit refuses anything else."""
    before = tuple(st.session_state[key])
    low, high = (min(max(year, first), last) for year in before)
    if (low, high) != before:
        st.session_state[key] = (low, high)


def hold_among(key: str, options: tuple[str, ...]) -> None:
    """Keep a chooser inside its options; Streamlit refuses anything else."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]


def next_number(name: str) -> int:
    """Count up in this session, for commands that a living map carries out once."""
    key = f"geomap_number_{name}"
    number = int(st.session_state.get(key, 0)) + 1
    st.session_state[key] = number
    return number


def widget(key: str) -> Any:  # noqa: ANN401 - what Streamlit keeps for a widget
    """Return what a widget holds; callbacks run before the widget can say so itself."""
    return st.session_state.get(key)


def set_widget(key: str, value: object) -> None:
    """Give a widget a value before it is drawn in this run."""
    st.session_state[key] = value


def put(name: str, value: object) -> None:
    """Keep a value of this session beside the view, such as the extent of the map."""
    st.session_state[f"geomap_{name}"] = value


def get(name: str) -> object:
    """Return a value kept with `put`, or None."""
    return st.session_state.get(f"geomap_{name}")


def take(name: str) -> object:
    """Return a value kept with `put`, or None, and forget it."""
    return st.session_state.pop(f"geomap_{name}", None)
