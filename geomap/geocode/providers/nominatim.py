"""Nominatim, the search of OpenStreetMap. Answers are WGS 84.

Terms of Service: https://operations.osmfoundation.org/policies/nominatim/
One request per second in all, an application that names itself, attribution, results cached, no
bulk geocoding: a run over many rows belongs on an own server (GEOMAP_NOMINATIM_URL).
"""

from __future__ import annotations

from typing import Any

from geopy.geocoders import Nominatim as GeopyNominatim
from geopy.location import Location

from geomap.geocode.providers.base import (
    Found,
    Provider,
    precision_within,
    radius_of_box_km,
    split_url,
)

# `addresstype` of an answer -> our precision; of other kinds the size of their box decides.
_PRECISION = {
    "state": "province",
    "province": "province",
    "region": "province",
    "state_district": "prefecture",
    "city": "prefecture",
    "municipality": "prefecture",
    "prefecture": "prefecture",
    "county": "county",
    "district": "county",
    "city_district": "county",
    "borough": "county",
    "town": "town",
    "township": "town",
    "suburb": "town",
    "village": "place",
    "hamlet": "place",
    "quarter": "place",
    "neighbourhood": "place",
    "isolated_dwelling": "place",
    "road": "place",
    "industrial": "place",
    "postcode": "town",
}
_TOO_COARSE = frozenset({"country", "continent", "ocean", "sea"})
_UNIT_PARTS = ("state", "province", "region", "city", "county", "district", "city_district")


class Nominatim(Provider):
    """The public Nominatim server, or one of your own."""

    name = "nominatim"
    title = "Nominatim"
    terms_url = "https://operations.osmfoundation.org/policies/nominatim/"
    attribution = "© OpenStreetMap contributors, ODbL 1.0"
    base_url = "https://nominatim.openstreetmap.org"
    interval_s = 1.1
    bulk_limit = 1000

    def make_geocoder(self, **options: Any) -> GeopyNominatim:  # noqa: ANN401 - geopy's options
        """Make geopy's Nominatim."""
        scheme, domain = split_url(self.url)
        return GeopyNominatim(scheme=scheme, domain=domain, **options)

    def options(self) -> dict[str, object]:
        """Chinese names, places of China only, with the parts of the address."""
        return {
            "language": "zh-CN",
            "country_codes": ["cn", "hk", "mo", "tw"],
            "addressdetails": True,
        }

    @staticmethod
    def is_page(page: Any) -> bool:  # noqa: ANN401 - raw JSON
        """A list of places, or an error as an object."""
        if isinstance(page, dict):
            return "error" in page
        return isinstance(page, list) and all(isinstance(place, dict) for place in page)

    def read(self, location: Location) -> Found | None:
        """Read the position, the kind of place and the box around it."""
        raw = location.raw
        kind = str(raw.get("addresstype") or raw.get("type") or "")
        if kind in _TOO_COARSE:
            return None
        south, north, west, east = raw["boundingbox"]
        radius_km = radius_of_box_km(raw["lat"], raw["lon"], south, west, north, east)
        return Found(
            label=raw["display_name"],
            lat=raw["lat"],
            lon=raw["lon"],
            precision=_PRECISION.get(kind) or precision_within(radius_km),
            radius_km=radius_km,
            unit=_unit(raw.get("address") or {}),
        )


def _unit(address: dict[str, Any]) -> str | None:
    parts = [str(address[part]) for part in _UNIT_PARTS if address.get(part)]
    return "".join(dict.fromkeys(parts)) or None
