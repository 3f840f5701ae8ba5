"""Plays the years: the upper end of the range moves on by itself until the last year."""

from __future__ import annotations

import time

import streamlit as st

from geomap.app import state
from geomap.text import text

STEP_SECONDS = 1.2
now = time.monotonic


def show_player(lang: str) -> None:
    """Show the button that plays or stops; while it plays, a timer asks for the next year."""
    playing = bool(state.get("playing"))
    name, icon = ("stop", "stop") if playing else ("play", "play_arrow")
    st.button(
        text(f"app.filters.{name}", lang),
        key="filters_play",
        icon=f":material/{icon}:",
        on_click=_switch,
        args=(not playing,),
    )
    if playing:
        st.fragment(_tick, run_every=STEP_SECONDS)()


def take_step(key: str, first: int, last: int) -> bool:
    """Move the range of the slider `key` on when a step is due; tell whether it did.

    At the last year it stops.
    """
    if not state.get("playing") or not _due():
        return False
    low, high = state.widget(key)
    if state.get("play_from") is None:
        low, high = (first, first) if high >= last else (low, high)
        state.put("play_from", low)
    elif high >= last:
        state.put("playing", False)
    else:
        high += 1
    state.put("stepped_at", now())
    state.set_widget(key, (low, high))
    return True


def _switch(on: bool) -> None:
    state.put("playing", on)
    state.put("play_from", None)
    state.put("stepped_at", 0.0)


def _due() -> bool:
    before = state.get("stepped_at")
    since = now() - (before if isinstance(before, float) else 0.0)
    return since >= STEP_SECONDS * 0.8


def _tick() -> None:
    """Ask for a whole run when a step is due; the run that drew this has just taken one."""
    if state.get("playing") and _due():
        st.rerun()
