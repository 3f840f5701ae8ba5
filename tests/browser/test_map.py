"""The hosted map in a real browser: built once, told everything else, usable by everyone."""

from __future__ import annotations

import json
import math
import re

import pytest

from geomap.datum import from_wgs84
from geomap.geodesy import (
    area_km2,
    decode_polyline,
    encode_polyline,
    geodesic_km,
    polygon_from_polyline,
)
from tests.browser.mapping import ROOT, Watched, streamlit_server
from tests.made import HOSTILE, many_sites
from tests.toy import toy_dataset

pytestmark = pytest.mark.browser
MAP = "document.getElementById('geomap-map').leafletMap"


@pytest.fixture(scope="module")
def server():
    with streamlit_server(ROOT / "tests" / "browser" / "map_server.py") as base:
        yield base


@pytest.fixture
def opened(browser, server):
    """A function that opens an address and returns the page; checked for trouble at the end."""
    watched = []

    def open_page(path="/", **context):
        one = Watched(browser, server, **context)
        watched.append(one)
        return one.open(path)

    yield open_page
    for one in watched:
        one.close()


def mark(page, feature_id):
    return page.locator(f'#geomap-map path[data-feature-id="{feature_id}"]').first


def heard(page):
    return json.loads(page.locator(".st-key-heard").inner_text())


def chosen(page):
    return page.locator(".st-key-details").inner_text()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(250)
    page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached")
    page.wait_for_timeout(250)


def view(page):
    return page.evaluate(
        f"(() => {{ const m = {MAP}; const c = m.getCenter();"
        " return [c.lat, c.lng, m.getZoom()]; })()"
    )


def settled(page):
    """Wait until the map stands still, and give its view."""
    last = None
    for _ in range(80):
        page.wait_for_timeout(150)
        now = view(page)
        if now == last:
            return now
        last = now
    raise AssertionError("the map never stood still")


def builds(page):
    return page.evaluate("window.geomapBuilds")


def until(page, function, wanted):
    for _ in range(60):
        if function(page) == wanted:
            return
        page.wait_for_timeout(100)
    assert function(page) == wanted


