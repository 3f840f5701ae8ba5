"""Outside services: good answers in WGS 84, every fault a typed error, the pace kept."""

from __future__ import annotations

import json
import logging
import math
import multiprocessing
import time
from email.utils import formatdate

import pytest

from geomap.datum import from_wgs84
from geomap.errors import (
    GeocodeBadAnswer,
    GeocodeError,
    GeocodeRateLimited,
    GeocodeRefused,
    GeocodeTimeout,
    GeocodeUnavailable,
    GeocodeUnsuitable,
    SettingsError,
)
from geomap.geocode.cache import AnswerCache
from geomap.geocode.providers import PROVIDERS, open_providers
from geomap.geocode.providers.limits import SharedLimiter
from geomap.settings import PROVIDER_NAMES, Settings
from tests.fake_service import FakeService, answer, body, drip, raw, reset, silence, status

LAT, LON = 31.8206, 117.2272
KEY = "s3cret-key"
OK = b"HTTP/1.1 200 OK\r\n"


def nominatim(**changes):
    place = {
        "lat": str(LAT),
        "lon": str(LON),
        "display_name": "合肥市, 安徽省, 中国",
        "addresstype": "city",
        "boundingbox": ["30.9", "32.6", "116.6", "118.0"],
        "address": {"state": "安徽省", "city": "合肥市"},
    }
    return [place | changes]


def gcj02(lat=LAT, lon=LON):
    return from_wgs84(lat, lon, "gcj02")


GOOD = {
    "nominatim": nominatim(),
    "photon": {
        "features": [
            {
                "geometry": {"coordinates": [LON, LAT]},
                "properties": {
                    "countrycode": "CN",
                    "type": "city",
                    "name": "合肥市",
                    "state": "安徽省",
                    "extent": [116.6, 32.6, 118.0, 30.9],
                },
            }
        ]
    },
    "baidu": {
        "status": 0,
        "result": {
            "location": dict(zip(("lat", "lng"), from_wgs84(LAT, LON, "bd09"), strict=True)),
            "level": "城市",
        },
    },
    "amap": {
        "status": "1",
        "infocode": "10000",
        "geocodes": [
            {
                "formatted_address": "安徽省合肥市",
                "location": f"{gcj02()[1]},{gcj02()[0]}",
                "level": "市",
                "adcode": "340100",
                "township": [],
            }
        ],
    },
    "tianditu": {
        "status": "0",
        "location": {"lon": str(LON), "lat": str(LAT), "level": "地级市", "keyWord": "合肥市"},
    },
}
NOTHING = {
    "nominatim": [],
    "photon": {"type": "FeatureCollection", "features": []},
    "baidu": {"status": 1, "message": "无相关结果", "results": []},
    "amap": {"status": "1", "infocode": "10000", "count": "0", "geocodes": []},
    "tianditu": {"msg": "无结果", "status": "101"},
}


@pytest.fixture
def ask(tmp_path):
    """Ask a provider that is served by a script; gives (answer or error, service, provider)."""

    def run(name, *script, query="合肥市", timeout_s=20.0, cache=True, patience_s=20.0):
        settings = Settings(
            cache_dir=tmp_path,
            keys=dict.fromkeys(PROVIDER_NAMES, KEY),
            provider_intervals_s={name: 0.0},
        )
        with FakeService(*script) as service:
            settings = Settings(**{**settings.__dict__, "provider_urls": {name: service.url}})
            provider = PROVIDERS[name](
                settings,
                AnswerCache(tmp_path / "answers.sqlite") if cache else None,
                SharedLimiter(tmp_path / "pace.sqlite"),
                timeout_s=timeout_s,
                patience_s=patience_s,
                wait_initial_s=0.001,
            )
            try:
                return provider.ask(query), service, provider
            except GeocodeError as error:
                return error, service, provider

    return run


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_a_good_answer_is_wgs84_with_precision_and_radius(ask, name):
    found, service, _ = ask(name, answer(GOOD[name]))
    assert (found.lat, found.lon) == pytest.approx((LAT, LON), abs=1e-6)
    assert found.precision == "prefecture"
    assert 20 < found.radius_km < 300
    assert found.provider == name
    _, query, headers = service.requests[0]
    assert "合肥市" in "".join(query.values())
    assert headers["User-Agent"].startswith("geomap")


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_unconverted_numbers_would_be_far_off(name):
    """The twin of the test above: what Baidu and AMap send is not WGS 84."""
    if name == "baidu":
        sent = GOOD[name]["result"]["location"]
        assert abs(sent["lat"] - LAT) > 0.003
    if name == "amap":
        assert abs(float(GOOD[name]["geocodes"][0]["location"].split(",")[0]) - LON) > 0.003


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_nothing_found_is_none_and_is_not_kept(ask, name):
    found, _, provider = ask(name, answer(NOTHING[name]))
    assert found is None
    assert provider._cache.count() == 0


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_a_success_is_kept_without_the_key_and_not_asked_twice(ask, name, tmp_path):
    first, _, _ = ask(name, answer(GOOD[name]))
    again, service, _ = ask(name, status(500))
    assert again == first
    assert service.requests == []
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "合肥市".encode() in kept
    assert KEY.encode() not in kept


