# Rebuilds the derived files of data/geo; a second run gives the same bytes.
set -eu
cd "$(dirname "$0")/.."
sh scripts/environment.sh requirements-data.txt
.venv/bin/python data/geo/build_boundaries.py
.venv/bin/python data/geo/build_gazetteer.py
.venv/bin/python data/geo/build_changed_units.py
.venv/bin/python data/geo/build_zones.py
.venv/bin/python data/geo/build_gazetteer_index.py
.venv/bin/python data/geo/register.py
