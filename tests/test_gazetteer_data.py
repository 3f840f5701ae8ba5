"""The gazetteer's data: every unit there, inside its province, named right, codes alive."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator

import pandas as pd
import pytest
import shapely

from geomap.paths import geo_dir

FOLDER = geo_dir()
# Seats on islands or borders which the 1 km coastline leaves outside: degrees, about 15 km.
COAST_DEGREES = 0.15
# Islands of Sansha, of which Natural Earth draws few; and two districts of Heilongjiang whose
# land is Inner Mongolia's.
ELSEWHERE = {"460300", "460321", "460322", "460323", "232761", "232762"}
PROVINCES, PREFECTURES, COUNTIES = 34, 337, 2850
HONG_KONG, MACAO, TAIWAN = 18, 7, 20


@pytest.fixture(scope="module")
def gazetteer() -> pd.DataFrame:
    return pd.read_parquet(FOLDER / "gazetteer.parquet")


@pytest.fixture(scope="module")
def units(gazetteer: pd.DataFrame) -> pd.DataFrame:
    return gazetteer[gazetteer["adcode"].notna()].set_index("adcode", drop=False)


@pytest.fixture(scope="module")
def towns() -> pd.DataFrame:
    return pd.read_parquet(FOLDER / "gazetteer_towns.parquet")


@pytest.fixture(scope="module")
def shapes() -> dict[str, shapely.Geometry]:
    document = shapely.from_geojson((FOLDER / "provinces.geojson").read_text("utf-8"))
    table = read("provinces.csv")
    order = [row["adcode"] for row in table]
    assert len(order) == len(document.geoms)
    return dict(zip(order, document.geoms, strict=True))


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def outside(units: pd.DataFrame, shapes: dict[str, shapely.Geometry]) -> Iterator[str]:
    """Yield adcodes whose point lies farther than a coast's width from their province."""
    for unit in units.itertuples():
        point = shapely.Point(unit.lon, unit.lat)
        far = shapes[unit.province_adcode].distance(point) > COAST_DEGREES
        if far and unit.adcode not in ELSEWHERE:
            yield unit.adcode


def repeated(units: pd.DataFrame) -> list[tuple[str, str]]:
    """Return parent and name of units which share both."""
    names = Counter(zip(units["parent_adcode"].fillna(""), units["name_zh"], strict=True))
    return [key for key, times in names.items() if times > 1]


def orphans(units: pd.DataFrame) -> set[str]:
    """Return parents that are no unit themselves."""
    parents = units[["parent_adcode", "province_adcode", "prefecture_adcode"]].stack()
    return set(parents.dropna()) - set(units.index)


def dead(rows: list[dict[str, str]], column: str, units: pd.DataFrame) -> set[str]:
    """Return adcodes of a table's list column that are no living unit."""
    return {code for row in rows for code in row[column].split(";")} - set(units.index)


def test_every_official_unit_is_there(units: pd.DataFrame, towns: pd.DataFrame) -> None:
    counts = units["level"].value_counts()
    assert counts["province"] == PROVINCES
    assert counts["prefecture"] == PREFECTURES + TAIWAN
    assert counts["county"] == COUNTIES + HONG_KONG + MACAO
    assert len(towns) == 41352


def test_a_code_is_given_once(gazetteer: pd.DataFrame, towns: pd.DataFrame) -> None:
    assert gazetteer["adcode"].dropna().is_unique
    assert gazetteer["unit_id"].is_unique
    assert towns["unit_id"].is_unique


def test_units_lie_in_their_own_province(
    units: pd.DataFrame, shapes: dict[str, shapely.Geometry]
) -> None:
    assert list(outside(units, shapes)) == []


def test_a_unit_moved_to_another_province_is_noticed(
    units: pd.DataFrame, shapes: dict[str, shapely.Geometry]
) -> None:
    moved = units.loc[["340100"]].assign(province_adcode="650000")
    assert list(outside(moved, shapes)) == ["340100"]


