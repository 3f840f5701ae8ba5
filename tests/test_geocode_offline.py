"""The offline geocoder: hierarchy, traps, context, given positions, texts that are no places."""

from __future__ import annotations

import random
import subprocess
import sys

import opencc
import pytest
from geopy.extra.rate_limiter import RateLimiter
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.datum import from_wgs84
from geomap.gazetteer import TIED, Gazetteer
from geomap.geocode import Location, OfflineGeocoder, default_geocoder, parse_reason
from geomap.geocode.chinese import _longest
from geomap.text import has_text


@pytest.fixture(scope="module")
def geocoder() -> OfflineGeocoder:
    return default_geocoder()


def path(found: Location) -> tuple[str | None, ...]:
    return (found.province, found.city, found.county)


CHINESE = [
    ("安徽省合肥市蜀山区望江西路", ("安徽省", "合肥市", "蜀山区")),
    ("合肥蜀山望江西路", ("安徽省", "合肥市", "蜀山区")),
    ("家住安徽合肥市包河区", ("安徽省", "合肥市", "包河区")),
    ("安徽省-芜湖市-鸠江区 官陡街道", ("安徽省", "芜湖市", "鸠江区")),
    ("天津市滨海新区第三大街", ("天津市", "天津市", "滨海新区")),
    ("湖北省仙桃市沔阳大道", ("湖北省", None, "仙桃市")),
    ("新疆石河子市北四路", ("新疆维吾尔自治区", None, "石河子市")),
    ("广东省中山市小榄镇", ("广东省", "中山市", None)),
    ("海南省儋州市那大镇", ("海南省", "儋州市", None)),
    ("重庆奉节县永安街道", ("重庆市", "重庆市", "奉节县")),
    ("内蒙古锡盟", ("内蒙古自治区", "锡林郭勒盟", None)),
    ("青海省海南州贵德县", ("青海省", "海南藏族自治州", "贵德县")),
    ("吉林省吉林市船营区", ("吉林省", "吉林市", "船营区")),
    ("吉林省吉林船营区", ("吉林省", "吉林市", "船营区")),
    ("云南省石林县", ("云南省", "昆明市", "石林彝族自治县")),
    ("济南市中区经四路", ("山东省", "济南市", "市中区")),
    ("济南市市中区经四路", ("山东省", "济南市", "市中区")),
    ("扬州市江都市仙女镇", ("江苏省", "扬州市", "江都区")),
    ("从上江苏省扬州市广陵区", ("江苏省", "扬州市", "广陵区")),
    ("新疆塔城市新华路", ("新疆维吾尔自治区", "塔城地区", "塔城市")),
    ("广东省广州市越秀区中国安徽省黄山市屯溪区", ("安徽省", "黄山市", "屯溪区")),
    ("东莞城区汽车站", ("广东省", "东莞市", None)),
    ("芜湖市市辖区", ("安徽省", "芜湖市", None)),
    ("四川省达州市邻水县", ("四川省", "广安市", "邻水县")),
    ("广东省肇庆市新兴县", ("广东省", "云浮市", "新兴县")),
    ("渭南华县瓜坡镇", ("陕西省", "渭南市", "华州区")),
    ("云南华县", ("云南省", "楚雄彝族自治州", "南华县")),
    ("泸州市中区", ("四川省", "泸州市", "江阳区")),
    ("江城武汉", ("湖北省", "武汉市", None)),
    ("原南汇", ("上海市", "上海市", "浦东新区")),
    ("杭州江干凯旋路", ("浙江省", "杭州市", "上城区")),
    ("南昌湾里", ("江西省", "南昌市", "新建区")),
    ("陕西镇安", ("陕西省", "商洛市", "镇安县")),
    ("天津市路南侧", ("天津市", "天津市", None)),
    ("新疆喀什喀什市", ("新疆维吾尔自治区", "喀什地区", "喀什市")),
    ("大同大同县", ("山西省", "大同市", "云州区")),
    ("安徽省安徽", ("安徽省", None, None)),
    ("武昌县", ("湖北省", "武汉市", "江夏区")),
    ("雄安新区", ("河北省", "保定市", None)),
    ("郑州航空港", ("河南省", "郑州市", None)),
    ("临港新片区", ("上海市", "上海市", None)),
    ("长沙市长沙黄兴路", ("湖南省", "长沙市", None)),
    ("新疆阿克苏市新和县", ("新疆维吾尔自治区", "阿克苏地区", "新和县")),
]