def centre_of(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_every_feature_is_a_leaflet_layer_with_its_id(opened):
    page = opened()
    ids = page.evaluate(
        f"(() => {{ const ids = []; {MAP}.eachLayer((l) => l.feature && l.feature.id &&"
        " ids.push([l.feature.id, l.feature.properties.feature_id])); return ids; })()"
    )
    assert all(own == named for own, named in ids)
    names = {own for own, _ in ids}
    assert {"city:910100", "project:alder-dc", "zone:delta-zone", "corridor:toy-line"} <= names
    assert {"province:910000", "province:940000"} <= names


def test_a_click_reaches_the_page_again_and_again_and_the_map_stays(opened):
    page = opened()
    before = view(page)
    for times in (1, 2):
        page.mouse.click(*centre_of(mark(page, "city:930100")))
        until(page, lambda p: heard(p).count(["click", "city:930100"]), times)
    assert chosen(page) == "city:930100"
    page.mouse.click(*centre_of(mark(page, "city:920100")))
    until(page, chosen, "city:920100")
    assert view(page) == before
    assert builds(page) == 1


def test_a_province_and_the_corridor_answer_to_clicks(opened):
    page = opened()
    for feature_id in ("province:920000", "corridor:toy-line"):
        mark(page, feature_id).dispatch_event("click")
        until(page, chosen, feature_id)
        assert mark(page, feature_id).get_attribute("aria-current") == "true"


def test_every_mark_is_a_named_button_that_takes_the_focus(opened):
    page = opened()
    marks = page.locator("#geomap-map path[data-feature-id]").all()
    assert len(marks) > 20
    for one in marks:
        assert one.get_attribute("role") == "button"
        assert one.get_attribute("tabindex") == "0"
        assert one.get_attribute("aria-label")
    label = mark(page, "project:birch-a").get_attribute("aria-label")
    assert label == "Birch plant A, project, only the city is known" or label.endswith(
        "only the city is known"
    )


def test_the_keyboard_walks_and_chooses(opened):
    page = opened()
    mark(page, "city:910100").focus()
    page.keyboard.press("Enter")
    until(page, chosen, "city:910100")
    page.keyboard.press("ArrowRight")
    at = page.evaluate("document.activeElement.dataset.featureId")
    assert at not in (None, "city:910100")
    page.keyboard.press("Space")
    until(page, chosen, at)


def test_tab_reaches_the_marks(opened):
    page = opened()
    page.locator("#geomap-map").focus()
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.dataset.featureId || ''"))
    assert "city:910100" in seen
    assert "province:910000" in seen


def test_language_filter_layers_and_shading_are_messages(opened):
    page = opened()
    before = view(page)
    press(page, "chinese")
    assert "桤木" in mark(page, "city:910100").get_attribute("aria-label")
    assert page.locator(".gm-city_labels", has_text="桤木").count()
    assert page.locator(".gm-legend summary").inner_text() == "图例与图层"
    press(page, "english")
    press(page, "hide projects")
    assert not mark(page, "project:elm-lab").is_visible()
    sentence = page.locator(".gm-sentence")
    until(page, lambda p: sentence.inner_text(), "No projects")
    press(page, "chinese")
    until(page, lambda p: sentence.inner_text(), "无项目")
    press(page, "english")
    press(page, "show all")
    until(page, lambda p: sentence.inner_text(), "")
    press(page, "no cities")
    assert page.locator('path[data-feature-id="city:910100"]').count() == 0
    press(page, "shade")
    fills = {
        code: mark(page, f"province:{code}").evaluate("(p) => p.style.fill")
        for code in ("910000", "920000", "930000", "940000")
    }
    assert len(set(fills.values())) > 1
    assert page.locator("#geomap-map .gm-legend-shades li").count() >= 2
    assert page.locator(".geomap #gm-hatch").count() == 1  # inside the frame: it has its colours
    press(page, "no shade")
    assert mark(page, "province:910000").evaluate("(p) => p.style.fill") == ""
    assert view(page) == before
    assert builds(page) == 1


def test_the_legend_switches_layers_and_tells_the_page(opened):
    page = opened()
    page.locator('.gm-legend input[data-switch="cities"]').uncheck()
    assert page.locator('path[data-feature-id="city:910100"]').count() == 0
    until(page, lambda p: bool(heard(p)) and heard(p)[-1][0], "layers")
    assert "cities" not in heard(page)[-1][1]
    page.locator('.gm-legend input[data-switch="cities"]').check()
    assert page.locator('path[data-feature-id="city:910100"]').count() == 1
    assert builds(page) == 1


def test_records_at_one_place_open_as_several(opened):
    page = opened()
    stack = page.locator(".gm-stack-anchor").first
    words = stack.get_attribute("aria-label")
    many = int(re.match(r"\d+", words).group())
    before = page.locator("#geomap-map path.gm-mark:not(.gm-away)").count()
    assert stack.bounding_box()["width"] >= 20
    stack.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(900)
    fanned = page.locator("#geomap-map path.gm-mark:not(.gm-away)").count()
    assert fanned >= before + min(many, 2)
    page.keyboard.press("Enter")
    until(page, lambda p: chosen(p).startswith(("project:", "zone:")), True)
    page.keyboard.press("Escape")


def test_a_selection_from_the_page_is_shown_and_flown_to(opened):
    page = opened()
    press(page, "choose elm")
    assert page.locator("#geomap-map path.gm-halo").count() == 1
    assert page.locator("#geomap-map path.gm-radius").count() == 1
    press(page, "fly")
    lat, lon, _ = settled(page)
    assert (lat, lon) == pytest.approx((33.0, 101.0), abs=0.05)
    assert builds(page) == 1


def test_jumps_reset_and_the_view_that_is_told(opened):
    page = opened()
    page.wait_for_timeout(800)
    assert heard(page) == []  # drawing the first view is not the reader's doing
    start = view(page)
    press(page, "country")
    until(page, lambda p: bool(heard(p)), True)
    told = heard(page)[-1]
    assert told[0] == "view"
    assert [told[1]["lat"], told[1]["lon"]] == pytest.approx(view(page)[:2], abs=1e-4)
    page.locator('.gm-button[data-act="reset"]').click()
    assert settled(page) == pytest.approx(start, abs=1e-6)


def test_measuring_agrees_with_the_ellipsoid(opened):
    page = opened()
    pairs = [
        ((23.1, 113.3), (45.8, 126.6)),
        ((30.0, 100.0), (30.001, 100.001)),
        ((31, 121), (31, 121)),
    ]
    for (lat_a, lon_a), (lat_b, lon_b) in pairs:
        km = page.evaluate(
            "([a, b, c, d]) => geomap.distanceKm({lat: a, lng: b}, {lat: c, lng: d})",
            [lat_a, lon_a, lat_b, lon_b],
        )
        assert km == pytest.approx(geodesic_km(lat_a, lon_a, lat_b, lon_b), abs=1e-5)
    ring = [(30.0, 100.0), (30.0, 102.0), (31.5, 102.5), (32.0, 100.5)]
    got = page.evaluate("(ring) => geomap.areaKm2(ring.map(([lat, lng]) => ({lat, lng})))", ring)
    polygon = polygon_from_polyline(encode_polyline([p[0] for p in ring], [p[1] for p in ring]))
    assert got == pytest.approx(area_km2(polygon), rel=0.003)


def test_the_tool_measures_and_choosing_waits(opened):
    page = opened()
    page.locator('.gm-button[data-act="distance"]').click()
    first, second = (centre_of(mark(page, i)) for i in ("city:930100", "city:940101"))
    page.mouse.click(*first)
    page.mouse.move(second[0] - 40, second[1])
    assert re.fullmatch(r"\+ \d+ km", page.locator(".gm-leg-length").inner_text())
    assert page.locator("#geomap-map path.gm-rubber").count() == 1
    page.mouse.click(*second)
    result = page.locator(".gm-measure-result").inner_text()
    assert result == f"Distance: {geodesic_km(33.0, 101.0, 33.1, 103.1):.0f} km"
    assert chosen(page) == "nothing"
    page.locator("#geomap-map").press("Escape")
    page.mouse.click(*first)
    until(page, chosen, "city:930100")


def test_a_measured_area_can_be_handed_to_the_page(opened):
    page = opened()
    page.locator('.gm-button[data-act="area"]').click()
    for feature_id in ("city:930100", "city:940101", "project:part-a"):
        page.mouse.click(*centre_of(mark(page, feature_id)))
    page.get_by_role("button", name="Compare this area").click()
    until(page, lambda p: [name for name, _ in heard(p)], ["area"])
    region = heard(page)[-1][1]
    lats, lons = decode_polyline(region.removeprefix("polygon:"))
    assert list(zip(lats, lons, strict=True)) == [
        pytest.approx(corner, abs=0.05) for corner in ((33.0, 101.0), (33.1, 103.1), (32.9, 102.9))
    ]
    assert page.locator(".gm-measure").is_hidden()


def test_the_first_tab_stop_leads_past_the_marks(opened):
    page = opened()
    page.locator(".gm-skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_contrast_in_both_themes(opened, scheme):
    page = opened(color_scheme=scheme)
    colours = page.evaluate(
        "(names) => { const s = getComputedStyle(document.querySelector('.gm-map'));"
        " const read = (n) => [n, s.getPropertyValue('--gm-' + n).trim()];"
        " return Object.fromEntries(names.map(read)) }",
        [
            "land",
            "paper",
            "text",
            "label",
            "cities",
            "data_centres",
            "zones",
            "projects",
            "corridor",
        ],
    )
    assert page.locator(".geomap").first.get_attribute("data-theme") == scheme
    for name in ("cities", "data_centres", "zones", "projects", "corridor"):
        assert contrast(colours[name], colours["land"]) >= 4.5, name
        assert contrast(colours[name], colours["paper"]) >= 4.5, name
    for name in ("text", "label"):
        assert contrast(colours[name], colours["land"]) >= 4.5, name


def test_the_contrast_check_sees_grey_on_grey():
    assert contrast("#888888", "#999999") < 3
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_a_phone_holds_the_map_and_its_closed_legend(opened):
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True)
    box = page.locator("#geomap-map").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["height"] >= 320
    assert page.locator(".gm-legend").get_attribute("open") is None


SCALES = """() => [...document.querySelectorAll('.gm-map')].map((root) => {
  const m = root.leafletMap; const size = m.getSize();
  const at = (x) => m.containerPointToLatLng([x, size.y / 2]);
  const [a, b] = [at(size.x / 2 - 50), at(size.x / 2 + 50)];
  return [a.lat, a.lng, b.lat, b.lng];
})"""


def scales(page):
    """Kilometres per pixel in the middle of each pane, measured on the ellipsoid."""
    return [geodesic_km(*ends) / 100 for ends in page.evaluate(SCALES)]


def test_panes_share_one_scale_and_keep_it(opened):
    page = opened("/?panes=2")
    south, north = scales(page)
    assert south == pytest.approx(north, rel=0.01)
    bar = page.locator(".gm-shared-scale")
    km = float(bar.get_attribute("data-km"))
    wide = page.locator(".gm-shared-scale .gm-scale-line").bounding_box()["width"]
    assert wide * south == pytest.approx(km, rel=0.01)
    page.evaluate("document.getElementById('geomap-map').leafletMap.setZoom(7, {animate: false})")
    page.wait_for_timeout(300)
    zoomed = scales(page)
    assert zoomed[0] == pytest.approx(zoomed[1], rel=0.01)
    assert zoomed[0] < south / 1.5
    page.evaluate(
        "document.getElementById('geomap-map-2').leafletMap.panBy([0, 300], {animate: false})"
    )
    page.wait_for_timeout(300)
    panned = scales(page)
    assert panned[0] == pytest.approx(panned[1], rel=0.01)
    assert panned[1] == pytest.approx(zoomed[1], rel=0.01)


def test_equal_zoom_would_not_be_equal_scale(opened):
    page = opened("/?panes=2")
    press(page, "free")
    page.evaluate(
        "document.querySelectorAll('.gm-map')"
        ".forEach((r) => r.leafletMap.setZoom(6, {animate: false}))"
    )
    page.wait_for_timeout(300)
    south, north = scales(page)
    assert south / north > 1.2
    press(page, "locked")
    page.wait_for_timeout(300)
    south, north = scales(page)
    assert south == pytest.approx(north, rel=0.01)


def test_every_pane_answers_to_clicks_and_says_which_it_was(opened):
    page = opened("/?panes=4")
    root = page.locator("#geomap-map-3")
    root.locator('path[data-feature-id="city:910100"]').dispatch_event("click")
    until(page, chosen, "city:910100")
    assert ["pane", "west"] in heard(page)
    page.locator('#geomap-map-4 path[data-feature-id="city:920100"]').dispatch_event("click")
    until(page, chosen, "city:920100")
    assert ["pane", "east"] in heard(page)
    assert builds(page) == 4
    names = [
        page.locator(f"#{i}").get_attribute("aria-label") for i in ("geomap-map", "geomap-map-2")
    ]
    assert len(set(names)) == 2


def test_swapped_panes_keep_their_maps(opened):
    page = opened("/?panes=2")
    titles = page.locator(".gm-pane-title")
    before = titles.all_inner_texts()
    south = scales(page)[0]
    press(page, "swap")
    until(page, lambda p: titles.all_inner_texts(), before[::-1])
    assert builds(page) == 2
    assert scales(page)[0] == pytest.approx(south, rel=0.01)
    assert page.evaluate(f"{MAP}.getCenter().lat") > 40


def test_many_sites_on_one_canvas(opened):
    page = opened("/?data=many")
    living = f"{MAP}.geomap"
    assert page.locator("#geomap-map path.gm-mark").count() == 0
    assert page.evaluate(f"{living}.points.points.count") == 5_000
    site = many_sites(5_000).sites.iloc[4_321]
    read = page.evaluate(
        f"(({{points: {{points: p}}}}) => [p.lat[4321], p.lon[4321], p.site[4321]])({living})"
    )
    assert read == pytest.approx([site["lat"], site["lon"], 4_321], abs=1e-5)
    total = f"{living}.points.items.reduce((sum, item) => sum + item.count, 0)"
    press(page, "country")
    settled(page)
    everything = page.evaluate(total)
    press(page, "hide projects")
    until(page, lambda p: 0 < p.evaluate(total) < everything, True)
    press(page, "show all")
    until(page, lambda p: p.evaluate(total), everything)
    assert builds(page) == 1


def test_a_click_on_the_canvas_opens_a_cluster_and_then_a_site(opened):
    page = opened("/?data=many")
    item = (
        f"(() => {{ const m = {MAP}; const s = m.getSize();"
        " const at = (i) => m.layerPointToContainerPoint([i.x, i.y]);"
        " const inside = (p) => p.x > 60 && p.y > 20 && p.x < s.x - 20 && p.y < s.y - 60;"
        " const i = m.geomap.points.items.find((i) => i.count %s && inside(at(i)));"
        " const r = m.geomap.root.getBoundingClientRect();"
        " return [r.left + at(i).x, r.top + at(i).y] })()"
    )
    zoom = settled(page)[2]
    page.mouse.click(*page.evaluate(item % "> 1"))
    assert settled(page)[2] > zoom
    page.mouse.click(*page.evaluate(item % "=== 1"))
    until(page, lambda p: chosen(p).startswith("project:made-"), True)
    assert builds(page) == 1


def test_the_keyboard_walks_the_canvas(opened):
    page = opened("/?data=many")
    rover = page.locator(".gm-rover")
    rover.focus()
    first = rover.get_attribute("aria-label")
    assert "sites here" in first or "project" in first
    place = page.evaluate(f"{MAP}.geomap.points.rover.marker.getLatLng().lng")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{MAP}.geomap.points.rover.marker.getLatLng().lng") > place
    zoom = view(page)[2]
    page.keyboard.press("Enter")
    until(page, lambda p: settled(p)[2] > zoom or chosen(p) != "nothing", True)


def test_the_shift_to_gcj02_is_that_of_the_datum_module(opened):
    page = opened()
    for lat, lon in [(31.23, 121.47), (23.13, 113.26), (45.75, 126.65), (1.0, 10.0)]:
        there = page.evaluate("([a, b]) => geomap.toGcj02(a, b)", [lat, lon])
        assert there == pytest.approx(from_wgs84(lat, lon, "gcj02"), abs=1e-9)
        back = page.evaluate("([a, b]) => geomap.fromGcj02(a, b)", there)
        assert back == pytest.approx([lat, lon], abs=1e-8)


def blocked_page(browser, server, path):
    """A page whose outside requests are counted and cut."""
    one = Watched(browser, server)
    asked = []
    one.page.route("**/*", lambda route: route.continue_())
    one.page.route(
        re.compile(r"^https://"), lambda route: (asked.append(route.request.url), route.abort())
    )
    return one, asked, one.open(path)


def test_a_background_is_asked_for_only_when_chosen_and_its_failure_leaves_the_map(browser, server):
    one, asked, page = blocked_page(browser, server, "/?background=osm")
    page.wait_for_timeout(1500)
    assert asked
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in asked)
    assert page.locator(".gm-notice").inner_text() != ""
    assert page.locator(".gm-tiled").count() == 0
    assert mark(page, "province:910000").is_visible()
    until(page, lambda p: ["background_failed", "osm"] in heard(p), True)
    one.context.close()


