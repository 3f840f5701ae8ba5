"""Every word a view may say stands in both catalogues, and nothing is declared twice."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from geomap import records
from geomap.sentences import Names, sentence
from geomap.text import catalogue, has_text
from geomap.views.filters import LAYERS, PRECISIONS
from geomap.views.measure_docs import measures_page
from geomap.views.measures import MEASURES
from geomap.views.regions import parse_region
from geomap.views.shading import SCHEMES
from geomap.views.suggestions import REASONS, suggest_peers
from geomap.views.values import written_measure

VIEWS = Path(__file__).resolve().parents[2] / "geomap" / "views"
ROOT = VIEWS.parents[1]
_KEY = re.compile(r'"((?:comparison|details|filters)\.[a-z_]+(?:\.[a-z_A-Z0-9]+)*)"')


def keys_in(source):
    """Whole keys written in a source text; keys put together at run time are checked below."""
    return set(_KEY.findall(source))


def lacking(keys):
    return sorted(k for k in keys if not (has_text(k, "en") and has_text(k, "zh")))


def is_group(key):
    """Tell whether a key is the head of others: its words are checked below, value by value."""
    return any(known.startswith(f"{key}.") for known in catalogue(key.partition(".")[0], "en"))


def test_every_key_written_in_the_code_has_words():
    written = {key for path in VIEWS.glob("*.py") for key in keys_in(path.read_text("utf-8"))}
    assert [key for key in lacking(written) if not is_group(key)] == []
    assert len(written) > 50


def test_the_check_sees_a_key_without_words():
    assert lacking(keys_in('text("comparison.no.such_key", lang)')) == ["comparison.no.such_key"]
    assert not is_group("comparison.no.such_key")
    assert is_group("filters.kind")


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("filters.kind", (*records.PROJECT_KINDS, *records.ZONE_KINDS, "city")),
        ("filters.status", records.STATUSES),
        ("filters.money", records.AMOUNT_STATES),
        ("filters.precision", PRECISIONS),
        ("filters.layer", LAYERS),
        (
            "filters.feature",
            ("province", "city", "corridor", "zone", "investor", "project", "unit"),
        ),
        ("filters.date", ("any", *(name.removesuffix("_on") for name in records.PROJECT_DATES))),
        ("details.event", tuple(name.removesuffix("_on") for name in records.PROJECT_DATES)),
        ("details.level", records.CITY_LEVELS),
        ("details.join", ("own_code", "polygon", "nearest", "unknown")),
        ("details.qualifier", tuple(q for q in records.QUALIFIERS if q != "exact")),
        ("comparison.note", tuple(q for q in records.QUALIFIERS if q != "exact")),
        ("comparison.measure", tuple(MEASURES)),
        ("comparison.formula", tuple(MEASURES)),
        ("comparison.unit", tuple({m.unit for m in MEASURES.values() if m.unit})),
        ("comparison.scheme", SCHEMES),
        ("comparison.peer", REASONS),
    ],
)
def test_every_value_of_the_vocabularies_has_words(prefix, values):
    assert lacking(f"{prefix}.{value}" for value in values) == []


def test_units_of_the_shipped_figures_have_words():
    with (ROOT / "seeds" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        units = {row["unit"] for row in csv.DictReader(file)} - {"CNY", "USD"}
    assert lacking(f"details.unit.{unit}" for unit in units) == []


def test_reasons_and_problems_said_in_code_have_words():
    """Reasons are put together from a prefix and a word: find the words where they are used."""
    measures = (VIEWS / "measures.py").read_text("utf-8")
    reasons = set(
        re.findall(r'_(?:blank|not_applicable)\((?:selection, )?"([a-z_0-9]+)"', measures)
    )
    regions = "".join(path.read_text("utf-8") for path in sorted(VIEWS.glob("*region*.py")))
    problems = set(re.findall(r'region_problem\(\s*"([a-z_]+)"', regions))
    assert lacking(f"comparison.reason.{one}" for one in reasons) == []
    assert lacking(f"comparison.problem.{one}" for one in problems) == []
    assert len(reasons) > 10
    assert len(problems) > 8


def test_no_english_word_is_left_in_the_chinese_catalogues():
    for domain in ("comparison", "details", "filters"):
        chinese = catalogue(domain, "zh")
        same = {
            key
            for key, said in catalogue(domain, "en").items()
            if chinese[key] == said and re.search("[A-Za-z]{4}", re.sub(r"{\w+}", "", said))
        }
        assert same <= {"details.unit.EFLOPS", "details.unit.PFLOPS"}, sorted(same)


def test_the_page_of_measures_is_the_one_that_would_be_written():
    page = (ROOT / "docs" / "measures.md").read_text("utf-8")
    assert page == measures_page(), "run: python -m geomap.views.measure_docs > docs/measures.md"
    assert page != measures_page().replace("`projects`", "`project`")


def test_sentences_follow_the_language_and_the_number():
    names = Names("Westland", "西州")
    one, many = (sentence("comparison.summary.projects", region=names, n=n) for n in (1, 3))
    assert one.say("en") == "Westland has 1 project on record."
    assert many.say("en") == "Westland has 3 projects on record."
    assert many.say("zh") == "西州有 3 个项目记录。"
    assert (Names("only", "").say("zh"), bool(Names("", ""))) == ("only", False)


def test_peers_are_suggested_with_a_reason_and_never_the_region_itself(toy):
    peers = suggest_peers(toy, parse_region("city:910100", toy))
    assert [(peer.region_id, peer.reason) for peer in peers] == [
        ("city:920100", "same_corridor"),
        ("city:910200", "same_province"),
        ("city:930100", "same_corridor"),
        ("city:940101", "same_corridor"),
    ]
    assert suggest_peers(toy, parse_region("country:CN", toy)) == []
    westland = parse_region("province:910000", toy)
    found = {peer.region_id for peer in suggest_peers(toy, westland)}
    assert found == {"province:920000", "province:930000", "province:940000"}
    assert len(suggest_peers(toy, westland, limit=1)) == 1


def test_similar_sums_and_kinds_are_reasons_of_their_own(toy):
    circle = parse_region("circle:31,101,60", toy)  # 1,000 m yuan, one data centre
    reasons = {peer.region_id: peer.reason for peer in suggest_peers(toy, circle)}
    # Cedar: 2,000 m yuan is twice as much, at the edge of what counts as similar
    assert reasons["city:920100"] in ("neighbour", "similar_sum", "similar_kinds")
    assert reasons["city:910100"] == "neighbour"


def test_values_are_written_with_their_unit(toy):
    assert written_measure(MEASURES["planned_area"], 120_000.0, "en") == "120,000 m²"
    assert written_measure(MEASURES["zone_area"], 2.3e9, "zh") == "2,300 平方公里"
    assert written_measure(MEASURES["share_stated"], 0.123, "en") == "12.3%"
    assert written_measure(MEASURES["newest_on"], "2020-03", "zh") == "2020年3月"
