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
from geomap.sentences import Names
from geomap.text import format_number, text
from geomap.views.charts import Chart, Mark
from geomap.views.columns import Floats, floats_of
from geomap.views.comparison import Comparison
from geomap.views.drawn_regions import shape_of
from geomap.views.facts import Record
from geomap.views.region import Region
from geomap.views.selection import Selection

# Okabe and Ito: told apart by colour-blind readers, dark enough on white paper.
COLOURS: Final = ("#0072B2", "#B84A00", "#00795A", "#8A3A79")
_ON_DARK: Final = ("#56B4E9", "#F0A35E", "#4FC79A", "#D79BCB")
_INK, _SOFT, _LAND, _LINE, _GRID = "#1b1b1b", "#5a5a5a", "#f2efe8", "#9a9488", "#d8d4cb"
WIDE, NARROW = 1030.0, 380.0  # pixels: a page or a sheet of paper, and a telephone
_PANE_WIDTH, _PANE_HEIGHT = 340, 300
_LEAST_KM: Final = 60.0
# Words on a map stay readable over lines.
_HALO: Final = {"stroke": "#fff", "stroke_width": 2.5, "paint_order": "stroke"}
_MOST_MARKS: Final = 3_000
_MOST_NAMES: Final = 8  # of cities on one small map
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


def _wide(words: str) -> float:
    """About how many pixels words take at 12 pixels a letter height, bold."""
    return sum(12.5 if ord(letter) > 0x2E80 else 7.3 for letter in words)


def _fitted(words: str, width: float) -> str:
    """Cut words to about `width` pixels at 12 pixels a letter height; bold letters are wider."""
    for place in range(len(words) if _wide(words) > width else 0):
        if _wide(words[: place + 1]) > width:
            return words[: max(1, place - 1)].rstrip() + "…"
    return words


def _name(
    name: Names, region: int, x: float, y: float, width: float, lang: str, **more: object
) -> str:
    """A region's name in its colour, cut to fit; the whole name shows on pointing at it."""
    whole = name.say(lang)
    said = _words(_fitted(whole, width), x, y, **_filled(region), font_weight="bold", **more)
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


def _colour(region: int) -> str:
    return COLOURS[region % len(COLOURS)]


def _filled(region: int) -> dict[str, object]:
    """Fill with the colour of a region; the class lets a dark page choose a lighter one."""
    return {"fill": _colour(region), "class_": f"r{region % len(COLOURS)}"}


_DARK_STYLE: Final = (
    "@media (prefers-color-scheme:dark){svg{fill:#e6e6e6}.soft{fill:#b4b4b4}"
    ".line{stroke:#7d7d7d}.grid{stroke:#41464f}"
    + "".join(f".r{i}{{fill:{c}}}.o{i}{{stroke:{c}}}" for i, c in enumerate(_ON_DARK))
    + "}"
)


def dark_too(svg: str) -> str:
    """Let a chart that stands in a page as a picture follow the page's dark colours."""
    start = svg.index(">") + 1
    return f"{svg[:start]}<style>{_DARK_STYLE}</style>{svg[start:]}"


# ---------------------------------------------------------------- charts


def chart_svg(chart: Chart, lang: str, width: float = WIDE) -> str:
    """Draw a chart; all regions share its axes, and every value stands beside its mark.

    width: pixels. Where regions do not fit beside each other they stand under each other.
    """
    if chart.empty:
        body = [_words(text("comparison.chart.empty", lang), 10, 24, **_soft())]
        return _svg(NARROW, 40, chart.title(lang), chart.note(lang), body)
    draw = {"bars": _bars, "shares": _bars, "columns": _columns, "strip": _strip}
    height, body = draw[chart.kind](chart, lang, width)
    return _svg(width, height, chart.title(lang), chart.note(lang), body)


def _soft(size: int = 12) -> dict[str, object]:
    return {"fill": _SOFT, "class_": "soft", "font_size": size}


def _grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return _tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=_GRID, class_="grid")


_VALUE_PX: Final = 95.0  # room right of the longest bar for its value


