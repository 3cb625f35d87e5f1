"""The script that compares recorded runs with the code of today."""

import importlib
import json
import pathlib
import sys
import types

import pytest

from lessons import catalog
from lessons.toolkit.config import RunConfig

SCRIPTS = pathlib.Path(__file__).parents[1] / "scripts"
CONFIG = RunConfig(preset="laptop", epochs=3)


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    sys.modules.pop("check_recorded", None)
    return importlib.import_module("check_recorded")


@pytest.fixture
def small(tmp_path):
    """A lesson whose only metric is its number of epochs, with one recorded run."""

    def run(config):
        metrics = {"one/loss": 0.5 * config.epochs, "one/seconds_per_epoch": 1.0}
        return types.SimpleNamespace(metrics=metrics)

    modules = {
        "config": types.SimpleNamespace(PRESETS={"laptop": CONFIG, "smoke": CONFIG}),
        "experiment": types.SimpleNamespace(run=run),
    }
    entry = {
        "preset": "laptop",
        "seed": 0,
        "config": CONFIG.replace(epochs=4).to_dict(),
        "metrics": {"one/loss": 2.0, "one/seconds_per_epoch": 7.0},
        "commit": "abc",
    }
    (tmp_path / "results.json").write_text(json.dumps({"runs": [entry]}))
    return types.SimpleNamespace(slug="small", folder=tmp_path, module=modules.get)


def test_a_run_that_can_be_made_again_is_not_stale(script, small, capsys):
    assert script.check(small, "laptop", 0) == 0
    assert "{'epochs': 4}, recorded at abc" in capsys.readouterr().out


@pytest.mark.parametrize("stored", [{"one/loss": 2.03}, {"one/loss": 2.0, "two": 1.0}])
def test_another_or_a_missing_number_is_reported(stored, script, small, capsys):
    path = small.folder / "results.json"
    text = json.loads(path.read_text())
    text["runs"][0]["metrics"] = stored
    path.write_text(json.dumps(text))
    assert script.check(small, "laptop", 0) == 1
    assert "recorded" in capsys.readouterr().out


def test_processors_may_round_and_clocks_may_differ(script):
    old = {"loss": 2.0, "small": 0.0, "seconds_per_epoch": 1.0}
    assert not script.differences(old, {"loss": 2.01, "small": 5e-4})
    assert script.differences(old, {"loss": 2.03, "small": 0.0}) == {
        "loss": (2.0, 2.03)
    }
    assert script.differences(old, {"loss": 2.0, "small": 2e-3}).keys() == {"small"}


def test_a_fingerprint_is_what_the_contract_reads(script, small, tmp_path, monkeypatch):
    monkeypatch.setattr(script, "FINGERPRINTS", tmp_path / "fingerprints.json")
    script.take_fingerprint(small)
    assert script.fingerprints() == {"small": {"one/loss": 1.5}}


def test_stored_fingerprints_belong_to_lessons(script):
    assert set(script.fingerprints()) <= {each.slug for each in catalog.ready()}


def test_a_run_that_was_not_recorded_is_refused(script, capsys):
    assert script.main(["ot_gan", "--seed", "12345"]) == 2
    assert "12345" in capsys.readouterr().err
