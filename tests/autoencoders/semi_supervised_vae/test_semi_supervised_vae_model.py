"""Models: sizes, what training sees, enumeration, precision, symmetry."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp
from scipy import special

from lessons.autoencoders.semi_supervised_vae import config, experiment, paper, theory
from lessons.autoencoders.semi_supervised_vae.model import M1, M2
from lessons.autoencoders.semi_supervised_vae.model_clamped import ClampedVAE
from lessons.autoencoders.semi_supervised_vae.model_parts import Block, Tower
from lessons.autoencoders.semi_supervised_vae.model_stacked import StackedM2
from lessons.autoencoders.semi_supervised_vae.variants import VARIANTS
from lessons.autoencoders.vae import theory as vae_theory
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

tfd = tfp.distributions
FLOAT32 = 1e-5
K, D = 3, 12


def make(kind, **options):
    keras.utils.set_random_seed(0)
    options = {"seed": 0, **options}
    if kind == "m1":
        return M1(D, 4, (8, 7), (7, 8), **options)
    options = {"latent_dim": 2, "num_classes": K, "label_weight": 3.0, **options}
    units = {"encoder_units": (8,), "decoder_units": (8, 7)}
    if kind == "m2":
        return M2(D, classifier_units=(8,), **units, **options)
    if kind == "m1_m2":
        return StackedM2(make("m1"), classifier_units=(8,), **units, **options)
    return ClampedVAE(D, objective=kind, **units, **options)


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(0)
    labels = random.integers(-1, K, 25).astype(np.int32)
    return random.random((25, D), dtype=np.float32), labels


def train(model, data, **options):
    """Train eagerly: tests of the contract compile."""
    model.compile(keras.optimizers.SGD(1e-3), run_eagerly=True)
    x, labels = data
    target = None if isinstance(model, M1) else labels
    options = {"batch_size": 10, "epochs": 3, "verbose": 0, **options}
    return model.fit(x, target, **options).history


@pytest.mark.parametrize(("preset", "variant"), paper.PAPER_PARAMETERS)
def test_paper_presets_have_the_published_number_of_parameters(preset, variant):
    settings = config.PRESETS[preset]
    first = None
    if variant == "m1_m2":
        first = experiment.build_model(settings, VARIANTS["m1"], 784)
    model = experiment.build_model(settings, VARIANTS[variant], 784, m1=first)
    expected = paper.PAPER_PARAMETERS[preset, variant]
    assert runtime.num_parameters(model) == expected
    x = np.zeros((2, 784), "float32")
    if variant == "m1":
        assert [part.shape for part in model(x)] == [(2, 50), (2, 50)]
    else:
        assert model(x).logits.shape == (2, 10)
        codes = np.zeros((2, settings.latent_dim), "float32")
        assert model.decode(codes, np.array([3, 4])).shape == (2, 784)


def test_other_sizes_of_the_sheet():
    code = config.PRESETS["paper"].replace(m1_units=(500, 500), stacked_units=(500,))
    first = experiment.build_model(code, VARIANTS["m1"], 784)
    assert runtime.num_parameters(first) == 1_361_884
    stacked = experiment.build_model(code, VARIANTS["m1_m2"], 784, m1=first)
    assert runtime.num_parameters(stacked) == 191_710
    # The fully labelled conditional VAE of the code: M2 without its classifier.
    units = {"encoder_units": (500, 500), "decoder_units": (500, 500)}
    settings = config.PRESETS["paper_m2"].replace(**units)
    model = experiment.build_model(settings, VARIANTS["m2"], 784)
    size = runtime.num_parameters
    assert size(model.encoder) == 698_100
    assert size(model.decoder) == 673_784


def test_a_joined_block_is_a_dense_layer_of_the_concatenation():
    random = np.random.default_rng(1)
    block = Block((4, 3), 5, "softplus", False, None)
    a, b = random.normal(size=(6, 4)), random.normal(size=(6, 3))
    kernel = np.concatenate([layer.kernel for layer in block.affine])
    expected = np.logaddexp(0, np.concatenate([a, b], 1) @ kernel)
    np.testing.assert_allclose(block(a, b), expected, atol=FLOAT32)


def test_all_pairs_are_those_of_repeat_and_tile(data):
    # The usual way: every x K times, the labels in turn, and back to (B, K).
    model = make("m2")
    x, count = data[0], len(data[0])
    repeated, tiled = np.repeat(x, K, axis=0), np.tile(np.eye(K, dtype="f4"), (25, 1))
    mean, scale = model.encoder(repeated, tiled)
    at_once = model.posterior(x)
    for one, other in zip((mean, scale), at_once, strict=True):
        np.testing.assert_allclose(np.reshape(one, (count, K, 2)), other, atol=FLOAT32)
    fit = model.likelihood.log_prob(repeated, model.decoder(mean, tiled))
    np.testing.assert_allclose(
        np.reshape(fit, (count, K)),
        model.log_likelihood(x, at_once[0]),
        rtol=FLOAT32,
    )


@pytest.mark.parametrize("kind", ["m2", "marginal"])
def test_bounds_average_to_those_of_tfp(data, kind):
    model, x = make(kind), data[0][:4]
    q = tfd.MultivariateNormalDiag(*model.posterior(x))
    prior = tfd.MultivariateNormalDiag(tf.zeros(2), tf.ones(2))
    kl = tfd.kl_divergence(q, prior)
    z = q.sample(4000, seed=3)
    density = tfd.MultivariateNormalDiag(
        model.decoder(z, tf.eye(K)), tf.fill([D], 0.05**0.5)
    )
    samples = kl - density.log_prob(x[:, None]) + np.log(K)
    if kind == "m2":
        drawn = np.array([model.bounds(x) for _ in range(100)])
    else:
        drawn = np.array([model._bounds(x, model(x), False) for _ in range(100)])
    error = np.std(drawn, axis=0) / 100**0.5 + np.std(samples, axis=0) / 4000**0.5
    difference = np.abs(drawn.mean(axis=0) - np.mean(samples, axis=0))
    assert np.all(difference < 5 * error)


def test_every_pair_has_noise_of_its_own(data):
    model = make("m2")
    mean, scale = model.posterior(data[0])
    noise = np.asarray((model.draw(mean, scale) - mean) / scale)
    assert np.abs(np.corrcoef(noise[..., 0].T) - np.eye(K)).max() < 0.7
    assert len(np.unique(noise.round(5))) == noise.size


def clamped_cost_by_hand(model, data, objective):
    x, labels = data
    output = model(x)
    probs = special.softmax(output.logits, axis=1)
    shown = np.where(labels[:, None] >= 0, np.eye(K)[labels], probs).astype("f4")
    decoded = model.decoder(output.mean, shown)
    nll = -tfd.MultivariateNormalDiag(decoded, tf.fill([D], 0.05**0.5)).log_prob(x)
    kl = np.asarray(vae_theory.gaussian_kl(output.mean, output.scale))
    cost = nll.numpy() + kl
    if objective == "with_class_kl":
        entropy = -np.sum(probs * np.log(probs), axis=1)
        cost = cost + np.log(K) - np.where(labels < 0, entropy, 0)
    return cost


@pytest.mark.parametrize("objective", ["clamped", "with_class_kl"])
def test_clamped_cost_is_its_definition(data, monkeypatch, objective):
    model = make(objective)
    monkeypatch.setattr(model, "draw", lambda mean, scale: mean)
    actual = model.generative_cost(*data, model(data[0]))
    expected = clamped_cost_by_hand(model, data, objective)
    np.testing.assert_allclose(actual, expected, rtol=1e-4)


def test_without_labels_the_clamped_model_is_a_vae_whose_kl_sees_part_of_the_code(
    data, monkeypatch
):
    model = make("clamped")
    monkeypatch.setattr(model, "draw", lambda mean, scale: mean)
    x, missing = data[0], np.full(25, -1)
    output = model(x)
    actual = model.compute_loss(x=x, y=missing, y_pred=output)
    reconstruction = model.decoder(output.mean, keras.ops.softmax(output.logits))
    elbo = vae_theory.elbo(x, reconstruction, output.mean, output.scale, 0.05)
    assert float(actual) == pytest.approx(-float(np.mean(elbo)), rel=FLOAT32)


@pytest.mark.parametrize("kind", ["m2", "clamped", "marginal"])
def test_without_labels_classes_can_be_renamed(data, monkeypatch, kind):
    # Permute the classifier's outputs and every input that takes a label.
    model, x = make(kind), data[0]
    monkeypatch.setattr(model, "draw", lambda mean, scale: mean)
    missing = np.full(25, -1)
    before = float(model.compute_loss(x=x, y=missing, y_pred=model(x)))
    order = np.array([2, 0, 1])
    towers = [model.classifier, model.encoder] if kind == "m2" else [model.trunk]
    logits = towers[0].heads[-1].affine[0]
    logits.kernel.assign(keras.ops.take(logits.kernel, order, axis=1))
    logits.bias.assign(keras.ops.take(logits.bias, order))
    for tower in (*towers[1:], model.decoder):
        label_kernel = tower.hidden[0].affine[1].kernel
        label_kernel.assign(keras.ops.take(label_kernel, order, axis=0))
    after = float(model.compute_loss(x=x, y=missing, y_pred=model(x)))
    assert after == pytest.approx(before, rel=FLOAT32)
    labelled = np.zeros(25, int)
    renamed = float(model.compute_loss(x=x, y=labelled, y_pred=model(x)))
    assert renamed != pytest.approx(before, rel=1e-3)  # labels do break the symmetry


def test_loss_of_m2_is_the_mean_cost_and_metrics_are_its_parts(data, monkeypatch):
    model, (x, labels) = make("m2"), data
    monkeypatch.setattr(model, "draw", lambda mean, scale: mean)
    output = model(x)
    loss = float(model.compute_loss(x=x, y=labels, y_pred=output))
    bounds = model.bounds(x)
    expected = np.mean(theory.m2_cost(bounds, labels, output.logits, 3.0))
    assert loss == pytest.approx(expected, rel=FLOAT32)
    log_probs = special.log_softmax(output.logits, axis=1)
    known = labels >= 0
    entropy = -log_probs[known, labels[known]].mean()
    assert float(model.entropy_metric.result()) == pytest.approx(entropy, rel=FLOAT32)
    without = loss - 3 * entropy * known.mean()
    assert float(model.bound_metric.result()) == pytest.approx(without, rel=FLOAT32)


@pytest.mark.parametrize("kind", ["m2", "clamped", "marginal"])
def test_metrics_weigh_examples_as_the_loss_does(kind, data, monkeypatch):
    x, labels = data
    weights = np.random.default_rng(3).integers(0, 4, len(x)).astype(np.float32)
    found = []
    # Examples of weight 3 count as three of them do, and those of weight 0 not at all.
    copies = np.repeat(np.arange(len(x)), weights.astype(int))
    for x_, y, given in (
        (x, labels, weights),
        (x, labels, weights[:, None]),
        (x[copies], labels[copies], None),
        (x, labels, None),
    ):
        model = make(kind)
        monkeypatch.setattr(model, "draw", lambda mean, scale: mean)
        model.compute_loss(x=x_, y=y, y_pred=model(x_), sample_weight=given)
        found.append(
            [float(m.result()) for m in (model.bound_metric, model.entropy_metric)]
        )
    np.testing.assert_allclose(found[:2], [found[2]] * 2, rtol=FLOAT32)
    assert np.all(np.abs(np.subtract(found[3], found[2])) > 1e-3)


@pytest.mark.parametrize("kind", ["m2", "clamped", "marginal", "m1_m2"])
@pytest.mark.parametrize("wrong", [K, -2, 0.5])
def test_labels_that_are_no_classes_are_refused(kind, wrong, data):
    x, labels = data
    labels = np.where(np.arange(25) == 7, wrong, labels)
    with pytest.raises(UserError, match=f"from 0 to {K - 1}, and -1 .*got {wrong}"):
        train(make(kind), (x, labels))


@pytest.mark.parametrize("kind", ["m2", "clamped"])
def test_a_class_that_does_not_exist_is_neither_coded_nor_drawn(kind, data):
    model = make(kind)
    codes, labels = np.zeros((2, 2), np.float32), np.array([0, K])
    with pytest.raises(UserError, match=f"got {K}"):
        model.decode(codes, labels)
    if kind == "m2":
        with pytest.raises(UserError, match=f"got {K}"):
            model.encode(data[0][:2], labels)


@pytest.mark.parametrize("kind", ["m2", "clamped"])
def test_in_a_data_set_a_label_beyond_the_classes_is_not_free(kind, data):
    model = make(kind)
    model.compile("sgd", run_eagerly=True)
    batch = tf.data.Dataset.from_tensors((data[0], np.full(25, K)))
    assert np.isnan(model.fit(batch, shuffle=False, verbose=0).history["loss"][0])


@pytest.mark.parametrize("kind", ["m2", "clamped", "marginal"])
def test_labels_of_shape_n_1_and_of_any_type_are_the_same_labels(kind, data):
    x, labels = data
    losses = [
        train(make(kind), (x, given), batch_size=25, epochs=1, shuffle=False)["loss"]
        for given in (labels, labels[:, None], labels.astype(np.float32))
    ]
    np.testing.assert_allclose(losses[1:], [losses[0]] * 2, rtol=FLOAT32)


def test_weight_penalty_is_the_log_density_of_a_normal_prior(data, monkeypatch):
    losses = []
    for penalty in (0.0, 0.01):
        model = make("m2", weight_penalty=penalty)
        monkeypatch.setattr(model, "draw", lambda mean, scale: mean)
        losses.append(
            float(model.compute_loss(x=data[0], y=data[1], y_pred=model(data[0])))
        )
    squares = sum(np.sum(w.numpy() ** 2) for w in model.trainable_weights)
    difference = losses[1] - losses[0]
    assert difference == pytest.approx(0.005 * squares, rel=1e-2)


def test_the_two_views_share_the_models_weights(data):
    model = make("clamped")
    classifier, autoencoder = model.views()
    for _ in range(2):  # before and after training
        probs = special.softmax(model(data[0]).logits, axis=1)
        np.testing.assert_allclose(classifier(data[0]), probs, atol=FLOAT32)
        expected = model.decoder(model.encode(data[0]), probs.astype("f4"))
        np.testing.assert_allclose(autoencoder(data[0]), expected, atol=FLOAT32)
        train(model, data)
    trained = {id(w) for w in model.trainable_weights}
    assert {id(w) for w in classifier.trainable_weights} <= trained
    assert {id(w) for w in autoencoder.trainable_weights} == trained


def test_the_stack_trains_on_drawn_codes_and_leaves_m1_alone(data):
    model = make("m1_m2")
    x = data[0]
    first = [np.array(model(x, training=True).features) for _ in range(2)]
    assert np.any(first[0] != first[1])
    np.testing.assert_array_equal(model(x).features, model.first(x)[0])
    before = [w.numpy() for w in model.first.weights]
    train(model, data)
    for weight, old in zip(before, model.first.weights, strict=True):
        np.testing.assert_array_equal(weight, old)


def test_save_and_load_keep_batch_statistics_and_the_decoder(data, tmp_path):
    model = make("clamped", batch_norm=True, style="source")
    train(model, data, epochs=1)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for one, other in zip(model(data[0]), loaded(data[0]), strict=True):
        np.testing.assert_array_equal(one, other)
    codes, labels = np.ones((3, 2), "f4"), np.arange(3)
    np.testing.assert_array_equal(
        model.decode(codes, labels), loaded.decode(codes, labels)
    )


@pytest.mark.parametrize(
    ("kind", "batch_size"),
    [("m2", 10), ("with_class_kl", 10), ("m1_m2", 10)],
)
def test_training_lowers_the_cost(kind, data, batch_size):
    model = make(kind)
    history = train(model, data, batch_size=batch_size, epochs=6)
    assert history["loss"][-1] < history["loss"][0]


@pytest.mark.parametrize("kind", ["m2", "clamped"])
def test_a_batch_without_labels_and_one_with_all_are_finite(kind, data):
    x = data[0]
    model = make(kind)
    for labels in (np.full(25, -1, "i4"), np.arange(25, dtype="i4") % K):
        assert np.all(np.isfinite(train(model, (x, labels), epochs=1)["loss"]))


@pytest.mark.parametrize(
    ("kind", "precision"),
    [
        ("m2", "mixed_bfloat16"),
        ("clamped", "mixed_float16"),
    ],
)
def test_mixed_precision_keeps_heads_and_costs_in_float32(kind, data, precision):
    keras.config.set_dtype_policy(precision)
    try:
        model = make(kind)
        assert {part.dtype.name for part in model(data[0])} == {"float32"}
        assert model.decoder.hidden[0].compute_dtype == precision[6:]
    finally:
        keras.config.set_dtype_policy("float32")


def test_likelihoods_are_those_of_tfp(data):
    x = data[0]
    random = np.random.default_rng(5)
    y, s = random.normal(size=(2, 25, D)).astype("f4")
    s = np.exp(s)
    normal = make("m1_m2", num_classes=K).likelihood
    expected = tfd.MultivariateNormalDiag(y, s).log_prob(x)
    np.testing.assert_allclose(normal.log_prob(x, (y, s)), expected, rtol=1e-4)
    np.testing.assert_array_equal(normal.mean((y, s)), y)
    bernoulli = make("m1", likelihood="bernoulli").likelihood
    np.testing.assert_allclose(bernoulli.mean(y), special.expit(y), atol=FLOAT32)


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("m1", {"variance": 0.0}, "variance"),
        ("m1", {"likelihood": "poisson"}, "Allowed: gaussian, bernoulli, normal"),
        ("m1", {"style": "relu"}, "Allowed: softplus, source"),
        ("m1", {"weight_penalty": float("nan")}, "weight_penalty"),
        ("m2", {"latent_dim": 0}, "latent_dim"),
        ("m2", {"num_classes": 1}, "num_classes"),
        ("m2", {"label_weight": -1.0}, "label_weight"),
        ("m1_m2", {"num_inputs": 5}, "num_inputs"),
    ],
)
def test_impossible_arguments_are_named(kind, change, words):
    with pytest.raises(UserError, match=words):
        make(kind, **change)


def test_an_unknown_objective_and_no_hidden_layer_are_refused():
    with pytest.raises(UserError, match="Allowed: clamped, with_class_kl, marginal"):
        ClampedVAE(D, 2, K, (8,), (8,), objective="sum")
    with pytest.raises(UserError, match="at least one hidden layer"):
        Tower((3,), (), {"logits": (2, "linear")})
