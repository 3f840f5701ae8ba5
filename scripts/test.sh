# Runs every check and every test. Browser tests need Chromium: the system's, else the
# distribution's package, else the one Playwright brings; without any of them the run fails.
set -eu
cd "$(dirname "$0")/.."
sh scripts/environment.sh requirements-dev.txt
GEOMAP_CHROMIUM=$(sh scripts/chromium.sh)
export GEOMAP_CHROMIUM
sh scripts/check.sh
exec .venv/bin/python -m pytest "$@"
