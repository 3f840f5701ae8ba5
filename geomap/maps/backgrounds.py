"""Outside backgrounds a reader may switch on: who serves them, on which terms, in which datum.

None is used unless a reader asks for it. A background is opened in the content policy for images
only, for its own hosts only, on the page whose address names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geomap.datum import Datum


@dataclass(frozen=True)
class Background:
    """One tile service.

    url: tile address with {s}, {x}, {y}, {z} and, where it needs one, {key}. subdomains: what {s}
    stands for. credit: what its terms want shown. terms: where the reader finds them. datum: that
    of its tiles.
    """

    background_id: str
    url: str
    subdomains: tuple[str, ...]
    credit: str
    terms: str
    max_zoom: int
    datum: Datum
    needs_key: bool

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins its tiles come from."""
        origin = "/".join(self.url.split("/")[:3])
        return tuple(
            dict.fromkeys(origin.replace("{s}", part) for part in self.subdomains or ("",))
        )


BACKGROUNDS: Mapping[str, Background] = {
    one.background_id: one
    for one in (
        Background(
            "osm",
            "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
            (),
            "© OpenStreetMap contributors",
            "https://www.openstreetmap.org/copyright",
            19,
            "wgs84",
            False,
        ),
        Background(
            "tianditu",
            "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
            "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
            "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
            tuple("01234567"),
            "© 天地图 Tianditu",
            "https://www.tianditu.gov.cn/about/contact.html",
            18,
            "wgs84",
            True,
        ),
        Background(
            "amap",
            "https://webrd0{s}.is.autonavi.com/appmaptile"
            "?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}&key={key}",
            tuple("1234"),
            "© 高德地图 AMap",
            "https://lbs.amap.com/home/terms/",
            18,
            "gcj02",
            True,
        ),
    )
}


def usable_backgrounds(keys: Mapping[str, str]) -> tuple[str, ...]:
    """Name the backgrounds that can be offered: those without a key and those whose key is set."""
    return tuple(name for name, one in BACKGROUNDS.items() if not one.needs_key or keys.get(name))


def background_spec(name: str, keys: Mapping[str, str]) -> dict[str, Any] | None:
    """Give what the browser needs to show a background, None when it cannot be offered."""
    if name not in usable_backgrounds(keys):
        return None
    one = BACKGROUNDS[name]
    return {
        "id": name,
        "url": one.url.replace("{key}", keys.get(name, "")),
        "subdomains": list(one.subdomains),
        "credit": one.credit,
        "terms": one.terms,
        "max_zoom": one.max_zoom,
        "datum": one.datum,
    }


def background_origins(name: str) -> tuple[str, ...]:
    """Give the origins the content policy opens for a background, none for any other name."""
    one = BACKGROUNDS.get(name)
    return one.origins if one else ()
