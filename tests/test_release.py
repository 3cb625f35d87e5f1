"""The zip for a classroom holds what it says, the same bytes each time."""

import importlib.util
import pathlib
import zipfile

import pytest

from lessons.grading import exercise

ROOT = pathlib.Path(__file__).parents[1]


@pytest.fixture
def release():
    spec = importlib.util.spec_from_file_location(
        "release", ROOT / "scripts/release.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_release_holds_site_notebooks_exercises_and_wheel(
    release, tmp_path, monkeypatch
):
    site, wheel = tmp_path / "site", tmp_path / "lessons-0.1.0-py3-none-any.whl"
    site.mkdir()
    (site / "index.html").write_text("<p>hello</p>")
    wheel.write_bytes(b"wheel")
    monkeypatch.setattr(release, "build_wheel", lambda root, folder: wheel)
    made = []
    for name in ("one.zip", "two.zip"):
        out = tmp_path / name
        assert release.main(["--out", str(out), "--site", str(site)]) == 0
        made.append(out.read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = set(archive.namelist())
        text = archive.read("lessons/README.txt").decode()
        practice = archive.read("lessons/practice/vae.ipynb").decode()
    slugs = exercise.slugs(ROOT / "course")
    assert {f"lessons/practice/{slug}.ipynb" for slug in slugs} <= names
    assert {"lessons/site/index.html", "lessons/notebooks/start_here.ipynb"} <= names
    assert {f"lessons/{wheel.name}", "lessons/course/exercises/vae.py"} <= names
    assert f"pip install --no-deps {wheel.name}" in text
    assert "BEGIN SOLUTION" not in practice


def test_without_a_site_nothing_is_written(release, tmp_path, capsys):
    out = tmp_path / "one.zip"
    assert release.main(["--out", str(out), "--site", str(tmp_path)]) == 2
    assert "first `make site`" in capsys.readouterr().err
    assert not out.exists()
