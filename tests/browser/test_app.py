"""The app as a reader meets it: the real server, the shipped records, a real browser."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from geomap.geodesy import geodesic_km
from geomap.text import text
from tests.browser.conftest import keep_picture

pytestmark = pytest.mark.browser
PLACE = """(id) => {
  const map = document.getElementById("geomap-map").leafletMap;
  let at = null;
  map.eachLayer((layer) => {
    if (layer.feature && layer.feature.id === id && layer.getLatLng) at = layer.getLatLng();
  });
  if (!at) return null;
  const box = map.getContainer().getBoundingClientRect();
  const point = map.latLngToContainerPoint(at);
  return [box.left + point.x, box.top + point.y];
}"""
VIEW = """() => {
  const map = document.getElementById("geomap-map").leafletMap;
  const centre = map.getCenter();
  return [centre.lat, centre.lng, map.getZoom()];
}"""
COMPARED = "/compare?lang=en&compare=province:340000,province:330000"


def click_mark(page, feature_id):
    x, y = page.evaluate(PLACE, feature_id)
    page.mouse.click(x, y)


def drag_map(page):
    box = page.locator("#geomap-map").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 240, box["y"] + 90, steps=4)
    page.mouse.up()


def details(page):
    return page.locator(".st-key-details")


def wait_for_details(page, words):
    details(page).get_by_text(words).first.wait_for(timeout=30_000)


def address(page):
    """The address of the page with its signs written out."""
    return unquote(page.url)


def wait_for_address(page, words):
    page.wait_for_url(lambda url: words in unquote(url), timeout=30_000)


def builds(page):
    return page.evaluate("() => window.geomapBuilds")


def status(page):
    return page.locator('p[role="status"]').inner_text()


def wait_for_status(page, words):
    page.locator('p[role="status"]', has_text=words).wait_for(timeout=30_000)


# ---------------------------------------------------------------- map


def test_a_city_is_clicked_read_and_clicked_again_on_one_living_map(visit):
    page = visit("/?lang=en").page
    assert "G60" in page.locator("#geomap-map").inner_html() or page.evaluate(
        "() => [...document.getElementById('geomap-map').leafletMap.geomap.features.keys()]"
        ".includes('corridor:g60')"
    )
    first = page.evaluate(VIEW)
    for _ in range(2):
        click_mark(page, "city:340100")
        wait_for_details(page, "合肥市")
        told = details(page).inner_text()
        for part in ("Hefei", "Anhui", "Projects (", "Volkswagen", "Sources", "SHINE", "Wuhu"):
            assert part in told
    assert page.evaluate(VIEW) == first
    assert builds(page) == 1
    assert "select=city:340100" in address(page)


def test_nothing_but_messages_reach_the_map(visit):
    page = visit("/?lang=en&select=city:340100&at=31,118.5,8").page
    before = page.evaluate(VIEW)
    page.get_by_text("中文", exact=True).click()
    wait_for_details(page, "项目")
    page.get_by_text("筛选", exact=True).click()
    page.get_by_label("状态").click()
    page.get_by_role("option").filter(has_text="在建").click()
    wait_for_address(page, "status=construction")
    page.locator(".gm-legend input[type=checkbox]").nth(1).uncheck()
    wait_for_address(page, "layers=")
    assert page.evaluate(VIEW) == before
    assert builds(page) == 1


def test_links_in_the_details_choose_without_loading_the_page(visit):
    page = visit("/?lang=en&select=city:340100").page
    page.evaluate("() => { window.sameDocument = true; }")
    details(page).get_by_role("link", name="Wuhu", exact=True).click()
    wait_for_details(page, "芜湖市")
    assert page.evaluate("() => window.sameDocument")
    wait_for_address(page, "select=city:340200")
    assert (
        page.evaluate("() => document.getElementById('geomap-map').leafletMap.geomap.selected")
        == "city:340200"
    )


def test_back_undoes_choices_and_only_those(visit):
    one = visit("/about?lang=en", permissions=["clipboard-read", "clipboard-write"])
    page = one.goto("/?lang=en")
    assert page.evaluate("() => document.documentElement.lang") == "en"
    steps = page.evaluate("() => history.length")
    click_mark(page, "city:340100")
    wait_for_details(page, "合肥市")
    told = page.locator("body > [role=status]")  # what a screen reader says
    told.get_by_text("Hefei").wait_for(state="attached")
    drag_map(page)
    wait_for_address(page, "at=")
    click_mark(page, "city:340200")
    wait_for_details(page, "芜湖市")
    page.get_by_text("中文", exact=True).click()
    wait_for_details(page, "上一个")
    assert page.evaluate("() => document.documentElement.lang") == "zh-Hans"
    assert page.evaluate("() => history.length") == steps + 2  # two marks; no move, no language
    details(page).get_by_role("button", name=text("app.link.button", "zh")).click()
    details(page).get_by_role("button", name=text("app.copied", "zh")).wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert "select=city:340200" in copied
    assert told.inner_text() == text("app.copied", "zh")
    page.go_back()
    wait_for_address(page, "/?lang=zh&select=city:340100")  # a language is no step to undo
    wait_for_details(page, "合肥市")
    page.get_by_test_id("stTopNavLink").get_by_text(text("app.page.records", "zh")).click()
    page.wait_for_function("() => location.pathname === '/records' && location.search")
    page.go_back()
    wait_for_address(page, "/?lang=zh&select=city:340100")
    wait_for_details(page, "合肥市")
    one.goto(copied.removeprefix(one.base))
    wait_for_details(page, "芜湖市")
    one.settle()


def test_a_link_opens_a_project_and_reloading_brings_the_view_back(visit):
    address = (
        "/?lang=en&select=project:volkswagen-anhui-meb&status=announced"
        "&layers=cities,projects&at=31.5000,117.5000,9.00&shade=projects"
    )
    one = visit(address)
    page = one.page
    before = (details(page).inner_text(), page.evaluate(VIEW), status(page))
    assert before[1] == pytest.approx([31.5, 117.5, 9], abs=0.01)
    page.reload()
    one.settle()
    assert (details(page).inner_text(), page.evaluate(VIEW), status(page)) == before


def test_a_filter_that_leaves_nothing_says_so(visit):
    page = visit("/?lang=en&kind=data_centre&date=opened&from=1990&to=1991").page
    assert text("app.shown.none", "en") in status(page)
    assert page.locator(".gm-sentence").inner_text() == text("filters.note.nothing", "en")


def test_an_id_of_nothing_is_told_in_words(visit):
    page = visit("/?lang=en&select=project:nope").page
    assert "project:nope" in details(page).inner_text()
    assert page.locator("[role=alert]").count()


# Keeps what the page hands the map, then calls the component as Streamlit does.
KEEP_CALLS = """() => {
  const host = window.geomap.host;
  window.geomap.host = (own, ...rest) => {
    window.call = own.latest;
    return host(own, ...rest);
  };
}"""
CALL = """async () => {
  const loaded = performance.getEntriesByType("resource");
  const { name } = loaded.find((entry) => entry.name.endsWith("/index.js"));
  window.leave = (await import(name)).default(window.call);
}"""


def test_the_map_is_the_same_after_overtaken_calls_and_other_pages(visit):
    """Streamlit cleans up after a call whose data have changed meanwhile, on a fast click."""
    one = visit("/?lang=en")
    page = one.page
    page.evaluate(KEEP_CALLS)
    for feature_id in ("city:340100", "city:340200"):  # a run hands over what was chosen before
        click_mark(page, feature_id)
        wait_for_address(page, feature_id)
    page.wait_for_function("() => window.call")
    page.evaluate(CALL)
    page.evaluate("() => window.leave()")
    click_mark(page, "city:330100")
    wait_for_details(page, "杭州市")
    assert builds(page) == 1
    page.evaluate("() => { window.map = document.getElementById('geomap-map'); }")
    drag_map(page)
    wait_for_address(page, "at=")
    view = page.evaluate(VIEW)
    page.get_by_role("link", name="About", exact=True).click()
    page.wait_for_function("() => !window.map.isConnected")
    page.get_by_role("link", name="Map", exact=True).click()
    page.wait_for_function("() => window.map.isConnected")
    one.settle()
    assert page.evaluate(VIEW) == pytest.approx(view)
    click_mark(page, "city:340100")
    wait_for_details(page, "合肥市")
    assert builds(page) == 1


def test_the_search_finds_a_place_by_any_name_and_flies_there(visit):
    page = visit("/?lang=en").page
    page.get_by_label("Search", exact=True).fill("松江")
    page.get_by_label("Search", exact=True).press("Enter")
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_role("button", name="Songjiang District").first.click()
    wait_for_details(page, "松江区")
    page.wait_for_function("() => document.getElementById('geomap-map').leafletMap.getZoom() >= 9")
    assert builds(page) == 1


def test_on_a_phone_the_side_panel_makes_way_for_what_it_found(visit):
    one = visit("/?lang=zh", viewport={"width": 390, "height": 844})
    page = one.page
    panel = page.get_by_test_id("stSidebar")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_label(text("app.search", "zh"), exact=True).fill("贵阳")
    panel.get_by_role("button", name="贵阳市").first.click()
    wait_for_details(page, "贵阳市")
    page.locator("[data-testid=stSidebar][data-collapsed=true]").wait_for(state="attached")
    # A phone that is turned keeps what was found in sight.
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(600)
    seen = "(at) => document.getElementById('geomap-map').leafletMap.getBounds().contains(at)"
    assert page.evaluate(seen, [26.65, 106.63])
    page.set_viewport_size({"width": 390, "height": 844})
    one.goto("/?lang=zh&select=city:520100")
    page.set_viewport_size({"width": 430, "height": 844})
    page.wait_for_timeout(600)
    assert page.evaluate(seen, [26.65, 106.63])
    page.get_by_test_id("stExpandSidebarButton").click()
    panel.get_by_test_id("stSidebarNavLink").filter(has_text="关于").click()
    page.locator("[data-testid=stSidebar][data-collapsed=true]").wait_for(state="attached")


def test_enter_takes_the_first_hit_and_an_investor_is_seen_alone(visit):
    """The journey of an analyst: an investor by name, in the other language, then a place."""
    page = visit("/?lang=zh", color_scheme="dark").page
    box = page.get_by_label(text("app.search", "zh"), exact=True)
    box.press_sequentially("tencent")
    page.locator(".st-key-hits button").filter(has_text="腾讯").first.wait_for()  # as one types
    box.press("Enter")
    wait_for_address(page, "investor=Tencent")
    wait_for_address(page, "at=")
    assert page.locator("#geomap-map path.gm-zone_links:not(.gm-away)").count() == 0
    assert page.locator("#geomap-map path.gm-cities:not(.gm-away)").count() == 0
    assert page.locator(".gm-city_labels.gm-faint", has_text="合肥市").is_visible()
    box.fill("songjiang qu")
    page.locator(".st-key-hits button").filter(has_text="松江区").first.wait_for()
    box.press("Enter")
    wait_for_address(page, "select=city:310117")
    wait_for_details(page, "Songjiang")
    assert builds(page) == 1


WUHAN_FACILITIES = (
    "tencent-digital-industries-headquarters-wuhan",
    "tencent-online-education-base-wuhan",
    "tencent-ai-lab-wuhan",
    "tencent-cybersecurity-academy-wuhan",
    "tencent-dongfeng-smart-mobility-school-wuhan",
)
# Where a record's mark stands on the page, None while one mark stands for several.
MARK = """(id) => {
  const path = document.querySelector(`#geomap-map path[data-feature-id="project:${id}"]`);
  if (!path || path.classList.contains("gm-away")) return null;
  const box = path.getBoundingClientRect();
  return box.width ? [Math.round(box.x), Math.round(box.y)] : null;
}"""

# The middle of the round mark that stands nearest to the middle of the map.
MIDDLE_STACK = """() => {
  const middle = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };
  const [x, y] = middle(document.getElementById("geomap-map"));
  const off = ([a, b]) => Math.hypot(a - x, b - y);
  const stacks = [...document.querySelectorAll(".gm-stack-anchor")].map(middle);
  return stacks.sort((a, b) => off(a) - off(b))[0];
}"""


def test_one_mark_for_five_facilities_of_one_city_opens_as_five(visit):
    page = visit("/?lang=en&at=30.5833,114.2667,7").page
    where = [page.evaluate(MARK, one) for one in WUHAN_FACILITIES]
    assert where == [None] * 5
    page.mouse.click(*page.evaluate(MIDDLE_STACK))
    page.wait_for_timeout(900)
    where = [tuple(page.evaluate(MARK, one)) for one in WUHAN_FACILITIES]
    assert len(set(where)) == 5
    page.mouse.click(where[2][0] + 6, where[2][1] + 6)
    wait_for_details(page, "Tencent AI lab in Wuhan")
    assert builds(page) == 1


# What the choosers of the sidebar hold, in their words.
HELD = """() => [...document.querySelectorAll(
  '[data-testid=stSidebar] [data-testid=stMultiSelectTagsContainer] span[title]')]
  .map((chip) => chip.innerText.trim())
  .concat([...document.querySelectorAll('.st-key-w_shade input')].map((field) => field.value))"""


def test_filters_narrow_one_after_the_other_and_outlive_the_language(visit):
    one = visit("/?lang=en&shade=projects")
    page = one.page
    page.get_by_text("Filters", exact=True).click()
    counts = [status(page)]
    for chooser, choice in (
        ("kinds", "Data centre ("),
        ("precisions", "hatched"),
        ("money", "Sum stated"),
    ):
        box = page.locator(f".st-key-w_filter_{chooser} input").last
        box.scroll_into_view_if_needed()  # a list that is open closes when the page is scrolled
        page.wait_for_timeout(300)
        box.focus()
        box.press("ArrowDown")
        page.get_by_role("option").filter(has_text=choice).first.click()
        page.keyboard.press("Escape")
        page.get_by_role("listbox").wait_for(state="hidden")
        page.wait_for_function(
            "(said) => !document.querySelector('p[role=status]').innerText.startsWith(said)",
            arg=counts[-1],
        )
        one.settle()
        counts.append(status(page))
    shown = [int(words.split(" of ")[0]) for words in counts]
    assert shown == sorted(shown, reverse=True)
    assert page.get_by_text("Filters (3)").count() == 1
    wait_for_address(page, "money=stated")
    # Every choice counts what the others leave, and holds in whatever words it is told.
    held = ("Data centre", "Sum stated", "City (prefecture), hatched")
    words = [f"{name} ({shown[-1]})" for name in held]
    for switch, said in (("中文", "数据中心"), ("English", "Data centre")):
        address = page.url.replace("lang=zh", "").replace("lang=en", "")
        page.get_by_text(switch, exact=True).click()
        page.wait_for_function(f"() => ({HELD})()[0].startsWith('{said}')")
        one.settle()
        assert page.url.replace("lang=zh", "").replace("lang=en", "") == address
    assert page.evaluate(HELD) == [*words, "Projects"]
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_function(
        "(said) => document.querySelector('p[role=status]').innerText.startsWith(said)",
        arg=counts[0],
    )
    assert page.get_by_text("Precision of place").is_visible()
    assert builds(page) == 1


CROSSED = """() => {
  const seen = (query) => [...document.querySelectorAll(`#geomap-map ${query}`)]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width);
  const names = seen('.gm-label:not(.gm-away)');
  const things = [...names, ...seen('path.gm-mark:not(.gm-away)'), ...seen('.gm-stack-anchor')];
  // Browsers give the box of a path with room for pointed corners of its outline.
  const slack = ({ element }) => (element.tagName === 'path' ? 7 : 3);
  const touch = (a, b, by) => a.left + by < b.right && b.left + by < a.right &&
    a.top + by < b.bottom && b.top + by < a.bottom;
  const said = ({ element }) => element.getAttribute('aria-label') || element.innerText;
  return names.flatMap((name) => things
    .filter((other) => other !== name && touch(name.box, other.box, slack(other)))
    .map((other) => `${said(name)} | ${said(other)}`));
}"""


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("zh", "dark")])
def test_no_name_on_the_map_is_written_over(visit, lang, scheme):
    page = visit(f"/?lang={lang}", color_scheme=scheme).page
    for zoom in (12, 9, 7, 6, 5, 4):
        page.evaluate(
            "(zoom) => { document.getElementById('geomap-map').leafletMap"
            ".setView([31.1, zoom < 6 ? 108 : 120.6], zoom, {animate: false}); }",
            zoom,
        )
        page.wait_for_timeout(150)
        assert page.evaluate(CROSSED) == [], zoom
        assert page.locator(".gm-label:not(.gm-away)").count() > (20 if zoom < 7 else 2)
        keep_picture(page, f"zoom-{zoom}-{lang}-{scheme}")
    page.evaluate(
        "() => document.querySelectorAll('#geomap-map .gm-label.gm-away')"
        ".forEach((name) => name.classList.remove('gm-away'))"
    )
    assert page.evaluate(CROSSED)  # what the check finds when names are not held apart


def test_the_years_play_by_themselves(visit):
    page = visit("/?lang=en").page
    everything = status(page)
    assert page.locator(".gm-year").count() > 10
    button = page.locator(".st-key-filters_play button")
    button.click()
    wait_for_address(page, "to=20")
    first = page.url
    page.wait_for_function("(url) => location.href !== url", arg=first, timeout=30_000)
    assert status(page) != everything
    assert page.locator(".gm-sentence").inner_text().startswith("20")
    button.filter(has_text="Stop").click()
    button.filter(has_text="Play").wait_for()
    assert builds(page) == 1


def test_a_background_is_asked_only_of_its_own_host_and_only_when_chosen(visit):
    one = visit("/about")
    one.page.route("https://tile.openstreetmap.org/**", lambda route: route.abort())
    one.goto("/?lang=en&background=osm")
    one.page.wait_for_url(lambda url: "background" not in url, timeout=60_000)
    assert one.outside
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in one.outside)
    assert one.page.locator("#geomap-map path").count()
    one.outside.clear()
    one.errors.clear()  # the tiles that could not be had


def test_the_map_is_downloaded_as_one_page_that_opens_without_a_server(visit, tmp_path):
    one = visit("/?lang=en&select=city:340100")
    page = one.page
    page.get_by_text("Share, cite, download").click()
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("link", name=text("app.download.html", "en")).click()
    file = tmp_path / "map.html"
    waiting.value.save_as(file)
    page.goto(file.as_uri())
    page.wait_for_selector('html[data-geomap-ready="true"]', state="attached", timeout=60_000)
    assert "合肥市" in page.inner_text("body")


# ---------------------------------------------------------------- compare, records, about


def test_two_provinces_are_compared_and_numbers_open_their_rows(visit):
    page = visit(COMPARED).page
    table = page.locator(".st-key-comparison")
    head = table.locator("thead").inner_text()
    assert "Anhui" in head
    assert "Zhejiang" in head
    cell = table.locator('tr[data-measure="projects"] td').first
    assert not cell.get_by_role("link").first.is_visible()
    cell.locator("summary").click()
    cell.get_by_role("link", name="Volkswagen Anhui MEB plant").wait_for()
    scales = page.evaluate(
        "() => ['geomap-map', 'geomap-map-2'].map((id) => {"
        " const m = document.getElementById(id).leafletMap;"
        " return Math.cos(m.getCenter().lat * Math.PI / 180) / 2 ** m.getZoom(); })"
    )
    assert scales[0] == pytest.approx(scales[1], rel=1e-3)
    cell.get_by_role("link", name="Volkswagen Anhui MEB plant").click()
    wait_for_address(page, "select=project")
    wait_for_details(page, "Volkswagen Anhui MEB plant")
    assert "compare=province:340000,province:330000" in address(page)


# The ends of the shared bar, laid into the middle of each pane, in degrees.
BAR_ENDS = """() => {
  const line = document.querySelector(".gm-shared-scale .gm-scale-line");
  const half = line.getBoundingClientRect().width / 2;
  return [...document.querySelectorAll(".gm-map")].map((root) => {
    const map = root.leafletMap;
    const { x, y } = map.getSize();
    return [x / 2 - half, x / 2 + half].map((at) => {
      const { lat, lng } = map.containerPointToLatLng([at, y / 2]);
      return [lat, lng];
    });
  });
}"""


def bar_lengths(page):
    """Length on the ellipsoid of the shared bar in each pane, over what the bar says."""
    page.wait_for_timeout(400)
    km = float(page.locator(".gm-shared-scale").get_attribute("data-km"))
    return km, [geodesic_km(*one, *other) / km for one, other in page.evaluate(BAR_ENDS)]


def test_a_hundred_kilometres_are_as_long_in_guangzhou_as_in_harbin(visit):
    page = visit("/compare?lang=en&compare=city:440100,city:230100").page
    for name, move in (("geomap-map", "setZoom(7"), ("geomap-map-2", "panBy([0, 200]")):
        map_of = f"document.getElementById('{name}').leafletMap"
        page.evaluate(f"() => {{ {map_of}.{move}, {{animate: false}}); }}")
        km, lengths = bar_lengths(page)
        assert km == 100
        assert lengths == [pytest.approx(1, rel=0.01)] * 2
    page.get_by_text("Zoom together").click()
    one = "document.getElementById('geomap-map').leafletMap"
    page.wait_for_function("() => document.querySelector('.gm-shared-scale').hidden")
    page.evaluate(f"{one}.setZoom(9, {{animate: false}})")  # the other pane stays where it is
    zooms = "['geomap-map', 'geomap-map-2'].map((id) => document.getElementById(id).leafletMap"
    first, second = page.evaluate(f"() => {zooms}.getZoom())")
    assert first == 9
    assert second < 8


CORNERS = ("city:340100", "city:340200", "city:330100")


def test_an_area_drawn_on_the_map_is_compared_with_a_province(visit):
    one = visit("/?lang=en&compare=province:340000")
    page = one.page
    page.locator('.gm-button[data-act="area"]').click()
    for feature_id in CORNERS:
        click_mark(page, feature_id)
    page.get_by_role("button", name="Compare this area").click()
    page.get_by_role("button", name="Open comparison (2 of 4)").click()
    wait_for_address(page, "compare=province:340000,polygon:")
    one.settle()
    assert "Drawn area with 3 corners" in page.locator(".st-key-comparison thead").inner_text()
    page.locator("path.gm-region").wait_for(state="attached")


def test_regions_are_chosen_by_typing(visit):
    one = visit("/compare?lang=en")
    page = one.page
    assert not page.locator(".st-key-comparison").count()
    box = page.get_by_label("Regions to compare (two to four)")
    for name in ("Anhui", "Zhejiang"):
        box.click()
        box.press_sequentially(name)
        page.get_by_role("option").filter(has_text=name).first.click()
    wait_for_address(page, "compare=province:340000,province:330000")
    page.locator(".st-key-comparison").get_by_text("Zhejiang").first.wait_for(timeout=30_000)
    one.settle()


def test_a_row_of_the_records_is_read_and_shown_on_the_map(visit):
    one = visit("/records?lang=en")
    page = one.page
    page.get_by_label("Search the table").fill("volkswagen MEB")
    page.get_by_label("Search the table").press("Enter")
    page.get_by_text("1 of ").first.wait_for()
    one.settle()  # the words above the table come before it
    grid = page.get_by_test_id("stDataFrame")
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    wait_for_details(page, "Volkswagen Anhui MEB plant")
    page.get_by_role("button", name="Show on the map").click()
    page.wait_for_selector('html[data-geomap-ready="true"]', state="attached", timeout=60_000)
    wait_for_details(page, "Volkswagen Anhui MEB plant")
    assert "select=project:volkswagen-anhui" in address(page)
    one.settle()


def test_what_was_chosen_goes_along_from_page_to_page(visit):
    one = visit("/?lang=zh&kind=data_centre&select=city:340100")
    page = one.page
    for name in ("compare", "records", "about", "map"):
        page.get_by_test_id("stTopNavLink").get_by_text(text(f"app.page.{name}", "zh")).click()
        page.wait_for_function(
            "(name) => document.title.startsWith(name)", arg=text(f"app.page.{name}", "zh")
        )
        one.settle()
        wait_for_address(page, "kind=data_centre")
        assert "lang=zh" in address(page)
    wait_for_details(page, "合肥市")
