# Recompiles the pins from pyproject.toml; run after a change of dependencies.
set -eu
cd "$(dirname "$0")/.."
compile() {
    CUSTOM_COMPILE_COMMAND="sh scripts/pins.sh" "${COMPILER:-.venv/bin/pip-compile}" --quiet --strip-extras --no-emit-index-url \
        --no-emit-trusted-host --no-emit-find-links --output-file "$@" pyproject.toml
}
compile requirements.txt
compile requirements-dev.txt --extra dev --constraint requirements.txt
compile requirements-data.txt --extra data --constraint requirements.txt
