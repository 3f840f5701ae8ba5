"""Measure every file of data/geo again and write SOURCES.json; `--check` only compares.

Run it after a data file changed on purpose:  python data/geo/register.py
A new file first needs its passport (title, licence, attribution, origins, built_by) in
SOURCES.json; the measured fields may be left out, this script fills them in.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[1]))

from geomap.sources import refresh_register, verify_sources  # noqa: E402


def main(arguments: list[str]) -> int:
    """Refresh the register unless `--check` is given; print faults; return 1 if there are any."""
    if "--check" not in arguments:
        refresh_register(FOLDER)
    faults = verify_sources(FOLDER)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
