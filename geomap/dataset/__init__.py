"""Datasets: seeds built into frozen, versioned frames that every view reads."""

from geomap.dataset.assemble import assemble_dataset
from geomap.dataset.frames import SCHEMAS, Dataset, none_if_missing

__all__ = ["SCHEMAS", "Dataset", "assemble_dataset", "none_if_missing"]