@pytest.mark.parametrize(("text", "wanted"), CHINESE)
def test_chinese_addresses_lead_to_their_units(geocoder, text, wanted):
    found = geocoder.resolve(text)
    assert found.status == "matched"
    assert path(found) == wanted


@pytest.mark.parametrize("form", ["s2t", "s2hk", "s2tw"])
def test_traditional_script_leads_to_the_same_units(geocoder, form):
    convert = opencc.OpenCC(form).convert
    for text, wanted in CHINESE:
        assert path(geocoder.resolve(convert(text))) == wanted, text


@pytest.mark.parametrize(
    "text",
    [
        "合肥路",
        "芜湖东街",
        "西安交通大学",
        "安徽师范大学",
        "四川外国语大学",
        "中国电信(安徽)",
        "贵安路",
        "Nanjing Road",
        "Xi'an Jiaotong University",
        "Shanghai-based",
        "陕西南路",
        "中国移动（贵州）有限公司",
        "沪昆高铁",
        "天津路南侧",
        "红星小区",
        "Nanjing-based",
        "nowhere at all",
        "，。！",
        "",
        "12345",
    ],
)
def test_roads_institutions_and_companies_are_no_places(geocoder, text):
    found = geocoder.resolve(text)
    assert (found.status, found.lat, found.adcode) == ("not_found", None, None)
    assert found.text == text


def test_twins_of_the_traps_are_places(geocoder):
    assert geocoder.resolve("合肥").adcode == "340100"
    assert geocoder.resolve("西安").adcode == "610100"
    assert geocoder.resolve("合肥(安徽)").province == "安徽省"
    assert geocoder.resolve("Nanjing").adcode == "320100"


@pytest.mark.parametrize(
    "text",
    ["上海市四川北路", "天津市南京路", "合肥市芜湖路", "长沙市韶山路", "莞城区运河东", "安徽省"],
)
def test_no_county_is_invented(geocoder, text):
    assert geocoder.resolve(text).county is None


@pytest.mark.parametrize(
    ("text", "adcodes"),
    [
        ("鼓楼区", {"320106", "320302", "350102", "410204"}),
        ("市中区", {"370103", "370402", "511002", "511102"}),
        ("Fuzhou", {"350100", "361000"}),
        ("Yulin", {"450900", "610800"}),
        ("Yichun", {"230700", "360900"}),
        ("Taizhou", {"321200", "331000"}),
        ("朝阳", {"110105", "211300"}),
        ("京津冀", {"110000", "120000", "130000"}),
        ("粤港澳大湾区", {"440000", "810000", "820000"}),
        ("西湖区", {"330106", "360103"}),
        ("白云区", {"440111", "520113"}),
        ("沪宁", {"310000", "320100", "640000"}),
        ("成渝地区双城经济圈", {"510100", "500000"}),
        ("Beijing-Tianjin-Hebei", {"110000", "120000", "130000"}),
        ("Guangdong-Hong Kong-Macao Greater Bay Area", {"440000", "810000", "820000"}),
    ],
)
def test_names_of_several_units_are_ambiguous(geocoder, text, adcodes):
    found = geocoder.resolve(text)
    assert found.status == "ambiguous"
    assert adcodes <= {candidate.adcode for candidate in found.candidates}
    assert found.lat is None
    assert all(candidate.lat is not None for candidate in found.candidates)


def test_what_the_candidates_share_is_said(geocoder):
    found = geocoder.resolve("江苏省鼓楼区")
    assert (found.status, found.province, found.city) == ("ambiguous", "江苏省", None)


@pytest.mark.parametrize(
    ("text", "stated", "adcode"),
    [
        ("鼓楼区", {"city": "徐州"}, "320302"),
        ("鼓楼区", {"province": "Henan"}, "410204"),
        ("Fuzhou", {"province": "江西省"}, "361000"),
        ("Yulin", {"province": "450000"}, "450900"),
        ("鼓楼区", {"context": "南京市人民政府；栖霞区"}, "320106"),
        ("Fuzhou", {"context": "a plant in Jiangxi and another in Nanchang"}, "361000"),
        ("Yulin", {"context": "Xi'an, Shaanxi"}, "610800"),
    ],
)
def test_columns_and_context_decide(geocoder, text, stated, adcode):
    found = geocoder.resolve(text, **stated)
    assert (found.status, found.adcode) == ("matched", adcode)


