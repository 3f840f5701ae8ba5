"""Charts and small maps of a comparison as SVG text: printable, offline, everything escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from typing import Any, Final

import numpy as np
import shapely
from pyproj import Transformer

from geomap.geodesy import Bounds
from geomap.text import format_number, text
from geomap.views.charts import Chart, Mark
from geomap.views.columns import Floats, floats_of
from geomap.views.comparison import Comparison
from geomap.views.drawn_regions import shape_of
from geomap.views.facts import Record
from geomap.views.region import Region
from geomap.views.selection import Selection
from geomap.views.sentences import Names

# Okabe and Ito: told apart by colour-blind readers, dark enough on white paper.
COLOURS: Final = ("#0072B2", "#B84A00", "#00795A", "#8A3A79")
_INK, _SOFT, _LAND, _LINE = "#1b1b1b", "#5a5a5a", "#f2efe8", "#9a9488"
_PANE_WIDTH, _PANE_HEIGHT = 340, 300
_LEAST_KM: Final = 60.0
_MOST_MARKS: Final = 3_000
_FINE: Final = ("site", "place", "town")


def _tag(name: str, *children: str, **attributes: object) -> str:
    """One SVG element; attribute values are escaped, children are SVG already."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>{''.join(children)}</{name}>" if children else f"<{name}{said}/>"


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def _words(words: str, x: float, y: float, **attributes: object) -> str:
    return _tag("text", escape(words), x=x, y=y, **attributes)


def _fitted(words: str, width: float) -> str:
    """Cut words to about `width` pixels at 12 pixels a letter height; bold letters are wider."""
    spent = 0.0
    for place, letter in enumerate(words):
        spent += 12.5 if ord(letter) > 0x2E80 else 7.3
        if spent > width:
            return words[: max(1, place - 1)].rstrip() + "…"
    return words


def _name(
    name: Names, region: int, x: float, y: float, width: float, lang: str, **more: object
) -> str:
    """A region's name in its colour, cut to fit; the whole name shows on pointing at it."""
    whole = name.say(lang)
    said = _words(_fitted(whole, width), x, y, fill=_colour(region), font_weight="bold", **more)
    return _tag("g", _tag("title", escape(whole)), said)


def _svg(width: float, height: float, title: str, description: str, body: Iterable[str]) -> str:
    head = _tag("title", escape(title)) + _tag("desc", escape(description))
    return _tag(
        "svg",
        head,
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=title,
        font_family="system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif",
        font_size=12,
        fill=_INK,
    )


# ---------------------------------------------------------------- charts


def chart_svg(chart: Chart, lang: str) -> str:
    """Draw a chart; all regions share its axes, and every value stands beside its mark."""
    if chart.empty:
        body = [_words(text("comparison.chart.empty", lang), 10, 24, fill=_SOFT)]
        return _svg(400, 40, chart.title(lang), chart.note(lang), body)
    draw = {"bars": _bars, "shares": _bars, "columns": _columns, "strip": _strip}
    return draw[chart.kind](chart, lang)


def _bars(chart: Chart, lang: str) -> str:
    """A row per category, a panel per region, the same length meaning the same value."""
    left, panel, row, top = 190.0, 210.0, 20.0, 26.0
    body = [
        _name(name, place, left + place * panel, 16, panel - 15, lang)
        for place, name in enumerate(chart.regions)
    ]
    rows = {category: top + place * row for place, category in enumerate(chart.categories)}
    for category, y in rows.items():
        body.append(_words(chart.label(category, lang), left - 8, y + 14, text_anchor="end"))
    for mark in chart.marks:
        x, y = left + mark.region * panel, rows[mark.category]
        body.append(_bar(chart, mark, x, y, panel - 95, lang))
    height = top + len(rows) * row + 8
    return _svg(
        left + len(chart.regions) * panel, height, chart.title(lang), chart.note(lang), body
    )


def _bar(chart: Chart, mark: Mark, x: float, y: float, longest: float, lang: str) -> str:
    said = chart.written(mark.value, lang)
    if mark.value is None:
        return _words("–", x, y + 14, fill=_SOFT) + _tag("title", escape(said))
    width = max(1.0, longest * mark.value / chart.largest)
    bar = _tag("rect", x=x, y=y + 3, width=width, height=13.0, fill=_colour(mark.region))
    return bar + _words(said, x + width + 5, y + 14)


def _colour(region: int) -> str:
    return COLOURS[region % len(COLOURS)]


def _columns(chart: Chart, lang: str) -> str:
    """A panel per region one below the other, a column per year."""
    left, tall, step = 40.0, 110.0, max(18.0, 620.0 / len(chart.categories))
    width = left + step * len(chart.categories) + 20
    place_of = {category: place for place, category in enumerate(chart.categories)}
    body: list[str] = []
    for region, name in enumerate(chart.regions):
        base = region * tall + tall - 18
        body.append(_name(name, region, left, base - tall + 32, width - left, lang))
        body.append(_tag("line", x1=left, x2=width - 10, y1=base, y2=base, stroke=_LINE))
        body += [
            _words(year, left + (place + 0.5) * step, base + 13, text_anchor="middle", font_size=10)
            for year, place in place_of.items()
            if place % max(1, math.ceil(34 / step)) == 0
        ]
    for mark in chart.marks:
        if mark.value is not None:
            base = mark.region * tall + tall - 18
            x = left + place_of[mark.category] * step
            body.append(_column(chart, mark, x, base, step, tall - 55, lang))
    return _svg(width, tall * len(chart.regions) + 4, chart.title(lang), chart.note(lang), body)


