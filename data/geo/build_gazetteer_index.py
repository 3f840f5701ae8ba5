"""Write the text indexes of the gazetteer, from which the geocoder loads in a moment.

Usage: python data/geo/build_gazetteer_index.py
Run it after gazetteer.parquet, gazetteer_towns.parquet, changed_units.csv or zones.csv changed;
two runs write the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[1]))

from geomap.gazetteer.table import write_indexes  # noqa: E402

if __name__ == "__main__":
    write_indexes(FOLDER)
