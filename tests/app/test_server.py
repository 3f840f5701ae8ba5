"""The one server: the page, health and files of the map behind the same headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from geomap.app.server import MAIN, app
from geomap.maps.drawn import map_of

HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
)


@pytest.fixture(scope="module")
def client():
    with TestClient(app, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing-here", "/compare", "/map/0.js"])
def test_every_answer_carries_the_headers(client, path):
    answer = client.get(path)
    assert not [name for name in HEADERS if name not in answer.headers]
    policy = answer.headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert not re.findall(r"https?://", policy)


def test_the_inline_script_of_the_page_is_the_only_one_that_may_run(client):
    policy = client.get("/").headers["content-security-policy"]
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "'unsafe-inline'" not in scripts
    assert scripts.startswith("'self' 'sha256-")


def test_health_says_only_ok(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")
    assert client.get("/_stcore/health").status_code == 200


def test_a_name_that_is_not_ours_is_refused(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/healthz", headers={"host": "localhost:8501"}).status_code == 200


def test_files_of_the_map_are_served_for_good(client, toy):
    drawn = map_of(toy)
    answer = client.get(f"/{drawn.drawn.path}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    again = client.get(f"/{drawn.drawn.path}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert client.get("/map/0000000000000000.js").status_code == 404


def test_the_page_of_the_server_is_the_app():
    assert MAIN.is_file()


def claimed_by_streamlit(folder: Path) -> bool:
    """Streamlit shows the scripts of a folder `pages` before our navigation has run once."""
    return any((folder / "pages").glob("*.py"))


def test_a_link_to_a_page_works_for_the_first_visitor(tmp_path):
    assert not claimed_by_streamlit(MAIN.parent)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "about.py").write_text("", "utf-8")
    assert claimed_by_streamlit(tmp_path)
