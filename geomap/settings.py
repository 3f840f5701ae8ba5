"""Settings of one run: a frozen value; `from_env` is the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geomap import paths


@dataclass(frozen=True)
class Settings:
    """Where things are and what is allowed.

    seeds_dir: folder of the seed tables. data_dir: folder of built datasets.
    cache_dir: folder of cached provider answers. boundaries: the reader's own province file,
    GeoJSON or Parquet in WGS 84 with an `adcode` column, or None for the shipped one.
    keys: provider name -> API key, never written anywhere.
    allowed_hosts: host names the server answers to ("*" = any).
    """

    seeds_dir: Path = field(default_factory=paths.seeds_dir)
    data_dir: Path = field(default_factory=paths.default_data_dir)
    cache_dir: Path = field(default_factory=paths.default_cache_dir)
    boundaries: Path | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
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
        given["keys"] = {
            name: env[f"GEOMAP_{name.upper()}_KEY"]
            for name in ("amap", "baidu", "tianditu")
            if env.get(f"GEOMAP_{name.upper()}_KEY")
        }
        return cls(**given)  # type: ignore[arg-type]
