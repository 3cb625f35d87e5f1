"""The Keras optimizer: equal to Keras's own and to the NumPy framework."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.foundations.amsgrad import framework, games, optimizers, problems
from lessons.foundations.amsgrad.variants import VARIANTS
from lessons.toolkit.errors import UserError

FLOAT32 = 2e-6  # of weights of size one, after tens of steps


def optimize(optimizer, gradients, start=0.0, jit_compile=None, constraint=None):
    """The weights after each step of a sequence of gradients."""
    gradients = np.asarray(gradients, "float32")
    variable = keras.Variable(np.full(gradients.shape[1:], start, "float32"))
    variable.constraint = constraint
    optimizer.build([variable])

    def apply(gradient):
        optimizer.apply([gradient], [variable])

    if jit_compile is not None:
        apply = tf.function(apply, jit_compile=jit_compile)
    points = []
    for gradient in gradients:
        apply(tf.constant(gradient))
        points.append(variable.numpy())
    return np.array(points)


@pytest.fixture
def gradients():
    return np.random.default_rng(0).standard_t(3, size=(30, 4)).astype("float32")


KERAS_TWINS = {
    "amsgrad": lambda: keras.optimizers.Adam(0.1, amsgrad=True),
    "adam": lambda: keras.optimizers.Adam(0.1),
}


@pytest.mark.parametrize("method", KERAS_TWINS)
def test_with_correction_and_epsilon_it_is_kerass_adam(method, gradients):
    own = optimizers.Adaptive(0.1, method, bias_correction=True, epsilon=1e-7)
    expected = optimize(KERAS_TWINS[method](), gradients)
    np.testing.assert_allclose(optimize(own, gradients), expected, atol=FLOAT32)


def test_rmsprop_and_adagrad_are_kerass_too(gradients):
    rate = optimizers.InverseSquareRoot(0.1)
    for own, twin in (
        (
            optimizers.Adaptive(0.1, "rmsprop", beta_2=0.9),
            keras.optimizers.RMSprop(0.1, rho=0.9, epsilon=1e-12),
        ),
        (
            optimizers.Adaptive(rate, "adagrad"),
            keras.optimizers.Adagrad(0.1, initial_accumulator_value=0, epsilon=1e-12),
        ),
        (optimizers.Adaptive(rate, "sgd"), keras.optimizers.SGD(rate)),
    ):
        np.testing.assert_allclose(
            optimize(own, gradients), optimize(twin, gradients), atol=5 * FLOAT32
        )


def test_the_hand_computed_sequence():
    own = optimizers.Adaptive(0.1, bias_correction=True, epsilon=1e-7)
    expected = [-0.1, -0.063389, -0.049720, -0.051184, -0.094945, -0.118148]
    found = optimize(own, [1, -2, 0.5, 0.5, 3, -1])
    np.testing.assert_allclose(found, expected, atol=2e-6)


def test_without_correction_it_differs_by_the_known_factor(gradients):
    # Give Keras the rate that undoes its correction, and the two agree.
    class Undone(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            step = keras.ops.cast(step, "float32") + 1
            return 0.1 * (1 - 0.9**step) / keras.ops.sqrt(1 - 0.999**step)

    own = optimize(optimizers.Adaptive(0.1), gradients)
    corrected = optimize(keras.optimizers.Adam(0.1, amsgrad=True), gradients)
    undone = keras.optimizers.Adam(Undone(), amsgrad=True, epsilon=1e-12)
    np.testing.assert_allclose(own, optimize(undone, gradients), atol=2e-5)
    assert np.abs(own - corrected).max() > 0.1


@pytest.mark.parametrize("method", VARIANTS)
def test_it_plays_as_the_framework_does(method, gradients):
    path = games.play(gradients, method, alpha=0.3, beta_1=0.8, beta_2=0.9, start=0.5)
    own = optimizers.Adaptive(
        optimizers.InverseSquareRoot(0.3), method, 0.8, 0.9, low=-1.0, high=1.0
    )
    points = optimize(own, gradients, start=0.5)
    np.testing.assert_allclose(points[:-1], path.points[1:], atol=2e-5)


def test_momentum_decays_as_in_the_framework(gradients):
    path = games.play(gradients, "amsgrad", beta_1=0.9, decay=0.8, beta_2=0.9)
    own = optimizers.Adaptive(
        optimizers.InverseSquareRoot(0.5), "amsgrad", 0.9, 0.9, 0.8, low=-1.0, high=1.0
    )
    np.testing.assert_allclose(
        optimize(own, gradients)[:-1], path.points[1:], atol=2e-5
    )


def test_the_counter_example_runs_through_keras():
    gradients = problems.periodic(300)
    for method, side in (("adam", 1), ("amsgrad", -1)):
        own = optimizers.Adaptive(
            optimizers.InverseSquareRoot(0.5), method, 0.0, 0.1, low=-1.0, high=1.0
        )
        points = optimize(own, gradients, start=1.0, jit_compile=False)
        assert side * points[-30:].mean() > 0.5


def test_a_variables_constraint_projects_after_the_step(gradients):
    def project(weights):
        return keras.ops.clip(weights, -1.0, 1.0)

    def make(**bounds):
        return optimizers.Adaptive(0.5, "amsgrad", **bounds)

    constrained = optimize(make(), gradients, constraint=project)
    np.testing.assert_array_equal(
        constrained, optimize(make(low=-1.0, high=1.0), gradients)
    )
    assert np.abs(constrained).max() == 1.0


def test_one_sided_bounds_hold_on_their_side(gradients):
    points = optimize(optimizers.Adaptive(0.5, low=0.0), gradients)
    assert points.min() == 0.0
    assert points.max() > 1.0


@pytest.mark.parametrize("method", VARIANTS)
@pytest.mark.parametrize("corrected", [False, True])
def test_compiling_changes_nothing(method, corrected, gradients):
    def make():
        return optimizers.Adaptive(0.1, method, bias_correction=corrected)

    eager = optimize(make(), gradients[:8])
    for jit_compile in (False, True):
        compiled = optimize(make(), gradients[:8], jit_compile=jit_compile)
        np.testing.assert_allclose(compiled, eager, atol=FLOAT32)


@pytest.mark.parametrize("method", VARIANTS)
def test_weights_without_gradients_stay_and_nothing_is_nan(method):
    gradients = np.zeros((3, 2))
    gradients[1, 0] = 1e-30  # its square is 0 in float32
    points = optimize(optimizers.Adaptive(0.1, method), gradients, start=0.5)
    np.testing.assert_array_equal(points[:, 1], 0.5)
    assert np.all(np.isfinite(points))
    assert np.all(np.abs(points[:, 0] - 0.5) < 1)


def test_only_the_slots_needed_are_made():
    expected = {"sgd": 0, "adagrad": 1, "rmsprop": 1, "adam": 2, "adamnc": 2}
    for method, count in (expected | {"amsgrad": 3}).items():
        optimizer = optimizers.Adaptive(0.1, method)
        optimizer.build([keras.Variable(np.zeros(3))])
        assert len(optimizer.variables) == 2 + count  # iterations, learning rate


def test_the_configuration_makes_the_same_optimizer(gradients):
    optimizer = optimizers.Adaptive(
        optimizers.InverseSquareRoot(0.3), "adam", 0.8, 0.95, 0.99, epsilon=1e-3, low=-1
    )
    stored = keras.optimizers.serialize(optimizer)
    copy = keras.optimizers.deserialize(stored)
    assert copy.get_config() == optimizer.get_config()
    np.testing.assert_array_equal(
        optimize(copy, gradients), optimize(optimizer, gradients)
    )


def test_a_saved_model_goes_on_as_if_it_had_not_been_saved(tmp_path):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=(20, 1))
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(optimizers.Adaptive(0.01, "amsgrad"), "mse")
    model.fit(x, y, batch_size=8, epochs=2, verbose=0, shuffle=False)
    model.save(tmp_path / "model.keras")
    copy = keras.saving.load_model(tmp_path / "model.keras")
    for network in (model, copy):
        network.fit(x, y, batch_size=8, epochs=2, verbose=0, shuffle=False)
    for left, right in zip(
        model.optimizer.variables, copy.optimizer.variables, strict=True
    ):
        np.testing.assert_array_equal(left.numpy(), right.numpy())
    np.testing.assert_array_equal(
        model.predict(x, verbose=0), copy.predict(x, verbose=0)
    )


def test_embeddings_with_sparse_gradients_train():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Embedding(5, 3)])
    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    own = optimizers.Adaptive(0.1, bias_correction=True, epsilon=1e-7)
    keras_own = keras.optimizers.Adam(0.1, amsgrad=True)
    x = np.array([[0, 1], [1, 1]])
    for network, optimizer in ((model, own), (twin, keras_own)):
        network.compile(optimizer, "mse")
        network.fit(x, np.zeros((2, 2, 3)), epochs=3, verbose=0)
    np.testing.assert_allclose(
        model.get_weights()[0], twin.get_weights()[0], atol=FLOAT32
    )


def test_clipping_decay_and_averaging_of_keras_still_work(gradients):
    options = {"weight_decay": 0.1, "clipnorm": 1.0, "use_ema": True}
    own = optimizers.Adaptive(0.1, bias_correction=True, epsilon=1e-7, **options)
    twin = keras.optimizers.Adam(0.1, amsgrad=True, **options)
    np.testing.assert_allclose(
        optimize(own, gradients), optimize(twin, gradients), atol=FLOAT32
    )


@pytest.mark.parametrize("method", ["amsgrad", "adamnc"])
def test_accumulated_gradients_count_as_one_step(method, gradients):
    plain = optimize(optimizers.Adaptive(0.1, method), gradients)
    accumulating = optimizers.Adaptive(0.1, method, gradient_accumulation_steps=2)
    halves = np.stack([0.5 * gradients, 1.5 * gradients], axis=1).reshape(-1, 4)
    found = optimize(accumulating, halves)[1::2]  # their mean is the gradient
    np.testing.assert_allclose(found, plain, atol=FLOAT32)


def test_the_schedule_counts_from_one():
    schedule = optimizers.InverseSquareRoot(0.6)
    rates = [float(schedule(step)) for step in (0, 3, 8)]
    np.testing.assert_allclose(rates, [0.6, 0.3, 0.2], atol=1e-6)
    copy = optimizers.InverseSquareRoot.from_config(schedule.get_config())
    assert float(copy(3)) == float(schedule(3))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "amsgrd"}, "Did you mean 'amsgrad'"),
        ({"beta_1": 1.0}, r"beta_1 must be in \[0, 1\), got 1.0"),
        ({"beta_2": -0.1}, "beta_2 must be in"),
        ({"decay": 0.0}, "decay must be in"),
        ({"epsilon": -1e-3}, "epsilon must be at least 0"),
        ({"low": 1.0, "high": 0.0}, "low must be below high"),
        ({"decay": 0.9, "bias_correction": True}, "constant beta_1"),
    ],
)
def test_impossible_arguments_are_refused(arguments, message):
    with pytest.raises(UserError, match=message):
        optimizers.Adaptive(0.1, **arguments)


def test_a_rate_that_is_not_positive_is_refused():
    with pytest.raises(UserError, match="alpha must be positive"):
        optimizers.InverseSquareRoot(0.0)


def test_slots_can_be_read(gradients):
    optimizer = optimizers.Adaptive(0.1, beta_2=0.9)
    with pytest.raises(UserError, match="unknown slot 'velocity'"):
        optimizer.slot("velocity")
    optimize(optimizer, gradients)
    (latest,), (peak,) = optimizer.slot("velocity"), optimizer.slot("velocity_hat")
    expected = framework.moments(gradients, VARIANTS["amsgrad"], 0.9, 0.9)[1]
    np.testing.assert_allclose(peak, expected.astype(float)[-1], rtol=1e-4)
    assert np.all(peak >= latest) and np.any(peak > latest)
    with pytest.raises(UserError, match="unknown slot 'velocity_hat'"):
        built = optimizers.Adaptive(0.1, "adam")
        optimize(built, gradients)
        built.slot("velocity_hat")
