"""One HTML file holds everything, keeps to the filters, and takes no text for code."""

from __future__ import annotations

import datetime as dt
import json
import os
import re

import pytest

from geomap.maps.html_export import map_html
from geomap.views.filters import Filters
from tests.made import HOSTILE, hostile_dataset, many_sites
from tests.toy import toy_dataset

INLINE = re.compile(
    r'<script type="application/json" data-geomap="([^"]+)">(.*?)</script>', re.DOTALL
)


def parts(page):
    return {name: json.loads(body) for name, body in INLINE.findall(page)}


@pytest.fixture(scope="module")
def page():
    return map_html(toy_dataset(), made_on=dt.date(2024, 5, 1))


def test_the_file_asks_for_nothing(page):
    bare = INLINE.sub("", page)
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", bare) == []
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page).group(1)
    assert policy.startswith("default-src &#x27;none&#x27;") or "default-src 'none'" in policy
    assert "http" not in policy


def test_the_file_holds_layers_details_sources_legend_and_both_languages(page):
    found = parts(page)
    version = toy_dataset().version
    assert f"data/{version}/legend.json" in found
    assert len(found[f"data/{version}/provinces.json"]["features"]) == 4
    details = found["details"]["features"]["project:alder-dc"]
    assert set(details) == {"en", "zh"}
    assert "Toy Times" in details["en"]["sources"][0]["text"]
    words = next(value for name, value in found.items() if name.endswith("words.json"))
    assert set(words) == {"en", "zh"}
    made = {"version": version, "date": "2024-05-01", "filters": {"en": "", "zh": ""}}
    assert found["start"]["made"] == made


def test_the_same_day_gives_the_same_file(page):
    assert map_html(toy_dataset(), made_on=dt.date(2024, 5, 1)) == page


def test_filters_leave_out_what_they_hide():
    found = parts(map_html(toy_dataset(), Filters(provinces=("920000",))))
    ids = {feature_id for feature_id, _ in found["details"]["list"]}
    assert "project:cedar-dc" in ids
    assert "project:alder-dc" not in ids
    assert "corridor:toy-line" in ids
    text = json.dumps(found)
    assert "project:birch-a#1" not in text


def test_hostile_names_stay_data():
    page = map_html(hostile_dataset())
    scripts = INLINE.sub("", page)
    for text in HOSTILE:
        if len(text) > 5:
            assert text not in scripts
    assert page.count("</script>") == page.count("<script")
    assert "GEOMAP_RAN" not in os.environ
    names = {name for _, both in parts(page)["details"]["list"] for name in both}
    assert names & set(HOSTILE)


def test_a_file_with_very_many_records_says_less_of_each_but_names_all():
    found = parts(map_html(many_sites(4_000)))
    assert found["details"]["slim"]["rows"]["project:made-7"][0]
    assert len(found["details"]["list"]) == 4_000 + 1 + 4
    assert "names-0.json" in " ".join(found)
