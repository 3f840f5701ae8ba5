"""An output file that is whole or not there, and a journal from which a killed run goes on.

Lines are written to `<output>.part`. At each checkpoint they are forced to the disk and only then
does `<output>.journal` (replaced as a whole) say how many rows and bytes are safe. A resumed run
cuts the part file back to those bytes, so half a line never survives. At the end the part file
takes the output's name in one step.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from geomap.errors import InputError, system_reason

_CHECKPOINT_S = 1.0


@dataclass
class Progress:
    """How far a run is. rows: done. bytes: of output. counts: name -> rows of that kind."""

    rows: int = 0
    bytes: int = 0
    counts: dict[str, int] = field(default_factory=dict)


class JournaledOutput:
    """The output file of one run.

    path: where the output goes. identity: what must be the same for a run to be continued (input,
    columns, geocoder); any JSON values. resume: go on where a killed run of the same identity
    stopped; without one, from the start. turned: makes the output of the finished lines, given the
    path of these and one to write to. Raises InputError when the identity differs.
    """

    def __init__(
        self,
        path: Path,
        identity: Mapping[str, object],
        *,
        resume: bool,
        turned: Callable[[Path, Path], None] | None = None,
    ) -> None:
        self.path = path
        self._turned = turned
        self.part = path.with_name(path.name + ".part")
        self.journal = path.with_name(path.name + ".journal")
        self._identity = dict(identity)
        self.progress = self._recovered() if resume else Progress()
        try:
            self._file = self.part.open("r+b" if self.progress.rows else "wb")
        except OSError as error:
            raise InputError(
                "errors.table.unwritable", path=path, error=system_reason(error)
            ) from error
        if not self.progress.rows:
            self.journal.unlink(missing_ok=True)  # of an earlier run
        self._file.truncate(self.progress.bytes)
        self._file.seek(self.progress.bytes)
        self._saved_at = time.monotonic()

    def write(self, lines: bytes, rows: int) -> None:
        """Add whole lines that hold `rows` rows; a checkpoint follows when one is due."""
        self._file.write(lines)
        self.progress.bytes += len(lines)
        self.progress.rows += rows
        if time.monotonic() - self._saved_at >= _CHECKPOINT_S:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Make everything written so far safe from a kill."""
        self._file.flush()
        os.fsync(self._file.fileno())
        record = {"identity": self._identity, "progress": asdict(self.progress)}
        _replace_text(self.journal, json.dumps(record))
        self._saved_at = time.monotonic()

    def finish(self) -> None:
        """Give the output its name and drop the journal."""
        self.checkpoint()  # a run killed from here on goes on with what is left to do
        self._file.close()
        if self._turned is None:
            os.replace(self.part, self.path)
        else:
            fresh = self.path.with_name(self.path.name + ".new")
            self._turned(self.part, fresh)
            os.replace(fresh, self.path)
            self.part.unlink()
        self.journal.unlink(missing_ok=True)
        _sync_folder(self.path.parent)

    def close(self) -> None:
        """Close the part file as it is, for a later run to go on."""
        self._file.close()

    def _recovered(self) -> Progress:
        """Where the killed run stopped; the start when there was none."""
        try:
            record = json.loads(self.journal.read_text("utf-8"))
            progress = Progress(**record["progress"])
            identity = record["identity"]
            size = self.part.stat().st_size
            whole = progress.rows >= 0 and 0 <= progress.bytes <= size
        except (OSError, ValueError, KeyError, TypeError):
            return Progress()
        if identity != self._identity:
            raise InputError("errors.table.other_run", path=self.journal)
        return progress if whole else Progress()


def _replace_text(path: Path, text: str) -> None:
    """Write a small file so that it is the old one or the new one, never half of it."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
