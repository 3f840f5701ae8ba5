"""Compare the offline geocoder with cpca and jionlp on the same rows, in one run.

Usage: python benchmarks/geocode_accuracy.py EVAL_FOLDER [--peers PYTHON]

EVAL_FOLDER holds labelled rows as JSON lines: `zh_addr*.jsonl` (text, province, city, county,
ambiguous, county_unlabelled) and `wri_plants*.jsonl` (location, lat, lon, location_has_admin).
PYTHON is an interpreter with cpca and jionlp installed; without it a temporary one is made.
The seats are those of the list of units that cpca brings, in GCJ-02: independent of our gazetteer.
Changed units and zones are taken from data/geo, so for those two the table shows that the reader
uses its tables, and how far the peers know them; it is no independent test.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

import opencc

from geomap.datum import to_wgs84
from geomap.gazetteer import Naming, Unit, load_gazetteer
from geomap.gazetteer.unit import apart_km
from geomap.geocode import Location, default_geocoder

PEERS = ("cpca", "jionlp")
HERE = Path(__file__).resolve().parent
Path3 = tuple[str | None, str | None, str | None]
# Texts that state no county; a county in the answer is invented. Made up for this benchmark.
NO_COUNTY = (
    "上海市南京西路1266号", "北京市朝阳门内大街", "武汉市解放大道江汉路口", "成都市红星路35号",
    "南京市中山北路", "天津市河北路", "长沙市韶山南路22号", "济南市历山路", "西安市长安南路",
    "西安交通大学", "上海师范大学", "中国电信(云南)", "北京路步行街", "杭州市延安路",
    "郑州市经开第八大街", "大连市中山路", "青岛市香港中路", "厦门市湖滨南路", "苏州市人民路",
    "无锡市长江路", "昆明市北京路", "哈尔滨市西大直街", "重庆市四川外国语大学", "宁波市东渡路",
    "贵安新区", "江苏省", "内蒙古", "广东省东莞市", "东莞市莞城区", "海南省三亚市迎宾路",
)  # fmt: skip


def read_rows(folder: Path, pattern: str) -> list[dict]:
    return [
        json.loads(line)
        for path in sorted(folder.glob(pattern))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def ask_peer(python: str, peer: str, texts: Sequence[str]) -> dict:
    done = subprocess.run(
        [python, str(HERE / "geocode_peers.py"), peer],
        input=json.dumps(list(texts), ensure_ascii=False),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def ask_all(python: str, texts: Sequence[str]) -> dict[str, list[Path3]]:
    """Return each geocoder's (province, city, county) for every text."""
    if not texts:
        return {name: [] for name in ("ours", *PEERS)}
    answers = {"ours": [path_of(found) for found in default_geocoder().resolve_many(texts)]}
    for peer in PEERS:
        answers[peer] = [tuple(path) for path in ask_peer(python, peer, texts)["answers"]]
    return answers


def path_of(found: Location) -> Path3:
    if found.status != "matched":
        return (None, None, None)
    return (found.province, found.city, found.county)


def share(right: Sequence[bool]) -> str:
    return f"{sum(right) / len(right):.4f}" if right else "-"


def print_line(task: str, rows: int, figures: dict[str, str]) -> None:
    columns = "  ".join(f"{figures.get(name, '-'):>8}" for name in ("ours", *PEERS))
    print(f"{task:58} {rows:5d}  {columns}")


def is_path_right(row: dict, path: Path3) -> bool:
    """Compare the labelled levels; where the county was not labelled it is left out."""
    wanted = (row["province"], row["city"], row["county"])
    return wanted[:2] == path[:2] if row.get("county_unlabelled") else wanted == path


def compare_addresses(python: str, rows: list[dict], task: str, convert: Callable) -> None:
    answers = ask_all(python, [convert(row["text"]) for row in rows])
    right = {
        name: share([is_path_right(row, path) for row, path in zip(rows, paths, strict=True)])
        for name, paths in answers.items()
    }
    print_line(task, len(rows), right)


def compare_ambiguous(python: str, rows: list[dict]) -> None:
    """Count rows said to be ambiguous: by us with the right candidates, by peers with silence."""
    texts = [row["text"] for row in rows]
    told = [
        is_told(row, found)
        for row, found in zip(rows, default_geocoder().resolve_many(texts), strict=True)
    ]
    figures = {"ours": str(sum(told))}
    for peer in PEERS:
        paths = ask_peer(python, peer, texts)["answers"]
        figures[peer] = str(sum(path[1] is None for path in paths))
    print_line("ambiguous address: says so (count)", len(rows), figures)


