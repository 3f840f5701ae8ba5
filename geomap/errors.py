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

Each is a sentence for a person: what is wrong, where, how to mend it. It stands in the catalogues
of both languages (`errors.po` for most); an error carries its key and values, as in
`InputError("errors.not_there", path=path)`. `str(error)` is the English sentence.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Sequence

from geomap.sentences import Names, sentence
from geomap.text import has_text, text

_KEY = re.compile(r"[a-z_]+(\.\w+)+")


class GeomapError(Exception):
    """Root of every error geomap raises on purpose; `words` is its sentence, not yet worded."""

    def __init__(self, key: str = "", /, **values: object) -> None:
        super().__init__(key)
        self.words = sentence(key, "error", **values)

    def sentence(self, lang: str) -> str:
        """Say what is wrong in a language; words that are no key of ours come back as they are."""
        key = self.words.key
        return self.words.say(lang) if _KEY.fullmatch(key) and has_text(key, lang) else key

    def __str__(self) -> str:
        """Say what is wrong in English, for programs and logs."""
        return self.sentence("en")


def system_reason(error: OSError, english: str = "") -> Names:
    """Say why the system refused: `english`, or its own words; in Chinese where we have them."""
    said = english or error.strerror or str(error)
    key = f"errors.system.{errno.errorcode.get(error.errno or 0, '').lower()}"
    return Names(said, text(key, "zh") if has_text(key, "zh") else "")


class SettingsError(GeomapError):
    """A setting or environment variable is unusable."""


class SeedsError(GeomapError):
    """A seeds folder has faults; `issues` holds all of them."""

    def __init__(self, key: str, issues: Sequence[object] = (), **values: object) -> None:
        super().__init__(key, **values)
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

    def __init__(self, key: str, retry_after_s: float | None = None, **values: object) -> None:
        super().__init__(key, **values)
        self.retry_after_s = retry_after_s


class GeocodeUnavailable(GeocodeError):
    """The service is down or cannot be reached."""


class GeocodeBadAnswer(GeocodeError):
    """The service answered with something unusable."""


class GeocodeUnsuitable(GeocodeError):
    """The text is no question for this service: empty or too long."""
