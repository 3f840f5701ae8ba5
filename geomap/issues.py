"""Every fault a seed table can have: its code, how grave it is and what it means.

Nothing is worded here: an issue carries keys of `faults.po` and what the sentences name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geomap.records import TABLES, Issue, Origin, Severity
from geomap.sentences import Sentence, sentence
from geomap.text import LANGUAGES, has_text, text

_CUT = 80
_TABLE_ORDER = {name: at for at, name in enumerate(TABLES)}


def _errors(*codes: str) -> dict[str, Severity]:
    return dict.fromkeys(codes, "error")


def _warnings(*codes: str) -> dict[str, Severity]:
    return dict.fromkeys(codes, "warning")


# An error stops a build, a warning and an info do not. `faults.po` holds the words: what a code
# means, and for each case of it what is wrong (`.message`) and how to mend it (`.fix`).
FAULTS: Mapping[str, Severity] = {
    # whole files
    **_errors(
        "missing_folder",
        "missing_file",
        "unreadable_file",
        "empty_file",
        "file_too_large",
        "too_many_rows",
        "wrong_encoding",
        "unreadable_encoding",
        "bad_workbook",
        "wrong_separator",
        "duplicate_header",
        "missing_column",
        "ragged_row",
        "broken_quotes",
    ),
    **_warnings(
        "missing_optional_file",
        "unknown_column",
    ),
    "byte_order_mark": "info",
    # one cell
    **_errors(
        "cell_too_long",
        "control_character",
        "formula_text",
        "missing_value",
        "missing_name",
        "bad_id",
        "unknown_word",
        "bad_adcode",
        "unknown_adcode",
        "bad_date",
        "impossible_date",
        "bad_number",
        "negative_amount",
        "bad_flag",
        "bad_url",
        "bad_sha256",
        "bad_reason",
        "bad_branch",
        "bad_subject",
    ),
    **_warnings("invisible_character"),
    # one row
    **_errors(
        "amount_without_state",
        "amount_state_contradiction",
        "date_order",
        "half_position",
        "position_out_of_range",
        "zero_position",
        "swapped_coordinates",
        "wrong_sign",
        "position_of_many_places",
        "points_to_itself",
        "alias_target",
    ),
    **_warnings(
        "early_start",
        "odd_exchange_rate",
        "implausible_amount",
        "qualifier_without_amount",
        "datum_without_position",
        "outside_china",
        "centre_as_site",
        "no_place",
        "one_language",
    ),
    # between rows
    **_errors(
        "duplicate_id",
        "duplicate_alias",
        "dangling_reference",
        "reference_cycle",
    ),
    **_warnings("other_name"),
    # against the gazetteer
    **_errors("unknown_province"),
    **_warnings(
        "unknown_place",
        "ambiguous_place",
        "place_contradicts",
        "position_disagrees",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, before it is told where it stands; words and remedy are worded later."""

    code: str
    column: str
    value: str
    words: Sentence
    remedy: Sentence

    def at(self, origin: Origin) -> Issue:
        """Place the fault; its value is cut and control characters made visible."""
        return Issue(
            severity=FAULTS[self.code],
            code=self.code,
            file=origin.file,
            line=origin.line,
            column=self.column,
            value=show_value(self.value),
            words=self.words,
            remedy=self.remedy,
        )


def finding(
    code: str, column: str = "", value: str = "", case: str = "", /, **values: object
) -> Finding:
    """Describe a fault of a known code.

    case: which of several sentences of the code is meant. A message or a fix that does not differ
    between the cases stands under the code alone. values: what the sentences name.
    """
    return Finding(
        code,
        column,
        value,
        sentence(_key(code, case, "message"), **values),
        sentence(_key(code, case, "fix"), **values),
    )


def make_issue(
    code: str,
    origin: Origin,
    column: str = "",
    value: str = "",
    case: str = "",
    /,
    **values: object,
) -> Issue:
    """Describe a fault, as `finding` does, at its place."""
    return finding(code, column, value, case, **values).at(origin)


def _key(code: str, case: str, part: str) -> str:
    special = f"faults.{code}.{case}.{part}"
    return special if case and has_text(special, "en") else f"faults.{code}.{part}"


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


def fault_meaning(code: str, lang: str) -> str:
    """Say what a code of FAULTS means."""
    return text(f"faults.{code}.meaning", lang)


def fault_dictionary() -> str:
    """Write all faults as a Markdown table in both languages."""
    lines = ["| code | severity | what it means | 含义 |", "| --- | --- | --- | --- |"]
    for code, severity in FAULTS.items():
        meanings = " | ".join(fault_meaning(code, lang) for lang in LANGUAGES)
        lines.append(f"| `{code}` | {severity} | {meanings} |")
    return "\n".join(lines)
