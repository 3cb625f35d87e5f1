"""Layers and networks side by side: independence, equality with Keras, sizes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.foundations.self_normalizing import (
    config,
    evaluation,
    experiment,
    layers,
    model,
    paper,
)
from lessons.foundations.self_normalizing import theory_training as training
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5


def make(name, depth=3, members=2, **options):
    keras.utils.set_random_seed(0)
    return model.build(name, 6, 3, depth, 8, members=members, **options)


def trained(network, x, y, steps=3):
    """The network after some steps on one batch, taken without a trace."""
    loss, optimizer = model.SummedCrossEntropy(), keras.optimizers.SGD(0.05)
    network.compile(optimizer, loss, run_eagerly=True)
    for _ in range(steps):
        network.train_on_batch(x, y)
    return network


@pytest.fixture(scope="module")
def batch():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((25, 2, 6)).astype("float32")
    return x, rng.integers(0, 3, (25, 2))


def test_paper_presets_have_the_published_number_of_parameters():
    network = experiment.build_model(config.PRESETS["paper"], "snn", 8, 784, 10)
    assert network.count_params() == paper.PAPER_PARAMETERS[784, 8]
    assert network.output_shape == (None, 1, 10)


def test_parameters_of_the_tutorial_network():
    # 784-512-256-10, the size in the authors' notebooks
    conic = [784, 512, 256, 10]
    count = sum(a * b + b for a, b in zip(conic[:-1], conic[1:], strict=True))
    assert count == 535_818


@pytest.mark.parametrize("name", ["snn", "batch_norm", "layer_norm", "highway"])
def test_members_train_as_if_alone(name, batch):
    x, y = batch
    together = make(name)
    start = together.get_weights()
    found = trained(together, x, y)(x)
    for member in (0, 1):
        alone = make(name, members=1)
        alone.set_weights([part_of(w, member) for w in start])
        own = x[:, [member]], y[:, [member]]
        expected = trained(alone, *own)(own[0])[:, 0]
        np.testing.assert_allclose(found[:, member], expected, atol=1e-4)


def part_of(weights, member):
    """One member's part of a weight array."""
    if weights.shape[0] == 2:
        return weights[[member]]
    return weights.reshape(2, -1)[member]  # batch normalisation: members in a row


@pytest.mark.parametrize("name", ["snn", "relu", "tanh"])
def test_a_member_is_a_plain_stack_of_keras_dense_layers(name, batch):
    network = make(name)
    activation = {"snn": "selu"}.get(name, name)
    x = batch[0][:, 1]
    stack = keras.Sequential([keras.Input((6,))])
    for _ in range(3):
        stack.add(keras.layers.Dense(8, activation=activation))
    stack.add(keras.layers.Dense(3))
    stack.set_weights([w[1] for w in network.get_weights()])
    np.testing.assert_allclose(
        np.asarray(network(batch[0]))[:, 1], stack(x), atol=FLOAT32
    )


def test_layer_norm_is_that_of_keras(batch):
    network = make("layer_norm", depth=1)
    x = batch[0]
    kernel, bias, scale, shift = (w[0] for w in network.get_weights()[:4])
    norm = keras.layers.LayerNormalization()
    norm.build((None, 8))
    norm.set_weights([scale, shift])
    expected = np.maximum(norm(x[:, 0] @ kernel + bias), 0)
    inner = keras.Model(network.input, network.get_layer("hidden_1_act").output)
    found = np.asarray(inner(x))[:, 0]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_weight_norm_splits_length_and_direction(batch):
    layer = layers.MemberDense(4, weight_norm=True)
    layer.build((None, 2, 6))
    used = np.asarray(layer.weights_used())
    np.testing.assert_allclose(used, layer.kernel, atol=FLOAT32)  # g starts at |v|
    layer.kernel.assign(3.0 * layer.kernel)
    np.testing.assert_allclose(layer.weights_used(), used, atol=FLOAT32)
    layer.length.assign(2.0 * np.ones((2, 1, 4)))
    norms = np.linalg.norm(np.asarray(layer.weights_used()), axis=1)
    np.testing.assert_allclose(norms, 2.0, atol=FLOAT32)


def test_closed_highway_gates_pass_the_input_on(batch):
    network = make("highway", depth=5)
    for layer in network.layers:
        if layer.name.endswith("_gate"):
            layer.offset.assign(-40.0 * np.ones(layer.offset.shape))
    first = keras.Model(network.input, network.get_layer("input_map").output)
    last = keras.Model(network.input, network.get_layer("hidden_5_sum").output)
    x = batch[0]
    np.testing.assert_allclose(last(x), first(x), atol=FLOAT32)


