"""Vendored files are those of the lock; what ships names no outside address."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from geomap.maps.assets import HOST_DIR, VENDOR_DIR, assets, map_words
from geomap.maps.backgrounds import BACKGROUNDS

LOCK = json.loads((VENDOR_DIR / "lock.json").read_text("utf-8"))
# Names of namespaces and the like, which no browser ever asks for.
NOT_ASKED = ("http://www.w3.org/", "https://leafletjs.com")


def faults(lock, folder):
    """What of a vendor folder is not as the lock says."""
    wrong, named = [], {"lock.json"}
    for package in lock["packages"]:
        if not re.fullmatch(r"\d+\.\d+\.\d+", package["version"]) or not package["licence"]:
            wrong.append(f"{package['name']} has no exact version or no licence")
        for file in package["files"]:
            named.add(file["to"])
            digest = hashlib.sha256((folder / file["to"]).read_bytes()).hexdigest()
            if digest != file["sha256"]:
                wrong.append(f"{file['to']} is not the one in the lock")
    return wrong + sorted({path.name for path in folder.iterdir()} - named)


def outside(text):
    found = re.findall(r"(?:https?:)?//[a-zA-Z0-9.{-][^\s\"'`)<>]*\.[a-z]{2,}[^\s\"'`)<>]*", text)
    return [url for url in found if url.startswith("http") and not url.startswith(NOT_ASKED)]


def test_vendored_files_are_those_of_the_lock():
    assert faults(LOCK, VENDOR_DIR) == []


def test_the_check_sees_a_changed_and_an_unlisted_file(tmp_path):
    for path in VENDOR_DIR.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "leaflet.js").write_text("changed")
    (tmp_path / "extra.js").write_text("")
    assert faults(LOCK, tmp_path) == ["leaflet.js is not the one in the lock", "extra.js"]


def test_nothing_that_ships_names_an_outside_address():
    comments = re.compile(r"/\*.*?\*/", re.DOTALL)
    texts = {name: comments.sub("", asset.text) for name, asset in assets().items()}
    texts["index.js"] = (HOST_DIR / "index.js").read_text("utf-8")
    assert {name: outside(text) for name, text in texts.items() if outside(text)} == {}


def test_the_check_sees_an_outside_address():
    assert outside('x = "https://cdn.example.com/a.js"') != []


def test_addresses_change_with_the_content():
    for name, asset in assets().items():
        digest = hashlib.sha256(asset.file.body).hexdigest()[:12]
        assert asset.path == f"assets/{digest}/{name}"


def test_every_word_the_renderer_asks_for_is_in_the_catalogue():
    script = assets()["geomap.js"].text
    asked = set(re.findall(r"\"(map\.[a-z0-9_.]+)\"", script))
    made = {"map.do.", "map.measure.", "map.one.", "map.precision.", "map.layer."}
    words = map_words()["en"]
    assert {key for key in asked if key not in words} == set()
    assert all(any(word.startswith(start) for word in words) for start in made)


@pytest.mark.parametrize("name", BACKGROUNDS)
def test_every_background_says_whose_it_is_and_on_which_terms(name):
    background = BACKGROUNDS[name]
    assert background.credit
    assert background.terms.startswith("https://")
    assert all(re.fullmatch(r"https://[a-z0-9.-]+", origin) for origin in background.origins)
    assert ("{key}" in background.url) == background.needs_key
