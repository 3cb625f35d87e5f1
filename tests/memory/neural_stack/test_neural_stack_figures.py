"""Figures: what the knob and the pictures say agrees with the numbers."""

import numpy as np
import pytest

from lessons.memory.neural_stack import (
    config,
    evaluation,
    experiment,
    figures,
    figures_theory,
    programs,
)
from lessons.memory.neural_stack.variants import VARIANTS


def test_the_knob_says_how_many_answers_are_right(monkeypatch):
    monkeypatch.setattr(figures_theory, "NET_POPS", (0.84, 0.9, 1.1))
    turning = figures_theory.balance()
    assert len(turning.frames) == len(figures_theory.NET_POPS)
    for alt, net_pop in zip(turning.alts, figures_theory.NET_POPS, strict=True):
        signals = programs.Signals(0.95, 0.05, 0.0, net_pop)
        for structure in ("stack", "queue"):
            _, right = programs.answers(structure, figures_theory.LENGTH, signals)
            assert f"{structure} gives {right.sum()} of" in alt or (
                structure == "queue" and f"the queue {right.sum()}." in alt
            )


def test_drawings_of_theory_are_made():
    for figure in (figures_theory.wiring(), figures_theory.trace()):
        assert figure.alt and figure.caption


def test_a_trace_is_drawn_with_its_means():
    settings = config.PRESETS["smoke"]
    network = experiment.build_model(settings, VARIANTS["stack"])
    batch = evaluation.test_sequences(settings, 3)
    trace = network.trace(batch.inputs)
    figure = figures.strengths(trace, batch, settings)
    coming = np.asarray(trace.pushes)[0, :3, 0].mean()
    assert f"{coming:.2f} on the mean" in figure.alt


@pytest.mark.parametrize("seeds", [1, 3])
def test_accuracy_is_drawn_for_one_run_and_for_several(seeds):
    settings = config.PRESETS["laptop"]
    figure = figures.accuracy(lambda *key: np.full(seeds, 0.25), settings)
    assert "stack 0.25" in figure.alt


def test_interventions_and_balance_name_their_numbers():
    values = {name: np.array([0.1, 0.3]) for name in figures.SIGNALS}
    assert "even 0.20" in figures.interventions(values).alt
    group = np.array([0.1, 0.2]), np.array([0.7, 0.8]), np.array([0.9, 0.1])
    alt = figures.balance({"wide": group, "narrow": group}).alt
    assert "narrow: accuracy 0.10 to 0.90, imbalance 0.100 to 0.200" in alt
