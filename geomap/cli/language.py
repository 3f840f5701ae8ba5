"""The language a command speaks: of the environment, or of its own `--lang`."""

from __future__ import annotations

from contextvars import ContextVar

from geomap.text import catalogue, text

_LANGUAGE: ContextVar[str] = ContextVar("geomap_cli_language", default="en")


def language() -> str:
    """Name the language of messages: "en" or "zh"."""
    return _LANGUAGE.get()


def speak(lang: str) -> None:
    """Choose the language of all that is said from now on."""
    _LANGUAGE.set(lang)


def words(key: str, **values: object) -> str:
    """Return the words behind a key in the language of messages."""
    return text(key, language(), **values)


def exit_codes(lang: str) -> dict[int, str]:
    """Tell what each exit code means."""
    named = ((key.rpartition(".")[2], said) for key, said in catalogue("cli", lang).items())
    return {int(code): said for code, said in named if code.isdecimal()}
