"""The models: sizes, the step by hand, masks, special cases, generation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.sequences.vrnn import (
    config,
    distributions,
    evaluation,
    experiment,
    paper,
    theory,
)
from lessons.sequences.vrnn.density import OutputRNN
from lessons.sequences.vrnn.model import VRNN
from lessons.sequences.vrnn.networks import DenseFeatures
from lessons.sequences.vrnn.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SMOKE, LAPTOP = config.PRESETS["smoke"], config.PRESETS["laptop"]
X = np.random.default_rng(0).normal(size=(3, 4, 4)).astype("float32")
NOISE = np.random.default_rng(1).normal(size=(4, 3, 2)).astype("float32")


def network(name="vrnn_gauss", settings=SMOKE, **changes):
    runtime.seed_everything(0)
    model = experiment.build_model(settings.replace(**changes), VARIANTS[name])
    model.build((None, None, model.size + model.masked))
    return model


def test_parameters_are_those_of_the_sizes():
    for (preset, name), count in paper.PARAMETERS.items():
        settings = config.PRESETS[preset]
        if preset == "paper":
            continue  # by arithmetic below: 94 million numbers take a while to draw
        settings = settings.replace(recurrent="glorot_uniform")
        assert runtime.num_parameters(network(name, settings)) == count


def mlp(*sizes):
    return sum((a + 1) * b for a, b in zip(sizes, sizes[1:], strict=False))


def test_parameters_of_the_paper_s_speech_models_by_arithmetic():
    def lstm(i, n):
        return 4 * n * (i + n + 1)

    x, z = mlp(200, 600, 600, 600, 600), mlp(200, 500, 500, 500, 500)
    encoder = mlp(4600, 500, 500, 500, 500) + 2 * mlp(500, 200)
    prior = mlp(4000, 500, 500, 500, 500) + 2 * mlp(500, 200)
    decoder = mlp(4500, 600, 600, 600, 600)
    body = x + z + lstm(1100, 4000) + encoder + prior + decoder
    assert body + 2 * mlp(600, 200) == paper.PARAMETERS["paper", "vrnn_gauss"]
    gmm = 2 * mlp(600, 4000) + mlp(600, 20)
    assert body + gmm == paper.PARAMETERS["paper", "vrnn_gmm"]
    rnn = mlp(200, 700, 700, 700, 700) + lstm(700, 4000)
    rnn += mlp(4000, 700, 700, 700, 700) + 2 * mlp(700, 4000) + mlp(700, 20)
    assert rnn == paper.PARAMETERS["paper", "rnn_gmm"]
    # The same sum of a small model is what Keras counts.
    small = mlp(4, 5) + mlp(2, 5) + lstm(10, 6) + mlp(11, 5) + mlp(6, 5)
    small += mlp(11, 6) + 4 * mlp(5, 2) + 2 * mlp(6, 4)
    assert runtime.num_parameters(network()) == small


def test_a_step_is_its_definition():
    """Against NumPy, from the weights, in float64, step after step."""
    model = network()
    passed = model.passed(tf.constant(X), noise=NOISE)

    def dense(layer, value):
        return value @ layer.kernel.numpy() + layer.bias.numpy()

    def features(part, value):
        for layer in part.dense:
            value = np.maximum(dense(layer, value), 0)
        return value

    def gaussian(part, value):
        inside = features(part.features, value)
        raw = dense(part.raw_scale, inside)
        return dense(part.mean, inside), np.logaddexp(0, raw) + model.arguments["floor"]

    h = c = np.zeros((3, 6))
    for t in range(4):
        mean0, scale0 = gaussian(model.prior_net, h)
        of_x = features(model.phi_x, np.float64(X[:, t]))
        mean, scale = gaussian(model.encoder, np.hstack([of_x, h]))
        z = mean + scale * NOISE[t]
        of_z = features(model.phi_z, z)
        decoded = features(model.decoder, np.hstack([of_z, h]))
        center = dense(model.head.parts["mean"], decoded)
        for found, expected in (
            (passed.prior.mean, mean0),
            (passed.prior.scale, scale0),
            (passed.posterior.mean, mean),
            (passed.posterior.scale, scale),
            (passed.z, z),
            (passed.before, h),
            (passed.output.mean, center),
        ):
            np.testing.assert_allclose(found[t], expected, atol=1e-5)
        kernel, recurrent, bias = (w.numpy() for w in model.cell.weights)
        i, f, g, o = np.split(
            np.hstack([of_x, of_z]) @ kernel + h @ recurrent + bias, 4, axis=1
        )
        i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
    np.testing.assert_allclose(passed.state[0], h, atol=1e-5)


def test_later_frames_change_nothing_earlier():
    model = network()
    later = X.copy()
    later[:, 2:] += 5
    one, other = (model.passed(tf.constant(x), noise=NOISE) for x in (X, later))
    parts = [
        (p.output.mean, p.output.scale, p.posterior, p.prior, p.z, p.before)
        for p in (one, other)
    ]
    for a, b in zip(*map(tf.nest.flatten, parts), strict=True):
        np.testing.assert_array_equal(a[:2], b[:2])
    # The present changes the encoder, not the prior.
    np.testing.assert_array_equal(one.prior.mean[2], other.prior.mean[2])
    assert np.abs(one.posterior.mean[2] - other.posterior.mean[2]).max() > 1e-3


@pytest.mark.parametrize("name", ["vrnn_gauss", "rnn_gmm"])
def test_padding_on_either_side_changes_nothing(name):
    model = network(name)
    masked = type(model).from_config(model.get_config() | {"masked": True})
    masked.build((None, None, 5))
    masked.set_weights(model.get_weights())
    plain = model.passed(tf.constant(X), noise=NOISE)
    expected = model.terms(plain, tf.constant(X))
    for left, right in ((2, 0), (0, 3), (1, 1)):
        width = (0, 0), (left, right), (0, 0)
        padded = np.pad(X, width, constant_values=np.nan)
        on = np.pad(np.ones((3, 4, 1)), width)
        x, mask = masked.split(np.concatenate([padded, on], axis=-1).astype("float32"))
        draws = np.pad(NOISE, ((left, right), (0, 0), (0, 0)), constant_values=9)
        passed = masked.passed(x, mask, noise=draws)
        np.testing.assert_allclose(passed.state[0], plain.state[0], atol=1e-6)
        found = masked.terms(passed, x)
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a[:, left : left + 4], b, atol=1e-5)
    whole = masked(np.concatenate([padded, on], -1).astype("float32"))
    assert np.all(np.isfinite(whole["log_prob"]))
    assert np.all(np.asarray(whole["log_prob"])[:, -1] == 0)


def test_a_sequence_of_padding_alone_costs_nothing():
    model = network(settings=config.PRESETS["smoke_strokes"])
    x = np.full((1, 4, 4), np.nan, "float32")
    x[..., 3] = 0
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, None, model(x, training=True))
    gradients = tape.gradient(loss, [w.value for w in model.trainable_weights])
    assert float(loss) == 0
    assert all(np.all(np.isfinite(g)) for g in gradients if g is not None)


def test_a_chunk_goes_on_from_the_state_of_the_one_before():
    model = network()
    whole = model.passed(tf.constant(X), noise=NOISE)
    first = model.passed(tf.constant(X[:, :2]), noise=NOISE[:2])
    second = model.passed(tf.constant(X[:, 2:]), state=first.state, noise=NOISE[2:])
    np.testing.assert_allclose(second.output.mean, whole.output.mean[2:], atol=1e-6)
    fresh = model.passed(tf.constant(X[:, 2:]), noise=NOISE[2:])
    assert np.abs(fresh.output.mean - whole.output.mean[2:]).max() > 1e-3


def test_noise_differs_from_step_to_step():
    model = network()
    z = model.passed(tf.zeros([2000, 4, 4])).z.numpy()
    standard = (z - z.mean(axis=1, keepdims=True)) / z.std(axis=1, keepdims=True)
    correlation = np.mean(standard[1] * standard[2])
    assert abs(correlation) < 0.07  # one draw for all steps would give nearly 1


def test_one_component_is_the_gaussian():
    model, other = network("rnn_gauss"), network("rnn_gmm", components=1)
    for part in ("phi_x", "cell", "decoder"):
        getattr(other, part).set_weights(getattr(model, part).get_weights())
    for name in ("mean", "scale"):
        other.head.parts[name].set_weights(model.head.parts[name].get_weights())
    one, two = (m(X)["log_prob"] for m in (model, other))
    np.testing.assert_allclose(one, two, atol=1e-5)


def test_what_is_cut_is_not_read():
    model = network("no_z")
    one = model.passed(tf.constant(X[:, :1]), noise=NOISE[:1])
    two = model.passed(tf.constant(X[:, :1]), noise=NOISE[:1] + 1)
    np.testing.assert_array_equal(one.output.mean, two.output.mean)
    cut = network("vrnn_cut")
    states = [cut.decoded(tf.ones([1, 5]), tf.fill([1, 6], v)).mean for v in (0.0, 1.0)]
    np.testing.assert_array_equal(*states)
    still = network("no_memory")
    assert "cell" not in {w.path.split("/")[-2] for w in still.trainable_weights}
    lost = evaluation.exchange_loss(still, X, np.random.default_rng(0))
    assert lost == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(
    "source, name",
    [("frames", "vrnn_gauss"), ("strokes", "vrnn_gmm"), ("text", "vrnn_i")],
)
def test_generation_draws_from_the_model(source, name):
    settings = config.PRESETS["smoke_strokes"].replace(source=source)
    if source == "frames":
        settings = SMOKE
    model = network(name, settings)
    drawn = model.generate(5, 3, seed=1)
    assert drawn.shape == (5, 3, model.size) and drawn.dtype == np.float32
    np.testing.assert_array_equal(drawn, model.generate(5, 3, seed=1))
    assert np.abs(drawn - model.generate(5, 3, seed=2)).max() > 0
    start = (
        drawn
        if not model.masked
        else np.concatenate([drawn, drawn[..., :1] * 0 + 1], -1)
    )
    assert model.generate(5, 2, start=start).shape == (5, 2, model.size)
    if source == "strokes":
        assert set(np.unique(drawn[..., 2])) <= {0.0, 1.0}
    if source == "text":
        assert np.all(drawn == np.round(drawn)) and drawn.max() < 32


@pytest.mark.parametrize("name", [n for n in VARIANTS if VARIANTS[n].stream == "fixed"])
def test_every_variant_trains_a_step_and_emits_one(name):
    model = network(name)
    optimizer = keras.optimizers.Adam(0.01)

    def cost():
        passed = model.passed(tf.constant(X), noise=NOISE, training=True)
        log_prob, divergence = model.terms(passed, tf.constant(X))
        return -tf.reduce_mean(theory.sequence_bound(log_prob, divergence))

    with tf.GradientTape() as tape:
        loss = cost()
    gradients = tape.gradient(loss, [w.value for w in model.trainable_weights])
    assert all(g is None or np.all(np.isfinite(g)) for g in gradients)
    pairs = zip(gradients, model.trainable_weights, strict=True)
    pairs = [(g, w) for g, w in pairs if g is not None]
    optimizer.apply([g for g, _ in pairs], [w for _, w in pairs])
    assert float(cost()) < float(loss)
    drawn = tf.zeros((3, 2)), tf.fill((3, 2), 0.5), tf.zeros((3, 4))
    x, _ = model.emitted(model.first_state(3), drawn)
    assert x.shape == (3, 4) and np.all(np.isfinite(x))


def test_generation_after_a_start_repeats_with_its_seed():
    model = network()
    one, same, other = (model.generate(3, 2, seed=s, start=X) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0
    assert np.abs(one - model.generate(3, 2, seed=1)).max() > 0  # the start is read


@pytest.mark.parametrize("name", ["rnn_full", "rnn_full_gmm"])
def test_drawn_frames_have_the_moments_of_the_output(name):
    model = network(name)
    for weight in model.trainable_weights:  # the output no longer depends on the state
        if "decoder" in weight.path and weight.name == "kernel":
            weight.assign(0 * weight.numpy())
    mixing = model.head.parts["mixing"].bias
    mixing.assign(np.linspace(-0.9, 0.9, mixing.shape[0]))
    if name == "rnn_full_gmm":
        model.head.parts["logits"].bias.assign([1.0, 0.0])
        model.head.parts["mean"].bias.assign(np.linspace(-1, 1, 8))
    drawn = model.generate(20_000, 1)[:, 0]
    given = model.passed(tf.constant(X)).output
    law = distributions.distribution(
        model.arguments["head"],
        type(given)(*[v if v is None else v[0, 0] for v in given]),
    )
    np.testing.assert_allclose(drawn.mean(axis=0), law.mean(), atol=0.08)
    cov = np.cov(law.sample(100_000, seed=1).numpy().T)
    if name == "rnn_full":
        np.testing.assert_allclose(law.covariance(), cov, atol=0.15)
    np.testing.assert_allclose(np.cov(drawn.T), cov, atol=0.3)


def test_the_loss_is_per_sequence_or_per_step():
    model, other = network(), network(reduction="step")
    terms = model(X)
    whole = float(model.compute_loss(X, None, terms))
    bound = theory.sequence_bound(terms["log_prob"], terms["divergence"])
    assert whole == pytest.approx(-np.mean(bound), rel=1e-6)
    assert float(other.compute_loss(X, None, terms)) == pytest.approx(whole / 4)


def test_normalisation_is_over_steps_that_count():
    layer = DenseFeatures((3,), norm=True)
    rng = np.random.default_rng(0)
    x, mask = rng.normal(size=(5, 4, 2)), np.arange(5)[:, None] < [5, 3, 1, 2]
    found = np.asarray(layer(tf.constant(x), training=True, mask=tf.constant(mask)))
    hidden = np.asarray(layer.dense[0](x))
    rows = hidden[mask]
    expected = np.maximum((hidden - rows.mean(0)) / np.sqrt(rows.var(0) + 1e-3), 0)
    np.testing.assert_allclose(found[mask], expected[mask], atol=1e-4)


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda: network()(X[..., :3]), r"Allowed: \(batch, time, 4\)"),
        (lambda: network()(X[0]), "shape"),
        (lambda: network().generate(0, 3), "at least one"),
        (lambda: network().generate(2, 3, start=X), "start holds 3"),
        (lambda: VRNN(**network().arguments | {"prior": "none"}), "unknown prior"),
        (lambda: VRNN(**network().arguments | {"decoder_sees": ()}), "decoder_sees"),
        (lambda: OutputRNN(**network("rnn_gmm").arguments | {"head": "x"}), "head"),
        (lambda: OutputRNN(**network("rnn_gmm").arguments | {"reduction": "x"}), "red"),
    ],
)
def test_what_cannot_be_is_refused(make, text):
    with pytest.raises(UserError, match=text):
        make()
