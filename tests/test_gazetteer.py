"""The gazetteer: what a name may mean, what lies in what, and indexes that follow their tables."""

from __future__ import annotations

import pytest

from geomap.gazetteer import FORMER, FULL, SHORT, VARIANT, Gazetteer, load_gazetteer
from geomap.gazetteer.table import (
    INDEXES,
    lines_of_tables,
    read_lines,
    tables_stamp,
    write_indexes,
)
from geomap.gazetteer.unit import apart_km
from geomap.paths import geo_dir
from tests.toy import toy_gazetteer_frame


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def ranks(gazetteer, name):
    return {naming.unit.adcode: naming.rank for naming in gazetteer.names.get(name, ())}


def test_official_short_and_made_up_forms_rank_in_that_order(gazetteer):
    assert ranks(gazetteer, "合肥市")["340100"] == FULL
    assert ranks(gazetteer, "合肥")["340100"] == SHORT
    assert ranks(gazetteer, "恩施区")["422801"] == VARIANT
    assert FULL < FORMER < VARIANT < SHORT


def test_abolished_units_mean_their_successors(gazetteer):
    (naming,) = [n for n in gazetteer.names["居巢区"] if n.former]
    assert (naming.unit.adcode, naming.former, naming.rank) == ("340181", "居巢区", FORMER)
    moved = [n for n in gazetteer.names["忠县"] if n.unit.adcode == "500233"]
    assert "510000" in moved[0].former_provinces


def test_a_municipality_is_named_once_and_is_its_own_city(gazetteer):
    assert [n.unit.adcode for n in gazetteer.names["天津市"]] == ["120000"]
    path = gazetteer.path(gazetteer.by_adcode["120116"])
    assert [unit.adcode for unit in path] == ["120000", "120000", "120116"]


def test_units_run_by_their_province_have_no_city(gazetteer):
    assert gazetteer.path(gazetteer.by_adcode["429004"]).city is None


def test_single_characters_stand_for_provinces_and_others_do_not(gazetteer):
    assert gazetteer.unit_by_letter("粤").adcode == "440000"
    assert gazetteer.unit_by_letter("合") is None


def test_a_zone_lies_in_all_its_members(gazetteer):
    zones = [u for u in gazetteer.units if u.level == "zone" and len(u.members) > 1]
    assert len(zones) > 50
    for zone in zones:
        assert set(zone.members) <= gazetteer.codes_of(zone)
        provinces = {gazetteer.by_adcode[code].province_adcode for code in zone.members}
        assert (zone.province_adcode is None) == (len(provinces) > 1)


def test_every_unit_has_a_point_to_show(gazetteer):
    for unit in gazetteer.units:
        shown = gazetteer.point_of(unit)
        assert shown.lat is not None, unit
        assert shown.radius_km, unit


def test_a_province_capital_stands_for_a_municipality_only(gazetteer):
    tianjin, anhui = gazetteer.by_adcode["120000"], gazetteer.by_adcode["340000"]
    assert gazetteer.point_of(tianjin).adcode == "120100"
    assert gazetteer.point_of(anhui) is anhui


def test_towns_are_found_inside_their_unit_and_not_outside(gazetteer):
    (town,) = gazetteer.places_named("盛泽镇")
    assert gazetteer.holds(gazetteer.by_adcode["320500"], town)
    assert not gazetteer.holds(gazetteer.by_adcode["340100"], town)
    (point,) = gazetteer.points_named_in("盛泽镇", "320509")
    assert (point.lat, point.lon) == (town.lat, town.lon)
    assert gazetteer.points_named_in("盛泽镇", "340100") == []
    assert any(place.parent_adcode == "320509" for place in gazetteer.places_spelt("shengze"))


def test_distance_is_on_a_sphere_and_none_without_a_point(gazetteer):
    hefei, wuhu = gazetteer.by_adcode["340100"], gazetteer.by_adcode["340200"]
    assert apart_km(hefei, wuhu) == pytest.approx(120, abs=15)
    assert apart_km(hefei, wuhu._replace(lat=None)) is None


def test_shipped_indexes_are_fresh():
    folder = geo_dir()
    stamp = tables_stamp(folder)
    for name in INDEXES:
        assert (folder / name).read_text(encoding="utf-8").split("\n", 1)[0] == stamp, (
            f"{name} is stale: run python data/geo/build_gazetteer_index.py"
        )


def test_indexes_hold_what_the_tables_hold():
    assert read_lines(geo_dir(), *INDEXES) == list(lines_of_tables(geo_dir()))


def test_a_stale_index_is_passed_over(tmp_path):
    toy_gazetteer_frame().to_parquet(tmp_path / "gazetteer.parquet", index=False)
    write_indexes(tmp_path)
    fresh = (tmp_path / INDEXES[0]).read_bytes()
    write_indexes(tmp_path)
    assert (tmp_path / INDEXES[0]).read_bytes() == fresh
    whole = len(Gazetteer(tmp_path).units)
    toy_gazetteer_frame().iloc[:-1].to_parquet(tmp_path / "gazetteer.parquet", index=False)
    assert len(Gazetteer(tmp_path).units) == whole - 1
