"""The command line of geomap; `main` is what the `geomap` command runs."""

from geomap.cli.main import app, main

__all__ = ["app", "main"]
