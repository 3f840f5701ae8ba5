"""The same sites as streamlit-folium's own example shows them: markers, popups, st_folium."""

from functools import lru_cache

import folium
import streamlit as st
from streamlit_folium import st_folium

from tests.made import many_sites


@lru_cache
def dataset(count: int):
    return many_sites(count)


st.set_page_config(layout="wide")
sites = dataset(int(st.query_params.get("sites", "1000"))).sites
left, right = st.columns([3, 1])
drawn = folium.Map(location=[31.5, 112.0], zoom_start=5, tiles=None)
for name, lat, lon in zip(sites["name_en"], sites["lat"], sites["lon"], strict=True):
    folium.CircleMarker([lat, lon], radius=5, tooltip=name).add_to(drawn)
with left:
    answer = st_folium(drawn, height=600, returned_objects=["last_object_clicked_tooltip"])
with right, st.container(key="details"):
    st.write(answer["last_object_clicked_tooltip"])
