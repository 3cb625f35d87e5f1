"""The set-up decides right when to work, when to rest and what to say.

pip and venv are replaced by functions that note how they were called: no network.
"""

import collections
import json
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
Disk = collections.namedtuple("Disk", "total used free")


class Workshop:
    """A project folder in which the bootstrap thinks it works."""

    def __init__(self, module, root, monkeypatch):
        self.module, self.root = module, root
        self.pip_calls, self.created, self.pip_fails_at = [], 0, None
        self.interrupted_at = None
        for extra in module.EXTRAS.values():
            (root / extra.lock).write_text("wheel==1.0\n")
        (root / "pyproject.toml").write_text("[project]\n")
        monkeypatch.setattr(module, "ROOT", str(root))
        monkeypatch.setattr(module.watched_pip, "run", self.run_pip)
        monkeypatch.setattr(module.subprocess, "call", self.make_venv)
        self.disk(100e9)(monkeypatch)

    def disk(self, free):
        usage = Disk(1e12, 0, free)
        return lambda patch: patch.setattr(
            self.module.shutil, "disk_usage", lambda _: usage
        )

    def make_venv(self, command, **_):
        self.created += 1
        python = pathlib.Path(command[-1], "bin", "python")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return 0

    def run_pip(self, python, arguments, log, lock=None, watch=None):
        self.pip_calls.append(arguments)
        stamp = pathlib.Path(python).parents[1] / self.module.STAMP
        assert not stamp.exists()  # nothing may claim to be whole meanwhile
        if len(self.pip_calls) == self.interrupted_at:
            raise KeyboardInterrupt
        if len(self.pip_calls) == self.pip_fails_at:
            pathlib.Path(log).write_text("ERROR: no route to the index\n")
            return 1
        return 0

    @property
    def stamp(self):
        return self.root / ".venv" / self.module.STAMP

    def ensure(self, *arguments):
        self.pip_calls.clear()
        self.created = 0
        self.module.ensure(*arguments)
        return self.created, len(self.pip_calls)


NOTHING, UPDATED, REMADE = (0, 0), (0, 2), (1, 2)  # environments made, calls of pip


@pytest.fixture
def workshop(bootstrap, tmp_path, monkeypatch):
    return Workshop(bootstrap, tmp_path, monkeypatch)


def test_first_call_makes_the_environment_and_second_does_nothing(workshop):
    assert workshop.ensure("") == REMADE
    assert workshop.ensure("") == NOTHING


def test_pip_is_told_to_check_hashes_and_to_take_nothing_else(workshop):
    workshop.ensure("")
    lock, package = workshop.pip_calls
    assert lock[:2] == ["install", "--require-hashes"]
    assert lock[-1].endswith("requirements.lock")
    assert {"--no-deps", "--no-build-isolation"} <= set(package)


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_changed_file_asks_for_an_update(workshop, file):
    workshop.ensure("")
    with open(workshop.root / file, "a") as stream:
        stream.write("# changed\n")
    assert workshop.ensure("") == UPDATED
    assert workshop.ensure("") == NOTHING


@pytest.mark.parametrize("call", [1, 2])
def test_interrupted_environment_is_remade(workshop, call):
    workshop.interrupted_at = call
    with pytest.raises(KeyboardInterrupt):
        workshop.ensure("")
    workshop.interrupted_at = None
    assert workshop.ensure("") == REMADE


def test_interrupted_update_is_remade(workshop):
    workshop.ensure("")
    (workshop.root / "requirements.lock").write_text("wheel==2.0\n")
    workshop.interrupted_at = 1
    with pytest.raises(KeyboardInterrupt):
        workshop.ensure("")
    workshop.interrupted_at = None
    assert workshop.ensure("") == REMADE


@pytest.mark.parametrize("content", ["", "{", "[]", '{"digest": "other"}'])
def test_unreadable_stamp_counts_as_none(workshop, content):
    workshop.ensure("")
    workshop.stamp.write_text(content)
    assert workshop.ensure("") == REMADE


def test_environment_whose_python_is_gone_is_remade(workshop):
    workshop.ensure("")
    (workshop.root / ".venv" / "bin" / "python").unlink()
    assert workshop.ensure("") == REMADE


