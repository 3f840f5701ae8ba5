"""A toy country of four square provinces, small enough to work every answer out by hand.

        100E              102E              104E
   34N   +-----------------+-----------------+
         |    Northland    |    Port City    |
         |     930000      |     940000      |
         |   Elm 930100    |  municipality;  |
         |    (33, 101)    | Harbour 940101  |
         |                 |  (33.1, 103.1)  |
   32N   +-----------------+-----------------+
         |    Westland     |    Eastland     |
         |     910000      |     920000      |
         |  Alder 910100   |  Cedar 920100   |
         |    (31, 101)    |    (31, 103)    |
         |  Birch 910200   |                 |
         |  (30.5, 100.5)  |                 |
   30N   +-----------------+-----------------+

What follows from the records below (see RECORDS):

sources 3 · cities 5 · projects 13 + 1 bundle · zones 3 (one not drawn) · corridors 1 with 4
members · provinces 4 · sites 5 cities + 16 of projects + 4 of zones = 25, of which 23 have a
point (spring-office is ambiguous, nowhere-plant is not found).

Sites with a point, by province and layer:
            cities  data_centres  projects  zones
  Westland    2      2 (alder-dc,  3 (birch-a,  1 alder-park
                     alder-dc-two)  birch-b, border-park)
  Eastland    1      2 (cedar-dc,  0             1 of delta-zone
                     delta-cluster)
  Northland   1      1 delta-c.    1 elm-lab    1 of delta-zone
  Port City   1      2 (harbour-   3 (nine-     1 of delta-zone
                     super, delta-c.) contracts, part-a, part-b)

Projects counted once (no bundle, alder-dc-two is the same as alder-dc): 12, of which data
centres 4: alder-dc, cedar-dc, delta-cluster, harbour-super.
Stated yuan, whole country: alder-dc 1,000 m + cedar-dc 2,000 m + delta-cluster 2,300 m +
nine-contracts 5,000 m (part-b's 500 m is inside it) + birch-a 300 m (birch-b's 200 m may overlap)
+ nowhere-plant 70 m = 10,670 m. Stated dollars: alder-dc 150 m + nine-contracts 740 m +
elm-lab 50 m = 940 m.
Undisclosed: harbour-super (1). Not stated: part-a, spring-office, border-park (3).
Westland alone: alder-dc, birch-a, birch-b, border-park = 4 projects, 1 data centre, 1,300 m yuan.
Shared with other regions: delta-cluster (Port City, Eastland, Northland).
border-park lies at (31.0, 101.99): 0.01 degree of longitude west of the border at 102E, which is
0.01 * 95.5 km = 0.955 km, so it is near the border. All other points are more than 40 km off it.
A province is 2 by 2 degrees: 221.7 km of latitude by 190.9 km (at 31N) or 186.8 km (at 33N), so
42,352 and 41,455 km2.
The corridor runs 940101 > 920100 > 910100 and 940101 > 930100 > 910100: its members are Harbour,
Cedar, Elm and Alder. In it: all sites with these prefectures or counties.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from geomap.boundaries import Boundaries
from geomap.dataset import Dataset, assemble_dataset
from geomap.dataset.frames import JOIN_COLUMNS, LOCATION_COLUMNS, SCHEMAS, typed_frame
from geomap.gazetteer import Gazetteer
from geomap.geocode import OfflineGeocoder
from geomap.issues import make_issue
from geomap.records import (
    TABLES,
    City,
    Corridor,
    Indicator,
    Organisation,
    Origin,
    Project,
    Records,
    Source,
    Zone,
)

# adcode, iso, name_en, name_zh, full_en, full_zh, west, south, label_lat, label_lon, area_km2
PROVINCES = (
    ("910000", "CN-WE", "Westland", "西州", "Westland Province", "西州省", 100, 30, 31, 101, 42352),
    ("920000", "CN-EA", "Eastland", "东州", "Eastland Province", "东州省", 102, 30, 31, 103, 42352),
    (
        "930000",
        "CN-NO",
        "Northland",
        "北州",
        "Northland Province",
        "北州省",
        100,
        32,
        33,
        101,
        41455,
    ),
    ("940000", "CN-PO", "Port City", "港城", "Port City", "港城市", 102, 32, 33, 103, 41455),
)

# A municipality is a province and, under the same name, its own city, as in the real gazetteer.
_UNIT_COLUMNS = (
    *("adcode", "level", "parent_adcode", "prefecture_adcode"),
    *("name_zh", "short_zh", "name_en", "full_en", "pinyin", "lat", "lon", "radius_km"),
)
_UNIT_TABLE = """\
910000|province|||西州省|西州|Westland|Westland Province|xizhou|31.0|101.0|150
920000|province|||东州省|东州|Eastland|Eastland Province|dongzhou|31.0|103.0|150
930000|province|||北州省|北州|Northland|Northland Province|beizhou|33.0|101.0|150
940000|province|||港城市|港城|Port City|Port City|gangcheng|33.0|103.0|150
910100|prefecture|910000|910100|桤木市|桤木|Alder|Alder City|qimu|31.0|101.0|40
910200|prefecture|910000|910200|桦木市|桦木|Birch|Birch City|huamu|30.5|100.5|40
920100|prefecture|920000|920100|雪松市|雪松|Cedar|Cedar City|xuesong|31.0|103.0|40
930100|prefecture|930000|930100|榆木市|榆木|Elm|Elm City|yumu|33.0|101.0|40
940100|prefecture|940000|940100|港城市|港城|Port City|Port City|gangcheng|33.0|103.0|40
910101|county|910100|910100|老桥区|老桥|Oldbridge|Oldbridge District|laoqiao|31.05|101.05|12
910102|county|910100|910100|春水区|春水|Chunshui|Chunshui District|chunshui|30.9|100.8|12
920101|county|920100|920100|春水区|春水|Chunshui|Chunshui District|chunshui|30.9|103.2|12
920102|county|920100|920100|竹溪县|竹溪|Zhuxi|Zhuxi County|zhuxi|31.4|103.4|20
930101|county|930100|930100|北谷区|北谷|Beigu|Beigu District|beigu|33.2|101.2|12
940101|county|940100|940100|海湾区|海湾|Harbour|Harbour District|haiwan|33.1|103.1|12
940102|county|940100|940100|灯塔区|灯塔|Dengta|Dengta District|dengta|32.9|102.9|12
"""


def _unit(line: str) -> dict[str, Any]:
    cells = dict(zip(_UNIT_COLUMNS, line.split("|"), strict=True))
    numbers = {name: float(cells.pop(name)) for name in ("lat", "lon", "radius_km")}
    return {name: cell or None for name, cell in cells.items()} | numbers


UNITS = tuple(_unit(line) for line in _UNIT_TABLE.splitlines())
_UNIT_OF = {unit["adcode"]: unit for unit in UNITS}
_COMMON = ("source_id", "source_locator")

SOURCES = (
    Source(
        source_id="toy-times-2021",
        title="Alder gets a data centre",
        publisher="Toy Times",
        author="Ann Author",
        published_on="2021-05-01",
        published_basis="stated",
        url="https://example.org/alder?a=1&b=2",
        language="en",
        kind="article",
    ),
    Source(
        source_id="harbour-daily-2022",
        title="三地签约“九大项目”",
        publisher="海湾日报",
        published_on="2022-07-14",
        published_basis="stated",
        url="https://example.org/nine",
        language="zh",
        kind="article",
    ),
    Source(
        source_id="acme-report",
        title="Acme annual report",
        publisher="Acme",
        published_on="2019",
        published_basis="inferred",
        language="en",
        kind="company",
    ),
)


def _at(source_id: str, locator: str) -> dict[str, Any]:
    return {"source_id": source_id, "source_locator": locator}


_T = _at("toy-times-2021", "L3")
_H = _at("harbour-daily-2022", "L5;L9")
_A = _at("acme-report", "p. 12")


def _city(adcode: str, role: str) -> City:
    unit = _UNIT_OF[adcode]
    return City(
        adcode=adcode,
        name_en=unit["name_en"] if unit["level"] == "prefecture" else unit["full_en"],
        name_zh=unit["name_zh"],
        level=unit["level"],
        role=role,
        **_T,
    )


CITIES = (
    _city("910100", "corridor member"),
    _city("910200", "project place"),
    _city("920100", "corridor member"),
    _city("930100", "corridor member"),
    _city("940101", "corridor member"),
)
_HARBOUR = "Harbour District, Port City"
_ZHUXI = "Zhuxi County, Cedar, Eastland"


def _project(project_id: str, name_en: str, name_zh: str, kind: str, status: str, **values: Any):
    values.setdefault("amount_state", "stated" if "amount_qualifier" in values else "not_stated")
    return Project(
        project_id=project_id,
        name_en=name_en,
        name_zh=name_zh,
        kind=kind,
        status=status,
        **values,
    )


PROJECTS = (
    _project(
        "alder-dc",
        "Alder data centre",
        "桤木数据中心",
        "data_centre",
        "operating",
        investors=("Acme",),
        places=("Oldbridge District, Alder, Westland",),
        lat=31.06,
        lon=101.04,
        amount_cny=1e9,
        amount_usd=150e6,
        amount_qualifier="exact",
        announced_on="2020-03",
        opened_on="2021-06-01",
        corridor_id="toy-line",
        capacity_mw=40.0,
        also_sources=("acme-report@p. 3",),
        **_T,
    ),
    _project(
        "cedar-dc",
        "Cedar cloud base",
        "雪松云基地",
        "data_centre",
        "announced",
        investors=("Acme", "Bolt"),
        places=("Cedar",),
        amount_cny=2e9,
        amount_qualifier="about",
        announced_on="2021",
        **_T,
    ),
    _project(
        "harbour-super",
        "Harbour supercomputing centre",
        "海湾超算中心",
        "supercomputing_centre",
        "construction",
        investors=("Bolt",),
        places=(_HARBOUR,),
        amount_state="undisclosed",
        announced_on="2022-07-13",
        **_H,
    ),
    _project(
        "delta-cluster",
        "Delta data centre cluster",
        "三地数据中心集群",
        "data_centre_cluster",
        "signed",
        investors=("Bolt", "Crane"),
        places=(_HARBOUR, _ZHUXI, "Beigu District, Elm, Northland"),
        places_zh=("港城市海湾区", "东州省雪松市竹溪县", "北州省榆木市北谷区"),
        amount_cny=2.3e9,
        amount_qualifier="more_than",
        signed_on="2022-07-13",
        zone_id="delta-zone",
        **_H,
    ),
    _project(
        "nine-contracts",
        "Nine contracts",
        "九大项目",
        "bundle",
        "signed",
        places=(_HARBOUR,),
        amount_cny=5e9,
        amount_usd=740e6,
        amount_qualifier="exact",
        signed_on="2022-07-13",
        **_H,
    ),
    _project(
        "part-a",
        "Chip school",
        "芯片学院",
        "education",
        "signed",
        investors=("Crane",),
        places=("940102",),
        part_of="nine-contracts",
        signed_on="2022-07-13",
        **_H,
    ),
    _project(
        "part-b",
        "Sensor plant",
        "传感器工厂",
        "manufacturing",
        "signed",
        investors=("Crane",),
        places=(_HARBOUR,),
        part_of="nine-contracts",
        amount_cny=5e8,
        amount_qualifier="exact",
        signed_on="2022-07-13",
        **_H,
    ),
    _project(
        "alder-dc-two",
        "Acme's Alder computing base",
        "桤木算力基地",
        "data_centre",
        "operating",
        investors=("Acme",),
        places=("桤木市老桥区",),
        amount_cny=1e9,
        amount_qualifier="about",
        same_as="alder-dc",
        opened_on="2021",
        **_A,
    ),
    _project(
        "birch-a",
        "Birch campus",
        "桦木园区",
        "office",
        "construction",
        investors=("Acme",),
        places=("Birch, Westland",),
        amount_cny=3e8,
        amount_qualifier="exact",
        may_overlap=("birch-b",),
        started_on="2019-11",
        **_A,
    ),
    _project(
        "birch-b",
        "Birch campus, second phase",
        "桦木园区二期",
        "office",
        "announced",
        investors=("Acme",),
        places=("910200",),
        amount_cny=2e8,
        amount_qualifier="exact",
        may_overlap=("birch-a",),
        announced_on="2020-12-31",
        **_A,
    ),
    _project(
        "elm-lab",
        "Northland laboratory",
        "北州实验室",
        "laboratory",
        "operating",
        investors=("Dune",),
        places=("Northland",),
        amount_usd=50e6,
        amount_qualifier="more_than",
        opened_on="2018",
        **_A,
    ),
    _project(
        "spring-office",
        "Chunshui office",
        "春水办事处",
        "office",
        "announced",
        places=("春水区",),
        announced_on="2021-02-03",
        **_T,
    ),
    _project(
        "nowhere-plant",
        "Plant nobody can find",
        "无处工厂",
        "manufacturing",
        "shelved",
        investors=("Dune",),
        places=("Nowhere Town",),
        amount_cny=7e7,
        amount_qualifier="less_than",
        changed_on="2022-05",
        **_T,
    ),
    _project(
        "border-park",
        "Border park",
        "边界园",
        "industrial_park",
        "unknown",
        places=("Westland",),
        lat=31.0,
        lon=101.99,
        zone_id="alder-park",
        area_m2=120000.0,
        area_as_written="180 mu",
        **_T,
    ),
)
ZONES = (
    Zone(
        zone_id="alder-park",
        name_en="Alder High-tech Zone",
        name_zh="桤木高新区",
        former_names=("Alder Science Park",),
        kind="high_tech_zone",
        members=("Alder, Westland",),
        host_place="Alder, Westland",
        area_m2=370000.0,
        established_on="2015",
        companies=("Acme", "Bolt"),
        **_T,
    ),
    Zone(
        zone_id="delta-zone",
        name_en="Delta Demonstration Zone",
        name_zh="三地示范区",
        kind="demonstration_zone",
        members=(_HARBOUR, _ZHUXI, "930101"),
        **_H,
    ),
    Zone(
        zone_id="birch-clusters",
        name_en="Birch clusters",
        name_zh="桦木产业集群",
        kind="cluster",
        members=("Birch",),
        draw_on_map=False,
        **_A,
    ),
)
CORRIDORS = (
    Corridor(
        corridor_id="toy-line",
        name_en="Toy Line Corridor",
        name_zh="玩具走廊",
        former_names=("Toy Valley",),
        members=("940101", "920100", "930100", "910100"),
        branches=(("940101", "920100", "910100"), ("940101", "930100", "910100")),
        **_T,
    ),
)


def _indicator(indicator_id: str, subject: str, metric: str, value: float, unit: str, **more: Any):
    name_en, name_zh = metric.replace("-", " ").capitalize(), f"指标 {metric}"
    return Indicator(
        indicator_id=indicator_id,
        subject=subject,
        metric=metric,
        value=value,
        unit=unit,
        name_en=name_en,
        name_zh=name_zh,
        **{**_T, **more},
    )


INDICATORS = (
    _indicator("alder-population", "910100", "population", 5e6, "people", period="2020"),
    _indicator("westland-growth", "910000", "growth", 12.5, "percent", period="2016/2020"),
    _indicator(
        "line-firms", "corridor:toy-line", "firms", 8000, "companies", qualifier="more_than"
    ),
    _indicator("alder-racks", "project:alder-dc", "racks", 1000, "racks", qualifier="about"),
    _indicator("country-gdp", "country:CN", "output", 1e12, "CNY", period="2021"),
)
ORGANISATIONS = (
    Organisation(name_en="Acme", name_zh="顶点公司", aliases=("Acme Corp", "顶点")),
    Organisation(name_en="Bolt", name_zh="螺栓集团", source_id="harbour-daily-2022"),
)
RECORDS = Records(
    sources=SOURCES,
    cities=CITIES,
    projects=PROJECTS,
    zones=ZONES,
    corridors=CORRIDORS,
    indicators=INDICATORS,
    organisations=ORGANISATIONS,
)

# Every place in the order of the records: feature id, toponym, unit it means (or None).
PLACES: tuple[tuple[str, str, str | None], ...] = (
    *((f"city:{c.adcode}", c.adcode, c.adcode) for c in CITIES),
    ("project:alder-dc", "Oldbridge District, Alder, Westland", "910101"),
    ("project:cedar-dc", "Cedar", "920100"),
    ("project:harbour-super", _HARBOUR, "940101"),
    ("project:delta-cluster", _HARBOUR, "940101"),
    ("project:delta-cluster", _ZHUXI, "920102"),
    ("project:delta-cluster", "Beigu District, Elm, Northland", "930101"),
    ("project:nine-contracts", _HARBOUR, "940101"),
    ("project:part-a", "940102", "940102"),
    ("project:part-b", _HARBOUR, "940101"),
    ("project:alder-dc-two", "桤木市老桥区", "910101"),
    ("project:birch-a", "Birch, Westland", "910200"),
    ("project:birch-b", "910200", "910200"),
    ("project:elm-lab", "Northland", "930000"),
    ("project:spring-office", "春水区", None),
    ("project:nowhere-plant", "Nowhere Town", None),
    ("project:border-park", "Westland", "910000"),
    ("zone:alder-park", "Alder, Westland", "910100"),
    ("zone:delta-zone", _HARBOUR, "940101"),
    ("zone:delta-zone", _ZHUXI, "920102"),
    ("zone:delta-zone", "930101", "930101"),
)
_TOPONYMS_ZH = {
    ("project:delta-cluster", _HARBOUR): "港城市海湾区",
    ("project:delta-cluster", _ZHUXI): "东州省雪松市竹溪县",
    ("project:delta-cluster", "Beigu District, Elm, Northland"): "北州省榆木市北谷区",
}
# Shortest distance to a border of another province, kilometres. At 31N a degree of longitude is
# 95.5 km, at 33N 93.5 km; a degree of latitude is 110.9 km.
BORDER_KM = {
    "910100": 95.5,  # one degree west of 102E
    "910200": 143.7,  # 1.5 degrees at 30.5N (95.8 km each)
    "920100": 95.5,  # one degree east of 102E
    "930100": 93.5,  # one degree west of 102E
    "940101": 102.7,  # 1.1 degrees at 33.1N (93.4 km each)
    "940102": 84.2,  # 0.9 degrees at 32.9N (93.6 km each)
    "910101": 90.8,  # 0.95 degrees at 31.05N (95.5 km each)
    "920102": 66.5,  # 0.6 degrees of latitude south of 32N
    "930101": 74.6,  # 0.8 degrees at 33.2N (93.3 km each)
    "930000": 93.5,  # label point (33, 101)
}
_POINTS = {  # given coordinates: lat, lon, kilometres to the border
    "project:alder-dc": (31.06, 101.04, 91.7),  # 0.96 degrees at 31.06N (95.5 km each)
    "project:border-park": (31.0, 101.99, 0.955),
}


def _candidates() -> str:
    units = [_UNIT_OF["910102"], _UNIT_OF["920101"]]
    names = ("adcode", "level", "name_zh", "name_en", "lat", "lon")
    listed = [
        {name: unit[name] for name in names}
        | {"path_zh": _UNIT_OF[unit["parent_adcode"]]["name_zh"] + unit["name_zh"]}
        for unit in units
    ]
    return json.dumps(listed, ensure_ascii=False)


def _placed(feature_id: str, toponym: str, adcode: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "feature_id": feature_id,
        "toponym": toponym,
        "toponym_zh": _TOPONYMS_ZH.get((feature_id, toponym)),
        "near_border": False,
        "join_method": "unknown",
        "candidates": "[]",
        "flags": (),
    }
    if adcode is None:
        many = toponym == "春水区"
        row["location_status"] = "ambiguous" if many else "not_found"
        row["candidates"] = _candidates() if many else "[]"
        return row
    unit = _UNIT_OF[adcode]
    level = unit["level"]
    row |= {
        "lat": unit["lat"],
        "lon": unit["lon"],
        "precision": level,
        "radius_km": unit["radius_km"],
        "level": level,
        "adcode": adcode,
        "location_status": "matched",
        "method": "adcode" if toponym.isdigit() else "name",
        "matched": toponym if toponym.isdigit() else unit["name_zh"],
        "reason": "adcode" if toponym.isdigit() else "only_unit",
        "province_adcode": f"{adcode[:2]}0000",
        "prefecture_adcode": unit["prefecture_adcode"],
        "county_adcode": adcode if level == "county" else None,
        "iso_3166_2": {p[0]: p[1] for p in PROVINCES}[f"{adcode[:2]}0000"],
        "join_method": "own_code",
        "border_km": BORDER_KM.get(adcode),
    }
    if feature_id in _POINTS:
        lat, lon, border_km = _POINTS[feature_id]
        row |= {"lat": lat, "lon": lon, "precision": "site", "radius_km": 1.0}
        row |= {"method": "coordinates", "border_km": border_km, "near_border": border_km < 2}
    return row


def toy_placed() -> pd.DataFrame:
    """Every place with its location and join columns, as worked out by hand."""
    columns = ["feature_id", "toponym", "toponym_zh", *LOCATION_COLUMNS, *JOIN_COLUMNS]
    return pd.DataFrame([_placed(*place) for place in PLACES], columns=columns)


def toy_provinces() -> gpd.GeoDataFrame:
    """The four provinces, EPSG:4326."""
    names = ("adcode", "iso_3166_2", "name_en", "name_zh", "full_en", "full_zh")
    rows = [
        {
            **dict(zip(names, province, strict=False)),
            "label_lat": float(province[8]),
            "label_lon": float(province[9]),
            "area_km2": float(province[10]),
            "source": "toy",
            "geometry": box(province[6], province[7], province[6] + 2, province[7] + 2),
        }
        for province in PROVINCES
    ]
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


TOY_ISSUES = (
    make_issue(
        "ambiguous_place",
        Origin("projects.csv", 13),
        "places",
        "春水区",
        candidates=("西州省桤木市春水区 910102", "北山省雪松市春水区 920101"),
    ),
    make_issue("unknown_place", Origin("projects.csv", 14), "places", "Nowhere Town"),
)


def toy_dataset() -> Dataset:
    """The toy country as a dataset, from the places worked out by hand."""
    return assemble_dataset(
        RECORDS, toy_placed(), toy_provinces(), TOY_ISSUES, version="0123456789ab"
    )


def toy_census(*rows: tuple[str, float | None, float | None]) -> pd.DataFrame:
    """A census of toy units: adcode, people on 1 November 2020, stated km2; None is unknown."""
    counted = [people is not None for _, people, _ in rows]
    measured = [km2 is not None for _, _, km2 in rows]
    columns = {
        "adcode": [adcode for adcode, _, _ in rows],
        "name_en": [None for _ in rows],
        "name_zh": [None for _ in rows],
        "population": [people for _, people, _ in rows],
        "population_on": ["2020-11-01" if known else None for known in counted],
        "population_source": ["Toy Census" if known else None for known in counted],
        "population_source_zh": ["玩具普查" if known else None for known in counted],
        "area_km2": [km2 for _, _, km2 in rows],
        "area_source": ["Toy Atlas" if known else None for known in measured],
        "area_source_zh": ["玩具图集" if known else None for known in measured],
    }
    return typed_frame(columns, SCHEMAS["census"])


def toy_gazetteer_frame() -> pd.DataFrame:
    """The units of the toy country in the columns of data/geo/gazetteer.parquet."""
    frame = pd.DataFrame(UNITS)
    frame.insert(0, "unit_id", range(len(frame)))
    frame["province_adcode"] = frame["adcode"].str[:2] + "0000"
    frame["aliases_zh"] = frame["aliases_latin"] = pd.Series([[] for _ in UNITS], dtype="object")
    frame["precision"] = frame["level"]
    frame["population"] = frame["geonameid"] = pd.Series([None] * len(frame), dtype="Int64")
    frame["method"] = frame["source"] = "toy"
    return frame


def toy_geocoder(folder: Path) -> OfflineGeocoder:
    """A geocoder that knows the toy country only; its tables are written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    toy_gazetteer_frame().to_parquet(folder / "gazetteer.parquet", index=False)
    return OfflineGeocoder(Gazetteer(folder))


def toy_boundaries() -> Boundaries:
    """The four provinces as boundaries to join with."""
    return Boundaries(toy_provinces().drop(columns="source"), "toy")


def toy_codes() -> set[str]:
    """The first digits of the toy provinces, for `geomap.validate.cells.PROVINCE_CODES`."""
    return {province[0][:2] for province in PROVINCES}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(">".join(v) if isinstance(v, tuple) else str(v) for v in value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def write_seeds(folder: Path, records: Records = RECORDS) -> Path:
    """Write records as a seeds folder of CSV tables; every table gets a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in TABLES.items():
        columns = [column.name for column in table.columns]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for record in getattr(records, name):
                writer.writerow([_cell(getattr(record, column)) for column in columns])
    return folder
