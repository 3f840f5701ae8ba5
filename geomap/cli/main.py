"""The command line: `geomap validate`, `build`, `geocode`, `compare`, `export` and `app`."""

from __future__ import annotations

from typing import Annotated

import typer

from geomap import __version__
from geomap.cli.compare import compare
from geomap.cli.console import EXIT_CODES, OK, GuardedGroup
from geomap.cli.export import export_app
from geomap.cli.geocode import geocode
from geomap.cli.seeds import build, validate
from geomap.cli.serve import serve

_CODES = "\n".join(f"{code:>4}  {why}" for code, why in EXIT_CODES.items())

app = typer.Typer(
    name="geomap",
    cls=GuardedGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=f"Exit codes:\n\n\b\n{_CODES}",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
app.command("validate")(validate)
app.command("build")(build)
app.command("geocode")(geocode)
app.command("compare")(compare)
app.add_typer(export_app, name="export")
app.command("app")(serve)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"geomap {__version__}")
        raise typer.Exit(OK)


@app.callback()
def geomap(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Map technology investment in China, offline: check, place, show and compare records.

    Results go to stdout, messages to stderr. Every option that names a folder can also be set in
    the environment: GEOMAP_SEEDS_DIR, GEOMAP_DATA_DIR, GEOMAP_CACHE_DIR, GEOMAP_BOUNDARIES.

    \b
    Examples:
      geomap app                                   build if needed, serve the map
      geomap validate my-seeds                     list every fault of a folder of records
      geomap build --seeds my-seeds                make a dataset of it
      geomap geocode --text "Shengze, Suzhou"      find a place, offline
      geomap compare Anhui Zhejiang                put regions side by side
      geomap export geojson -o china.geojson       take the data elsewhere
    """


def main() -> None:
    """Run the command line of this process."""
    app(prog_name="geomap")
