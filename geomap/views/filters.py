"""What a reader chose to see: filters as one frozen value, as plain text, and as a mask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from geomap.geodesy import Bounds, bounds_of
from geomap.records import AMOUNT_STATES
from geomap.sentences import Sentence, sentence
from geomap.views.columns import FAR_FUTURE, FAR_PAST, Mask, as_list, bare_id, day_span, texts_of
from geomap.views.index import DATE_FIELDS, Index, index_of

if TYPE_CHECKING:
    from geomap.dataset import Dataset

ANY_DATE: Final = "any"
SITE_LAYERS: Final = ("cities", "data_centres", "projects", "zones")
LAYERS: Final = (*SITE_LAYERS, "corridors", "provinces")
PRECISIONS: Final = ("site", "place", "town", "county", "prefecture", "province", "country")
NOTHING: Final = "none"
_PARAMS: Final = {
    "kinds": "kind",
    "statuses": "status",
    "investors": "investor",
    "money": "money",
    "sources": "source",
    "provinces": "province",
    "corridors": "corridor",
    "precisions": "precision",
    "layers": "layers",
    "date_field": "date",
    "date_from": "from",
    "date_to": "to",
}
PARAM_NAMES: Final = frozenset(_PARAMS.values())
_LISTS: Final = tuple(name for name in _PARAMS if not name.startswith("date_"))


@dataclass(frozen=True)
class Filters:
    """Chosen values per dimension; an empty tuple leaves that dimension open.

    A site stays when it meets every dimension that is not open. A dimension that a site does
    not have hides it: with an investor chosen, cities go, because a city has no investor.
    `date_field` is one of announced, signed, started, opened, changed, closed or any;
    `date_from` and `date_to` are partial ISO dates, both included. `layers` names the site
    layers shown; the single entry "none" shows none of them.
    """

    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    investors: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()
    date_field: str = ANY_DATE
    date_from: str = ""
    date_to: str = ""
    layers: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Tell whether anything is chosen that may hide a site."""
        return replace(self, date_field=ANY_DATE) != Filters()

    def without_layers(self) -> Filters:
        """Return the same filters with every layer shown; comparisons count hidden layers."""
        return replace(self, layers=())


def select_sites(dataset: Dataset, filters: Filters) -> Mask:
    """Mark the sites that meet the filters, in the row order of `dataset.sites`."""
    index = index_of(dataset)
    return index.once(("select", filters), lambda: _select(index, filters))


def placed_sites(dataset: Dataset) -> Mask:
    """Mark the sites that have a place on the map."""
    return np.isfinite(index_of(dataset).lat)


def sites_bounds(dataset: Dataset, filters: Filters) -> Bounds | None:
    """Give the bounds of the placed sites that meet the filters, None without any."""
    index = index_of(dataset)
    found = select_sites(dataset, filters) & placed_sites(dataset)
    return bounds_of(index.lat[found], index.lon[found]) if found.any() else None


def _select(index: Index, filters: Filters) -> Mask:
    mask = np.ones(index.size, dtype=bool)
    for column, wanted in (
        ("kind", filters.kinds),
        ("status", filters.statuses),
        ("amount_state", filters.money),
        ("province_adcode", filters.provinces),
        ("precision", filters.precisions),
        ("layer", _shown_layers(filters.layers)),
    ):
        if wanted:
            mask &= index.columns[column].mask(wanted)
    for lists, wanted in (
        (index.investors, filters.investors),
        (index.sources, filters.sources),
        (index.corridors, tuple(bare_id(name) for name in filters.corridors)),
    ):
        if wanted:
            mask &= lists.mask(wanted)
    if filters.date_from or filters.date_to:
        mask &= _in_time(index, filters)
    mask.setflags(write=False)
    return mask


def _shown_layers(layers: tuple[str, ...]) -> tuple[str, ...]:
    shown = tuple(name for name in layers if name in SITE_LAYERS)
    return shown or ((NOTHING,) if layers else ())


def _in_time(index: Index, filters: Filters) -> Mask:
    first = day_span(filters.date_from)
    last = day_span(filters.date_to)
    first_day = first[0] if first else int(FAR_PAST) + 1
    last_day = last[1] if last else int(FAR_FUTURE) - 1
    hits = [index.dates[name].meets(first_day, last_day) for name in _date_fields(filters)]
    return np.asarray(np.logical_or.reduce(hits))