def test_switching_a_background_on_opens_the_policy_for_its_host(browser, server):
    one, asked, page = blocked_page(browser, server, "/")
    page.wait_for_timeout(800)
    assert asked == []
    with page.expect_navigation(url=re.compile("background=osm"), wait_until="commit"):
        page.get_by_role("button", name="osm", exact=True).click()
    page.wait_for_selector(".gm-map")
    until(page, lambda p: bool(asked), True)
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in asked)
    assert "background=osm" in page.url
    one.context.close()


# Pixels of the world from the upper left, at the zoom of the tiles, where a mark is seen: read off
# the tile under it, as a person would.
TILE_OFFSET = """(id) => {
  const box = document.querySelector(`path[data-feature-id="${id}"]`).getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  for (const tile of document.querySelectorAll('img.leaflet-tile-loaded')) {
    const t = tile.getBoundingClientRect();
    if (x < t.left || x >= t.right || y < t.top || y >= t.bottom) continue;
    const asked = new URL(tile.src).searchParams;
    return [256 * asked.get('x') + x - t.left, 256 * asked.get('y') + y - t.top];
  }
}"""


def tile_pixels(lat, lon, zoom):
    """Where Web Mercator tiles have a position, in pixels of the world."""
    world = 256 * 2**zoom
    north = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return [world * (lon + 180) / 360, world * (1 - north / math.pi) / 2]


