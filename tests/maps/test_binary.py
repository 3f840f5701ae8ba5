"""The binary point file gives back what went in, small enough, and refuses anything else."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from geomap.geodesy import geodesic_km
from geomap.maps.binary import decode_points, encode_points
from geomap.views.layers import SitePoints, site_points
from tests.made import many_sites
from tests.toy import toy_dataset

COLUMNS = ("site_index", "layer", "form", "size")


def test_points_come_back_within_half_a_metre():
    dataset = many_sites(5_000)
    points = site_points(dataset)
    back = decode_points(encode_points(points, len(dataset.sites)))
    for name in COLUMNS:
        assert getattr(back, name).tolist() == getattr(points, name).tolist()
    assert geodesic_km(points.lat, points.lon, back.lat, back.lon).max() < 0.0005


def test_sites_without_a_place_leave_gaps_in_the_numbers():
    dataset = toy_dataset()
    points = site_points(dataset)
    assert len(points) < len(dataset.sites)
    back = decode_points(encode_points(points, len(dataset.sites)))
    assert back.site_index.tolist() == points.site_index.tolist()


@pytest.mark.parametrize("count", [0, 1])
def test_none_and_one_point(count):
    few = site_points(many_sites(10)).take(np.arange(10) < count)
    assert decode_points(encode_points(few, 10)).lon.tolist() == pytest.approx(few.lon.tolist())


def test_a_hundred_thousand_points_stay_under_the_promised_size():
    dataset = many_sites(100_000)
    body = encode_points(site_points(dataset), 100_000)
    assert len(gzip.compress(body, 6)) <= 1_200_000


def test_other_bytes_are_refused():
    body = encode_points(site_points(toy_dataset()), len(toy_dataset().sites))
    for wrong in (b"", b"GMP1", b"XXXX" + body[4:], body[:-1], body + b"\0"):
        with pytest.raises(ValueError, match="point file"):
            decode_points(wrong)


def test_points_are_columns_of_one_length():
    points = site_points(toy_dataset())
    assert isinstance(points, SitePoints)
    assert {len(getattr(points, name)) for name in COLUMNS} == {len(points)}
