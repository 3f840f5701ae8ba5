"""Datasets made for measuring and for the naughty tests: very many sites, hostile names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from geomap.dataset import Dataset
from tests.toy import toy_dataset

# One text per way in which a name could become code, in a page, a script or a template.
HOSTILE = (
    "{{7*7}}",
    "{{ cycler.__init__.__globals__.os.environ.update(GEOMAP_RAN='server') }}",
    "{% for x in [1] %}{{ lipsum.__globals__['os'].environ.update(GEOMAP_RAN='1') }}{% endfor %}",
    "${window.ran=1}",
    "`;window.ran=1;`",
    "\\\\'+(window.ran=1)+'",
    "\\",
    "</script><script>window.ran=1</script>",
    "<!--<script>",
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "javascript:window.ran=1",
    "'\"><b onmouseover=window.ran=1>x</b>",
    "\u202eevil\u202c \u2067rtl\u2069",
    "\u2028\u2029",
    "]]>",
    "&lt;script&gt;",
    "😀🏭",
    "很" * 10_000,
)


def hostile_dataset() -> Dataset:
    """The toy country with every name, in both languages, replaced by something hostile."""
    toy = toy_dataset()
    tables = {
        name: _renamed(getattr(toy, name))
        for name in ("cities", "projects", "zones", "corridors", "corridor_members", "sites")
    }
    provinces = toy.provinces.assign(
        name_en=_texts(len(toy.provinces)), name_zh=_texts(len(toy.provinces), 3)
    )
    sources = toy.sources.assign(
        title=_texts(len(toy.sources), 7), url=["javascript:window.ran=1"] * len(toy.sources)
    )
    return replace(toy, version="feedfeedfeed", provinces=provinces, sources=sources, **tables)


def _renamed(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(name_en=_texts(len(table)), name_zh=_texts(len(table), 5))


def _texts(count: int, first: int = 0) -> pd.Series:
    return pd.Series([HOSTILE[(first + i) % len(HOSTILE)] for i in range(count)], dtype="str")


def many_sites(count: int, seed: int = 7) -> Dataset:
    """A dataset of one project per site, spread over eastern China in clumps."""
    toy = toy_dataset()
    numbers = np.random.default_rng(seed)
    ids = pd.Series([f"project:made-{i}" for i in range(count)], dtype="str")
    names = pd.Series([f"Made {i}" for i in range(count)], dtype="str")
    picked = toy.sites[toy.sites["layer"] != "cities"].iloc[[0]]
    sites = picked.loc[picked.index.repeat(count)].reset_index(drop=True)
    clumps = numbers.uniform((23.0, 105.0), (40.0, 120.0), (max(count // 50, 1), 2))
    places = clumps[numbers.integers(0, len(clumps), count)] + numbers.normal(0, 0.15, (count, 2))
    sites = sites.assign(
        site_index=np.arange(count),
        site_id=ids + "#1",
        feature_id=ids,
        name_en=names,
        name_zh=names.str.replace("Made", "制造"),
        lat=places[:, 0],
        lon=places[:, 1],
        layer=numbers.choice(["projects", "data_centres", "zones"], count),
        precision=numbers.choice(["site", "county", "prefecture"], count),
        amount_cny=numbers.choice([np.nan, 5e8, 5e9, 3e10, 9e10], count),
        amount_usd=np.nan,
    )
    rows = toy.projects.iloc[[0]]
    projects = rows.loc[rows.index.repeat(count)].reset_index(drop=True)
    projects = projects.assign(
        feature_id=ids, project_id=ids.str.removeprefix("project:"), name_en=names, name_zh=names
    ).assign(lead_site=sites["site_index"].astype(projects["lead_site"].dtype))
    return replace(
        toy,
        version=f"{count:012x}",
        sites=sites.astype(toy.sites.dtypes.to_dict()),
        projects=projects,
        cities=toy.cities.iloc[:0],
        zones=toy.zones.iloc[:0],
    )


def hostile_many(count: int = 2_500) -> Dataset:
    """More sites than are drawn as marks, with hostile names; the first of them share one place."""
    many = many_sites(count)
    sites = _renamed(many.sites)
    sites.loc[: len(HOSTILE) - 1, ["lat", "lon"]] = (33.0, 101.0)
    projects = _renamed(many.projects)
    return replace(many, version="feedfeedbeef", sites=sites, projects=projects)
