"""The pace of requests to a service, kept by all processes of this computer together.

One small SQLite file holds, per service, the moment from which the next request may go out. A
process reserves a slot in a write transaction and then sleeps until it, so two runs side by side
keep the service's limit, not twice the limit.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from geomap.errors import GeocodeRateLimited, GeocodeUnavailable

# A slot farther ahead than any service asks for comes from a clock that was set back.
_STALE_S = 86_400.0


class SharedLimiter:
    """Slots in time, shared through a file.

    path: the SQLite file, made when missing. now, sleep: the clock, replaced in tests.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.path = path
        self._now = now
        self._sleep = sleep
        path.parent.mkdir(parents=True, exist_ok=True)

    def wait(self, service: str, interval_s: float, patience_s: float) -> None:
        """Sleep until the service may be asked again and take that slot.

        Raises GeocodeRateLimited, without taking a slot, when it is more than `patience_s` away,
        and GeocodeUnavailable when the file cannot be used: without a pace nothing is asked.
        """
        try:
            slot = self._reserve(service, interval_s, patience_s)
        except sqlite3.Error as error:
            raise GeocodeUnavailable(
                "errors.service.no_pace", service=service, path=self.path, error=str(error)
            ) from error
        if slot is not None:
            self._sleep(max(0.0, slot - self._now()))
            return
        raise GeocodeRateLimited("errors.service.patience", service=service, seconds=patience_s)

    def hold(self, service: str, seconds: float) -> None:
        """Keep every process away from the service for some seconds."""
        until = self._now() + min(max(0.0, seconds), _STALE_S)
        with suppress(sqlite3.Error), closing(self._open()) as connection, connection:
            connection.execute(
                "INSERT INTO slots VALUES (?, ?) ON CONFLICT (service) "
                "DO UPDATE SET next_at = max(next_at, excluded.next_at)",
                (service, until),
            )

    def _reserve(self, service: str, interval_s: float, patience_s: float) -> float | None:
        """The slot taken, in seconds of the clock, or None when it is too far away."""
        with closing(self._open()) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            now = self._now()
            row = connection.execute(
                "SELECT next_at FROM slots WHERE service = ?", (service,)
            ).fetchone()
            ahead = row[0] if row and row[0] - now <= _STALE_S else now
            slot = max(now, float(ahead))
            if slot - now > patience_s:
                return None
            connection.execute(
                "INSERT INTO slots VALUES (?, ?) ON CONFLICT (service) "
                "DO UPDATE SET next_at = excluded.next_at",
                (service, slot + interval_s),
            )
            return slot

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=30.0, isolation_level=None)
        # A lost slot costs one early request at most: no need to wait for the disk.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS slots (service TEXT PRIMARY KEY, next_at REAL NOT NULL)"
        )
        return connection