def test_parents_exist(units: pd.DataFrame, towns: pd.DataFrame) -> None:
    assert orphans(units) == set()
    assert set(towns["parent_adcode"]) <= set(units.index)


def test_a_missing_parent_is_noticed(units: pd.DataFrame) -> None:
    assert orphans(units.drop(index="340100")) == {"340100"}


def test_no_two_units_of_one_parent_share_a_name(units: pd.DataFrame) -> None:
    assert repeated(units[units["level"] != "province"]) == []


def test_two_units_of_one_name_are_noticed(units: pd.DataFrame) -> None:
    doubled = pd.concat([units, units.loc[["340111"]]])
    assert repeated(doubled) == [("340100", "包河区")]


@pytest.mark.parametrize(
    ("adcode", "name"),
    [
        ("110105", "Chaoyang"), ("211300", "Chaoyang"), ("341500", "Lu'an"), ("330382", "Yueqing"),
        ("130726", "Yuxian"), ("500100", "Chongqing"), ("350200", "Xiamen"), ("331000", "Taizhou"),
        ("610100", "Xi'an"), ("610600", "Yan'an"), ("530800", "Pu'er"), ("510100", "Chengdu"),
        ("411100", "Luohe"), ("140400", "Changzhi"), ("140428", "Zhangzi"), ("141100", "Lüliang"),
        ("150100", "Hohhot"), ("150600", "Ordos"), ("150900", "Ulanqab"), ("650100", "Urumqi"),
        ("540100", "Lhasa"), ("540200", "Xigazê"), ("640300", "Wuzhong"), ("341621", "Guoyang"),
    ],
)  # fmt: skip
def test_latin_names_are_the_ones_in_use(units: pd.DataFrame, adcode: str, name: str) -> None:
    assert units.loc[adcode, "name_en"] == name


@pytest.mark.parametrize(
    ("adcode", "alias"),
    [("440100", "Canton"), ("110100", "Peking"), ("350200", "Amoy"), ("320100", "Nanking"),
     ("500100", "Chungking"), ("653100", "Kashi"), ("540200", "Shigatse"), ("141100", "luliang")],
)  # fmt: skip
def test_older_and_other_romanisations_are_known(
    units: pd.DataFrame, adcode: str, alias: str
) -> None:
    assert alias in units.loc[adcode, "aliases_latin"]


def test_precision_and_radius_are_told_for_every_row(
    gazetteer: pd.DataFrame, towns: pd.DataFrame
) -> None:
    for frame in (gazetteer, towns):
        assert frame["radius_km"].between(1, 1500).all()
        assert set(frame["precision"]) <= {"place", "town", "county", "prefecture", "province"}
        assert frame["source"].notna().all()


def test_a_town_without_own_point_says_so(towns: pd.DataFrame, units: pd.DataFrame) -> None:
    borrowed = towns[towns["method"] == "county"]
    hosts = units.loc[borrowed["parent_adcode"]]
    assert (borrowed["lat"].to_numpy() == hosts["lat"].to_numpy()).all()
    assert set(borrowed["precision"]) == {"county", "prefecture"}
    assert (borrowed["radius_km"] >= 3).all()


@pytest.mark.parametrize(
    ("adcode", "seat_lat", "seat_lon"),
    [("441721", 21.74, 111.61), ("232701", 52.97, 122.53), ("230717", 47.73, 128.90)],
)
def test_a_county_stands_at_its_seat_and_not_at_another_town(
    units: pd.DataFrame, adcode: str, seat_lat: float, seat_lon: float
) -> None:
    county = units.loc[adcode]
    assert abs(county["lat"] - seat_lat) < 0.02
    assert abs(county["lon"] - seat_lon) < 0.02


def test_hand_entered_points_state_their_exactness(units: pd.DataFrame) -> None:
    rows = read("supplement.csv")
    assert all(0.01 <= float(row["precision_deg"]) <= 0.5 and row["reason"] for row in rows)
    assert all(units.loc[row["adcode"], "name_zh"] == row["name_zh"] for row in rows)


