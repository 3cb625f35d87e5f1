"""The three networks: sizes of the paper and response normalisation."""

import numpy as np
import pytest

from lessons.foundations.amsgrad import config, experiment, model, paper
from lessons.toolkit.errors import UserError

SHAPES = {"paper": (28, 28, 1), "paper_network": (28, 28, 1)}


@pytest.mark.parametrize("preset", paper.PAPER_PARAMETERS)
def test_paper_networks_have_the_papers_sizes(preset):
    settings = config.PRESETS[preset]
    network = experiment.build_model(settings, SHAPES.get(preset, (32, 32, 3)))
    assert network.count_params() == paper.PAPER_PARAMETERS[preset]
    assert network.output_shape == (None, 10)


def test_cifarnet_counts_layer_by_layer():
    network = model.cifarnet((32, 32, 3), 10)
    counts = [layer.count_params() for layer in network.layers]
    parts = [count for count in counts if count]
    assert parts == [
        6 * 6 * 3 * 64 + 64,
        6 * 6 * 64 * 64 + 64,
        8 * 8 * 64 * 384 + 384,
        384 * 192 + 192,
        192 * 10 + 10,
    ]


def test_response_normalisation_divides_by_the_neighbours():
    layer = model.LocalResponseNormalization(radius=1, bias=2.0, scale=0.5, power=0.75)
    x = np.random.default_rng(0).normal(size=(2, 3, 3, 5)).astype("float32")
    padded = np.pad(x**2, [(0, 0)] * 3 + [(1, 1)])
    sums = padded[..., :-2] + padded[..., 1:-1] + padded[..., 2:]
    expected = x / (2.0 + 0.5 * sums) ** 0.75
    np.testing.assert_allclose(layer(x).numpy(), expected, atol=1e-6)


def test_an_unknown_family_is_refused():
    with pytest.raises(UserError, match="Did you mean 'logistic'"):
        model.build("logistics", (8, 8, 1), 10)
