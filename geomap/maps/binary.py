"""The binary point file: very many sites in few bytes, read by the canvas layer of the browser.

Little endian. Head of 56 bytes: "GMP1", uint32 points, uint32 sites of the dataset, 4 bytes free,
float64 west, south, width, height in degrees, 8 bytes free. Then eight planes of one byte per
point: longitude in 24 bits (high, middle, low byte) over the width, latitude likewise over the
height, style (layer in the low two bits, form above), size class. Last one bit per site of the
dataset, lowest first: set when the site is drawn, which gives each point its site number.

24 bits over China are steps of about 0.4 m. Planes compress well because neighbouring bytes of a
plane mean the same thing.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from geomap.views.layers import SitePoints

MAGIC = b"GMP1"
_HEAD = struct.Struct("<4sIIxxxxdddd8x")
_STEPS = 0xFFFFFF


def encode_points(points: SitePoints, site_count: int) -> bytes:
    """Write points. site_count: rows of the dataset's sites, drawn or not."""
    west, wide = _extent(points.lon)
    south, high = _extent(points.lat)
    head = _HEAD.pack(MAGIC, len(points), site_count, west, south, wide, high)
    style = points.layer | (points.form << 2)
    drawn = np.zeros(site_count, dtype=bool)
    drawn[points.site_index] = True
    planes = [*_split(points.lon, west, wide), *_split(points.lat, south, high), style, points.size]
    return b"".join([head, *(plane.tobytes() for plane in planes), _bits(drawn)])


def decode_points(body: bytes) -> SitePoints:
    """Read a point file; the numbers of shared places are not in it and come back as 0.

    Raises ValueError for anything else than a whole point file.
    """
    if len(body) < _HEAD.size or body[:4] != MAGIC:
        raise ValueError("this is not a point file")
    _, count, site_count, west, south, wide, high = _HEAD.unpack_from(body)
    if len(body) != _HEAD.size + 8 * count + (site_count + 7) // 8:
        raise ValueError("the point file is cut off or has too much")
    planes = np.frombuffer(body, np.uint8, 8 * count, _HEAD.size).reshape(8, count)
    drawn = np.unpackbits(
        np.frombuffer(body, np.uint8, offset=_HEAD.size + 8 * count), bitorder="little"
    )
    return SitePoints(
        site_index=np.flatnonzero(drawn[:site_count]).astype(np.int64),
        lat=_join(planes[3:6], south, high),
        lon=_join(planes[0:3], west, wide),
        layer=planes[6] & 3,
        form=planes[6] >> 2,
        size=planes[7],
        place=np.zeros(count, dtype=np.int64),
    )


def _extent(degrees: NDArray[np.float64]) -> tuple[float, float]:
    if not len(degrees):
        return 0.0, 0.0
    return float(degrees.min()), float(degrees.max() - degrees.min())


def _split(degrees: NDArray[np.float64], start: float, extent: float) -> list[NDArray[np.uint8]]:
    share = (degrees - start) / extent if extent else np.zeros_like(degrees)
    whole = np.rint(share * _STEPS).astype(np.uint32)
    return [((whole >> shift) & 0xFF).astype(np.uint8) for shift in (16, 8, 0)]


def _join(planes: NDArray[np.uint8], start: float, extent: float) -> NDArray[np.float64]:
    high, middle, low = (plane.astype(np.uint32) for plane in planes)
    whole = (high << 16) | (middle << 8) | low
    return np.asarray(start + whole * (extent / _STEPS), dtype=np.float64)


def _bits(mask: NDArray[np.bool_]) -> bytes:
    return np.packbits(mask, bitorder="little").tobytes()