def choices(dataset: Dataset, dimension: str) -> tuple[str, ...]:
    """Return the values a reader may choose in one dimension of `Filters`, as they occur."""
    index = index_of(dataset)
    columns = {"kinds": "kind", "statuses": "status", "provinces": "province_adcode"}
    if dimension in columns:
        return index.columns[columns[dimension]].values
    if dimension in ("investors", "sources", "corridors"):
        lists = {"investors": index.investors, "sources": index.sources}
        return lists.get(dimension, index.corridors).values
    fixed = {"money": AMOUNT_STATES, "precisions": PRECISIONS, "layers": SITE_LAYERS}
    return fixed[dimension]


def count_choices(dataset: Dataset, dimension: str, filters: Filters) -> dict[str, int]:
    """Count the sites behind every value of a dimension, the other dimensions being applied."""
    index = index_of(dataset)
    others = select_sites(dataset, replace(filters, **cast("dict[str, Any]", {dimension: ()})))
    columns = {
        "kinds": "kind",
        "statuses": "status",
        "provinces": "province_adcode",
        "money": "amount_state",
        "precisions": "precision",
        "layers": "layer",
    }
    if dimension in columns:
        coded = index.columns[columns[dimension]]
        found = coded.codes[others & (coded.codes >= 0)]
        values = coded.values
    else:
        all_lists = {"investors": index.investors, "sources": index.sources}
        lists = all_lists.get(dimension, index.corridors)
        found, values = lists.codes[others[lists.rows]], lists.values
    counts = np.bincount(found, minlength=len(values))
    return {value: int(count) for value, count in zip(values, counts, strict=True)}


def date_bounds(dataset: Dataset, date_field: str = ANY_DATE) -> tuple[str, str] | None:
    """Return the first and last year ("2011", "2022") any site carries in a date field."""
    index = index_of(dataset)
    spans = [index.dates[name] for name in _date_fields(Filters(date_field=date_field))]
    firsts = [span.first[span.known] for span in spans if span.known.any()]
    lasts = [span.last[span.known] for span in spans if span.known.any()]
    if not firsts:
        return None
    days = (min(int(day.min()) for day in firsts), max(int(day.max()) for day in lasts))
    return _year(days[0]), _year(days[1])


def dated_sites(dataset: Dataset, filters: Filters) -> int:
    """Count the sites that carry the date of the filters, whatever years are chosen."""
    index = index_of(dataset)
    has_one = np.logical_or.reduce([index.dates[name].known for name in _date_fields(filters)])
    return int(np.count_nonzero(has_one & select_sites(dataset, _any_year(filters))))


def count_years(dataset: Dataset, filters: Filters) -> dict[int, int]:
    """Count the sites of every year of the date of the filters, the other filters being applied.

    A site with several dates counts once in each year it has one in. Years run without a gap from
    the first to the last any site carries; nothing when none does.
    """
    index = index_of(dataset)
    key = ("years", replace(filters, date_from="", date_to=""))
    return dict(index.once(key, lambda: _count_years(dataset, filters)))


def _count_years(dataset: Dataset, filters: Filters) -> dict[int, int]:
    bounds = date_bounds(dataset, filters.date_field)
    if bounds is None:
        return {}
    index, chosen = index_of(dataset), select_sites(dataset, _any_year(filters))
    first, last = int(bounds[0]), int(bounds[1])
    seen = np.zeros((last - first + 1, index.size), dtype=bool)
    for name in _date_fields(filters):
        span = index.dates[name]
        sites = np.flatnonzero(span.known & chosen)
        days = span.first[sites].astype("datetime64[D]")
        seen[days.astype("datetime64[Y]").astype(int) + 1970 - first, sites] = True
    return {first + place: int(row.sum()) for place, row in enumerate(seen)}


def _date_fields(filters: Filters) -> tuple[str, ...]:
    return DATE_FIELDS if filters.date_field == ANY_DATE else (filters.date_field,)


def _any_year(filters: Filters) -> Filters:
    return replace(filters, date_from="", date_to="")


def _year(day: int) -> str:
    return str(np.datetime64(day, "D").astype("datetime64[Y]"))


def filters_to_params(filters: Filters) -> dict[str, str]:
    """Write filters as URL parameters in plain text; open dimensions are left out."""
    params: dict[str, str] = {}
    for field in fields(Filters):
        value = getattr(filters, field.name)
        if field.name in _LISTS and value:
            params[_PARAMS[field.name]] = ",".join(_escape(word) for word in value)
        elif value and value != ANY_DATE:
            params[_PARAMS[field.name]] = value
    return params


