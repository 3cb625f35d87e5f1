"""Weights written by hand: a latch, and what its forget bias does."""

import numpy as np
import pytest

from lessons.foundations.lstm import figures_cell, layers, programs, tasks, theory
from lessons.foundations.lstm.evaluation import growth


@pytest.mark.parametrize(("lag", "bias"), [(60, 2), (60, 10), (1000, 5)])
def test_the_latch_keeps_a_symbol(lag, bias):
    assert programs.run_latch(lag, bias, 100)[0] == 1


@pytest.mark.parametrize(("lag", "bias"), [(60, 1), (1000, 3)])
def test_a_smaller_forget_bias_loses_it(lag, bias):
    assert programs.run_latch(lag, bias)[0] < 0.4  # chance is 0.25


def test_its_gate_opens_once_and_its_content_fades_with_the_bias():
    _, contents, gates = programs.run_latch(60, 4)
    _, symbols = tasks.latch(300, 60, 9)
    assert gates[0, :, :4].min() > 0.999 and gates[1:, :, :4].max() < 1e-4
    own = contents[:, np.arange(300), symbols]
    fading = theory.sigmoid(4) ** np.arange(61)
    np.testing.assert_allclose(own / fading[:, None], np.ones_like(own), atol=5e-3)


def test_keras_runs_the_hand_made_weights():
    layer = layers.LSTM(4)
    layer.build((None, None, 5))
    weights = programs.latch()
    layer.set_weights([weights[name] for name in ("kernel", "recurrent", "bias")])
    inputs, symbols = tasks.latch(20, 60, 1)
    assert np.array_equal(np.argmax(layer(inputs), axis=1), symbols)
    assert growth(layer, inputs, symbols) == pytest.approx(0.997, abs=3e-3)


def test_contents_that_move_apart_are_measured():
    symbols = np.array([0, 0, 1, 1])
    contents = np.array([[0, 0, 1, 1], [0, 2, 4, 6.0]])[..., None]
    np.testing.assert_allclose(programs.spread(contents, symbols), [0.5, 2])
    found = programs.apart(contents, symbols)
    np.testing.assert_allclose(found[:, 0], [1, 2 / 5**0.5])


def test_the_knob_turns_through_all_biases(monkeypatch):
    monkeypatch.setattr(figures_cell, "BIASES", (2, 10))
    turning = figures_cell.forget_bias(12)
    assert len(turning.frames) == len(set(turning.alts)) == 2
    assert "named in 100%" in turning.alts[-1]


def test_the_wires_are_drawn():
    assert len(figures_cell.wiring().figure.axes[0].patches) > 30
