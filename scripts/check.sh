# Lint, formatting, strict types and import directions, in one go.
set -eu
cd "$(dirname "$0")/.."
sh scripts/environment.sh requirements-dev.txt
.venv/bin/ruff check geomap tests benchmarks data/geo scripts
.venv/bin/ruff format --check geomap tests benchmarks data/geo scripts
.venv/bin/mypy
.venv/bin/python -m pytest tests/test_layers.py
