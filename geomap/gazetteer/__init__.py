"""The gazetteer: every unit, zone and place we know, in both languages."""

from __future__ import annotations

from geomap.gazetteer.gazetteer import Gazetteer, NameIndex, load_gazetteer
from geomap.gazetteer.places import TOWN_AT_COUNTY
from geomap.gazetteer.unit import ADMIN_LEVELS, FORMER, FULL, SHORT, TIED, VARIANT, Naming, Unit

__all__ = [
    "ADMIN_LEVELS",
    "FORMER",
    "FULL",
    "SHORT",
    "TIED",
    "TOWN_AT_COUNTY",
    "VARIANT",
    "Gazetteer",
    "NameIndex",
    "Naming",
    "Unit",
    "load_gazetteer",
]