def test_context_says_why_and_what_else_was_considered(geocoder):
    found = geocoder.resolve("鼓楼区", context="福建省的一家企业")
    assert found.adcode == "350102"
    assert parse_reason(found.reason) == ("context_province", {"by": "福建省"})
    assert len(found.candidates) >= 4


def test_a_context_that_says_nothing_leaves_namesakes_of_one_size_open(geocoder):
    assert geocoder.resolve("鼓楼区", context="nothing to see here").status == "ambiguous"


def test_columns_that_contradict_are_flagged_and_those_that_agree_are_not(geocoder):
    against = geocoder.resolve("合肥市", province="江苏省")
    assert (against.adcode, against.flags) == ("340100", ("contradicts_stated",))
    assert geocoder.resolve("合肥市", province="安徽省").flags == ()


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("Hefei", "340100"),
        ("Shushan District, Hefei, Anhui Province, China", "340104"),
        ("Anhui, Hefei", "340100"),
        ("Kunshan City, Suzhou, Jiangsu", "320583"),
        ("Togtoh County, Hohhot, Inner Mongolia", "150122"),
        ("Guizhou City", "520000"),
        ("Canton", "440100"),
        ("Peking", "110000"),
        ("Amoy", "350200"),
        ("Lu’an", "341500"),
        ("Ürümqi", "650100"),
        ("Shanxi", "140000"),
        ("Shaanxi", "610000"),
        ("the new plant of a Shanghai-based maker in Wuhu", "340200"),
        ("Jia Shan", "330421"),
        ("Jiashan County", "330421"),
        ("Jiashan, Anhui", "341182"),
        ("Kashgar", "653100"),
        ("Kunshan, Suzhou", "320583"),
        ("Shennongjia", "429021"),
        ("嘉峪关", "620200"),
        ("beijing haidian district", "110108"),
        ("jiangsu  suzhou", "320500"),
        ("Fuzhou Jiangxi", "361000"),
        ("Wuhan Iron Works, Hubei", "420100"),
        ("Nanjing East Road, Shanghai", "310000"),
        ("Shunhe Hui District, Kaifeng, Henan", "410203"),
        ("穗", "440100"),
        ("Yun'an, Yunfu, Guangdong", "445303"),
        ("Yunan, Yunfu, Guangdong", "445322"),
        ("340122", "340122"),
        ("Hsinchu", "710800"),
        ("Hsinchu County", "711000"),
        ("Zhubei, Chiayi County, Taiwan", "711500"),
        ("Alar", "659002"),
        ("Helinger", "150123"),
        ("Paotou, Inner Mongolia", "150200"),
        ("Kashkar", "653100"),
        ("Shangdu, Inner Mongolia", "150923"),
    ],
)
def test_english_toponyms(geocoder, text, adcode):
    found = geocoder.resolve(text)
    assert (found.status, found.adcode) == ("matched", adcode)


def test_the_seat_of_another_name_lies_in_its_county_and_is_not_the_county(geocoder):
    seat = geocoder.resolve("Norbukyungzê, Tibet")
    assert (seat.level, seat.county, seat.city) == ("place", "白朗县", "日喀则市")
    county = geocoder.resolve("Bainang, Tibet")
    assert (county.level, county.county) == ("county", "白朗县")
    # Xinhua is the seat of Qiaojia, and of many others the name of a town.
    assert geocoder.resolve("Xinhua, Yunnan").county is None


def test_a_zone_counted_beside_the_districts_is_of_the_city_and_one_in_a_county_of_that(geocoder):
    beside = geocoder.resolve("合肥高新区")
    assert (beside.level, beside.adcode, beside.county) == ("zone", "340100", None)
    assert "340104" in {candidate.adcode for candidate in beside.candidates}
    inside = geocoder.resolve("临沂临港")
    assert (inside.level, inside.adcode, inside.county) == ("zone", "371327", "莒南县")


