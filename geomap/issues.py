"""Every fault a seed table can have: its code, how grave it is and what it means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geomap.records import TABLES, Issue, Origin, Severity

_CUT = 80
_TABLE_ORDER = {name: at for at, name in enumerate(TABLES)}


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault: an error stops a build, a warning and an info do not."""

    severity: Severity
    meaning: str


def _errors(**meanings: str) -> dict[str, Fault]:
    return {code: Fault("error", meaning) for code, meaning in meanings.items()}


def _warnings(**meanings: str) -> dict[str, Fault]:
    return {code: Fault("warning", meaning) for code, meaning in meanings.items()}


FAULTS: Mapping[str, Fault] = {
    # whole files
    **_errors(
        missing_folder="The seeds folder is not there.",
        missing_file="A table is not there.",
        unreadable_file="The file cannot be opened.",
        empty_file="The file has no header row.",
        file_too_large="The file is larger than any seed table should be.",
        too_many_rows="The table has more rows than are read.",
        wrong_encoding="The text is not UTF-8, but another encoding that could be recognised.",
        unreadable_encoding="The text is in no encoding that could be recognised.",
        bad_workbook="The spreadsheet cannot be read safely.",
        wrong_separator="The columns are not separated by commas.",
        duplicate_header="A column stands twice in the header.",
        missing_column="A column is missing from the header.",
        ragged_row="A row has more or fewer cells than the header.",
        broken_quotes="A quotation mark is opened and not closed, or closed too early.",
    ),
    **_warnings(
        missing_optional_file="A table that may be left out is not there.",
        unknown_column="The header has a column that no table knows; it is not read.",
    ),
    "byte_order_mark": Fault("info", "The file starts with a byte order mark; it is skipped."),
    # one cell
    **_errors(
        cell_too_long="A cell is longer than a spreadsheet allows.",
        control_character="A cell holds NUL, a line break or another control character.",
        formula_text="A cell would run as a formula in a spreadsheet.",
        missing_value="A cell that must be filled is empty.",
        missing_name="A name is missing in one of the two languages.",
        bad_id="An id is not made of a-z, 0-9 and single hyphens.",
        unknown_word="A word is not one of the words this column knows.",
        bad_adcode="A code is not six digits.",
        unknown_adcode="No unit has this code.",
        bad_date="A date is not written as 2020, 2020-03 or 2020-03-31.",
        impossible_date="A date is not in the calendar.",
        bad_number="A number is not written in plain digits.",
        negative_amount="An amount, area or capacity is below zero.",
        bad_flag="A switch is neither true nor false.",
        bad_url="An address is not an http or https address.",
        bad_sha256="A checksum is not 64 hexadecimal digits.",
        bad_reason="An inferred entry does not name a column and a reason.",
        bad_branch="A branch does not chain members of its corridor.",
        bad_subject="An indicator is about something that is neither a record nor a code.",
    ),
    **_warnings(invisible_character="A cell holds characters that turn or hide text."),
    # one row
    **_errors(
        amount_without_state="An amount is given without amount_state.",
        amount_state_contradiction="amount_state says something else than the amounts do.",
        date_order="Two dates of one project are in the wrong order.",
        half_position="One of lat and lon is given without the other.",
        position_out_of_range="lat or lon is no position on the globe.",
        zero_position="The position is 0,0.",
        swapped_coordinates="lat and lon are the wrong way round.",
        wrong_sign="lat or lon has a wrong sign.",
        position_of_many_places="One position is given for several places.",
        points_to_itself="A record refers to itself.",
        alias_target="An alias means no unit and no feature, or both at once.",
    ),
    **_warnings(
        early_start="Work started before the project was announced or signed.",
        odd_exchange_rate="The yuan and the dollars of one statement do not fit together.",
        implausible_amount="An amount is too large to be true.",
        qualifier_without_amount="amount_qualifier is given without an amount.",
        datum_without_position="A datum is given without a position.",
        outside_china="The position is not in China.",
        centre_as_site="The position is the middle of the country, not a site.",
        no_place="A project has neither place nor position.",
        one_language="A text stands in one language only, or its Chinese twin lists other things.",
    ),
    # between rows
    **_errors(
        duplicate_id="Two rows have the same id.",
        duplicate_alias="One name is given two meanings.",
        dangling_reference="A record refers to an id that no row has.",
        reference_cycle="Records are part of each other in a ring.",
    ),
    **_warnings(other_name="A record calls an organisation by a name other than its own."),
    # against the gazetteer
    **_errors(unknown_province="The province of a place is not known."),
    **_warnings(
        unknown_place="A place cannot be found; its record is kept and stays off the map.",
        ambiguous_place="A place could be several units; it stays off the map until named better.",
        place_contradicts="A place names a unit that lies in another province than it says.",
        position_disagrees="The position does not fit the place that is named.",
    ),
}


def make_issue(
    code: str, origin: Origin, column: str = "", value: str = "", *, message: str, fix: str
) -> Issue:
    """Build an issue of a known code; its value is cut and control characters made visible."""
    return Issue(
        severity=FAULTS[code].severity,
        code=code,
        file=origin.file,
        line=origin.line,
        column=column,
        value=show_value(value),
        message=message,
        fix=fix,
    )


def show_value(value: str) -> str:
    """Write a cell for a person: one line, at most 80 characters, nothing invisible."""
    cut = value if len(value) <= _CUT else f"{value[:_CUT]}… ({len(value):,} characters)"
    if cut.isprintable():
        return cut
    return "".join(ch if ch == " " or not _is_hidden(ch) else f"\\u{ord(ch):04x}" for ch in cut)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def sort_issues(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Put issues in the order a person mends them: table, file, line, column."""
    return tuple(sorted(issues, key=_place_in_order))


def _place_in_order(issue: Issue) -> tuple[int, bool, str, int, str, str]:
    table = table_of(issue.file)
    at = _TABLE_ORDER.get(table, -1)
    further = issue.file.rpartition(".")[0] != table
    return at, further, issue.file, issue.line, issue.column, issue.code


def table_of(file: str) -> str:
    """The table a file name belongs to: `projects-mine.csv` to projects."""
    return file.rpartition(".")[0].partition("-")[0]


def has_errors(issues: Iterable[Issue]) -> bool:
    """Tell whether any issue stops a build."""
    return any(issue.severity == "error" for issue in issues)


def fault_dictionary() -> str:
    """Write all faults as a Markdown table."""
    lines = ["| code | severity | what it means |", "| --- | --- | --- |"]
    lines += [
        f"| `{code}` | {fault.severity} | {fault.meaning} |" for code, fault in FAULTS.items()
    ]
    return "\n".join(lines)
