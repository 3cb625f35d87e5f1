"""`lessons results`: the generated texts and picture of the front page."""

import json

import pytest

from lessons import catalog
from lessons.cli import main
from lessons.toolkit import contact_sheet

README = """# Title
before
<!-- covers:start -->
<!-- covers:end -->
<!-- lessons:start -->
old
<!-- lessons:end -->
between
<!-- planned:start -->
<!-- planned:end -->
after
"""


@pytest.fixture
def readme(toy, tmp_path, monkeypatch):
    """A README, in a world whose only lessons are the toy and a planned one."""
    monkeypatch.setattr(catalog, "LESSONS", (toy, catalog.row("not_yet")))
    path = tmp_path / "README.md"
    path.write_text(README, encoding="utf-8")
    return path


def recorded(toy, *runs):
    """Write a results.json with runs of (preset, seed, noise, changed fields)."""
    presets = toy.module("config").PRESETS
    rows = []
    for preset, seed, noise, changes in runs:
        config = presets[preset].replace(seed=seed, **changes).to_dict()
        metrics = {"noise": noise, "parameters": 1896496.0}
        row = {"preset": preset, "seed": seed, "config": config, "metrics": metrics}
        rows.append(row)
    (toy.folder / "results.json").write_text(json.dumps({"runs": rows}))


def regenerate(path, *options):
    return main(["results", "--root", str(path.parent), *options])


def page(readme):
    return (readme.parent / "docs" / "results.md").read_text(encoding="utf-8")


def test_only_what_stands_between_the_markers_changes(readme, toy):
    assert regenerate(readme) == 0
    text = readme.read_text(encoding="utf-8")
    for line in ("# Title", "before", "between", "after"):
        assert f"{line}\n" in text
    assert "old" not in text
    planned = next(lesson for lesson in catalog.LESSONS if not lesson.ready)
    assert f"Planned:\n\n* {catalog.UNITS[planned.unit]}: {planned.title}." in text
    assert f"| {planned.title}" not in text


def test_a_written_lesson_has_a_row_with_its_effect_there_and_here(readme, toy):
    recorded(toy, *(("laptop", seed, 1.0 + seed, {}) for seed in range(3)))
    assert regenerate(readme) == 0
    (row,) = [line for line in readme.read_text().splitlines() if "A toy" in line]
    here = "2.0 nats, not recorded in full"
    assert row == f"| A toy<br>Nobody 1900 | 0.5 | {here} | **partly**: by half | — |"


def test_notebook_and_exercise_are_linked_where_they_exist(readme, toy):
    for path in (toy.notebook, toy.exercise):
        (readme.parent / path).parent.mkdir(parents=True)
        (readme.parent / path).touch()
    assert regenerate(readme) == 0
    text = readme.read_text(encoding="utf-8")
    assert f"| [A toy]({toy.notebook})<br>Nobody 1900 |" in text
    assert f"| `lessons practice {toy.slug}` |" in text
    assert f"## [A toy](../{toy.notebook})" in page(readme)


def test_values_are_those_of_the_preset_itself_over_its_seeds(readme, toy):
    recorded(
        toy,
        ("laptop", 0, 1.0, {}),
        ("laptop", 1, 3.0, {"device": "cpu"}),  # where it ran does not matter
        ("laptop", 2, 100.0, {"rate": 9.0}),  # another setting: not in the table
        ("paper", 0, 0.25, {}),
    )
    assert regenerate(readme) == 0
    # mean of 1 and 3, deviation sqrt((1 + 1) / (2 - 1)) = 1.414
    rows = [line for line in page(readme).splitlines() if line.startswith("| ")]
    assert [row for row in rows if row.startswith(("| toy", "| parameters"))] == [
        r"| toy | 0.5 | 2.0 ± 1.4 | laptop, 2 seeds | a \| b |",
        "| parameters | — | 1,896,496 | laptop, 2 seeds | — |",
        "| parameters, paper | — | 1,896,496 | paper, 1 seed | — |",
    ]
    assert "**Noise (nats)**\n\n| measured |" in page(readme)
    assert "Here: 2.0 nats, 0.25 in full. Reproduces: **partly**" in page(readme)


def test_nothing_recorded_is_said(readme, toy):
    assert regenerate(readme) == 0
    assert page(readme).count("| not recorded | laptop, no runs |") == 2


def test_check_writes_nothing_and_tells_stale_from_fresh(readme, toy, capsys):
    before = sorted(readme.parent.rglob("*"))
    assert regenerate(readme, "--check") == 1
    assert readme.read_text(encoding="utf-8") == README
    assert sorted(readme.parent.rglob("*")) == before
    error = capsys.readouterr().err
    assert "out of date: README.md, docs/results.md, docs/covers.png" in error
    assert regenerate(readme) == 0
    assert regenerate(readme, "--check") == 0
    recorded(toy, ("laptop", 0, 1.0, {}))
    assert regenerate(readme, "--check") == 1


@pytest.mark.parametrize("name", ["docs/results.md", contact_sheet.PATH])
def test_check_sees_that_a_file_is_missing(readme, toy, name, capsys):
    assert regenerate(readme) == 0
    (readme.parent / name).unlink()
    assert regenerate(readme, "--check") == 1
    assert f"out of date: {name};" in capsys.readouterr().err


def test_a_headline_that_no_run_has_is_refused(readme, toy, capsys):
    recorded(toy, ("laptop", 0, 1.0, {}))
    path = toy.folder / "results.json"
    path.write_text(path.read_text().replace('"noise"', '"nose"'))
    assert regenerate(readme) == 2
    assert "unknown metric 'noise'. Did you mean 'nose'" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["<!-- covers:end -->", "<!-- lessons:start -->"])
def test_missing_markers_are_named(readme, missing, capsys):
    readme.write_text(README.replace(missing, ""), encoding="utf-8")
    assert regenerate(readme) == 2
    assert missing in capsys.readouterr().err
