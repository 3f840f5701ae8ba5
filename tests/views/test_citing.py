"""A view is cited as a sentence, for BibTeX and in RIS, whatever its title holds."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from geomap.views.citing import CitedView, cite_bibtex, cite_ris, cite_sentence
from tests.made import HOSTILE

VIEW = CitedView(
    "Technology investment in China – Hefei",
    "0123456789ab",
    "https://maps.example/?lang=en&select=city:340100&v=0123456789ab",
    dt.date(2026, 11, 7),
)


def test_a_sentence_names_title_version_day_and_address_in_both_languages():
    english, chinese = cite_sentence(VIEW, "en"), cite_sentence(VIEW, "zh")
    for part in (VIEW.title, VIEW.version, VIEW.url):
        assert part in english
        assert part in chinese
    assert "Retrieved 7 Nov 2026" in english
    assert "[DB/OL]" in chinese
    assert "[2026-11-07]" in chinese  # as GB/T 7714 writes the day of retrieval


def test_an_entry_of_bibtex_is_balanced_and_keeps_the_address():
    entry = cite_bibtex(VIEW, "en")
    assert entry.startswith("@misc{geomap-0123456789ab,")
    assert f"{{{VIEW.url}}}" in entry
    assert "urldate = {2026-11-07}" in entry


def test_a_reference_manager_reads_one_field_a_line():
    lines = cite_ris(VIEW, "en").splitlines()
    assert lines[0] == "TY  - MAP"
    assert lines[-1] == "ER  - "
    assert f"UR  - {VIEW.url}" in lines
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)


@pytest.mark.parametrize("title", [*HOSTILE, "a\nER  - \nTY  - JOUR", "} @misc{x, title={y"])
def test_a_hostile_title_breaks_no_form(title):
    view = CitedView(title, VIEW.version, VIEW.url, VIEW.on)
    ris = [line for line in cite_ris(view, "en").split("\n") if line]
    assert [line[:2] for line in ris] == [line[:2] for line in cite_ris(VIEW, "en").splitlines()]
    entry = re.sub(r"\\[{}]", "", cite_bibtex(view, "en"))
    assert entry.count("{") == entry.count("}")
    assert entry.count("@misc") == 1 or "@misc" in title
