"""The drawing and the knob hold what they say."""

import numpy as np

from lessons.memory.neural_turing_machine import dynamics, figures_machine


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
