"""The overview before anything is chosen: numbers worked out by hand, and a plain order."""

from __future__ import annotations

from geomap.views.filters import Filters
from geomap.views.overview import country_overview


def test_the_headlines_count_repeats_and_parts_once(toy):
    found = {one.measure.measure_id: one for one in country_overview(toy, Filters()).headlines}
    # 14 records less a bundle and a repeat
    assert found["projects"].value == 12
    assert found["zones"].value == 2
    # 1 + 2 + 2.3 + the bundle's 5 without its part + the larger of two that overlap + 0.07 bn
    assert found["stated_cny"].value == 10_670e6
    assert found["stated_cny"].shown("en") == "at least ¥10.67 bn"


def test_provinces_stand_by_their_number_and_the_longest_bar_is_full(toy):
    bars = country_overview(toy, Filters()).provinces
    assert [bar.projects for bar in bars] == sorted((b.projects for b in bars), reverse=True)
    assert bars[0].share == 1.0
    assert bars[-1].share == bars[-1].projects / bars[0].projects


def test_the_newest_project_comes_first_and_undated_ones_never(toy):
    lines = country_overview(toy, Filters()).newest
    dates = [line.newest_on for line in lines]
    assert dates == sorted(dates, reverse=True)
    assert all(dates)


def test_filters_reach_every_part(toy):
    whole = country_overview(toy, Filters())
    left = country_overview(toy, Filters(investors=("Acme",)))
    assert left.headlines[0].value < whole.headlines[0].value
    assert len(left.provinces) < len(whole.provinces)


def test_nothing_left_is_nothing_shown(toy):
    left = country_overview(toy, Filters(investors=("Nobody",)))
    assert left.provinces == left.newest == ()
    assert left.headlines[0].state == "no_record"
