"""The dataset the pages show: opened once per version and shared by every session."""

from __future__ import annotations

from functools import lru_cache

from geomap.dataset import Dataset, open_dataset, read_manifest
from geomap.settings import Settings


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
