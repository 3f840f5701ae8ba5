"""Settings of one run: a frozen value; `from_env` is the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from geomap import paths
from geomap.errors import SettingsError
from geomap.sentences import either
from geomap.text import LANGUAGES, pick_language

PROVIDER_NAMES = ("nominatim", "photon", "baidu", "amap", "tianditu")


@dataclass(frozen=True)
class Settings:
    """Where things are and what is allowed.

    seeds_dir: folder of the seed tables. data_dir: folder of built datasets.
    cache_dir: folder of cached provider answers. boundaries: the reader's own province file,
    GeoJSON or Parquet in WGS 84 with an `adcode` column, or None for the shipped one.
    keys: provider name -> API key, never written anywhere. provider_urls: provider name -> address
    of an own server. provider_intervals_s: provider name -> seconds between two requests to it.
    contact: mail address or page told to the services that ask for one.
    allowed_hosts: host names the server answers to ("*" = any).
    """

    seeds_dir: Path = field(default_factory=paths.seeds_dir)
    data_dir: Path = field(default_factory=paths.default_data_dir)
    cache_dir: Path = field(default_factory=paths.default_cache_dir)
    boundaries: Path | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    provider_urls: Mapping[str, str] = field(default_factory=dict)
    provider_intervals_s: Mapping[str, float] = field(default_factory=dict)
    contact: str | None = None
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read GEOMAP_* variables; what is not set keeps its default."""
        env = os.environ if environ is None else environ
        given: dict[str, object] = {}
        for name in ("seeds_dir", "data_dir", "cache_dir", "boundaries"):
            value = env.get(f"GEOMAP_{name.upper()}")
            if value:
                given[name] = Path(value).expanduser()
        hosts = env.get("GEOMAP_ALLOWED_HOSTS")
        if hosts:
            given["allowed_hosts"] = tuple(h.strip() for h in hosts.split(",") if h.strip())
        given["keys"] = _of_providers(env, "KEY")
        given["provider_urls"] = {
            name: _service_url(name, url) for name, url in _of_providers(env, "URL").items()
        }
        given["provider_intervals_s"] = {
            name: _seconds(name, text) for name, text in _of_providers(env, "INTERVAL_S").items()
        }
        given["contact"] = " ".join(env.get("GEOMAP_CONTACT", "").split()) or None
        return cls(**given)  # type: ignore[arg-type]


def language_of_env(environ: Mapping[str, str] | None = None) -> str:
    """Choose the language of messages: GEOMAP_LANG, else that of the terminal.

    Raises SettingsError when GEOMAP_LANG names none of ours.
    """
    env = os.environ if environ is None else environ
    asked = env.get("GEOMAP_LANG", "").strip()
    if asked.lower() in LANGUAGES:
        return asked.lower()
    if asked:
        raise SettingsError("errors.setting_language", value=asked, languages=either(LANGUAGES))
    return language_of_locale(env)


def language_of_locale(environ: Mapping[str, str] | None = None) -> str:
    """Choose the language of the terminal, in the order the system itself goes by."""
    env = os.environ if environ is None else environ
    named = (env.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return pick_language(next(filter(None, named), None))


def _of_providers(env: Mapping[str, str], what: str) -> dict[str, str]:
    """Provider name -> value of its GEOMAP_<NAME>_<WHAT>, for those that are set."""
    names = {name: f"GEOMAP_{name.upper()}_{what}" for name in PROVIDER_NAMES}
    return {name: env[variable].strip() for name, variable in names.items() if env.get(variable)}


def _service_url(name: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError("errors.setting_url", name=f"GEOMAP_{name.upper()}_URL", url=url)
    return url.rstrip("/")


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= 86_400.0:
        setting = f"GEOMAP_{name.upper()}_INTERVAL_S"
        raise SettingsError("errors.setting_seconds", name=setting, value=text)
    return seconds
