"""From a seeds folder to a written dataset: load, validate, place, join, put together, write."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from geomap import __version__
from geomap.boundaries import Boundaries, load_boundaries
from geomap.census import load_census
from geomap.dataset.assemble import assemble_dataset
from geomap.dataset.files import open_dataset, save_dataset
from geomap.dataset.frames import JOIN_COLUMNS, Dataset
from geomap.dataset.places import Place, PlaceFinder, Progress, locate_places, places_of
from geomap.dataset.versions import read_manifest
from geomap.errors import DatasetError
from geomap.geocode import OfflineGeocoder, default_geocoder
from geomap.issues import has_errors, make_issue, sort_issues
from geomap.join import join_places
from geomap.paths import PACKAGE_DIR, geo_dir
from geomap.paths import seeds_dir as shipped_seeds_dir
from geomap.records import Issue, Records
from geomap.sentences import Names
from geomap.settings import Settings
from geomap.sources import sha256_of
from geomap.text import LANGUAGES
from geomap.validate import Validated, check_places, validate_seeds

# The parts of the program that decide what a dataset holds.
_PROGRAMS = (
    *("records.py", "load.py", "workbook.py", "issues.py", "validate", "toponym.py", "datum.py"),
    *("geodesy.py", "census.py", "gazetteer", "boundaries", "geocode", "join.py", "dataset"),
    *(f"locale/{lang}/{name}.po" for lang in LANGUAGES for name in ("faults", "geocode")),
)
_STAGES = ("Reading", "Placing", "Joining", "Writing")


@dataclass(frozen=True)
class BuildReport:
    """What came of a build: the dataset, or None when errors stood in its way, and all issues."""

    dataset: Dataset | None
    issues: tuple[Issue, ...]


def check_seeds(folder: Path, geocoder: OfflineGeocoder | None = None) -> Validated:
    """Read and check a seeds folder, places included; faults are returned, never raised."""
    return _with_places(validate_seeds(folder), geocoder or default_geocoder())


def _with_places(validated: Validated, geocoder: OfflineGeocoder) -> Validated:
    """Add what the geocoder finds wrong with the places, those of rejected rows included."""
    finder = PlaceFinder(geocoder, validated.records.aliases)
    found = check_places(validated.records, finder, validated.rejected)
    return replace(validated, issues=sort_issues((*validated.issues, *found)))


def build_dataset(
    seeds_dir: Path,
    settings: Settings,
    *,
    geocoder: OfflineGeocoder | None = None,
    boundaries: Boundaries | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build a dataset from seeds and make it the current one of `settings.data_dir`.

    Seeds with errors give no dataset and leave the one before untouched. A place that cannot be
    found, or that could be several, is an issue; its record stays, without a point. progress is
    told the stage, how much of it is done and how much there is. Raises DatasetError when the
    folder cannot be written, BoundariesError when the reader's own boundaries cannot be used.
    """
    tell = progress or (lambda stage, done, total: None)
    with _collection_paused():
        return _build(seeds_dir, settings, geocoder, boundaries, tell)


def _build(
    seeds_dir: Path,
    settings: Settings,
    geocoder: OfflineGeocoder | None,
    boundaries: Boundaries | None,
    tell: Progress,
) -> BuildReport:
    tell(_STAGES[0], 0, 1)
    inputs = inputs_digest(seeds_dir, settings)
    validated = validate_seeds(seeds_dir)
    asked = geocoder or default_geocoder()
    if not validated.ok:
        return BuildReport(None, _with_places(validated, asked).issues)
    borders = boundaries or load_boundaries(settings.boundaries)
    placed, found = place_records(validated.records, asked, borders, tell)
    issues = sort_issues((*validated.issues, *found))
    if has_errors(issues):
        return BuildReport(None, issues)
    provinces = borders.frame.assign(source=Path(borders.source).name)
    dataset = assemble_dataset(validated.records, placed, provinces, issues, census=load_census())
    tell(_STAGES[3], 0, 1)
    shipped = seeds_dir.resolve() == shipped_seeds_dir().resolve()
    manifest = save_dataset(dataset, settings.data_dir, inputs, shipped=shipped)
    tell(_STAGES[3], 1, 1)
    return BuildReport(open_dataset(settings.data_dir, manifest.version), issues)


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Keep the garbage collector from walking over millions of young records again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def needs_build(settings: Settings) -> bool:
    """Tell whether there is no dataset, or seeds, boundaries, gazetteer or program have changed."""
    try:
        built_from = read_manifest(settings.data_dir).inputs
    except DatasetError:
        return True
    return built_from != inputs_digest(settings.seeds_dir, settings)


def inputs_digest(seeds_dir: Path, settings: Settings) -> str:
    """Hash all that a dataset is made from: seeds, boundaries, gazetteer and the program."""
    own = [settings.boundaries] if settings.boundaries else []
    programs = (PACKAGE_DIR / part for part in _PROGRAMS)
    files = [*_files(seeds_dir), *_files(geo_dir()), *own]
    files += [file for part in programs for file in _files(part, "*.py")]
    digest = hashlib.sha256(__version__.encode())
    for path in files:
        if path.is_file():
            digest.update(f"{path.name}\0{sha256_of(path)}\0".encode())
    return digest.hexdigest()


def _files(place: Path, pattern: str = "*") -> list[Path]:
    """List a file, or the files right inside or below a folder, in a fixed order."""
    if place.is_file():
        return [place]
    found = place.rglob(pattern) if pattern != "*" else place.glob(pattern)
    return sorted(path for path in found if path.is_file())


def place_records(
    records: Records, geocoder: OfflineGeocoder, boundaries: Boundaries, progress: Progress
) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Place every record and join it; returns the placed frame of assemble_dataset and issues."""
    places = list(places_of(records))
    finder = PlaceFinder(geocoder, records.aliases)
    located = locate_places(places, finder, progress)
    progress(_STAGES[2], 0, 1)
    joined = join_places(located, boundaries, geocoder.gazetteer.by_adcode)
    issues = check_places(records, finder)
    issues += tuple(_stray_issues(places, joined, issues, boundaries))
    return pd.concat([located, joined[list(JOIN_COLUMNS)]], axis=1), issues


def _stray_issues(
    places: Sequence[Place], joined: pd.DataFrame, known: Sequence[Issue], boundaries: Boundaries
) -> Iterator[Issue]:
    """Report given positions that lie in another province than the place they are named after."""
    known_units = boundaries.frame[["adcode", "name_en", "name_zh"]].itertuples(index=False)
    names = {adcode: Names(name_en, name_zh) for adcode, name_en, name_zh in known_units}
    told = {(one.file, one.line) for one in known if one.code == "position_disagrees"}
    for row in np.flatnonzero(joined["strayed_into"].notna()).tolist():
        place = places[row]
        own, other = joined["province_adcode"].iloc[row], joined["strayed_into"].iloc[row]
        if place.question.lat is not None and (place.origin.file, place.origin.line) not in told:
            yield make_issue(
                "position_disagrees",
                place.origin,
                "lat",
                f"{place.question.lat:g}, {place.question.lon:g}",
                "province",
                other=names[other],
                own=names[own],
            )
