"""The gazetteer answers first; services only where it cannot, and their trouble is told."""

from __future__ import annotations

import pytest

from geomap.errors import (
    GeocodeBadAnswer,
    GeocodeRateLimited,
    GeocodeRefused,
    GeocodeTimeout,
    GeocodeUnavailable,
    GeocodeUnsuitable,
)
from geomap.geocode.base import Candidate, Location, parse_reason
from geomap.geocode.chain import REST_S, ChainGeocoder, compose_query, province_at_point
from geomap.geocode.providers import PROVIDERS, Answer
from geomap.geocode.providers.limits import SharedLimiter
from geomap.settings import Settings
from tests.fake_service import FakeService, answer, status

HEFEI = Location(
    "合肥市", "matched", "prefecture", "340100", "安徽省", "合肥市", lat=31.82, lon=117.23,
    precision="prefecture", radius_km=60.0, method="gazetteer", matched="合肥市",
    reason="only_unit",
)  # fmt: skip
ANHUI = Location("安徽省", "matched", "province", "340000", "安徽省", lat=31.9, lon=117.3)
BEIJING = Location("北京市", "matched", "province", "110000", "北京市", lat=39.9, lon=116.4)
CHAOYANG = Location(
    "朝阳", "ambiguous", candidates=(Candidate(None, "county", "朝阳区", None, "朝阳区", 1.0, 2.0),)
)  # fmt: skip


KNOWN = {
    "合肥市": HEFEI, "安徽省合肥市": HEFEI, "安徽省": ANHUI, "340000": ANHUI, "北京市": BEIJING,
    "朝阳": CHAOYANG,
}  # fmt: skip


class FakeOffline:
    def resolve(self, text, **stated):
        return KNOWN.get(text, Location(text, reason="nothing"))._replace(text=text)


class FakeProvider:
    def __init__(self, name, *script, most_per_run=None):
        self.name, self.script, self.most_per_run = name, list(script), most_per_run
        self.asked = []

    def ask(self, query):
        self.asked.append(query)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        return step


def site(provider, lat=31.84, lon=117.14, unit="安徽省合肥市"):
    return Answer(provider, "q", "科大讯飞", lat, lon, "site", 0.5, unit)


def chain(*providers, **options):
    options.setdefault("province_at", lambda lat, lon: "340000")
    return ChainGeocoder(FakeOffline(), providers, **options)


def test_what_the_gazetteer_knows_is_not_asked():
    service = FakeProvider("amap", site("amap"))
    assert chain(service).resolve("合肥市") == HEFEI
    assert service.asked == []


def test_what_it_does_not_know_is_asked_with_the_stated_units():
    service = FakeProvider("amap", site("amap"))
    found = chain(service).resolve("科大讯飞", province="安徽省", city="合肥市")
    assert service.asked == ["安徽省合肥市科大讯飞"]
    assert (found.status, found.provider, found.method) == ("matched", "amap", "provider")
    assert (found.lat, found.lon, found.precision, found.radius_km) == (31.84, 117.14, "site", 0.5)
    assert (found.province, found.city, found.adcode) == ("安徽省", "合肥市", "340100")
    assert found.text == "科大讯飞"
    code, values = parse_reason(found.reason)
    assert (code, values["provider"], values["label"]) == ("provider", "amap", "科大讯飞")


def test_no_services_no_questions():
    assert chain().resolve("科大讯飞").status == "not_found"


def test_an_ambiguous_toponym_stays_so():
    service = FakeProvider("amap", site("amap"))
    found = chain(service, finer=True).resolve("朝阳")
    assert found.status == "ambiguous"
    assert found.candidates == CHAOYANG.candidates
    assert service.asked == []


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (GeocodeTimeout("."), "timeout"),
        (GeocodeRefused("."), "refused"),
        (GeocodeRateLimited("."), "slow_down"),
        (GeocodeUnavailable("."), "down"),
        (GeocodeBadAnswer("."), "bad_answer"),
        (GeocodeUnsuitable("."), "unsuitable"),
        (None, "nothing"),
    ],
)
def test_a_failing_service_falls_through_to_the_next_and_says_so(error, word):
    first, second = FakeProvider("baidu", error), FakeProvider("amap", site("amap"))
    found = chain(first, second).resolve("科大讯飞")
    assert found.provider == "amap"
    assert found.flags == (f"baidu:{word}",)


def test_when_all_fail_the_row_comes_back_not_found():
    services = [FakeProvider("baidu", GeocodeTimeout(".")), FakeProvider("amap", None)]
    found = chain(*services).resolve("科大讯飞")
    assert (found.status, found.lat, found.provider) == ("not_found", None, "gazetteer")
    assert found.flags == ("baidu:timeout", "amap:nothing")
    assert found.reason == "nothing"


def test_a_point_in_another_province_than_stated_is_refused():
    wrong = FakeProvider("baidu", site("baidu", 39.9, 116.4, unit="北京市"))
    right = FakeProvider("amap", site("amap"))
    found = chain(wrong, right).resolve("科大讯飞", province="安徽省")
    assert found.provider == "amap"
    assert found.flags == ("baidu:elsewhere",)
    # The twin: with nothing stated, the same answer is taken.
    assert chain(wrong).resolve("科大讯飞").province == "北京市"


