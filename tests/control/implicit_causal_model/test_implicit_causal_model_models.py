"""Models of SNPs and of the trait, and what interventions in them do."""

import keras
import numpy as np
import pytest
from scipy import special, stats

from lessons.control.implicit_causal_model import (
    config,
    evaluation,
    experiment,
    interventions,
    networks,
    paper,
)
from lessons.control.implicit_causal_model.model import SnpModel
from lessons.control.implicit_causal_model.model_trait import TraitModel
from lessons.control.implicit_causal_model.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

RNG = np.random.default_rng(0)
X = RNG.binomial(2, 0.4, (9, 12)).astype(np.int8)
IDS = np.arange(9, dtype=np.int32)[:, None]


def test_the_published_networks_have_the_published_size():
    settings = config.PRESETS["paper"]
    snps = networks.SnpNetwork(6, settings.snp_units, skip=False, batch_norm=True)
    snps.build()
    count = sum(int(np.prod(w.shape)) for w in snps.trainable_weights)
    assert count == paper.SNP_PARAMETERS + paper.SNP_NORM
    trait = experiment.build_model(settings, VARIANTS["implicit"], 5027, 324_160, 6)
    assert (
        runtime.num_parameters(trait.network)
        == paper.TRAIT_PARAMETERS + paper.TRAIT_NORM
    )


def test_the_first_layer_is_that_of_pairs():
    network = networks.SnpNetwork(2, (5, 4), skip=True, seed=1)
    network.build()
    z, w = RNG.normal(size=(2, 6, 2)).astype(np.float32)
    a, c, b = (p.numpy() for p in (*network.people.weights, *network.snps.weights))
    pairs = np.concatenate(
        [np.repeat(z[:, None], 6, axis=1), np.repeat(w[None], 6, axis=0)], axis=2
    )
    hidden = np.maximum(pairs @ np.vstack([a, b]) + c, 0)
    for layer in network.hidden[1:]:
        hidden = layer(hidden)
    expected = network.out(hidden)[..., 0] + z @ w.T
    np.testing.assert_allclose(network(z, w), expected, atol=1e-5)


def sure(**options):
    """A model whose q has next to no width, so that its loss hardly varies."""
    model = SnpModel(9, 12, latent_dim=2, units=(4,), seed=1, **options)
    model.z_log_sd.assign(np.full((9, 2), -12.0))
    model.w_log_sd.assign(np.full((12, 2), -12.0))
    return model


def test_the_loss_is_minus_the_bound():
    model = sure()
    found = float(np.mean(model.losses_of(X, model((IDS, X)), False)))
    z, w = model.z_mean.numpy(), model.w_mean.numpy()
    logits = np.asarray(model.network(z, w)) + model.intercept.numpy()
    data = stats.binom.logpmf(X, 2, special.expit(logits)).sum()
    kl = sum(np.sum((np.exp(-24) + m**2 - 1) / 2 + 12) for m in (z, w))
    prior = sum(np.sum(w.numpy() ** 2) / 2 for w in model.network.weights)
    assert found * X.size == pytest.approx(-data + kl + prior, rel=1e-5)
    size = sum(int(np.prod(w.shape)) for w in model.network.weights)
    constant = size * np.log(2 * np.pi) / 2
    assert model.bound(X, 1) == pytest.approx(data - kl - prior - constant, rel=1e-5)
    wide = SnpModel(9, 12, latent_dim=2, units=(4,), seed=1)
    one, other = (wide.losses_of(X, wide((IDS, X)), False) for _ in range(2))
    assert np.any(np.asarray(one) != np.asarray(other))  # a draw of z and w each


def test_some_snps_stand_for_all():
    part, whole = sure(snps_per_step=6), sure()
    expected = np.mean(whole.losses_of(X, whole((IDS, X)), False))
    q = part((IDS, X))
    found = [np.mean(part.losses_of(X, q, False)) for _ in range(60)]
    error = np.std(found) / np.sqrt(60)
    assert abs(np.mean(found) - expected) < 4 * error < 0.05 * expected


def test_missing_genotypes_say_nothing():
    model = SnpModel(9, 12, latent_dim=2, seed=1)
    model.z_log_sd.assign(np.full((9, 2), -20.0))
    model.w_log_sd.assign(np.full((12, 2), -20.0))
    gone = X.copy()
    gone[2] = -1
    q = model((IDS, X))
    one, other = (np.asarray(model.losses_of(x, q)) for x in (X, gone))
    assert one[2] > other[2] + 0.1
    np.testing.assert_allclose(np.delete(one, 2), np.delete(other, 2), atol=1e-6)


def test_training_finds_two_populations_and_their_frequencies():
    rng = np.random.default_rng(2)
    pi = rng.uniform(0.1, 0.9, (2, 80))
    member = rng.integers(2, size=60)
    x = rng.binomial(2, pi[member]).astype(np.int8)
    model = SnpModel(60, 80, latent_dim=1, units=(6,), seed=0)
    model.start_at(None, np.clip(x.mean(axis=0) / 2, 0.01, 0.99))
    model.compile(keras.optimizers.Adam(0.05), jit_compile=False)
    ids = np.arange(60, dtype=np.int32)[:, None]
    model.fit([ids, x], batch_size=60, epochs=60, verbose=0)
    z = model.z_mean.numpy()[:, 0]
    assert abs(np.corrcoef(z, member)[0, 1]) > 0.95
    error = np.sqrt(np.mean((model.frequencies() - pi[member]) ** 2))
    assert error < 0.09 < np.sqrt(np.mean((x.mean(axis=0) / 2 - pi[member]) ** 2))
    np.testing.assert_allclose(
        model.frequencies([3, 7], block=9), model.frequencies()[[3, 7]], atol=1e-6
    )


