"""Network and losses: sizes, the loss by hand, what is refused, building blocks."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import expit, log_softmax, rel_entr

from lessons.foundations.stimulated_learning import (
    config,
    data,
    evaluation,
    experiment,
    layout,
    paper,
    training,
)
from lessons.foundations.stimulated_learning.losses import Adjacency, Stimulus
from lessons.foundations.stimulated_learning.model import GridClassifier
from lessons.foundations.stimulated_learning.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

CENTRES = np.array([(0.4, 0.5), (3.5, 0.2), (2.0, 2.6)])
rng = np.random.default_rng(0)
X = rng.normal(size=(6, 7)).astype(np.float32)
LABELS = np.array([0, 1, 2, 2, 1, 0])


def network(**options):
    options = {"rows": 3, "columns": 4, "spread": 1.2, **options}
    return GridClassifier(7, 3, CENTRES, **options)


def test_the_published_network_has_the_published_size():
    settings = config.PRESETS["paper"]
    features, classes, stimuli = data.sizes(settings)
    centres = layout.class_centres(np.zeros((stimuli, 1)), 32, 32, "circle")
    model = experiment.build_model(
        settings, VARIANTS["stimulated"], features, classes, centres
    )
    stack = sum(runtime.num_parameters(layer) for layer in model.hidden)
    assert stack == paper.HIDDEN_STACK
    assert runtime.num_parameters(model) == paper.PAPER_PARAMETERS["paper"]
    assert [layer.units for layer in model.hidden] == [1024] * 6


def by_hand(model, stimuli):
    """Loss of each example in NumPy."""
    given = model.arguments
    weights = [np.asarray(w, np.float64) for w in model.get_weights()]
    kernels, biases = weights[::2], weights[1::2]
    targets = evaluation.targets_of(model)
    values, cost = X.astype(np.float64), np.zeros(6)
    for place in range(given["num_layers"]):
        values = expit(values @ kernels[place] + biases[place])
        last = place == given["num_layers"] - 1
        norms = np.sqrt((kernels[place + 1] ** 2).sum(axis=1))
        if given["surface"] == "raw" or (given["surface"] == "code" and last):
            norms = np.ones_like(norms)
        q = values * norms / (values * norms).sum(axis=1, keepdims=True)
        grid = values.reshape(6, given["rows"], given["columns"])
        for b in range(6):
            there = [c for c in stimuli[b] if c >= 0]
            if there and (last or given["regularised"] == "all"):
                target = targets[there].mean(axis=0)
                forward, reverse = rel_entr(target, q[b]), rel_entr(q[b], target)
                part = {"forward": forward, "reverse": reverse}
                part = part.get(given["direction"], forward + reverse)
                cost[b] += given["stimulus"] * part.sum()
            if last or given["regularised"] == "all":
                rough = (np.diff(grid[b], axis=0) ** 2).sum()
                rough += (np.diff(grid[b], axis=1) ** 2).sum()
                cost[b] += given["adjacency"] * np.sqrt(rough)
    logits = values @ kernels[-1] + biases[-1]
    return cost - log_softmax(logits, axis=1)[np.arange(6), LABELS]


@pytest.mark.parametrize(
    "options",
    [
        {"stimulus": 0.5},
        {"stimulus": 0.7, "direction": "reverse", "surface": "raw"},
        {"stimulus": 0.3, "direction": "symmetric", "surface": "code"},
        {"stimulus": 0.5, "regularised": "last", "adjacency": 0.2},
        {"stimulus": 0.0, "adjacency": 0.4, "num_layers": 3},
    ],
)
def test_the_loss_is_that_of_the_definitions(options):
    model = network(**options)
    model.compile("adam")
    stimuli = np.array(
        [[0, 1, -1], [1, -1, -1], [2, 0, 1], [-1] * 3, [1, 1, 0], [0] * 3]
    )
    y = np.column_stack([LABELS, stimuli])
    expected = by_hand(model, stimuli)
    loss = model.evaluate(X, y, verbose=0)
    assert loss == pytest.approx(expected.mean(), rel=1e-5)
    weights = np.arange(1.0, 7)
    loss = model.evaluate(X, y, sample_weight=weights, verbose=0)
    assert loss == pytest.approx((weights * expected).mean(), rel=1e-5)
    plain = by_hand(model, LABELS[:, None])
    assert model.evaluate(X, LABELS, verbose=0) == pytest.approx(plain.mean(), rel=1e-5)


def test_gradients_flow_through_the_outgoing_weights():
    slopes = {}
    for surface in ("weighted", "raw"):
        model = network(surface=surface, num_layers=1)
        with tf.GradientTape() as tape:
            outputs = model(X)
            stimuli = tf.constant(LABELS[:, None])
            cost = model.stimulus_loss(stimuli, model.weighted(outputs, 0))
        slopes[surface] = tape.gradient(cost, model.readout.kernel)
    assert slopes["raw"] is None and np.abs(slopes["weighted"]).max() > 1e-3


def test_a_muted_unit_is_off_in_every_hidden_layer():
    model = network()
    gains = np.ones(12, np.float32)
    gains[5] = 0
    outputs = model(X, gains)
    assert np.all(outputs["hidden_1"][:, 5] == 0) and np.all(
        outputs["hidden_2"][:, 5] == 0
    )
    kernels = [w.numpy() for w in model.trainable_weights]
    first = expit(X @ kernels[0] + kernels[1]) * gains
    second = expit(first @ kernels[2] + kernels[3]) * gains
    logits = second @ kernels[4] + kernels[5]
    np.testing.assert_allclose(outputs["logits"], logits, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(
        model(X, np.ones(12, np.float32))["logits"], model(X)["logits"]
    )


def test_units_may_change_places_without_changing_the_function():
    model = network(num_layers=3)
    orders = [rng.permutation(12) for _ in range(3)]
    moved = layout.reordered(model, orders)
    one, other = model(X), moved(X)
    np.testing.assert_allclose(one["logits"], other["logits"], atol=1e-5)
    for layer, order in zip(model.hidden, orders, strict=True):
        np.testing.assert_allclose(
            other[layer.name], one[layer.name].numpy()[:, order], atol=1e-5
        )
    assert np.abs(one["hidden_1"] - other["hidden_1"]).max() > 0.01


@pytest.mark.parametrize(
    "options, text",
    [
        ({"surface": "norm"}, "surface"),
        ({"regularised": "first"}, "regularised"),
        ({"direction": "both"}, "direction"),
        ({"stimulus": -0.1}, "stimulus must be"),
        ({"adjacency": float("nan")}, "adjacency must be"),
        ({"spread": 0.0}, "spread must be"),
        ({"first_factor": 0}, "first_factor must be"),
        ({"num_layers": 0}, "num_layers"),
        ({"rows": 0}, "at least one row"),
    ],
)
def test_what_cannot_be_is_refused(options, text):
    with pytest.raises(UserError, match=text):
        network(**options)
    with pytest.raises(UserError, match="at least one row"):
        Adjacency(0, 5)
    with pytest.raises(UserError, match="centres"):
        GridClassifier(7, 3, [1.0, 2.0])


def test_labels_and_stimuli_that_do_not_exist_are_refused_or_stop_the_training():
    model = network()
    model.compile("adam", run_eagerly=True)
    with pytest.raises(UserError, match="from 0 to 2, got 3"):
        model.fit(X, LABELS + 1, verbose=0)
    with pytest.raises(UserError, match="-1 for a label that is missing"):
        model.fit(X, np.column_stack([LABELS, LABELS - 2]), verbose=0)
    outputs = model(X)
    assert np.isfinite(model.compute_loss(X, LABELS, outputs))
    assert np.isnan(model.compute_loss(X, LABELS + 1, outputs))
    unseen = np.column_stack([LABELS, LABELS + 1])
    assert np.isnan(model.compute_loss(X, unseen, outputs))


def test_the_losses_work_in_a_model_of_ones_own(tmp_path):
    inputs = keras.Input((7,))
    hidden = keras.layers.Dense(12, "relu", name="hidden")(inputs)
    logits = keras.layers.Dense(3, name="class")(hidden)
    model = keras.Model(inputs, {"class": logits, "hidden": hidden})
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        "adam",
        loss={"class": cross_entropy, "hidden": Stimulus(CENTRES, 3, 4)},
        loss_weights={"class": 1.0, "hidden": 0.5},
    )
    y = {"class": LABELS, "hidden": LABELS}
    before = model.evaluate(X, y, verbose=0, return_dict=True)
    model.fit(X, y, epochs=30, verbose=0)
    after = model.evaluate(X, y, verbose=0, return_dict=True)
    assert after["hidden_loss"] < before["hidden_loss"]
    model.save(tmp_path / "own.keras")
    loaded = keras.saving.load_model(tmp_path / "own.keras")
    again = loaded.evaluate(X, y, verbose=0, return_dict=True)
    assert again["loss"] == pytest.approx(after["loss"], rel=1e-6)


def test_losses_weigh_examples_and_leave_out_those_without_stimulus():
    values = rng.random((4, 12)).astype(np.float32)
    unknown = Stimulus(CENTRES, 3, 4, reduction=None)(np.array([0, 3, 1, -2]), values)
    np.testing.assert_array_equal(np.isnan(unknown), [False, True, False, True])
    loss = Stimulus(CENTRES, 3, 4, reduction=None)
    each = loss(np.array([0, 1, 2, -1]), values).numpy()
    assert each.shape == (4,) and each[3] == 0 and each[:3].min() > 0
    np.testing.assert_allclose(loss(np.array([[0], [1], [2], [-1]]), values), each)
    half = loss(np.array([0, 1, 2, -1]), values.astype(np.float16))
    np.testing.assert_allclose(half, each, rtol=1e-2)
    weighted = loss(np.array([0, 1, 2, -1]), values, np.array([2.0, 0, 1, 1])).numpy()
    np.testing.assert_allclose(weighted, each * [2, 0, 1, 1], rtol=1e-6)
    copy = Stimulus.from_config(loss.get_config())
    np.testing.assert_array_equal(copy(np.array([0, 1, 2, -1]), values), each)
    rough = Adjacency(3, 4, wrap=True, reduction=None)
    again = Adjacency.from_config(rough.get_config())
    np.testing.assert_array_equal(rough(LABELS[:4], values), again(LABELS[:4], values))
    for wrong in (loss, rough):
        with pytest.raises(UserError, match="12 units"):
            wrong(np.array([0, 1]), values[:2, :10])


def test_pretraining_lowers_the_error_of_each_layer_and_moves_it():
    model = network()
    x = np.repeat(X, 40, axis=0)
    before = [w.numpy().copy() for w in model.trainable_weights]
    options = {"batch_size": 16, "corruption": 0.2, "seed": 1}
    short = training.pretrain(network(), x, epochs=1, **options)
    long = training.pretrain(model, x, epochs=12, **options)
    assert all(a < b for a, b in zip(long, short, strict=True))
    moved = [
        not np.array_equal(w.numpy(), old)
        for w, old in zip(model.trainable_weights, before, strict=True)
    ]
    assert moved == [True, True, True, True, False, False]  # not the readout


def test_the_rate_is_halved_and_the_best_weights_come_back():
    model = network()
    model.compile(keras.optimizers.SGD(0.08))
    schedule = training.HalveRate(least_rate=0.03)
    schedule.set_model(model)
    best = model.get_weights()
    for accuracy, rate, stopped in (
        (0.5, 0.08, False),
        (0.4, 0.04, False),
        (0.5, 0.02, True),
    ):
        schedule.on_epoch_end(0, {"val_accuracy": accuracy})
        assert float(model.optimizer.learning_rate) == pytest.approx(rate)
        assert getattr(model, "stop_training", False) == stopped
        for now, then in zip(model.get_weights(), best, strict=True):
            np.testing.assert_array_equal(now, then)
        model.set_weights([w + 1 for w in best])
    schedule.on_train_end()
    np.testing.assert_array_equal(model.get_weights()[0], best[0])


def test_the_first_layer_may_start_smaller():
    one, small = network(), network(first_factor=0.1)
    ratio = small.hidden[0].kernel.numpy().std() / one.hidden[0].kernel.numpy().std()
    assert ratio == pytest.approx(0.1, rel=1e-4)
    np.testing.assert_array_equal(small.readout.kernel, one.readout.kernel)
