"""Every page in every look, records that attack, and the watch over what a page asks for."""

from __future__ import annotations

import pytest

from geomap.text import text
from tests.browser.axe import violations

pytestmark = pytest.mark.browser

# ---------------------------------------------------------------- looks

LOOKS = {
    "light": {"color_scheme": "light", "lang": "en"},
    "dark": {"color_scheme": "dark", "lang": "zh"},
    "phone": {"color_scheme": "light", "lang": "zh", "viewport": {"width": 390, "height": 844}},
    "phone-dark": {
        "color_scheme": "dark",
        "lang": "en",
        "viewport": {"width": 390, "height": 844},
    },
}
PAGES = {
    "map": "/?select=city:340100",
    "compare": "/compare?compare=province:340000,province:330000",
    "records": "/records?select=project:volkswagen-anhui-meb",
    "about": "/about?",
}
CUT_OFF = """() => {
  const wide = document.documentElement.clientWidth;
  const scrolled = (element) => element.closest(
    ".gm-scroll, .leaflet-container, [data-testid=stDataFrame], pre, .gm-hidden, .gm-skip"
  );
  return [...document.querySelectorAll("[data-testid=stMain] *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && box.height && (box.right > wide + 1 || box.left < -1) && !scrolled(element);
  }).map((element) => element.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole_and_usable_by_everyone(visit, name, look):
    wanted = dict(LOOKS[look])
    lang = wanted.pop("lang")
    page = visit(f"{PAGES[name]}&lang={lang}", **wanted).page
    assert text(f"app.page.{name}", lang) in page.title()
    assert page.evaluate(CUT_OFF) == []
    if name == "map" and look.startswith("phone"):
        above = page.locator("#geomap-map").bounding_box()
        below = page.locator(".st-key-details").bounding_box()
        assert below["y"] >= above["y"] + above["height"]
    assert violations(page) == []


def test_an_unnamed_button_or_a_cut_off_text_would_be_found(visit):
    page = visit("/about?lang=en").page
    page.evaluate(
        "() => document.querySelector('[data-testid=stMain] h1').insertAdjacentHTML("
        "'afterend', '<button></button><p style=\"width:3000px\">x</p>')"
    )
    assert any("button-name" in found for found in violations(page))
    assert page.evaluate(CUT_OFF)


# ---------------------------------------------------------------- hostile records

# A chart of ours is a picture that holds its own drawing; any other comes from a record.
FOREIGN = "[data-testid=stMain] :is(img:not([src^='data:image/svg+xml']), iframe)"
HOSTILE_PAGES = (
    "/?select=city:910100",
    "/?select=project:alder-dc",
    "/compare?compare=province:910000,province:920000",
    "/records?select=zone:delta-zone",
    "/about?lang=en",
)


@pytest.mark.parametrize("path", HOSTILE_PAGES)
def test_hostile_names_are_drawn_as_plain_text(visit, hostile_server, path):
    one = visit(path, base=hostile_server)
    page = one.page
    page.mouse.move(500, 400)
    for summary in page.locator("details summary").all()[:12]:
        summary.evaluate("(element) => { element.parentElement.open = true; }")
    assert page.evaluate("() => window.ran === undefined")
    assert "49" not in page.locator("h2").all_inner_texts()
    assert not page.locator(FOREIGN).count()
    links = page.evaluate("() => [...document.links].map((link) => link.href)")
    assert not [url for url in links if url.startswith("javascript:")]


def test_a_name_that_ran_would_be_noticed(visit, hostile_server):
    page = visit("/about?lang=en", base=hostile_server).page
    page.evaluate("() => { window.ran = 1; }")
    assert not page.evaluate("() => window.ran === undefined")


# ---------------------------------------------------------------- the watch itself


def test_a_page_that_leaves_the_server_would_be_caught(visit):
    one = visit("/about?lang=en")
    one.page.evaluate("() => { new Image().src = 'https://outside.invalid/pixel.png'; }")
    with pytest.raises(AssertionError, match=r"outside\.invalid"):
        one.close()
    assert "Content Security Policy" in "".join(one.errors)
    one.errors.clear()
    one.outside.clear()


def test_a_request_outside_would_be_caught_where_the_policy_is_silent(visit):
    one = visit("/about?lang=en")
    # Answered here: Chromium cannot be pictured while it shows that an address does not exist.
    one.page.route("http://outside.invalid/", lambda route: route.fulfill(body="outside"))
    with one.page.expect_navigation(url="http://outside.invalid/"):
        one.page.evaluate("() => { location.href = 'http://outside.invalid/'; }")
    assert one.outside == ["http://outside.invalid/"]
    one.outside.clear()
    one.errors.clear()
