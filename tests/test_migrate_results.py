"""Recorded runs keep their numbers when names change."""

import importlib
import pathlib
import sys

import pytest

from lessons.toolkit.errors import UserError

SCRIPTS = pathlib.Path(__file__).parents[1] / "scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    sys.modules.pop("migrate_results", None)
    return importlib.import_module("migrate_results")


def test_stored_runs_have_the_names_of_today(script, capsys):
    assert script.main(["--check"]) == 0, capsys.readouterr().out


def test_fields_metrics_and_values_are_renamed(script):
    run = {
        "preset": "laptop",
        "config": {"models": ["r3", "cnn"], "gone": 1, "kept": "r3"},
        "metrics": {"pairs/r3/percent": 5.0, "loss": 1.0},
        "seconds": 2.0,
    }
    changes = {
        "fields": {"models": "variants", "gone": None},
        "values": {"variants": {"r3": "routing_3"}},
        "metrics": [(r"(\w+)/r3/(\w+)", r"\1/routing_3/\2")],
    }
    assert script.migrated(run, changes) == {
        "preset": "laptop",
        "config": {"variants": ["routing_3", "cnn"], "kept": "r3"},
        "metrics": {"pairs/routing_3/percent": 5.0, "loss": 1.0},
        "seconds": 2.0,
    }
    with pytest.raises(UserError, match="'loss'"):
        script.migrated(run, {"metrics": [("pairs/r3/percent", "loss")]})
