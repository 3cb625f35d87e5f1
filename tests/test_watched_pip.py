"""pip is run with its words in a log, and its progress is read from there."""

import os
import pathlib

import pytest


@pytest.fixture
def watched_pip(bootstrap):
    return bootstrap.watched_pip


@pytest.fixture
def python(tmp_path):
    """A stand-in for an environment's Python: says what it was given, fails with 3."""
    path = tmp_path / "venv" / "bin" / "python"
    path.parent.mkdir(parents=True)
    path.write_text('#!/bin/sh\necho "$@"; echo "user=$PIP_USER tmp=$TMPDIR"\nexit 3\n')
    path.chmod(0o755)
    return str(path)


def test_pip_words_go_to_the_log_and_its_status_comes_back(
    watched_pip, python, tmp_path, monkeypatch
):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_USER", "1")  # would send packages to the home folder
    log = tmp_path / "log"
    assert watched_pip.run(python, ["install", "x"], str(log)) == 3
    scratch = pathlib.Path(python).parents[1] / "tmp"
    assert log.read_text() == (
        "Your pip settings not followed here: user\n"
        f"-m pip install x\nuser= tmp={scratch}\n"
    )
    assert not scratch.exists()


def test_last_lines_are_the_end_without_empty_lines(watched_pip, tmp_path):
    log = tmp_path / "log"
    log.write_text("a\nb\n\nc\n\n")
    assert watched_pip.last_lines(log, count=2) == "  b\n  c"


@pytest.fixture
def progress(watched_pip, tmp_path):
    (tmp_path / "lock").write_text(
        "a==1 ; python_version < '3.12' \\\n    --hash=sha256:0\n"
        "a==2 ; python_version >= '3.12' \\\n    --hash=sha256:1\n"
        "b==1 \\\n    --hash=sha256:2\n"
    )
    (tmp_path / "log").touch()
    return watched_pip.Progress(tmp_path, tmp_path / "lock", tmp_path / "log")


@pytest.mark.parametrize(
    ("log", "state"),
    [
        ("", "downloading 0 of about 2 packages"),
        ("Collecting a==1\n  Downloading a-1-py3.whl (5 kB)\n", "1 of about 2"),
        ("Collecting a==1\n  Downloading a-1-py3.whl (5 kB)\n", "packages: a 1 (5 kB)"),
        ("Downloading host/path/a-1-py3.whl (5 kB)\n", "packages: a 1 (5 kB)"),
        ("Processing ./a-1.whl\nCollecting b==1\n", "downloading 2 of about 2"),
        ("Installing collected packages: a, b\n", "installing 0 of 2 packages"),
    ],
)
def test_log_is_read_as_progress(progress, tmp_path, log, state):
    (tmp_path / "log").write_text(log)
    assert state in progress.state()


def test_packages_that_arrive_are_counted(progress, tmp_path):
    (tmp_path / "log").write_text("Installing collected packages: a, b\n")
    (tmp_path / "lib" / "site-packages" / "a-1.dist-info").mkdir(parents=True)
    assert "installing 1 of 2" in progress.state()
