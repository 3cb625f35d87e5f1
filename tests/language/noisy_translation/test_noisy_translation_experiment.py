"""What a run finds."""

import pytest

from lessons.language.noisy_translation import config, experiment, paper


@pytest.fixture(scope="module")
def report():
    return experiment.run(config.PRESETS["smoke"])


def test_training_lowers_the_cost_of_every_variant(report):
    for name in report.config.variants:
        losses = report.history[f"{name}/loss"]
        assert losses[-1] < losses[0]


def test_a_run_measures_every_headline(report):
    assert {headline.metric for headline in paper.HEADLINES} <= set(report.metrics)


def test_the_baseline_is_better_than_guessing(report):
    assert report.metrics["nearest_mean/accuracy"] > 0.5