def _column(
    chart: Chart, mark: Mark, x: float, base: float, step: float, tallest: float, lang: str
) -> str:
    value = mark.value or 0.0
    high = max(1.0, tallest * value / chart.largest)
    bar = _tag(
        "rect", x=x + 2, y=base - high, width=step - 4, height=high, fill=_colour(mark.region)
    )
    middle = x + step / 2
    return bar + _words(
        chart.written(value, lang), middle, base - high - 3, text_anchor="middle", font_size=10
    )


def _strip(chart: Chart, lang: str) -> str:
    """A row per region, a hollow dot per project on one logarithmic axis."""
    left, wide, row = 190.0, 620.0, 34.0
    low = math.floor(math.log10(chart.smallest))
    high = max(low + 1, math.ceil(math.log10(chart.largest)))
    base = row * len(chart.regions) + 8

    def across(value: float) -> float:
        return left + wide * (math.log10(value) - low) / (high - low)

    body = [
        _tick(chart, 10.0**power, across(10.0**power), base, lang) for power in range(low, high + 1)
    ]
    body += [
        _name(name, place, left - 8, place * row + 24, left - 10, lang, text_anchor="end")
        for place, name in enumerate(chart.regions)
    ]
    for mark in chart.marks:
        if mark.value:
            body.append(_dot(chart, mark, across(mark.value), mark.region * row + 20, lang))
    return _svg(left + wide + 40, base + 24, chart.title(lang), chart.note(lang), body)


def _tick(chart: Chart, value: float, x: float, base: float, lang: str) -> str:
    line = _tag("line", x1=x, x2=x, y1=6, y2=base, stroke="#d8d4cb")
    said = chart.written(value, lang)
    return line + _words(said, x, base + 15, text_anchor="middle", font_size=10, fill=_SOFT)


def _dot(chart: Chart, mark: Mark, x: float, y: float, lang: str) -> str:
    name = mark.names.say(lang) if mark.names else ""
    said = _tag("title", escape(f"{name}: {chart.written(mark.value, lang)}"))
    colour = _colour(mark.region)
    return _tag("circle", said, cx=x, cy=y, r=5.0, fill=colour, fill_opacity=0.25, stroke=colour)


# ---------------------------------------------------------------- maps at one scale


def map_svgs(comparison: Comparison, lang: str) -> tuple[str, ...]:
    """Draw a small map per region, all at the same kilometres per pixel.

    Each map is an azimuthal equidistant drawing around its own middle, so the scale bar holds
    there exactly. A region without a point gets no map.
    """
    views = [_bounds(region) for region in comparison.regions]
    known = [bounds for bounds in views if bounds is not None]
    if not known:
        return ()
    km = max(_LEAST_KM, *(_span_km(bounds) for bounds in known)) * 1.08
    scale = min(_PANE_WIDTH, _PANE_HEIGHT) / km
    return tuple(
        _map(comparison, place, bounds, scale, lang)
        for place, bounds in enumerate(views)
        if bounds is not None
    )


def _bounds(region: Region) -> Bounds | None:
    return region.bounds


def _span_km(bounds: Bounds) -> float:
    """The longer side of bounds; a degree of longitude is taken at their middle."""
    west, south, east, north = bounds
    across = (east - west) * 111.32 * math.cos(math.radians((south + north) / 2))
    return max(across, (north - south) * 110.57)


