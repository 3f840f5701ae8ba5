"""What a reader sees before choosing anything: the whole map in numbers, and where to begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geomap.sentences import Names
from geomap.views.comparison import Value, compare_regions
from geomap.views.filters import Filters
from geomap.views.index import index_of
from geomap.views.project_lines import ProjectLine, project_groups
from geomap.views.region import COUNTRY
from geomap.views.selection import Selection
from geomap.views.shading import classify_provinces

if TYPE_CHECKING:
    from geomap.dataset import Dataset

HEADLINES: Final = (
    *("projects", "data_centres", "zones", "investors"),
    *("stated_cny", "stated_usd", "share_stated", "newest_source"),
)
MOST_PROVINCES: Final = 6
MOST_NEWEST: Final = 5


@dataclass(frozen=True)
class Bar:
    """A province with its number of projects; `share` is that of the longest bar, 0 to 1."""

    feature_id: str
    names: Names
    projects: int
    share: float


@dataclass(frozen=True)
class Overview:
    """The records under the filters at a glance.

    headlines: values of the whole country. provinces: most projects first. newest: projects by
    their newest date, latest first. corridors: ids and names.
    """

    headlines: tuple[Value, ...]
    provinces: tuple[Bar, ...]
    newest: tuple[ProjectLine, ...]
    corridors: tuple[tuple[str, Names], ...]


def country_overview(dataset: Dataset, filters: Filters) -> Overview:
    """Return what the map holds under the filters; hidden layers are counted all the same."""
    chosen = filters.without_layers()
    return index_of(dataset).once(("overview", chosen), lambda: _overview(dataset, chosen))


def _overview(dataset: Dataset, filters: Filters) -> Overview:
    country = compare_regions(dataset, [COUNTRY], filters, measures=HEADLINES)
    frame = dataset.corridors
    corridors = zip(frame["feature_id"], frame["name_en"], frame["name_zh"], strict=True)
    return Overview(
        tuple(line.values[0] for line in country.lines),
        _provinces(dataset, filters),
        _newest(country.selections[0]),
        tuple((str(name), Names(str(en), str(zh))) for name, en, zh in corridors),
    )


def _provinces(dataset: Dataset, filters: Filters) -> tuple[Bar, ...]:
    """The provinces of most projects; of equals the one first in the table."""
    shades = classify_provinces(dataset, "projects", filters).shades
    known = [shade for shade in shades if shade.value]
    known.sort(key=lambda shade: -(shade.value or 0))
    longest = known[0].value if known else None
    return tuple(
        Bar(
            f"province:{shade.adcode}",
            shade.names,
            int(shade.value or 0),
            (shade.value or 0) / (longest or 1),
        )
        for shade in known[:MOST_PROVINCES]
    )


def _newest(selection: Selection) -> tuple[ProjectLine, ...]:
    """The projects with the latest dates; those without any date are left out."""
    rows = selection.projects
    codes = selection.index.projects.newest.codes[rows]
    latest = rows[np.lexsort((rows, -codes))][: min(MOST_NEWEST, int((codes >= 0).sum()))]
    lines = {line.feature_id: line for line in project_groups(selection.dataset, latest)}
    ids = [str(name) for name in selection.index.projects.ids[latest]]
    return tuple(lines[name] for name in ids if name in lines)
