"""Geocoding: the offline gazetteer first, other services only when asked for by name."""

from __future__ import annotations

from geomap.geocode.base import Candidate, Location, format_reason, parse_reason
from geomap.geocode.offline import OfflineGeocoder, default_geocoder

__all__ = [
    "Candidate",
    "Location",
    "OfflineGeocoder",
    "default_geocoder",
    "format_reason",
    "parse_reason",
]
