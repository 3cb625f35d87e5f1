"""What the tests of practice share."""

import pytest

from lessons.grading.trusted.intake import Cell
from lessons.practice.material import Material


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """A data folder for each test."""
    monkeypatch.setenv("LESSONS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="session")
def material():
    """One exercise."""
    return Material("vae")


@pytest.fixture
def cell():
    """A function: a cell of code as a learner has it."""
    return lambda source, name=None: Cell("code", source, name, None)
