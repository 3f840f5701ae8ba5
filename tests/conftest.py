"""Every test runs in a clean environment and without a network beyond this machine."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import settings

# No test asserts a time, hypothesis included: a busy machine is no fault.
settings.register_profile("geomap", deadline=None)
settings.load_profile("geomap")

_LOCAL = ("127.0.0.1", "::1", "localhost")
_connect = socket.socket.connect


class OutsideNetworkError(AssertionError):
    """A test tried to leave this machine."""


def _guarded_connect(self, address):
    if self.family == socket.AF_UNIX or str(address[0]) in _LOCAL:
        return _connect(self, address)
    raise OutsideNetworkError(f"a test tried to reach {address[0]}")


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(("GEOMAP_", "STREAMLIT_")):
            monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):  # a terminal in Chinese is no fault
        if os.environ.get(name, "").startswith("zh"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GEOMAP_DATA_DIR", str(tmp_path / "geomap-data"))
    monkeypatch.setenv("GEOMAP_CACHE_DIR", str(tmp_path / "geomap-cache"))
