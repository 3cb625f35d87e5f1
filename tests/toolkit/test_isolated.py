"""A run in a process of its own: its answer, its failures, its end."""

import os
import subprocess
import sys
import time

import pytest

from lessons.toolkit import isolated
from lessons.toolkit.errors import UserError

CONFIG = """
import dataclasses

@dataclasses.dataclass
class Config:
    what: str
    hidden: tuple = ()
"""

EXPERIMENT = """
import os, signal, sys, time, types
from lessons.toolkit.errors import UserError

def run(config):
    print("chatter", file=sys.stdout)
    if config.what == "user error":
        raise UserError("no such thing.")
    if config.what == "error":
        raise ValueError("first\\nsecond")
    if config.what == "exit":
        print("last words", file=sys.stderr)
        os._exit(3)
    if config.what == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if config.what == "slow":
        with open(os.environ["STARTED"], "w") as file:
            file.write(str(os.getpid()))
        time.sleep(600)
    metrics = {"entries": len(config.hidden), "tuple": isinstance(config.hidden, tuple)}
    environment = {
        name: os.environ.get(name, "")
        for name in ("TF_NUM_INTRAOP_THREADS", "LESSONS_PROGRESS")
    }
    return types.SimpleNamespace(metrics=metrics, seconds=1, environment=environment)
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Name of a package whose experiment does as it is told."""
    folder = tmp_path / "obedient"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "config.py").write_text(CONFIG)
    (folder / "experiment.py").write_text(EXPERIMENT)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("STARTED", str(tmp_path / "started"))
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    yield "obedient"
    assert list(scratch.iterdir()) == []


def test_fields_arrive_as_they_are_and_numbers_come_back(package, monkeypatch):
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS", raising=False)
    answer = isolated.run(package, {"what": "work", "hidden": (1, 2)})
    assert answer == {
        "metrics": {"entries": 2.0, "tuple": 1.0},
        "seconds": 1.0,
        "environment": {"TF_NUM_INTRAOP_THREADS": "1", "LESSONS_PROGRESS": "off"},
    }


def test_threads_set_by_the_user_win(package, monkeypatch):
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "7")
    answer = isolated.run(package, {"what": "work"})
    assert answer["environment"]["TF_NUM_INTRAOP_THREADS"] == "7"


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("user error", "no such thing."),
        ("error", "ValueError: first second"),
        ("exit", "the process ended with status 3. last words"),
        ("killed", "the process was ended by the system: Killed (out of memory?)"),
    ],
)
def test_a_failure_comes_back_as_one_line(package, what, error):
    assert isolated.run(package, {"what": what}) == {"error": error}


def test_a_package_that_is_not_there_is_named(package):
    error = isolated.run("nowhere", {})["error"]
    assert error == "ModuleNotFoundError: No module named 'nowhere'"


def is_gone(pid, seconds=10):
    """Whether a process ends within some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_cancelled_run_ends_at_once(package, tmp_path):
    started = tmp_path / "started"
    answer = isolated.run(
        package,
        {"what": "slow"},
        lambda: started.exists() and started.read_text() != "",
    )
    assert "error" in answer
    assert is_gone(int(started.read_text()))


def test_a_run_ends_with_whoever_started_it(package, tmp_path):
    program = (
        "import tempfile, sys; tempfile.tempdir = sys.argv[1]; "
        "from lessons.toolkit import isolated; "
        "isolated.run('obedient', {'what': 'slow'})"
    )
    scratch = str(tmp_path / "scratch")
    starter = subprocess.Popen([sys.executable, "-c", program, scratch])
    started = tmp_path / "started"
    deadline = time.monotonic() + 30
    while not (started.exists() and started.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    pid = int(started.read_text())
    starter.kill()
    starter.wait()
    assert is_gone(pid)
    while os.listdir(scratch):  # removed by the run itself, just before it ends
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_one_line_lets_a_user_error_speak_for_itself():
    assert isolated.one_line(UserError("bad\n  input")) == "bad input"
    assert isolated.one_line(KeyError("x")) == "KeyError: 'x'"
    assert isolated.one_line(ValueError()) == "ValueError"
