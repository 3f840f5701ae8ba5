"""Click to details: the hosted map against plain st_folium with the same 1,000 sites, in one run.

Usage: python benchmarks/click_latency.py [--sites 1000] [--clicks 15]

A click is timed in the browser, from the event on the mark until the details hold the name of
what was clicked. The plain map gets its scripts from this machine too (the CDN files are answered
with the vendored Leaflet and empty stubs), so that only the method differs. At the end the hosted
map is measured with 100,000 sites on its canvas, which the plain one cannot draw.
Needs the extra `bench`. Exit code 1 when the ratio is under 20, or the hosted map was rebuilt or
lost its zoom.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, Route

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.mapping import READY, chromium, streamlit_server

LEAFLET = (ROOT / "geomap" / "maps" / "vendor" / "leaflet.js").read_text("utf-8")
PAGES = ROOT / "benchmarks" / "pages"
# Resolves with the milliseconds until the details show a name.
WATCH = """(name) => new Promise((resolve) => {
  const start = performance.now();
  const look = () => {
    const box = document.querySelector('.st-key-details');
    if (box && box.innerText.includes(name)) resolve(performance.now() - start);
    else requestAnimationFrame(look);
  };
  look();
})"""
# Numbers of the marks a reader could click: those that stand by themselves.
STANDING = """(document.getElementById('geomap-map').leafletMap.geomap.field.marks
  .filter((mark) => !mark.hidden && mark._map).map((mark) => mark.feature.properties.site))"""
MAP = "document.getElementById('geomap-map').leafletMap"


def local_scripts(route: Route) -> None:
    """Answer for the CDNs from this machine."""
    url = route.request.url
    if "leaflet" in url and url.endswith("leaflet.js"):
        route.fulfill(body=LEAFLET, content_type="text/javascript")
    else:
        kind = "text/css" if url.endswith(".css") else "text/javascript"
        route.fulfill(body="", content_type=kind)


def time_hosted(browser: Browser, base: str, sites: int, clicks: int) -> tuple[list[float], bool]:
    """Time clicks on the hosted map; also tell whether it was built once and kept its zoom."""
    page = browser.new_page()
    page.goto(f"{base}/?sites={sites}")
    page.wait_for_selector(READY, state="attached", timeout=120_000)
    page.wait_for_timeout(1_500)
    before = page.evaluate(f"{MAP}.getZoom()")
    standing = page.evaluate(f"() => {STANDING}")
    picked = standing[:: max(len(standing) // clicks, 1)][:clicks] or list(spread(clicks))
    times = [time_one(page, page.main_frame, hosted_click(i), f"Made {i}") for i in picked]
    kept = page.evaluate(f"{MAP}.getZoom()") == before and page.evaluate("geomapBuilds") == 1
    page.close()
    return times, kept


def hosted_click(i: int) -> str:
    """Click a mark, or a site of the canvas, as a reader's click reaches it."""
    return f"""() => {{
      const living = {MAP}.geomap;
      const [mark] = living.features.get('project:made-{i}') || [];
      if (mark) mark.getElement().dispatchEvent(new MouseEvent('click', {{bubbles: true}}));
      else living.points.act({{count: 1, first: {i}}});
    }}"""


def time_plain(browser: Browser, base: str, sites: int, clicks: int) -> list[float]:
    """Time clicks on the st_folium map."""
    page = browser.new_page()
    page.route(lambda url: not url.startswith(base), local_scripts)
    page.goto(f"{base}/?sites={sites}")
    frame = folium_frame(page)
    return [time_one(page, frame, plain_click(i), f"Made {i}") for i in spread(clicks)]


def folium_frame(page: Page) -> Frame:
    """Wait for the frame of st_folium and for its marks."""
    page.wait_for_selector("iframe", timeout=120_000)
    for _ in range(600):
        for frame in page.frames[1:]:
            if frame.evaluate("() => document.querySelectorAll('path.leaflet-interactive').length"):
                page.wait_for_timeout(1_500)
                return frame
        page.wait_for_timeout(200)
    raise SystemExit("st_folium drew no map")


def plain_click(i: int) -> str:
    """Click the i-th marker of the folium map."""
    return f"""() => document.querySelectorAll('path.leaflet-interactive')[{i}]
      .dispatchEvent(new MouseEvent('click', {{bubbles: true, clientX: 5, clientY: 5}}))"""


def time_one(page: Page, frame: Frame, click: str, name: str) -> float:
    """Click, and give the milliseconds until the details hold the name."""
    page.evaluate(f"(name) => {{ window.waited = ({WATCH})(name); }}", name)
    frame.evaluate(click)
    milliseconds = float(page.evaluate("() => window.waited"))
    page.wait_for_timeout(400)
    return milliseconds


def spread(clicks: int) -> range:
    """Sites to click, none twice."""
    return range(3, 3 + 7 * clicks, 7)


def report(name: str, times: list[float]) -> float:
    """Print median and 90th percentile; return the median."""
    middle = statistics.median(times)
    worst = sorted(times)[int(0.9 * (len(times) - 1))]
    print(f"{name:<34} median {middle:7.0f} ms   p90 {worst:7.0f} ms   {len(times)} clicks")
    return middle


def main() -> None:
    """Measure both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=1_000)
    parser.add_argument("--clicks", type=int, default=15)
    options = parser.parse_args()
    with chromium() as browser:
        # The app runs with Streamlit's collection after every run off, see its config.toml.
        with streamlit_server(
            PAGES / "hosted_server.py", **{"runner.postScriptGC": "false"}
        ) as base:
            hosted, kept = time_hosted(browser, base, options.sites, options.clicks)
            many, kept_many = time_hosted(browser, base, 100_000, options.clicks)
        with streamlit_server(PAGES / "plain_map.py") as base:
            plain = time_plain(browser, base, options.sites, max(options.clicks // 3, 3))
    ours = report(f"hosted, {options.sites:,} sites", hosted)
    report("hosted, 100,000 sites on a canvas", many)
    theirs = report(f"plain st_folium, {options.sites:,} sites", plain)
    print(f"ratio {theirs / ours:.0f}   map built once and zoom kept: {kept and kept_many}")
    sys.exit(0 if theirs / ours >= 20 and kept and kept_many else 1)


if __name__ == "__main__":
    main()
