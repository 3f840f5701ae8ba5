"""`geomap app`: build when needed, serve the map, stop cleanly."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from geomap.cli.console import ENVIRONMENT, FAULTS, fail, progress_bar, put, say
from geomap.cli.language import language, words
from geomap.cli.seeds import (
    BoundariesOption,
    DataOption,
    IssueFormat,
    SeedsOption,
    issues_text,
    settings_of,
    summary,
)
from geomap.errors import system_reason
from geomap.paths import seeds_dir
from geomap.settings import Settings

if TYPE_CHECKING:
    from geomap.dataset.versions import Manifest

DEFAULT_PORT = 8501
_PATIENCE_S = 3  # for open pages when the server is asked to stop


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="cli.app.port")] = DEFAULT_PORT,
    host: Annotated[str, typer.Option(help="cli.app.host")] = "127.0.0.1",
    seeds: SeedsOption = None,
    data: DataOption = None,
    boundaries: BoundariesOption = None,
) -> None:
    """Serve the map to browsers, offline."""
    settings = settings_of(seeds, data, boundaries)
    listening = listen(host, port)
    build_when_needed(settings, named=seeds is not None)
    _hand_on(settings)
    run_server(listening, host)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is built; says so when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        _refuse_port(error, host, port)
    return listening


def _refuse_port(error: OSError, host: str, port: int) -> NoReturn:
    """Say why a port cannot be had and end the command."""
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 0
        fail(words("cli.app.taken", port=port, other=other), ENVIRONMENT)
    why = system_reason(error).say(language())
    fail(words("cli.app.cannot_listen", host=host, port=port, error=why), ENVIRONMENT)


def build_when_needed(settings: Settings, *, named: bool) -> None:
    """Build when there is no dataset or its records changed; with faults, keep to the one before.

    named: whether the command names the records. When it does not, a dataset made of other records
    than the shipped ones stays the one that is served. Ends with exit code 1 when the seeds have
    faults and there is no dataset to fall back on.
    """
    from geomap.dataset import build_dataset, needs_build

    before = _manifest_before(settings)
    if before and not before.shipped and not (named or settings.seeds_dir != seeds_dir()):
        say(words("cli.app.own_records", version=before.version, folder=settings.data_dir))
        return
    if not needs_build(settings):
        return
    if before:
        say(words("cli.app.anew", version=before.version, folder=settings.seeds_dir))
    else:
        say(words("cli.app.building"))
    with progress_bar() as tell:
        report = build_dataset(settings.seeds_dir, settings, progress=tell)
    if report.dataset is not None:
        told = summary(report.issues)
        say(words("cli.app.built", summary=told, version=report.dataset.version))
        return
    say(issues_text(report.issues, IssueFormat.text, language()).rstrip("\n"))
    if before is None:
        fail(words("cli.app.nothing", summary=summary(report.issues)), FAULTS)
    say(words("cli.app.before", summary=summary(report.issues), version=before.version))


def _manifest_before(settings: Settings) -> Manifest | None:
    """Read which dataset there is; one that cannot be read is told, for it will be replaced."""
    from geomap.dataset import read_manifest
    from geomap.errors import DatasetError

    try:
        return read_manifest(settings.data_dir)
    except DatasetError as error:
        if (settings.data_dir / "manifest.json").exists():
            say(error.sentence(language()))
        return None


def _hand_on(settings: Settings) -> None:
    """Tell the pages, which read their settings from the environment, what was chosen here."""
    os.environ["GEOMAP_SEEDS_DIR"] = str(settings.seeds_dir)
    os.environ["GEOMAP_DATA_DIR"] = str(settings.data_dir)
    if settings.boundaries is not None:
        os.environ["GEOMAP_BOUNDARIES"] = str(settings.boundaries)


def run_server(listening: socket.socket, host: str) -> None:
    """Serve until told to stop; Ctrl-C and a polite kill both end with exit code 0."""
    import uvicorn

    class Server(uvicorn.Server):
        """A server that says where it is once it can be reached."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Start, then print the address."""
            await super().startup(sockets=sockets)
            if self.started:
                at = address(host, listening.getsockname()[1])
                put(f"{words('cli.app.at', address=at)}\n")
                say(words("cli.app.how_to_stop"))

    _log_warnings_only()
    config = uvicorn.Config(
        "geomap.app.server:app",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_PATIENCE_S,
        server_header=False,
    )
    config.load()
    try:
        # Two programs may take one port as long as neither listens; the pages are ready by now.
        listening.listen()
    except OSError as error:
        _refuse_port(error, host, listening.getsockname()[1])
    # uvicorn hands the signal on once it has shut down; these make that the end, and a good one.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        say(words("cli.stopped"))
    finally:
        listening.close()


def _log_warnings_only() -> None:
    """Keep requests out of the log, whatever level loading the pages sets.

    A log of requests would hold what readers searched for.
    """
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logging.getLogger(name).addFilter(lambda record: record.levelno >= logging.WARNING)


def address(host: str, port: int) -> str:
    """Write the address a browser on this machine opens."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared only
    if ":" in shown and not shown.startswith("["):
        shown = f"[{shown}]"
    return f"http://{shown}:{port}"
