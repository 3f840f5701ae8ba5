"""Compare the offline geocoder's speed with cpca's on the same rows, in one run on one core.

Usage: python benchmarks/geocode_speed.py EVAL_FOLDER [--peers PYTHON] [--rounds N]

Each round runs both in turn, so that a busy machine slows both, and takes the best of three of
each. Ours is timed in three fresh processes, on texts the process has not seen (first pass, memo
empty) and again (second pass); cpca keeps no memo and is timed by three warm passes of a fresh
process. The table gives the best and the median round. Load time is from `import geomap.geocode`
to the first answer in a fresh process; memory is that process's peak.
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
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from geocode_accuracy import ask_peer, make_peers, read_rows

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


def compare(folder: Path, python: str, rounds: int) -> None:
    texts = [row["text"] for row in read_rows(folder, "zh_addr*.jsonl")]
    ours, cpca = [], []
    for _ in range(rounds):
        ours.append([min(runs) for runs in zip(*[probe(texts) for _ in range(3)], strict=True)])
        cpca.append(ask_peer(python, "cpca", texts)["seconds"])
    load, first, second, peak_mb = zip(*ours, strict=True)
    print(f"rows: {len(texts)}, one core, {rounds} rounds, {time.strftime('%Y-%m-%d')}")
    print(f"{'rows/s':20} {'best':>9} {'median':>9}   times cpca's")
    for name, seconds in (("cpca", cpca), ("ours, texts unseen", first), ("ours, seen", second)):
        rates = [len(texts) / pick(seconds) for pick in (min, median)]
        times = [pick(cpca) / pick(seconds) for pick in (min, median)]
        print(f"{name:20} {rates[0]:9.0f} {rates[1]:9.0f}   {times[0]:.2f}  {times[1]:.2f}")
    print(f"load {min(load):.2f} s (median {median(load):.2f}), peak memory {max(peak_mb):.0f} MB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", help="interpreter with cpca and jionlp")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if arguments.peers:
        compare(arguments.folder, arguments.peers, arguments.rounds)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        compare(arguments.folder, make_peers(folder), arguments.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
