"""The command line: `geomap validate`, `build`, `geocode`, `compare`, `export` and `app`."""

from __future__ import annotations

from typing import Annotated

import typer

from geomap import __version__
from geomap.cli.compare import compare
from geomap.cli.console import OK, GuardedGroup
from geomap.cli.export import export_app
from geomap.cli.geocode import geocode
from geomap.cli.seeds import build, validate
from geomap.cli.serve import serve
from geomap.cli.spoken import SpokenCommand

app = typer.Typer(
    name="geomap",
    cls=GuardedGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog="cli.exit.title",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
app.command("validate", cls=SpokenCommand, help="cli.validate.help")(validate)
app.command("build", cls=SpokenCommand, help="cli.build.help")(build)
app.command("geocode", cls=SpokenCommand, help="cli.geocode.help")(geocode)
app.command("compare", cls=SpokenCommand, help="cli.compare.help")(compare)
app.add_typer(export_app, name="export")
app.command("app", cls=SpokenCommand, help="cli.app.help")(serve)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"geomap {__version__}")
        raise typer.Exit(OK)


@app.callback(help="cli.help")
def geomap(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="cli.option.version"
        ),
    ] = False,
) -> None:
    """Do nothing but hold the options that belong to no command."""


def main() -> None:
    """Run the command line of this process."""
    app(prog_name="geomap")
