"""The page the browser tests of the map look at: a hosted map and buttons that send it messages.

The address chooses the dataset (`data=toy|hostile|many|hostile_many`) and how many panes stand
side by side.
"""

from __future__ import annotations

import json
from functools import lru_cache

import streamlit as st

from geomap.app.components.map import map_host
from geomap.maps.host import HostState, Pane, fit_command, fly_command, host_payload, panes_payload
from geomap.views.shading import classify_provinces
from tests.made import hostile_dataset, hostile_many, many_sites
from tests.toy import toy_dataset

MAKE = {
    "toy": toy_dataset,
    "hostile": hostile_dataset,
    "many": lambda: many_sites(5_000),
    "hostile_many": hostile_many,
}
PANES = (
    Pane("south", {"en": "Guangdong", "zh": "广东"}, (109.6, 20.2, 117.3, 25.5)),
    Pane("north", {"en": "Heilongjiang", "zh": "黑龙江"}, (121.2, 43.4, 135.1, 53.6)),
    Pane("west", {"en": "Westland", "zh": "西州"}, (100.0, 30.0, 102.0, 32.0)),
    Pane("east", {"en": "Eastland", "zh": "东州"}, (102.0, 30.0, 104.0, 32.0)),
)


@lru_cache
def dataset(name: str):
    return MAKE[name]()


def state_of(data, said: dict) -> HostState:
    sites = data.sites
    return HostState(
        lang=said.get("lang", "en"),
        select=said.get("select"),
        visible=(sites["layer"] != said["hide"]).to_numpy() if said.get("hide") else None,
        layers=said.get("layers"),
        shading=classify_provinces(data, "projects") if said.get("shade") else None,
        background=st.query_params.get("background"),
        keys={"amap": "no-key"},
        commands=said.get("commands", ()),
        tool=said.get("tool"),
        offer_area=True,
        note={"en": "No projects", "zh": "无项目"} if said.get("hide") else None,
    )


def do(**what) -> None:
    st.session_state["said"] = st.session_state.get("said", {}) | what


def command(make, *what) -> None:
    number = st.session_state["number"] = st.session_state.get("number", 0) + 1
    do(commands=[make(number, *what)])


st.set_page_config(layout="wide")
st.session_state.setdefault("said", {"select": st.query_params.get("select")})
with st.container(horizontal=True):
    st.button("chinese", on_click=do, kwargs={"lang": "zh"})
    st.button("english", on_click=do, kwargs={"lang": "en"})
    st.button("hide projects", on_click=do, kwargs={"hide": "projects"})
    st.button("show all", on_click=do, kwargs={"hide": None})
    st.button("shade", on_click=do, kwargs={"shade": True})
    st.button("no shade", on_click=do, kwargs={"shade": False})
    st.button("no cities", on_click=do, kwargs={"layers": ["projects", "zones", "data_centres"]})
    st.button("country", on_click=command, args=(fit_command, "country"))
    st.button("choose elm", on_click=do, kwargs={"select": "project:elm-lab"})
    st.button("fly", on_click=command, args=(fly_command, "project:elm-lab"))
    st.button("osm", on_click=lambda: st.query_params.update(background="osm"))
    st.button("locked", on_click=do, kwargs={"locked": True})
    st.button("swap", on_click=do, kwargs={"swap": True})
    st.button("free", on_click=do, kwargs={"locked": False})


@st.fragment
def page() -> None:
    data = dataset(st.query_params.get("data", "toy"))
    said = st.session_state["said"]
    state = state_of(data, said)
    count = int(st.query_params.get("panes", "1"))
    if count == 1:
        events = map_host(host_payload(data, state), key="map")
    else:
        chosen = PANES[:count][:: -1 if said.get("swap") else 1]
        payload = panes_payload(data, state, chosen, locked=said.get("locked", True))
        events = map_host(payload, key="map")
    heard = st.session_state.setdefault("heard", [])
    if events.click:
        do(select=events.click)
    heard += [[name, value] for name, value in vars(events).items() if value is not None]
    with st.container(key="details"):
        st.text(st.session_state["said"].get("select") or "nothing")
    with st.container(key="heard"):
        st.text(json.dumps(heard))


page()
