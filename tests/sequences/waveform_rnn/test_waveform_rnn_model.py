"""The network: sizes, the roll-out by hand, three modes that are one loop."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.waveform_rnn import config, experiment, rollout, theory
from lessons.sequences.waveform_rnn.model import WaveformRNN
from lessons.sequences.waveform_rnn.variants import FEEDINGS, VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SOUNDS = np.random.default_rng(0).normal(size=(3, 31)).astype("float32")


def network(feeding="mixture", alpha=0.5, seed=0, stride=4, **options):
    keras.utils.set_random_seed(seed)
    model = WaveformRNN(8, stride, 5, feeding=feeding, **options)
    model.build(SOUNDS.shape)
    model.alpha.assign(alpha)
    return model


def by_hand(model, sounds, alpha):
    """The definition in NumPy, float64."""
    w_x, w_h, b, w_o, b_o = (np.float64(w.numpy()) for w in model.cell.weights)
    window, h, kept = np.float64(sounds[:, :8]), np.zeros((len(sounds), 5)), []
    s = w_o.shape[1]
    for t in range((sounds.shape[1] - 8) // s):
        h = np.tanh(window @ w_x + h @ w_h + b)
        p = h @ w_o + b_o
        kept.append(p)
        true = sounds[:, 8 + t * s : 8 + (t + 1) * s]
        window = np.hstack([window, alpha * true + (1 - alpha) * p])[:, s:]
    return np.hstack(kept)


@pytest.mark.parametrize("alpha", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("stride", [1, 4, 8])
def test_the_roll_out_is_its_definition(alpha, stride):
    model = network(alpha=alpha, stride=stride)
    found = model(SOUNDS, training=True)
    assert found.shape == (3, (31 - 8) // stride * stride)
    np.testing.assert_allclose(found, by_hand(model, SOUNDS, alpha), atol=1e-5)
    at_rest = model(SOUNDS)
    np.testing.assert_allclose(at_rest, by_hand(model, SOUNDS, 1.0), atol=1e-5)


def test_generation_is_the_training_graph_at_alpha_zero():
    model = network(alpha=0.0)
    trained = tf.function(model, autograph=False)(SOUNDS, training=True).numpy()
    generated = model.generate(SOUNDS[:, :8], trained.shape[1])
    assert np.array_equal(generated, trained)
    # Control: at alpha = 1/2 it is not.
    model.alpha.assign(0.5)
    assert np.abs(model(SOUNDS, training=True) - generated).max() > 1e-2


def test_generation_reads_the_seed_alone_and_any_length():
    model = network(alpha=0.0)
    blind = SOUNDS.copy()
    blind[:, 8:] = np.nan
    assert np.array_equal(
        model(blind, training=True).numpy(), model(SOUNDS, training=True).numpy()
    )
    long = model.generate(SOUNDS[:, :8], 1000)
    assert long.shape == (3, 1000) and long.dtype == np.float32
    np.testing.assert_allclose(model.generate(SOUNDS[:, :8], 7), long[:, :7], atol=1e-6)


def test_predictions_do_not_depend_on_what_they_predict():
    model = network(alpha=0.5)
    later = SOUNDS.copy()
    later[:, 16:] += 5
    for training in (True, False):
        one, other = (np.asarray(model(x, training=training)) for x in (SOUNDS, later))
        np.testing.assert_allclose(one[:, :12], other[:, :12], atol=1e-6)
        assert np.abs(one[:, 12:] - other[:, 12:]).max() > 1e-2


def test_each_feeding_writes_what_it_says():
    truth, predicted = tf.ones([2, 3]), 3 * tf.ones([2, 3])
    draws = tf.constant([[0.1, 0.2, 0.9]] * 2)
    expected = {
        "truth": np.ones((2, 3)),
        "mixture": np.full((2, 3), 2.5),
        "sampled": [[1, 1 if 0.2 < 0.25 else 3, 3]] * 2,
        "noise": 1 + 0.75 * 2.0 * draws.numpy(),
    }
    for kind in FEEDINGS:
        feed = rollout.feeding(kind, tf.constant(0.25), noise=2.0)
        np.testing.assert_allclose(feed(truth, predicted, draws), expected[kind])


def gradient(model, sounds=SOUNDS):
    with tf.GradientTape() as tape:
        predictions = model(sounds, training=True)
        loss = model.compute_loss(sounds, None, predictions)
    weights = model.trainable_weights
    return [g.numpy() for g in tape.gradient(loss, [w.value for w in weights])]


def test_the_gradient_flows_through_what_was_fed_unless_it_is_cut():
    through, cut = gradient(network()), gradient(network(through=False))
    assert max(np.abs(a - b).max() for a, b in zip(through, cut, strict=True)) > 1e-3
    # Against finite differences of the loss itself.
    model = network()
    bias = model.cell.output_bias
    slope = gradient(model)[[w.path for w in model.trainable_weights].index(bias.path)]
    for j in range(4):
        step = 1e-3 * np.eye(4, dtype="float32")[j]
        losses = []
        for sign in (1, -1):
            bias.assign(bias.numpy() + sign * step)
            predictions = by_hand(model, SOUNDS, 0.5)
            losses.append(np.mean((predictions - SOUNDS[:, 8:28]) ** 2))
            bias.assign(bias.numpy() - sign * step)
        assert slope[j] == pytest.approx((losses[0] - losses[1]) / 2e-3, rel=0.01)


def test_at_alpha_one_all_feedings_train_alike():
    found = [gradient(network(kind, alpha=1.0)) for kind in ("truth", "mixture")]
    found.append(gradient(network("sampled", alpha=1.0, through=False)))
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)


def test_draws_are_fresh_in_every_step_and_repeat_with_the_seed():
    one, same, other = (
        network("sampled", seed=0, **o) for o in ({}, {}, {"stride": 4})
    )
    first, second = (np.asarray(one(SOUNDS, training=True)) for _ in range(2))
    assert np.abs(first - second).max() > 1e-3
    assert np.array_equal(np.asarray(same(SOUNDS, training=True)), first)
    assert np.array_equal(np.asarray(other(SOUNDS)), np.asarray(one(SOUNDS)))


@pytest.mark.parametrize(
    "preset, learned, count",
    [
        ("paper", False, 371_001),
        ("paper", True, 371_501),
        ("paper_stride10", False, 375_510),
    ],
)
def test_parameters_of_the_paper_s_presets(preset, learned, count):
    settings = config.PRESETS[preset].replace(learned_start=learned)
    model = experiment.build_model(settings, VARIANTS["mixed"])
    model.build((None, 500))
    assert runtime.num_parameters(model) == count
    h, w, s = settings.units, settings.window, settings.stride
    assert count == w * h + h * h + h + h * s + s + learned * h


def test_parameters_of_an_output_as_long_as_the_window():
    model = WaveformRNN(240, 240, 500)
    model.build((None, 500))
    assert runtime.num_parameters(model) == 490_740


def test_a_learned_start_is_trained():
    model = network(learned_start=True)
    place = [w.name for w in model.trainable_weights].index("start")
    assert np.abs(gradient(model)[place]).max() > 0


def test_a_step_notes_the_norm_before_clipping_and_moves_by_the_clipped_one():
    model = network()
    model.compile(keras.optimizers.SGD(1.0, global_clipnorm=1e-3), run_eagerly=True)
    before = [w.numpy() for w in model.trainable_weights]
    slopes = gradient(model)
    logs = model.train_on_batch(SOUNDS, return_dict=True)
    norm = np.sqrt(sum(np.sum(g**2) for g in slopes))
    assert float(logs["norm"]) == pytest.approx(norm, rel=1e-5) and norm > 0.1
    moved = [
        w.numpy() - b for w, b in zip(model.trainable_weights, before, strict=True)
    ]
    assert np.sqrt(sum(np.sum(m**2) for m in moved)) == pytest.approx(1e-3, rel=1e-3)


def test_a_gradient_that_is_not_finite_moves_nothing_and_is_counted():
    model = network()
    model.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    model.train_on_batch(SOUNDS)
    before = [w.numpy() for w in model.weights]
    logs = model.train_on_batch(np.full_like(SOUNDS, np.inf), return_dict=True)
    assert logs["lost"] == 1 and np.isfinite(logs["loss"])
    trained = model.weights[: len(before)]
    assert all(
        np.array_equal(w.numpy(), b) for w, b in zip(trained, before, strict=True)
    )


def test_any_cell_rolls():
    def last(window, count):
        """Predicts the newest sample plus how often it was asked."""
        return window[:, -1:] + count, count + 1.0

    truth = tf.reshape(tf.constant([5.0, 6, 7]), [3, 1, 1])
    found, window, count = rollout.roll(
        last, tf.constant([[3.0, 4.0]]), tf.constant(0.0), truth, lambda x, p, d: x
    )
    assert found.numpy().ravel().tolist() == [4, 6, 8]
    assert window.numpy().tolist() == [[6, 7]] and float(count) == 3


def test_blocks_and_rows_are_inverse():
    steps = rollout.blocks(tf.constant(SOUNDS), 8, 5)
    assert steps.shape == (4, 3, 5)
    np.testing.assert_array_equal(rollout.joined(steps), SOUNDS[:, 8:28])


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda: WaveformRNN(8, 9, 5), "stride"),
        (lambda: WaveformRNN(8, 1, 0), "at least 1"),
        (lambda: WaveformRNN(8, 1, 5, feeding="lies"), "unknown feeding"),
        (lambda: network()(SOUNDS[:, :11]), "at least window"),
        (lambda: network()(SOUNDS[0]), "shape"),
        (lambda: network().generate(SOUNDS[:, :7], 5), "shape"),
        (lambda: network().generate(SOUNDS[:, :8], 0), "at least 1"),
    ],
)
def test_what_cannot_be_is_refused(make, text):
    with pytest.raises(UserError, match=text):
        make()


def test_whole_numbers_and_doubles_are_read_as_well():
    model = network()
    whole = np.round(SOUNDS * 3)
    expected = np.asarray(model(whole.astype("float32")))
    for dtype in ("int16", "float64"):
        np.testing.assert_allclose(model(whole.astype(dtype)), expected, atol=1e-6)
    assert theory.num_steps(8, 8, 4) == 0
