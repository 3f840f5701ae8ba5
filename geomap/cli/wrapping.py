"""Help pages in Chinese: lines measured in cells of the terminal, two for a Chinese character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import typer

from geomap.cli.language import language, words
from geomap.cli.usage import put_in_words, symbols_in_words

_Page: Any = typer.Context.formatter_class  # the library names it nowhere else
_AFTER = "，。、；：？！）》”’…"  # never at the start of a line
_BEFORE = "（《“‘"  # never at its end
_PIECE = re.compile(rf"[{_BEFORE}]*(?:[!-~]+|[^ ])[{_AFTER}]*")
_FURTHER = re.compile(r" *\[([^\[\]]+)\]$")


def cells(text: str) -> int:
    """Measure a text as the terminal shows it."""
    from rich.cells import cell_len

    return cell_len(text)


def wrap_cells(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` cells, between Chinese characters or words."""
    lines = [""]
    for space, piece in re.findall(rf"( *)({_PIECE.pattern})", text):
        longer = lines[-1] + space + piece if lines[-1] else piece
        if cells(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


class HelpPage(_Page):  # type: ignore[misc]
    """A help page in the language of messages; in English exactly the library's own."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        prefix = prefix or words("cli.typer.usage")
        super().write_usage(prog, symbols_in_words(args), prefix)

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        if language() == "en":
            super().write_heading(heading)
        else:
            self.write(f"{put_in_words(heading) or heading}：\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, those that start with a backspace line by line."""
        if language() == "en":
            super().write_text(text)
        else:
            self.write(_paragraphs(text, self.width - self.current_indent, self.current_indent))

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names and what they mean side by side."""
        if language() == "en":
            super().write_dl(rows, col_max, col_spacing)
            return
        told = [(symbols_in_words(first), _meaning(second)) for first, second in rows]
        widest = max(cells(first) for first, _ in told)
        start = self.current_indent + min(widest, col_max) + col_spacing
        for first, second in told:
            lines = wrap_cells(second, max(self.width - start, 10))
            head = f"{'':{self.current_indent}}{first}"
            if cells(head) + col_spacing > start:
                self.write(f"{head}\n")
                head = ""
            self.write(f"{head}{'':{start - cells(head)}}{lines[0]}\n")
            for line in lines[1:]:
                self.write(f"{'':{start}}{line}\n")


def _paragraphs(text: str, width: int, indent: int) -> str:
    told = []
    for paragraph in text.split("\n\n"):
        kept = paragraph.startswith("\b\n")
        lines = paragraph.splitlines()[1:] if kept else wrap_cells(paragraph, width)
        told.append("\n".join(f"{'':{indent}}{line}" for line in lines))
    return "\n\n".join(told) + "\n"


def _meaning(text: str) -> str:
    """Word what the library adds to the meaning of an option: its default, that it is needed."""

    def worded(match: re.Match[str]) -> str:
        parts = match.group(1).split("; ")
        return f"[{'；'.join(put_in_words(part) or part for part in parts)}]"

    return _FURTHER.sub(worded, put_in_words(text) or text)
