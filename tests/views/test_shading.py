"""Shading: classes by a declared scheme, and provinces without a value kept apart."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from geomap.views import shading
from geomap.views.filters import Filters
from geomap.views.measures import MEASURES
from geomap.views.shading import SCHEMES, classify_provinces, shading_measures


def classes(found):
    return [shade.class_index for shade in found.shades]


def test_provinces_by_stated_money(toy):
    found = classify_provinces(toy, "stated_cny")
    # 1,300 m, 2,000 m, none, 5,000 m: no more values than classes, so one class each
    assert classes(found) == [0, 1, -1, 2]
    assert found.breaks == (1300e6, 2000e6, 5000e6)
    assert found.without_value == 1
    assert found.label(0, "en") == "¥1.3 bn"
    assert "no record" in found.label(-1, "en")
    assert found.label(-1, "zh").startswith("无数值")
    assert [shade.at_least for shade in found.shades] == [True, False, False, False]
    assert found.shades[2].reason.key == "comparison.reason.only_shared_sum"


def test_the_title_carries_the_unit_where_values_do_not(toy):
    assert classify_provinces(toy, "stated_cny").title("en") == "Stated investment, yuan"
    assert classify_provinces(toy, "corridor_km").title("en").endswith("(km)")


def test_filters_reach_the_shading(toy):
    found = classify_provinces(toy, "projects", Filters(investors=("Acme",)))
    assert classes(found) == [1, 0, -1, -1]


@pytest.mark.parametrize(
    ("lang", "way", "each"),
    [
        ("en", "Quantiles, 2 classes", "One class per value"),
        ("zh", "分位数法，2级", "每个数值一级"),
    ],
)
def test_a_shading_says_how_its_classes_were_made(toy, lang, way, each):
    found = classify_provinces(toy, "stated_cny", scheme="quantiles", classes=2)
    assert found.way(lang) == way
    assert way in found.method(lang)
    assert way in found.cited(lang)
    assert found.title(lang) in found.cited(lang)
    assert classify_provinces(toy, "stated_cny").way(lang) == each  # three values, five classes


def test_equal_values_are_one_class(toy):
    found = classify_provinces(toy, "zones")
    assert (classes(found), found.breaks) == ([0, 0, 0, 0], (1.0,))


def test_without_any_value_there_is_no_class(toy):
    found = classify_provinces(toy, "cny_per_head")
    assert (classes(found), found.classes) == ([-1] * 4, ())


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("many", [2, 3, 5, 7])
def test_every_value_lies_in_its_class(scheme, many):
    known = np.array([1, 2, 3, 50, 51, 400, 401, 402, 9000, 9001, 9002, 1e6])
    breaks = shading._breaks(known, shading._MAKERS[scheme], many)
    found = shading._classes(known, breaks)
    assert len(found) == len(breaks) <= many
    assert sum(one.count for one in found) == len(known)
    assert breaks[-1] == known.max()
    for one, upper in zip(found, breaks, strict=True):
        assert one.low <= one.high <= upper


def test_every_shading_measure_and_scheme_works(toy):
    for measure in shading_measures():
        for scheme in SCHEMES:
            assert len(classify_provinces(toy, measure, scheme=scheme).shades) == 4


def test_measures_that_make_no_map_are_not_offered():
    assert {"newest_on", "reference_km"}.isdisjoint(shading_measures())
    assert set(shading_measures()) < set(MEASURES)


def test_an_unknown_measure_or_scheme_is_an_error(toy):
    with pytest.raises(KeyError):
        classify_provinces(toy, "happiness")
    with pytest.raises(KeyError):
        classify_provinces(toy, "projects", scheme="by_eye")


def test_a_scheme_that_leaves_a_class_empty_keeps_the_others_whole():
    def maker(known, k):
        return SimpleNamespace(bins=np.linspace(known.min(), known.max(), k + 1)[1:])

    known = np.array([0.0, 1.0, 2.0, 3.0, 100.0])
    breaks = shading._breaks(known, maker, 4)
    assert breaks.tolist() == [25.0, 100.0]
    assert [one.count for one in shading._classes(known, breaks)] == [4, 1]
