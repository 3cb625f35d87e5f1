"""The networks are the published ones, and each output is its own example's."""

import numpy as np

from lessons.language.noisy_translation import config, experiment, model, paper
from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit import runtime

IMAGES = np.random.default_rng(0).random((3, 8, 8, 1), dtype="float32")


def test_the_published_network_has_the_published_size():
    settings = config.PRESETS["paper"]
    for name, count in paper.PAPER_PARAMETERS.items():
        built = experiment.build_model(settings, VARIANTS[name], (28, 28, 1))
        assert runtime.num_parameters(built) == count


def test_an_example_does_not_depend_on_its_batch():
    network = model.Classifier((8, 8, 1), 4, hidden_units=5)
    assert np.allclose(network(IMAGES)[:1], network(IMAGES[:1]), atol=1e-6)