FAULTS = [
    ("429", status(429), GeocodeRateLimited),
    ("429 later", status(429, [("Retry-After", "3600")]), GeocodeRateLimited),
    ("429 until", status(429, [("Retry-After", formatdate(4e9))]), GeocodeRateLimited),
    ("429 odd", status(429, [("Retry-After", "soon")]), GeocodeRateLimited),
    ("500", status(500), GeocodeUnavailable),
    ("502 page", status(502, body=b"<html>Bad gateway</html>"), GeocodeUnavailable),
    ("503", status(503), GeocodeUnavailable),
    ("401", status(401), GeocodeRefused),
    ("403", status(403), GeocodeRefused),
    ("404", status(404), GeocodeBadAnswer),
    ("redirect", status(302, [("Location", "http://127.0.0.1:9/")]), GeocodeBadAnswer),
    ("silence", silence, GeocodeTimeout),
    ("slow head", drip(OK, b"X"), GeocodeTimeout),
    ("slow body", drip(OK + b"Content-Length: 999999\r\n\r\n[", b" "), GeocodeTimeout),
    ("reset", reset, GeocodeUnavailable),
    ("closed", raw(b""), GeocodeUnavailable),
    ("not HTTP", raw(b"220 mail ready\r\n\r\n"), GeocodeUnavailable),
    ("html", body(b"<html>Welcome to the hotel</html>"), GeocodeBadAnswer),
    ("empty", body(b""), GeocodeBadAnswer),
    ("not utf-8", body("合肥".encode("gb18030")), GeocodeBadAnswer),
    ("gzip", body(b"\x1f\x8b\x08\x00", [("Content-Encoding", "gzip")]), GeocodeBadAnswer),
    ("truncated", raw(OK + b"Content-Length: 500\r\n\r\n[{}"), GeocodeBadAnswer),
    (
        "truncated chunks",
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n20\r\n[{}"),
        GeocodeBadAnswer,
    ),
    ("huge", body(b"[" + b" " * 3_000_000 + b"]"), GeocodeBadAnswer),
    ("endless", drip(OK + b"\r\n[", b" " * 500_000), GeocodeBadAnswer),
    ("deep", body(b"[" * 100_000 + b"]" * 100_000), GeocodeBadAnswer),
    ("nan", body(b'[{"lat": NaN, "lon": 117}]'), GeocodeBadAnswer),
    ("null", answer(None), GeocodeBadAnswer),
    ("number", answer(7), GeocodeBadAnswer),
    ("text", answer("合肥"), GeocodeBadAnswer),
    ("numbers", answer([1, 2]), GeocodeBadAnswer),
    ("object", answer({"a": 1}), GeocodeBadAnswer),
]


@pytest.mark.parametrize("name", PROVIDER_NAMES)
@pytest.mark.parametrize(("fault", "expected"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_every_fault_is_a_typed_error(ask, name, fault, expected):
    # Only what never ends may run into the limit, however busy the machine is.
    timeout_s = 0.15 if expected is GeocodeTimeout else 20.0
    error, service, provider = ask(name, fault, timeout_s=timeout_s, patience_s=20.0)
    assert type(error) is expected, error
    assert str(error).endswith(".")
    assert KEY not in str(error)
    assert provider._cache.count() == 0
    retried = expected in (GeocodeTimeout, GeocodeUnavailable)
    assert len(service.requests) in ((2, 3) if retried else (1,))


@pytest.mark.parametrize(
    "changes",
    [
        {"lat": "999"},
        {"lat": "117.2272", "lon": "31.8206"},
        {"lat": "0", "lon": "0"},
        {"lat": "35.0", "lon": "105.0"},
        {"lat": "48.85", "lon": "2.35"},
        {"lat": "1e999"},
        {"lat": "nan"},
        {"lat": True},
        {"lat": None},
        {"lat": "north"},
        {"lat": [31.8]},
        {"boundingbox": [1, 2, 3]},
        {"boundingbox": None},
        {"boundingbox": ["-90", "90", "-180", "180"]},
        {"address": ["Anhui"]},
    ],
    ids=json.dumps,
)
def test_values_out_of_their_bounds_are_refused(ask, changes):
    error, _, provider = ask("nominatim", answer(nominatim(**changes)))
    assert type(error) is GeocodeBadAnswer
    assert provider._cache.count() == 0


def test_a_country_is_no_answer(ask):
    assert ask("nominatim", answer(nominatim(addresstype="country")))[0] is None


def test_trouble_that_passes_is_tried_again(ask):
    found, service, _ = ask(
        "nominatim", status(503), status(429, [("Retry-After", "0.01")]), answer(nominatim())
    )
    assert found.lat == pytest.approx(LAT)
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    ("name", "page", "expected"),
    [
        ("amap", {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}, GeocodeRefused),
        ("amap", {"status": "0", "infocode": "10044"}, GeocodeRateLimited),
        ("amap", {"status": "0", "infocode": "20003"}, GeocodeUnavailable),
        ("amap", {"status": "0", "infocode": "20000"}, GeocodeUnsuitable),
        ("amap", {"status": "0", "infocode": "99999"}, GeocodeBadAnswer),
        ("amap", {"status": "1", "infocode": "10000", "geocodes": [{}]}, GeocodeBadAnswer),
        ("baidu", {"status": 200, "message": "APP不存在"}, GeocodeRefused),
        ("baidu", {"status": 302, "message": "天配额超限"}, GeocodeRateLimited),
        ("baidu", {"status": 1, "message": "服务器内部错误"}, GeocodeUnavailable),
        ("baidu", {"status": 0, "result": {"location": {"lat": 31}}}, GeocodeBadAnswer),
        ("tianditu", {"code": "300001", "msg": "非法Key"}, GeocodeRefused),
        ("tianditu", {"msg": "权限类型错误", "code": "301006"}, GeocodeRefused),
        ("tianditu", {"msg": "配额超限", "status": "429"}, GeocodeRateLimited),
        ("tianditu", {"status": "0", "location": {"lon": "x"}}, GeocodeBadAnswer),
        ("photon", {"features": [{"geometry": None}]}, GeocodeBadAnswer),
        ("nominatim", {"error": "no"}, GeocodeBadAnswer),
    ],
)
def test_errors_said_in_the_body_are_typed(ask, name, page, expected):
    error, _, _ = ask(name, answer(page))
    assert type(error) is expected, error
    assert KEY not in str(error)


def test_photon_is_asked_for_the_whole_of_china_and_no_spot_in_it(ask):
    _, service, _ = ask("photon", answer(GOOD["photon"]))
    _, query, _ = service.requests[0]
    west, south, east, north = map(float, query["bbox"].split(","))
    assert west < 73.5 < 135.1 < east
    assert south < 3.5 < 53.6 < north
    assert not {"lat", "lon"} & set(query)


def test_an_answer_of_another_country_is_none(ask):
    page = json.loads(json.dumps(GOOD["photon"]))
    page["features"][0]["properties"]["countrycode"] = "JP"
    assert ask("photon", answer(page))[0] is None


@pytest.mark.parametrize("query", ["", "  ", "\x00\x07", "长" * 400])
def test_a_text_that_is_no_question_is_not_sent(ask, query):
    error, service, _ = ask("nominatim", answer(nominatim()), query=query)
    assert type(error) is GeocodeUnsuitable
    assert service.requests == []


def test_the_key_is_in_no_log(ask, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("baidu", "amap", "tianditu"):
        ask(name, answer(GOOD[name]), cache=False)
        ask(name, status(503), cache=False)
        ask(name, status(429, body=KEY.encode()), cache=False)
    assert KEY not in caplog.text


def test_geopy_interface(ask):
    found, _, provider = ask("nominatim", answer(nominatim()))
    place = provider.geocode("合肥市")
    assert (place.latitude, place.longitude) == (found.lat, found.lon)
    assert place.raw == found
    assert provider.geocode("合肥市", exactly_one=False)[0].raw == found


def test_a_missing_key_and_an_unknown_name_are_sentences(tmp_path):
    settings = Settings(cache_dir=tmp_path)
    with pytest.raises(SettingsError, match="GEOMAP_AMAP_KEY"):
        open_providers(["amap"], settings)
    with pytest.raises(SettingsError, match="write one of nominatim"):
        open_providers(["google"], settings)
    assert open_providers([], settings) == ()
    assert [p.name for p in open_providers(["photon", "nominatim", "photon"], settings)] == [
        "photon",
        "nominatim",
    ]


def test_a_cache_folder_that_cannot_be_used_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="GEOMAP_CACHE_DIR"):
        open_providers(["photon"], Settings(cache_dir=tmp_path / "file" / "cache"))


def test_without_a_pace_nothing_is_asked(tmp_path):
    (tmp_path / "pace.sqlite").mkdir()
    limiter = SharedLimiter(tmp_path / "pace.sqlite")
    with pytest.raises(GeocodeUnavailable, match="pace"):
        limiter.wait("nominatim", 1.0, 30)
    limiter.hold("nominatim", 1.0)


def test_an_unusable_cache_is_no_reason_not_to_answer(ask, tmp_path, caplog):
    (tmp_path / "answers.sqlite").mkdir()
    found, _, _ = ask("nominatim", answer(nominatim()))
    assert found.lat == pytest.approx(LAT)
    assert "cache cannot be written" in caplog.text


def test_every_provider_states_its_terms_and_a_pace():
    assert tuple(PROVIDERS) == PROVIDER_NAMES
    for kind in PROVIDERS.values():
        assert kind.terms_url.startswith("https://")
        assert kind.base_url.startswith("https://")
        assert kind.attribution
        assert kind.interval_s >= 0.5
    assert PROVIDERS["nominatim"].interval_s >= 1.0


def test_settings_of_providers_come_from_the_environment():
    settings = Settings.from_env(
        {
            "GEOMAP_AMAP_KEY": KEY,
            "GEOMAP_NOMINATIM_URL": "http://127.0.0.1:8080/",
            "GEOMAP_NOMINATIM_INTERVAL_S": "0.2",
            "GEOMAP_CONTACT": "maps@example.org\r\nX-Evil: 1",
        }
    )
    assert settings.keys == {"amap": KEY}
    assert KEY not in repr(settings)
    assert settings.provider_urls == {"nominatim": "http://127.0.0.1:8080"}
    assert settings.provider_intervals_s == {"nominatim": 0.2}
    assert settings.contact == "maps@example.org X-Evil: 1"
    with pytest.raises(SettingsError, match="GEOMAP_PHOTON_URL"):
        Settings.from_env({"GEOMAP_PHOTON_URL": "file:///etc/passwd"})
    with pytest.raises(SettingsError, match="INTERVAL_S"):
        Settings.from_env({"GEOMAP_PHOTON_INTERVAL_S": "never"})


class Clock:
    def __init__(self):
        self.time, self.slept = 1_000.0, []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds


def test_requests_keep_their_distance(tmp_path):
    clock = Clock()
    limiter = SharedLimiter(tmp_path / "pace.sqlite", now=clock.now, sleep=clock.sleep)
    for _ in range(3):
        limiter.wait("nominatim", 1.1, 30)
    assert clock.slept == pytest.approx([0.0, 1.1, 1.1])
    limiter.wait("photon", 1.1, 30)
    assert clock.slept[-1] == 0.0


def test_a_hold_keeps_everybody_away_and_a_clock_set_back_does_not(tmp_path):
    clock = Clock()
    limiter = SharedLimiter(tmp_path / "pace.sqlite", now=clock.now, sleep=clock.sleep)
    limiter.hold("nominatim", 60)
    with pytest.raises(GeocodeRateLimited):
        limiter.wait("nominatim", 1.0, 30)
    clock.time += 61
    limiter.wait("nominatim", 1.0, 30)
    clock.time -= 3 * 86_400
    limiter.wait("nominatim", 1.0, 30)
    assert math.fsum(clock.slept) == 0.0


def _take_slots(path, times, results):
    slept = []
    limiter = SharedLimiter(path, sleep=slept.append)
    for _ in range(times):
        before = time.time()
        limiter.wait("nominatim", 0.5, 30)
        results.put((before, before + slept[-1] + 0.25))  # a little slack for a busy machine


def test_processes_share_one_pace(tmp_path):
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    workers = [
        context.Process(target=_take_slots, args=(tmp_path / "pace.sqlite", 4, results))
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    slots = [results.get(timeout=60) for _ in range(8)]
    for worker in workers:
        worker.join()
    # Nobody really sleeps here: eight slots of half a second end 3.5 s after the first began.
    first, last = min(before for before, _ in slots), max(until for _, until in slots)
    assert last - first >= 3.5  # two paces side by side would end after 1.5 s
