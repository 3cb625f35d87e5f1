"""Networks, ISTA and surgery: sizes, steps by hand, and functions that stay."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.efficiency.channel_pruning import (
    config,
    cuts,
    evaluation,
    experiment,
    networks,
    paper,
    surgery,
    theory,
)
from lessons.efficiency.channel_pruning.model import GatedClassifier, Standardise
from lessons.efficiency.channel_pruning.optimizer import ISTA, gate_penalties
from lessons.efficiency.channel_pruning.variants import VARIANTS
from lessons.toolkit.errors import UserError

SHAPE = (8, 8, 1)
IMAGES = np.random.default_rng(0).random((12, *SHAPE), dtype=np.float32)
LABELS = np.random.default_rng(1).integers(0, 10, 12)


def network(name="digits", widths=(6, 5, 4), seed=0):
    """A network whose batch normalisation is not that of a start."""
    shape = SHAPE if name == "digits" else (32, 32, 3)
    model = GatedClassifier(shape, 10, name, widths, seed=seed)
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            *others, variance = layer.get_weights()
            values = [rng.normal(size=w.shape) for w in others]
            layer.set_weights([*values, rng.uniform(0.5, 2, variance.shape)])
    return model


@pytest.mark.parametrize("widths, stored", paper.STORED.items())
def test_convnets_hold_as_many_numbers_as_the_formula_and_the_paper_say(widths, stored):
    a, b, c, d = widths
    kernels = 75 * a + 25 * a * b + 9 * b * c + 16 * c * d + 10 * d
    assert kernels + 4 * (a + b + c + d + 10) == stored
    model = GatedClassifier((32, 32, 3), 10, "convnet", widths)
    found = evaluation.size(model)
    assert found["stored"] == stored
    assert found["parameters"] == stored - 2 * (a + b + c + d + 10)
    by_hand = (32**2 * 75 * a, 16**2 * 25 * a * b, 8**2 * 9 * b * c, 16 * c * d, 10 * d)
    assert found["products"] == sum(by_hand)


def test_paper_presets_build_the_published_networks_and_penalties():
    for name, stored in (("paper", 1_986_760), ("paper_resnet", 273_594)):
        settings = config.PRESETS[name]
        variant = VARIANTS[settings.variants[0]]
        model = experiment.build_model(settings, variant, (32, 32, 3))
        assert evaluation.size(model)["stored"] == stored
        if name == "paper":
            found = networks.penalties(model)
            np.testing.assert_allclose(found, paper.PENALTIES, atol=5e-5)
            assert networks.CHAINS["convnet"][0].pool  # counted before the pool
    assert paper.RESNET_STORED == 273_594


def test_the_laptop_network_and_its_penalties():
    model = experiment.build_model(config.PRESETS["laptop"], VARIANTS["ista"], SHAPE)
    assert evaluation.size(model)["stored"] == paper.LAPTOP_STORED
    assert tuple(networks.penalties(model)) == paper.LAPTOP_PENALTIES
    small = surgery.rebuilt(model, (11, 8, 14))
    assert evaluation.size(small)["stored"] == 2995


def test_only_inner_convolutions_of_a_residual_network_are_gates():
    model = GatedClassifier((32, 32, 3), 10, "resnet20")
    assert len(model.gates) == 9
    scaled = [
        layer.name
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization) and layer.scale
    ]
    assert scaled == [gate.norm for gate in model.gates]
    kernels = [w for w in model.trainable_weights if w.path.endswith("kernel")]
    assert len(kernels) == 1 + 18 + 2 + 1  # stem, blocks, projections, dense


def step_of_ista(inner, rho):
    model = network()
    penalties = gate_penalties(model)
    experiment.compiled(model, ISTA(inner, penalties, rho), run_eagerly=True)
    model.train_on_batch(IMAGES, LABELS)
    return model


def gradients(model):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        cost = loss(LABELS, model(IMAGES, training=True))
    slopes = tape.gradient(cost, model.trainable_weights)
    return {
        w.path: g.numpy() for w, g in zip(model.trainable_weights, slopes, strict=True)
    }


def test_ista_shrinks_gates_and_leaves_the_rest_to_the_wrapped_optimizer():
    start, plain = network(), network()
    slopes = gradients(network())
    found = step_of_ista(keras.optimizers.SGD(0.1, momentum=0.9), 3.0)
    experiment.compiled(plain, keras.optimizers.SGD(0.1), run_eagerly=True)
    plain.train_on_batch(IMAGES, LABELS)
    penalties = gate_penalties(start)
    triples = zip(
        found.trainable_weights,
        start.trainable_weights,
        plain.trainable_weights,
        strict=True,
    )
    for weight, old, other in triples:
        if weight.path not in penalties:
            np.testing.assert_allclose(weight.numpy(), other.numpy(), atol=1e-6)
            continue
        moved = old.numpy() - 0.1 * slopes[old.path]
        size = 0.1 * 3.0 * penalties[old.path]
        short = np.sign(moved) * np.maximum(np.abs(moved) - size, 0)
        np.testing.assert_allclose(weight.numpy(), short, atol=1e-6)
        assert np.array_equal(weight.numpy() == 0, short == 0)
    assert sum(np.sum(g == 0) for g in surgery.gammas(found)) > 0


def test_ista_reads_schedules_of_rate_and_rho_at_each_step():
    schedules = keras.optimizers.schedules
    gate = keras.Variable(np.ones(2, np.float32), name="gate")
    other = keras.Variable(np.ones(2, np.float32), name="other")
    rate = schedules.PiecewiseConstantDecay([1], [0.1, 0.01])
    rho = schedules.PiecewiseConstantDecay([2], [1.0, 3.0])
    optimizer = ISTA(keras.optimizers.SGD(rate), {gate.path: 2.0}, rho)
    still = tf.zeros(2)
    sizes = []
    for _ in range(5):
        before = float(gate.numpy()[0])
        optimizer.apply([still, still], [gate, other])
        sizes.append(before - float(gate.numpy()[0]))
    # Boundaries are the last step of the old value.
    np.testing.assert_allclose(sizes, [0.2, 0.2, 0.02, 0.06, 0.06], atol=1e-6)
    assert int(optimizer.iterations) == 5
    again = ISTA.from_config(optimizer.get_config())
    assert again.get_config() == optimizer.get_config()


@pytest.mark.parametrize(
    "options, text",
    [
        ({"penalties": {}}, "at least one gate"),
        ({"penalties": {"gate": -1.0}}, "negative"),
        ({"rho": -0.1}, "negative"),
        ({"inner_optimizer": keras.optimizers.SGD(0.1, use_ema=True)}, "use_ema"),
        (
            {"inner_optimizer": keras.optimizers.SGD(gradient_accumulation_steps=2)},
            "gradient_accumulation_steps",
        ),
    ],
)
def test_what_ista_cannot_do_is_refused(options, text):
    given = {"inner_optimizer": keras.optimizers.SGD(), "penalties": {"gate": 1.0}}
    with pytest.raises(UserError, match=text):
        ISTA(**given | {"rho": 0.1} | options)


def test_ista_needs_a_variable_that_is_no_gate():
    gate = keras.Variable(np.ones(2, np.float32), name="gate")
    with pytest.raises(UserError, match="every trained variable"):
        ISTA(keras.optimizers.SGD(), {gate.path: 1.0}, 0.1).build([gate])


def test_a_scaled_loss_changes_no_threshold():
    found = []
    for scale in (False, True):
        gate = keras.Variable(np.ones(2, np.float32), name="gate")
        other = keras.Variable(np.ones(2, np.float32), name="other")
        optimizer = ISTA(keras.optimizers.SGD(0.1), {gate.path: 2.0}, 1.0)
        slopes = [tf.constant([0.5, 0.0]), tf.zeros(2)]
        if scale:
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer, 8.0)
            slopes = [8 * slope for slope in slopes]
        optimizer.apply(slopes, [gate, other])
        found.append(gate.numpy())
    np.testing.assert_allclose(found, [[0.75, 0.8]] * 2, atol=1e-6)


def test_a_gate_that_is_not_trained_is_refused():
    model = network()
    model.get_layer("norm_2").trainable = False
    with pytest.raises(UserError, match="norm_2/gamma"):
        ISTA(keras.optimizers.SGD(), gate_penalties(model), 0.1).build(
            model.trainable_weights
        )


def test_the_penalty_in_the_loss_is_the_lasso_and_never_gives_zeros():
    settings = config.PRESETS["smoke"].replace(rho=0.5)
    model = experiment.build_model(settings, VARIANTS["subgradient"], SHAPE)
    expected = 0.5 * theory.lasso(surgery.gammas(model), networks.penalties(model))
    assert float(sum(model.losses)) == pytest.approx(float(expected), rel=1e-5)
    assert not surgery.copy(model).losses
    experiment.compiled(model, keras.optimizers.SGD(0.03), run_eagerly=True)
    for _ in range(40):
        model.train_on_batch(IMAGES, LABELS)
    sizes = np.concatenate([np.abs(g) for g in surgery.gammas(model)])
    assert np.all(sizes > 0) and np.median(sizes) < 0.2


@pytest.mark.parametrize("seed", range(3))
def test_folding_keeps_the_function_where_nothing_is_padded(seed):
    model = network(seed=seed, widths=(8, 7, 6))
    rng = np.random.default_rng(seed)
    kept = [rng.random(n) > 0.4 for n in (8, 7, 6)]
    kept[0][:2] = (False, True)
    model.get_layer("norm_1").beta.assign(np.full(8, 1.5))
    closed = surgery.close(model, kept)
    small = surgery.fold(closed)
    assert small.arguments["widths"] == tuple(max(k.sum(), 1) for k in kept)
    expected = closed.predict(IMAGES, verbose=0)
    np.testing.assert_allclose(small.predict(IMAGES, verbose=0), expected, atol=1e-4)
    dropped = surgery.fold(closed, drop=True).predict(IMAGES, verbose=0)
    assert np.abs(dropped - expected).max() > 0.05


def test_folding_with_padding_is_exact_away_from_the_border_only():
    model = network("convnet", (3, 4, 3, 5))
    closed = surgery.close(model, [np.arange(n) > 0 for n in (3, 4, 3, 5)])
    closed.get_layer("norm_1").beta.assign(np.ones(3))
    images = np.random.default_rng(3).random((4, 32, 32, 3), dtype=np.float32)

    def second(net):
        part = keras.Model(net.input, net.get_layer("norm_2").output)
        return part.predict(images, verbose=0)

    difference = np.abs(second(closed)[..., 1:] - second(surgery.fold(closed)))
    assert difference[:, 2:-2, 2:-2].max() < 1e-4 < 0.01 < difference.max()


def test_a_layer_that_closes_altogether_keeps_one_channel_and_its_function():
    closed = surgery.close(network(), [np.zeros(6, bool), np.ones(5, bool), [True] * 4])
    small = surgery.fold(closed)
    assert small.arguments["widths"] == (1, 5, 4)
    np.testing.assert_allclose(
        small.predict(IMAGES, verbose=0), closed.predict(IMAGES, verbose=0), atol=1e-4
    )


def test_rescaling_keeps_the_function_and_changes_the_gradients():
    model, scaled = network(), network()
    surgery.rescale(scaled, 0.1)
    same = model(IMAGES, training=True), scaled(IMAGES, training=True)
    np.testing.assert_allclose(*same, atol=2e-4)
    one, other = gradients(network()), gradients(scaled)
    for gate in model.gates:
        for name, factor in ((f"{gate.norm}/gamma", 10), (f"{gate.norm}/beta", 10)):
            np.testing.assert_allclose(other[name], factor * one[name], atol=2e-4)
    name = "conv_last/kernel"  # read, but no gate's own kernel
    np.testing.assert_allclose(other[name], 0.1 * one[name], atol=2e-4)
    surgery.rescale(scaled, 10.0)
    for old, new in zip(network().gammas, scaled.gammas, strict=True):
        np.testing.assert_allclose(old.numpy(), new.numpy(), rtol=1e-5)


def test_filters_of_other_norms_are_the_same_network():
    model = network(widths=(8, 8, 8))
    rng = np.random.default_rng(4)
    factors = [10 ** rng.uniform(-1, 1, 8) for _ in range(3)]
    other = surgery.scale_filters(model, factors)
    np.testing.assert_allclose(
        other.predict(IMAGES, verbose=0), model.predict(IMAGES, verbose=0), atol=1e-3
    )
    pairs = zip(surgery.filter_norms(model), surgery.filter_norms(other), strict=True)
    for c, (old, new) in zip(factors, pairs, strict=True):
        np.testing.assert_allclose(new, c * old, rtol=1e-5)
    with pytest.raises(UserError, match="variances"):
        surgery.scale_filters(model, [np.full(8, 1e-3)] * 3)


def test_rules_keep_what_they_say():
    model = network(widths=(4, 4, 4))
    for gamma in model.gammas:
        gamma.assign([0.0, -3.0, 0.2, 1.0])
    kernel = np.ones((3, 3, 1, 4), np.float32) * [4, 1, 3, 2]
    model.get_layer("conv_1").kernel.assign(kernel)
    kept = {
        "zeros": cuts.chosen(model, "zeros"),
        "threshold": cuts.chosen(model, "threshold", threshold=[0.2, 1.0, 5.0]),
        "gamma": cuts.chosen(model, "gamma", (2, 1, 3)),
        "norm": cuts.chosen(model, "norm", (2, 1, 1)),
        "random": cuts.chosen(model, "random", (2, 1, 3), seed=1),
    }
    assert kept["zeros"][0].tolist() == [False, True, True, True]
    assert kept["threshold"][0].tolist() == [False, True, False, True]
    assert not kept["threshold"][2].any()
    assert kept["gamma"][0].tolist() == [False, True, False, True]
    assert kept["norm"][0].tolist() == [True, False, True, False]
    assert [k.sum() for k in kept["random"]] == [2, 1, 3]
    other = cuts.chosen(model, "random", (2, 1, 3), seed=2)
    assert any(np.any(a != b) for a, b in zip(kept["random"], other, strict=True))
    with pytest.raises(UserError, match="cut"):
        cuts.chosen(model, "largest", (1, 1, 1))


def test_gates_that_are_no_numbers_are_refused():
    model = network()
    model.gammas[1].assign([np.nan] * 5)
    with pytest.raises(UserError, match="norm_2"):
        surgery.fold(model)


def test_images_are_standardised_one_by_one():
    images = np.random.default_rng(5).random((3, 5, 4, 3), dtype=np.float32)
    found = Standardise()(images)
    expected = tf.image.per_image_standardization(images)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    flat = np.full((1, 5, 4, 3), 0.3, np.float32)
    np.testing.assert_allclose(Standardise()(flat), 0, atol=1e-5)


@pytest.mark.parametrize(
    "arguments, text",
    [
        ({"network": "vgg"}, "network"),
        ({"widths": (3, 3)}, "3 whole numbers"),
        ({"widths": (3, 0, 3)}, "at least 1"),
        ({"image_shape": (9, 8, 1)}, "Allowed: 8x8"),
        ({"network": "convnet"}, "25 to 32"),
    ],
)
def test_networks_that_cannot_be_built_are_refused(arguments, text):
    given = {"image_shape": SHAPE, "num_classes": 10} | arguments
    with pytest.raises(UserError, match=text):
        GatedClassifier(**given)


def test_augmented_images_change_in_training_only():
    model = GatedClassifier((32, 32, 3), 10, "convnet", (2, 2, 2, 2), augment=True)
    images = np.random.default_rng(6).random((4, 32, 32, 3), dtype=np.float32)
    model.get_layer("norm_4").beta.assign([3.0, 4.0])  # no dead ReLU
    plain = GatedClassifier((32, 32, 3), 10, "convnet", (2, 2, 2, 2))
    plain.set_weights(model.get_weights()[: len(plain.weights)])
    before = [layer.numpy() for layer in model.non_trainable_weights]
    for _ in range(2):
        np.testing.assert_array_equal(plain(images).numpy(), model(images).numpy())
    for old, new in zip(before, model.non_trainable_weights, strict=True):
        np.testing.assert_array_equal(old, new.numpy())
    moved = keras.Model(model.input, model.get_layer("conv_1").output)
    changed = moved(images, training=True) - moved(images, training=False)
    assert np.abs(changed).max() > 0.1


def test_labels_that_are_no_classes_are_refused():
    model = experiment.compiled(network(), keras.optimizers.SGD(), run_eagerly=True)
    with pytest.raises(UserError, match="from 0 to 9, got 10"):
        model.fit(IMAGES[:3], np.array([0, 9, 10]), verbose=0)
