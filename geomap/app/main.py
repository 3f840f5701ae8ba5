"""The script Streamlit runs: frame, navigation and the page a reader chose."""

from __future__ import annotations

import json

import streamlit as st

from geomap.app import data, state
from geomap.app.screens import about, compare, map, records
from geomap.errors import DatasetError
from geomap.text import text

SCREENS = dict(zip(data.PAGES, (map, compare, records, about), strict=True))
STYLE = data.asset("app.css")


def main() -> None:
    """Show the page a reader chose, in the language of the reader."""
    st.set_page_config(page_title="geomap", page_icon="🗺️", layout="wide")
    st.html(f"<style>{STYLE}</style>")
    try:
        dataset = data.current_dataset()
    except DatasetError as trouble:
        st.error(text("app.no_dataset", state.asked_language()))
        st.code(trouble.sentence(state.asked_language()), language=None, wrap_lines=True)
        return
    lang = state.language(dataset)
    menu = json.dumps(text("app.menu", lang), ensure_ascii=False)
    st.html(f"<style>:root {{ --gm-menu: {menu}; }}</style>")
    pages = {
        name: st.Page(
            module.show,
            title=text(f"app.page.{name}", lang),
            url_path=name,
            default=name == "map",
        )
        for name, module in SCREENS.items()
    }
    data.remember_pages(pages)
    page = st.navigation(list(pages.values()), position="top")
    st.set_page_config(page_title=f"{page.title} · {text('app.title', lang)}")
    page.run()


main()
