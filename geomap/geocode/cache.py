"""Answers of outside services, kept on disk by service and query.

SQLite in WAL mode with `synchronous = FULL`, one row per answer, committed before the answer is
used: a killed run loses the answer in flight and nothing else. Only successes are kept, as JSON
text; nothing is ever unpickled, and no key comes near. Several processes may share one file.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

_LOG = logging.getLogger(__name__)
_DAY_S = 86_400.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    provider TEXT NOT NULL,
    query TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_at REAL NOT NULL,
    PRIMARY KEY (provider, query)
) WITHOUT ROWID
"""


class AnswerCache:
    """A table of answers: (provider, query) -> JSON text.

    path: the SQLite file, made when missing; a file that is no database is set aside under
    `<name>.broken` and a new one begun, for everything in it can be asked again.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self.path = path
        self._now = now
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)

    def get(self, provider: str, query: str, keep_days: float | None = None) -> str | None:
        """The kept answer, or None; one older than `keep_days` counts for nothing."""
        row = (
            self._connection()
            .execute(
                "SELECT answer, answered_at FROM answers WHERE provider = ? AND query = ?",
                (provider, query),
            )
            .fetchone()
        )
        if row is None:
            return None
        fresh = keep_days is None or self._now() - row[1] <= keep_days * _DAY_S
        return str(row[0]) if fresh else None

    def put(self, provider: str, query: str, answer: str) -> None:
        """Keep an answer; when this returns it is on the disk."""
        self._connection().execute(
            "INSERT INTO answers VALUES (?, ?, ?, ?) ON CONFLICT (provider, query) "
            "DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at",
            (provider, query, answer, self._now()),
        )

    def count(self) -> int:
        """How many answers are kept."""
        return int(self._connection().execute("SELECT count(*) FROM answers").fetchone()[0])

    def close(self) -> None:
        """Close this thread's connection; the next use opens it again."""
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None and self._local.pid == os.getpid():
            connection.close()

    def __enter__(self) -> AnswerCache:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _connection(self) -> sqlite3.Connection:
        """This thread's own connection: SQLite's do not cross threads or forks."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is None or self._local.pid != os.getpid():
            held = self._open()
            self._local.connection, self._local.pid = held, os.getpid()
        return held

    def _open(self) -> sqlite3.Connection:
        try:
            return _connect(self.path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            aside = self.path.with_name(self.path.name + ".broken")
            _LOG.warning("The geocode cache %s is no database; kept as %s.", self.path, aside.name)
            os.replace(self.path, aside)
            return _connect(self.path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30.0, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