def is_told(row: dict, found: Location) -> bool:
    names = {candidate.path_zh for candidate in found.candidates}
    wanted = {"".join(dict.fromkeys(path)) for path in row["candidates"]}
    return found.status == "ambiguous" and wanted <= names


def compare_changed_units(python: str) -> None:
    gazetteer = load_gazetteer()
    rows: list[tuple[str, Naming]] = []
    for namings in gazetteer.names.values():
        formers = [n for n in namings if n.former and n.unit.level == "county"]
        if len({n.unit.adcode for n in formers}) == 1:
            naming = formers[0]
            holder = gazetteer.path(naming.unit).city or gazetteer.path(naming.unit).province
            rows.append(((holder.name_zh if holder else "") + (naming.former or ""), naming))
    answers = ask_all(python, [text for text, _ in rows])
    wanted = [tuple(u.name_zh if u else None for u in gazetteer.path(n.unit)) for _, n in rows]
    for task, levels in (("city", slice(0, 2)), ("today's county", slice(0, 3))):
        figures = {
            name: share(
                [path[levels] == want[levels] for path, want in zip(paths, wanted, strict=True)]
            )
            for name, paths in answers.items()
        }
        print_line(f"abolished units of our own table: {task}", len(rows), figures)


def compare_zones(python: str) -> None:
    gazetteer = load_gazetteer()
    zones = [unit for unit in gazetteer.units if unit.level == "zone" and unit.name_zh]
    answers = ask_all(python, [zone.name_zh or "" for zone in zones])
    wanted = [tuple(u.name_zh if u else None for u in gazetteer.path(z)) for z in zones]
    figures = {
        name: share([path == want for path, want in zip(paths, wanted, strict=True)])
        for name, paths in answers.items()
    }
    print_line("zones and parks of our own table: full path", len(zones), figures)


def compare_invented(python: str) -> None:
    answers = ask_all(python, NO_COUNTY)
    figures = {n: str(sum(path[2] is not None for path in paths)) for n, paths in answers.items()}
    print_line("county invented where none is stated (count)", len(NO_COUNTY), figures)


