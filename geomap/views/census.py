"""Inhabitants and stated areas of regions: the census table, and newer figures of the records.

One rule for every level: of the figure of the census and those of the records (the metrics
`population` and `land-area` of an adcode or feature id) the newest counts; a record's own counts
where it is not older. A region made of several units is their sum, each unit once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geomap.census import CENSUS_COLUMNS
from geomap.sentences import Names
from geomap.text import format_date, text
from geomap.views.columns import floats_of, texts_of
from geomap.views.index import index_of
from geomap.views.region import COUNTRY, Region
from geomap.views.units import lies_in, unit_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

_METRICS: Final = {"population": ("population", "people"), "area_km2": ("land-area", "km2")}
_SUMMED: Final = ("corridor", "zone")  # kinds of region that are made of whole units


@dataclass(frozen=True)
class Part:
    """What one unit adds to the figure of a region."""

    feature_id: str
    names: Names
    amount: float


@dataclass(frozen=True)
class Figure:
    """People or km2 of a region with date and source; `parts` are the units it is the sum of."""

    amount: float
    on: str
    source: Names
    parts: tuple[Part, ...] = ()

    def basis(self, lang: str) -> str:
        """Write date and source of the figure."""
        said = (self.dates.say(lang), self.source.say(lang))
        return text("details.list_mark", lang).join(part for part in said if part)

    @property
    def dates(self) -> Names:
        """The dates the figure rests on; a sum may rest on several."""
        return Names(self._written("en"), self._written("zh"))

    def _written(self, lang: str) -> str:
        days = (format_date(day, lang) for day in self.on.split("; ") if day)
        return text("details.list_mark", lang).join(days)


def inhabitants_of(region: Region, dataset: Dataset) -> Figure | None:
    """Give the people of a region, None where no figure is known, or not of all its units."""
    known = _figures(dataset, "population")
    own = region.adcodes[0] if len(region.adcodes) == 1 else region.region_id
    found = known.get(own) or known.get(region.region_id)
    if found is None and region.kind in _SUMMED and len(region.adcodes) > 1:
        return _sum_of(region.adcodes, dataset)
    return found


def missing_inhabitants(region: Region, dataset: Dataset) -> tuple[Names, ...]:
    """Name the units of a summed region whose people are not known, none where all are missing."""
    known = _figures(dataset, "population")
    units = _each_once(region.adcodes) if region.kind in _SUMMED else ()
    missing = [code for code in units if code not in known]
    return tuple(_names(code, dataset) for code in missing) if len(missing) < len(units) else ()


def stated_area_of(adcode: str, dataset: Dataset) -> Figure | None:
    """Give the area a source states for a unit, None where none does."""
    return _figures(dataset, "area_km2").get(adcode)


def _sum_of(adcodes: Sequence[str], dataset: Dataset) -> Figure | None:
    known = _figures(dataset, "population")
    units = _each_once(adcodes)
    figures = [known[code] for code in units if code in known]
    if len(figures) < len(units):
        return None
    parts = tuple(
        Part(f"city:{code}", _names(code, dataset), figure.amount)
        for code, figure in zip(units, figures, strict=True)
    )
    return _added_up(figures, parts)


def _added_up(figures: Sequence[Figure], parts: tuple[Part, ...] = ()) -> Figure:
    """Add figures up; dates and sources are named once each, in the order met."""
    english, chinese = zip(*((one.source.en, one.source.zh) for one in figures), strict=True)
    source = Names("; ".join(dict.fromkeys(english)), "；".join(dict.fromkeys(chinese)))
    on = "; ".join(dict.fromkeys(one.on for one in figures))
    return Figure(float(sum(one.amount for one in figures)), on, source, parts)


def _each_once(adcodes: Iterable[str]) -> tuple[str, ...]:
    """Leave out units that come twice or lie in another of the units."""
    units = tuple(dict.fromkeys(adcodes))
    return tuple(code for code in units if not lies_in(code, (u for u in units if u != code)))


def _names(adcode: str, dataset: Dataset) -> Names:
    unit = unit_of(adcode, dataset)
    return unit.names if unit is not None else Names(adcode, adcode)


def _figures(dataset: Dataset, column: str) -> dict[str, Figure]:
    """Every known figure of a kind by adcode or feature id, of each the newest."""
    return index_of(dataset).table(("census", column), lambda: _read_figures(dataset, column))


def _read_figures(dataset: Dataset, column: str) -> dict[str, Figure]:
    known = _of_census(dataset, column)
    provinces = [known.get(str(code)) for code in dataset.provinces["adcode"]]
    if column == "population" and provinces and all(provinces):
        known[COUNTRY] = _added_up([one for one in provinces if one is not None])
    for subject, figure in _of_records(dataset, column):
        if subject not in known or not _older(figure.on, known[subject].on):
            known[subject] = figure
    return known


def _of_census(dataset: Dataset, column: str) -> dict[str, Figure]:
    frame = dataset.census
    source = column.removesuffix("_km2") + "_source"
    english, chinese = texts_of(frame, source), texts_of(frame, f"{source}_zh")
    codes = texts_of(frame, "adcode")
    dates = texts_of(frame, "population_on") if column == "population" else [""] * len(frame)
    amounts = floats_of(frame, column)
    return {
        str(codes[row]): Figure(
            float(amounts[row]), str(dates[row]), Names(str(english[row]), str(chinese[row]))
        )
        for row in np.flatnonzero(np.isfinite(amounts))
    }


def _of_records(dataset: Dataset, column: str) -> list[tuple[str, Figure]]:
    metric, unit = _METRICS[column]
    frame = dataset.indicators
    own = frame[(frame["metric"] == metric) & (frame["unit"] == unit)]
    return [
        (
            str(row["subject"]),
            Figure(float(row["value"]), row["period"], publisher_of(dataset, row["source_id"])),
        )
        for row in own.assign(period=_ends(own)).sort_values("period").to_dict("records")
    ]


def _ends(frame: pd.DataFrame) -> list[str]:
    """The last date of each period, "" for one that is not dated."""
    return [str(period).rpartition("/")[2] for period in texts_of(frame, "period")]


def census_facts(dataset: Dataset, adcode: str) -> dict[str, object]:
    """Give what the census table says of a unit, by column; nothing for one it does not hold."""
    rows = index_of(dataset).table("census rows", lambda: _census_rows(dataset))
    return dict(rows.get(adcode, {}))


def _census_rows(dataset: Dataset) -> dict[str, dict[str, object]]:
    columns = [name for name in CENSUS_COLUMNS if name not in ("adcode", "name_en", "name_zh")]
    found = dataset.census.set_index("adcode")[columns].astype("object")
    kept = found.where(found.notna(), None).to_dict("index")
    return {
        str(adcode): {str(name): value for name, value in row.items() if value is not None}
        for adcode, row in kept.items()
    }


def publisher_of(dataset: Dataset, source_id: str) -> Names:
    """Name who published a source."""
    publisher = str((dataset.source(source_id) or {}).get("publisher") or source_id)
    return Names(publisher, "")


def _older(period: str, than: str) -> bool:
    """Tell whether a period ended before a date; a bare year is as new as any day of it."""
    return period[: len(than)] < than[: len(period)]
