"""Recorded runs: kept, replaced, and read back with care."""

import datetime
import json
import shutil
import subprocess

import numpy as np
import pytest

from lessons.toolkit import results
from lessons.toolkit.config import RunConfig
from lessons.toolkit.errors import UserError


def run(seed, noise, **config):
    config = {"preset": "smoke", "seed": seed, "hidden": (8, 4), **config}
    return {"preset": "smoke", "seed": seed, "config": config, "metrics": {"n": noise}}


def stored(path):
    runs = json.loads(path.read_text())["runs"]
    return [(r["seed"], r["config"].get("rate"), r["metrics"]["n"]) for r in runs]


def test_a_run_replaces_the_one_of_same_seed_and_configuration(tmp_path):
    path = tmp_path / "results.json"
    results.record(path, [run(1, 1.0), run(0, 2.0)])
    results.record(path, [run(1, 3.0), run(1, 4.0, rate=0.5)])
    assert stored(path) == [(0, None, 2.0), (1, 0.5, 4.0), (1, None, 3.0)]


def test_recording_twice_gives_the_same_file(tmp_path):
    path = tmp_path / "results.json"
    results.record(path, [run(0, 1.0), run(1, 2.0)])
    first = path.read_bytes()
    results.record(path, [run(1, 2.0), run(0, 1.0)])
    assert path.read_bytes() == first


def test_an_absent_file_has_no_runs(tmp_path):
    assert results.load(tmp_path / "results.json") == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"runs": 3}', '{"runs": [{}]}'])
def test_a_file_that_is_something_else_is_refused_and_kept(tmp_path, text):
    path = tmp_path / "results.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"cannot read .*results\.json"):
        results.record(path, [run(0, 1.0)])
    assert path.read_text() == text


def test_an_entry_is_stamped_with_date_and_commit():
    entry = results.entry(run(3, 1.0)["config"], {"n": 1.0}, 1.23456, {"cores": 2})
    assert (entry["preset"], entry["seed"], entry["seconds"]) == ("smoke", 3, 1.23)
    today = datetime.datetime.now(datetime.UTC).date()
    assert abs(datetime.date.fromisoformat(entry["date"]) - today).days <= 1
    assert entry["commit"] == results.commit()


def test_the_commit_is_that_of_the_checkout():
    root = results.checkout()
    if shutil.which("git") is None or not (root / ".git").exists():
        assert results.commit() == "unknown"
        return
    command = ["git", "-C", str(root), "rev-parse", "HEAD"]
    head = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    assert results.commit().removesuffix("-dirty") == head[:12]


def test_changed_code_makes_the_commit_dirty_and_recorded_runs_do_not(
    tmp_path, monkeypatch
):
    if shutil.which("git") is None:
        pytest.skip("no git here")
    lesson = tmp_path / "src" / "lessons" / "unit" / "slug"
    lesson.mkdir(parents=True)
    (tmp_path / "src" / "lessons" / "toolkit").mkdir()
    for name in ("results.json", "model.py"):
        (lesson / name).write_text("0")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *words], check=True)
    inside = tmp_path / "src" / "lessons" / "toolkit" / "results.py"
    monkeypatch.setattr(results, "__file__", str(inside))
    head = results.commit()
    assert len(head) == 12
    (lesson / "results.json").write_text("1")
    assert results.commit() == head
    (lesson / "model.py").write_text("1")
    assert results.commit() == f"{head}-dirty"


def test_without_git_the_commit_is_unknown(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert results.commit() == "unknown"


def test_a_section_is_replaced_between_its_markers():
    text = "a\n<!-- x:start -->\nold\n<!-- x:end -->\nb"
    new = results.replace_section(text, "x", "new")
    assert new == "a\n<!-- x:start -->\nnew\n<!-- x:end -->\nb"
    assert results.replace_section(new, "x", "new") == new


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!-- x:start -->",
        "<!-- x:end --><!-- x:start -->",
        "<!-- x:start --><!-- x:end --><!-- x:start --><!-- x:end -->",
    ],
)
def test_markers_must_be_there_once_and_in_order(text):
    with pytest.raises(UserError, match="<!-- x:start --> and <!-- x:end -->"):
        results.replace_section(text, "x", "new")


def test_deviation_needs_two_values():
    assert results.mean_and_deviation([4.0]) == (4.0, None)
    assert results.mean_and_deviation([1.0, 3.0]) == (2.0, pytest.approx(2**0.5))


def test_matching_runs_are_those_of_the_configuration_by_seed(tmp_path):
    config = RunConfig(epochs=3)
    runs = [
        results.entry({**chosen.to_dict(), "seed": seed}, {"loss": loss}, 1.0, {})
        for chosen, seed, loss in ((config, 2, 0.5), (config, 0, 0.25))
    ]
    runs.append(results.entry(RunConfig(epochs=4).to_dict(), {"loss": 9.0}, 1.0, {}))
    results.record(tmp_path / "results.json", runs)
    found = results.matching(tmp_path / "results.json", config)
    assert [(run["seed"], run["metrics"]["loss"]) for run in found] == [
        (0, 0.25),
        (2, 0.5),
    ]


def test_recorded_runs_are_arrays_over_seeds():
    runs = results.recorded("vae")
    assert len(runs) == len(runs.seeds) >= 2
    costs = runs["bn_sgd", "test_cost"]
    np.testing.assert_array_equal(costs, runs["bn_sgd/test_cost"])
    np.testing.assert_array_equal(
        costs, [metrics["bn_sgd/test_cost"] for metrics in runs.metrics]
    )
    with pytest.raises(UserError, match="no_such"):
        runs["no_such"]
    partly = results.Runs((0, 3), ({"a/loss": 1.0}, {"a/loss": 2.0, "a/new": 1.0}))
    with pytest.raises(UserError, match="'a/new' was not recorded with seed 0"):
        partly["a/new"]
    assert len(results.recorded("vae", epochs=1234)) == 0
    for wrong in ({"preset": "no_such"}, {"no_such_field": 1}):
        with pytest.raises(UserError, match="no_such"):
            results.recorded("vae", **wrong)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([19.0, 868.0, 1359.0], "749 (19 to 1,359, 3 seeds)"),
        ([0.9991, 0.9995], "0.99930 (0.99910 to 0.99950, 2 seeds)"),
        ([1.0, 1.0], "1.0 (1.0 to 1.0, 2 seeds)"),
        ([0.0], "0.0 (0.0 to 0.0, 1 seeds)"),
        ([], "nothing recorded"),
    ],
)
def test_a_range_over_seeds_has_the_digits_that_its_spread_allows(numbers, expected):
    assert results.in_words(numbers) == expected
