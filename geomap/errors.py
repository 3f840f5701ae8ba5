"""Every error a caller of geomap may meet, in one tree.

GeomapError
├── SettingsError       a setting or environment variable is unusable
├── SeedsError          a seeds folder has faults (carries the issues)
├── DatasetError        a dataset is missing, unreadable or of another version
├── BoundariesError     a boundaries file cannot be used
├── SourceError         a data file does not match its passport
├── InputError          a file a person handed in cannot be read
├── UnknownDatum        no datum has this name
├── UnknownFeature      no feature has this id
├── UnknownRegion       a region cannot be understood
└── GeocodeError        an outside geocoding service failed
    ├── GeocodeTimeout      it did not answer in time
    ├── GeocodeRefused      it refused the key or the use
    ├── GeocodeRateLimited  it asked us to slow down
    ├── GeocodeUnavailable  it is down or cannot be reached
    ├── GeocodeBadAnswer    it answered with something unusable
    └── GeocodeUnsuitable   the text is no question for this service

Each message is a sentence for a person: what is wrong, where, how to mend it.
"""

from __future__ import annotations

from collections.abc import Sequence


class GeomapError(Exception):
    """Root of every error geomap raises on purpose."""


class SettingsError(GeomapError):
    """A setting or environment variable is unusable."""


class SeedsError(GeomapError):
    """A seeds folder has faults; `issues` holds all of them."""

    def __init__(self, message: str, issues: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.issues = tuple(issues)


class DatasetError(GeomapError):
    """A dataset is missing, unreadable or of another version."""


class BoundariesError(GeomapError):
    """A boundaries file cannot be used."""


class SourceError(GeomapError):
    """A data file does not match its passport in SOURCES.json."""


class InputError(GeomapError):
    """A file a person handed in cannot be read."""


class UnknownDatum(GeomapError):
    """No datum has this name."""


class UnknownFeature(GeomapError):
    """No feature has this id."""


class UnknownRegion(GeomapError):
    """A region cannot be understood."""


class GeocodeError(GeomapError):
    """An outside geocoding service failed."""


class GeocodeTimeout(GeocodeError):
    """The service did not answer in time."""


class GeocodeRefused(GeocodeError):
    """The service refused the key or the use."""


class GeocodeRateLimited(GeocodeError):
    """The service asked us to slow down; `retry_after_s` is how long, where it said so."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class GeocodeUnavailable(GeocodeError):
    """The service is down or cannot be reached."""


class GeocodeBadAnswer(GeocodeError):
    """The service answered with something unusable."""


class GeocodeUnsuitable(GeocodeError):
    """The text is no question for this service: empty or too long."""
