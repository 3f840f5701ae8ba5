"""What lies under the marks and what is left of a page on paper and without motion."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from geomap.dataset import save_dataset
from geomap.datum import from_wgs84
from geomap.maps.backgrounds import BACKGROUNDS
from geomap.text import text
from tests.browser.mapping import app_on
from tests.browser.test_map import tile_pixels
from tests.toy import toy_dataset

pytestmark = pytest.mark.browser
MAP = "document.getElementById('geomap-map').leafletMap"
KEY = "toy-key-1"
CITY = ("city:930100", 33.0, 101.0)
GREY = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def keyed_server(tmp_path_factory) -> Iterator[str]:
    """The app on the toy country, with a key of Tianditu in its environment."""
    folder = tmp_path_factory.mktemp("keyed")
    save_dataset(toy_dataset(), folder)
    with app_on(folder, GEOMAP_TIANDITU_KEY=KEY) as address:
        yield address


def builds(page):
    return page.evaluate("window.geomapBuilds")


# ---------------------------------------------------------------- backgrounds


def answer_tiles(one):
    """Answer every tile with a grey pixel."""
    one.page.route(
        re.compile(r"^https://"),
        lambda route: route.fulfill(content_type="image/png", body=GREY),
    )


def cut_tiles(one):
    """Let every tile fail from now on."""
    one.page.route(re.compile(r"^https://"), lambda route: route.abort())


def forgive_tiles(one, *words):
    """Take the tiles out of the book of a page whose only errors have one of these words."""
    others = [error for error in one.errors if not any(word in error for word in words)]
    assert others == []
    one.errors.clear()
    one.outside.clear()


def switch_to(page, name, lang):
    """Choose a background where a reader does."""
    page.get_by_label(text("app.background", lang), exact=True).click()
    page.get_by_role("option", name=text(f"app.background.{name}", lang), exact=True).click()


def wait_for_tiles(page, name):
    page.wait_for_function(
        # While the page loads again there is no map.
        "(name) => document.getElementById('geomap-map')?.leafletMap?.geomap.background.spec?.id"
        " === name"
        " && document.querySelector('.gm-tiled .leaflet-tile-loaded')",
        arg=name,
        timeout=60_000,
    )


def tile_of(url):
    """Which tile an address asks for, (z, x, y); fails on an address of another shape."""
    asked = urlsplit(url)
    if asked.hostname == "tile.openstreetmap.org":
        assert asked.query == ""
        return tuple(map(int, re.fullmatch(r"/(\d+)/(\d+)/(\d+)\.png", asked.path).groups()))
    assert re.fullmatch(r"t[0-7]\.tianditu\.gov\.cn", asked.hostname)
    assert asked.path == "/vec_w/wmts"
    told = {name: value for name, (value,) in parse_qs(asked.query).items()}
    tile = tuple(int(told.pop(f"TILE{name}")) for name in ("MATRIX", "COL", "ROW"))
    assert told == {
        "SERVICE": "WMTS",
        "REQUEST": "GetTile",
        "VERSION": "1.0.0",
        "LAYER": "vec",
        "STYLE": "default",
        "TILEMATRIXSET": "w",
        "FORMAT": "tiles",
        "tk": KEY,
    }
    return tile


# The tile under a mark, as a person sees it, and where on it the mark's middle is.
UNDER = """(id) => {
  const box = document.querySelector(`path[data-feature-id="${id}"]`).getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  for (const tile of document.querySelectorAll('img.leaflet-tile-loaded')) {
    const t = tile.getBoundingClientRect();
    if (x < t.left || x >= t.right || y < t.top || y >= t.bottom) continue;
    return [tile.src, x - t.left, y - t.top];
  }
}"""


def world_pixels(page, feature_id):
    """Pixels of the world where a mark stands, read off the address of the tile under it."""
    url, left, top = page.evaluate(UNDER, feature_id)
    _, x, y = tile_of(url)
    return [256 * x + left, 256 * y + top]


def assert_marks_stand_in_wgs84(page):
    feature_id, lat, lon = CITY
    page.evaluate(f"([a, b]) => {{ {MAP}.setView([a, b], 15, {{animate: false}}); }}", [lat, lon])
    page.wait_for_function(f"() => !{MAP}.geomap.background.tiles._loading")
    seen = world_pixels(page, feature_id)
    assert seen == pytest.approx(tile_pixels(lat, lon, 15), abs=1.5)
    shifted = tile_pixels(*from_wgs84(lat, lon, "gcj02"), 15)
    assert max(abs(a - b) for a, b in zip(seen, shifted, strict=True)) > 50


def assert_credited(page, name, lang):
    credit = page.locator("#geomap-map .gm-credit")
    credit.get_by_text(text("map.credit", lang)).wait_for()
    link = credit.get_by_role("link", name=BACKGROUNDS[name].credit, exact=True)
    assert link.is_visible()
    assert link.get_attribute("href") == BACKGROUNDS[name].terms


def test_a_reader_switches_backgrounds_on_and_over(visit, keyed_server):
    one = visit("/?lang=en", base=keyed_server)
    page = one.page
    answer_tiles(one)
    assert one.outside == []
    for name, lang, other in (
        ("osm", "en", "zh"),
        ("tianditu", "zh", "en"),
        ("osm", "en", "zh"),  # again: the policy has to open a second time
    ):
        one.outside.clear()
        switch_to(page, name, lang)
        wait_for_tiles(page, name)
        one.settle()
        assert_credited(page, name, lang)
        page.get_by_text({"zh": "中文", "en": "English"}[other], exact=True).click()
        assert_credited(page, name, other)
        assert_marks_stand_in_wgs84(page)
        assert builds(page) == 1
        hosts = {urlsplit(origin).hostname for origin in BACKGROUNDS[name].origins}
        assert {urlsplit(url).hostname for url in one.outside} <= hosts
        assert {tile_of(url)[0] for url in one.outside} >= {15}
    # The policy of the page before the switch refuses the first tiles; nothing else went wrong.
    forgive_tiles(one, "Content Security Policy")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tiles_that_fail_leave_the_bundled_map_and_a_sentence(visit, keyed_server, lang):
    one = visit(f"/?lang={lang}", base=keyed_server)
    page = one.page
    answer_tiles(one)
    switch_to(page, "tianditu", lang)
    wait_for_tiles(page, "tianditu")
    one.settle()
    land = page.locator('#geomap-map path[data-feature-id="province:930000"]')
    assert land.evaluate("(p) => getComputedStyle(p).fillOpacity") == "0"  # seen through: tiles
    cut_tiles(one)
    page.evaluate(f"() => {{ {MAP}.setView([33, 101], 11, {{animate: false}}); }}")
    notice = page.locator("#geomap-map .gm-notice")
    notice.get_by_text(text("map.background.failed", lang)).wait_for()
    page.wait_for_url(lambda url: "background" not in url, timeout=30_000)
    box = page.locator(".stSelectbox").filter(has_text=text("app.background", lang))
    box.locator(f'input[value="{text("app.background.none", lang)}"]').wait_for()
    assert page.locator(".gm-tiled").count() == 0
    assert page.locator("#geomap-map img.leaflet-tile").count() == 0
    assert BACKGROUNDS["tianditu"].credit not in page.locator("#geomap-map .gm-credit").inner_text()
    assert float(land.evaluate("(p) => getComputedStyle(p).fillOpacity")) > 0.5
    assert builds(page) == 1
    forgive_tiles(one, "Content Security Policy", "ERR_FAILED")


def test_compare_takes_back_a_background_that_fails_on_maps_of_few_tiles(visit, keyed_server):
    one = visit("/about?lang=en", base=keyed_server, viewport={"width": 500, "height": 700})
    page = one.page
    answer_tiles(one)
    maps = "/compare?lang=en&compare=province:910000,province:920000"
    one.goto(f"{maps}&background=osm")
    page.wait_for_selector(".gm-tiled .leaflet-tile-loaded")
    assert "background=osm" in page.url
    page.unroute_all()
    cut_tiles(one)
    one.goto(f"{maps}&background=osm")
    page.get_by_text(text("map.background.failed", "en")).first.wait_for()
    page.wait_for_url(lambda url: "background" not in url, timeout=30_000)
    assert page.locator("img.leaflet-tile").count() == 0
    forgive_tiles(one, "ERR_FAILED")


@pytest.mark.parametrize("asked", [1, 2])
def test_a_map_of_fewer_tiles_than_four_is_judged_too(visit, keyed_server, asked):
    one = visit("/?lang=en", base=keyed_server)
    page = one.page
    told = page.evaluate(
        f"""(asked) => {{
          const background = {MAP}.geomap.background;
          const told = [];
          background.living.on = (what, value) => told.push([what, value.failed]);
          const spec = {{id: "osm", url: "data:,{{z}}", subdomains: "a", max_zoom: 18, credit: ""}};
          background.set(spec);
          background.tiles.off();
          background.arrived = background.failed = 0;
          for (let n = 0; n < asked; n += 1) background.fail();
          const before = told.length;
          background.judge(1);
          return [before, told];
        }}""",
        asked,
    )
    assert told == [0, [["background", "osm"]]]
    one.errors.clear()


# ---------------------------------------------------------------- paper

# What stands in a part of the page but is cut off by a box around it that scrolls or hides.
CUT_BY_A_BOX = """(parts) => {
  const found = [];
  for (const element of document.querySelectorAll(`:is(${parts}), :is(${parts}) *`)) {
    const own = element.getBoundingClientRect();
    const silent = element.closest(".gm-hidden, svg, pre, details:not([open])");
    if (!own.width || !own.height || silent) continue;
    for (let box = element.parentElement; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      const clips = (way) => style[way] !== "visible" && box !== document.documentElement;
      const below = clips("overflowY") && own.bottom > edge.bottom + 1;
      if (below || (clips("overflowX") && own.right > edge.right + 1)) {
        found.push(`${element.tagName} ${element.className}: ${box.className}`);
        break;
      }
    }
  }
  return found;
}"""
CONTROLS = (
    "[data-testid=stSidebar]",
    "[data-testid=stHeader]",
    ".st-key-language",
    "#geomap-map .gm-button",
    "[data-testid=stMain] button",
    "[data-testid=stMain] .stSelectbox",
)
PRINTED = {
    "map": ("/?lang=en&select=city:930100", ".st-key-details", "app.disclosure"),
    "compare": (
        "/compare?lang=zh&compare=province:910000,province:920000",
        ".gm-compare",
        "app.disclosure",
    ),
}


def seen_controls(page):
    return [one for one in CONTROLS if any(p.is_visible() for p in page.locator(one).all())]


@pytest.mark.parametrize("name", PRINTED)
def test_paper_holds_what_is_read_and_nothing_to_press(visit, keyed_server, name):
    path, part, said = PRINTED[name]
    page = visit(path, base=keyed_server, viewport={"width": 1000, "height": 420}).page
    assert len(seen_controls(page)) >= 3  # on the screen they are there
    assert page.evaluate(CUT_BY_A_BOX, part)  # and what is read scrolls
    page.emulate_media(media="print")
    assert seen_controls(page) == []
    assert page.locator(part).first.is_visible()
    lang = "zh" if "lang=zh" in path else "en"
    assert page.get_by_text(text(said, lang), exact=True).first.is_visible()
    assert page.evaluate(CUT_BY_A_BOX, f"{part}, .gm-disclosure, h1, h2") == []


# ---------------------------------------------------------------- motion

# Every zoom the map stands at from now on.
ZOOMS = f"""() => {{
  const map = {MAP};
  window.zooms = new Set();
  map.on("move zoom", () => window.zooms.add(map.getZoom()));
}}"""


def test_flights_are_jumps_for_who_wants_no_motion(visit, keyed_server):
    steps = {}
    for motion in ("reduce", "no-preference"):
        page = visit("/?lang=en", base=keyed_server, reduced_motion=motion).page
        assert page.evaluate(f"{MAP}.options.zoomAnimation") == (motion != "reduce")
        box = page.get_by_label(text("app.search", "en"), exact=True)
        box.fill("Elm")
        hit = page.locator(".st-key-hits button").filter(has_text="Elm").first
        hit.wait_for()
        page.evaluate(ZOOMS)
        hit.click()
        page.wait_for_function(f"() => {MAP}.getZoom() >= 9")
        page.wait_for_url(lambda url: "at=" in url, timeout=30_000)
        flight = page.evaluate("window.zooms.size")
        at_once = page.evaluate(
            "() => { document.querySelector('.gm-button[data-act=country]').click();"
            f" return {MAP}.getZoom(); }}"
        )
        page.wait_for_function(f"() => {MAP}.getZoom() < 8 && !{MAP}._animatingZoom")
        steps[motion] = (flight, at_once == page.evaluate(f"{MAP}.getZoom()"))
    assert steps["reduce"] == (1, True)
    assert steps["no-preference"][0] > 3
    assert steps["no-preference"][1] is False