def test_an_amap_background_moves_the_overlay_not_the_coordinates(browser, server):
    one, _, page = blocked_page(browser, server, "/?background=amap")
    one.page.route(
        re.compile("autonavi"),
        lambda route: route.fulfill(
            content_type="image/gif",
            body=bytes.fromhex(
                "47494638396101000100800000000000ffffff21f90401000000002c00000000"
                "010001000002024401003b"
            ),
        ),
    )
    page = one.open("/?background=amap")
    page.wait_for_timeout(1200)
    assert page.locator(".gm-tiled").count() == 1
    assert "AMap" in page.locator(".gm-credit").inner_text()
    lat, lon = 31.0, 101.0
    drawn = page.evaluate(
        f"(() => {{ const m = {MAP}; const p = L.CRS.EPSG3857.latLngToPoint("
        f"L.latLng({lat}, {lon}), m.getZoom());"
        f" const q = m.project([{lat}, {lon}]);"
        f" const b = m.unproject(q); return [q.x - p.x, q.y - p.y, b.lat, b.lng, m.getZoom()] }})()"
    )
    shifted = from_wgs84(lat, lon, "gcj02")
    assert drawn[2:4] == pytest.approx([lat, lon], abs=1e-7)
    pixels = (shifted[1] - lon) / 360 * 256 * 2 ** drawn[4]
    assert drawn[0] == pytest.approx(pixels, rel=1e-6)
    page.evaluate(f"() => {{ {MAP}.setView([33.0, 101.0], 15, {{animate: false}}); }}")
    page.wait_for_function("() => document.querySelectorAll('img.leaflet-tile-loaded').length > 8")
    seen = page.evaluate(TILE_OFFSET, "city:930100")
    there = from_wgs84(33.0, 101.0, "gcj02")
    assert seen == pytest.approx(tile_pixels(*there, 15), abs=1.5)
    assert max(abs(a - b) for a, b in zip(seen, tile_pixels(33.0, 101.0, 15), strict=True)) > 50
    one.context.close()


