"""Both languages are complete, and numbers, money and dates read as people write them."""

from __future__ import annotations

import string

import pytest

from geomap import text as words


def names_in(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def differences(domain: str) -> list[str]:
    """Keys that one language lacks, and keys whose {names} differ between the two."""
    en, zh = words.catalogue(domain, "en"), words.catalogue(domain, "zh")
    lacking = sorted(set(en) ^ set(zh))
    return lacking + [k for k in set(en) & set(zh) if names_in(en[k]) != names_in(zh[k])]


def test_both_languages_hold_the_same_keys_and_names():
    assert words.domains("en") == words.domains("zh")
    assert {d: differences(d) for d in words.domains("en") if differences(d)} == {}


def test_the_check_sees_a_missing_word(monkeypatch, tmp_path):
    for lang, body in (
        ("en", 'msgid "x.a"\nmsgstr "A {n}"\n'),
        ("zh", 'msgid "x.b"\nmsgstr "B"\n'),
    ):
        (tmp_path / lang).mkdir()
        (tmp_path / lang / "x.po").write_text(body, "utf-8")
    monkeypatch.setattr(words, "LOCALE_DIR", tmp_path)
    words.catalogue.cache_clear()
    try:
        assert differences("x") == ["x.a", "x.b"]
        assert words.text("x.a", "en", n=3) == "A 3"
        with pytest.raises(KeyError):
            words.text("x.a", "zh")
    finally:
        words.catalogue.cache_clear()


@pytest.mark.parametrize(
    ("amount", "currency", "en", "zh"),
    [
        (15e9, "CNY", "¥15 bn", "150亿元"),
        (2.1e9, "USD", "US$2.1 bn", "21亿美元"),
        (9.77e9, "CNY", "¥9.77 bn", "97.7亿元"),
        (3.2e12, "CNY", "¥3.2 tn", "3.2万亿元"),
        (370_000, "USD", "US$370,000", "37万美元"),
        (950, "CNY", "¥950", "950元"),
        (1_025_320e6, "CNY", "¥1,025.32 bn", "10,253.2亿元"),
    ],
)
def test_money_in_both_languages(amount, currency, en, zh):
    assert words.format_money(amount, currency, "en") == en
    assert words.format_money(amount, currency, "zh") == zh


def test_a_date_keeps_its_own_precision():
    assert [words.format_date(d, "en") for d in ("2020", "2020-03", "2020-03-31", "soon")] == [
        "2020",
        "Mar 2020",
        "31 Mar 2020",
        "soon",
    ]
    assert words.format_date("2020-03", "zh") == "2020年3月"
    assert words.format_date("2020-03-31", "zh") == "2020年3月31日"


def test_language_from_the_browser():
    assert words.pick_language("zh-CN,zh;q=0.9,en;q=0.8") == "zh"
    assert words.pick_language("fr-FR,en;q=0.5") == "en"
    assert words.pick_language(None) == "en"


@pytest.mark.parametrize(
    ("area_m2", "en", "zh"),
    [
        (2.3e9, "2,300 km²", "2,300平方公里"),
        (513_000, "513,000 m²", "51.3万平方米"),
        (9_000, "9,000 m²", "9,000平方米"),
    ],
)
def test_an_area_in_the_units_people_use(area_m2, en, zh):
    assert words.format_area(area_m2, "en") == en
    assert words.format_area(area_m2, "zh") == zh


def test_languages_are_named_and_tagged():
    assert words.language_name("ja", "en") == "Japanese"
    assert words.language_name("ja", "zh") == "日语"
    assert words.language_name("x-toy", "en") == "x-toy"
    assert [words.html_language(lang) for lang in words.LANGUAGES] == ["en", "zh-Hans"]
