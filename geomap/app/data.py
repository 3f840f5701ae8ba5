"""What the pages show: the dataset, opened once per version and shared by every session."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from geomap.dataset import Dataset, open_dataset, read_manifest
from geomap.errors import DatasetError
from geomap.settings import Settings

PAGES = ("map", "compare", "records", "about")
_PAGES = "geomap_pages"


def asset(name: str) -> str:
    """Read a text file that stands beside this module."""
    return (Path(__file__).parent / name).read_text("utf-8")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the settings of this process once."""
    return Settings.from_env()


@lru_cache(maxsize=3)
def _open(version: str) -> Dataset:
    return open_dataset(settings().data_dir, version)


def current_dataset() -> Dataset:
    """Open the dataset the manifest names now; the manifest is read once per view."""
    return _open(read_manifest(settings().data_dir).version)


def older_dataset(version: str) -> Dataset | None:
    """Open an older version, or None when this machine no longer has it."""
    try:
        return _open(version)
    except DatasetError:
        return None


def remember_pages(pages: Mapping[str, StreamlitPage]) -> None:
    """Keep the pages of this run, so that one page can open another."""
    st.session_state[_PAGES] = dict(pages)


def open_page(name: str) -> None:
    """Go to another page; what the reader chose goes along."""
    st.switch_page(st.session_state[_PAGES][name])
