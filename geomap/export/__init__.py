"""Datasets as files for other programs: GeoJSON, CSV and XLSX, with sources and credits."""

from geomap.export.comparison import (
    comparison_frame,
    comparison_html,
    comparison_json,
    comparison_sheets,
)
from geomap.export.geojson import geojson_text
from geomap.export.origin import provenance, sources_by_feature
from geomap.export.tables import TABLE_NAMES, csv_text, export_table, safe_cell, xlsx_bytes

__all__ = [
    "TABLE_NAMES",
    "comparison_frame",
    "comparison_html",
    "comparison_json",
    "comparison_sheets",
    "csv_text",
    "export_table",
    "geojson_text",
    "provenance",
    "safe_cell",
    "sources_by_feature",
    "xlsx_bytes",
]
