"""The drawing and the knob hold what they say."""

import numpy as np

from lessons.memory.neural_turing_machine import (
    config,
    dynamics,
    evaluation,
    figures_machine,
)
from lessons.toolkit.results import Runs


def test_the_knob_shows_what_sharpening_keeps(monkeypatch):
    monkeypatch.setattr(figures_machine, "GAMMAS", (1.0, 5.0))
    turning = figures_machine.sharpening(16, 20)
    assert len(turning.frames) == 2
    peak = dynamics.repeated((0, 0.3, 0.7), 5.0, 20, 16)[-1].max()
    assert f"are 1.00, 1.00, {peak:.2f}" in turning.alts[-1]
    assert len(set(turning.alts)) == len(turning.alts)


def test_the_machine_is_drawn_with_all_its_slots():
    axis = figures_machine.wiring().figure.axes[0]
    assert len(axis.patches) >= 6 + 5 + 9
    assert any("memory" in text.get_text() for text in axis.texts)
    assert np.ptp(axis.get_xlim()) < 9.7  # inches: fits on a page


def test_recorded_errors_stand_beside_an_answer_of_zeros():
    settings = config.PRESETS["laptop_repeat"].replace(test_lengths=(2, 5), num_test=50)
    runs = Runs(
        (0, 1),
        tuple(
            {
                f"{name}/bit_error_{n}": 0.1 * seed
                for name in ("ntm", "lstm")
                for n in (2, 5)
            }
            for seed in (0, 1)
        ),
    )
    drawn = figures_machine.errors_of_recorded(
        {"one": (runs, settings)} | {"two": (runs, settings)}
    )
    lines = drawn.figure.axes[0].get_lines()
    heights = [tuple(np.round(line.get_ydata(), 3).ravel()) for line in lines]
    assert (0.05, 0.05) in heights  # the mean
    zeros = tuple(round(evaluation.zeros_error(settings, n), 3) for n in (2, 5))
    assert zeros in heights
    said = 2.5 * np.array([2, 5])  # vectors of an answer, on the mean
    # Half of their four bits is wrong, and the end marker that follows.
    np.testing.assert_allclose(zeros, (2 * said + 1) / (5 * (said + 1)), atol=0.015)
