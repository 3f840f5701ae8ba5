"""A small clean seeds folder that a test may spoil in one place at a time."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from geomap.records import TABLES

ROWS = {
    "sources": [
        {
            "source_id": "paper-2020-05-01",
            "title": "A page",
            "publisher": "Paper",
            "published_on": "2020-05-01",
            "published_basis": "stated",
            "url": "https://example.org/page",
            "language": "en",
            "kind": "article",
        },
    ],
    "cities": [
        {"adcode": "340100", "name_en": "Hefei", "name_zh": "合肥市", "level": "prefecture"},
        {"adcode": "310117", "name_en": "Songjiang", "name_zh": "松江区", "level": "county"},
    ],
    "projects": [
        {
            "project_id": "first-centre",
            "name_en": "First centre",
            "name_zh": "第一中心",
            "kind": "data_centre",
            "status": "construction",
            "investors": "Company A;Company B",
            "places": "Hefei, Anhui",
            "lat": "31.82",
            "lon": "117.23",
            "amount_cny": "15000000000",
            "amount_usd": "2100000000",
            "amount_qualifier": "exact",
            "amount_state": "stated",
            "announced_on": "2020",
            "started_on": "2020-06",
            "zone_id": "the-zone",
            "inferred": "started_on=the text says last June",
        },
        {
            "project_id": "second-centre",
            "name_en": "Second centre",
            "name_zh": "第二中心",
            "kind": "laboratory",
            "status": "announced",
            "places": "Hefei, Anhui;Songjiang District, Shanghai",
            "amount_state": "undisclosed",
            "part_of": "first-centre",
        },
    ],
    "zones": [
        {
            "zone_id": "the-zone",
            "name_en": "The zone",
            "name_zh": "园区",
            "kind": "high_tech_zone",
            "members": "Hefei, Anhui",
            "draw_on_map": "true",
        },
    ],
    "corridors": [
        {
            "corridor_id": "line",
            "name_en": "The line",
            "name_zh": "走廊",
            "members": "310117;340100",
            "branches": "310117>340100",
        },
    ],
    "indicators": [
        {
            "indicator_id": "output-2020",
            "subject": "340100",
            "metric": "output",
            "value": "-3.5",
            "unit": "percent",
            "period": "2020-01/2020-06",
            "name_en": "Growth of output",
            "name_zh": "产值增长",
        },
    ],
    "organisations": [
        {"name_en": "Company A", "name_zh": "甲公司", "aliases": "A Holdings;甲"},
        {"name_en": "Company B", "name_zh": "乙公司"},
    ],
    "aliases": [{"toponym": "Luzhou", "adcode": "340100", "reason": "older name"}],
    "exclusions": [{"toponym": "Hefei Street", "reason": "a road"}],
}


class SeedFolder:
    """Rows of every table as dictionaries, written to a folder when a test is done with them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = {name: [dict(row) for row in rows] for name, rows in ROWS.items()}
        self.headers = {name: [c.name for c in table.columns] for name, table in TABLES.items()}
        for name, table in TABLES.items():
            if "source_id" in self.headers[name] and table.key != "source_id":
                for row in self.rows[name]:
                    row.setdefault("source_id", "paper-2020-05-01")

    def set(self, table: str, row: int, **cells: str) -> SeedFolder:
        self.rows[table][row].update(cells)
        return self

    def copy(self, table: str, row: int, **cells: str) -> SeedFolder:
        self.rows[table].append({**self.rows[table][row], **cells})
        return self

    def text(self, table: str) -> str:
        out = io.StringIO()
        writer = csv.DictWriter(
            out, self.headers[table], restval="", extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(self.rows[table])
        return out.getvalue()

    def write(self) -> Path:
        self.path.mkdir(parents=True, exist_ok=True)
        for name in TABLES:
            (self.path / f"{name}.csv").write_text(self.text(name), "utf-8", newline="")
        return self.path
