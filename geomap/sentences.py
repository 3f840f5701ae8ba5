"""Sentences that are chosen now and worded later, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geomap.text import format_list, has_text, text


@dataclass(frozen=True)
class Names:
    """One thing named in both languages; a missing name falls back to the other one."""

    en: str
    zh: str

    def __bool__(self) -> bool:
        """Tell whether anything is said at all."""
        return bool(self.en or self.zh)

    def say(self, lang: str) -> str:
        """Return the name in `lang` ("en" or "zh")."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

    def language(self, lang: str) -> str:
        """Return the language `say` answers in: the other one where `lang` has no words."""
        return lang if (self.zh if lang == "zh" else self.en) else {"zh": "en"}.get(lang, "zh")


NOTHING_SAID = Names("", "")


@dataclass(frozen=True)
class Listed:
    """Several things in one sentence: `style` "and" or "or" joins them, "lines" sets each below."""

    parts: tuple[object, ...]
    style: str

    def say(self, lang: str) -> str:
        """Word every part in `lang` and join them as the language does."""
        parts = [str(_worded(part, lang)) for part in self.parts]
        if self.style == "lines":
            return "".join(f"\n- {part}" for part in parts)
        return format_list(parts, lang, self.style)


def either(parts: Iterable[object]) -> Listed:
    """Name things of which one is to be chosen: a, b or c."""
    return Listed(tuple(parts), "or")


@dataclass(frozen=True)
class Sentence:
    """A key of the catalogues with its values; `severity` is "info", "warning" or "error"."""

    key: str
    values: tuple[tuple[str, object], ...] = ()
    severity: str = "info"

    def say(self, lang: str) -> str:
        """Word the sentence in `lang`; names and inner sentences follow the same language."""
        values = {name: _worded(value, lang) for name, value in self.values}
        key = self.key
        if values.get("n") == 1 and has_text(f"{key}.one", lang):
            key = f"{key}.one"
        return text(key, lang, **values)


def sentence(key: str, severity: str = "info", /, **values: object) -> Sentence:
    """Make a sentence from a key and named values."""
    return Sentence(key, tuple(sorted(values.items())), severity)


def _worded(value: object, lang: str) -> object:
    if isinstance(value, Names | Sentence | Listed):
        return value.say(lang)
    if isinstance(value, tuple):
        mark = "、" if lang == "zh" else ", "
        return mark.join(str(_worded(part, lang)) for part in value)
    return value
