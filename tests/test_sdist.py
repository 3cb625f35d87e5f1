"""What an sdist holds: the package whole, and no test that could not run from it."""

import pathlib
import shutil
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).parents[1]
FILES = ("CITATION.cff", "LICENSE", "MANIFEST.in", "README.md", "pyproject.toml")


def test_an_sdist_holds_the_package_and_nothing_that_needs_a_checkout(tmp_path):
    copy = tmp_path / "checkout"
    copy.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, copy)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", copy / "src", ignore=ignored)
    (copy / "tests").mkdir()
    for name in ("conftest.py", "test_import.py"):
        shutil.copy(ROOT / "tests" / name, copy / "tests")
    build = "import setuptools.build_meta as b; print(b.build_sdist('dist'))"
    subprocess.run(
        [sys.executable, "-c", build], cwd=copy, check=True, capture_output=True
    )
    (made,) = (copy / "dist").iterdir()
    with tarfile.open(made) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    package = {
        path.relative_to(copy).as_posix()
        for path in (copy / "src" / "lessons").rglob("*")
        if path.is_file()
    }
    assert package <= names
    assert not [name for name in names if pathlib.Path(name).parts[:1] == ("tests",)]
    assert {"LICENSE", "README.md", "pyproject.toml"} <= names
