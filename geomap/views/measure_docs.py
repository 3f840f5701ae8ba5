"""The page docs/measures.md, written from the declared measures and their words.

Write it anew with `python -m geomap.views.measure_docs > docs/measures.md`.
"""

from __future__ import annotations

import sys
from typing import Final

from geomap.text import text
from geomap.views.measures import MEASURES, Measure
from geomap.views.values import unit_words

_HEAD: Final = """# Measures

What a comparison, the shading of provinces, the charts and the brief can show. This page is
written from `geomap/views/measures.py` and the catalogues: change it there, then run
`python -m geomap.views.measure_docs > docs/measures.md`.

A value is blank with a reason when it is not known; "no record" is never 0. Every value opens
the records behind it.
"""
_COLUMNS: Final = (
    "Group",
    "Measure",
    "中文",
    "Id",
    "Unit",
    "Needs",
    "Shading",
    "How it is worked out",
)


def measures_page() -> str:
    """Return the page as Markdown text."""
    rows = [_row(measure) for measure in MEASURES.values()]
    rule = "|".join("---" for _ in _COLUMNS)
    table = [f"| {' | '.join(_COLUMNS)} |", f"|{rule}|", *rows]
    return f"{_HEAD}\n" + "\n".join(table) + "\n"


def _row(measure: Measure) -> str:
    unit = unit_words(measure, "en") or measure.form
    cells = (
        text(f"comparison.group.{measure.group}", "en"),
        text(measure.name_key, "en"),
        text(measure.name_key, "zh"),
        f"`{measure.measure_id}`",
        unit,
        ", ".join(measure.needs) or "–",
        "yes" if measure.shades else "no",
        text(measure.formula_key, "en"),
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(measures_page())
