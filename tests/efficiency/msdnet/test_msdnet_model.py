"""Networks against their plans, and lazy evaluation against the whole network."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from lessons.efficiency.msdnet import config, experiment, lazy, networks
from lessons.efficiency.msdnet.model import ExitAccuracy, MultiExit, MultiExitLoss
from lessons.efficiency.msdnet.plan import Plan
from lessons.efficiency.msdnet.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

PLAN = Plan(
    image_shape=(8, 8, 1),
    num_classes=5,
    exits=(1, 3),
    num_scales=2,
    channels=2,
    growth=2,
    growth_factors=(1, 2),
    bottleneck_factors=(1, 2),
    head=4,
    pool="global",
)
IMAGES = np.random.default_rng(0).random((12, 8, 8, 1), dtype=np.float32)


def stirred(model, seed=0):
    """A model whose batch normalisation is not that of a start."""
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        if weight.path.endswith(("beta", "moving_mean")):
            weight.assign(0.3 * rng.normal(size=weight.shape))
        if weight.path.endswith(("gamma", "moving_variance")):
            weight.assign(rng.uniform(0.5, 2, weight.shape))
    return model


@pytest.fixture(scope="module")
def model():
    return stirred(MultiExit([PLAN]))


def test_a_unit_is_convolution_batch_normalisation_and_relu():
    unit = networks.ConvUnit(3, 3, 2, momentum=0.8)
    unit(IMAGES)
    reference = [
        layers.Conv2D(3, 3, 2, "same", use_bias=False),
        layers.BatchNormalization(momentum=0.8, epsilon=networks.EPSILON),
    ]
    for layer, shape in zip(reference, ((None, 8, 8, 1), (None, 4, 4, 3)), strict=True):
        layer.build(shape)
    reference[0].set_weights([unit.kernel])
    for training in (True, False):
        expected = reference[0](IMAGES)
        expected = tf.nn.relu(reference[1](expected, training=training))
        found = unit(IMAGES, training=training)
        np.testing.assert_allclose(found, expected, rtol=3e-4, atol=1e-6)
        np.testing.assert_allclose(
            unit.moving_mean, reference[1].moving_mean, atol=1e-6
        )
    # The variance is unbiased, as PyTorch's: n / (n - 1) with n = 12 x 4 x 4.
    gained = (np.asarray(unit.moving_variance) - 0.8) / (
        np.asarray(reference[1].moving_variance) - 0.8
    )
    np.testing.assert_allclose(gained, 192 / 191, rtol=1e-3)


def test_first_kernels_have_the_deviation_of_fan_out():
    unit = networks.ConvUnit(64, 3, seed=1)
    unit.build((None, 8, 8, 32))
    assert np.std(unit.kernel) == pytest.approx(np.sqrt(2 / (9 * 64)), rel=0.02)


@pytest.mark.parametrize("name", ["msdnet", "one_scale", "chain", "ensemble"])
def test_built_networks_are_as_their_plans_count(name):
    settings = config.PRESETS["smoke"]
    plans = experiment.plans(settings, VARIANTS[name])
    built = experiment.build_model(settings, VARIANTS[name])
    assert runtime.num_parameters(built) == sum(p.num_parameters for p in plans)
    stages = lazy.stages(built.graph)
    for what in ("products", "operations"):
        counted = np.cumsum([getattr(stage, what) for stage in stages])
        expected = np.concatenate([p.costs(what) for p in plans])
        if len(plans) > 1:
            expected = np.cumsum(expected)
        np.testing.assert_array_equal(counted, expected)


def test_the_paper_s_networks_are_as_their_plans_count():
    settings = config.PRESETS["paper_batch"].replace(num_exits=4)
    for change in ({}, {"reduction": "min"}):
        given = settings.replace(**change)
        plan = experiment.plan_of(given)
        built = experiment.build_model(given, VARIANTS["msdnet"])
        assert runtime.num_parameters(built) == plan.num_parameters
        stages = lazy.stages(built.graph)
        assert np.cumsum([s.operations for s in stages]).tolist() == plan.costs()


def test_lazy_evaluation_gives_the_logits_and_computes_the_staircase(model):
    executor = lazy.LazyExecutor(model)
    found = np.stack([x.numpy() for x in executor.exits(IMAGES)], axis=1)
    whole = model(IMAGES, training=False)
    np.testing.assert_allclose(found, whole, atol=1e-5)
    seen = set()
    for layer, stage in zip(PLAN.exits, executor.stages, strict=True):
        assert not seen & stage.cells  # nothing is computed twice
        seen |= stage.cells
        assert seen == PLAN.needed(layer)
    moving = model(IMAGES, training=True)  # batch statistics: other logits
    assert np.abs(found - moving).max() > 1e-2


def test_a_later_exit_is_not_computed_before_it_is_asked_for(model):
    executor = lazy.LazyExecutor(model)
    steps = executor.exits(IMAGES)
    next(steps)
    assert executor.evaluated.tolist() == [12, 0]
    next(steps)
    assert executor.evaluated.tolist() == [12, 12]


def test_a_cell_that_an_exit_does_not_need_leaves_its_logits_alone():
    built = stirred(MultiExit([PLAN]))
    before = built(IMAGES).numpy()
    built.get_layer("l3_s2_same_out").beta.assign(5 * np.ones(2))
    after = built(IMAGES).numpy()
    assert np.array_equal(before[:, 0], after[:, 0])
    assert np.abs(before[:, 1] - after[:, 1]).max() > 0.1


def test_dynamic_execution_is_the_rule_on_all_probabilities(model):
    from lessons.efficiency.msdnet import theory

    executor = lazy.LazyExecutor(model)
    found = lazy.softmax(model(IMAGES)).transpose(1, 0, 2)
    seen = lazy.confidence(found)
    for threshold in (np.median(seen[0]), np.inf, 0.0):
        executor.reset()
        labels, exits = executor.predict(IMAGES, (threshold, -np.inf))
        expected = theory.choose_exits(seen, (threshold, -np.inf))
        np.testing.assert_array_equal(exits, expected)
        rows = np.arange(12)
        np.testing.assert_array_equal(labels, found[exits, rows].argmax(axis=-1))
        assert executor.evaluated.tolist() == [12, np.sum(exits == 1)]
    labels, exits = executor.predict(IMAGES[:1], (np.inf, -np.inf))
    assert labels.shape == (1,) and exits.tolist() == [1]
    labels, exits = executor.predict(IMAGES[:0], (0.5, -np.inf))
    assert labels.shape == exits.shape == (0,)
    with pytest.raises(UserError, match="thresholds"):
        executor.predict(IMAGES, (0.5,))
    with pytest.raises(UserError, match="images"):
        executor.predict(IMAGES[:, :4], (0.5, 0.5))


def test_the_loss_weighs_exits_and_examples():
    logits = np.random.default_rng(1).normal(size=(4, 2, 3)).astype("float32")
    labels = np.array([0, 1, 2, 1])
    first = MultiExitLoss((1, 0))(labels, logits)
    second = MultiExitLoss((0, 1))(labels, logits)
    both = MultiExitLoss((2, 0.5))(labels, logits)
    assert float(both) == pytest.approx(2 * float(first) + 0.5 * float(second), 1e-5)
    weighted = MultiExitLoss((1, 1))(labels, logits, [2, 0, 0, 0])
    alone = MultiExitLoss((1, 1))(labels[:1], logits[:1])
    assert float(weighted) == pytest.approx(2 * float(alone) / 4, 1e-5)
    for weights in ((), (0, 0), (1, -1)):
        with pytest.raises(UserError, match="weights"):
            MultiExitLoss(weights)
    with pytest.raises(UserError, match="2 exits"):
        MultiExitLoss((1, 1, 1))(labels, logits)


def test_each_exit_has_its_accuracy():
    logits = np.zeros((3, 2, 4), "float32")
    logits[:, 0, 1], logits[:, 1, 2] = 1, 1
    labels = np.array([1, 2, 2])
    for exit, expected in ((0, 1 / 3), (1, 2 / 3)):
        metric = ExitAccuracy(exit)
        metric.update_state(labels, logits)
        assert float(metric.result()) == pytest.approx(expected)
        metric.reset_state()
        metric.update_state(labels, logits, np.array([[1.0], [0.0], [0.0]]))
        assert float(metric.result()) == 1 - exit


def test_classifiers_of_fine_maps_tell_places_apart():
    plan = experiment.plans(config.PRESETS["laptop"], VARIANTS["chain"])[0]
    assert [len(plan.head_units(layer)) for layer in plan.exits] == [2, 2, 1]
    built = MultiExit([plan])
    sizes = [built.get_layer(f"exit{at}_logits").kernel.shape[0] for at in plan.exits]
    assert sizes == [2 * 2 * 16, 32, 32]  # 2x2 places are left of 16x16, one of 8x8
    for variant in ("msdnet", "not_dense", "ensemble", "final_only"):
        for plan in experiment.plans(config.PRESETS["laptop"], VARIANTS[variant]):
            assert not any(plan.keeps_places(layer) for layer in plan.exits)


def test_members_of_an_ensemble_share_nothing():
    member = Plan(
        image_shape=(8, 8, 1),
        num_classes=5,
        exits=(2,),
        num_scales=1,
        channels=2,
        dense=False,
        head=4,
        pool="global",
    )
    built = MultiExit([member, member])
    with tf.GradientTape() as tape:
        first = tf.reduce_sum(built(IMAGES)[:, 0] ** 2)
    slopes = tape.gradient(first, built.trainable_weights)
    moves = {0: [], 1: []}
    for weight, slope in zip(built.trainable_weights, slopes, strict=True):
        number = int(weight.path.startswith("net1"))
        moves[number].append(slope is not None and bool(np.any(slope != 0)))
    assert len(moves[0]) == len(moves[1])
    assert not any(moves[1]) and np.mean(moves[0]) > 0.4


def test_decay_is_the_gradient_of_every_trained_number():
    built = MultiExit([PLAN], decay=0.5)
    with tf.GradientTape() as tape:
        penalty = sum(built.losses)
    slopes = tape.gradient(penalty, [w.value for w in built.trainable_weights])
    for weight, slope in zip(built.trainable_weights, slopes, strict=True):
        np.testing.assert_allclose(slope, 0.5 * weight.numpy(), atol=1e-6)


def test_models_that_cannot_be_are_refused():
    import dataclasses

    other = dataclasses.replace(PLAN, num_classes=4)
    for plans, options, text in (
        ([], {}, "plans"),
        ([PLAN, other], {}, "plans"),
        ([PLAN], {"means": (0, 0, 0)}, "means"),
        ([PLAN], {"deviations": (0.0,)}, "deviations"),
    ):
        with pytest.raises(UserError, match=text):
            MultiExit(plans, **options)
    with pytest.raises(UserError, match="labels"):
        MultiExit([PLAN]).check_labels(np.array([5]))


def test_augmentation_moves_training_images_only():
    built = MultiExit([PLAN], augment=True)
    calm = MultiExit([PLAN])
    np.testing.assert_allclose(built(IMAGES), calm(IMAGES), atol=1e-6)
    keras.utils.set_random_seed(0)
    moved = [built(IMAGES, training=True).numpy() for _ in range(2)]
    assert np.abs(moved[0] - moved[1]).max() > 1e-3
