"""Fetch the vendored browser libraries from npm and check them against the lock file.

    python scripts/fetch_vendored.py            fetch what lock.json names, refuse anything else
    python scripts/fetch_vendored.py --lock     fetch and write the hashes anew (after a bump)

The lock holds, per package, its version, licence, npm's own integrity string and the SHA-256 of
each file that ships in `geomap/maps/vendor`.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "geomap" / "maps" / "vendor"
LOCK = VENDOR / "lock.json"


def pack(name: str, version: str, folder: Path) -> Path:
    """Let npm download one package and return its tarball."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / done.stdout.strip().splitlines()[-1]


def integrity(tarball: Path) -> str:
    """Return npm's integrity string of a tarball."""
    return "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()


def member(tarball: Path, path: str) -> bytes:
    """Read one file of an npm tarball."""
    with tarfile.open(tarball) as archive:
        file = archive.extractfile(f"package/{path}")
        if file is None:
            raise SystemExit(f"{tarball.name} holds no {path}")
        return file.read()


def fetch(package: dict, relock: bool) -> None:
    """Fetch one package of the lock into the vendor folder."""
    with tempfile.TemporaryDirectory() as folder:
        tarball = pack(package["name"], package["version"], Path(folder))
        found = integrity(tarball)
        if relock:
            package["integrity"] = found
        elif found != package["integrity"]:
            raise SystemExit(f"{package['name']}: npm's tarball is not the one in lock.json")
        for file in package["files"]:
            body = member(tarball, file["from"])
            digest = hashlib.sha256(body).hexdigest()
            if relock:
                file["sha256"] = digest
            elif digest != file["sha256"]:
                raise SystemExit(f"{package['name']}: {file['from']} is not the one in lock.json")
            (VENDOR / file["to"]).write_bytes(body)


def main(argv: list[str]) -> None:
    """Fetch every package of the lock."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lock", action="store_true", help="write the hashes anew")
    relock = parser.parse_args(argv).lock
    lock = json.loads(LOCK.read_text("utf-8"))
    for package in lock["packages"]:
        fetch(package, relock)
    if relock:
        LOCK.write_text(json.dumps(lock, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