def test_hostile_names_are_plain_text_in_the_living_map(opened):
    page = opened("/?data=hostile")
    page.locator("#geomap-map path[data-feature-id]").evaluate_all(
        "(all) => all.forEach((p) => p.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))"
    )
    for one in page.locator("#geomap-map path[data-feature-id]:not(.gm-away)").all()[:25]:
        one.evaluate("(p) => p.focus()")
    press(page, "chinese")
    assert page.evaluate("window.ran") is None
    labels = set(
        page.locator("#geomap-map path[data-feature-id]").evaluate_all(
            "(all) => all.map((p) => p.getAttribute('aria-label'))"
        )
    )
    assert sum(any(text in label for label in labels) for text in HOSTILE) >= 10
    assert page.locator("#geomap-map :is(img, script, b)").count() == 0


def look_at_all_marks(page):
    """Point at and focus every mark in sight; give what they are called."""
    marks = "#geomap-map path[data-feature-id]:not(.gm-away)"
    page.locator(marks).evaluate_all(
        "(all) => all.forEach((p) => {"
        " p.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})); p.focus(); })"
    )
    return page.locator(marks).evaluate_all("(all) => all.map((p) => p.getAttribute('aria-label'))")


def is_inert(page):
    inside = page.locator("#geomap-map :is(img, script, b, svg[onload])").count()
    return page.evaluate("window.ran") is None and inside == 0


