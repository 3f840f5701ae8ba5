"""Outside geocoding services, each opt-in by name, one file each with its Terms of Service."""

from __future__ import annotations

from collections.abc import Sequence

from geomap.errors import SettingsError
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
        raise SettingsError(
            f"There is no provider {unknown[0]!r}; write one of {', '.join(PROVIDERS)}."
        )
    if not names:
        return ()
    try:
        cache = AnswerCache(settings.cache_dir / "geocode.sqlite")
        limiter = SharedLimiter(settings.cache_dir / "geocode-pace.sqlite")
    except OSError as error:
        raise SettingsError(
            f"{settings.cache_dir} cannot hold the answers of services ({error.strerror}); set "
            "GEOMAP_CACHE_DIR to a folder that can be written."
        ) from error
    return tuple(PROVIDERS[name](settings, cache, limiter) for name in dict.fromkeys(names))