def test_changed_units_lead_to_living_ones(units: pd.DataFrame) -> None:
    rows = read("changed_units.csv")
    assert dead(rows, "successor_adcode", units) == set()
    keys = Counter(
        (row["province_adcode"], row["prefecture_name"], row["former_name_zh"]) for row in rows
    )
    assert [key for key, times in keys.items() if times > 1] == []


def test_a_dead_successor_is_noticed(units: pd.DataFrame) -> None:
    assert dead([{"successor_adcode": "330104"}], "successor_adcode", units) == {"330104"}


@pytest.mark.parametrize(
    ("name", "prefecture", "successor"),
    [
        ("江干区", "杭州", "上城区"), ("下城区", "杭州", "拱墅区"), ("绍兴县", "绍兴", "柯桥区"),
        ("闸北区", "上海", "静安区"), ("卢湾区", "上海", "黄浦区"), ("南汇区", "上海", "浦东新区"),
        ("崇文区", "北京", "东城区"), ("塘沽区", "天津", "滨海新区"), ("从化市", "广州", "从化区"),
        ("增城市", "广州", "增城区"), ("吴江市", "苏州", "吴江区"), ("简阳市", "资阳", "简阳市"),
        ("襄樊市", "", "襄阳市"), ("莱芜市", "", "莱芜区"), ("城区", "大同", "平城区"),
    ],
)  # fmt: skip
def test_known_changes_are_told(
    units: pd.DataFrame, name: str, prefecture: str, successor: str
) -> None:
    found = {
        units.loc[row["successor_adcode"], "name_zh"]
        for row in read("changed_units.csv")
        if row["former_name_zh"] == name
        and (row["prefecture_name"] == prefecture if prefecture else row["level"] == "prefecture")
    }
    assert found == {successor}


def test_no_changed_unit_takes_the_name_of_a_living_prefecture(units: pd.DataFrame) -> None:
    prefectures = units[units["level"] == "prefecture"]
    living = set(zip(prefectures["province_adcode"], prefectures["name_zh"], strict=True))
    taken = {
        row["former_name_zh"]
        for row in read("changed_units.csv")
        if (row["province_adcode"], row["former_name_zh"]) in living
        and units.loc[row["successor_adcode"], "name_zh"] != row["former_name_zh"]
    }
    assert taken == set()


def test_zones_name_living_units(units: pd.DataFrame) -> None:
    rows = read("zones.csv")
    assert dead(rows, "unit_adcodes", units) == set()
    assert dead(rows, "host_adcode", units) == set()
    assert all(row["name_zh"] and row["name_en"] and row["source"] for row in rows)


@pytest.mark.parametrize(
    ("name", "hosts"),
    [
        ("雄安新区", {"雄县", "容城县", "安新县"}),
        ("长三角生态绿色一体化发展示范区", {"青浦区", "吴江区", "嘉善县"}),
        ("贵安新区", {"花溪区", "清镇市", "平坝区", "西秀区"}),
        ("深汕特别合作区", {"海丰县", "深圳市"}),
        ("合肥高新技术产业开发区", {"蜀山区"}),
    ],
)
def test_zones_tell_every_unit_they_span(units: pd.DataFrame, name: str, hosts: set[str]) -> None:
    (row,) = [row for row in read("zones.csv") if row["name_zh"] == name]
    assert {units.loc[code, "name_zh"] for code in row["unit_adcodes"].split(";")} == hosts


@pytest.mark.parametrize(
    ("name", "host"),
    [("昆山高新技术产业开发区", "320583"), ("湖州经济技术开发区", "330502"),
     ("北京经济技术开发区", "110115"), ("合肥高新技术产业开发区", "340100")],
)  # fmt: skip
def test_a_zone_counts_with_the_county_its_name_or_the_list_says(name: str, host: str) -> None:
    (row,) = [row for row in read("zones.csv") if row["name_zh"] == name]
    assert row["host_adcode"] == host


def test_a_zone_over_several_units_has_no_borrowed_point() -> None:
    for row in read("zones.csv"):
        several = ";" in row["unit_adcodes"]
        assert not several or row["precision"] in ("", "place"), row["name_zh"]
