"""The routes beside Streamlit's: what they serve, how it is kept, and the headers around it."""

from __future__ import annotations

import asyncio
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from geomap.dataset import open_dataset, save_dataset
from geomap.maps import drawn, server
from geomap.maps.assets import assets
from geomap.maps.drawn import make_map, map_of
from geomap.maps.security import content_policy, host_name, inline_hashes
from geomap.settings import Settings
from tests.made import many_sites
from tests.toy import toy_dataset


class Client:
    """Asks an ASGI application without a network."""

    def __init__(self, app, base_url):
        self.app, self.base_url = app, base_url

    def get(self, path, headers=None):
        async def ask():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.base_url) as client:
                return await client.get(path, headers=headers)

        # In a thread of its own: a browser test may keep a loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, ask()).result()


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path / "data", allowed_hosts=("localhost", "[::1]"))


@pytest.fixture
def client(settings):
    async def page(request):
        return PlainTextResponse("page")

    app = Starlette(
        routes=[*server.map_routes(settings), Route("/", page)],
        middleware=server.map_middleware(settings),
    )
    return Client(app, "http://localhost")


@pytest.fixture
def toy_map():
    return map_of(toy_dataset())


def test_health_says_ok_and_nothing_else(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_assets_are_served_under_their_hash_only(client):
    for name, asset in assets().items():
        answer = client.get("/" + asset.path)
        assert answer.status_code == 200, name
        assert answer.text == asset.text
        assert "immutable" in answer.headers["cache-control"]
    assert client.get("/assets/000000000000/geomap.js").status_code == 404
    assert client.get("/assets/..%2f..%2fetc/passwd").status_code == 404


def test_a_map_script_is_served_by_its_hash(client, toy_map):
    answer = client.get("/" + toy_map.drawn.path)
    assert answer.text == toy_map.drawn.script
    assert answer.headers["content-type"].startswith("text/javascript")
    assert client.get("/map/0000000000000000.js").status_code == 404


def test_layers_are_served_by_dataset_version(client, toy_map):
    for path in toy_map.files:
        answer = client.get("/" + path)
        assert answer.status_code == 200
        assert answer.content == toy_map.files[path].body
    version = toy_map.dataset.version
    assert client.get(f"/data/{version}/nothing.json").status_code == 404
    assert client.get(f"/data/{version}/..%2f..%2fmanifest.json").status_code == 404
    assert client.get("/data/unknown/cities.json").status_code == 404


def test_names_are_written_when_they_are_asked_for(client):
    many = map_of(many_sites(3_000))
    version = many.dataset.version
    rows = client.get(f"/data/{version}/names-1.json").json()
    assert rows[0] == ["project:made-512", "Made 512", "制造 512", rows[0][3]]
    assert len(client.get(f"/data/{version}/names-5.json").json()) == 3_000 - 5 * 512
    assert client.get(f"/data/{version}/names-6.json").status_code == 404


def test_a_process_that_has_drawn_nothing_opens_the_dataset_itself(client, settings, monkeypatch):
    version = save_dataset(toy_dataset(), settings.data_dir).version
    script = make_map(open_dataset(settings.data_dir)).drawn
    for path in (f"data/{version}/cities.json", script.path):
        monkeypatch.setattr(drawn, "_kept", type(drawn._kept)())
        assert client.get("/" + path).status_code == 200


def test_what_the_browser_has_is_not_sent_again(client, toy_map):
    path = "/" + next(iter(toy_map.files))
    tag = client.get(path).headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = client.get(path, headers={"If-None-Match": sent})
        assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_answers_are_compressed_for_those_who_take_it(client, toy_map):
    path = "/" + next(path for path in toy_map.files if "provinces" in path)
    raw = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in raw.headers
    zipped = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.json() == raw.json()
    file = toy_map.files[path[1:]]
    assert json.loads(gzip.decompress(file.zipped)) == raw.json()


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/map/0.js", "/data/x/y.json"])
def test_every_answer_carries_the_headers(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert "http" not in policy
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "blob:" not in scripts
    assert "'sha256-" in scripts


def test_a_background_opens_its_own_host_for_images_and_nothing_more(client):
    plain = client.get("/").headers["content-security-policy"]
    opened = client.get("/?lang=zh&background=osm").headers["content-security-policy"]
    assert opened == plain.replace(" blob:; font", " blob: https://tile.openstreetmap.org; font")
    for wrong in ("nothing", "https://evil.example", "osm%20https://evil.example", ""):
        answer = client.get(f"/?background={wrong}")
        assert answer.headers["content-security-policy"] == plain


def test_only_known_hosts_are_answered(client):
    for host in ("localhost", "localhost:8501", "LOCALHOST", "[::1]:8501"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
    for host in ("evil.example", "localhost.evil.example", "", "localhost@evil", "[::2]"):
        answer = client.get("/healthz", headers={"Host": host})
        assert answer.status_code == 400
        assert "GEOMAP_ALLOWED_HOSTS" in answer.text
        assert "未知主机名" in answer.text
        assert "content-security-policy" in answer.headers


def test_a_star_answers_to_any_host(settings):
    own = replace(settings, allowed_hosts=("*",))
    app = Starlette(routes=server.map_routes(own), middleware=server.map_middleware(own))
    assert Client(app, "http://anything.example").get("/healthz").text == "ok"


@pytest.mark.parametrize(
    ("header", "name"),
    [("A.example:80", "a.example"), ("[::1]:80", "[::1]"), ("a:b:c", ""), ("a", "a")],
)
def test_host_names_lose_their_port(header, name):
    assert host_name(header) == name


def test_the_hash_of_the_pages_own_script_is_in_the_policy():
    page = "<script>window.a = 1</script><script src='x'></script>"
    (digest,) = inline_hashes(page)
    assert digest in content_policy([digest])
    assert inline_hashes(server.streamlit_page().read_text("utf-8")) != ()