def test_a_town_gives_the_point_and_its_unit_the_names(geocoder):
    town = geocoder.resolve("江苏省苏州市吴江区盛泽镇舜新路")
    unit = geocoder.resolve("江苏省苏州市吴江区")
    assert (town.level, town.county) == ("town", "吴江区")
    assert town.radius_km < unit.radius_km
    english = geocoder.resolve("Shengze Town, Wujiang District, Suzhou, Jiangsu")
    assert (english.lat, english.lon) == (town.lat, town.lon)


@pytest.mark.parametrize(
    ("text", "adcode", "former"),
    [
        ("安徽省巢湖市居巢区", "340181", "居巢区"),
        ("北京市宣武区", "110102", "宣武区"),
        ("山东省莱芜市钢城区", "370117", None),
        ("四川省万县市", "500101", "万县市"),
        ("苏州市吴县", None, None),
        ("合肥市庐阳区", "340103", None),
    ],
)
def test_abolished_units_lead_to_today_and_say_so(geocoder, text, adcode, former):
    found = geocoder.resolve(text)
    if adcode is None:
        assert found.city == "苏州市"
    else:
        assert (found.adcode, found.changed_from) == (adcode, former)


ENGLISH_ZONES = [
    ("Suzhou Industrial Park", "苏州工业园区"),
    ("Suzhou Industrial Park, Jiangsu", "苏州工业园区"),
    ("East Lake High-tech Zone", "武汉东湖高新技术产业开发区"),
    ("East Lake Hi-Tech Development Zone, Wuhan", "武汉东湖高新技术产业开发区"),
    ("Zhangjiang High-tech Park", "上海张江高新技术产业开发区"),
    ("Hefei Economic and Technical Development Area", "合肥经济技术开发区"),
    ("Tianfu New Area, Chengdu", "天府新区"),
    ("Gui'an", "贵安新区"),
]


@pytest.mark.parametrize(("text", "name_zh"), ENGLISH_ZONES)
def test_a_zone_in_english_is_not_the_unit_whose_name_it_bears(geocoder, text, name_zh):
    found = geocoder.resolve(text)
    zones = [u for u in geocoder.gazetteer.units if u.level == "zone" and u.name_zh == name_zh]
    assert (found.status, found.level) == ("matched", "zone")
    assert (found.lat, found.lon) == (zones[0].lat, zones[0].lon) or zones[0].lat is None


@pytest.mark.parametrize(
    ("text", "adcode"), [("Pudong New Area", "310115"), ("Binhai New Area, Tianjin", "120116")]
)
def test_a_new_area_that_is_a_district_is_the_district(geocoder, text, adcode):
    found = geocoder.resolve(text)
    assert (found.level, found.adcode) == ("county", adcode)


def test_an_unknown_park_is_where_its_city_is_or_ambiguous_as_its_name(geocoder):
    assert geocoder.resolve("Jiaxing Foobar Industrial Park, Jiaxing").adcode == "330400"
    assert geocoder.resolve("Suzhou Textile Industrial Park").adcode != "620902"
    assert geocoder.resolve("Suzhou District, Jiuquan").adcode == "620902"


@pytest.mark.parametrize(
    ("text", "name_zh"),
    [
        ("前海", "前海深港现代服务业合作区"),
        ("光谷", "武汉东湖高新技术产业开发区"),
        ("烟台开发区", "烟台经济技术开发区"),
        ("蚌埠高新区", "蚌埠高新技术产业开发区"),
        ("Chengdu Tianfu New Area, Sichuan", "天府新区"),
    ],
)
def test_zones_by_the_short_names_in_use(geocoder, text, name_zh):
    found = geocoder.resolve(text)
    zone = next(unit for unit in geocoder.gazetteer.units if unit.name_zh == name_zh)
    assert (found.status, found.level) == ("matched", "zone")
    held = geocoder.gazetteer.path(zone)
    assert (found.province, found.city) == tuple(u.name_zh if u else None for u in held[:2])
    assert geocoder.resolve("前海街道").level == "town"


@pytest.mark.parametrize(
    ("text", "spanned"),
    [
        ("雄安新区", {"130638", "130629", "130632"}),
        ("西咸新区", {"610402", "610404"}),
        ("深汕特别合作区", {"441521", "440300"}),
        ("长三角一体化示范区", {"310118", "320509", "330421"}),
    ],
)
def test_a_zone_over_several_units_names_each(geocoder, text, spanned):
    found = geocoder.resolve(text)
    assert (found.status, found.level) == ("matched", "zone")
    assert spanned <= {candidate.adcode for candidate in found.candidates}


