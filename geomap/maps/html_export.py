"""The map as one HTML file: everything inside, opens offline, drawn by the same renderer.

Record text stands in the file as inert JSON and reaches the page as text nodes. A content policy
inside the file lets only the scripts of this file run and nothing be loaded from anywhere.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from geomap.dataset import Dataset
from geomap.maps.assets import SCRIPTS, STYLES, WORDS, assets
from geomap.maps.data_files import NAMES_PER_FILE, DataFile, names_file
from geomap.maps.details_text import details_data
from geomap.maps.drawn import MapOfDataset, make_map
from geomap.maps.escape import inert_json, inert_text
from geomap.maps.host import HostState, state_data
from geomap.text import LANGUAGES, text
from geomap.views.filter_words import filter_words
from geomap.views.filters import Filters, select_sites
from geomap.views.layers import Mask

_PAGE = Path(__file__).resolve().parent / "page"


def map_html(
    dataset: Dataset,
    filters: Filters | None = None,
    lang: str = "en",
    state: HostState | None = None,
    made_on: dt.date | None = None,
) -> str:
    """Write the map of a dataset as one HTML page.

    filters: only the sites that meet them are in the file. lang: language it opens in; both are
    inside. state: view, selection, layers and shading it opens with. made_on: date printed, today
    when left out.
    """
    kept = np.ones(len(dataset.sites), dtype=bool)
    if filters is not None:
        kept = select_sites(dataset, filters)
    own = replace(state or HostState(), lang=lang, visible=None, background=None, theme="light")
    made = {
        "version": dataset.version,
        "date": (made_on or dt.date.today()).isoformat(),
        "filters": {
            one: text("map.export.filters.mark", one).join(
                filter_words(filters or Filters(), dataset, one)
            )
            for one in LANGUAGES
        },
    }
    return page_html(dataset, kept, own, made)


def page_html(dataset: Dataset, kept: Mask, state: HostState, made: Mapping[str, Any]) -> str:
    """Put the page together. kept: bool per site. made: version, date, filters by language."""
    drawn = make_map(dataset, None if kept.all() else kept)
    files = assets()
    start = {
        "base": "",
        "words": files[WORDS].path,
        "map": {"hash": drawn.drawn.hash},
        "made": made,
        "state": state_data(dataset, state),
    }
    scripts = [*(files[name].text for name in SCRIPTS), drawn.drawn.script, _part("page.js")]
    styles = [*(files[name].text for name in STYLES), _part("page.css")]
    data = [
        _inline("start", inert_json(start)),
        _inline("details", inert_json(details_data(dataset, kept))),
        _inline(files[WORDS].path, _inert_file(files[WORDS].file)),
        *_map_data(dataset, drawn, kept),
    ]
    return _assemble(state.lang, scripts, styles, data)


def _part(name: str) -> str:
    return (_PAGE / name).read_text("utf-8")


def _map_data(dataset: Dataset, drawn: MapOfDataset, kept: Mask) -> list[str]:
    found = [_inline(path, _inert_file(file)) for path, file in drawn.files.items()]
    if any(layer.points is not None for layer in drawn.layers):
        for chunk in range(-(-len(dataset.sites) // NAMES_PER_FILE)):
            file = names_file(dataset, chunk, kept)
            if file is not None:
                path = f"data/{dataset.version}/names-{chunk}.json"
                found.append(_inline(path, _inert_file(file)))
    return found


def _inert_file(file: DataFile) -> str:
    """Write a data file as inert JSON: JSON as it is, bytes as a base64 text."""
    if file.media_type == "application/json":
        return inert_text(file.body.decode())
    return inert_json(base64.b64encode(file.body).decode())


def _inline(name: str, body: str) -> str:
    return f'<script type="application/json" data-geomap="{escape(name)}">{body}</script>'


def _assemble(lang: str, scripts: Sequence[str], styles: Sequence[str], data: Sequence[str]) -> str:
    """Write the page: policy, styles, an empty frame, data, scripts."""
    policy = escape(_policy(scripts))
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{"zh-Hans" if lang == "zh" else "en"}">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(text('map.export.title', lang))}</title>",
            *(f"<style>{style}</style>" for style in styles),
            "</head>",
            _part("body.html"),
            *data,
            *(f"<script>{script}</script>" for script in scripts),
            "</body></html>\n",
        ]
    )


def _policy(scripts: Sequence[str]) -> str:
    """Allow the scripts of this file by their hashes, and no address at all."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
