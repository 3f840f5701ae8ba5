"""The view of this session and the widgets that change it.

The only module that touches `st.session_state` and `st.query_params`. The URL wins when a
session begins and when the reader goes back or forth, which `shell.js` marks in the address;
otherwise the session's own value does: a change of page empties Streamlit's query, and a quick
second choice comes with the address from before the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import streamlit as st

from geomap.app.view import ViewState, state_from_params, state_to_params
from geomap.text import LANGUAGES, pick_language

if TYPE_CHECKING:
    from geomap.dataset import Dataset

_STATE, _PAGE = "geomap_state", "geomap_page"
_BACK = "back"


def begin(page: str, dataset: Dataset) -> ViewState:
    """Return the view of this run: the session's, or the URL's in a new one and after Back."""
    params = st.query_params.to_dict()
    session = st.session_state
    went_back = params.pop(_BACK, None) is not None
    if session.get(_PAGE) != page:
        put("commands", ())  # they were for the map that was left
        _forget_all()  # widgets of another page are others, though their keys are the same
    session[_PAGE] = page
    if _STATE in session and not went_back:
        return replace(current(), notes=())
    state = state_from_params(params, dataset, st.context.headers.get("Accept-Language"))
    if _STATE in session:  # a language is no step: whoever goes back keeps reading in theirs
        state = replace(state, lang=current().lang)
    _forget_all()
    if state.within or page == "records":
        put("bounds", state.within)  # else the part of the map that was seen last stays
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
    return state


def run_again(state: ViewState) -> NoReturn:
    """Run the whole page again with a view that widgets already drawn do not show yet."""
    keep(state)
    st.rerun()


def choose(**changed: Any) -> None:  # noqa: ANN401 - fields of a view
    """Change the view before the next run; what a button's callback does."""
    keep(replace(current(), **changed))


def link_params(**changed: Any) -> dict[str, str]:  # noqa: ANN401 - fields of a view
    """Write the view kept last, with some of it changed, as the parameters of a link."""
    return state_to_params(replace(current(), **changed))


def language(dataset: Dataset) -> str:
    """Return the language of this run before a page begins: the session's, else the link's."""
    params = st.query_params.to_dict()
    kept = st.session_state.get(_STATE)
    if isinstance(kept, ViewState):
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


def offer(
    widget: str,
    value: object,
    options: Collection[Any],
    say: Callable[[Any, str], str],
    *,
    typed: bool = False,
) -> str:
    """Give a chooser its value before it is drawn, unless the reader has set it; return its key.

    Streamlit knows a choice by its words alone and drops one whose words have changed since, as a
    language or a number in them does. So words of before are read, and the browser is told the new
    ones. say: words of an option in a language. typed: words that are no option's stay as they are.
    """

    def read(words: str) -> object:
        pairs = ((one, lang) for one in options for lang in LANGUAGES)
        said_so = (one for one, lang in pairs if say(one, lang) == words)
        return next(said_so, words if typed else None)

    key = hold(widget, value, options, read)
    tell_words(key, lambda one: say(one, current().lang))
    return key


def hold(widget: str, value: object, options: Collection[Any], read: Callable[[str], Any]) -> str:
    """Keep what a chooser holds among its options, whatever it was called; return its key.

    read: the option that words of before mean, None for none.
    """
    key = preset(widget, value)
    held = st.session_state[key]
    many = isinstance(held, list)
    found = [one if one in options else read(str(one)) for one in (held if many else [held])]
    kept = [one for one in found if one is not None] or ([] if many else list(options)[:1])
    if kept != (held if many else [held]):
        st.session_state[key] = kept if many else kept[0]
    return key


def tell_words(key: str, say: Callable[[Any], str]) -> None:
    """Tell the browser again what a chooser holds when its words are others than last time."""
    held = st.session_state[key]
    words = [say(one) for one in (held if isinstance(held, list) else [held])]
    if get(f"words_{key}") not in (None, words):
        st.session_state[key] = held
    put(f"words_{key}", words)


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
