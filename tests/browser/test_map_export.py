"""The exported file in a real browser: opens from the disk, asks for nothing, runs nothing."""

from __future__ import annotations

import re

import pytest

from geomap.maps.host import HostState
from geomap.maps.html_export import map_html
from geomap.views.filters import Filters
from tests.browser import axe
from tests.browser.mapping import Watched
from tests.made import HOSTILE, hostile_dataset, many_sites
from tests.toy import toy_dataset

pytestmark = pytest.mark.browser
MAP = "document.getElementById('geomap-map').leafletMap"


@pytest.fixture
def opened(browser, tmp_path):
    """A function that writes a page to the disk and opens it without a server."""
    watched = []

    def open_file(page, **context):
        path = tmp_path / "map.html"
        path.write_text(page, "utf-8")
        one = Watched(browser, "file://", offline=True, **context)
        watched.append(one)
        return one.open(path.as_uri())

    yield open_file
    for one in watched:
        one.close()


def find(page, words):
    """Search the list and choose the first row found."""
    page.locator("#find").fill(words)
    page.wait_for_timeout(400)
    page.locator("#list button").first.click()
    page.wait_for_timeout(400)


def test_a_click_shows_details_with_their_sources(opened):
    page = opened(map_html(toy_dataset()))
    page.locator('#geomap-map path[data-feature-id="city:910100"]').first.dispatch_event("click")
    assert page.locator("#details h2").inner_text() == "Alder"
    find(page, "alder data")
    assert "Toy Times" in page.locator("#details ol").inner_text()
    assert page.locator("#details ol a").first.get_attribute("href").startswith("https://")
    assert page.locator("#geomap-map path.gm-halo").count() == 1


def test_the_reader_chooses_language_theme_and_layers(opened):
    page = opened(map_html(toy_dataset()))
    page.locator("#language").click()
    page.wait_for_timeout(300)
    assert page.locator("h1").inner_text() == "中国科技投资地图"
    assert page.locator(".gm-city_labels", has_text="桤木").count()
    before = page.locator(".geomap").first.get_attribute("data-theme")
    page.locator("#theme").click()
    page.wait_for_timeout(300)
    assert page.locator(".geomap").first.get_attribute("data-theme") != before
    page.locator('.gm-legend input[data-switch="corridor"]').uncheck()
    assert page.locator("#geomap-map path.gm-corridor").count() == 0
    assert page.evaluate("window.geomapBuilds") == 1


def test_it_opens_with_the_view_and_choice_it_was_made_with(opened):
    state = HostState(select="project:elm-lab", at=(31.5, 102.0, 7.0))
    page = opened(map_html(toy_dataset(), lang="zh", state=state))
    view = page.evaluate(f"[{MAP}.getCenter().lat, {MAP}.getCenter().lng, {MAP}.getZoom()]")
    assert view == pytest.approx([31.5, 102.0, 7.0], abs=0.006)
    assert page.locator("#details h2").inner_text() != ""
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


def test_it_says_which_filters_made_it_and_names_places_all_the_same(opened):
    page = opened(map_html(toy_dataset(), Filters(kinds=("laboratory",)), lang="zh"))
    said = page.locator("#filters").inner_text()
    assert "实验室" in said
    page.locator("#language").click()
    page.wait_for_function(
        "(said) => document.getElementById('filters').innerText !== said", arg=said
    )
    assert "Kind: Laboratory" in page.locator("#filters").inner_text()
    assert "Alder" not in page.locator("#list button").all_inner_texts()
    faint = page.locator(".gm-city_labels.gm-faint").all_inner_texts()
    assert "Alder" in faint
    assert page.locator("#geomap-map path.gm-cities").count() == 0


def test_many_records_are_drawn_on_the_canvas_of_the_app(opened):
    page = opened(map_html(many_sites(5_000)))
    assert page.evaluate(f"{MAP}.geomap.points.points.count") == 5_000
    find(page, "Made 4321")
    assert page.locator("#details h2").inner_text() == "Made 4321"
    assert page.evaluate(f"{MAP}.geomap.points.picked") == [4321]


def test_hostile_names_are_plain_text(opened):
    page = opened(map_html(hostile_dataset()))
    for lang in ("en", "zh"):
        rows = page.locator("#list button").all()
        assert len(rows) > 20
        for row in rows[:30]:
            row.evaluate("(b) => b.click()")
        page.wait_for_timeout(500)
        assert page.evaluate("window.ran") is None, lang
        page.locator("#language").click()
        page.wait_for_timeout(300)
    names = set(page.locator("#list button").all_text_contents())
    assert len(names & set(HOSTILE)) > 10
    assert page.locator("#details :is(img, script, b)").count() == 0
    links = page.locator("#details a").evaluate_all("(all) => all.map((a) => a.href)")
    assert [url for url in links if re.match("javascript:", url)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_usable_by_everyone(opened, scheme):
    page = map_html(toy_dataset(), state=HostState(select="project:alder-dc"))
    # axe is put into the page by the test, which the page's own policy would refuse.
    page = opened(page.replace("script-src ", "script-src 'unsafe-eval' ", 1), color_scheme=scheme)
    assert axe.violations(page) == []


def test_a_phone_reads_it_too(opened):
    page = opened(map_html(toy_dataset()), viewport={"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
