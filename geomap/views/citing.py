"""How to cite what a reader looks at: as a sentence, for BibTeX, and for reference managers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from geomap.text import format_date, text

# Signs that BibTeX reads as commands. A backslash becomes a slash, for it would escape the next.
_TEX = re.compile(r"([&%$#_{}~^])")


@dataclass(frozen=True)
class CitedView:
    """A view as it is cited: what it shows, the dataset version, its address, the day."""

    title: str
    version: str
    url: str
    on: dt.date


def cite_sentence(view: CitedView, lang: str) -> str:
    """Cite as people write it: in English with the day of retrieval, in Chinese by GB/T 7714."""
    return text(
        "app.cite.text",
        lang,
        title=_one_line(view.title),
        version=view.version,
        year=view.on.year,
        date=view.on.isoformat() if lang == "zh" else format_date(view.on.isoformat(), lang),
        url=view.url,
    )


def cite_bibtex(view: CitedView, lang: str) -> str:
    """Cite as an entry of BibTeX."""
    fields = {
        "title": f"{{{_tex(view.title)}}}",
        "author": "{geomap}",
        "year": f"{view.on.year}",
        "version": view.version,
        "note": _tex(text("app.cite.dataset", lang, version=view.version)),
        "url": view.url.replace("{", "%7B").replace("}", "%7D"),
        "urldate": view.on.isoformat(),
    }
    lines = "".join(f"  {name:8}= {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{geomap-{view.version},\n{lines}}}"


def cite_ris(view: CitedView, lang: str) -> str:
    """Cite in RIS, which Zotero, EndNote and NoteExpress import."""
    fields = (
        ("TY", "MAP"),
        ("TI", _one_line(view.title)),
        ("AU", "geomap"),
        ("PY", f"{view.on.year}"),
        ("ET", view.version),
        ("N1", text("app.cite.dataset", lang, version=view.version)),
        ("UR", view.url),
        ("Y2", view.on.isoformat().replace("-", "/")),
        ("LA", lang),
        ("ER", ""),
    )
    return "".join(f"{name}  - {value}\n" for name, value in fields)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _tex(words: str) -> str:
    return _TEX.sub(r"\\\1", _one_line(words).replace("\\", "/"))
