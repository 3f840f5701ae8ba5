# Prints the path of a Chromium, installing one if there is none.
set -eu
cd "$(dirname "$0")/.."
find_system() {
    for name in "${GEOMAP_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && command -v "$name" 2>/dev/null; then return 0; fi
    done
    return 1
}
find_playwright() {
    .venv/bin/python - <<'PY'
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    path = p.chromium.executable_path
sys.exit(1) if not pathlib.Path(path).is_file() else print(path)
PY
}
find_system && exit 0
find_playwright 2>/dev/null && exit 0
if command -v apt-get >/dev/null 2>&1; then
    echo "No Chromium found: installing the distribution's package ..." >&2
    as_root=""; [ "$(id -u)" = 0 ] || as_root="sudo -n"
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium fonts-noto-cjk; } >&2 || true
    find_system && exit 0
fi
echo "Installing the Chromium that Playwright brings ..." >&2
.venv/bin/python -m playwright install chromium >&2 || true
find_playwright && exit 0
echo "The browser tests need Chromium and none could be had: install it or name it in GEOMAP_CHROMIUM." >&2
exit 3
