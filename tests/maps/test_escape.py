"""The one door to templates and scripts lets identifiers through and nothing else."""

from __future__ import annotations

import json

import pytest

from geomap.maps.escape import inert_json, safe_spec, safe_token
from tests.made import HOSTILE


@pytest.mark.parametrize(
    "token", ["", "cities", "data/0123456789ab/cities.json", "province:340000"]
)
def test_identifiers_and_relative_addresses_pass_unchanged(token):
    assert safe_token(token) == token


@pytest.mark.parametrize("text", [*HOSTILE, "//outside.example/x.js", "a" * 201, "two words"])
def test_everything_else_is_refused(text):
    with pytest.raises(ValueError, match="no identifier"):
        safe_token(text)


def test_a_spec_is_checked_to_its_leaves_and_in_its_keys():
    spec = {"id": "x", "bounds": [1, 2.5, None], "deep": {"on": True}}
    assert safe_spec(spec) == spec
    for bad in ({"id": "{{x}}"}, {"{{x}}": 1}, {"a": ["</script>"]}, {"a": {"b": "$"}}):
        with pytest.raises(ValueError, match="no identifier"):
            safe_spec(bad)
    with pytest.raises(TypeError):
        safe_spec({"a": object()})


@pytest.mark.parametrize("text", HOSTILE)
def test_inert_json_says_the_same_and_holds_no_sign_of_code(text):
    written = inert_json({"name": text, text: [text]})
    assert json.loads(written) == {"name": text, text: [text]}
    bare = written.replace('{"name":', "").replace("}", "", 1)
    for sign in ("</", "<!", "{{", "{%", "${", "`", "\u2028", "<"):
        assert sign not in bare
