"""First drawn map at 100 and 100,000 sites, and the bytes that 100,000 sites send to the browser.

Usage: python benchmarks/first_map.py [--rounds 5]

Each round opens the page in a new browser context, with nothing kept, and takes the milliseconds
from the start of the navigation until the map says that its layers are drawn; sizes take turns,
so that a busy machine slows both. Bytes are gzipped: what the hosted map loads for its sites,
against the page that folium writes with one Marker per site (measured at 2,000 sites and scaled,
a Marker being always the same text) and with FastMarkerCluster at all of them.
Exit code 1 when 100,000 sites take more than 1.5 times as long as 100, or more than 1.2 MB.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
from pathlib import Path

import folium
from folium.plugins import FastMarkerCluster
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from geomap.dataset import Dataset
from geomap.maps.drawn import make_map
from tests.browser.mapping import READY, chromium, streamlit_server
from tests.made import many_sites

FEW, MANY = 100, 100_000
MARKERS = 2_000
# Runs in the page before anything else: notes when the map is drawn.
STAMP = """new MutationObserver(() => {
  if (document.documentElement.dataset.geomapReady === 'true') window.drawnAt ??= performance.now();
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-geomap-ready']});"""


def first_map(browser: Browser, base: str, sites: int) -> float:
    """Open the page afresh; give the milliseconds until its map is drawn."""
    context = browser.new_context()
    context.add_init_script(STAMP)
    page = context.new_page()
    page.goto(f"{base}/?sites={sites}")
    page.wait_for_selector(READY, state="attached", timeout=180_000)
    milliseconds = float(page.evaluate("() => window.drawnAt"))
    context.close()
    return milliseconds


def time_both(rounds: int) -> dict[int, float]:
    """Give the median milliseconds of each size; the first page of each is not counted."""
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    page = ROOT / "benchmarks" / "pages" / "hosted_server.py"
    with chromium() as browser, streamlit_server(page) as base:
        for sites in times:
            first_map(browser, base, sites)
        for _ in range(rounds):
            for sites, taken in times.items():
                taken.append(first_map(browser, base, sites))
    return {sites: statistics.median(taken) for sites, taken in times.items()}


def hosted_bytes(dataset: Dataset) -> int:
    """Count what the hosted map loads for its sites: the point file and the drawn script."""
    drawn = make_map(dataset)
    points = next(file for path, file in drawn.files.items() if path.endswith("sites.bin"))
    return len(points.zipped) + len(gzip.compress(drawn.drawn.script.encode(), 6))


def folium_bytes(drawn: folium.Map) -> int:
    """Count the page folium writes, without the libraries it links to."""
    return len(gzip.compress(drawn.get_root().render().encode(), 6))


def marker_bytes(dataset: Dataset) -> int:
    """Scale the page of MARKERS markers with names to all sites."""
    drawn, sites = folium.Map(tiles=None), dataset.sites.iloc[:MARKERS]
    for name, lat, lon in zip(sites["name_en"], sites["lat"], sites["lon"], strict=True):
        folium.Marker([lat, lon], tooltip=name).add_to(drawn)
    return folium_bytes(drawn) * len(dataset.sites) // MARKERS


def cluster_bytes(dataset: Dataset) -> int:
    """Count the page of FastMarkerCluster, which has places only."""
    drawn = folium.Map(tiles=None)
    FastMarkerCluster(dataset.sites[["lat", "lon"]].to_numpy().tolist()).add_to(drawn)
    return folium_bytes(drawn)


def main() -> None:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    dataset = many_sites(MANY)
    sizes = {
        "hosted": hosted_bytes(dataset),
        "FastMarkerCluster": cluster_bytes(dataset),
        "folium.Marker": marker_bytes(dataset),
    }
    for name, size in sizes.items():
        print(f"{name:<18} {MANY:,} sites  {size / 1e6:8.2f} MB gzipped")
    times = time_both(rounds)
    for sites, milliseconds in times.items():
        print(f"first map, {sites:>7,} sites  {milliseconds:7.0f} ms")
    ratio = times[MANY] / times[FEW]
    print(f"ratio {ratio:.2f}")
    sys.exit(0 if ratio <= 1.5 and sizes["hosted"] <= 1_200_000 else 1)


if __name__ == "__main__":
    main()
