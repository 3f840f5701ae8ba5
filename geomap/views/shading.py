"""Provinces shaded by a measure: classes with breaks and unit, and which have no record."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Final

import mapclassify
import numpy as np

from geomap.sentences import Names, Sentence, sentence
from geomap.text import text
from geomap.views.columns import Floats
from geomap.views.filters import Filters
from geomap.views.index import index_of
from geomap.views.measures import MEASURES, Measure, Outcome
from geomap.views.regions import parse_region
from geomap.views.selection import select_region
from geomap.views.values import written_measure

if TYPE_CHECKING:
    from geomap.dataset import Dataset

SCHEMES: Final = ("natural_breaks", "quantiles", "equal_interval")
CLASSES: Final = 5
CLASS_COUNTS: Final = (2, 3, 4, 5, 6, 7)
_quiet = Lock()
_MAKERS: Final = {
    "natural_breaks": mapclassify.FisherJenks,
    "quantiles": mapclassify.Quantiles,
    "equal_interval": mapclassify.EqualInterval,
}


@dataclass(frozen=True)
class ShadeClass:
    """One class of a shading: values from `low` to `high`, both of them met in it."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Shade:
    """One province: its value and the place of its class (-1 = no value, drawn hatched)."""

    adcode: str
    names: Names
    value: float | None
    class_index: int
    reason: Sentence | None
    at_least: bool


@dataclass(frozen=True)
class Shading:
    """All provinces by one measure; `breaks` are the upper ends of the classes, ascending."""

    measure: Measure
    scheme: str
    breaks: tuple[float, ...]
    classes: tuple[ShadeClass, ...]
    shades: tuple[Shade, ...]

    def title(self, lang: str) -> str:
        """Name the measure with its unit."""
        name = text(self.measure.name_key, lang)
        if not self.measure.unit or self.measure.form == "money":
            return name
        unit = text(f"comparison.unit.{self.measure.unit}", lang)
        return text("comparison.shading.title", lang, name=name, unit=unit)

    def label(self, class_index: int, lang: str) -> str:
        """Write the range of a class, or the words for "no record" at -1."""
        if class_index < 0:
            return text("comparison.shading.no_record", lang)
        found = self.classes[class_index]
        low, high = (written_measure(self.measure, v, lang) for v in (found.low, found.high))
        return low if low == high else f"{low} – {high}"

    def method(self, lang: str) -> str:
        """Say how the classes were made and how many provinces stand in none."""
        n = str(self.without_value)
        return text("comparison.shading.method", lang, way=self.way(lang), n=n)

    def way(self, lang: str) -> str:
        """Name the scheme and the number of classes, unless each value is a class of its own."""
        if not any(found.low < found.high for found in self.classes):
            return text("comparison.shading.each", lang)
        scheme = text(f"comparison.shading.scheme.{self.scheme}", lang)
        return sentence("comparison.shading.classes", scheme=scheme, n=len(self.classes)).say(lang)

    def cited(self, lang: str) -> str:
        """Say in a citation what shades the provinces, and how."""
        title = self.title(lang)
        return text("comparison.shading.cited", lang, title=title, way=self.way(lang))

    @property
    def without_value(self) -> int:
        """Number of provinces without a value."""
        return sum(shade.class_index < 0 for shade in self.shades)


def shading_measures() -> tuple[str, ...]:
    """Return the ids of the measures that make sense as a shading."""
    return tuple(name for name, measure in MEASURES.items() if measure.shades)


def classify_provinces(
    dataset: Dataset,
    measure: str,
    filters: Filters | None = None,
    scheme: str = SCHEMES[0],
    classes: int = CLASSES,
) -> Shading:
    """Put the provinces into classes by a measure.

    Provinces without a value form no class. Few different values give one class each. Raises
    KeyError for an unknown measure or scheme.
    """
    chosen = (filters or Filters()).without_layers()
    declared, maker = MEASURES[measure], _MAKERS[scheme]
    wanted = min(max(classes, CLASS_COUNTS[0]), CLASS_COUNTS[-1])
    key = ("shading", measure, chosen, scheme, wanted)
    work = partial(_classify, dataset, declared, chosen, scheme, maker, wanted)
    return index_of(dataset).once(key, work)


def _classify(
    dataset: Dataset, measure: Measure, filters: Filters, scheme: str, maker: type, classes: int
) -> Shading:
    outcomes = _outcomes(dataset, measure, filters)
    known = np.array([o.value for _, _, o in outcomes if isinstance(o.value, float)], dtype=float)
    breaks = _breaks(known, maker, classes)
    shades = tuple(_shade(code, names, outcome, breaks) for code, names, outcome in outcomes)
    return Shading(measure, scheme, tuple(breaks.tolist()), _classes(known, breaks), shades)


def _outcomes(
    dataset: Dataset, measure: Measure, filters: Filters
) -> list[tuple[str, Names, Outcome]]:
    found = []
    for adcode in (str(code) for code in dataset.provinces["adcode"]):
        region = parse_region(f"province:{adcode}", dataset)
        outcome = select_region(dataset, region, filters).worked(measure.work)
        found.append((adcode, region.names, outcome))
    return found


def _breaks(known: Floats, maker: type, classes: int) -> Floats:
    """Upper ends of the classes; with no more different values than classes, the values."""
    different = np.unique(known)
    if len(different) <= classes:
        return different
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it would rather have a compiler; 34 values need none
        ends = np.asarray(maker(known, k=classes).bins, dtype=float)
    ends[-1] = known.max()
    met = np.unique(np.searchsorted(ends, known))  # an equal interval may hold nothing
    return np.asarray(ends[met])


def _classes(known: Floats, breaks: Floats) -> tuple[ShadeClass, ...]:
    places = np.searchsorted(breaks, known)
    groups = [known[places == place] for place in range(len(breaks))]
    return tuple(ShadeClass(float(g.min()), float(g.max()), len(g)) for g in groups if len(g))


def _shade(adcode: str, names: Names, outcome: Outcome, breaks: Floats) -> Shade:
    if not isinstance(outcome.value, float):
        return Shade(adcode, names, None, -1, outcome.reason, False)
    place = int(np.searchsorted(breaks, outcome.value))
    return Shade(adcode, names, outcome.value, place, None, outcome.at_least)
