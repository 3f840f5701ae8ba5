"""Check what the cells of one row say together: names, money, dates, position, references."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from geomap.datum import check_coordinates
from geomap.records import Origin, Table
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


class Finding(NamedTuple):
    """One fault inside a row, before it is told where the row stands."""

    code: str
    column: str
    value: str
    message: str
    fix: str


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
        yield Finding(
            "amount_without_state",
            "amount_state",
            "",
            f"{given[0]} is filled and amount_state is empty.",
            "Write stated.",
        )
    elif given and state not in (None, "stated"):
        yield Finding(
            "amount_state_contradiction",
            "amount_state",
            state,
            f"amount_state says {state}, but {given[0]} holds an amount.",
            "Write stated, or empty the amount.",
        )
    elif state == "stated" and not given and not unread:
        yield Finding(
            "amount_state_contradiction",
            "amount_state",
            state,
            "amount_state says stated, but neither amount_cny nor amount_usd is filled.",
            "Fill the amount; or write undisclosed (withheld) or not_stated (no word of it).",
        )
    if draft.get("amount_qualifier") and not given and not unread:
        yield Finding(
            "qualifier_without_amount",
            "amount_qualifier",
            draft.get("amount_qualifier"),
            "A qualifier stands beside no amount.",
            "Empty it, or fill the amount.",
        )


def _plausible_money(draft: Draft) -> Iterator[Finding]:
    cny, usd = draft.get("amount_cny"), draft.get("amount_usd")
    for name, value, limit in (
        ("amount_cny", cny, IMPLAUSIBLE_CNY),
        ("amount_usd", usd, IMPLAUSIBLE_USD),
    ):
        if value is not None and value > limit:
            yield Finding(
                "implausible_amount",
                name,
                f"{value:.0f}",
                f"{name} is above {limit:.0e}, more than any project ever cost.",
                "Check million, billion and 亿; keep a misprint in note, not in the amount.",
            )
    if cny and usd and not EXCHANGE_RATES[0] <= cny / usd <= EXCHANGE_RATES[1]:
        yield Finding(
            "odd_exchange_rate",
            "amount_usd",
            f"{usd:.0f}",
            f"The two amounts imply {cny / usd:.2f} yuan per dollar.",
            "Check both against the source; say in note when the source prints them so.",
        )


def _dates(draft: Draft) -> Iterator[Finding]:
    told: set[str] = set()
    for earlier, later, code in _DATE_PAIRS:
        first, second = draft.get(earlier), draft.get(later)
        if first and second and later not in told and last_day(second) < first_day(first):
            told.add(later)
            yield Finding(
                code,
                later,
                second,
                f"{later} {second} lies before {earlier} {first}.",
                "Check both dates against the source; move an early report to the right column.",
            )


def _position(draft: Draft) -> Iterator[Finding]:
    lat, lon = draft.get("lat"), draft.get("lon")
    if {"lat", "lon"} & draft.bad:
        return
    if (lat is None) != (lon is None):
        there, missing = ("lat", "lon") if lon is None else ("lon", "lat")
        yield Finding(
            "half_position",
            missing,
            "",
            f"{there} is filled and {missing} is empty.",
            "Fill both or none.",
        )
    elif lat is None:
        yield from _needless_datum(draft)
    else:
        yield from _suspicious(draft, lat, lon)


def _needless_datum(draft: Draft) -> Iterator[Finding]:
    if draft.get("datum"):
        yield Finding(
            "datum_without_position",
            "datum",
            draft.get("datum"),
            "A datum is named, but lat and lon are empty.",
            "Empty it, or fill the position.",
        )


def _suspicious(draft: Draft, lat: float, lon: float) -> Iterator[Finding]:
    shown = f"{lat:g}, {lon:g}"
    if len(draft.get("places") or draft.get("members") or ()) > 1:
        yield Finding(
            "position_of_many_places",
            "lat",
            shown,
            "One position is given for several places.",
            "Leave lat and lon empty: each place gets its own. Or make one record per place.",
        )
    found = check_coordinates(lat, lon, draft.get("datum"))
    if any(one.code == "out_of_china" for one in found) and (abs(lat) > 90 or abs(lon) > 180):
        yield Finding(
            "position_out_of_range",
            "lat" if abs(lat) > 90 else "lon",
            shown,
            f"({shown}) is no position on the globe.",
            "lat runs from -90 to 90 and lon from -180 to 180, in degrees.",
        )
        return
    for one in found:
        if one.code in _SUSPICIONS:
            yield Finding(_SUSPICIONS[one.code], "lat", shown, one.message, one.fix)


def _places(draft: Draft) -> Iterator[Finding]:
    if not draft.get("places") and draft.get("lat") is None and not draft.bad:
        yield Finding(
            "no_place",
            "places",
            "",
            "The project has neither a place nor a position, so it will not be on the map.",
            "Name its place, the coarsest the source gives will do.",
        )


def _not_itself(draft: Draft) -> Iterator[Finding]:
    for column in ("part_of", "same_as", "may_overlap"):
        value = draft.get(column)
        if draft.key and (
            value == draft.key or (column == "may_overlap" and draft.key in (value or ()))
        ):
            yield Finding(
                "points_to_itself",
                column,
                draft.key,
                f"{column} names the record itself.",
                "Name the other record, or empty the cell.",
            )


def _inferred_columns(draft: Draft) -> Iterator[Finding]:
    known = {column.name for column in draft.table.columns}
    for column in ("inferred", "inferred_zh"):
        for entry in draft.get(column) or ():
            name = entry.partition("=")[0].strip()
            if name not in known:
                yield Finding(
                    "bad_reason",
                    column,
                    entry,
                    f"The table {draft.table.name} has no column {name}.",
                    "Begin the entry with the name of the column whose value was inferred.",
                )


def _branches(draft: Draft) -> Iterator[Finding]:
    members = draft.get("members") or ()
    for branch in draft.get("branches") or ():
        strangers = [adcode for adcode in branch if adcode not in members]
        if "members" in draft.bad or (len(branch) > 1 and not strangers):
            continue
        what = f"{strangers[0]} is no member" if strangers else "it has one unit only"
        yield Finding(
            "bad_branch",
            "branches",
            ">".join(branch),
            f"A branch cannot be drawn: {what}.",
            "Chain member adcodes with >, branches separated by semicolons.",
        )


def _subject(draft: Draft) -> Iterator[Finding]:
    subject = draft.get("subject")
    if subject and not _SUBJECT.match(subject):
        yield Finding(
            "bad_subject",
            "subject",
            subject,
            "The subject is neither a feature id nor a code.",
            "Write project:…, zone:…, corridor:…, a six-digit adcode or country:CN.",
        )


def _alias_target(draft: Draft) -> Iterator[Finding]:
    given = [name for name in ("adcode", "feature_id") if draft.get(name)]
    if len(given) != 1 and not {"adcode", "feature_id"} & draft.bad:
        yield Finding(
            "alias_target",
            "adcode",
            draft.get("adcode") or "",
            "The alias names both a unit and a feature." if given else "The alias means nothing.",
            "Fill either adcode or feature_id.",
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
