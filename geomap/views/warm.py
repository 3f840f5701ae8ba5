"""Work out ahead of the first reader what every reader will ask of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.views.filters import Filters, select_sites
from geomap.views.index import index_of
from geomap.views.regions import region_options
from geomap.views.search import search_features

if TYPE_CHECKING:
    from geomap.dataset import Dataset


def warm_views(dataset: Dataset) -> None:
    """Build the index, the book of names and the list of regions; safe to call from a thread."""
    index_of(dataset)
    select_sites(dataset, Filters())
    region_options(dataset)
    search_features(dataset, "nothing is named so")  # what nobody is named asks for near names too
