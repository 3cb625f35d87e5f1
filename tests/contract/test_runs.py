"""What `run(config)` of every lesson gives, once: its report, saved; seeds; devices.

One test takes a lesson whole, so that its smoke run is made once.
"""

import csv
import importlib.util
import json
import pathlib
import re
import unittest.mock

import keras
import numpy as np
import pytest

from lessons.toolkit.errors import UserError

WORD = "[A-Za-z0-9_.]+"
KEY = re.compile(f"{WORD}(/{WORD}){{0,2}}")  # METRIC, VARIANT/METRIC, GROUP/...
SCRIPT = pathlib.Path(__file__).parents[2] / "scripts" / "check_recorded.py"
SHARES = 0.2  # relative: two devices draw noise of their own


def _script():
    spec = importlib.util.spec_from_file_location("check_recorded", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


recorded = _script()
CLOCK, smoke_of = recorded.CLOCK, recorded.smoke_of


def test_a_smoke_run_keeps_the_contract(lesson, tmp_path, subtests, on_two_devices):
    smoke = smoke_of(lesson)
    run = lesson.module("experiment").run
    report = run(smoke)
    with subtests.test("metrics and history"):
        assert_numbers(lesson, report)
    with subtests.test("saved whole"):
        folder = report.save(tmp_path / "out")
        assert_saved(report, folder)
    with subtests.test("models load"):
        assert_models(report, folder)
    fingerprint = recorded.fingerprints().get(lesson.slug)
    if fingerprint:
        with subtests.test("numbers as when the runs were recorded"):
            assert_as_recorded(lesson, fingerprint, report)
    first = smoke.replace(variants=smoke.variants[:1])
    with subtests.test("same seed, same metrics, whatever else is compared"):
        again = run(first)
        assert_same(again.metrics, report.metrics)
    with subtests.test("two devices"):
        assert_two_devices(lesson, first, again, on_two_devices)


def assert_numbers(lesson, report):
    """Every number is finite and called as the grammar of keys says."""
    assert report.metrics["parameters"] > 0
    for name, value in report.metrics.items():
        assert KEY.fullmatch(name), name
        assert type(value) is float and np.isfinite(value), f"{name}: {value!r}"
    parts = {part for name in report.metrics for part in name.split("/")[:-1]}
    # In capsules one more field makes several networks of one variant.
    chosen = getattr(lesson.module("variants"), "chosen", lambda c: c.variants)
    names = set(chosen(report.config))
    assert names <= parts, names - parts
    for name, values in report.history.items():
        assert KEY.fullmatch(name) and "/" in name, name
        assert len(values) and np.all(np.isfinite(values)), name


def assert_as_recorded(lesson, fingerprint, report):
    """The smoke run has the numbers of the fingerprint."""
    different = recorded.differences(fingerprint, report.metrics)
    assert not different, (
        f"{lesson.slug}: other numbers today (then, now): {different}. "
        "If they are meant to change, results.json is stale: record its runs again "
        "(lessons sweep --record), then scripts/check_recorded.py --fingerprint."
    )


def assert_saved(report, folder):
    """The files hold what the report does."""
    stored = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert stored["metrics"] == report.metrics
    assert report.config.replace(**stored["config"]) == report.config
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for name, values in report.history.items():
        column = [float(row[name]) for row in rows if row[name]]
        assert column == values, name
    assert report.figures
    texts = json.loads((folder / "figures" / "figures.json").read_text("utf-8"))
    assert texts.keys() == report.figures.keys()
    assert len({text["alt"] for text in texts.values()}) == len(texts)
    for name in texts:
        picture = (folder / "figures" / f"{name}.png").read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) > 1000, name


def assert_models(report, folder):
    """Every model is on disk under its name, the main one under "model"."""
    assert next(iter(report.models)) == "model"
    assert {path.stem for path in folder.glob("*.keras")} == set(report.models)
    for name, model in report.models.items():
        loaded = keras.saving.load_model(folder / f"{name}.keras")
        for one, other in zip(loaded.weights, model.weights, strict=True):
            np.testing.assert_array_equal(one.numpy(), other.numpy(), one.path)


def assert_same(metrics, others):
    """What two runs have in common is the same, but for the clock."""
    common = [n for n in metrics.keys() & others.keys() if CLOCK not in n]
    assert len(common) > 1
    different = {n: (metrics[n], others[n]) for n in common if metrics[n] != others[n]}
    assert not different


def assert_two_devices(lesson, config, report, on_two_devices):
    """A batch is shared by two devices, with the loss of one; or that is refused."""
    printed = on_two_devices(f"""
        import json, unittest.mock, keras
        from {lesson.package} import config, experiment
        from lessons.toolkit.errors import UserError
        settings = config.{type(config).__name__}(**{config.to_dict()!r})
        settings = settings.replace(strategy="mirrored", device="cpu")
        fit = keras.Model.fit
        with unittest.mock.patch.object(keras.Model, "fit", autospec=True) as spy:
            spy.side_effect = fit
            try:
                report = experiment.run(settings)
            except UserError as error:
                print(spy.call_count, str(error))
            else:
                strategy = report.models["model"].distribute_strategy
                assert strategy.num_replicas_in_sync == 2
                print(json.dumps(report.history, separators=",:"))
    """)
    if len(printed) > 1:
        calls, *words = printed
        assert calls == "0", "refused after the training began"
        assert "strategy=none" in " ".join(words)
        return
    history = json.loads(printed[0])
    losses = [n for n in history if n.endswith("/loss") and n in report.history]
    assert losses
    for name in losses:
        expected = pytest.approx(report.history[name][0], rel=SHARES)
        assert history[name][0] == expected, name


def test_nothing_to_compare_is_refused_before_training(lesson):
    smoke = smoke_of(lesson)
    with unittest.mock.patch.object(keras.Model, "fit") as fit:
        with pytest.raises(UserError, match="variants must name at least one"):
            lesson.module("experiment").run(smoke.replace(variants=()))
    assert not fit.called
