"""Baidu Maps, geocoding v3. Baidu answers in BD-09; it is converted to WGS 84 here.

Terms of Service: https://lbsyun.baidu.com/index.php?title=open/law
Needs a key (GEOMAP_BAIDU_KEY). geopy hands Baidu's numbers on as they are, about a kilometre off.
"""

from __future__ import annotations

from typing import Any

from geopy.geocoders import BaiduV3
from geopy.location import Location

from geomap.datum import to_wgs84
from geomap.geocode.providers.base import Found, Provider, split_url

# `level` of an answer -> our precision; what is not named here is a point of interest.
_PRECISION = {
    "省": "province",
    "城市": "prefecture",
    "区县": "county",
    "乡镇": "town",
    "村庄": "place",
    "商圈": "place",
    "道路": "place",
    "开发区": "place",
    "产业园区": "place",
}
_NOTHING = "无相关结果"
_INTERNAL = 1


class _BaiduGeocoder(BaiduV3):  # type: ignore[misc]
    """geopy's Baidu without its debug log, which would hold the key."""

    def geocode(self, query: str, *, exactly_one: bool = True, timeout: float | None = None) -> Any:  # noqa: ANN401
        params = {"ak": self.api_key, "output": "json", "address": query}
        url = self._construct_url(self.api, self.api_path, params)
        return self._call_geocoder(url, self._parse_json, timeout=timeout or self.timeout)

    def _parse_json(self, page: Any, exactly_one: bool = True) -> Location | None:  # noqa: ANN401
        # Baidu says "internal error" (1) where it means "no such place".
        words = f"{page.get('message', '')}{page.get('msg', '')}"
        if page.get("status") == _INTERNAL and _NOTHING in words:
            return None
        return super()._parse_json(page, exactly_one=True)


class Baidu(Provider):
    """Baidu Maps, with the reader's own key."""

    name = "baidu"
    title = "Baidu Maps"
    terms_url = "https://lbsyun.baidu.com/index.php?title=open/law"
    attribution = "© Baidu"
    base_url = "https://api.map.baidu.com"
    needs_key = True
    interval_s = 0.5
    keep_days = 30.0
    longest_query_bytes = 84

    def make_geocoder(self, **options: Any) -> BaiduV3:  # noqa: ANN401 - geopy's options
        """Make geopy's Baidu."""
        geocoder = _BaiduGeocoder(self.key, **options)
        scheme, domain = split_url(self.url)
        geocoder.api = f"{scheme}://{domain}{geocoder.api_path}"
        return geocoder

    @staticmethod
    def is_page(page: Any) -> bool:  # noqa: ANN401 - raw JSON
        """An object with a numeric status."""
        return isinstance(page, dict) and isinstance(page.get("status"), int)

    def read(self, location: Location) -> Found | None:
        """Read the position and turn it to WGS 84."""
        raw = location.raw
        level = str(raw.get("level") or "")
        if level == "国家":
            return None
        lat, lon = to_wgs84(location.latitude, location.longitude, "bd09")
        # Baidu names the kind of the place, never the place.
        return Found(level or self.title, lat, lon, _PRECISION.get(level, "site"))
