"""Tables as people read them: names for ids, words for codes, and what is unknown as it is."""

from __future__ import annotations

import pandas as pd
import pytest

from geomap.views.readable import column_title, readable_table


def cell(toy, table, column, lang, **changed):
    frame = getattr(toy, table).iloc[[0]]
    frame = frame.assign(
        **{name: pd.Series([value], frame.index) for name, value in changed.items()}
    )
    return readable_table(frame, toy, lang)[column_title(column, lang)].iloc[0]


@pytest.mark.parametrize(
    ("table", "column", "value", "en", "zh"),
    [
        ("projects", "source_id", "toy-times-2021", "Alder gets a data centre", None),
        ("projects", "part_of", "nine-contracts", "Nine contracts", None),
        ("projects", "inferred", ("opened_on=by the text",), "Opened: by the text", None),
        ("projects", "status", "operating", "Operating", "已投运"),
        ("projects", "amount_qualifier", "exact", "exact", "确数"),
        ("indicators", "subject", "910100", "Alder", "桤木市"),
        ("indicators", "subject", "country:CN", "Country", "国家"),
        ("sites", "reason", "adcode", "the text is a division code", "文本是行政区划代码"),
        ("sites", "method", "hand", "point set by hand", "人工标定"),
        ("sources", "language", "ja", "Japanese", "日语"),
        ("sources", "published_basis", "inferred", "inferred", "推断"),
        ("sources", "kind", "repost", "Repost", "转载"),
        ("corridors", "members", ("910100",), "Alder", "桤木市"),
    ],
)
def test_ids_and_codes_are_said_in_words(toy, table, column, value, en, zh):
    assert cell(toy, table, column, "en", **{column: value}) == en
    if zh:
        assert cell(toy, table, column, "zh", **{column: value}) == zh


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("projects", "source_id", "no-such-source"),
        ("projects", "part_of", "no-such-project"),
        ("indicators", "subject", "project:none"),
        ("sites", "method", "by magic"),
    ],
)
def test_what_has_no_words_stays_as_it_is(toy, table, column, value):
    assert cell(toy, table, column, "zh", **{column: value}) == value


def test_numbers_stay_numbers_and_dates_sort(toy):
    table = readable_table(toy.projects, toy, "en")
    assert table[column_title("amount_cny", "en")].dtype == toy.projects["amount_cny"].dtype
    dates = table[column_title("announced_on", "en")].dropna()
    assert set(dates) <= set(toy.projects["announced_on"].dropna())


def test_a_table_of_sources_keeps_the_ids_that_others_cite(toy):
    table = readable_table(toy.sources, toy, "en")
    assert list(table[column_title("source_id", "en")]) == list(toy.sources["source_id"])
