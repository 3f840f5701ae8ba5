"""The one function through which text may reach a folium template or a script.

Record text does not pass folium at all: it travels as data files. What is left are identifiers
and addresses of our own making, and `safe_token` refuses everything else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(r"[A-Za-z0-9_./:#-]{0,200}")
# What could end a script block, start a comment in it or mean something to a template engine.
_INERT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'{}%$`\u2028\u2029"}
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def safe_token(text: str) -> str:
    """Return an identifier or relative address unchanged; raise ValueError for anything else."""
    if not _TOKEN.fullmatch(text) or "//" in text:
        raise ValueError(f"{text[:40]!r} is no identifier: record text may not pass a template")
    return text


def safe_spec(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return drawing instructions whose every text is a token and every leaf plain.

    Raises ValueError for other text and TypeError for other values.
    """
    return {safe_token(name): _safe_value(value) for name, value in spec.items()}


def _safe_value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return safe_token(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return safe_spec(value)
    if isinstance(value, (list, tuple)):
        return [_safe_value(part) for part in value]
    raise TypeError(f"a {type(value).__name__} may not pass a template")


def inert_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON that stays data inside a script element of an HTML page."""
    return inert_text(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def inert_text(body: str) -> str:
    """Make written JSON inert: in its texts, every sign that HTML, JavaScript or a template engine
    could take for its own becomes a Unicode escape. Braces outside texts are JSON's own.
    """
    return _JSON_TEXT.sub(lambda found: found.group().translate(_INERT), body)
