"""Check what the cells of one row say together: names, money, dates, position, references."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from geomap.datum import check_coordinates
from geomap.issues import Finding, finding
from geomap.records import Origin, Table
from geomap.sentences import Names
from geomap.text import format_money
from geomap.validate.cells import first_day, last_day

# Yuan per dollar between 1994 and today, with room for rounding.
EXCHANGE_RATES = (5.5, 9.5)
# More than the yearly output of any province; no single project is that large.
IMPLAUSIBLE_CNY = 5e12
IMPLAUSIBLE_USD = 7e11
# What must not come before what. Starting early is odd, the others cannot be.
_DATE_PAIRS = (
    ("announced_on", "opened_on", "date_order"),
    ("signed_on", "opened_on", "date_order"),
    ("started_on", "opened_on", "date_order"),
    ("announced_on", "closed_on", "date_order"),
    ("signed_on", "closed_on", "date_order"),
    ("started_on", "closed_on", "date_order"),
    ("opened_on", "closed_on", "date_order"),
    ("announced_on", "started_on", "early_start"),
    ("signed_on", "started_on", "early_start"),
)
_SUSPICIONS = {
    "swapped": "swapped_coordinates",
    "sign": "wrong_sign",
    "zero": "zero_position",
    "out_of_china": "outside_china",
    "country_centre": "centre_as_site",
    "not_a_position": "position_out_of_range",
}
_SUBJECT = re.compile(
    r"(?:[0-9]{6}|country:CN|(?:city|province):[0-9]{6}|(?:project|zone|corridor):[a-z0-9-]+)\Z"
)


@dataclass(slots=True)
class Draft:
    """A row on its way to a record: its values, and the columns that could not be read."""

    table: Table
    origin: Origin
    values: dict[str, Any]
    bad: set[str] = field(default_factory=set)

    @property
    def key(self) -> str | None:
        """The id of the row, where its table has one."""
        return self.values.get(self.table.key) if self.table.key else None

    def get(self, column: str) -> Any:  # noqa: ANN401 - what the column holds
        """The value of a column; None when it is empty or could not be read."""
        return self.values.get(column)


def check_row(draft: Draft) -> Iterator[Finding]:
    """Find every fault between the cells of one row."""
    for check in _CHECKS.get(draft.table.name, ()):
        yield from check(draft)


def _money(draft: Draft) -> Iterator[Finding]:
    state = draft.get("amount_state")
    given = [name for name in ("amount_cny", "amount_usd") if draft.get(name) is not None]
    unread = bool({"amount_cny", "amount_usd", "amount_state"} & draft.bad)
    if given and state is None and "amount_state" not in draft.bad:
        yield finding(
            "amount_without_state",
            "amount_state",
            column=given[0],
        )
    elif given and state not in (None, "stated"):
        yield finding(
            "amount_state_contradiction",
            "amount_state",
            state,
            "amount",
            state=state,
            column=given[0],
        )
    elif state == "stated" and not given and not unread:
        yield finding(
            "amount_state_contradiction",
            "amount_state",
            state,
            "no_amount",
        )
    if draft.get("amount_qualifier") and not given and not unread:
        yield finding(
            "qualifier_without_amount",
            "amount_qualifier",
            draft.get("amount_qualifier"),
        )


def _plausible_money(draft: Draft) -> Iterator[Finding]:
    cny, usd = draft.get("amount_cny"), draft.get("amount_usd")
    for name, currency, value, limit in (
        ("amount_cny", "CNY", cny, IMPLAUSIBLE_CNY),
        ("amount_usd", "USD", usd, IMPLAUSIBLE_USD),
    ):
        if value is not None and value > limit:
            yield finding(
                "implausible_amount",
                name,
                f"{value:.0f}",
                column=name,
                limit=Names(f"{limit:.0e}", format_money(limit, currency, "zh")),
            )
    if cny and usd and not EXCHANGE_RATES[0] <= cny / usd <= EXCHANGE_RATES[1]:
        yield finding(
            "odd_exchange_rate",
            "amount_usd",
            f"{usd:.0f}",
            rate=cny / usd,
        )


def _dates(draft: Draft) -> Iterator[Finding]:
    told: set[str] = set()
    for earlier, later, code in _DATE_PAIRS:
        first, second = draft.get(earlier), draft.get(later)
        if first and second and later not in told and last_day(second) < first_day(first):
            told.add(later)
            yield finding(
                code,
                later,
                second,
                later=later,
                second=second,
                earlier=earlier,
                first=first,
            )


def _position(draft: Draft) -> Iterator[Finding]:
    lat, lon = draft.get("lat"), draft.get("lon")
    if {"lat", "lon"} & draft.bad:
        return
    if (lat is None) != (lon is None):
        there, missing = ("lat", "lon") if lon is None else ("lon", "lat")
        yield finding(
            "half_position",
            missing,
            there=there,
            missing=missing,
        )
    elif lat is None:
        yield from _needless_datum(draft)
    else:
        yield from _suspicious(draft, lat, lon)


def _needless_datum(draft: Draft) -> Iterator[Finding]:
    if draft.get("datum"):
        yield finding(
            "datum_without_position",
            "datum",
            draft.get("datum"),
        )


def _suspicious(draft: Draft, lat: float, lon: float) -> Iterator[Finding]:
    shown = f"{lat:g}, {lon:g}"
    if len(draft.get("places") or draft.get("members") or ()) > 1:
        yield finding(
            "position_of_many_places",
            "lat",
            shown,
        )
    found = check_coordinates(lat, lon, draft.get("datum"))
    if any(one.code == "out_of_china" for one in found) and (abs(lat) > 90 or abs(lon) > 180):
        yield finding(
            "position_out_of_range",
            "lat" if abs(lat) > 90 else "lon",
            shown,
            position=shown,
        )
        return
    for one in found:
        if one.code in _SUSPICIONS:
            yield Finding(_SUSPICIONS[one.code], "lat", shown, one.words, one.remedy)


def _places(draft: Draft) -> Iterator[Finding]:
    if not draft.get("places") and draft.get("lat") is None and not draft.bad:
        yield finding(
            "no_place",
            "places",
        )


def _not_itself(draft: Draft) -> Iterator[Finding]:
    for column in ("part_of", "same_as", "may_overlap"):
        value = draft.get(column)
        if draft.key and (
            value == draft.key or (column == "may_overlap" and draft.key in (value or ()))
        ):
            yield finding(
                "points_to_itself",
                column,
                draft.key,
                column=column,
            )


def _inferred_columns(draft: Draft) -> Iterator[Finding]:
    known = {column.name for column in draft.table.columns}
    for column in ("inferred", "inferred_zh"):
        for entry in draft.get(column) or ():
            name = entry.partition("=")[0].strip()
            if name not in known:
                yield finding(
                    "bad_reason",
                    column,
                    entry,
                    "column",
                    table=draft.table.name,
                    name=name,
                )


def _branches(draft: Draft) -> Iterator[Finding]:
    members = draft.get("members") or ()
    for branch in draft.get("branches") or ():
        strangers = [adcode for adcode in branch if adcode not in members]
        if "members" in draft.bad or (len(branch) > 1 and not strangers):
            continue
        yield finding(
            "bad_branch",
            "branches",
            ">".join(branch),
            "stranger" if strangers else "single",
            adcode="".join(strangers[:1]),
        )


def _subject(draft: Draft) -> Iterator[Finding]:
    subject = draft.get("subject")
    if subject and not _SUBJECT.match(subject):
        yield finding(
            "bad_subject",
            "subject",
            subject,
        )


def _alias_target(draft: Draft) -> Iterator[Finding]:
    given = [name for name in ("adcode", "feature_id") if draft.get(name)]
    if len(given) != 1 and not {"adcode", "feature_id"} & draft.bad:
        yield finding(
            "alias_target",
            "adcode",
            draft.get("adcode") or "",
            "both" if given else "neither",
        )


_CHECKS: Mapping[str, tuple[Callable[[Draft], Iterator[Finding]], ...]] = {
    "cities": (_position, _inferred_columns),
    "projects": (
        _money,
        _plausible_money,
        _dates,
        _position,
        _places,
        _not_itself,
        _inferred_columns,
    ),
    "zones": (_position, _inferred_columns),
    "corridors": (_branches, _inferred_columns),
    "indicators": (_subject, _inferred_columns),
    "aliases": (_alias_target,),
}
