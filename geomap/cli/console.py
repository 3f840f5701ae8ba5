"""What every command shares: exit codes, messages, output, progress and the guard for errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperGroup

from geomap.cli.language import language, speak, words
from geomap.cli.spoken import Spoken
from geomap.cli.usage import usage_page
from geomap.errors import (
    GeomapError,
    InputError,
    SeedsError,
    SettingsError,
    UnknownDatum,
    UnknownFeature,
    UnknownRegion,
    system_reason,
)
from geomap.issues import show_value
from geomap.settings import language_of_env, language_of_locale

if TYPE_CHECKING:
    from geomap.dataset.places import Progress

OK, FAULTS, USAGE, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 130
_CODE_OF_ERROR: tuple[tuple[type[GeomapError], int], ...] = (
    *((kind, FAULTS) for kind in (SeedsError, InputError, UnknownFeature, UnknownRegion)),
    *((kind, USAGE) for kind in (SettingsError, UnknownDatum)),
)


class GuardedGroup(Spoken, TyperGroup):
    """Commands whose expected errors become one sentence and an exit code, never a traceback."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Any = None,  # noqa: ANN401 - as the base class has it
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Choose the language of messages before anything can be wrong with the command line."""
        if parent is None:
            _choose_language()
        with _usage_in_words():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as the base class has it
        """Run a command and turn its trouble into a message."""
        try:
            with _usage_in_words():
                return super().invoke(ctx)
        except GeomapError as error:
            fail(error.sentence(language()), code_of(error))
        except BrokenPipeError:
            _close_quietly()
            raise typer.Exit(OK) from None
        except OSError as error:
            fail(_what_the_system_says(error), ENVIRONMENT)
        except KeyboardInterrupt:
            fail(words("cli.stopped"), INTERRUPTED)


def _choose_language() -> None:
    try:
        speak(language_of_env())
    except SettingsError as error:
        speak(language_of_locale())
        fail(error.sentence(language()), USAGE)


@contextmanager
def _usage_in_words() -> Iterator[None]:
    """Say what is wrong with a command line in the language of messages."""
    try:
        yield
    except typer.TyperException as error:
        if isinstance(error, typer.BadParameter):
            error.message = error.message.removeprefix("Value error, ")  # words of a library
        page = usage_page(error)
        if page is None:
            raise
        say(page)
        raise typer.Exit(error.exit_code) from None


def code_of(error: GeomapError) -> int:
    """Choose the exit code of an error: whose fault it is."""
    codes = (code for kind, code in _CODE_OF_ERROR if isinstance(error, kind))
    return next(codes, ENVIRONMENT)


def _what_the_system_says(error: OSError) -> str:
    why = system_reason(error).say(language())
    if error.filename:
        return words("errors.system.refused_at", path=error.filename, error=why)
    return words("errors.system.refused", error=why)


def _close_quietly() -> None:
    """Keep Python from complaining that whoever read our output has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong and end the command with an exit code."""
    say(f"geomap: {message}")
    raise typer.Exit(code)


def say(message: str) -> None:
    """Write a message for a person to stderr."""
    typer.echo(plain(message), err=True)


def put(text: str, output: Path | None = None) -> None:
    """Write a result to a file, or to stdout when there is none or it is `-`."""
    if output is None or str(output) == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
        return
    put_bytes(text.encode("utf-8"), output)


def put_bytes(content: bytes, output: Path) -> None:
    """Write a result to a file that appears whole or not at all, and say where it is."""
    if not output.parent.is_dir():
        fail(words("errors.table.no_folder", folder=output.parent), ENVIRONMENT)
    temporary = output.with_name(f".{output.name}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)
    say(words("cli.written", path=output))


def plain(text: str) -> str:
    """Make text harmless for a terminal: control characters are shown, not obeyed."""
    if text.replace("\n", "").isprintable():
        return text
    return "\n".join(line if line.isprintable() else _shown(line) for line in text.split("\n"))


def _shown(line: str) -> str:
    return "".join(show_value(letter) if not letter.isprintable() else letter for letter in line)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show the progress of long work on stderr, if that is a terminal; else say nothing."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda stage, done, total: bar.update(
            task, description=words(f"cli.stage.{stage.lower()}"), completed=done, total=total
        )