def test_zones_say_what_they_span(geocoder):
    guian = geocoder.resolve("贵安新区")
    assert (guian.level, guian.province, guian.county) == ("zone", "贵州省", None)
    assert len(guian.candidates) > 2
    assert geocoder.resolve("安新县").province == "河北省"
    stated = geocoder.resolve("合肥市蜀山区合肥高新技术产业开发区")
    assert stated.county == "蜀山区"


def test_a_position_without_words_says_its_province(geocoder):
    here = geocoder.resolve("", lat=31.83, lon=117.23)
    assert (here.status, here.level, here.adcode, here.province) == (
        "matched", "site", "340000", "安徽省",
    )  # fmt: skip
    port = geocoder.resolve("", lat=31.2, lon=121.4)
    assert (port.adcode, port.city, port.county) == ("310000", "上海市", None)
    assert geocoder.resolve("", lat=0, lon=0).status == "not_found"


def test_given_positions_win_and_are_checked(geocoder):
    lat, lon = 31.83, 117.23
    there = geocoder.resolve("合肥市蜀山区", lat=lat, lon=lon)
    assert (there.lat, there.lon, there.precision, there.flags) == (lat, lon, "site", ())
    assert there.county == "蜀山区"
    gcj = from_wgs84(lat, lon, "gcj02")
    back = geocoder.resolve("合肥市蜀山区", lat=gcj[0], lon=gcj[1], datum="gcj02")
    assert (back.lat, back.lon) == pytest.approx((lat, lon), abs=1e-8)
    far = geocoder.resolve("合肥市蜀山区", lat=39.9, lon=116.4)
    assert "far_from_place" in far.flags
    swapped = geocoder.resolve("合肥市蜀山区", lat=lon, lon=lat)
    assert swapped.flags == ("swapped",)
    assert swapped.precision == "county"


@pytest.mark.parametrize(
    "text", ["\x00", "\u202e\u200f", "😀" * 9, "\ud800", "安\x00徽", "合\u200e肥"]
)
def test_broken_texts_are_answered(geocoder, text):
    assert geocoder.resolve(text).status in {"matched", "not_found"}


def test_a_million_characters_are_answered_at_once(geocoder):
    for text in ("啊" * 1_000_000, "a" * 1_000_000, "合肥" * 500_000, "a, " * 300_000):
        assert geocoder.resolve(text).text is text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_answered_twice_alike(text):
    geocoder = default_geocoder()
    found = geocoder.resolve(text)
    assert found == geocoder.resolve(text)
    assert found.text == text
    assert (found.status == "matched") == (found.lat is not None)


