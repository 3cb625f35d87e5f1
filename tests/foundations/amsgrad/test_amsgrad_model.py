"""The three networks: sizes of the paper, and what any Keras model must survive."""

import keras
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


@pytest.fixture(params=model.FAMILIES)
def network(request):
    keras.utils.set_random_seed(0)
    sizes = {"filters": 4, "units": (8, 6)} if request.param == "cifarnet" else {}
    built = model.build(request.param, (8, 8, 1), 10, **sizes)
    settings = config.Config(schedule="constant", learning_rate=0.01)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    built.compile(experiment.make_optimizer(settings, "amsgrad"), loss)
    return built


@pytest.fixture
def batch():
    random = np.random.default_rng(0)
    images = random.random((7, 8, 8, 1), dtype="float32")
    return images, random.integers(0, 10, 7)


def test_one_step_changes_every_weight(network, batch):
    before = network.get_weights()
    network.train_on_batch(*batch)
    changed = [
        np.any(b != a) for b, a in zip(before, network.get_weights(), strict=True)
    ]
    assert all(changed)


def test_a_batch_of_one_and_a_ragged_last_batch_train(network, batch):
    for batch_size in (1, 3):
        losses = network.fit(*batch, batch_size=batch_size, verbose=0).history["loss"]
        assert np.isfinite(losses[-1])


def test_a_saved_network_answers_the_same(network, batch, tmp_path):
    network.train_on_batch(*batch)
    network.save(tmp_path / "network.keras")
    copy = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(network(batch[0]), copy(batch[0]))


def test_an_unknown_family_is_refused():
    with pytest.raises(UserError, match="Did you mean 'logistic'"):
        model.build("logistics", (8, 8, 1), 10)