class _Pane:
    """A drawing plane around the middle of bounds: kilometres to pixels, y downwards."""

    def __init__(self, bounds: Bounds, scale: float) -> None:
        west, south, east, north = bounds
        plane = f"+proj=aeqd +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +datum=WGS84"
        self._move = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
        self._scale = scale
        half_km = max(_PANE_WIDTH, _PANE_HEIGHT) / scale
        reach = half_km / 111.0
        wide = reach / max(0.2, math.cos(math.radians(max(abs(south), abs(north)))))
        self.window = (west - wide, south - reach, east + wide, north + reach)
        self.tolerance = 0.6 / scale / 111.0

    def points(self, lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
        """Pixels of positions in degrees."""
        xs, ys = self._move.transform(lons, lats)
        across = _PANE_WIDTH / 2 + np.asarray(xs) / 1000.0 * self._scale
        down = _PANE_HEIGHT / 2 - np.asarray(ys) / 1000.0 * self._scale
        return across, down

    def path(self, shape: Any) -> str:  # noqa: ANN401 (any polygonal geometry)
        """The path of a shape in degrees, cut to the window and thinned to the pixel."""
        near = shapely.clip_by_rect(shape, *self.window)
        thin = shapely.simplify(near, self.tolerance, preserve_topology=False)
        rings = [
            ring
            for part in shapely.get_parts(thin)
            if part.geom_type == "Polygon"
            for ring in (part.exterior, *part.interiors)
        ]
        return "".join(self._ring(shapely.get_coordinates(ring)) for ring in rings)

    def _ring(self, corners: Floats) -> str:
        xs, ys = self.points(corners[:, 0], corners[:, 1])
        pairs = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        return f"M{pairs}Z"


def _map(comparison: Comparison, place: int, bounds: Bounds, scale: float, lang: str) -> str:
    region, selection = comparison.regions[place], comparison.selections[place]
    pane = _Pane(bounds, scale)
    clip = f"pane{place}"
    body = [
        _tag("clipPath", _tag("rect", width=_PANE_WIDTH, height=_PANE_HEIGHT), id=clip),
        _tag("rect", width=_PANE_WIDTH, height=_PANE_HEIGHT, fill="#e3ebf0"),
        _tag(
            "g",
            *_provinces(comparison, pane),
            _outline(region, comparison, pane, place),
            *_branches(region, comparison, pane, place),
            *_sites(selection, pane, place),
            clip_path=f"url(#{clip})",
        ),
        _tag("rect", width=_PANE_WIDTH, height=_PANE_HEIGHT, fill="none", stroke=_LINE),
        _scale_bar(scale, lang),
    ]
    title = text("comparison.map.title", lang, region=region.names.say(lang))
    return _svg(_PANE_WIDTH, _PANE_HEIGHT, title, text("comparison.map.note", lang), body)


def _provinces(comparison: Comparison, pane: _Pane) -> list[str]:
    shapes = [pane.path(shape) for shape in comparison.dataset.provinces.geometry]
    return [
        _tag("path", d=path, fill=_LAND, stroke=_LINE, stroke_width=0.6) for path in shapes if path
    ]


def _outline(region: Region, comparison: Comparison, pane: _Pane, place: int) -> str:
    """The ground of a region where its shape is known: provinces, circles and polygons."""
    shape = shape_of(region, comparison.dataset)
    path = "" if shape is None else pane.path(shape)
    if not path:
        return ""
    colour = _colour(place)
    return _tag("path", d=path, fill=colour, fill_opacity=0.12, stroke=colour, stroke_width=1.6)


def _branches(region: Region, comparison: Comparison, pane: _Pane, place: int) -> list[str]:
    """The schematic lines of a corridor from member to member, as its record draws them."""
    if region.kind != "corridor":
        return []
    frame = comparison.dataset.corridor_members
    own = frame[frame["feature_id"] == region.region_id]
    xs, ys = pane.points(floats_of(own, "lon"), floats_of(own, "lat"))
    at = {code: f"{x:.1f},{y:.1f}" for code, x, y in zip(own["adcode"], xs, ys, strict=True)}
    record: Record = comparison.dataset.record(region.region_id)
    branches = record["branches"] or [tuple(at)]
    lines = [" ".join(at[code] for code in branch if code in at) for branch in branches]
    look = {"fill": "none", "stroke": _colour(place), "stroke_width": 3.0, "stroke_opacity": 0.4}
    return [_tag("polyline", points=line, **look) for line in lines if " " in line]


def _sites(selection: Selection, pane: _Pane, place: int) -> list[str]:
    """The region's sites: dot = site, ring = district, dashed = city or province only."""
    index = selection.index
    mask = selection.inside & selection.chosen & np.isfinite(index.lat) & (index.city_row < 0)
    rows = np.flatnonzero(mask)[:_MOST_MARKS]
    xs, ys = pane.points(index.lon[rows], index.lat[rows])
    fine = index.columns["precision"].mask(_FINE)[rows]
    county = index.columns["precision"].mask(("county",))[rows]
    colour = _colour(place)
    looks = (
        (fine, {"fill": colour}),
        (county, {"fill": "none", "stroke": colour, "stroke_width": 2.0}),
        (~fine & ~county, {"fill": "none", "stroke": colour, "stroke_dasharray": "2 2"}),
    )
    return [
        _tag("circle", cx=float(x), cy=float(y), r=4.0, **look)
        for own, look in looks
        for x, y in zip(xs[own], ys[own], strict=True)
    ]


def _scale_bar(scale: float, lang: str) -> str:
    """A bar of a round number of kilometres, a fifth to a half of the pane long."""
    most = _PANE_WIDTH * 0.45 / scale
    power = 10.0 ** math.floor(math.log10(most))
    km = max(step * power for step in (1, 2, 5) if step * power <= most)
    y = _PANE_HEIGHT - 12.0
    bar = _tag(
        "path",
        d=f"M12,{y - 5:.1f}V{y:.1f}H{12 + km * scale:.1f}V{y - 5:.1f}",
        fill="none",
        stroke=_INK,
    )
    said = text("comparison.amount.km", lang, value=format_number(km, lang))
    return bar + _words(said, 16 + km * scale, y, font_size=11)
