"""The server of the hosted map that is measured."""

from pathlib import Path

import streamlit as st

from geomap.maps.server import map_middleware, map_routes

app = st.App(
    Path(__file__).with_name("hosted_map.py"), routes=map_routes(), middleware=map_middleware()
)
