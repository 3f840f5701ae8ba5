"""The server of the browser tests of the map: the routes and headers of the real one."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from geomap.maps.server import map_middleware, map_routes

PAGE = Path(__file__).with_name("map_page.py")
app = st.App(PAGE, routes=map_routes(), middleware=map_middleware())
