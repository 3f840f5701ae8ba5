"""Photon, komoot's search over OpenStreetMap. Answers are WGS 84.

Terms of Service: https://photon.komoot.io/ ("Terms of Use": fair use, extensive use is throttled)
A run over many rows belongs on an own server (GEOMAP_PHOTON_URL).
"""

from __future__ import annotations

from typing import Any

from geopy.geocoders import Photon as GeopyPhoton
from geopy.location import Location

from geomap.geocode.providers.base import Found, Provider, radius_of_box_km, split_url

_PRECISION = {
    "state": "province",
    "city": "prefecture",
    "county": "county",
    "district": "town",
    "locality": "place",
    "street": "place",
    "house": "site",
    "other": "site",
}
_CHINA = frozenset({"CN", "HK", "MO", "TW"})
_AROUND_CHINA = [(3.0, 73.0), (54.0, 136.0)]  # south-west and north-east corner, (lat, lon)


class Photon(Provider):
    """The public Photon server, or one of your own."""

    name = "photon"
    title = "Photon"
    terms_url = "https://photon.komoot.io/"
    attribution = "© OpenStreetMap contributors, ODbL 1.0; search by komoot"
    base_url = "https://photon.komoot.io"
    interval_s = 1.1
    bulk_limit = 1000

    def make_geocoder(self, **options: Any) -> GeopyPhoton:  # noqa: ANN401 - geopy's options
        """Make geopy's Photon."""
        scheme, domain = split_url(self.url)
        return GeopyPhoton(scheme=scheme, domain=domain, **options)

    def options(self) -> dict[str, object]:
        """Only what lies in the rectangle around China: geopy cannot name a country to Photon.

        A preferred position would not do: Photon prefers what is within a town's reach of it.
        """
        return {"bbox": _AROUND_CHINA}

    @staticmethod
    def is_page(page: Any) -> bool:  # noqa: ANN401 - raw JSON
        """A GeoJSON feature collection."""
        return isinstance(page, dict) and isinstance(page.get("features"), list)

    def read(self, location: Location) -> Found | None:
        """Read a GeoJSON feature; one of another country is no answer."""
        properties = location.raw["properties"]
        if str(properties.get("countrycode", "")).upper() not in _CHINA:
            return None
        precision = _PRECISION.get(str(properties.get("type")))
        if precision is None:
            return None
        lon, lat = location.raw["geometry"]["coordinates"][:2]
        west, north, east, south = properties.get("extent") or (lon, lat, lon, lat)
        unit = [str(properties[part]) for part in ("state", "city", "county") if part in properties]
        return Found(
            label=location.address,
            lat=lat,
            lon=lon,
            precision=precision,
            # Without a box, the radius of the precision.
            radius_km=radius_of_box_km(lat, lon, south, west, north, east)
            if "extent" in properties
            else None,
            unit="".join(dict.fromkeys(unit)) or None,
        )
