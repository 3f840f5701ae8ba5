"""Version folders and the one manifest that names the current of them, safe against a kill.

    <data_dir>/manifest.json              which version is current; replaced in one step
    <data_dir>/versions/<version>/        its tables, never written again
    <data_dir>/versions/<version>/manifest.json

A reader opens the manifest once and then reads one immutable folder. A writer fills a folder of
its own, brings it to disk, gives it its name, and only then swaps the manifest: killed at any
moment it leaves the dataset before it whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from geomap.errors import DatasetError, system_reason

FORMAT = 1
MANIFEST = "manifest.json"
_VERSIONS = "versions"
_UNFINISHED = ".unfinished-"
_LOCK = ".lock"
_VERSION_DIGITS = 12
PATIENCE_S = 120.0  # how long a build waits for another one to end


@dataclass(frozen=True)
class FileEntry:
    """One file of a version: SHA-256 of its bytes, its size and its rows."""

    sha256: str
    size_bytes: int
    rows: int


@dataclass(frozen=True)
class Manifest:
    """What a version consists of; equal content has equal version, whenever it was built.

    inputs: digest of what it was built from, so that a build without a change can be spared.
    shipped: whether it was built from the shipped records, not from a reader's own.
    """

    version: str
    files: Mapping[str, FileEntry]
    counts: Mapping[str, int]
    inputs: str = ""
    format: int = FORMAT
    shipped: bool = False

    def to_json(self) -> str:
        """Write the manifest as JSON with sorted keys."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, where: Path) -> Manifest:
        """Read a manifest; raises DatasetError when it is none of ours."""
        try:
            values = json.loads(text)
            files = {name: FileEntry(**entry) for name, entry in values["files"].items()}
            counts, inputs, form = (values[name] for name in ("counts", "inputs", "format"))
            # A manifest of before this was kept: only `geomap build` told what it was built from.
            shipped = bool(values.get("shipped", values["inputs"]))
            found = cls(values["version"], files, counts, inputs, form, shipped)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DatasetError("errors.dataset.not_manifest", path=where) from error
        if found.format != FORMAT:
            raise DatasetError(
                "errors.dataset.other_format", path=where, found=found.format, known=FORMAT
            )
        return found


def _is_version(name: str) -> bool:
    return len(name) == _VERSION_DIGITS and all(letter in "0123456789abcdef" for letter in name)


def version_folder(data_dir: Path, version: str) -> Path:
    """Return where a version stands; raises DatasetError for a name that cannot be one."""
    if not _is_version(version):
        raise DatasetError("errors.dataset.bad_version", version=version)
    return data_dir / _VERSIONS / version


def read_manifest(data_dir: Path, version: str | None = None) -> Manifest:
    """Read the current manifest, or that of one version.

    Raises DatasetError when there is none or it is unreadable.
    """
    folder = data_dir if version is None else version_folder(data_dir, version)
    path = folder / MANIFEST
    try:
        return Manifest.from_json(path.read_text("utf-8"), path)
    except FileNotFoundError:
        key = "errors.dataset.none" if version is None else "errors.dataset.no_version"
        raise DatasetError(key, version=version, folder=data_dir) from None
    except (OSError, UnicodeDecodeError) as error:
        why = _reason(error)
        raise DatasetError("errors.dataset.unreadable", path=path, error=why) from error


def _reason(error: OSError | UnicodeDecodeError) -> object:
    return system_reason(error, str(error)) if isinstance(error, OSError) else str(error)


def list_versions(data_dir: Path) -> tuple[str, ...]:
    """Name every version kept, sorted by name."""
    found = (path for path in (data_dir / _VERSIONS).glob("*") if _is_version(path.name))
    return tuple(sorted(path.name for path in found if (path / MANIFEST).is_file()))


def read_version(data_dir: Path, manifest: Manifest) -> dict[str, bytes]:
    """Read every file of a version and check it against its manifest.

    Raises DatasetError when a file is missing or altered.
    """
    folder = version_folder(data_dir, manifest.version)
    return {name: _read_checked(folder / name, entry) for name, entry in manifest.files.items()}


def _read_checked(path: Path, entry: FileEntry) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        why = _reason(error)
        raise DatasetError("errors.dataset.part_unreadable", path=path, error=why) from error
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise DatasetError("errors.dataset.altered", path=path)
    return content


def write_version(
    data_dir: Path,
    tables: Mapping[str, Callable[[Path], int]],
    counts: Mapping[str, int],
    inputs: str = "",
    shipped: bool = False,
) -> Manifest:
    """Write a version and make it current; the one before stays whole until the last step.

    tables: file name -> function that writes that file and returns its rows. inputs: digest of
    what the tables were made from; shipped: whether that was the shipped records. Raises
    DatasetError when another build holds the folder too long or the disk refuses.
    """
    try:
        (data_dir / _VERSIONS).mkdir(parents=True, exist_ok=True)
        with _exclusive(data_dir / _LOCK):
            return _write_locked(data_dir, tables, counts, inputs, shipped)
    except OSError as error:
        why = _reason(error)
        raise DatasetError("errors.dataset.unwritable", folder=data_dir, error=why) from error


def _write_locked(
    data_dir: Path,
    tables: Mapping[str, Callable[[Path], int]],
    counts: Mapping[str, int],
    inputs: str,
    shipped: bool,
) -> Manifest:
    versions = data_dir / _VERSIONS
    for left in versions.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=versions))
    try:
        files = {name: _write_file(folder / name, tables[name]) for name in sorted(tables)}
        manifest = Manifest(_version_of(files), files, dict(counts), inputs, shipped=shipped)
        _write_synced(folder / MANIFEST, manifest.to_json())
        _sync_folder(folder)
        _give_name(folder, version_folder(data_dir, manifest.version), manifest)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _sync_folder(versions)
    _swap_manifest(data_dir, manifest)
    return manifest


def _write_file(path: Path, write: Callable[[Path], int]) -> FileEntry:
    rows = write(path)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileEntry(digest, path.stat().st_size, rows)


def _version_of(files: Mapping[str, FileEntry]) -> str:
    """Hash names and contents: the same tables give the same version on any day."""
    listed = "\n".join(f"{name} {entry.sha256}" for name, entry in sorted(files.items()))
    return hashlib.sha256(f"geomap {FORMAT}\n{listed}".encode()).hexdigest()[:_VERSION_DIGITS]


def _give_name(folder: Path, final: Path, manifest: Manifest) -> None:
    """Move a finished folder to its name; a whole folder of the same version is kept as it is."""
    if final.exists():
        try:
            read_version(final.parent.parent, manifest)
            return
        except DatasetError:
            shutil.rmtree(final)
    folder.chmod(0o755)
    folder.rename(final)


def _swap_manifest(data_dir: Path, manifest: Manifest) -> None:
    temporary = data_dir / f"{MANIFEST}.new"
    _write_synced(temporary, manifest.to_json())
    temporary.replace(data_dir / MANIFEST)
    _sync_folder(data_dir)


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Hold a lock that the system frees when its process ends, however it ends."""
    deadline = time.monotonic() + PATIENCE_S
    with path.open("a") as file:
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise DatasetError("errors.dataset.busy", folder=path.parent, seconds=PATIENCE_S)
            time.sleep(0.1)
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
