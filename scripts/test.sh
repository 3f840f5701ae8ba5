# Runs every check and every test. Browser tests need Chromium: the system's, else the
# distribution's package, else the one Playwright brings; without any of them the run fails.
set -eu
cd "$(dirname "$0")/.."
sh scripts/environment.sh requirements-dev.txt
GEOMAP_CHROMIUM=$(sh scripts/chromium.sh)
export GEOMAP_CHROMIUM
sh scripts/check.sh
# Two at a time, a file to one of them: what a file sets up (a server, a dataset) is set up once.
exec .venv/bin/python -m pytest -n 2 --dist loadfile "$@"
