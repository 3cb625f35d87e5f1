"""The toys against scipy's densities, integrals and the sheet's numbers."""

import numpy as np
import pytest
from scipy import special, stats

from lessons.autoencoders.semi_supervised_vae import theory, theory_toy

EXACT = 1e-12
STATED = 1e-6
TOY, X = theory_toy.SHEET, theory_toy.SHEET_X[None]


def unlabelled(bounds, probs):
    with np.errstate(divide="ignore"):
        logits = np.maximum(np.log(probs), -700.0)
    return float(theory.unlabelled_bound(bounds, logits[None])[0])


def test_joint_and_evidence_are_gaussian_densities_with_the_stated_values():
    covariance = TOY.weights @ TOY.weights.T + 0.25 * np.eye(3)
    densities = [
        stats.multivariate_normal(mean, covariance).logpdf(X[0]) - np.log(3)
        for mean in TOY.class_means
    ]
    np.testing.assert_allclose(TOY.log_joint(X)[0], densities, atol=1e-10)
    stated = [-3.795566, -6.060966, -17.171899]
    np.testing.assert_allclose(TOY.log_joint(X)[0], stated, atol=STATED)
    assert TOY.log_evidence(X)[0] == pytest.approx(-3.696817, abs=STATED)
    np.testing.assert_allclose(
        TOY.posterior(X)[0], [0.905969, 0.094029, 1.41e-6], atol=STATED
    )


@pytest.mark.parametrize(
    ("probs", "bound", "gap"),
    [([1 / 3] * 3, -7.910865, 4.214048), ([0.8, 0.1, 0.1], -4.720708, 1.023891)],
)
def test_bound_loses_the_kl_to_the_posterior(probs, bound, gap):
    actual = -unlabelled(-TOY.log_joint(X), np.array(probs))
    assert actual == pytest.approx(bound, abs=STATED)
    kl = np.sum(special.rel_entr(probs, TOY.posterior(X)[0]))
    assert kl == pytest.approx(gap, abs=STATED)
    assert TOY.log_evidence(X)[0] - actual == pytest.approx(kl, abs=EXACT)


def test_bound_is_tight_at_the_posterior():
    bound = unlabelled(-TOY.log_joint(X), TOY.posterior(X)[0])
    assert -bound == pytest.approx(TOY.log_evidence(X)[0], abs=EXACT)


def test_a_diagonal_code_lowers_every_bound_alike():
    bounds = TOY.diagonal_bounds(X)
    np.testing.assert_allclose(bounds + TOY.log_joint(X), 0.0384916, atol=1e-7)
    best = float(theory.best_unlabelled_bound(bounds)[0])
    assert -best == pytest.approx(-3.735308, abs=STATED)
    np.testing.assert_allclose(
        special.softmax(-bounds[0]), TOY.posterior(X)[0], atol=EXACT
    )


def test_the_diagonal_bound_is_that_of_the_linear_model():
    bounds = TOY.diagonal_bounds(X)[0]
    for k, label in enumerate(np.eye(3)):
        decoder = TOY.decoder_of(label)
        mean, scale = decoder.best_diagonal(X)
        elbo = decoder.elbo(X, mean, np.diag(scale**2))[0]
        assert bounds[k] == pytest.approx(np.log(3) - elbo, abs=1e-10)


@pytest.mark.parametrize("num_classes", [2, 10])
def test_a_confident_clamped_cost_is_too_low_by_log_k(num_classes):
    world = theory_toy.separated_points(num_classes)
    random = np.random.default_rng(0)
    labels = random.integers(0, num_classes, 20)
    noise = 0.1 * random.standard_normal((20, num_classes))
    x = world.class_means[labels] + noise
    cost = world.clamped_cost(x, np.eye(num_classes)[labels])
    below = -world.log_evidence(x) - cost
    np.testing.assert_allclose(below, np.log(num_classes), atol=STATED)


def test_the_average_clamped_cost_is_below_the_entropy_which_no_bound_can_be():
    # E[-log p(x)] >= E[cost + missing]: with it the cost is a bound again.
    world = theory_toy.separated_points(10)
    x = world.class_means
    logits = 60.0 * np.eye(10)
    missing = np.asarray(theory.missing_term(np.full(10, -1), logits))
    repaired = world.clamped_cost(x, special.softmax(logits, axis=1)) + missing
    np.testing.assert_allclose(repaired, -world.log_evidence(x), atol=STATED)


def test_soft_labels_are_cheaper_by_the_jensen_gap():
    # The expected cost over hard labels against the cost of the mixture, z unused.
    world = theory_toy.LabelledGaussian(TOY.class_means, np.zeros((3, 1)), 0.25)
    probs = np.array([0.5, 0.3, 0.2])
    hard = probs @ world.clamped_cost(np.repeat(X, 3, axis=0), np.eye(3))
    soft = world.clamped_cost(X, probs[None])[0]
    assert hard - soft == pytest.approx(4.96, abs=1e-10)
    gap = theory.jensen_gap(world.class_means, probs, 0.25)
    assert hard - soft == pytest.approx(float(gap), abs=1e-10)
