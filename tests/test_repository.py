"""What every file under version control keeps to."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
LARGEST = 2_000_000  # bytes

# In pieces, so that this file passes its own test.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("download", "pytorch", "org"),
        ("conda", "anaconda", "org"),
        ("repo", "anaconda", "com"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
    )
]


def tracked_files():
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode:  # an unpacked archive has no history to ask
        names = [
            str(path.relative_to(ROOT))
            for folder in ("src", "tests", "scripts", "notebooks", "course")
            for path in (ROOT / folder).rglob("*")
            if "__pycache__" not in path.parts
        ]
    else:
        names = listing.stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


FILES = tracked_files()


def hosts_in(content):
    text = content.decode("utf-8", errors="replace").lower()
    return [host for host in REGISTRY_HOSTS if host in text]


def test_there_are_files_to_look_at():
    names = {file.relative_to(ROOT).as_posix() for file in FILES}
    assert {"src/lessons/catalog.py", "tests/test_repository.py"} <= names


def test_a_registry_host_is_noticed():
    address = "https://" + "Pypi" + ".org/simple"
    assert hosts_in(address.encode()) == [REGISTRY_HOSTS[0]]


def test_no_file_names_a_registry_host():
    found = {
        file.relative_to(ROOT).as_posix(): hosts
        for file in FILES
        if (hosts := hosts_in(file.read_bytes()))
    }
    assert not found


def test_no_file_is_large():
    sizes = {file.relative_to(ROOT).as_posix(): file.stat().st_size for file in FILES}
    assert not {name: size for name, size in sizes.items() if size > LARGEST}


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "CONTRIBUTING.md"])
def test_a_newcomers_file_exists(name):
    assert (ROOT / name).stat().st_size > 0


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    shown = subprocess.run(
        ["make", "--silent", "help"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    assert [
        name for name in targets if not re.search(rf"^  {name} ", shown, re.M)
    ] == []


def test_ci_runs_the_test_command_of_the_readme():
    commands = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert commands == ["set -eu", 'cd "$(dirname "$0")/.."', "make test"]
    assert "make test" in (ROOT / "README.md").read_text()


def test_the_lab_starts_in_the_course_so_that_its_formgrader_finds_it():
    answer = subprocess.run(
        ["make", "--dry-run", "lab", "LESSON=vae"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    command = answer.stdout.partition("cd course && ../.venv/bin/python -m jupyter")[2]
    assert f'--ServerApp.root_dir="{ROOT}"' in command
    assert f'"{ROOT}/notebooks/autoencoders/vae.ipynb"' in command
    settings = (ROOT / "course" / "nbgrader_config.py").read_text(encoding="utf-8")
    assert "c.CourseDirectory.root = str(pathlib.Path(__file__)" in settings