_PIECES = ["安徽", "合肥市", "蜀山", "路", "(", "镇", "鼓楼区", "中国", "江苏省", ",", "大学", "x"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_any_mixture_of_names_is_answered_with_units_that_fit(text):
    found = default_geocoder().resolve(text)
    if found.status == "matched" and found.county:
        adcode = default_geocoder().gazetteer.by_adcode[found.adcode].province_adcode
        assert default_geocoder().gazetteer.by_adcode[adcode].name_zh == found.province


def test_every_official_path_leads_to_its_unit(geocoder):
    """Full paths of all units; 市辖区-like doubles aside, none may lead elsewhere."""
    gazetteer = geocoder.gazetteer
    wrong = []
    for unit in gazetteer.units:
        if unit.level in {"prefecture", "county"}:
            names = [held.name_zh for held in gazetteer.path(unit) if held]
            found = geocoder.resolve("".join(dict.fromkeys(names)))
            expected = (
                unit.province_adcode
                if unit.adcode.endswith("0100") and len(dict.fromkeys(names)) == 1
                else unit.adcode
            )
            if found.adcode != expected:
                wrong.append((names, found.adcode))
    assert wrong == []


def test_every_county_is_found_by_short_names_behind_its_city(geocoder):
    """宁波镇海, 台州路桥, 北京门头沟: what looks like a town or a road begins the next name."""
    gazetteer, wrong = geocoder.gazetteer, []
    asked = 0
    for unit in gazetteer.units:
        _, city, county = gazetteer.path(unit)
        if county is not unit or city is None or not unit.short_zh or not city.short_zh:
            continue
        texts = [city.short_zh + (unit.name_zh or ""), city.short_zh + unit.short_zh]
        # 长沙长沙 is the city said twice, and 青岛市南 the south of it.
        is_plain = unit.short_zh != city.short_zh and not unit.short_zh.startswith("市")
        for text in texts if is_plain else texts[:1]:
            asked += 1
            if geocoder.resolve(text).adcode != unit.adcode:
                wrong.append(text)
    assert asked > 5000
    assert set(wrong) == {"伊犁伊宁"}, "a city and a county share the name"


def test_the_quick_way_chooses_as_the_chains_do(geocoder):
    """`_nested`, `_straight` are shortcuts; random sequences of related names must not tell."""
    reader = geocoder.chinese
    dice = random.Random(7)
    by_province: dict[str | None, list[int]] = {}
    for number in range(len(reader.names)):
        for naming in reader.names.namings(number):
            by_province.setdefault(naming.unit.province_adcode, []).append(number)
    compared = nested = 0
    for _ in range(4000):
        pool = by_province[dice.choice(list(by_province))]
        names = tuple(dice.choice(pool) for _ in range(dice.randint(1, 4)))
        if reader.names.ranks[names[0]] == TIED:  # stands behind others only
            continue
        quickest, quick = reader._nested(names), reader._straight(names)
        words = [reader.names.texts[name] for name in names]
        if quickest is not None and quick is not None:
            assert quickest == quick, words
        nested += quickest is not None
        for found in (quickest, quick):
            if found is not None:
                slow = reader._decide(_longest(reader._chains(names)))
                compared += 1
                assert units_of(found) == units_of(slow), words
    assert compared > nested > 300


def units_of(choice):
    return {(naming.unit.unit_id, naming.former) for naming in choice.namings}


def test_rows_come_back_in_order_whatever_they_are(geocoder):
    rows = ["合肥", "", {"text": "鼓楼区", "city": "徐州"}, "\x00", "Wuhu"]
    found = list(geocoder.resolve_many(rows))
    assert [one.adcode for one in found] == ["340100", None, "320302", None, "340200"]


def test_it_answers_where_a_geopy_geocoder_does(geocoder):
    found = RateLimiter(geocoder.geocode, min_delay_seconds=0)("合肥")
    assert found.raw.adcode == "340100"
    assert (found.latitude, found.longitude) == (found.raw.lat, found.raw.lon)
    assert geocoder.geocode("南京路") is None
    assert [one.raw.adcode for one in geocoder.geocode("合肥", exactly_one=False)] == ["340100"]


def test_an_answer_loads_nothing_heavy():
    heavy = {"geopy", "pandas", "pyarrow", "geopandas", "shapely", "streamlit", "requests"}
    code = (
        "import sys; from geomap.geocode import default_geocoder as made; made().resolve('合肥');"
        f"print(sorted(n for n in {heavy} if n in sys.modules));"
        f"made().geocode('合肥'); print('geopy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\nTrue\n"


FORMERLY = [
    ("襄樊", "420600", "襄樊市"),
    ("湖北省襄樊市樊城区", "420606", "襄樊市"),
    ("上海闸北", "310106", "闸北区"),
    ("天津塘沽", "120116", "塘沽区"),
]


@pytest.mark.parametrize(("text", "adcode", "former"), FORMERLY)
def test_former_units_are_known_by_their_short_names(geocoder, text, adcode, former):
    found = geocoder.resolve(text)
    assert (found.status, found.adcode, found.changed_from) == ("matched", adcode, former)


@pytest.mark.parametrize("text", ["襄阳", "湖北省襄阳市樊城区", "上海静安"])
def test_todays_names_record_no_change(geocoder, text):
    assert geocoder.resolve(text).changed_from is None


def test_a_former_short_name_of_two_units_names_neither(geocoder):
    assert geocoder.resolve("下关").changed_from is None


@pytest.mark.parametrize("text", ["东风汽车", "上海汽车集团", "长城汽车股份有限公司", "南山集团"])
def test_a_company_is_no_place(geocoder, text):
    assert geocoder.resolve(text).status == "not_found"


def test_a_bus_station_or_a_bank_branch_is_where_its_city_is(geocoder):
    assert geocoder.resolve("合肥汽车站").adcode == "340100"
    assert geocoder.resolve("北京银行上海分行").adcode == "310000"


IN_ONE_RUN = [
    ("Shenzhen Nanshan Science Park", "440305"),
    ("Tencent Shanghai Songjiang campus", "310117"),
    ("Sichuan Chengdu Shuangliu", "510116"),
    ("Hefei Gibberish Hall", "340100"),
]


@pytest.mark.parametrize(("text", "adcode"), IN_ONE_RUN)
def test_names_in_one_run_of_words_narrow_each_other(geocoder, text, adcode):
    assert geocoder.resolve(text).adcode == adcode


@pytest.mark.parametrize("text", ["Xi'an, Shanxi", "Shanxi Province, Xi'an"])
def test_a_city_mends_the_one_letter_of_its_province(geocoder, text):
    found = geocoder.resolve(text)
    assert (found.status, found.adcode) == ("matched", "610100")
    assert geocoder.resolve("Datong, Shanxi").province == "山西省"
    assert geocoder.resolve("Shanxi Province, Hefei").status == "ambiguous"


@pytest.mark.parametrize("text", ["China Mobile (Guizhou)", "Greater Bay Area"])
def test_a_companys_bracket_and_a_bay_are_no_places(geocoder, text):
    assert geocoder.resolve(text).status == "not_found"


def test_brackets_and_short_names_are_read_where_they_name_a_place(geocoder):
    assert geocoder.resolve("Xiamen (Amoy)").adcode == "350200"
    assert geocoder.resolve("Bay County, Xinjiang").adcode == "652926"


LISTS = [
    ("武汉、成都", {"420100", "510100"}),
    ("北京市、上海市和广州市", {"110000", "310000", "440100"}),
    ("北京市朝阳区、通州区", {"110105", "110112"}),
    ("Wuhan and Chengdu", {"420100", "510100"}),
    ("Beijing, Shanghai", {"110000", "310000"}),
    ("Songjiang; Jiaxing", {"310117", "330400"}),
    ("江苏省合肥市", {"320000", "340100"}),  # contradicts itself
    ("Hefei, Jiangsu", {"320000", "340100"}),
]


@pytest.mark.parametrize(("text", "adcodes"), LISTS)
def test_of_several_places_none_is_picked_silently(geocoder, text, adcodes):
    found = geocoder.resolve(text, context="湖北省武汉市、广东省广州市")
    assert (found.status, found.lat, found.reason) == ("ambiguous", None, "several_places")
    assert {candidate.adcode for candidate in found.candidates} == adcodes


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("江苏省、苏州市", "320500"),
        ("呼和浩特市", "150100"),
        ("Honghe Hani and Yi Autonomous Prefecture, Yunnan", "532500"),
        ("Beijing Economic and Technological Development Area", "110115"),
        ("Hefei, Anhui", "340100"),
        ("四川省江津市", "500116"),
    ],
)
def test_one_place_in_many_words_is_no_list(geocoder, text, adcode):
    found = geocoder.resolve(text)
    assert (found.status, found.adcode) == ("matched", adcode)


