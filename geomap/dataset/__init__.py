"""Datasets: seeds built into frozen, versioned frames that every view reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.dataset.assemble import assemble_dataset
from geomap.dataset.files import open_dataset, save_dataset
from geomap.dataset.frames import SCHEMAS, Dataset, none_if_missing
from geomap.dataset.versions import Manifest, list_versions, read_manifest

if TYPE_CHECKING:
    from geomap.dataset.build import BuildReport, build_dataset, check_seeds, needs_build

__all__ = [
    "SCHEMAS",
    "BuildReport",
    "Dataset",
    "Manifest",
    "assemble_dataset",
    "build_dataset",
    "check_seeds",
    "list_versions",
    "needs_build",
    "none_if_missing",
    "open_dataset",
    "read_manifest",
    "save_dataset",
]


def __getattr__(name: str) -> object:
    """Load the build, and with it the geocoder, only for those who build."""
    if name in ("BuildReport", "build_dataset", "check_seeds", "needs_build"):
        from geomap.dataset import build

        return getattr(build, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
