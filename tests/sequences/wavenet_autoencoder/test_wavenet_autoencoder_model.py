"""Networks: sizes, causality by gradients, ring buffers against the slow way."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.wavenet_autoencoder import (
    config,
    experiment,
    generation,
    paper,
    theory,
)
from lessons.sequences.wavenet_autoencoder.model import WaveNetDecoder, WaveNetEncoder
from lessons.sequences.wavenet_autoencoder.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SMOKE, PAPER = config.PRESETS["smoke"], config.PRESETS["paper"]
RNG = np.random.default_rng(0)


def network(name="pitched", seed=0):
    keras.utils.set_random_seed(seed)
    model = experiment.build_model(SMOKE, VARIANTS[name])
    model.build((None, 1 + SMOKE.crop))
    return model


def notes(count=3, frames=3, seed=0):
    rng = np.random.default_rng(seed)
    found = rng.integers(0, 256, (count, 1 + 16 * frames)).astype("int32")
    found[:, 0] = rng.integers(50, 70, count)
    return found


def test_paper_sizes():
    wavenet = experiment.build_model(PAPER, VARIANTS["autoencoder"])
    wavenet.build((None, 1 + PAPER.crop))
    assert runtime.num_parameters(wavenet) == paper.PARAMETERS["wavenet"]
    assert runtime.num_parameters(wavenet.encoder) == 1_976_336
    assert runtime.num_parameters(wavenet.decoder) == 59_827_712 - paper.DEAD
    assert paper.PARAMETERS["wavenet"] == 61_541_392
    told = sum(layer.count_params() for layer in wavenet.decoder.conditions)
    assert 59_827_712 - told == 59_301_120
    del wavenet
    spectral = experiment.build_model(PAPER, VARIANTS["spectral"])
    spectral.build((None, 512, 257, 1))
    assert runtime.num_parameters(spectral) == paper.PARAMETERS["spectral"]
    assert spectral.code_shape == (1, 1, 1984)


def gradient(layer, x, place, channel=None):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x)[:, place] ** 2)
    return tf.reduce_sum(tf.abs(tape.gradient(y, x)), axis=(0, 2)).numpy()


def test_the_decoder_sees_its_field_and_nothing_else():
    keras.utils.set_random_seed(1)
    rates = theory.dilations(4, 3)
    decoder = WaveNetDecoder(8, 8, rates, 0)
    decoder.build((None, 60, 1))
    x = RNG.normal(size=(2, 60, 1)).astype("float32")
    found = gradient(decoder, x, 50)
    # The start convolution adds two; the logit's own sample is not among them.
    reach = theory.receptive_field(3, (1, *rates))
    seen = np.flatnonzero(found > 1e-6 * found.max())
    assert seen.min() == 50 - reach and seen.max() == 49
    assert np.all(found[50:] == 0) and np.all(found[: 50 - reach] == 0)


@pytest.mark.parametrize("causal", [False, True])
def test_the_encoder_sees_both_sides_unless_it_is_causal(causal):
    keras.utils.set_random_seed(1)
    rates = theory.dilations(3, 10)
    encoder = WaveNetEncoder(8, rates, 2, 16, causal)
    encoder.build((None, 96, 1))
    x = RNG.normal(size=(2, 96, 1)).astype("float32")
    found = gradient(encoder, x, 2)  # samples 32 to 47
    seen = np.flatnonzero(found > 1e-7 * found.max())
    side = theory.receptive_field(3, (1, *rates)) - 1
    # A causal code is the mean of the frame before: samples 16 to 31.
    first, last = (16 - side, 31) if causal else (32 - side // 2, 47 + side // 2)
    assert seen.min() == first and seen.max() == last


def test_without_the_shift_a_network_would_copy():
    model = network("unconditional")
    one = notes(1)
    other = one.copy()
    other[:, 20] = (other[:, 20] + 99) % 256
    different = np.abs(model(one) - model(other)).max(axis=(0, 2))
    assert np.all(different[:20] == 0) and different[20] > 0  # place 19 is the sample


@pytest.mark.parametrize("name", ["pitched", "unconditional"])
def test_ring_buffers_are_the_slow_way(name):
    model = network(name)
    x = notes(2, 4)
    code = model.encode(x)
    condition = model.condition(code, x[:, 0], 4)
    generate = generation.FastGenerator(model)
    arguments = (2, 64) if condition is None else (condition,)
    classes, logits = generate(*arguments, seed=3)
    uniform = np.stack([np.random.default_rng((3, i)).random(64) for i in (0, 1)], 1)
    slow, whole = generation.slow(model, condition, 64, uniform)
    np.testing.assert_array_equal(classes, slow)
    np.testing.assert_allclose(logits, whole, atol=1e-5)
    again, _ = generate(*arguments, seed=3)  # no state is kept
    np.testing.assert_array_equal(classes, again)
    if condition is None:
        return
    alone, _ = generation.FastGenerator(model)(condition[:1], seed=3)
    np.testing.assert_array_equal(alone[0], classes[0])
    likeliest, rows = generate(condition, temperature=0.0)
    np.testing.assert_array_equal(likeliest, rows.argmax(-1))
    with pytest.raises(UserError, match="temperature"):
        generate(condition, temperature=-1.0)


def test_draws_follow_the_probabilities():
    logits = RNG.normal(size=(1, 256)).astype("float32")
    uniform = (np.arange(20_000) + 0.5) / 20_000
    rows = tf.constant(np.repeat(logits, 20_000, axis=0))
    drawn = generation.choose(rows, tf.constant(uniform, tf.float32), tf.constant(1.0))
    p = np.exp(logits[0]) / np.exp(logits).sum()
    share = np.bincount(drawn, minlength=256) / 20_000
    np.testing.assert_allclose(share, p, atol=1.2e-4)
    edge = generation.choose(rows[:1], tf.constant([1.0]), tf.constant(1.0))
    assert int(edge[0]) <= 255


def test_levels_and_codes_of_other_kinds():
    x = np.zeros((1, 33), "int32") + 128
    model = network("level")
    assert model.encode(x).shape == (1, 2, 1)
    np.testing.assert_allclose(model.encode(x), -4 / 6, atol=1e-5)
    assert network("unconditional").encode(x) is None
    with pytest.raises(UserError, match="multiple of hop=16"):
        model(np.zeros((1, 30), "int32"))


def test_the_pitch_is_heard_by_the_decoder():
    model = network("pitched")
    x = notes(1)
    other = x.copy()
    other[0, 0] += 5
    code = model.encode(x)
    assert np.abs(model.decode(x, code) - model.decode(other, code)).max() > 1e-4
    np.testing.assert_array_equal(model.encode(other), code)
    plain = network("autoencoder")
    np.testing.assert_array_equal(plain(x), plain(other))


def test_padded_spectra_that_do_not_come_back_are_refused():
    model = experiment.build_model(SMOKE, VARIANTS["spectral"])
    with pytest.raises(UserError, match="give the input's shape back"):
        model.build((None, 16, 18, 1))
