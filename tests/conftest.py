"""What several rooms' tests share: the bundled data, loaded once, and a small copy to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import matplotlib
import pytest
from hypothesis import settings

import evidence as ev

matplotlib.use("Agg")
settings.register_profile("repeatable", derandomize=True, deadline=None)  # the same examples in every run
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def db() -> ev.EvidenceBase:
    return ev.load()


@pytest.fixture
def raw(tmp_path: Path, db: ev.EvidenceBase) -> Path:
    """A copy of data/raw that a test may spoil."""
    folder = tmp_path / "data" / "raw"
    shutil.copytree(db.root, folder)
    return folder
