"""`lessons results`: the generated tables of the README."""

import json

import pytest

from lessons import catalog
from lessons.cli import main

README = """# Title
before
<!-- lessons:start -->
old
<!-- lessons:end -->
between
<!-- results:start -->
<!-- results:end -->
after
"""


@pytest.fixture
def readme(toy, tmp_path, monkeypatch):
    """A README, in a world whose only lessons are the toy and a planned one."""
    planned = next(lesson for lesson in catalog.LESSONS if not lesson.ready)
    monkeypatch.setattr(catalog, "LESSONS", (toy, planned))
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


def results_rows(path):
    text = path.read_text(encoding="utf-8")
    section = text.split("<!-- results:start -->")[1].split("<!-- results:end")[0]
    rows = section.strip().splitlines()[2:]
    return [row.replace(r"\|", "¦").strip("| ").split(" | ") for row in rows]


def regenerate(path, *options):
    return main(["results", "--readme", str(path), *options])


def test_only_what_stands_between_the_markers_changes(readme, toy):
    assert regenerate(readme) == 0
    text = readme.read_text(encoding="utf-8")
    for line in ("# Title", "before", "between", "after"):
        assert f"{line}\n" in text
    assert "old" not in text
    assert "| Autoencoders | `toy` | A toy | Nobody 1900 | — | — |" in text
    assert text.count("| planned | planned |") == 1


def test_ours_is_mean_and_deviation_over_the_seeds_of_the_preset_itself(readme, toy):
    recorded(
        toy,
        ("laptop", 0, 1.0, {}),
        ("laptop", 1, 3.0, {"device": "cpu"}),  # where it ran does not matter
        ("laptop", 2, 100.0, {"rate": 9.0}),  # another setting: not in the table
        ("paper", 0, 0.25, {}),
    )
    assert regenerate(readme) == 0
    # mean of 1 and 3, deviation sqrt((1 + 1) / (2 - 1))
    assert results_rows(readme) == [
        [
            "`toy`",
            "noise",
            "0.5",
            "2.000 ± 1.414 (2 seeds, laptop); 0.250 (1 seed, paper)",
            "a ¦ b",
        ],
        [
            "`toy`",
            "parameters",
            "1,896,496",
            "1,896,496 (2 seeds, laptop); 1,896,496 (1 seed, paper)",
            "—",
        ],
    ]


def test_nothing_recorded_is_said(readme, toy):
    assert regenerate(readme) == 0
    assert [row[3] for row in results_rows(readme)] == ["not recorded"] * 2


def test_check_writes_nothing_and_tells_stale_from_fresh(readme, toy, capsys):
    assert regenerate(readme, "--check") == 1
    assert readme.read_text(encoding="utf-8") == README
    assert "out of date" in capsys.readouterr().err
    assert regenerate(readme) == 0
    assert regenerate(readme, "--check") == 0
    recorded(toy, ("laptop", 0, 1.0, {}))
    assert regenerate(readme, "--check") == 1


def test_a_headline_that_no_run_has_is_refused(readme, toy, capsys):
    recorded(toy, ("laptop", 0, 1.0, {}))
    path = toy.folder / "results.json"
    path.write_text(path.read_text().replace('"noise"', '"nose"'))
    assert regenerate(readme) == 2
    assert "unknown metric 'noise'. Did you mean 'nose'" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["<!-- results:end -->", "<!-- lessons:start -->"])
def test_missing_markers_are_named(readme, missing, capsys):
    readme.write_text(README.replace(missing, ""), encoding="utf-8")
    assert regenerate(readme) == 2
    assert missing in capsys.readouterr().err