def test_initial_weights_have_the_variance_asked_for():
    keras.utils.set_random_seed(0)
    weights = layers.MemberNormal(2.0, (100, 400))((2, 400, 500))
    variances = np.asarray(weights).var(axis=(1, 2))
    np.testing.assert_allclose(variances, [2 / 100, 2 / 400], rtol=0.02)


def test_padded_members_equal_unpadded_ones():
    # A member with 4 of 6 features and 2 of 3 classes, padded.
    keras.utils.set_random_seed(0)
    network = model.build("snn", 6, 3, 2, 8, members=2, fan_in=(4, 6), classes=(2, 3))
    x = np.random.default_rng(0).standard_normal((5, 2, 6)).astype("float32")
    x[:, 0, 4:] = 0
    logits = np.asarray(network(x))
    assert np.all(logits[:, 0, 2] < -1e8)
    assert np.all(np.abs(logits[:, 1]) < 100)
    loss = model.SummedCrossEntropy()(np.zeros((5, 2)), logits)
    known = logits[:, 0, :2] - np.logaddexp.reduce(logits[:, 0, :2], axis=1)[:, None]
    other = logits[:, 1] - np.logaddexp.reduce(logits[:, 1], axis=1)[:, None]
    expected = -(known[:, 0] + other[:, 0]).mean()
    assert float(loss) == pytest.approx(expected, rel=FLOAT32)


@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_alpha_dropout_keeps_moments_and_has_two_outcomes(rate):
    x = np.random.default_rng(0).standard_normal((2000, 500)).astype("float32")
    layer = layers.AlphaDropout(rate, seed=1)
    y = np.asarray(layer(x, training=True))
    # A million draws: standard errors of about 0.001 and 0.0015
    assert y.mean(dtype=float) == pytest.approx(0, abs=0.005)
    assert y.var(dtype=float) == pytest.approx(1, abs=0.008)
    scale, shift = training.dropout_affine(rate)
    dropped = np.isclose(y, scale * training.ALPHA_PRIME + shift, atol=1e-5)
    assert dropped.mean() == pytest.approx(rate, abs=0.003)
    kept = np.where(dropped, 0, y - (scale * x + shift))
    np.testing.assert_allclose(kept, 0, atol=1e-5)


def test_alpha_dropout_values_are_those_of_keras():
    ones = np.ones((50, 50), "float32")
    ours = np.unique(layers.AlphaDropout(0.2, seed=0)(ones, training=True))
    theirs = np.unique(keras.layers.AlphaDropout(0.2, seed=0)(ones, training=True))
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_alpha_dropout_does_nothing_at_inference_or_rate_zero():
    x = np.random.default_rng(0).standard_normal((4, 5)).astype("float32")
    np.testing.assert_array_equal(layers.AlphaDropout(0.5)(x, training=False), x)
    np.testing.assert_array_equal(layers.AlphaDropout(0.0)(x, training=True), x)


def test_alpha_dropout_passes_masks_on():
    stack = keras.Sequential(
        [
            keras.layers.Embedding(3, 4, mask_zero=True),
            layers.AlphaDropout(0.1),
            keras.layers.GlobalAveragePooling1D(),
        ]
    )
    padded, short = stack(np.array([[1, 2, 0, 0]])), stack(np.array([[1, 2]]))
    np.testing.assert_allclose(padded, short, atol=1e-6)


def test_inputs_without_members_are_refused():
    with pytest.raises(UserError, match="members"):
        layers.MemberDense(3)(np.zeros((4, 5), "float32"))


def test_accuracy_counts_real_rows_only():
    class Fixed:
        def predict(self, x, **_):
            return tf.one_hot(np.zeros(x.shape[:2], int), 3).numpy()

    y = np.array([[0, 0], [1, 0], [0, 1]])
    x = np.zeros((3, 2, 4))
    np.testing.assert_allclose(evaluation.accuracy(Fixed(), x, y), [2 / 3, 2 / 3])
    np.testing.assert_allclose(evaluation.accuracy(Fixed(), x, y, [1, 2]), [1, 1])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("selu", 6, 3, 2, 8), "snn"),
        (("snn", 6, 3, 0, 8), "at least 1"),
    ],
)
def test_impossible_networks_are_refused(arguments, words):
    with pytest.raises(UserError, match=words):
        model.build(*arguments)
    with pytest.raises(UserError, match="one width"):
        model.build("highway", 6, 3, 2, 8, form="conic")
