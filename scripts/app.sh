# Sets up and starts the map; `make app ARGS="--port 9000"` hands options on.
set -eu
cd "$(dirname "$0")/.."
sh scripts/environment.sh requirements.txt
exec .venv/bin/geomap app "$@"
