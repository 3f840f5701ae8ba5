"""What the command line library itself says, in the language of messages.

Typer words its sentences in English and offers no way to give it others. Each is in the catalogue
of English as it comes from there, with {names} for what varies, and in that of Chinese as we say
it. A sentence that is not known stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

import typer

from geomap.cli.language import language, words
from geomap.text import catalogue, has_text

_DOMAIN, _PREFIX = "cli", "cli.typer."
_INNER = "why"  # a sentence within a sentence
_SYMBOL = re.compile(r"\b[A-Z]{4,}\b")
_TYPE = re.compile(r"<(.+)>")


def put_in_words(said: str) -> str | None:
    """Say a sentence of the library in the language of messages; None when it is not known."""
    for key, pattern in _patterns():
        if match := pattern.fullmatch(said):
            values = match.groupdict()
            if _INNER in values:
                values[_INNER] = put_in_words(values[_INNER]) or values[_INNER]
            if "name" in values:
                values["name"] = symbols_in_words(values["name"])
            return _quoted(words(key, **values))
    return None


def symbols_in_words(text: str) -> str:
    """Name what stands for a file, a word or a number in the language of messages."""

    def named(match: re.Match[str]) -> str:
        key = f"cli.symbol.{match.group()}"
        return words(key) if has_text(key, language()) else match.group()

    def typed(match: re.Match[str]) -> str:
        return f"<{put_in_words(match.group(1)) or match.group(1)}>"

    return text if language() == "en" else _TYPE.sub(typed, _SYMBOL.sub(named, text))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    known = catalogue(_DOMAIN, "en").items()
    return tuple((key, _pattern(said)) for key, said in known if key.startswith(_PREFIX))


def _pattern(said: str) -> re.Pattern[str]:
    escaped = re.escape(said).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>.+)", escaped), re.DOTALL)


def _quoted(said: str) -> str:
    """Put what the library sets in 'such' marks into those of Chinese."""
    return re.sub(r" ?'([^']*)' ?", r"“\1”", said.replace("', '", "'、'"))


def usage_page(error: typer.TyperException) -> str | None:
    """Write what is wrong with a command line and where its help is; None: the library's way.

    That is so in English, and for what is no sentence, such as the help of a command.
    """
    said = None if language() == "en" else put_in_words(error.format_message())
    if said is None:
        return None
    page = words("cli.error", message=said)
    ctx = getattr(error, "ctx", None)
    if ctx is None:
        return page
    help_ = words("cli.see_help", command=f"{ctx.command_path} {ctx.help_option_names[0]}")
    return f"{ctx.get_usage()}\n{help_}\n\n{page}"
