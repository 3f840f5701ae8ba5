"""Tianditu, the national map service. Answers are CGCS2000, which is WGS 84 to a few centimetres.

Terms of Service: https://www.tianditu.gov.cn/about/contact.html?type=2
Needs a key (GEOMAP_TIANDITU_KEY). Documentation: http://lbs.tianditu.gov.cn/server/geocodinginterface.html
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from geopy.geocoders.base import Geocoder
from geopy.location import Location

from geomap.errors import (
    GeocodeBadAnswer,
    GeocodeError,
    GeocodeRateLimited,
    GeocodeRefused,
    GeocodeUnavailable,
)
from geomap.geocode.providers.base import Found, Provider
from geomap.sentences import sentence

_OK = "0"
_NOTHING = frozenset({"101", "404"})
_PRECISION = {
    "省": "province",
    "市": "prefecture",
    "地级市": "prefecture",
    "区县": "county",
    "县": "county",
    "乡镇": "town",
    "街道": "town",
    "村": "place",
    "村庄": "place",
    "道路": "place",
}


class TiandituGeocoder(Geocoder):  # type: ignore[misc]
    """Tianditu's geocoder as a geopy geocoder; positions are CGCS2000.

    api_key: key of the type "server".
    """

    geocode_path = "/geocoder"

    def __init__(self, api_key: str, *, url: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.api_key = api_key
        self.api = url + self.geocode_path

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: float | None = None
    ) -> Location | list[Location] | None:
        """Look an address up. Raises GeocodeError."""
        ds = json.dumps({"keyWord": query}, ensure_ascii=False)
        place: Location | None = self._call_geocoder(
            f"{self.api}?{urlencode({'ds': ds, 'tk': self.api_key})}",
            self._parse_json,
            timeout=timeout or self.timeout,
        )
        return place if exactly_one or place is None else [place]

    @staticmethod
    def _parse_json(page: dict[str, Any]) -> Location | None:
        status = str(page.get("status", ""))
        if status in _NOTHING:
            return None
        if status != _OK:
            raise _error_of(page)
        place = page["location"]
        if not place:
            return None
        return Location(str(place["keyWord"]), (float(place["lat"]), float(place["lon"])), place)


class Tianditu(Provider):
    """Tianditu, with the reader's own key."""

    name = "tianditu"
    title = "Tianditu"
    terms_url = "https://www.tianditu.gov.cn/about/contact.html?type=2"
    attribution = "© National Platform for Common Geospatial Information Services (Tianditu)"
    base_url = "https://api.tianditu.gov.cn"
    needs_key = True
    interval_s = 0.5
    keep_days = 30.0
    longest_query_bytes = 300

    def make_geocoder(self, **options: object) -> TiandituGeocoder:
        """Make the Tianditu geocoder."""
        return TiandituGeocoder(self.key, url=self.url, **options)

    @staticmethod
    def is_page(page: Any) -> bool:  # noqa: ANN401 - raw JSON
        """An object with a status, a code or a message."""
        return isinstance(page, dict) and bool({"status", "code", "msg"} & set(page))

    def read(self, location: Location) -> Found | None:
        """Read the position; nothing to convert."""
        level = str(location.raw.get("level") or "")
        if level in ("国家", "中国"):
            return None
        return Found(
            label=location.address,
            lat=location.latitude,
            lon=location.longitude,
            precision=_PRECISION.get(level, "site"),
        )


def _error_of(page: dict[str, Any]) -> GeocodeError:
    """The error behind an answer that is not one: Tianditu says it in words, not in codes."""
    words = " ".join(str(page.get(part, ""))[:60] for part in ("status", "code", "msg")).strip()
    told: dict[str, Any] = {"service": sentence("errors.service.name.tianditu"), "said": words}
    if any(hint in words for hint in ("Key", "key", "权限", "白名单")):
        return GeocodeRefused("errors.service.refused_said", name="GEOMAP_TIANDITU_KEY", **told)
    if any(hint in words for hint in ("配额", "超限", "频", "限制")):
        return GeocodeRateLimited("errors.service.used_up_said", **told)
    if words:
        return GeocodeUnavailable("errors.service.trouble_said", **told)
    return GeocodeBadAnswer("errors.service.unusable", service=told["service"])
