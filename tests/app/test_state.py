"""A view: to a link and back, and whatever else a link may hold."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.app.view import MOST_REGIONS, ViewState, is_id, state_from_params, state_to_params
from geomap.views.filters import Filters
from tests.toy import toy_dataset

TOY = toy_dataset()
FULL = ViewState(
    lang="zh",
    select="project:alder-dc",
    filters=Filters(
        kinds=("data_centre",),
        statuses=("operating", "announced"),
        investors=("Acme",),
        money=("stated",),
        sources=("toy-times-2021",),
        provinces=("910000",),
        corridors=("toy-line",),
        precisions=("site",),
        date_field="opened",
        date_from="2019-03",
        date_to="2022",
    ),
    layers=("cities", "data_centres"),
    at=(31.25, 101.5, 7.25),
    shade="projects",
    scheme="quantiles",
    classes=3,
    basket=("province:910000", "circle:31.0000,101.0000,50", "country:CN"),
    reference="country:CN",
    only=(("province:910000", ("data_centre",)),),
    locked=False,
    filtered=False,
    background="osm",
    table="zones",
    find="alder 桤木",
    every_column=True,
    within=(100.5, 30.25, 103.125, 33.0),
)


def read(**params: str) -> ViewState:
    return state_from_params(params, TOY)


def words(view: ViewState) -> str:
    return "\n".join(note.say("en") for note in view.notes)


def test_everything_a_reader_chose_comes_back_from_the_link():
    assert replace(state_from_params(state_to_params(FULL), TOY), notes=()) == FULL
    assert read(**state_to_params(FULL)).notes == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"lang": "en"},
        {"select": None},
        {"filters": Filters()},
        {"layers": None},
        {"layers": ()},
        {"at": None},
        {"shade": None},
        {"scheme": "natural_breaks"},
        {"classes": 5},
        {"basket": (), "reference": None, "only": ()},
        {"reference": None},
        {"only": ()},
        {"locked": True},
        {"filtered": True},
        {"background": None},
        {"table": "projects"},
        {"find": ""},
        {"every_column": False},
        {"within": None},
    ],
)
def test_each_part_has_its_own_place_in_the_link(changed):
    other = replace(FULL, **changed)
    assert state_to_params(other) != state_to_params(FULL)
    assert state_from_params(state_to_params(other), TOY) == other


def test_no_part_of_a_view_is_forgotten_by_these_tests():
    outside = {"version", "came_from", "notes"}  # not chosen by a reader
    default = ViewState()
    same = [
        one.name
        for one in fields(ViewState)
        if getattr(FULL, one.name) == getattr(default, one.name)
    ]
    assert set(same) == outside


def test_a_plain_view_has_a_short_link():
    assert state_to_params(ViewState()) == {"lang": "en"}


def test_the_version_of_a_link_is_where_the_reader_came_from():
    written = state_to_params(replace(FULL, version="0123456789ab"))
    assert written["v"] == "0123456789ab"
    assert read(**written).came_from == "0123456789ab"


def test_commas_inside_a_circle_do_not_split_the_basket():
    view = read(compare="circle:31.5,101.25,40,city:910100,polygon:_p~iF~ps|U_ulLnnqC")
    assert view.basket == (
        "circle:31.5,101.25,40",
        "city:910100",
        "polygon:_p~iF~ps|U_ulLnnqC",
    )


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"lang": "fr"}, "fr"),
        ({"select": "<script>"}, "<script>"),
        ({"kind": "castle"}, "castle"),
        ({"at": "91,0,3"}, "91,0,3"),
        ({"at": "here"}, "here"),
        ({"shade": "happiness"}, "happiness"),
        ({"background": "secret"}, "secret"),
        ({"scheme": "by_eye"}, "by_eye"),
        ({"classes": "8"}, "8"),
        ({"classes": "many"}, "many"),
        ({"compare": "city:910100", "reference": "city:920100"}, "city:920100"),
        ({"lock": "maybe"}, "maybe"),
        ({"filters": "on"}, "on"),
        ({"table": "secrets"}, "secrets"),
        ({"columns": "some"}, "some"),
        ({"within": "1,2,3"}, "1,2,3"),
        ({"within": "103,30,100,33"}, "103,30,100,33"),
        ({"within": "nan,nan,nan,nan"}, "nan"),
        ({"v": "yesterday"}, "yesterday"),
        ({"compare": "Westland"}, "Westland"),
        ({"layers": "cities,<b>"}, "<b>"),
        ({"from": "soon"}, "soon"),
    ],
)
def test_a_value_that_means_nothing_is_left_out_and_said_so(params, said):
    view = state_from_params(params, TOY)
    assert said in words(view)
    good = state_from_params(state_to_params(view), TOY)
    assert good.notes == ()


def test_good_values_stay_beside_a_bad_one():
    view = read(lang="zh", kind="data_centre,castle", compare="nonsense,city:910100")
    assert view.lang == "zh"
    assert view.filters.kinds == ("data_centre",)
    assert view.basket == ("city:910100",)
    assert "castle" in words(view)
    assert "nonsense" in words(view)


def test_no_more_regions_than_can_stand_side_by_side():
    ids = [f"province:9{n}0000" for n in range(1, 7)]
    view = read(compare=",".join(ids))
    assert view.basket == tuple(ids[:MOST_REGIONS])
    assert ids[MOST_REGIONS] in words(view)


def test_a_long_value_is_cut_in_its_note():
    assert "x" * 39 + "…" in words(read(shade="x" * 5000))


def test_a_region_too_long_for_a_link_stays_out_of_it():
    corners = "polygon:" + "_p~iF" * 1000
    assert not is_id(corners)
    assert state_to_params(ViewState(basket=(corners, "city:910100")))["compare"] == "city:910100"


def test_the_language_follows_the_browser_until_a_link_says_it():
    assert state_from_params({}, TOY, "zh-CN,zh;q=0.9").lang == "zh"
    assert state_from_params({"lang": "en"}, TOY, "zh-CN").lang == "en"
    assert state_from_params({}, TOY, None).lang == "en"


PARAMS = (
    *("lang", "select", "kind", "status", "investor", "money", "source", "province", "corridor"),
    *("precision", "date", "from", "to", "layers", "at", "shade", "compare", "background", "v"),
    *("scheme", "classes", "reference", "lock", "filters", "table", "find", "columns", "within"),
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=",:.-0123456789abcdef|\\", max_size=60),
    st.sampled_from(["none", "any", "city:", "-0,-0,0", "9999", "2020-13", "circle:1,2,3", "zh"]),
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PARAMS), TEXTS, max_size=8), st.none() | st.text(max_size=40)
)
def test_garbage_in_a_link_never_raises_and_reads_the_same_twice(params, accepted):
    view = state_from_params(params, TOY, accepted)
    again = state_from_params(state_to_params(view), TOY)
    assert replace(again, came_from=None) == replace(view, notes=(), came_from=None)
    assert again.notes == ()
    for note in view.notes:
        assert note.say("en")
        assert note.say("zh")
