"""The toy country and the shipped records as datasets for the tests of the views."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geomap.dataset import Dataset
from tests.toy import toy_dataset


@pytest.fixture(scope="session")
def toy() -> Dataset:
    return toy_dataset()


@pytest.fixture(scope="session")
def with_projects(toy):
    """A function that gives the toy country with some project columns changed.

    changes: {project_id: {column: value}}; every call is a version of its own.
    """

    def make(changes, version):
        frame = toy.projects.copy()
        rows = {name: row for row, name in enumerate(frame["project_id"])}
        for project_id, columns in changes.items():
            for column, value in columns.items():
                frame[column] = frame[column].astype(object)
                frame.at[rows[project_id], column] = value
        return replace(toy, projects=frame, version=version)

    return make
