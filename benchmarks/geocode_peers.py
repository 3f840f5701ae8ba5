"""Run another geocoder over texts from standard input, in a Python where it is installed.

Usage: PYTHON benchmarks/geocode_peers.py cpca|jionlp < texts.json > answers.json
       PYTHON benchmarks/geocode_peers.py seats > seats.json
The answer holds one [province, city, county] a text and the best time of three runs, seconds.
seats: cpca's own list of units as [adcode, path of names, latitude, longitude], in GCJ-02.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import pathlib
import sys
import time

MUNICIPALITIES = {"北京市", "上海市", "天津市", "重庆市"}
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", ""}


def in_our_form(province, city, county):
    """Write a peer's answer as ours: no placeholders, a municipality is its own city."""
    names = [None if name in PLACEHOLDERS else name for name in (province, city, county)]
    if names[0] in MUNICIPALITIES:
        names[1] = names[0]
    return names


def run_cpca(texts):
    import cpca

    frame = cpca.transform(texts)
    return [in_our_form(*row) for row in zip(frame["省"], frame["市"], frame["区"], strict=True)]


def run_jionlp(texts):
    import jionlp

    found = (jionlp.parse_location(text) for text in texts)
    return [in_our_form(one["province"], one["city"], one["county"]) for one in found]


def list_seats():
    """Return the prefectures and counties of cpca's list; what only holds others has no name."""
    import cpca

    path = pathlib.Path(cpca.__file__).parent / "resources" / "adcodes.csv"
    with path.open(encoding="utf-8") as file:
        units = {row["adcode"][:6]: row for row in csv.DictReader(file)}
    seats = []
    for adcode, row in units.items():
        holders = (adcode[:2] + "0000", adcode[:4] + "00", adcode)
        names = [units[code]["name"] for code in holders if code in units]
        if row["latitude"] and row["name"] not in PLACEHOLDERS and adcode[2:] != "0000":
            path = dict.fromkeys(name for name in names if name not in PLACEHOLDERS)
            seats.append((adcode, "".join(path), float(row["latitude"]), float(row["longitude"])))
    return seats


def main():
    if sys.argv[1] == "seats":
        json.dump(list_seats(), sys.stdout, ensure_ascii=False)
        return
    run = {"cpca": run_cpca, "jionlp": run_jionlp}[sys.argv[1]]
    texts = json.load(sys.stdin)
    with contextlib.redirect_stdout(io.StringIO()):
        run(texts[:10])
        repeats = 3 if sys.argv[1] == "cpca" else 1
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            answers = run(texts)
            seconds.append(time.perf_counter() - start)
    json.dump({"answers": answers, "seconds": min(seconds)}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