def measure_seats(python: str) -> None:
    """Ask for the units of cpca's list by its Chinese path, and by our English names of them."""
    done = subprocess.run(
        [python, str(HERE / "geocode_peers.py"), "seats"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    seats = json.loads(done.stdout)
    english = {seat[0]: english_path(seat[0]) for seat in seats}
    for language, path_of_seat in (
        ("Chinese", {adcode: path for adcode, path, _, _ in seats}),
        ("English", {adcode: path for adcode, path in english.items() if path}),
    ):
        for level, is_of_level in (
            ("prefectures", lambda adcode: adcode.endswith("00")),
            ("counties", lambda adcode: not adcode.endswith("00")),
        ):
            near = [
                seat_distance_km(path_of_seat[adcode], lat, lon) <= 10
                for adcode, _, lat, lon in seats
                if adcode in path_of_seat and is_of_level(adcode)
            ]
            print_line(f"seats of {level} in {language}: 10 km", len(near), {"ours": share(near)})


def english_path(adcode: str) -> str | None:
    """Write a unit as English texts do: Name, Prefecture, Province; None for an abolished code."""
    gazetteer = load_gazetteer()
    unit = gazetteer.by_adcode.get(adcode)
    if unit is None:
        return None
    names = [one.name_en for one in gazetteer.path(unit)[::-1] if one is not None]
    return ", ".join(name for name in names if name)


def seat_distance_km(path: str, lat: float, lon: float) -> float:
    """Return how far the answer for a path is from a seat in GCJ-02, km."""
    true_lat, true_lon = to_wgs84(lat, lon, "gcj02")
    return distance_km({"lat": true_lat, "lon": true_lon}, default_geocoder().resolve(path))


def compare_context() -> None:
    """Resolve English names of several units beside a sentence on their province or prefecture.

    Made from the gazetteer, so it tests the choice, not the table; the rival takes the most
    populous unit of the name.
    """
    gazetteer = load_gazetteer()
    named: dict[str, list[Unit]] = {}
    for unit in gazetteer.units:
        if unit.level in {"prefecture", "county"} and unit.name_en:
            named.setdefault(unit.name_en, []).append(unit)
    cases = [
        (name, unit, max(units, key=lambda one: one.population or 0))
        for name, units in named.items()
        if len({unit.prefecture_adcode for unit in units}) > 1
        for unit in units
    ]
    for words, holder_of in (("province", "province_adcode"), ("prefecture", "prefecture_adcode")):
        near, populous = [], []
        for name, unit, biggest in cases:
            holder = gazetteer.by_adcode.get(getattr(unit, holder_of) or unit.province_adcode or "")
            context = f"A company from {holder.name_en if holder else ''} built a plant in {name}."
            found = default_geocoder().resolve(name, context=context)
            near.append(distance_km({"lat": unit.lat, "lon": unit.lon}, found) <= 161)
            populous.append((apart_km(unit, biggest) or 0.0) <= 161)
        figures = {"ours": share(near), "cpca": share(populous)}
        print_line(
            f"English name of several units, {words} in context: 161 km", len(cases), figures
        )
    print("  (second column of the last two lines: the most populous unit of the name)")


def distance_km(row: dict, found: Location) -> float:
    if found.lat is None or found.lon is None:
        return math.inf
    phi, psi = math.radians(row["lat"]), math.radians(found.lat)
    half_lat, half_lon = (psi - phi) / 2, math.radians(found.lon - row["lon"]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(half_lon) ** 2
    return 12742.0 * math.asin(math.sqrt(chord))


def measure_english(rows: list[dict]) -> None:
    found = [default_geocoder().resolve(row["location"]) for row in rows]
    apart = [distance_km(row, one) for row, one in zip(rows, found, strict=True)]
    for km in (10, 25, 161):
        print_line(
            f"English text of real projects within {km} km", len(rows),
            {"ours": share([d <= km for d in apart])},
        )  # fmt: skip
    held = [d <= (one.radius_km or 0) for d, one in zip(apart, found, strict=True)]
    print_line("stated radius holds the truth", len(rows), {"ours": share(held)})
    measure_radii(found, apart)


def measure_radii(found: list[Location], apart: list[float]) -> None:
    """Print, for every precision, how often the radius holds and what would hold nine in ten."""
    print(
        "\nradius by precision: rows, share held, distance in radii that holds 9 in 10, median km"
    )
    for precision in sorted({one.precision or "-" for one in found}):
        ratios = sorted(
            (d / one.radius_km, one.radius_km)
            for d, one in zip(apart, found, strict=True)
            if (one.precision or "-") == precision and one.radius_km
        )
        if ratios:
            nine_in_ten = ratios[math.ceil(len(ratios) * 0.9) - 1][0]
            held = sum(ratio <= 1 for ratio, _ in ratios) / len(ratios)
            radius = sorted(radius for _, radius in ratios)[len(ratios) // 2]
            print(f"  {precision:12} {len(ratios):4d}  {held:.3f}  {nine_in_ten:.2f}  {radius:.0f}")


def make_peers(folder: str) -> str:
    """Install the peers into a temporary environment and return its interpreter."""
    venv.create(folder, with_pip=True)
    python = str(Path(folder) / "bin" / "python")
    subprocess.run([python, "-m", "pip", "-q", "install", *PEERS], check=True)
    return python


def compare(folder: Path, python: str) -> None:
    print(f"{'task':58} {'rows':>5}  " + "  ".join(f"{name:>8}" for name in ("ours", *PEERS)))
    rows = read_rows(folder, "zh_addr*.jsonl")
    plain = [row for row in rows if not row.get("ambiguous")]
    compare_addresses(python, plain, "Chinese address: full path", str)
    for form, name in (("s2t", "traditional"), ("s2hk", "Hong Kong"), ("s2tw", "Taiwan")):
        convert = opencc.OpenCC(form).convert
        compare_addresses(python, plain, f"same addresses in {name} script", convert)
    compare_ambiguous(python, [row for row in rows if row.get("ambiguous")])
    compare_changed_units(python)
    compare_zones(python)
    compare_invented(python)
    measure_seats(python)
    compare_context()
    measure_english([r for r in read_rows(folder, "wri*.jsonl") if r["location_has_admin"]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", help="interpreter with cpca and jionlp")
    arguments = parser.parse_args()
    if arguments.peers:
        compare(arguments.folder, arguments.peers)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        compare(arguments.folder, make_peers(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
