"""Killed at any moment, the grader goes on and ends as if it had not been."""

import contextlib
import fcntl
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pytest

from lessons.grading import grade
from lessons.grading.isolated import cgroups, namespaces
from lessons.grading.trusted import leftovers
from lessons.grading.trusted.submissions import Options
from tests.grading.commands import Commands
from tests.grading.small_course import SLUG, book, fill, in_book, scores

pytestmark = pytest.mark.usefixtures("isolating")
OPTIONS = Options(timeout=60.0, memory=512 << 20)  # nothing here runs into them
NUM_KILLS = 20


def kill_at_random(commands, root, generator, after_first):
    """Start the command and kill it: (its number, whether it had not ended)."""
    command = commands.start("grade", SLUG, "--course", root, "--workers", "1")
    if after_first:  # while it grades and writes
        command.stdout.readline()
        time.sleep(generator.uniform(0, 0.2))
    else:  # also while it starts
        time.sleep(generator.uniform(0, 2))
    command.kill()
    status, _ = command.wait()
    assert status in (0, -signal.SIGKILL)
    return command.pid, status != 0


def test_killed_at_twenty_random_moments_it_ends_the_same(tmp_path, monkeypatch):
    expected = fill(tmp_path)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with Commands() as commands:
        pids = kill_twenty_times(commands, tmp_path)
    end = time.monotonic() + 30  # what was forked hears of it later, on a busy machine
    while time.monotonic() < end and (list(temporary.iterdir()) or groups(pids)):
        time.sleep(0.05)
    assert list(temporary.iterdir()) == []
    assert groups(pids) == []
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


def test_forgotten_folders_are_swept_and_those_in_use_are_not(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old = {"forgotten": "lessons-slot-1", "used": "lessons-slot-2", "other": "mine-1"}
    for name in old.values():
        (tmp_path / name / "root").mkdir(parents=True)
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / "lessons-slot-link").symlink_to(tmp_path / "mine-1")
    (tmp_path / "lessons-slot-young").mkdir()
    place = os.open(tmp_path / old["used"], os.O_RDONLY)
    fcntl.flock(place, fcntl.LOCK_EX)
    leftovers.sweep("lessons-slot-")
    os.close(place)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {
        old["used"],
        old["other"],
        "lessons-slot-link",
        "lessons-slot-young",
    }
    assert (tmp_path / "mine-1" / "root").is_dir()


def test_a_wall_that_loses_its_ground_builds_nothing_outside(tmp_path):
    """The grader is killed and its folder removed while a wall goes up in it."""
    base = tmp_path / "root"
    base.mkdir()
    here, there = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            write = namespaces._write_accounts
            namespaces._write_accounts = lambda place: (
                there.send(b"now"),
                there.recv(1),
                write(place),
            )
            namespaces.unshare(namespaces.FIRST_USER)
            limits = namespaces.Limits()
            namespaces.build_root(str(base), ["/usr"], [], limits)
        os._exit(0)
    there.close()
    with here:
        assert here.recv(3) == b"now"
        base.rmdir()
        here.send(b"x")
        os.waitpid(pid, 0)
    assert list(tmp_path.iterdir()) == []


KILLED_WHILE_IT_CLOSES = """
import os, signal, subprocess
from lessons.grading.trusted.supervisor import Slot

slot = Slot()
subprocess.Popen.wait = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
slot.close()
"""


def test_killed_while_it_closes_a_slot_it_leaves_no_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_IT_CLOSES],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    end = time.monotonic() + 30
    while time.monotonic() < end and list(tmp_path.iterdir()):
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


def groups(pids):
    """Control groups that were made by any of these processes."""
    folders = (folder for _, folder in cgroups._candidates())
    return [
        path
        for folder in folders
        for pid in pids
        for path in folder.glob(f"lessons-{pid}-*")
    ]


def kill_twenty_times(commands, root):
    """Kill the command at moments of all kinds; returns its process numbers."""
    generator, killed, pids = random.Random(0), 0, []
    journal = root / "grading" / SLUG / "journal.jsonl"
    for attempt in range(60):
        if killed == NUM_KILLS:
            break
        after_first = attempt % 2 == 0
        pid, had_not_ended = kill_at_random(commands, root, generator, after_first)
        pids.append(pid)
        if had_not_ended:
            killed += 1
        else:  # everything was done: hand in again, with the same answers
            for path in (root / "submitted").rglob("*.ipynb"):
                path.write_text(path.read_text() + "\n")
        if attempt % 7 == 6:  # forget the end of it, as a full disk might
            journal.write_bytes(journal.read_bytes()[:-25])
    assert killed == NUM_KILLS
    return pids