def test_effects_are_those_of_copies_set_one_by_one():
    copies = RNG.integers(3, size=(40, 6))
    centre = copies.mean(axis=0)
    rows = np.hstack([copies - centre, RNG.normal(size=(40, 2))]).astype(np.float32)
    for law in ("implicit", "additive"):
        model = TraitModel(8, num_snps=6, law=law, units=(5, 4), seed=3)
        found = interventions.effects(model, rows, 6, 0, people=40, centre=centre)
        order = np.random.default_rng((0, 61))
        kept = rows[order.permutation(40)]
        noise = order.standard_normal((40, 1 if law == "implicit" else 0), np.float32)
        for m in range(6):
            ends = []
            for given in (2, 0):
                changed = kept.copy()
                changed[:, m] = given - centre[m]
                ends.append(np.mean(model.network(np.hstack([changed, noise]))))
            assert found[m] == pytest.approx(ends[0] - ends[1], abs=1e-5)


def test_densities_and_priors_of_the_trait():
    rows = RNG.normal(size=(9, 4)).astype(np.float32)
    y = RNG.normal(size=9).astype(np.float32)
    for law in ("additive", "gaussian"):
        model = TraitModel(
            4, num_snps=3, num_people=50, law=law, units=(5,), lasso=2.0, seed=1
        )
        model.compile(keras.optimizers.SGD(0.0), jit_compile=False)
        mean, log_sd = (np.asarray(part) for part in model.moments(rows))
        first, *others = (w.numpy() for w in model.network.trainable_weights)
        prior = 2 * np.linalg.norm(first[:3], axis=1).sum()
        prior += sum(np.sum(w**2) for w in (first[3:], *others)) / 2
        expected = -stats.norm.logpdf(y, mean, np.exp(log_sd)).mean() + prior / 50
        found = float(model.compute_loss(x=rows, y=y))
        assert found == pytest.approx(expected, rel=1e-5)


def test_an_implicit_law_is_learned_from_simulation_alone():
    rng = np.random.default_rng(3)
    x = rng.random((2000, 1)).astype(np.float32)
    y = (1 + 0.5 * rng.standard_normal(2000)).astype(np.float32)
    runtime.seed_everything(0)
    sizes = {"units": (8,), "ratio_units": (16,), "num_people": 2000}
    model = TraitModel(1, activation="tanh", seed=0, **sizes)
    model.compile(*(keras.optimizers.Adam(0.01, beta_1=0.5) for _ in range(2)))
    before = np.asarray(model(x)).mean()
    model.fit(x, y, batch_size=200, epochs=40, verbose=0)
    after = np.asarray(model(x)).mean()
    assert abs(after - 1) < 0.3 < abs(before - 1)


def test_judging_knows_a_perfect_test_and_an_empty_one():
    from lessons.control.implicit_causal_model import data

    settings = config.PRESETS["smoke"]
    study = data.load(settings, "psd_0.5")
    p = np.linspace(0.06, 1, study.causal.size)
    empty = evaluation.judge(p, study, settings)
    assert empty["selected"] == empty["precision"] == 0
    p[study.causal] = 1e-9
    perfect = evaluation.judge(p, study, settings)
    assert perfect["precision"] == 1 and perfect["true"] == 3
    assert perfect["top_ten"] == 3
    turned = study.structure @ np.array([[1.0, 2], [0, 1], [3, -1]])
    assert evaluation.explained(turned, study.structure) == pytest.approx(1)
    noise = np.random.default_rng(0).normal(size=(40, 1))
    assert evaluation.explained(noise, study.structure) < 0.3


def test_residuals_are_predicted_by_others():
    rng = np.random.default_rng(4)
    z = rng.normal(size=(200, 2))
    y = z[:, 0] ** 2 + 0.1 * rng.normal(size=200)
    rest = evaluation.residuals(z, y, 5, 0)
    assert rest.std() < 0.5 * y.std()
    spoilt = y.copy()
    spoilt[0] += 100  # its own residual sees all of it, since others fit without it
    assert evaluation.residuals(z, spoilt, 5, 0)[0] > 90


def test_what_cannot_be_is_refused():
    for make, text in (
        (lambda: SnpModel(0, 3), "num_people"),
        (lambda: SnpModel(3, 3, skip=False), "bilinear"),
        (lambda: TraitModel(3, law="some"), "law"),
        (lambda: TraitModel(3, num_snps=4), "num_snps"),
        (lambda: TraitModel(3, ratio_steps=0), "ratio_steps"),
        (lambda: TraitModel(3).compile(keras.optimizers.SGD(0.1)), "ratio_optimizer"),
        (lambda: config.PRESETS["laptop"].replace(shares=(0.5, 0.6, 0.1)), "shares"),
        (lambda: config.PRESETS["laptop"].replace(num_causal=1500), "num_causal"),
        (lambda: config.PRESETS["laptop"].replace(latent_dim=600), "latent_dim"),
    ):
        with pytest.raises(UserError, match=text):
            make()