def test_moved_project_is_remade(workshop, tmp_path, monkeypatch):
    workshop.ensure("")
    made = json.loads(workshop.stamp.read_text())
    workshop.stamp.write_text(json.dumps({**made, "root": "/elsewhere", "digest": ""}))
    assert workshop.ensure("") == REMADE


def test_another_python_is_kept_unless_it_was_asked_for(workshop):
    workshop.ensure("")
    made = json.loads(workshop.stamp.read_text())
    digest = workshop.module.digest("", "3.0")
    workshop.stamp.write_text(json.dumps({**made, "python": "3.0", "digest": digest}))
    assert workshop.ensure("") == NOTHING
    assert workshop.ensure("", "{}.{}".format(*sys.version_info[:2])) == REMADE


def test_gpu_packages_are_added_and_serve_plain_calls(workshop):
    workshop.ensure("")
    assert workshop.ensure("gpu") == UPDATED
    assert workshop.ensure("") == NOTHING


def test_bench_has_an_environment_of_its_own(workshop):
    workshop.ensure("")
    assert workshop.ensure("bench") == REMADE
    assert (workshop.root / ".venv-bench").is_dir()
    assert workshop.ensure("") == NOTHING


def test_unknown_extra_is_refused_with_those_there_are(workshop):
    with pytest.raises(workshop.module.SetupError, match="'tpu'. Allowed: gpu, bench"):
        workshop.ensure("tpu")


def test_failing_pip_shows_its_last_words_and_the_log(workshop):
    workshop.pip_fails_at = 1
    with pytest.raises(workshop.module.SetupError) as error:
        workshop.ensure("")
    message = str(error.value)
    assert "ERROR: no route to the index" in message
    assert str(workshop.root / "build" / "setup-cpu.log") in message
    assert "connection" in message and "again" in message
    assert not workshop.stamp.exists()


def test_too_little_disk_is_said_before_anything_is_made(workshop, monkeypatch):
    workshop.disk(1.5e9)(monkeypatch)
    with pytest.raises(workshop.module.SetupError, match="1.5 GB free, 4 GB needed"):
        workshop.ensure("")
    assert workshop.created == 0


def test_read_only_folder_is_refused(workshop, monkeypatch):
    monkeypatch.setattr(workshop.module.os, "access", lambda *_: False)
    with pytest.raises(workshop.module.SetupError, match="cannot be written"):
        workshop.ensure("")


def test_missing_ensurepip_names_the_package_to_install(bootstrap, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(bootstrap.SetupError, match=r"apt install python3\.\d+-venv"):
        bootstrap.check_modules()


@pytest.mark.parametrize(
    ("version", "word"),
    [((2, 7, 18), "old"), ((3, 10, 14), "old"), ((3, 14, 0), "new")],
)
def test_unfit_python_is_refused_with_those_that_fit(bootstrap, version, word):
    with pytest.raises(bootstrap.SetupError, match=f"too {word}.* 3.11 to 3.13"):
        bootstrap.check_python(version, "python")


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 13, 1)])
def test_fitting_python_is_accepted(bootstrap, version):
    assert bootstrap.check_python(version, "python") is None


def fake_python(folder, name, version):
    """An executable that answers as a Python of that version would; None: it fails."""
    path = folder / name
    if version is None:
        path.write_text("#!/bin/sh\nexit 127\n")
    else:
        path.write_text(
            f'#!/bin/sh\ncode=$(printf "%s" "$2" | sed "s/import sys/import sys; '
            f'sys.version_info = {version}/")\nexec {sys.executable} -c "$code"\n'
        )
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("pythons", "found"),
    [
        ({"python3.13": None, "python3.11": (3, 11), "python3": (3, 9)}, "python3.11"),
        ({"python3.12": (3, 12), "python3.11": (3, 11)}, "python3.12"),
        ({"python3": (3, 14), "python": (3, 12)}, "python"),
        ({"python3": (3, 9)}, "python3"),  # too old: the bootstrap will say so
        ({"python": (2, 7)}, ""),
        ({}, ""),
    ],
)
def test_python_that_runs_and_fits_is_found(tmp_path, pythons, found):
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, version in pythons.items():
        fake_python(folder, name, version)
    for tool in ("sed", "sh"):
        (folder / tool).symlink_to(shutil.which(tool))
    result = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "find_python.sh")],
        cwd=tmp_path,
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert result.stdout.strip() == found
