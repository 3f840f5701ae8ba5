"""Rows per second and peak memory of `geomap geocode`, small table against large, and a peer.

The peer is the obvious program: pandas reads the table, maps the same geocoder over its text and
writes it again. Each run is a process of its own, so its peak memory is its own.

    python benchmarks/geocode_stream.py [--rows 10000,1000000] [--peer-rows 100000] [--kind csv]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ROADS = ["人民路", "创新大道", "解放街", "科技园路", "长江路"]


def write_table(path: Path, rows: int) -> None:
    """Addresses made of the gazetteer's own counties, a few of them without their province."""
    from geomap.geocode import default_geocoder

    gazetteer = default_geocoder().gazetteer
    counties = [unit for unit in gazetteer.units if unit.level == "county" and unit.name_zh]
    names = []
    for unit in counties:
        holders = [held.name_zh for held in gazetteer.path(unit) if held]
        names.append("".join(dict.fromkeys(name for name in holders if name)))
    rng = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        if path.suffix == ".csv":
            file.write("id,text\n")
        for number in range(rows):
            text = rng.choice(names)[rng.choice((0, 0, 0, 3)) :]
            text += f"{rng.choice(ROADS)}{rng.randint(1, 999)}号"
            line = {"id": number, "text": text}
            whole = json.dumps(line, ensure_ascii=False)
            file.write(f"{number},{text}\n" if path.suffix == ".csv" else whole + "\n")


def run_ours(source: Path) -> int:
    from geomap.geocode.stream import geocode_file

    return geocode_file(source, source.with_suffix(".out" + source.suffix), progress=False).rows


def run_pandas(source: Path) -> int:
    import pandas as pd

    from geomap.geocode import Location, default_geocoder

    if source.suffix == ".csv":
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
    else:
        table = pd.read_json(source, lines=True, dtype=False)
    found = list(default_geocoder().resolve_many(table["text"]))
    answers = pd.DataFrame(found, columns=list(Location._fields)).drop(columns="text")
    both = pd.concat([table, answers], axis=1)
    target = source.with_suffix(".peer" + source.suffix)
    if source.suffix == ".csv":
        both.to_csv(target, index=False)
    else:
        both.to_json(target, orient="records", lines=True, force_ascii=False)
    return len(both)


def measure(way: str, source: Path) -> dict[str, float]:
    """One run in a process of its own: rows, seconds without loading, MB at the peak."""
    line = subprocess.run(
        [sys.executable, __file__, "--child", way, str(source)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()[-1]
    return dict(json.loads(line))


def peak_mb() -> float:
    """This process's highest memory so far; the kernel's other count starts with its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(way: str, source: Path) -> None:
    from geomap.geocode import default_geocoder

    default_geocoder().resolve("合肥市")
    loaded_mb = peak_mb()
    started = time.perf_counter()
    rows = run_ours(source) if way == "geomap" else run_pandas(source)
    seconds = time.perf_counter() - started
    print(json.dumps({"rows": rows, "s": seconds, "loaded_mb": loaded_mb, "peak_mb": peak_mb()}))


def show(name: str, result: dict[str, float]) -> None:
    pace = result["rows"] / result["s"]
    print(
        f"{name:<22}{result['rows']:>10,.0f}{result['s']:>9.1f}{pace:>12,.0f}"
        f"{result['loaded_mb']:>10.0f}{result['peak_mb']:>9.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", default="10000,1000000")
    parser.add_argument("--peer-rows", type=int, default=100_000)
    parser.add_argument("--kind", choices=("csv", "jsonl"), default="csv")
    parser.add_argument("--child", nargs=2, metavar=("WAY", "FILE"))
    given = parser.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]))
        return
    sizes = [int(size) for size in given.rows.split(",")]
    print(f"{'':<22}{'rows':>10}{'seconds':>9}{'rows/s':>12}{'MB loaded':>10}{'MB peak':>9}")
    with tempfile.TemporaryDirectory() as folder:
        results = []
        for size in sizes:
            source = Path(folder) / f"{size}.{given.kind}"
            write_table(source, size)
            results.append(measure("geomap", source))
            show(f"geomap geocode {given.kind}", results[-1])
        peer_source = Path(folder) / f"peer.{given.kind}"
        write_table(peer_source, given.peer_rows)
        ours, peer = measure("geomap", peer_source), measure("pandas", peer_source)
        show("geomap, peer's rows", ours)
        show("pandas, same geocoder", peer)
    grown_mb = results[-1]["peak_mb"] - results[0]["peak_mb"]
    print(f"memory, {sizes[-1]:,} rows against {sizes[0]:,}: {grown_mb:+.0f} MB")
    print(f"against pandas: {peer['s'] / ours['s']:.2f} times its rows/s, ", end="")
    beyond = [max(1.0, one["peak_mb"] - one["loaded_mb"]) for one in (ours, peer)]
    print(f"{beyond[0] / beyond[1]:.2f} times its memory beyond the gazetteer")


if __name__ == "__main__":
    main()
