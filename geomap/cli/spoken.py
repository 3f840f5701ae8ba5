"""Commands whose help stands in the catalogues, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

from geomap.cli.language import exit_codes, language, words
from geomap.cli.wrapping import HelpPage
from geomap.text import has_text

if TYPE_CHECKING:
    _Command = TyperCommand
else:
    _Command = object


class HelpContext(typer.Context):
    """What a command knows while it runs; its help is written in the language of messages."""

    formatter_class = HelpPage


class Spoken(_Command):
    """A command whose help stands in the catalogues: `help` is a key of ours.

    The key that ends in `.examples` instead of `.help` holds the lines shown as they are.
    """

    context_class: type[Any] = HelpContext

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Any = None,  # noqa: ANN401 - as the base class has it
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Read a command line; what people read is in the language of messages by default."""
        for one in self.params:
            if one.name == "lang" and language() != "en":
                one.default = language()
        return super().make_context(info_name, args, parent, **extra)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write the help page."""
        self._word()
        super().format_help(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help."""
        self._word()
        if language() == "en":
            return super().get_short_help_str(limit)
        return (self.help or "").partition("\n")[0]

    def _word(self) -> None:
        """Put words in the place of keys; a command is made anew for every run."""
        key = self.help or ""
        examples = key.removesuffix(".help") + ".examples"
        worded: tuple[Any, ...] = (self, *self.params)
        for one in worded:
            if one.help and has_text(one.help, "en"):
                one.help = words(one.help)
        if has_text(examples, "en"):
            self.help = f"{self.help}\n\n\b\n{words(examples)}"
        if self.epilog and has_text(self.epilog, "en"):
            codes = [f"{code:>4}  {meaning}" for code, meaning in exit_codes(language()).items()]
            self.epilog = "\n".join([f"{words(self.epilog)}\n\n\b", *codes])


class SpokenCommand(Spoken, TyperCommand):
    """A command that is no group."""