def test_hostile_names_are_plain_text_where_records_of_one_place_fan_out(opened):
    page = opened("/?data=hostile")
    stack = page.locator(".gm-stack-anchor").first
    before = len(look_at_all_marks(page))
    stack.focus()
    page.keyboard.press("Enter")
    until(page, lambda p: len(look_at_all_marks(p)) > before, True)
    assert is_inert(page)
    page.evaluate("document.querySelector('#geomap-map').append(document.createElement('b'))")
    assert not is_inert(page)


def test_hostile_names_are_plain_text_where_the_canvas_fans_out(opened):
    page = opened("/?data=hostile_many")
    assert page.locator("#geomap-map path.gm-mark").count() == 0
    page.evaluate(f"{MAP}.setView([33, 101], 10, {{animate: false}})")
    settled(page)
    x, y = page.evaluate(
        f"(() => {{ const m = {MAP}; const at = m.latLngToContainerPoint([33, 101]);"
        " const r = m.getContainer().getBoundingClientRect(); return [r.left + at.x, r.top + at.y];"
        " })()"
    )
    page.mouse.click(x, y)
    until(page, lambda p: len(look_at_all_marks(p)) >= len(HOSTILE), True)
    labels = look_at_all_marks(page)
    assert sum(any(text in label for label in labels) for text in HOSTILE) >= 10
    assert is_inert(page)


def test_an_older_echo_of_the_page_does_not_take_the_choice_back(opened):
    page = opened()
    page.evaluate(f"{MAP}.geomap.choose('city:910100'); {MAP}.geomap.choose('city:920100')")
    page.wait_for_timeout(1500)
    assert page.evaluate(f"{MAP}.geomap.selected") == "city:920100"
    assert chosen(page) == "city:920100"


def test_toy_names_used_above():
    names = toy_dataset().cities.set_index("adcode")["name_zh"]
    assert "桤木" in names["910100"]
