"""Outside geocoding services, each opt-in by name, one file each with its Terms of Service."""

from __future__ import annotations

from collections.abc import Sequence

from geomap.errors import SettingsError, system_reason
from geomap.geocode.cache import AnswerCache
from geomap.geocode.providers.amap import AMap
from geomap.geocode.providers.baidu import Baidu
from geomap.geocode.providers.base import Answer, Provider
from geomap.geocode.providers.limits import SharedLimiter
from geomap.geocode.providers.nominatim import Nominatim
from geomap.geocode.providers.photon import Photon
from geomap.geocode.providers.tianditu import Tianditu
from geomap.settings import Settings

__all__ = ["PROVIDERS", "Answer", "Provider", "open_providers"]

PROVIDERS: dict[str, type[Provider]] = {
    kind.name: kind for kind in (Nominatim, Photon, Baidu, AMap, Tianditu)
}


def open_providers(names: Sequence[str], settings: Settings) -> tuple[Provider, ...]:
    """Make the named providers, in the order named, sharing one cache and one pace.

    Raises SettingsError for an unknown name or a missing key.
    """
    unknown = [name for name in names if name not in PROVIDERS]
    if unknown:
        raise SettingsError("errors.service.unknown", name=unknown[0], known=tuple(PROVIDERS))
    if not names:
        return ()
    try:
        cache = AnswerCache(settings.cache_dir / "geocode.sqlite")
        limiter = SharedLimiter(settings.cache_dir / "geocode-pace.sqlite")
    except OSError as error:
        why = system_reason(error)
        raise SettingsError(
            "errors.service.no_cache", folder=settings.cache_dir, error=why
        ) from error
    return tuple(PROVIDERS[name](settings, cache, limiter) for name in dict.fromkeys(names))
