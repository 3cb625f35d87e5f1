"""Normalised layers as Keras objects, and against Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.adversarial.spectral_normalization import theory
from lessons.adversarial.spectral_normalization.layers import (
    ConditionalBatchNormalization,
    NormalizedConv2D,
    NormalizedDense,
)
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5
KINDS = {
    "dense": (lambda **o: NormalizedDense(5, **o), (8, 7)),
    "conv": (lambda **o: NormalizedConv2D(5, 3, 2, **o), (8, 6, 6, 4)),
}


@pytest.fixture(params=KINDS)
def case(request):
    """(function that makes a layer, inputs for it)."""
    make, shape = KINDS[request.param]
    keras.utils.set_random_seed(0)
    return make, np.random.default_rng(0).normal(size=shape).astype(np.float32)


def norm_of(layer):
    return np.linalg.norm(theory.as_matrix(layer.normalized_kernel()), 2)


def converge(layer, inputs):
    layer(inputs)  # builds it
    step = tf.function(layer)
    for _ in range(150):
        step(inputs, training=True)


def test_largest_singular_value_becomes_one(case):
    make, inputs = case
    layer = make()
    converge(layer, inputs)
    assert norm_of(layer) == pytest.approx(1.0, abs=FLOAT32)


def test_scale_of_the_weights_does_not_matter(case):
    make, inputs = case
    layer = make()
    converge(layer, inputs)
    before = layer(inputs)
    layer.kernel.assign(17.0 * layer.kernel)
    np.testing.assert_allclose(layer(inputs), before, atol=1e-5)


@pytest.mark.parametrize("normalizer", ["spectral", "weight", "frobenius"])
def test_a_zero_kernel_computes_zero_and_learns(normalizer, case):
    make, inputs = case
    layer = make(normalizer=normalizer, kernel_initializer="zeros")
    layer(inputs)  # builds it
    before = layer.left.numpy() if normalizer == "spectral" else None

    @tf.function(jit_compile=True)
    def outputs_and_gradient():
        with tf.GradientTape() as tape:
            outputs = layer(inputs, training=True)
            loss = tf.reduce_sum(outputs)
        return outputs, tape.gradient(loss, layer.kernel.value)

    outputs, gradient = outputs_and_gradient()
    np.testing.assert_array_equal(outputs, np.zeros_like(outputs))
    assert np.all(np.isfinite(gradient)) and np.any(gradient != 0)
    if normalizer == "spectral":
        np.testing.assert_array_equal(layer.left, before)  # not lost for ever
        layer.kernel.assign_sub(0.1 * gradient)
        converge(layer, inputs)
        assert norm_of(layer) == pytest.approx(1.0, abs=FLOAT32)


def test_only_training_calls_move_the_vector(case):
    make, inputs = case
    layer = make()
    layer.build(inputs.shape)
    start = layer.left.numpy()
    layer(inputs, training=False)
    np.testing.assert_array_equal(layer.left, start)
    layer(inputs, training=True)
    expected = theory.power_iteration(theory.as_matrix(layer.kernel), start)[1]
    np.testing.assert_allclose(layer.left, expected, atol=1e-6)
    assert not np.allclose(layer.left, start)


def test_rounds_are_done_in_one_call(case):
    make, inputs = case
    once, thrice = make(), make(rounds=3)
    for layer in (once, thrice):
        layer.build(inputs.shape)
    thrice.kernel.assign(once.kernel)
    thrice.left.assign(once.left)
    for _ in range(3):
        once(inputs, training=True)
    thrice(inputs, training=True)
    np.testing.assert_allclose(thrice.left, once.left, atol=1e-6)
    assert type(thrice).from_config(thrice.get_config()).rounds == 3
    with pytest.raises(UserError, match="rounds must be at least 1"):
        make(rounds=0)


def test_raw_weights_stay_and_carry_the_whole_gradient(case):
    make, inputs = case
    layer = make()
    converge(layer, inputs)
    raw = layer.kernel.numpy()
    with tf.GradientTape(persistent=True) as tape:
        loss = tf.reduce_sum(tf.square(layer(inputs, training=True)))
        by_svd = layer.kernel / tf.linalg.svd(theory.as_matrix(layer.kernel))[0][0]
        outputs = layer._apply(inputs, by_svd) + layer.bias
        expected = tf.reduce_sum(tf.square(outputs))
    np.testing.assert_array_equal(layer.kernel, raw)
    a, b = (tape.gradient(v, layer.kernel.value) for v in (loss, expected))
    np.testing.assert_allclose(a, b, atol=2e-4 * np.abs(b).max())


def test_keras_projects_in_place_and_forgets_the_norm_in_the_gradient():
    keras.utils.set_random_seed(0)
    inputs = np.random.default_rng(0).normal(size=(6, 7)).astype(np.float32)
    target = np.random.default_rng(1).normal(size=(6, 5)).astype(np.float32)
    dense = keras.layers.Dense(5, use_bias=False)
    wrapped = keras.layers.SpectralNormalization(dense, power_iterations=100)
    wrapped.build(inputs.shape)
    raw = dense.kernel.numpy()
    norm = np.linalg.norm(raw, 2)
    with tf.GradientTape() as tape:
        outputs = wrapped(inputs, training=True)
        loss = tf.reduce_mean(tf.reduce_sum(outputs * target, axis=1))
    theirs = tape.gradient(loss, dense.kernel.value).numpy()
    np.testing.assert_allclose(dense.kernel, raw / norm, atol=FLOAT32)  # overwritten
    np.testing.assert_allclose(theirs, inputs.T @ target / 6, atol=FLOAT32)

    own = NormalizedDense(5, use_bias=False)
    own.build(inputs.shape)
    own.kernel.assign(raw)
    converge(own, inputs)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.reduce_sum(own(inputs) * target, axis=1))
    ours = tape.gradient(loss, own.kernel.value).numpy()
    left, _, right = np.linalg.svd(raw.T)
    formula = theory.sn_gradient(raw.T, left[:, 0], right[0], target, inputs)
    np.testing.assert_allclose(ours, np.transpose(formula), atol=FLOAT32)
    assert np.abs(ours - theirs).max() > 0.1


@pytest.mark.parametrize("normalizer", ["weight", "frobenius", None])
def test_other_normalisers_do_what_their_names_say(normalizer, case):
    make, inputs = case
    layer = make(normalizer=normalizer)
    layer.build(inputs.shape)
    raw = layer.kernel.numpy().reshape(-1, 5)
    found = np.reshape(layer.normalized_kernel(), (-1, 5))
    expected = {
        "weight": raw / np.linalg.norm(raw, axis=0),
        "frobenius": raw / np.linalg.norm(raw),
        None: raw,
    }
    np.testing.assert_allclose(found, expected[normalizer], atol=1e-6)


def test_gain_starts_at_the_norm_of_the_first_weights(case):
    make, inputs = case
    layer = make(gain=True)
    layer.build(inputs.shape)
    raw = theory.as_matrix(layer.kernel)
    assert float(layer.gain) == pytest.approx(np.linalg.norm(raw, 2), rel=1e-5)
    converge(layer, inputs)
    np.testing.assert_allclose(layer.normalized_kernel(), layer.kernel, atol=1e-5)


def test_on_one_hot_labels_it_is_a_normalised_embedding():
    layer = NormalizedDense(4, use_bias=False)
    converge(layer, np.eye(10, dtype=np.float32))
    table = layer(np.eye(10, dtype=np.float32))
    assert np.linalg.norm(table, 2) == pytest.approx(1, abs=FLOAT32)


@pytest.mark.parametrize("options", [{}, {"normalizer": "weight"}, {"gain": True}])
def test_saved_layers_give_the_same_outputs(options, case, tmp_path):
    make, inputs = case
    given = keras.Input(inputs.shape[1:])
    model = keras.Model(given, make(**options)(given))
    model(inputs, training=True)  # the vector has moved and must be saved
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(inputs), model(inputs))


def test_output_shapes_are_known_beforehand(case):
    make, inputs = case
    layer = make()
    assert tuple(layer(inputs).shape) == layer.compute_output_shape(inputs.shape)
    assert layer.compute_output_shape((None, *inputs.shape[1:]))[0] is None


def test_half_precision_keeps_the_norm_in_float32(case):
    make, inputs = case
    layer = make(dtype="mixed_bfloat16")
    converge(layer, inputs)
    assert layer(inputs).dtype == tf.bfloat16
    assert layer.normalized_kernel().dtype == tf.float32
    assert norm_of(layer) == pytest.approx(1.0, abs=FLOAT32)


def test_compiled_by_xla_it_computes_the_same(case):
    make, inputs = case
    layer = make()
    layer.build(inputs.shape)
    start = layer.left.numpy()
    eager = layer(inputs, training=True).numpy()
    layer.left.assign(start)
    compiled = tf.function(layer, jit_compile=True)(inputs, training=True)
    np.testing.assert_allclose(compiled, eager, atol=1e-5)


@pytest.mark.slow
def test_two_devices_keep_one_vector(on_two_devices):
    words = on_two_devices("""
    import keras, numpy as np
    from lessons.adversarial.spectral_normalization.layers import NormalizedDense
    x = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
    def train():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((4,)), NormalizedDense(3)])
        model.compile(keras.optimizers.SGD(0.1), "mse")
        model.fit(x, x[:, :3], batch_size=8, epochs=3, shuffle=False, verbose=0)
        return np.concatenate([w.ravel() for w in model.get_weights()])
    alone = train()
    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
        both = train()
    print(len(tf.config.list_logical_devices("CPU")), np.abs(alone - both).max() < 1e-5)
    """)
    assert words[-2:] == ["2", "True"]


def test_unknown_normaliser_is_refused():
    with pytest.raises(UserError, match="spectral"):
        NormalizedDense(3, normalizer="spectrum")


def test_conditional_batch_norm_scales_each_class_by_its_own_gain(tmp_path):
    values = np.random.default_rng(0).normal(2, 3, (64, 4, 4, 5)).astype(np.float32)
    labels = np.eye(3, dtype=np.float32)[np.arange(64) % 3]
    inputs = keras.Input((4, 4, 5)), keras.Input((3,))
    layer = ConditionalBatchNormalization()
    model = keras.Model(inputs, layer(list(inputs)))
    layer.gain.assign(np.arange(1, 16).reshape(3, 5))
    layer.shift.assign(np.ones((3, 5)))
    found = model([values, labels], training=True)
    plain = (values - values.mean((0, 1, 2))) / np.sqrt(values.var((0, 1, 2)) + 1e-3)
    gain = labels @ np.arange(1, 16).reshape(3, 5)
    expected = plain * gain[:, None, None] + 1
    np.testing.assert_allclose(found, expected, atol=1e-3)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    pair = [values, labels]
    np.testing.assert_array_equal(loaded(pair), model(pair))
