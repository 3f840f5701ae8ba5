"""Link = view: what any control of any page is set to comes back from the address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.conftest import run_page

# What leads to a view, without being part of it; the page says so where the link is copied.
LEADS_ONLY = {"w_search", "w_circle", "w_circle_km"}
FILTERS = {
    "w_filter_kinds": ["data_centre"],
    "w_filter_statuses": ["operating"],
    "w_filter_investors": ["Acme", "Bolt"],
    "w_filter_money": ["stated"],
    "w_filter_provinces": ["910000"],
    "w_filter_corridors": ["toy-line"],
    "w_filter_precisions": ["site"],
    "w_filter_sources": ["toy-times-2021"],
}
# Under each page: a link, and for every control of that page a value it does not have there.
PAGES: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "map": (
        {"shade": "projects", "background": "osm"},
        {
            "w_filter_date_field": "announced",
            **FILTERS,
            "w_lang": "zh",
            "w_filter_years": (2020, 2021),
            "w_shade": "stated_cny",
            "w_scheme": "quantiles",
            "w_classes": 2,
            "w_background": "",
        },
    ),
    "compare": (
        {"compare": "province:910000,province:920000,city:910100", "kind": "office"},
        {
            **FILTERS,
            "w_lang": "zh",
            "w_basket": ["province:910000", "city:910100"],
            "w_only_province:910000": ["data_centre"],
            "w_only_city:910100": ["office"],
            "w_filtered": False,
            "w_locked": False,
            "w_reference": "city:910100",
        },
    ),
    "records": (
        {"investor": "Acme", "within": "99.000,29.000,104.000,34.000"},
        {
            "w_lang": "zh",
            "w_records_table": "zones",
            "w_records_search": "alder",
            "w_records_all_columns": True,
            "w_records_filtered": False,
        },
    ),
    "about": ({}, {"w_lang": "zh"}),
}
ALONE = ("w_filter_date_field", "w_basket")  # other controls start anew after these
EXTENT = "w_records_extent"  # only there while a part of the map limits the list
KINDS = (
    *("selectbox", "multiselect", "checkbox", "toggle", "radio", "text_input", "slider"),
    *("button_group", "number_input"),
)


def controls(app) -> dict[str, Any]:
    return {one.key: one for kind in KINDS for one in app.get(kind) if one.key}


def reopened(app, page):
    """The page as it comes from the address of another."""
    return run_page(page, **{name: app.query_params[name] for name in app.query_params})


def values(app) -> dict[str, Any]:
    return {key: one.value for key, one in controls(app).items()}


@pytest.mark.parametrize("page", PAGES)
def test_every_control_comes_back_from_the_link(toy, page):
    link, chosen = PAGES[page]
    app = run_page(page, **link)
    unknown = set(controls(app)) - set(chosen) - set(FILTERS) - LEADS_ONLY - {EXTENT}
    assert {key for key in unknown if not key.startswith("w_only_")} == set()
    before = values(app)
    assert [key for key, value in chosen.items() if before[key] == value] == []
    for key, value in chosen.items():
        controls(app)[key].set_value(value)
        if key in ALONE:
            app.run()
    app.run()
    assert not app.exception
    again = reopened(app, page)
    assert {key: values(again)[key] for key in chosen} == chosen


def test_what_only_leads_somewhere_does_not_come_back(toy):
    app = run_page("map")
    controls(app)["w_search"].set_value("alder").run()
    assert values(reopened(app, "map"))["w_search"] == ""


def test_the_extent_of_a_list_comes_back_until_it_is_switched_off(toy):
    app = run_page("records", within="100.500,30.500,101.500,31.500")
    rows = len(app.dataframe[0].value)
    again = reopened(app, "records")
    assert values(again)[EXTENT] is True
    assert len(again.dataframe[0].value) == rows
    controls(again)[EXTENT].set_value(False).run()
    assert len(again.dataframe[0].value) > rows
    assert "within" not in again.query_params
    assert len(reopened(again, "records").dataframe[0].value) > rows
