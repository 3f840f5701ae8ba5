"""geomap: an open, offline map of technology investment in China."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["__version__"]
