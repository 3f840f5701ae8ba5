"""The one server: the page, health and files of the map behind the same headers."""

from __future__ import annotations

import gc
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from geomap.app import shell
from geomap.app.files import Offer, SessionFiles
from geomap.app.server import MAIN, app
from geomap.errors import GeomapError
from geomap.maps.drawn import map_of
from geomap.maps.server import streamlit_page
from geomap.text import text

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


@pytest.mark.parametrize(
    ("path", "accepted", "lang", "html_lang"),
    [
        ("/", "zh-CN,zh;q=0.9,en;q=0.8", "zh", "zh-Hans"),
        ("/records?lang=zh", "en", "zh", "zh-Hans"),
        ("/compare?lang=en", "zh", "en", "en"),
        ("/about?lang=xx", "fr", "en", "en"),
    ],
)
def test_the_first_page_speaks_the_language_of_the_link_or_the_browser(
    client, path, accepted, lang, html_lang
):
    page = client.get(path, headers={"accept-language": accepted}).text
    assert f'<html lang="{html_lang}">' in page
    assert f"<title>{text('app.title', lang)}</title>" in page
    assert text("app.noscript", lang) in page
    assert "Streamlit app" not in page
    assert page.index("/shell/") < page.index('type="module"')


def test_the_script_of_the_page_is_served_for_good(client):
    address = re.search(r'src="\.(/shell/[0-9a-f]{12}\.js)"', client.get("/").text)[1]
    answer = client.get(address)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/shell/000000000000.js").status_code == 404


def test_a_page_of_streamlit_that_changed_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<html lang='en'></html>", "utf-8")
    monkeypatch.setattr(shell, "streamlit_page", lambda: tmp_path / "index.html")
    with pytest.raises(GeomapError, match="requirements"):
        shell.shell_page.__wrapped__("en")


def test_the_words_of_streamlit_that_are_said_in_chinese_are_those_it_writes():
    scripts = streamlit_page().parent.glob("static/js/*.js")
    written = "".join(script.read_text("utf-8") for script in scripts)
    whole = [english for english, _ in shell.own_words() if "{n}" not in english]
    constant = [max(re.split(r"\{\w+\}", one), key=len).strip() for one in whole]
    assert [words for words in constant if words not in written] == []
    assert "words that nobody writes" not in written


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


def test_an_offered_file_is_sent_under_its_name_as_often_as_asked(client):
    files = SessionFiles()
    address = files.offer("table", Offer('geomap 合"肥.csv', lambda: "a,b\n合肥,1\n", "en"))
    for _ in range(2):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.content.decode() == "a,b\n合肥,1\n"
        assert answer.headers["content-disposition"] == 'attachment; filename="geomap_.csv"'
        assert answer.headers["content-type"].startswith("text/csv")
        assert answer.headers["cache-control"] == "no-store"
    again = files.offer("table", Offer("geomap.xlsx", lambda: b"PK", "en"))
    assert again == address
    assert client.get(address).content == b"PK"


def test_a_file_that_fails_is_said_in_the_language_of_the_reader(client, caplog):
    def fail() -> str:
        raise ValueError("no such thing")

    files = SessionFiles()
    answer = client.get(files.offer("map", Offer("map.html", fail, "zh")))
    assert answer.status_code == 500
    assert text("app.file.failed", "zh") in answer.text
    assert "no such thing" not in answer.text
    assert "no such thing" in caplog.text


def test_a_file_goes_with_its_session_and_nobody_else_has_it(client):
    files = SessionFiles()
    address = files.offer("map", Offer("map.html", lambda: "<p>", "en"))
    other = address.replace(files.token, SessionFiles().token)
    assert client.get(other).status_code == 404
    assert client.get(address).status_code == 200
    del files
    gc.collect()
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert text("app.file.gone", "en") in answer.text
