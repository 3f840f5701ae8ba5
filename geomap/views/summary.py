"""A comparison in sentences, written from its numbers alone: the same numbers, the same words."""

from __future__ import annotations

from typing import Final

from geomap.sentences import sentence
from geomap.text import text
from geomap.views.comparison import Comparison, Value
from geomap.views.values import written_ratio_of

_COMPARED: Final = ("projects", "data_centres", "all_cny")


def summarise(comparison: Comparison, lang: str, *, with_notices: bool = True) -> tuple[str, ...]:
    """Return the comparison as paragraphs: trouble, each region, differences, then overlaps.

    with_notices: False where the notices are shown already.
    """
    notices = comparison.notices if with_notices else ()
    said = [notice.say(lang) for notice in notices if notice.severity != "info"]
    said += [_region(comparison, place, lang) for place in range(len(comparison.regions))]
    said += [
        _against_reference(comparison, place, lang) for place in range(len(comparison.regions))
    ]
    if comparison.together is not None:
        said.append(_together(comparison, lang))
    said += [notice.say(lang) for notice in notices if notice.severity == "info"]
    return tuple(paragraph for paragraph in said if paragraph)


def _cell(comparison: Comparison, measure_id: str, place: int) -> Value:
    return comparison.line(measure_id).values[place]


def _region(comparison: Comparison, place: int, lang: str) -> str:
    """One region: projects, money, what is not known, dates."""
    projects = _cell(comparison, "projects", place)
    name = comparison.regions[place].names
    if projects.value is None:
        reason = projects.reason.say(lang) if projects.reason else ""
        return sentence("comparison.summary.none", region=name, reason=reason).say(lang)
    parts = [
        sentence("comparison.summary.projects", region=name, n=_count(projects)).say(lang),
        _counted(comparison, "data_centres", place, lang),
        _counted(comparison, "zones", place, lang),
        _money(comparison, place, lang),
        _unknown(comparison, place, lang),
        _shared(comparison, place, lang),
        _dates(comparison, place, lang),
    ]
    return _joined([part for part in parts if part], lang)


def _count(value: Value) -> int:
    return int(value.value) if isinstance(value.value, float) else 0


def _counted(comparison: Comparison, measure_id: str, place: int, lang: str) -> str:
    n = _count(_cell(comparison, measure_id, place))
    return sentence(f"comparison.summary.{measure_id}", n=n).say(lang) if n else ""


def _money(comparison: Comparison, place: int, lang: str) -> str:
    """The stated sums; the two currencies are named side by side and never added."""
    sums = [_cell(comparison, name, place) for name in ("stated_cny", "stated_usd")]
    written = [value.shown(lang) for value in sums if value.value is not None]
    if not written:
        return text("comparison.summary.no_money", lang)
    if len(written) == 1:
        said = [text("comparison.summary.money", lang, amount=written[0])]
    else:
        said = [text("comparison.summary.both_money", lang, cny=written[0], usd=written[1])]
    whole = _cell(comparison, "all_cny", place)
    if whole.value is not None and whole.value != sums[0].value:
        said.append(text("comparison.summary.all_money", lang, amount=whole.shown(lang)))
    return _joined(said, lang)


def _unknown(comparison: Comparison, place: int, lang: str) -> str:
    counts = {
        name: _count(_cell(comparison, name, place)) for name in ("undisclosed", "not_stated")
    }
    said = [
        sentence(f"comparison.summary.{name}", n=n).say(lang) for name, n in counts.items() if n
    ]
    return _joined(said, lang)


def _shared(comparison: Comparison, place: int, lang: str) -> str:
    count = _count(_cell(comparison, "shared_projects", place))
    if not count:
        return ""
    money = _cell(comparison, "shared_cny", place)
    if money.value is None:
        return sentence("comparison.summary.shared", n=count).say(lang)
    return sentence("comparison.summary.shared_money", n=count, amount=money.shown(lang)).say(lang)


def _dates(comparison: Comparison, place: int, lang: str) -> str:
    newest, source = (_cell(comparison, name, place) for name in ("newest_on", "newest_source"))
    if newest.value is None or source.value is None:
        return ""
    return text(
        "comparison.summary.dates", lang, newest=newest.shown(lang), source=source.shown(lang)
    )


def _against_reference(comparison: Comparison, place: int, lang: str) -> str:
    if place == comparison.reference or len(comparison.regions) < 2:
        return ""
    said = [_difference(_cell(comparison, name, place), lang) for name in _COMPARED]
    parts = tuple(part for part in said if part is not None)
    if not parts:
        return ""
    reference = comparison.regions[comparison.reference].names
    return sentence(
        "comparison.summary.against",
        region=comparison.regions[place].names,
        reference=reference,
        parts=parts,
    ).say(lang)


def _difference(value: Value, lang: str) -> str | None:
    """One measure against the reference: the same, or how many times as much."""
    if value.difference is None:
        return None
    name = text(value.measure.name_key, lang)
    if value.difference == 0:
        return text("comparison.summary.same", lang, measure=name)
    if value.ratio is None:
        return None
    times = written_ratio_of(value.ratio, lang)
    return text("comparison.summary.times", lang, measure=name, times=times)


def _together(comparison: Comparison, lang: str) -> str:
    projects, money = (comparison.line(name).together for name in ("projects", "stated_cny"))
    if projects is None or projects.value is None:
        return ""
    n = _count(projects)
    if money is None or money.value is None:
        return sentence("comparison.summary.together", n=n).say(lang)
    return sentence("comparison.summary.together_money", n=n, amount=money.shown(lang)).say(lang)


def _joined(parts: list[str], lang: str) -> str:
    return ("" if lang == "zh" else " ").join(parts)
