"""Files appear whole or not at all."""

import os
import pathlib
import subprocess
import sys

import pytest

from lessons.toolkit import files
from lessons.toolkit.errors import UserError


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_text_file_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    files.write_text(path, "né")
    assert path.read_text(encoding="utf-8") == "né"
    assert names(tmp_path) == ["a.txt"]


def test_a_symbolic_link_stays_one(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    files.write_text(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(UserError, match="no/such/a.txt.*No such file"):
        files.write_text(tmp_path / "no/such/a.txt", "x")


def test_a_folder_appears_when_it_is_complete(tmp_path):
    target = tmp_path / "deep" / "down"
    with files.new_folder(target) as partial:
        (partial / "a").write_text("1")
        assert not target.exists()
    assert (target / "a").read_text() == "1"
    assert names(target.parent) == ["down"]


def test_a_folder_replaces_the_old_one_as_a_whole(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "old").write_text("")
    with files.new_folder(target) as partial:
        (partial / "new").write_text("")
    assert names(target) == ["new"]
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("existed", [True, False])
def test_if_the_work_fails_everything_is_as_it_was(tmp_path, error, existed):
    target = tmp_path / "deep" / "out"
    if existed:
        target.mkdir(parents=True)
        (target / "old").write_text("kept")
    with pytest.raises(error), files.new_folder(target) as partial:
        (partial / "new").write_text("")
        raise error
    assert names(tmp_path) == (["deep"] if existed else [])
    if existed:
        assert names(target.parent) == ["out"]
        assert (target / "old").read_text() == "kept"


def test_if_the_last_rename_fails_the_old_folder_comes_back(tmp_path, monkeypatch):
    target = tmp_path / "out"
    target.mkdir()
    (target / "old").write_text("kept")
    rename = os.rename
    calls = []

    def fail_second(source, to):
        calls.append(to)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        rename(source, to)

    monkeypatch.setattr(os, "rename", fail_second)
    with pytest.raises(UserError, match="No space left"), files.new_folder(target):
        pass
    assert (target / "old").read_text() == "kept"
    assert names(tmp_path) == ["out"]


def test_checking_a_good_folder_leaves_no_trace(tmp_path):
    files.check_folder(tmp_path / "a" / "b" / "c")
    (tmp_path / "empty").mkdir()
    files.check_folder(tmp_path / "empty")
    files.check_file(tmp_path / "x" / "y.txt")
    assert names(tmp_path) == ["empty"]


def test_an_earlier_result_may_be_overwritten_on_request_only(tmp_path):
    (tmp_path / "metrics.json").write_text("{}")
    with pytest.raises(UserError, match="--overwrite"):
        files.check_folder(tmp_path, marker="metrics.json")
    files.check_folder(tmp_path, overwrite=True, marker="metrics.json")
    with pytest.raises(UserError, match=r"holds no sweep\.json"):
        files.check_folder(tmp_path, overwrite=True, marker="sweep.json")


def test_a_mount_point_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "ismount", lambda path: path == tmp_path)
    with pytest.raises(UserError, match="mount point"):
        files.check_folder(tmp_path)


def test_the_current_folder_can_be_the_target(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with files.new_folder(".") as partial:
        (partial / "a").write_text("")
    assert names(tmp_path / "here") == ["a"]
    assert names(tmp_path) == ["here"]


def test_a_folder_instead_of_a_file_is_refused(tmp_path):
    with pytest.raises(UserError, match="it is a folder"):
        files.check_file(tmp_path)


PROGRAM = """
import os, pathlib, sys
from lessons.toolkit import files
with files.new_folder(sys.argv[1]) as partial:
    (partial / "half").write_text("")
    os._exit(9)
"""


def test_a_killed_writer_leaves_the_old_folder_in_place(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "old").write_text("kept")
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(target)])
    assert done.returncode == 9
    assert names(target) == ["old"]
    assert pathlib.Path(target / "old").read_text() == "kept"
