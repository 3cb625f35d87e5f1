"""Figures say in words the numbers that they show."""

import numpy as np
import pytest

from lessons.foundations.stimulated_learning import (
    data,
    figures,
    figures_maps,
    figures_theory,
    theory,
)
from lessons.foundations.stimulated_learning.model import GridClassifier

CENTRES = np.array([(1.0, 1.0), (3.0, 2.0), (1.0, 3.0)])
RNG = np.random.default_rng(0)


def test_targets_tell_which_two_classes_are_closest():
    figure = figures_theory.targets(CENTRES, 5, 5, 1.0, ["a", "b", "c"])
    logs = theory.log_target(theory.grid_points(5, 5), CENTRES, 1.0)
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    apart = [float(theory.kl(logs[i], logs[j])) for i, j in pairs]
    assert f"smallest is {min(apart):.1f} nats" in figure.alt
    assert "5 by 5" in figure.alt and len(figure.figure.axes) == 3


def test_landscapes_forward_covers_and_reverse_chooses():
    figure, best = figures_theory.divergence_landscapes(9, 12, 1.2, [(2, 4), (8, 4)])
    assert best["forward"][0] == 5
    assert best["reverse"][0] in (2, 8)
    assert best["forward"][1] == best["reverse"][1] == 4
    assert f"forward at {best['forward']}" in figure.alt


def test_the_drawing_shows_two_grids_with_their_targets():
    figure = figures_theory.network_drawing()
    assert "two hidden layers of 144" in figure.alt
    insets = figure.figure.axes[0].child_axes
    assert len(insets) == 4


def test_maps_and_bars_say_their_numbers():
    maps = {"plain": RNG.random((3, 20)), "other": RNG.random((3, 20))}
    figure = figures_maps.class_maps(maps, 4, 5, CENTRES)
    assert "rows plain, other" in figure.alt and len(figure.figure.axes) == 6
    scores = {"accuracy": 0.9, "decode_2": 0.5, "own_drop": 0.3, "other_drop": -0.01}
    entries = [("η = 0", maps["plain"], scores), ("η = 1", maps["other"], scores)]
    turning = figures_maps.maps_turning(entries, 4, 5, CENTRES, start=1)
    assert turning.labels == ("η = 0", "η = 1") and turning.start == 1
    assert "decoded 0.50" in turning.alts[0] and "own drop 0.30" in turning.alts[1]
    bars = figures.variant_bars({"own": {"plain": [0.2, 0.4]}, "x": {"plain": [0.0]}})
    assert "own: plain (η = 0) 0.30" in bars.alt


def test_damage_gives_the_means_on_and_off_the_diagonal():
    matrix = np.array([[0.5, 0.1], [0.3, 0.7]])
    figure = figures_maps.damage({"network": matrix})
    assert "network 0.60 on the diagonal, 0.20 off it" in figure.alt


def test_width_curves_are_labelled():
    line = np.array([0.0, 0.5]), np.array([0.0, 0.1]), {"label": "one"}
    assert "one" in figures_maps.width_curves([line]).alt


@pytest.mark.parametrize("animated", [False, True])
def test_a_sequence_shows_inputs_targets_and_every_layer(animated):
    model = GridClassifier(4, 3, CENTRES, rows=5, columns=4)
    features = RNG.random((5, 4)).astype(np.float32)
    labels = np.array([0, 1, 2, 1, 0])
    stimuli = data.with_neighbours(labels, np.zeros_like(labels))
    logs = theory.log_target(theory.grid_points(5, 4), CENTRES, 1.0)
    scene = model, features, features.reshape(5, 2, 2), logs, stimuli
    if animated:
        found = figures_maps.sequence_animation(*scene)
        assert found.data.startswith(b"\x89PNG") and "5 frames" in found.alt
        return
    found = figures_maps.sequence_strip(*scene)
    assert len(found.figure.axes) == 4 * 5
    assert "input, target, hidden 1, hidden 2" in found.alt
