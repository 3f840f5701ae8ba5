"""Where the shipped data and seeds are, in a checkout and in an installed wheel."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

PACKAGE_DIR = Path(__file__).resolve().parent
LOCALE_DIR = PACKAGE_DIR / "locale"
_CHECKOUT = PACKAGE_DIR.parent
_INSTALLED = Path(sys.prefix) / "share" / "geomap"


def is_checkout() -> bool:
    """Tell whether geomap runs from a checkout (data/geo stands beside the package)."""
    return (_CHECKOUT / "data" / "geo").is_dir() and (_CHECKOUT / "pyproject.toml").is_file()


def shared_root() -> Path:
    """Return the folder that holds `data/geo` and `seeds`."""
    return _CHECKOUT if is_checkout() else _INSTALLED


def geo_dir() -> Path:
    """Return the folder of boundaries, backdrop and gazetteer files."""
    return shared_root() / "data" / "geo"


def seeds_dir() -> Path:
    """Return the folder of the shipped seed records."""
    return shared_root() / "seeds"


def default_data_dir() -> Path:
    """Return where datasets are built: beside a checkout, else the user's data folder."""
    if is_checkout():
        return _CHECKOUT / ".geomap"
    return Path(platformdirs.user_data_dir("geomap"))


def default_cache_dir() -> Path:
    """Return where provider answers are cached."""
    return Path(platformdirs.user_cache_dir("geomap"))
