"""Four provinces compared over 100,000 sites: geomap against pandas and geopandas, one run.

    python benchmarks/compare_regions.py [--projects 94000] [--data FOLDER]

The peer is what one writes first: `sjoin` of the sites with the provinces, then `groupby` for
eleven of the measures (projects, data centres, zones, investors, stated yuan and dollars of
projects that lie wholly in a province, undisclosed, not stated, newest date, records, planned
area). geomap works out all of its measures, with the rows and sources behind each, rank and
difference. Both start from the opened dataset; what geomap works out once per dataset (its
index) is timed apart. Without --data a synthetic dataset is built first, which takes minutes.

Also timed: a changed filter, a shading of all provinces, a search, the details of a province.
Requirement: a comparison within 300 ms and at least 10 times faster than the peer; a filter
within 200 ms.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
from synthetic import write_synthetic_seeds

from geomap.dataset import Dataset, open_dataset
from geomap.dataset.build import build_dataset
from geomap.records import DATA_CENTRE_KINDS
from geomap.settings import Settings
from geomap.views.comparison import Comparison, compare_regions
from geomap.views.details import feature_details
from geomap.views.filters import Filters, select_sites
from geomap.views.index import build_index, index_of
from geomap.views.search import search_features
from geomap.views.shading import classify_provinces

CODES = ("340000", "330000", "320000", "440000")
RUNS = 7


def obvious_comparison(dataset: Dataset) -> pd.DataFrame:
    """The measures of four provinces by sjoin and groupby: a row per province."""
    sites = dataset.sites
    points = gpd.GeoDataFrame(
        sites[["feature_id", "layer"]],
        geometry=gpd.points_from_xy(sites["lon"], sites["lat"]),
        crs="EPSG:4326",
    )
    joined = points.sjoin(dataset.provinces[["adcode", "geometry"]], predicate="within")
    spread = joined.groupby("feature_id")["adcode"].nunique().rename("provinces")
    rows = joined.drop_duplicates(["feature_id", "adcode"])
    rows = rows[rows["adcode"].isin(CODES)].join(spread, on="feature_id")
    told = rows.merge(dataset.projects, on="feature_id")
    counted = told[told["kind"] != "bundle"]
    own = told[told["provinces"] == 1].groupby("adcode")
    table = pd.DataFrame(
        {
            "projects": counted.groupby("adcode").size(),
            "data_centres": counted[counted["kind"].isin(DATA_CENTRE_KINDS)]
            .groupby("adcode")
            .size(),
            "zones": rows[rows["layer"] == "zones"].groupby("adcode").size(),
            "investors": counted.explode("investors").groupby("adcode")["investors"].nunique(),
            "stated_cny": own["amount_cny"].sum(),
            "stated_usd": own["amount_usd"].sum(),
            "undisclosed": (counted["amount_state"] == "undisclosed")
            .groupby(counted["adcode"])
            .sum(),
            "not_stated": (counted["amount_state"] == "not_stated")
            .groupby(counted["adcode"])
            .sum(),
            "newest_on": told.groupby("adcode")["newest_on"].max(),
            "records": told.groupby("adcode").size(),
            "planned_area": own["area_m2"].sum(),
        }
    )
    return table.loc[list(CODES)]


def geomap_comparison(dataset: Dataset) -> Comparison:
    """All measures of the same provinces, with nothing remembered from the run before."""
    index_of(dataset).answers.clear()
    return compare_regions(dataset, [f"province:{code}" for code in CODES])


def milliseconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median wall time of several runs."""
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def agreement(dataset: Dataset) -> float:
    """Largest relative difference between the two over all cells that hold numbers.

    Not nothing: geomap trusts a record's own adcode near a border, counts repeats once and adds
    what may overlap once, which the obvious way does not.
    """
    peer, ours = obvious_comparison(dataset), geomap_comparison(dataset)
    worst = 0.0
    for measure in peer.columns.drop("newest_on"):
        values = [value.value or 0.0 for value in ours.line(measure).values]
        for value, other in zip(values, peer[measure], strict=True):
            worst = max(worst, abs(float(value) - float(other)) / max(float(other), 1.0))
    return worst


def synthetic_dataset(projects: int, folder: Path) -> Dataset:
    """Build and open a dataset of invented projects."""
    seeds = write_synthetic_seeds(folder / "seeds", projects)
    report = build_dataset(seeds, Settings(data_dir=folder / "data"))
    if report.dataset is None:
        raise SystemExit("the synthetic seeds have faults; see `geomap validate`")
    return report.dataset


def measure(dataset: Dataset) -> None:
    """Print every figure."""
    start = time.perf_counter()
    build_index(dataset)
    once = (time.perf_counter() - start) * 1000
    index_of(dataset)
    ours = milliseconds(lambda: geomap_comparison(dataset))
    peer = milliseconds(lambda: obvious_comparison(dataset), 3)
    search_features(dataset, "nothing is named so")
    filters = iter(range(10_000))
    changed = milliseconds(
        lambda: select_sites(
            dataset,
            Filters(statuses=("operating",), date_from=str(1900 + next(filters)), date_to="2022"),
        )
    )
    shading = milliseconds(lambda: (_forget(dataset), classify_provinces(dataset, "stated_cny")))
    print(f"sites                                {len(dataset.sites):>12,}")
    print(f"index, once per dataset          ms  {once:>12.0f}")
    print(f"four provinces, geomap           ms  {ours:>12.1f}   (at most 300)")
    print(f"four provinces, sjoin + groupby  ms  {peer:>12.1f}")
    print(f"ratio                                {peer / ours:>12.1f}   (at least 10)")
    print(f"largest difference of a cell         {agreement(dataset):>12.2%}")
    print(f"changed filter                   ms  {changed:>12.1f}   (at most 200)")
    print(f"shading of all provinces         ms  {shading:>12.1f}")
    for query in ("松江", "data centre", "sonjiang", "宋江", "sonjiang data centre"):
        spent = milliseconds(lambda query=query: search_features(dataset, query))
        print(f"search {query!r:<25} ms  {spent:>12.1f}")
    details = milliseconds(lambda: (_forget(dataset), feature_details(dataset, "province:330000")))
    print(f"details of a province            ms  {details:>12.1f}")


def _forget(dataset: Dataset) -> None:
    index_of(dataset).answers.clear()


def main() -> None:
    """Read the arguments, build or open a dataset, measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--projects", type=int, default=94_000)
    parser.add_argument("--data", type=Path, help="folder of built datasets to measure instead")
    arguments = parser.parse_args()
    if arguments.data:
        measure(open_dataset(arguments.data))
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(synthetic_dataset(arguments.projects, Path(folder)))


if __name__ == "__main__":
    main()