def filters_from_params(
    params: Mapping[str, str | Iterable[str]], dataset: Dataset
) -> tuple[Filters, tuple[Sentence, ...]]:
    """Read filters from URL parameters; what cannot be used is left out and noted.

    Never raises on what a link may hold. Parameters of other parts of the app are passed over.
    """
    chosen: dict[str, object] = {}
    notes: list[Sentence] = []
    for name in _LISTS:
        words = _split(params.get(_PARAMS[name], ""))
        chosen[name] = _known(name, words, dataset, notes)
    chosen["date_field"] = _date_field(_first(params.get("date", "")), notes)
    chosen["date_from"] = _date("from", params, notes)
    chosen["date_to"] = _date("to", params, notes)
    filters = Filters(**chosen)  # type: ignore[arg-type]
    return _in_order(filters, notes), tuple(notes)


def _known(
    dimension: str, words: list[str], dataset: Dataset, notes: list[Sentence]
) -> tuple[str, ...]:
    if not words:
        return ()
    lookup = _lookup(dimension, dataset)
    kept: list[str] = []
    for word in words:
        value = lookup(word)
        if value is None:
            notes.append(left_out(_PARAMS[dimension], word))
        elif value not in kept:
            kept.append(value)
    return tuple(kept)


def _lookup(dimension: str, dataset: Dataset) -> Callable[[str], str | None]:
    known = dict.fromkeys(choices(dataset, dimension))
    names = {value.casefold(): value for value in known}
    if dimension == "investors":
        names = _organisation_names(dataset, known) | names
    if dimension == "layers":
        names |= {name: name for name in (*LAYERS, NOTHING)}
    if dimension == "provinces":
        names |= _province_names(dataset)
    if dimension == "corridors":
        names |= {f"corridor:{value}".casefold(): value for value in known}
    return lambda word: names.get(word.casefold())


def _organisation_names(dataset: Dataset, known: Iterable[str]) -> dict[str, str]:
    """Other names of the organisations that are known here, such as the Chinese one."""
    frame, wanted = dataset.organisations, set(known)
    names: dict[str, str] = {}
    columns = (texts_of(frame, "name_en"), texts_of(frame, "name_zh"), frame["aliases"])
    for name, chinese, aliases in zip(*columns, strict=True):
        if name in wanted:
            names |= {other.casefold(): str(name) for other in (chinese, *as_list(aliases))}
    return names


def _province_names(dataset: Dataset) -> dict[str, str]:
    frame = dataset.provinces
    names: dict[str, str] = {}
    for column in ("adcode", "iso_3166_2", "name_en", "name_zh", "full_zh"):
        if column in frame.columns:
            pairs = zip(frame[column], frame["adcode"], strict=True)
            names |= {str(name).casefold(): str(adcode) for name, adcode in pairs if name}
    return names


def _date_field(word: str, notes: list[Sentence]) -> str:
    if not word or word in (*DATE_FIELDS, ANY_DATE):
        return word or ANY_DATE
    notes.append(left_out("date", word))
    return ANY_DATE


def _date(param: str, params: Mapping[str, str | Iterable[str]], notes: list[Sentence]) -> str:
    word = _first(params.get(param, ""))
    if not word or day_span(word) is not None:
        return word
    notes.append(left_out(param, word))
    return ""


def _in_order(filters: Filters, notes: list[Sentence]) -> Filters:
    first, last = day_span(filters.date_from), day_span(filters.date_to)
    if first and last and first[0] > last[1]:
        notes.append(sentence("filters.note.dates_swapped", "warning"))
        return replace(filters, date_from=filters.date_to, date_to=filters.date_from)
    return filters


def left_out(param: str, word: str) -> Sentence:
    """Say that a value of a link could not be used. param: name in the URL."""
    shown = word if len(word) <= 40 else word[:39] + "…"
    name = sentence(f"filters.param.{param}")
    return sentence("filters.note.ignored", "warning", param=name, word=shown)


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace(",", "\\,")


def _first(value: str | Iterable[str]) -> str:
    words = [value] if isinstance(value, str) else list(value)
    return str(words[0]).strip() if words else ""


def _split(value: str | Iterable[str]) -> list[str]:
    """Split at commas that are not escaped with a backslash; empty parts fall out."""
    words: list[str] = []
    for text in [value] if isinstance(value, str) else value:
        word, escaped = "", False
        for letter in str(text):
            if escaped or letter not in "\\,":
                word, escaped = word + letter, False
            elif letter == "\\":
                escaped = True
            else:
                words.append(word)
                word = ""
        words.append(word)
    return [word.strip() for word in words if word.strip()]
