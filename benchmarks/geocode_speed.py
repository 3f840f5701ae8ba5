"""Compare the offline geocoder's speed with cpca's on the same rows, in one run on one core.

Usage: python benchmarks/geocode_speed.py EVAL_FOLDER [--peers PYTHON]

Rows per second are measured on texts the process has not seen (first pass, memo empty) and again
(later passes); cpca keeps no memo, so its best of three runs stands against both. Load time is
from `import geomap.geocode` to the first answer in a fresh process; memory is that process's peak.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from geocode_accuracy import ask_peer, make_peers, read_rows  # noqa: E402

# Run in a fresh process: load, answer every text twice, tell times and memory.
PROBE = """
import json, resource, sys, time
texts = json.load(sys.stdin)
start = time.perf_counter()
from geomap.geocode import default_geocoder
geocoder = default_geocoder()
geocoder.resolve("杭州市")
loaded = time.perf_counter()
for _ in geocoder.resolve_many(texts): pass
first = time.perf_counter()
for _ in geocoder.resolve_many(texts): pass
second = time.perf_counter()
geocoder.resolve("Shengze Town, Suzhou, Jiangsu")
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([loaded - start, first - loaded, second - first, peak_mb]))
"""


def probe(texts: list[str]) -> list[float]:
    """Return load, first pass and second pass in seconds, and peak memory in megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
    )
    return json.loads(done.stdout)


def compare(folder: Path, python: str) -> None:
    texts = [row["text"] for row in read_rows(folder, "zh_addr*.jsonl")]
    runs = [probe(texts) for _ in range(3)]
    load, first, second, peak_mb = (min(figures) for figures in zip(*runs, strict=True))
    cpca = len(texts) / ask_peer(python, "cpca", texts)["seconds"]
    print(f"rows: {len(texts)}, one core, best of three, {time.strftime('%Y-%m-%d')}")
    print(f"cpca                 {cpca:9.0f} rows/s")
    for name, seconds in (("ours, texts unseen", first), ("ours, texts seen", second)):
        rate = len(texts) / seconds
        print(f"{name:20} {rate:9.0f} rows/s  {rate / cpca:.2f} times cpca")
    print(f"load {load:.2f} s, peak memory {peak_mb:.0f} MB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", help="interpreter with cpca and jionlp")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if arguments.peers:
        compare(arguments.folder, arguments.peers)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        compare(arguments.folder, make_peers(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
