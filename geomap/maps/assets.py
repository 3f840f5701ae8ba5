"""What the browser loads besides data: vendored Leaflet, the renderer, its style, the words.

Every asset is served under the hash of its content, so that a browser keeps it for good and a new
release is fetched at once. The same texts are put inline into the HTML export.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geomap.maps.data_files import DataFile
from geomap.text import LANGUAGES, catalogue

_HERE = Path(__file__).resolve().parent
VENDOR_DIR = _HERE / "vendor"
HOST_DIR = _HERE / "host"
RENDERER_DIR = HOST_DIR / "renderer"

SCRIPTS = ("leaflet.js", "geomap.js")
STYLES = ("leaflet.css", "geomap.css")
WORDS = "words.json"
_MEDIA = {"js": "text/javascript", "css": "text/css", "json": "application/json"}


@dataclass(frozen=True)
class Asset:
    """One file as it is served. path: relative address with the content hash."""

    path: str
    file: DataFile

    @property
    def text(self) -> str:
        """The asset as text, for the export."""
        return self.file.body.decode()


def _asset(name: str, text: str) -> Asset:
    body = text.encode()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"assets/{digest}/{name}", DataFile(body, _MEDIA[name.rpartition(".")[2]]))


@cache
def assets() -> Mapping[str, Asset]:
    """Read all assets once; name -> asset."""
    texts = {
        "leaflet.js": _without_source_map((VENDOR_DIR / "leaflet.js").read_text("utf-8")),
        "geomap.js": renderer_script(),
        "leaflet.css": (VENDOR_DIR / "leaflet.css").read_text("utf-8"),
        "geomap.css": (RENDERER_DIR / "geomap.css").read_text("utf-8"),
        WORDS: json.dumps(map_words(), ensure_ascii=False, sort_keys=True),
    }
    return {name: _asset(name, text) for name, text in texts.items()}


def renderer_script() -> str:
    """Join the parts of the renderer in the order of their names."""
    return "\n".join(path.read_text("utf-8") for path in sorted(RENDERER_DIR.glob("*.js")))


def map_words() -> dict[str, dict[str, str]]:
    """Give the words of the map in every language: lang -> key -> text."""
    return {lang: dict(catalogue("map", lang)) for lang in LANGUAGES}


def _without_source_map(script: str) -> str:
    """Drop the pointer to a source map, which does not ship."""
    return script.rpartition("//# sourceMappingURL=")[0] or script