def test_a_point_without_names_gets_its_province_by_polygon():
    found = chain(FakeProvider("tianditu", site("tianditu", unit=None))).resolve("科大讯飞")
    assert (found.province, found.city) == ("安徽省", None)
    lost = chain(FakeProvider("x", site("x", unit=None)), province_at=lambda lat, lon: None)
    assert lost.resolve("科大讯飞").province is None


def test_the_shipped_polygons_know_hefei():
    assert province_at_point(31.82, 117.23) == "340000"
    assert province_at_point(0.0, 0.0) is None


def test_finer_asks_for_a_site_and_checks_it_against_the_place():
    near, far = site("amap"), site("baidu", 39.9, 116.4)
    assert chain(FakeProvider("amap", near)).resolve("合肥市").precision == "prefecture"
    found = chain(FakeProvider("baidu", far), FakeProvider("amap", near), finer=True)
    result = found.resolve("合肥市")
    assert (result.lat, result.precision, result.adcode) == (31.84, "site", "340100")
    assert result.flags == ("baidu:elsewhere",)
    kept = chain(FakeProvider("baidu", far), finer=True).resolve("合肥市")
    assert kept == HEFEI._replace(flags=("baidu:elsewhere",))


def test_a_service_that_fails_again_and_again_rests():
    now = [0.0]
    service = FakeProvider("amap", GeocodeTimeout("."))
    geocoder = chain(service, now=lambda: now[0])
    flags = [geocoder.resolve("科大讯飞").flags for _ in range(5)]
    assert flags == [("amap:timeout",)] * 3 + [("amap:resting",)] * 2
    assert len(service.asked) == 3
    now[0] += REST_S + 1
    service.script = [site("amap")]
    assert geocoder.resolve("科大讯飞").provider == "amap"


def test_a_success_in_between_ends_the_streak():
    service = FakeProvider("amap", *([GeocodeTimeout("."), GeocodeTimeout("."), None] * 3))
    geocoder = chain(service)
    for _ in range(9):
        geocoder.resolve("科大讯飞")
    assert len(service.asked) == 9


def test_a_refused_key_is_not_tried_again():
    service = FakeProvider("amap", GeocodeRefused("."))
    geocoder = chain(service)
    assert [geocoder.resolve("科大讯飞").flags for _ in range(3)] == [("amap:refused",)] * 3
    assert len(service.asked) == 1


def test_a_public_server_is_not_asked_in_bulk():
    service = FakeProvider("nominatim", None, most_per_run=2)
    geocoder = chain(service)
    flags = [row.flags for row in geocoder.resolve_many(["a", {"text": "b"}, "c"])]
    assert flags == [("nominatim:nothing",)] * 2 + [("nominatim:enough",)]
    assert len(service.asked) == 2


def test_geopy_interface():
    geocoder = chain(FakeProvider("amap", site("amap")))
    place = geocoder.geocode("科大讯飞")
    assert (place.latitude, place.longitude, place.raw.provider) == (31.84, 117.14, "amap")
    assert geocoder.geocode("科大讯飞", exactly_one=False)[0].raw.provider == "amap"
    assert chain().geocode("科大讯飞") is None


@pytest.mark.parametrize(
    ("text", "stated", "query"),
    [
        ("创新大道", {"province": "安徽省", "city": "合肥市"}, "安徽省合肥市创新大道"),
        ("合肥市创新大道", {"province": "安徽省", "city": "合肥市"}, "安徽省合肥市创新大道"),
        (
            "Shengze Town",
            {"province": "Jiangsu", "city": "Suzhou"},
            "Shengze Town, Suzhou, Jiangsu",
        ),
        ("Shengze, suzhou", {"city": "Suzhou", "county": None}, "Shengze, suzhou"),
    ],
)
def test_the_question_names_what_the_row_states(text, stated, query):
    assert compose_query(text, stated) == query


def test_real_providers_in_a_chain(tmp_path):
    """Two services over HTTP: the first in trouble, the second answers."""
    page = {"status": "0", "location": {"lon": "117.14", "lat": "31.84", "keyWord": "科大讯飞"}}
    with FakeService(status(500)) as down, FakeService(answer(page)) as up:
        settings = Settings(
            cache_dir=tmp_path,
            keys={"amap": "k", "tianditu": "k"},
            provider_urls={"amap": down.url, "tianditu": up.url},
            provider_intervals_s={"amap": 0.0, "tianditu": 0.0},
        )
        limiter = SharedLimiter(tmp_path / "pace.sqlite")
        providers = [
            PROVIDERS[name](settings, None, limiter, timeout_s=20.0, wait_initial_s=0.001)
            for name in ("amap", "tianditu")
        ]
        found = chain(*providers).resolve("科大讯飞")
    assert (found.lat, found.lon, found.provider) == (31.84, 117.14, "tianditu")
    assert found.flags == ("amap:down",)
