"""All words a reader sees, in English and Chinese, and numbers, money and dates in their form.

Words live in `locale/<lang>/<domain>.po`; the first part of a key names the domain, so
`text("details.money", "zh")` looks into `locale/zh/details.po`. Values are put in with
`str.format` names; they are plain data and are not escaped here. babel is loaded when the first
word is asked for: what says nothing starts sooner.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from geomap.paths import LOCALE_DIR

if TYPE_CHECKING:
    from babel import Locale

LANGUAGES = ("en", "zh")
_PARTIAL = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@cache
def _locale(lang: str, territory: str | None = None) -> Locale:
    from babel import Locale

    return Locale("zh", script="Hans") if lang == "zh" else Locale(lang, territory)


def domains(lang: str = "en") -> tuple[str, ...]:
    """Name the catalogues of a language."""
    return tuple(sorted(path.stem for path in (LOCALE_DIR / lang).glob("*.po")))


@cache
def catalogue(domain: str, lang: str) -> Mapping[str, str]:
    """Read one catalogue as key -> text; keys without a text are left out."""
    from babel.messages.pofile import read_po

    path = LOCALE_DIR / lang / f"{domain}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        messages = read_po(file)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def text(key: str, lang: str, **values: object) -> str:
    """Return the words behind `key` in `lang`, with `{name}` filled from `values`.

    Raises KeyError for a key that the catalogue does not hold: a missing word is a fault
    that the tests find, not something a reader should meet.
    """
    message = catalogue(key.split(".", 1)[0], lang)[key]
    return message.format(**values) if values else message


def has_text(key: str, lang: str) -> bool:
    """Tell whether a key has words in a language."""
    return key in catalogue(key.split(".", 1)[0], lang)


@lru_cache(maxsize=8192)  # the counts behind thousands of choices are written at every run
def format_number(value: float, lang: str, digits: int = 0) -> str:
    """Write a number with the grouping of the language and at most `digits` decimals."""
    from babel import numbers

    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return str(numbers.format_decimal(value, format=pattern, locale=_locale(lang)))


def format_percent(share: float, lang: str) -> str:
    """Write a share (0..1) as a percentage."""
    from babel import numbers

    return str(numbers.format_percent(share, format="#,##0.#%", locale=_locale(lang)))


def format_money(amount: float, currency: str, lang: str) -> str:
    """Write an amount in yuan or dollars as people read it: ¥15 bn, 150亿元.

    `currency` is "CNY" or "USD". English counts in million, billion and trillion, Chinese in
    万, 亿 and 万亿, all to two decimals. A sum that two decimals of the largest would round is
    written in the one below, so that ten millions show: ¥1,025.32 bn, 10,253.2亿元.
    """
    if lang == "zh":
        return _money_zh(amount, "元" if currency == "CNY" else "美元")
    mark = "¥" if currency == "CNY" else "US$"
    for size, word in ((1e12, " tn"), (1e9, " bn"), (1e6, " m")):
        if _counts_in(amount, size):
            return f"{mark}{format_number(amount / size, 'en', 2)}{word}"
    return f"{mark}{format_number(amount, 'en', 2)}"


def _money_zh(amount: float, unit: str) -> str:
    for size, word in ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")):
        if _counts_in(amount, size):
            return f"{format_number(amount / size, 'zh', 2)}{word}{unit}"
    return f"{format_number(amount, 'zh', 2)}{unit}"


def _counts_in(amount: float, size: float) -> bool:
    """Whether a sum is written in units of `size`; a trillion must not hide its ten millions."""
    if abs(amount) < size:
        return False
    return size < 1e12 or round(amount / 1e7) % 1000 == 0


def format_area(area_m2: float, lang: str) -> str:
    """Write an area in square metres as people read it: 2,300 km², 51.3万平方米."""
    size, unit = 1.0, "m2"
    if abs(area_m2) >= 1e6:
        size, unit = 1e6, "km2"
    elif abs(area_m2) >= 1e4 and lang == "zh":
        size, unit = 1e4, "wan_m2"
    return text(f"details.unit.{unit}", lang, value=format_number(area_m2 / size, lang, 2))


def language_name(code: str, lang: str) -> str:
    """Name a language, given by its ISO 639-1 code; an unknown code comes back unchanged."""
    return str(_locale(lang).languages.get(code, code))


def format_list(parts: Sequence[str], lang: str, style: str) -> str:
    """Join words with the "and" or the "or" of the language: a, b or c; a、b或c."""
    from babel import lists

    locale = _locale(lang, "GB")  # no comma before "or", as elsewhere here
    pattern: Literal["or", "standard"] = "or" if style == "or" else "standard"
    return str(lists.format_list(list(parts), style=pattern, locale=locale))


def format_date(partial: str, lang: str) -> str:
    """Write a partial ISO date ("2020", "2020-03", "2020-03-31") at its own precision.

    Text that is not a partial date comes back unchanged.
    """
    match = _PARTIAL.match(partial)
    if match is None:
        return partial
    year, month, day = match.groups()
    if month is None:
        return f"{year}年" if lang == "zh" else year
    from babel import dates

    moment = dt.date(int(year), int(month), int(day or 1))
    if lang == "zh":
        pattern = "y年M月d日" if day else "y年M月"
    else:
        pattern = "d MMM y" if day else "MMM y"
    return str(dates.format_date(moment, format=pattern, locale=_locale(lang)))


def html_language(lang: str) -> str:
    """Return the `lang` attribute of HTML in a language: "en" or "zh-Hans"."""
    return "zh-Hans" if lang == "zh" else lang


def pick_language(accepted: str | None) -> str:
    """Choose "en" or "zh" from an Accept-Language header or a locale name."""
    for part in (accepted or "").lower().split(","):
        code = part.split(";")[0].strip()
        if code.startswith("zh"):
            return "zh"
        if code.startswith("en"):
            return "en"
    return "en"
