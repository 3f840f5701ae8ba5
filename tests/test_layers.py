"""Imports go down the layers only, and heavy libraries stay behind their fences."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "geomap"

LAYERS = (
    ("errors", "paths", "sentences", "text", "__init__"),
    ("settings", "records", "issues", "workbook", "geodesy", "datum", "sources", "toponym"),
    ("gazetteer", "boundaries", "census"),
    ("load", "validate"),
    ("geocode",),
    ("join",),
    ("dataset",),
    ("views",),
    ("maps", "export"),
    ("app", "cli", "__main__"),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
FENCES = {
    "streamlit": ("app",),
    "folium": ("maps",),
    "branca": ("maps",),
    "geopy": ("geocode",),
}


def imports_of(source: str) -> list[str]:
    """Every module a source text imports, dotted, wherever in the file."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append(node.module)
            if node.module == "geomap":
                found += [f"geomap.{alias.name}" for alias in node.names]
    return found


def faults(part: str, source: str) -> list[str]:
    """What a module of `part` (first name below geomap) may not import but does."""
    wrong = []
    for name in imports_of(source):
        top, _, rest = name.partition(".")
        below = rest.partition(".")[0]
        if top == "geomap" and below in LEVEL and LEVEL[below] > LEVEL[part]:
            wrong.append(f"{part} imports {name} from above")
        if part not in FENCES.get(top, (part,)):
            wrong.append(f"{part} imports {name} outside its fence")
    return wrong


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_module_has_a_layer():
    assert {part_of(path) for path in PACKAGE.rglob("*.py")} <= set(LEVEL)


def test_imports_go_down_only_and_stay_inside_the_fences():
    wrong = [
        fault
        for path in PACKAGE.rglob("*.py")
        for fault in faults(part_of(path), path.read_text("utf-8"))
    ]
    assert wrong == []


def test_the_check_sees_an_import_from_above_and_a_broken_fence():
    assert faults("records", "from geomap.views import details") != []
    assert faults("records", "from geomap import cli") != []
    assert faults("cli", "def f():\n    import folium") != []
    assert faults("maps", "import folium\nfrom geomap.views import layers") == []


def test_import_geomap_loads_no_heavy_library():
    heavy = ["streamlit", "folium", "geopy", "geopandas", "pandas", "numpy"]
    code = f"import sys, geomap; print([name for name in sys.modules if name in {heavy}])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_module_opens_with_a_sentence():
    bare = [
        str(path)
        for path in PACKAGE.rglob("*.py")
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0]
    ]
    assert bare == []
