"""Figures say in words the numbers that they show."""

import numpy as np
import pytest

from lessons.efficiency.wage import figures, figures_theory, paper
from lessons.efficiency.wage.model import IntegerClassifier


def test_the_window_tells_what_each_position_does():
    errors = np.array([1.0, -0.5, 0.001, 0.0001])
    turning = figures_theory.error_window(errors, exponents=(-1, 0, 3))
    assert turning.labels == ("γ = 1/2", "γ = 1", "γ = 8")
    assert turning.start == 1
    assert "50% of the errors become 0" in turning.alts[1]
    assert "50.0% saturate" in turning.alts[2]


def test_energy_is_the_sum_of_products_and_additions():
    figure = figures_theory.energy(paper.ENERGY, 1_000_000_000)
    assert "8-bit integers 0.23 mJ" in figure.alt
    assert "32-bit floats 4.60 mJ" in figure.alt


def test_bars_and_histograms_give_their_numbers():
    bars = figures.accuracy_bars({"wage": [0.9, 1.0], "slow": [0.5, 0.5]}, "a test")
    assert "2-8-8-8 0.950, rate/8 0.500" in bars.alt
    model = IntegerClassifier((8, 8, 1), 10, "4FC")
    assert "plus and minus 0.25" in figures.weights(model).alt
    assert len(figures.weights(model).figure.axes) == 2
    assert figures_theory.layer_drawing().alt != figures_theory.quantisers().alt


@pytest.mark.parametrize("name", ["wage/accuracy", "slow/accuracy"])
def test_curves_are_labelled_by_their_variants(name):
    figure = figures.accuracy_curves({name: [0.1, 0.9]})
    label = {"wage": "2-8-8-8", "slow": "rate/8"}[name.split("/")[0]]
    assert label in figure.alt