def _bars(chart: Chart, lang: str, width: float) -> tuple[float, list[str]]:
    """A row per category, a panel per region, the same length meaning the same value."""
    left, row, top = min(190.0, width * 0.34), 20.0, 28.0
    beside = max(1, min(len(chart.regions), int((width - left) // 190)))
    panel = min(420.0, (width - left) / beside)
    block = top + len(chart.categories) * row + 8
    body: list[str] = []
    for place, name in enumerate(chart.regions):
        x, y = left + place % beside * panel, place // beside * block
        if place % beside == 0:
            body += _row_labels(chart, left - 8, y + top, row, lang)
        body.append(_name(name, place, x, y + 18, panel - 12, lang))
        height = y + top + len(chart.categories) * row
        body.append(_tag("line", x1=x, y1=y + top, x2=x, y2=height, stroke=_LINE, class_="line"))
    rows = {category: place for place, category in enumerate(chart.categories)}
    for mark in chart.marks:
        x = left + mark.region % beside * panel
        y = mark.region // beside * block + top + rows[mark.category] * row
        body.append(_bar(chart, mark, x, y, panel - _VALUE_PX, lang))
    return math.ceil(len(chart.regions) / beside) * block, body


def _row_labels(chart: Chart, x: float, top: float, row: float, lang: str) -> list[str]:
    return [
        _words(
            _fitted(chart.label(category, lang), x), x, top + place * row + 14, text_anchor="end"
        )
        for place, category in enumerate(chart.categories)
    ]


def _bar(chart: Chart, mark: Mark, x: float, y: float, longest: float, lang: str) -> str:
    said = chart.written(mark.value, lang)
    if mark.value is None:
        return _tag("g", _tag("title", escape(said)), _words("–", x + 5, y + 14, **_soft()))
    width = max(1.0, longest * mark.value / chart.largest)
    bar = _tag("rect", x=x, y=y + 3, width=width, height=13.0, **_filled(mark.region))
    return bar + _words(said, x + width + 5, y + 14)


def _columns(chart: Chart, lang: str, width: float) -> tuple[float, list[str]]:
    """A column per year; as many panels beside each other as there is room for."""
    beside = max(1, min(len(chart.regions), int(width // max(250, 20 * len(chart.categories)))))
    panel, tall = width / beside, 118.0
    step = min(72.0, (panel - 30) / len(chart.categories))
    place_of = {category: place for place, category in enumerate(chart.categories)}
    body: list[str] = []
    for region, name in enumerate(chart.regions):
        x, base = region % beside * panel + 8, region // beside * tall + tall - 20
        end = x + step * len(place_of)
        body.append(_name(name, region, x, base - tall + 36, panel - 20, lang))
        body.append(_tag("line", x1=x, x2=end, y1=base, y2=base, stroke=_LINE, class_="line"))
        body += [
            _words(year, x + (n + 0.5) * step, base + 14, text_anchor="middle", **_soft(10))
            for year, n in place_of.items()
            if n % max(1, math.ceil(34 / step)) == 0
        ]
    for mark in chart.marks:
        if mark.value is not None:
            x = mark.region % beside * panel + 8 + place_of[mark.category] * step
            base = mark.region // beside * tall + tall - 20
            body.append(_column(chart, mark, x, base, step, tall - 62, lang))
    return math.ceil(len(chart.regions) / beside) * tall + 4, body


def _column(
    chart: Chart, mark: Mark, x: float, base: float, step: float, tallest: float, lang: str
) -> str:
    value = mark.value or 0.0
    high = max(1.0, tallest * value / chart.largest)
    gap = min(6.0, step * 0.15)
    drawn = {"x": x + gap, "y": base - high, "width": step - 2 * gap, "height": high}
    bar = _tag("rect", **drawn, **_filled(mark.region))
    if step < 12:
        return bar
    said = chart.written(value, lang)
    return bar + _words(said, x + step / 2, base - high - 3, text_anchor="middle", font_size=10)


def _strip(chart: Chart, lang: str, width: float) -> tuple[float, list[str]]:
    """A row per region, a hollow dot per project on one logarithmic axis; the largest is named."""
    beside = width >= 600
    left, row = (190.0 if beside else 28.0), (38.0 if beside else 58.0)
    wide = width - left - 46
    low = math.floor(math.log10(chart.smallest))
    high = max(low + 1, math.ceil(math.log10(chart.largest)))
    base = row * len(chart.regions) + 8

    def across(value: float) -> float:
        return left + wide * (math.log10(value) - low) / (high - low)

    body = [
        _tick(chart, 10.0**power, across(10.0**power), base, lang) for power in range(low, high + 1)
    ]
    for place, name in enumerate(chart.regions):
        if beside:
            at = (left - 8, place * row + 31, left - 10)
            body.append(_name(name, place, *at, lang, text_anchor="end"))
        else:
            body.append(_name(name, place, 6, place * row + 18, width - 20, lang))
    down = row - 14
    for mark in chart.marks:
        if mark.value:
            body.append(_dot(chart, mark, across(mark.value), mark.region * row + down, lang))
    for mark in _largest_marks(chart):
        x, y = across(mark.value or 1.0), mark.region * row + down
        body.append(_largest_name(mark, x, y - 9, left, width, lang))
    return base + 24, body


def _largest_marks(chart: Chart) -> list[Mark]:
    """The mark of the largest value of each region."""
    largest: dict[int, Mark] = {}
    for mark in chart.marks:
        if mark.value and mark.value > (
            largest[mark.region].value or 0 if mark.region in largest else 0
        ):
            largest[mark.region] = mark
    return list(largest.values())


def _largest_name(mark: Mark, x: float, y: float, left: float, width: float, lang: str) -> str:
    name = mark.names.say(lang) if mark.names else ""
    to_right = x < left + (width - left) * 0.55
    room = (width - x if to_right else x - left) - 8
    anchor = "start" if to_right else "end"
    shift = -4 if to_right else 4
    return _words(_fitted(name, room), x + shift, y, text_anchor=anchor, **_soft(11))


def _tick(chart: Chart, value: float, x: float, base: float, lang: str) -> str:
    said = chart.written(value, lang)
    return _grid(x, 6, x, base) + _words(said, x, base + 15, text_anchor="middle", **_soft(10))


def _dot(chart: Chart, mark: Mark, x: float, y: float, lang: str) -> str:
    name = mark.names.say(lang) if mark.names else ""
    said = _tag("title", escape(f"{name}: {chart.written(mark.value, lang)}"))
    place = mark.region % len(COLOURS)
    look = {"fill": _colour(place), "fill_opacity": 0.25, "stroke": _colour(place)}
    return _tag("circle", said, cx=x, cy=y, r=5.0, **look, class_=f"r{place} o{place}")


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
            *_city_names(selection, pane, lang),
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


def _city_names(selection: Selection, pane: _Pane, lang: str) -> list[str]:
    """Names of the region's cities, those with most sites first, where they do not collide."""
    index, cities = selection.index, selection.dataset.cities
    rows = np.flatnonzero(selection.inside & np.isfinite(index.lat) & (index.city_row >= 0))
    around = index.prefecture[selection.inside & selection.chosen & (index.city_row < 0)]
    order = sorted(rows, key=lambda row: (-int((around == index.prefecture[row]).sum()), row))
    xs, ys = pane.points(index.lon[order], index.lat[order])
    taken: list[tuple[float, float, float, float]] = []
    drawn: list[str] = []
    for row, x, y in zip(order, xs, ys, strict=True):
        city = cities.iloc[int(index.city_row[row])]
        said = Names(str(city["name_en"] or ""), str(city["name_zh"] or "")).say(lang)
        box = (x + 5, y - 13, x + 9 + _wide(said) * 0.85, y + 3)
        inside = box[0] > 2 and box[1] > 2 and box[2] < _PANE_WIDTH and box[3] < _PANE_HEIGHT - 24
        if not inside or any(_touch(box, other) for other in taken):
            continue
        taken.append(box)
        drawn.append(_words(said, float(x + 6), float(y - 3), font_size=10, **_HALO))
        if len(drawn) == _MOST_NAMES:
            break
    return drawn


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


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
    return bar + _words(said, 16 + km * scale, y, font_size=11, **_HALO)
