"""Killed at any moment, the grader goes on and ends as if it had not been."""

import random
import signal
import time

import pytest

from lessons.grading import grade
from lessons.grading.trusted.submissions import Options
from tests.grading.commands import Commands
from tests.grading.small_course import SLUG, book, fill, in_book, scores

pytestmark = pytest.mark.usefixtures("isolating")
OPTIONS = Options(timeout=20.0, memory=512 << 20)
NUM_KILLS = 20


def kill_at_random(commands, root, generator, after_first):
    """Start the command and kill it; whether it had not ended by itself."""
    command = commands.start("grade", SLUG, "--course", root, "--workers", "1")
    if after_first:  # while it grades and writes
        command.stdout.readline()
        time.sleep(generator.uniform(0, 0.2))
    else:  # also while it starts
        time.sleep(generator.uniform(0, 2))
    command.kill()
    status, _ = command.wait()
    assert status in (0, -signal.SIGKILL)
    return status != 0


def test_killed_at_twenty_random_moments_it_ends_the_same(tmp_path, monkeypatch):
    expected = fill(tmp_path)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with Commands() as commands:
        kill_twenty_times(commands, tmp_path)
    end = time.monotonic() + 30  # what was forked hears of it later, on a busy machine
    while list(temporary.iterdir()) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(temporary.iterdir()) == []
    monkeypatch.undo()
    rows = grade.run(tmp_path, SLUG, options=OPTIONS)
    assert {row["student"]: scores(row) for row in rows} == expected
    assert in_book(tmp_path) == expected
    with book(tmp_path) as opened:
        assert opened.db.connection().exec_driver_sql(
            "pragma integrity_check"
        ).fetchall() == [("ok",)]
    assert not list(tmp_path.rglob("*.part"))
    assert not list((tmp_path / "autograded").rglob(".*"))
    assert not (tmp_path / "grading" / SLUG / "temporary").exists()


def kill_twenty_times(commands, root):
    generator, killed = random.Random(0), 0
    journal = root / "grading" / SLUG / "journal.jsonl"
    for attempt in range(60):
        if killed == NUM_KILLS:
            break
        if kill_at_random(commands, root, generator, after_first=attempt % 2 == 0):
            killed += 1
        else:  # everything was done: hand in again, with the same answers
            for path in (root / "submitted").rglob("*.ipynb"):
                path.write_text(path.read_text() + "\n")
        if attempt % 7 == 6:  # forget the end of it, as a full disk might
            journal.write_bytes(journal.read_bytes()[:-25])
    assert killed == NUM_KILLS
