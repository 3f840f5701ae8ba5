"""AMap (Gaode), geocoding v3. AMap answers in GCJ-02; it is converted to WGS 84 here.

Terms of Service: https://lbs.amap.com/pages/terms/
Needs a key (GEOMAP_AMAP_KEY). Documentation: https://lbs.amap.com/api/webservice/guide/api/georegeo
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from geopy.geocoders.base import Geocoder
from geopy.location import Location

from geomap.datum import to_wgs84
from geomap.errors import (
    GeocodeBadAnswer,
    GeocodeError,
    GeocodeRateLimited,
    GeocodeRefused,
    GeocodeUnavailable,
    GeocodeUnsuitable,
)
from geomap.geocode.providers.base import Found, Provider
from geomap.sentences import sentence

_OK = "10000"
# infocode -> the error it means (https://lbs.amap.com/api/webservice/guide/tools/info).
_TOO_FAST = frozenset({"10004", "10014", "10015", "10019", "10020", "10021", "10029"})
_USED_UP = frozenset({"10003", "10010", "10044", "10045", "40000", "40001", "40002", "40003"})
_DOWN = frozenset({"10002", "10016", "10017", "20003", "30001", "30002", "30003", "32000"})
_QUESTION = frozenset({"20000", "20001", "20002", "20011", "20012"})

_PRECISION = {
    "省": "province",
    "市": "prefecture",
    "区县": "county",
    "开发区": "place",
    "乡镇": "town",
    "村庄": "place",
    "热点商圈": "place",
    "道路": "place",
}


class AMapGeocoder(Geocoder):  # type: ignore[misc]
    """AMap's web service as a geopy geocoder; positions are GCJ-02, as AMap gives them.

    api_key: key of the type "Web service". domain, scheme: the server.
    """

    geocode_path = "/v3/geocode/geo"

    def __init__(self, api_key: str, *, url: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.api_key = api_key
        self.api = url + self.geocode_path

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: float | None = None
    ) -> Location | list[Location] | None:
        """Look an address up. Raises GeocodeError."""
        params = {"key": self.api_key, "address": query, "output": "JSON"}
        places: list[Location] = self._call_geocoder(
            f"{self.api}?{urlencode(params)}", self._parse_json, timeout=timeout or self.timeout
        )
        if not places:
            return None
        return places[0] if exactly_one else places

    def _parse_json(self, page: dict[str, Any]) -> list[Location]:
        if page["infocode"] != _OK:
            raise _error_of(str(page["infocode"]), str(page.get("info", "")))
        return [self._parse_place(place) for place in page["geocodes"]]

    @staticmethod
    def _parse_place(place: dict[str, Any]) -> Location:
        lon, lat = (float(number) for number in place["location"].split(","))
        return Location(place["formatted_address"], (lat, lon), place)


class AMap(Provider):
    """AMap, with the reader's own key."""

    name = "amap"
    title = "AMap"
    terms_url = "https://lbs.amap.com/pages/terms/"
    attribution = "© AutoNavi"
    base_url = "https://restapi.amap.com"
    needs_key = True
    interval_s = 0.5
    keep_days = 30.0
    longest_query_bytes = 300

    def make_geocoder(self, **options: object) -> AMapGeocoder:
        """Make the AMap geocoder."""
        return AMapGeocoder(self.key, url=self.url, **options)

    @staticmethod
    def is_page(page: Any) -> bool:  # noqa: ANN401 - raw JSON
        """An object with an info code."""
        return isinstance(page, dict) and isinstance(page.get("infocode"), str)

    def read(self, location: Location) -> Found | None:
        """Read the position, turned to WGS 84, and the unit's code."""
        raw = location.raw
        level = str(raw.get("level") or "")
        if level == "国家":
            return None
        lat, lon = to_wgs84(location.latitude, location.longitude, "gcj02")
        adcode = raw.get("adcode")
        return Found(
            label=location.address,
            lat=lat,
            lon=lon,
            precision=_PRECISION.get(level, "site"),
            # AMap writes [] for what it does not know.
            unit=adcode if isinstance(adcode, str) and adcode.isdigit() else None,
        )


def _error_of(infocode: str, info: str) -> GeocodeError:
    said = f"{infocode} {info[:60]}".strip()
    told: dict[str, Any] = {"service": sentence("errors.service.name.amap"), "said": said}
    if infocode in _TOO_FAST:
        return GeocodeRateLimited("errors.service.slow_down_said", 1.0, **told)
    if infocode in _USED_UP:
        return GeocodeRateLimited("errors.service.used_up_said", **told)
    if infocode in _DOWN:
        return GeocodeUnavailable("errors.service.trouble_said", **told)
    if infocode in _QUESTION:
        return GeocodeUnsuitable("errors.service.not_taken_said", **told)
    if infocode.startswith("100"):
        return GeocodeRefused("errors.service.refused_said", name="GEOMAP_AMAP_KEY", **told)
    return GeocodeBadAnswer("errors.service.unknown_code", **told)
