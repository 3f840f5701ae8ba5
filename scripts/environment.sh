# Makes .venv with the pinned packages of the file named first, once per content of the pins.
set -eu
cd "$(dirname "$0")/.."
pins=$1
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "geomap needs Python 3.11 or newer; '$python' is not. Set PYTHON to one that is." >&2
    exit 3
fi
stamp=.venv/.geomap-$(basename "$pins")
state=$(cat "$pins" pyproject.toml | cksum)
if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv
fi
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$state" ]; then
    echo "Setting up .venv from $pins (once; a few minutes) ..." >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$pins"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
    printf '%s' "$state" > "$stamp"
fi