def test_stated_units_choose_from_a_list(geocoder):
    assert geocoder.resolve("武汉、成都", province="湖北省").adcode == "420100"


def test_every_reason_and_flag_has_words_in_both_languages(geocoder):
    texts = [text for text, _ in CHINESE] + [
        "吉林",
        "鼓楼区",
        "贵安新区",
        "南京路",
        "340122",
        "邯郸",
        "武汉、成都",
    ]
    reasons = {parse_reason(geocoder.resolve(text).reason)[0] for text in texts}
    reasons |= {"context_province", "context_neighbour", "context_majority", "level_size"}
    assert len(reasons) > 6
    for lang in ("en", "zh"):
        assert all(has_text(f"geocode.reason.{reason}", lang) for reason in reasons)
        assert has_text("geocode.flag.contradicts_stated", lang)
        assert not has_text("geocode.reason.no_such_reason", lang)


def test_another_gazetteer_gives_other_answers(tmp_path):
    from tests.toy import UNITS, toy_gazetteer_frame

    toy_gazetteer_frame().to_parquet(tmp_path / "gazetteer.parquet", index=False)
    toy = OfflineGeocoder(Gazetteer(tmp_path))
    unit = next(unit for unit in UNITS if unit["level"] == "county")
    assert toy.resolve("合肥").status == "not_found"
    assert toy.resolve(unit["adcode"]).adcode == unit["adcode"]
