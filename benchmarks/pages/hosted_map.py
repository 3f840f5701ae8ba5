"""The hosted map of a thousand made sites, or as many as the address asks for, with details."""

from functools import lru_cache

import streamlit as st

from geomap.app.components.map import map_host
from geomap.maps.host import HostState, host_payload
from tests.made import many_sites


@lru_cache
def dataset(count: int):
    return many_sites(count)


st.set_page_config(layout="wide")


@st.fragment
def page() -> None:
    """Show the map and, beside it, what was clicked."""
    data = dataset(int(st.query_params.get("sites", "1000")))
    left, right = st.columns([3, 1])
    with left:
        state = HostState(select=st.session_state.get("chosen"))
        events = map_host(host_payload(data, state), key="map")
    if events.click:
        st.session_state["chosen"] = events.click
    with right, st.container(key="details"):
        if "chosen" in st.session_state:
            row = data.record(st.session_state["chosen"])
            st.write(row["name_en"])


page()
