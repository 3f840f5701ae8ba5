"""Times the build of a large dataset and prints each stage, with the memory it took.

    python benchmarks/build_dataset.py --projects 100000

Stages are those of `geomap build`; reading back and the GeoJSON export follow. The seeds are made
by benchmarks/synthetic.py. Seconds are of this machine; what should hold anywhere is the ratio
printed last: records built for each record that a bare read of the same CSV files yields.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.synthetic import write_synthetic_seeds
from geomap.boundaries import load_boundaries
from geomap.dataset import build_dataset, open_dataset
from geomap.export import geojson_text
from geomap.geocode import default_geocoder
from geomap.settings import Settings

TARGET_S = 60.0


class Clock:
    """Prints how long each stage took, and the most memory so far."""

    def __init__(self) -> None:
        """Start now."""
        self.last = time.perf_counter()

    def lap(self, name: str) -> float:
        """Print the time since the last lap and begin the next."""
        now = time.perf_counter()
        seconds, self.last = now - self.last, now
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name:<34}{seconds:8.2f} s   {peak_mb:7.0f} MB at most", flush=True)
        return seconds


def build_by_stage(seeds: Path, settings: Settings) -> float:
    """Build once and return the seconds it took, each stage printed."""
    clock, started, current = Clock(), time.perf_counter(), ""

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal current
        if stage != current:
            if current:
                clock.lap(f"  {current.lower()}")
            current = stage

    report = build_dataset(seeds, settings, progress=progress)
    clock.lap(f"  {current.lower()}")
    if report.dataset is None:
        raise SystemExit(f"the seeds have faults: {report.issues[:3]}")
    print(f"  {report.dataset.counts}")
    return time.perf_counter() - started


def bare_read_s(seeds: Path) -> float:
    """Time the csv module over the same files, nothing else done."""
    started = time.perf_counter()
    for path in sorted(seeds.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for _ in csv.reader(file):
                pass
    return time.perf_counter() - started


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--projects", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seeds = write_synthetic_seeds(Path(folder) / "seeds", asked.projects)
        settings = Settings(seeds_dir=seeds, data_dir=Path(folder) / "data")
        clock = Clock()
        default_geocoder(), load_boundaries()
        clock.lap("loading gazetteer and boundaries")
        built_s = build_by_stage(seeds, settings)
        clock.lap("build, as a whole")
        dataset = open_dataset(settings.data_dir)
        clock.lap("opening what was built")
        size_mb = len(geojson_text(dataset)) / 1e6
        clock.lap(f"GeoJSON of {size_mb:.0f} MB")
        print(
            f"{asked.projects / built_s:,.0f} projects/s; {built_s / bare_read_s(seeds):.0f} times"
        )
        print("the time that the csv module alone takes to read the same files")
        if asked.projects <= 100_000 and built_s > TARGET_S:
            raise SystemExit(
                f"the build took {built_s:.0f} s; it should take less than {TARGET_S:.0f}"
            )


if __name__ == "__main__":
    main()
