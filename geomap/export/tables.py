"""Tables as CSV and XLSX that no spreadsheet will run, and the tables of a dataset."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from geomap.dataset import Dataset
from geomap.dataset.frames import SCHEMAS
from geomap.export.origin import plain_values, sources_by_feature
from geomap.views.facts import with_chinese_names
from geomap.views.filters import Filters, select_sites
from geomap.workbook import save_workbook, sheet_title, text_cell

TABLE_NAMES = (*SCHEMAS, "provinces")
_FORMULA_STARTS = tuple("=+-@＝＋－＠")
_NUMBER = re.compile(r"[+-]?(\d[\d,]*)(\.\d+)?([eE][+-]?\d+)?%?\Z")
_SITE_FROM_PROJECT = (
    *("investors", "partners", "amount_qualifier", "announced_on", "signed_on", "started_on"),
    *("opened_on", "changed_on", "closed_on", "area_m2", "capacity_mw", "zone_id", "part_of"),
    *("same_as", "may_overlap"),
)


def export_table(dataset: Dataset, name: str, filters: Filters | None = None) -> pd.DataFrame:
    """Give one table of a dataset for export, without geometry, with its version in a column.

    name: one of TABLE_NAMES. A site carries what its project says and its sources; the amount is
    the whole project's at each of its places. filters apply to the table of sites only.
    Investors, partners and companies are followed by their Chinese names (`investors_zh`).
    """
    frame: pd.DataFrame = getattr(dataset, name)
    if name == "provinces":
        frame = pd.DataFrame(frame.drop(columns="geometry"))
    if name == "sites":
        frame = frame if filters is None else frame[select_sites(dataset, filters)]
        frame = _with_project(frame, dataset)
    return with_chinese_names(frame, dataset).assign(dataset_version=dataset.version)


def _with_project(sites: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    projects = dataset.projects.set_index("feature_id")[list(_SITE_FROM_PROJECT)]
    told = sites.drop(columns=["site_index", "source_id"]).join(projects, on="feature_id")
    sources = sources_by_feature(dataset)
    cited = [sources[feature_id] for feature_id in sites["feature_id"]]
    told["sources"] = [[f"{source}@{where}" for source, where in pairs] for pairs in cited]
    told["source_urls"] = [_urls(dataset, pairs) for pairs in cited]
    return told


def _urls(dataset: Dataset, pairs: Iterable[tuple[str, str]]) -> list[Any]:
    urls = ((dataset.source(source_id) or {}).get("url") for source_id, _ in pairs)
    return [url for url in urls if url]


# ---------------------------------------------------------------- CSV


def csv_text(frame: pd.DataFrame) -> str:
    """Write a table as CSV: a header row, lists joined by `;`, nothing where nothing is known.

    Numbers stay numbers, negative ones too; text that would run as a formula gets an apostrophe
    in front.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([safe_cell(str(name)) for name in frame.columns])
    columns = [[safe_cell(plain_cell(v)) for v in plain_values(frame[n])] for n in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return file.getvalue()


def plain_cell(value: object) -> object:
    """Give a cell as text or number: lists joined by `;`, flags as true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        parts = (">".join(part) if isinstance(part, tuple) else str(part) for part in value)
        return ";".join(parts)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def safe_cell(value: object) -> object:
    """Keep a spreadsheet from running a text: what starts like a formula gets an apostrophe.

    Numbers are left alone, and so is text that is a plain number such as "-5" or "+3.2%".
    """
    if not isinstance(value, str):
        return value
    bare = value.lstrip()
    opens = bare.startswith(_FORMULA_STARTS) or value.startswith(("\t", "\r", "\n"))
    return f"'{value}" if opens and not _NUMBER.match(value) else value


# ---------------------------------------------------------------- XLSX


def xlsx_bytes(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Write tables as the sheets of one workbook; every text cell is text, never a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, frame in sheets.items():
        sheet = book.create_sheet(sheet_title(title))
        sheet.freeze_panes = "A2"
        sheet.append([text_cell(sheet, str(name)) for name in frame.columns])
        columns = [[plain_cell(v) for v in plain_values(frame[n])] for n in frame.columns]
        for row in zip(*columns, strict=True):
            sheet.append([text_cell(sheet, value) for value in row])
    file = io.BytesIO()
    save_workbook(book, file)
    return file.getvalue()
