"""Every page on the toy country: what it says, what its controls do, what bad links meet."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest

from geomap.app.components import basket, player
from geomap.app.components.details_panel import render_details
from geomap.app.components.record_table import (
    feature_ids,
    rows_of_sites,
    search_mask,
    sites_within,
)
from geomap.app.view import ViewState
from geomap.geodesy import encode_polyline
from geomap.text import text
from geomap.views.details import feature_details
from geomap.views.readable import readable_table
from geomap.views.regions import polygon_region
from tests.app.conftest import map_state, page_text, run_page
from tests.app.test_html import Outline
from tests.made import hostile_dataset

PAGES = ("map", "compare", "records", "about")
COMPARED = "province:910000,province:920000"
CHART = "data:image/svg+xml;base64,"


def button(app, label):
    return next(one for one in app.button if one.label.replace("\\", "").startswith(label))


def chooser(app, label):
    found = [*app.multiselect, *app.selectbox, *app.text_input, *app.checkbox]
    return next(one for one in found if one.label == label)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_both_languages(open_page, name, lang):
    app = open_page(name, lang=lang, compare=COMPARED, select="city:910100")
    assert not app.exception
    words = page_text(app)
    assert text(f"app.page.{name}", lang) in words
    other = "en" if lang == "zh" else "zh"
    assert text("app.filters.reset", other) not in [one.label for one in app.button]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["map", "compare", "records"])
def test_every_file_a_page_offers_can_be_made(open_page, name, lang):
    app = open_page(name, lang=lang, compare=COMPARED)
    offered = app.session_state["geomap_files"]
    slots = re.findall(rf'href="\./files/{offered.token}/(\w+)"', page_text(app))
    assert sorted(slots) == sorted(offered.offers)
    assert "cite_ris" in slots
    for slot in slots:
        assert offered.offers[slot].make()


def test_a_page_in_the_wrong_language_would_be_noticed(open_page):
    assert text("app.page.about", "zh") not in page_text(open_page("about", lang="en"))


def test_the_map_page_begins_with_everything(open_page):
    app = open_page()
    assert "23 of 23 sites shown" in page_text(app)
    assert "2 sites have no point" in page_text(app)
    assert text("app.details.empty", "en") in page_text(app)
    assert map_state(app)["select"] is None
    assert map_state(app)["visible"] is None


def test_a_link_selects_a_project_and_its_facts_have_sources(open_page):
    app = open_page(select="project:alder-dc")
    words = page_text(app)
    for part in ("Alder data centre", "桤木数据中心", "Acme", "¥1 bn", "US$150 m", "Mar 2020"):
        assert part in words
    assert "Alder gets a data centre" in words
    assert 'href="https://example.org/alder?a=1&amp;b=2"' in words
    assert map_state(app)["select"] == "project:alder-dc"


def test_a_city_lists_its_projects_once_and_links_them(open_page):
    words = page_text(open_page(select="city:910100"))
    assert words.count('data-geomap-select="project:alder-dc"') == 1
    assert "select=project:alder-dc" in words


def test_facts_lead_to_their_sources(open_page):
    words = page_text(open_page(select="project:alder-dc"))
    asked = set(re.findall(r'href="#(gm-source-\d+)"', words))
    assert asked
    assert asked <= set(re.findall(r'id="(gm-source-\d+)"', words))


def test_a_selection_is_read_out_and_its_link_can_be_copied(open_page):
    words = page_text(open_page(select="project:alder-dc", lang="zh"))
    spoken = re.search(r'data-geomap-say="selection" title="([^"]*)"', words)[1]
    assert spoken == text("app.details.announced", "zh", name="桤木数据中心", kind="数据中心")
    copied = re.findall(r'data-geomap-copy="([^"]*)"', words)
    assert any("select=project:alder-dc" in link and "lang=zh" in link for link in copied)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_view_is_cited_with_what_it_shows(open_page, toy, lang):
    words = page_text(open_page(select="project:alder-dc", kind="data_centre", lang=lang))
    title = text("app.cite.title", lang)
    name = toy.record("project:alder-dc")[f"name_{lang}"]
    assert f"{title}{text('app.cite.mark', lang)}{name}" in words
    assert "@misc{geomap-" in words
    assert words.count(f"v={toy.version}") > 3


@pytest.mark.parametrize("name", ["compare", "records"])
def test_other_pages_are_shared_and_cited_too(open_page, name):
    words = page_text(open_page(name, compare=COMPARED))
    assert "@misc{geomap-" in words
    assert f"compare={COMPARED}" in words


def test_an_area_too_long_for_a_link_is_told_where_the_link_is_copied(open_page):
    app = open_page()
    said = text("app.link.left_out.one", "en", n=1)
    assert said not in page_text(app)
    lost = ViewState(basket=("polygon:" + "_p~iF" * 1000,))
    app.session_state["geomap_state"] = lost
    assert said in page_text(app.run())


def test_an_unknown_selection_is_told_and_not_raised(open_page):
    for name in ("project:nope", "city:000000", "dragon:1"):
        app = open_page(select=name)
        assert not app.exception
        assert name in page_text(app)
        assert text("app.details.unknown.hint", "en") in page_text(app)


def test_what_a_link_asks_in_vain_is_told_once(open_page):
    app = open_page(kind="castle", at="nowhere")
    (said,) = (warning.value for warning in app.warning)
    assert said.count("\n- ") == 2
    assert "castle" in said
    assert "nowhere" in said
    assert "castle" in app.warning[0].value
    app.run()
    assert not app.warning


def test_a_filter_of_the_link_limits_the_map_and_clearing_it_shows_all(open_page):
    app = open_page(kind="laboratory")
    assert "1 of 23 sites shown" in page_text(app)
    assert map_state(app)["visible"] is not None
    button(app, "Clear filters").click().run()
    assert "23 of 23 sites shown" in page_text(app)
    assert map_state(app)["visible"] is None
    assert "kind" not in app.query_params


def test_a_chosen_filter_stands_in_the_address(open_page):
    app = open_page()
    chooser(app, "Kind").select("laboratory").run()
    assert app.query_params["kind"] == "laboratory"
    assert "1 of 23 sites shown" in page_text(app)


def test_filters_that_leave_nothing_say_so(open_page):
    app = open_page(kind="laboratory", province="910000")
    assert "0 of 23 sites shown" in page_text(app)
    assert text("app.shown.none", "en") in page_text(app)
    assert map_state(app)["note"]["zh"] == text("filters.note.nothing", "zh")


def test_a_quick_second_choice_comes_with_an_old_address_and_undoes_nothing(open_page):
    app = open_page("map", lang="en")
    before = {name: app.query_params[name] for name in app.query_params}
    chooser(app, text("app.filters.kinds", "en")).set_value(["laboratory"])
    app.run()
    app.query_params.clear()
    for name, value in before.items():
        app.query_params[name] = value
    chooser(app, text("app.filters.statuses", "en")).set_value(["announced"])
    app.run()
    assert app.query_params["kind"] == "laboratory"
    assert app.query_params["status"] == "announced"
    for name, value in {**before, "back": "1"}.items():
        app.query_params[name] = value
    del app.query_params["kind"], app.query_params["status"]
    app.run()  # the reader went back
    assert not {"kind", "status", "back"} & set(app.query_params)
    assert chooser(app, text("app.filters.kinds", "en")).value == []


def test_the_language_switch_keeps_what_was_chosen(open_page):
    app = open_page(kind="laboratory", select="project:elm-lab")
    app.main.button_group[0].set_value("zh").run()
    assert not app.exception
    assert app.query_params["lang"] == "zh"
    assert "北州实验室" in page_text(app)
    assert app.query_params["kind"] == "laboratory"
    assert chooser(app, text("app.filters.kinds", "zh")).value == ["laboratory"]


@pytest.mark.parametrize(
    ("query", "names"),
    [("桤木", ["Alder"]), ("910100", ["Alder"]), ("acme", ["Acme"])],
)
def test_the_search_finds_by_any_name_and_flies_there(open_page, query, names):
    app = open_page()
    chooser(app, "Search").input(query).run()
    hits = [one.label for one in app.button if one.key.startswith("hit_")]
    assert {f"**{name}**" for name in names} <= {label.partition(" :small")[0] for label in hits}


def test_a_hit_is_selected_flown_to_and_an_investor_filters(open_page):
    app = open_page()
    chooser(app, "Search").input("桤木市").run()
    next(one for one in app.button if one.key == "hit_city:910100").click().run()
    assert map_state(app)["select"] == "city:910100"
    assert map_state(app)["commands"][0]["do"] == "fly"
    chooser(app, "Search").input("Acme").run()
    next(one for one in app.button if one.key.startswith("hit_investor:")).click().run()
    assert app.query_params["investor"] == "Acme"
    assert chooser(app, "Investor").value == ["Acme"]
    (command,) = map_state(app)["commands"]
    assert command["do"] == "fit"
    west, south, east, north = command["bounds"]
    assert (west < east, south < north) == (True, True)


def test_a_search_for_nothing_known_says_so(open_page):
    app = open_page()
    chooser(app, "Search").input("zzzz").run()
    assert "zzzz" in page_text(app)
    assert not [one for one in app.button if one.key.startswith("hit_")]


@pytest.mark.parametrize(("lang", "said"), [("en", "No name matches"), ("zh", "没有与")])
def test_a_slip_is_answered_and_said_to_be_near_only(open_page, lang, said):
    app = open_page(lang=lang)
    app.text_input[0].input("hanghzou").run()
    assert said in page_text(app)
    assert [one.key for one in app.button if one.key.startswith("hit_")] == ["hit_city:330100"]
    app.text_input[0].input("hangzhou").run()
    assert said not in page_text(app)


def test_steps_of_the_details_change_the_selection(open_page):
    app = open_page(select="project:alder-dc")
    button(app, "Next").click().run()
    assert map_state(app)["select"] == "project:cedar-dc"
    button(app, "Previous").click().run()
    assert map_state(app)["select"] == "project:alder-dc"
    button(app, "Zoom to").click().run()
    assert map_state(app)["commands"] == [{"n": 1, "do": "fly", "id": "project:alder-dc"}]
    button(app, "Close").click().run()
    assert map_state(app)["select"] is None
    assert "select" not in app.query_params


def test_a_region_goes_into_the_comparison_once(open_page):
    app = open_page(select="city:910100")
    button(app, "Add to comparison").click().run()
    assert app.query_params["compare"] == "city:910100"
    assert button(app, "In comparison").disabled


def test_provinces_are_shaded_by_the_measure_of_the_link(open_page):
    app = open_page(shade="projects")
    shading = map_state(app)["shading"]
    assert shading["values"]["910000"]["en"] == "4"
    chooser(app, "Shade provinces by").select("").run()
    assert map_state(app)["shading"] is None


def test_an_outside_background_is_off_until_it_is_chosen(open_page):
    app = open_page()
    assert map_state(app)["background"] is None
    options = chooser(app, "Background").options
    assert options == [text("app.background.none", "en"), text("app.background.osm", "en")]
    app = open_page(background="osm")
    assert map_state(app)["background"]["id"] == "osm"


@pytest.fixture
def clock(monkeypatch):
    """A clock of the player that goes on only when a test says so; one entry, in seconds."""
    seconds = [1000.0]
    monkeypatch.setattr(player, "now", lambda: seconds[0])
    return seconds


def later(app, clock):
    clock[0] += player.STEP_SECONDS
    return app.run()


def test_playing_moves_the_last_year_and_stops_at_the_end(open_page, clock):
    app = open_page()
    first, last = app.slider[0].value
    button(app, "Play").click().run()
    assert app.slider[0].value == (first, first)
    assert app.query_params["to"] == str(first)
    app.run()  # somebody clicked elsewhere: no step is due
    assert app.slider[0].value == (first, first)
    for year in range(first + 1, last + 1):
        assert later(app, clock).slider[0].value == (first, year)
    later(app, clock)
    assert app.slider[0].value == (first, last)
    assert app.query_params["to"] == str(last)  # the last picture, without sites of no date
    assert button(app, "Play")
    assert map_state(app)["note"]["en"].startswith(str(first))


def test_the_years_of_another_date_hide_nothing_by_themselves(open_page):
    app = open_page()
    bars = page_text(app).count("gm-year ")
    chooser(app, "Date").set_value("opened").run()
    chooser(app, "Date").set_value("any").run()
    assert not {"from", "to"} & set(app.query_params)
    assert page_text(app).count("gm-year ") == bars > 2


def test_stopping_leaves_the_years_where_they_are(open_page, clock):
    app = open_page()
    first, _ = app.slider[0].value
    button(app, "Play").click().run()
    later(app, clock)
    button(app, "Stop").click().run()
    later(app, clock)
    assert app.slider[0].value == (first, first + 1)


def test_an_older_link_says_what_changed_since(toy, put):
    older = toy.version
    renamed = toy.projects.assign(name_en=toy.projects["name_en"].replace("Birch campus", "B."))
    newer = put(replace(toy, projects=renamed, zones=toy.zones.iloc[1:]))
    app = run_page(v=older, select=toy.zones["feature_id"].iloc[0])
    words = page_text(app)
    assert older in words
    assert newer.version in words
    assert "0 added, 1 removed, 1 changed" in words
    assert "which the link selects, was removed" in words
    listed = words.split("<h3>Changed</h3>")[1].split("</section>")[0]
    assert ">B.</a>" in listed
    assert text("records.column.name_en", "en") in listed
    button(app, text("app.version.dismiss", "en")).click().run()
    assert older not in page_text(app)
    assert older not in page_text(run_page(v=newer.version))


def test_a_link_to_a_version_that_is_gone_says_so(open_page):
    assert text("app.version.older.gone", "en") in page_text(open_page(v="abcdefabcdef"))


def test_without_a_dataset_the_page_says_what_to_do(tmp_path):
    app = run_page()
    assert not app.exception
    assert text("app.no_dataset", "en") in page_text(app)
    assert "No dataset in" in app.code[0].value
    chinese = run_page(lang="zh")
    assert text("app.no_dataset", "zh") in page_text(chinese)
    assert "中没有数据集" in chinese.code[0].value


# ---------------------------------------------------------------- compare


def test_two_provinces_of_a_link_stand_side_by_side(open_page):
    app = open_page("compare", compare=COMPARED)
    words = page_text(app)
    assert 'data-measure="projects"' in words
    assert "¥1.3 bn" in words  # Westland: alder-dc and birch-a, see the toy country
    assert [pane["id"] for pane in panes(app)] == COMPARED.split(",")


def test_a_number_opens_the_records_behind_it(open_page):
    words = page_text(open_page("compare", compare=COMPARED))
    cell = words.split('data-measure="projects"')[1].split("</td>")[0]
    assert "<details>" in cell
    counted, left_out = cell.split("</ul>")[:2]
    assert counted.count("data-geomap-select") == 4
    assert 'data-geomap-select="project:alder-dc"' in counted
    assert 'data-geomap-select="project:alder-dc-two"' in left_out  # it repeats the other


def test_no_record_is_never_zero(open_page):
    words = page_text(open_page("compare", compare="province:930000,province:940000"))
    row = words.split('data-measure="stated_cny"')[1].split("</tr>")[0]
    assert 'data-state="no_record"' in row
    assert "¥0" not in row


def test_an_empty_basket_says_what_to_choose(open_page):
    app = open_page("compare")
    assert not app.exception
    assert app.info
    assert "<table" not in page_text(app)


def test_regions_are_chosen_typed_and_suggested(open_page):
    app = open_page("compare")
    chooser(app, "Regions to compare (two to four)").set_value(["province:910000"]).run()
    assert app.query_params["compare"] == "province:910000"
    button(app, "+ Eastland").click().run()
    assert app.query_params["compare"] == COMPARED
    chooser(app, "Regions to compare (two to four)").set_value(
        ["province:910000", "Port City"]
    ).run()
    assert app.query_params["compare"] == "province:910000,province:940000"


def test_a_typed_name_that_means_nothing_is_told(open_page):
    app = open_page("compare")
    box = chooser(app, "Regions to compare (two to four)")
    box.set_value(["province:910000", "Atlantis"]).run()
    assert "Atlantis" in page_text(app)
    assert app.query_params["compare"] == "province:910000"


def test_a_circle_around_a_place_joins_the_basket(open_page):
    app = open_page("compare", compare="province:910000")
    chooser(app, "Place").input("Alder").run()
    button(app, "Add").click().run()
    assert app.query_params["compare"] == "province:910000,circle:31,101,50"


def test_the_first_two_are_swapped_on_maps_table_and_link(open_page):
    app = open_page("compare", compare=COMPARED)
    button(app, "Westland ⇄ Eastland").click().run()
    assert app.query_params["compare"] == "province:920000,province:910000"


def test_an_empty_basket_offers_whole_comparisons(open_page):
    app = open_page("compare")
    starts = [one for one in app.button if one.label.count("–") and "land" in one.label]
    starts[0].click().run()
    assert len(app.query_params["compare"].split(",")) == 2
    assert "<table" in page_text(app)


def panes(app):
    return json.loads(app.get("bidi_component")[0].proto.json)["panes"]


def test_one_map_can_show_some_kinds_only_and_says_so_and_the_link_keeps_it(open_page):
    only = "province:910000=data_centre;province:920000=nonsense"
    app = open_page("compare", compare=COMPARED, only=only)
    first, second = panes(app)
    assert first["title"] == {"en": "Westland: only Data centre", "zh": "西州：仅数据中心"}
    assert "visible" in first["state"]
    assert second["title"]["en"] == "Eastland"
    assert "visible" not in second["state"]
    assert app.query_params["only"] == "province:910000=data_centre"
    assert "nonsense" in page_text(app)  # what of the link could not be read
    whole = page_text(open_page("compare", compare=COMPARED))
    assert page_text(app).count("¥1.3 bn") == whole.count("¥1.3 bn")  # numbers stay


def test_a_circle_and_a_polygon_are_drawn_on_their_maps(open_page):
    app = open_page("compare", compare="circle:31,101,50,province:920000")
    circle, province = panes(app)
    assert len(circle["outline"]) > 30
    assert circle["title"]["en"] == "50 km around Alder"
    assert province["outline"] == []


def test_what_each_row_adds_stands_on_the_page(open_page):
    words = page_text(open_page("compare", compare=COMPARED))
    cell = words.split('data-measure="stated_cny"')[1].split("</td>")[0]
    assert 'data-value="1300000000.0"' in cell
    amounts = [float(part.split('"')[0]) for part in cell.split('data-amount="')[1:]]
    assert sum(amounts) == 1.3e9


def test_the_map_page_shows_the_basket_with_the_way_to_the_comparison(open_page):
    app = open_page("map", compare=COMPARED)
    assert button(app, "Open comparison (2 of 4)")
    assert "Westland" in page_text(app)
    with pytest.raises(StopIteration):
        button(open_page("map"), "Open comparison")


def test_a_drawn_area_joins_the_basket_or_is_refused_in_words(toy):
    square = polygon_region([(30.2, 100.2), (30.2, 101.4), (31.4, 101.4), (31.4, 100.2)], toy)
    at_sea = "polygon:" + encode_polyline([10, 10, 11], [150, 151, 150])
    view = ViewState()
    assert basket.add_area(view, square.region_id, toy).basket == (square.region_id,)
    assert basket.add_area(view, at_sea, toy).basket == ()
    full = ViewState(basket=("a:1", "b:2", "c:3", "d:4"))
    assert basket.add_area(full, square.region_id, toy) == full


def test_filters_of_the_map_can_be_left_out_of_a_comparison(open_page):
    app = open_page("compare", compare=COMPARED, kind="laboratory")
    with_filters = page_text(app)
    chooser(app, "Apply the filters of the map").uncheck().run()
    assert page_text(app) != with_filters
    assert "¥1.3 bn" in page_text(app)


# ---------------------------------------------------------------- records


def test_the_table_follows_search_and_filters(open_page):
    app = open_page("records")
    assert "14 of 14 records" in page_text(app)
    chooser(app, "Search the table").input("acme 桤木").run()
    assert "2 of 14 records" in page_text(app)
    chooser(app, "Search the table").input("zzz").run()
    assert text("app.records.empty", "en") in page_text(app)
    app = open_page("records", kind="laboratory")
    assert "1 of 14 records" in page_text(app)
    chooser(app, text("app.records.filtered", "en")).uncheck().run()
    assert "14 of 14 records" in page_text(app)


@pytest.mark.parametrize(
    "table", ["zones", "cities", "corridors", "indicators", "sites", "sources", "issues"]
)
def test_every_table_can_be_chosen_and_a_filter_empties_none_it_cannot_judge(open_page, toy, table):
    app = open_page("records", kind="laboratory")
    app.main.button_group[1].set_value(table).run()
    assert not app.exception
    total = len(getattr(toy, table))
    if table in ("corridors", "indicators", "sources", "issues"):
        assert f"{total} of {total} records" in page_text(app)


def test_the_extent_of_the_map_limits_the_rows(toy):
    west = sites_within(toy.sites, (100.0, 30.0, 102.0, 32.0))
    assert set(toy.sites["province_adcode"][west]) == {"910000"}
    kept = rows_of_sites("projects", toy.projects, west, toy)
    assert "project:elm-lab" not in set(toy.projects["feature_id"][kept])
    assert "project:alder-dc" in set(toy.projects["feature_id"][kept])
    assert rows_of_sites("projects", toy.projects, None, toy).all()
    assert "project:nowhere-plant" not in set(toy.projects["feature_id"][kept])


def test_rows_name_the_feature_they_are_about(toy):
    assert feature_ids(toy.projects)[0] == toy.projects["feature_id"][0]
    named = dict(zip(toy.indicators["subject"], feature_ids(toy.indicators), strict=True))
    assert named["910000"] == "province:910000"
    assert named["910100"] == "city:910100"
    assert named["country:CN"] == ""
    assert feature_ids(toy.sources) is None


def test_columns_and_words_are_in_the_language_of_the_reader(toy):
    english = readable_table(toy.projects, toy, "en")
    chinese = readable_table(toy.projects, toy, "zh")
    assert english.columns[0] == "Name (English)"
    assert chinese.columns[0] == "名称（中文）"
    assert "Data centre" in set(english["Kind"])
    assert "数据中心" in set(chinese["类型"])


def test_a_search_needs_every_word_somewhere():
    frame = pd.DataFrame({"name": ["Alder", "Birch"], "parts": [("x", "Acme"), ("y",)]})
    assert search_mask(frame, "alder ACME").tolist() == [True, False]
    assert search_mask(frame, "alder birch").tolist() == [False, False]
    assert search_mask(frame, "").tolist() == [True, True]


# ---------------------------------------------------------------- about


def test_about_tells_coverage_sources_and_licences(open_page, toy):
    words = page_text(open_page("about"))
    assert toy.version in words
    for part in ("Natural Earth", "GeoNames", "Alder gets a data centre", "Harbour", "CC BY 4.0"):
        assert part in words or part == "Harbour"
    assert words.count("<table") >= 4


# ---------------------------------------------------------------- hostile records


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_hostile_words_of_records_are_never_markup(put, name, lang):
    put(hostile_dataset())
    app = run_page(name, lang=lang, compare=COMPARED, select="city:910100")
    assert not app.exception
    seen = Outline("\n".join(element.proto.body for element in app.get("html")))
    assert not {"script", "svg", "b", "iframe"} & set(seen.elements)
    pictures = [one for one in seen.links if one.startswith(CHART)]  # no other picture is ours
    assert len(pictures) == seen.elements.count("img")
    for one in pictures:
        names = {part.tag for part in ElementTree.fromstring(b64decode(one[len(CHART) :])).iter()}
        assert not {name for name in names if name.endswith(("script", "foreignObject", "image"))}
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert "javascript:" not in "".join(seen.links)
    for kind in ("markdown", "caption", "warning", "info"):
        assert not any("<img" in str(one.value) for one in app.get(kind))


def test_every_hostile_feature_has_details(put):
    toy = put(hostile_dataset())
    for feature_id in [*toy.projects["feature_id"], *toy.zones["feature_id"]]:
        markup = render_details(feature_details(toy, feature_id), "en")
        assert not {"script", "img", "svg", "b"} & set(Outline(markup).elements), feature_id


def test_a_cell_without_a_value_is_a_dash_and_the_table_has_a_name(open_page):
    shown = open_page("records", lang="zh").dataframe[0].proto
    assert shown.placeholder == "—"
    assert shown.alt == text("app.records.table.projects", "zh")
