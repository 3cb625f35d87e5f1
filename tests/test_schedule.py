"""Tests that share what they set up run in one process; the long ones come first."""

import importlib
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
FILE = """
import os
import pytest

@pytest.mark.parametrize("lesson", ["vae", "lstm"])
@pytest.mark.parametrize("number", range(4))
def test_it(lesson, number):
    with open("log", "a") as file:
        print(os.environ["PYTEST_XDIST_WORKER"], __file__, lesson, file=file)
"""


@pytest.fixture
def schedule(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    for name in ("schedule", "costs"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("schedule")


def test_a_file_is_one_group_and_the_contract_one_per_lesson(schedule):
    group = schedule.group_of
    assert group("tests/toolkit/test_a.py::test_a[vae]") == "tests/toolkit/test_a.py"
    assert group("tests/contract/test_a.py::test_a[vae-1]") == (
        group("tests/contract/test_a.py::test_b[vae]")
    )
    assert group("tests/contract/test_a.py::test_a[vae]") != (
        group("tests/contract/test_a.py::test_a[lstm]")
    )
    ranks = ["notebooks/a.ipynb::Cell 0", "tests/contract/a.py::a", "tests/cli/a.py::a"]
    assert sorted(reversed(ranks), key=schedule.rank_of) == ranks


def test_groups_are_not_split_between_processes(tmp_path):
    for folder in ("toolkit", "contract"):
        (tmp_path / "tests" / folder).mkdir(parents=True)
        (tmp_path / "tests" / folder / f"test_{folder}.py").write_text(FILE)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "schedule"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "scripts"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert "16 passed" in done.stdout, done.stdout + done.stderr
    lines = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    by_group = {}
    for worker, file, lesson in lines:
        name = (file, lesson) if "contract" in file else file
        by_group.setdefault(name, set()).add(worker)
    assert len(by_group) == 3
    assert all(len(workers) == 1 for workers in by_group.values())
    assert "contract" in lines[0][1]
