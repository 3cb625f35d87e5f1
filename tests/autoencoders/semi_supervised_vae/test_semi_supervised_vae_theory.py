"""Costs and bounds against definitions, finite differences, TFP and other routes."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp
from scipy import special

from lessons.autoencoders.semi_supervised_vae import theory

tfd = tfp.distributions
EXACT = 1e-12  # float64 arithmetic of numbers near one
FLOAT64 = 1e-9  # sums of many terms
STATED = 1e-6  # the sheet's numbers have six decimals
STANDARD_ERRORS = 4  # a Monte Carlo mean is allowed this many

BOUNDS = np.array([[2.0, 1.0, 4.0]])
LOGITS = np.array([[0.3, -0.2, 0.1]])


@pytest.fixture
def random():
    return np.random.default_rng(3)


def numpy_bound(bounds, logits):
    """U from its definition."""
    probs = special.softmax(logits, axis=1)
    return np.sum(probs * bounds, 1) + np.sum(special.xlogy(probs, probs), 1)


def test_unlabelled_bound_is_the_stated_number_and_its_definition(random):
    assert float(theory.unlabelled_bound(BOUNDS, LOGITS)[0]) == pytest.approx(
        1.346580, abs=STATED
    )
    bounds, logits = random.normal(size=(2, 7, 5)) * 4
    actual = theory.unlabelled_bound(bounds, logits)
    np.testing.assert_allclose(actual, numpy_bound(bounds, logits), atol=FLOAT64)


def test_unlabelled_bound_is_mean_cost_minus_the_entropy_of_tfp(random):
    bounds, logits = random.normal(size=(2, 6, 4))
    q = tfd.Categorical(logits=logits)
    expected = np.sum(q.probs_parameter() * bounds, axis=1) - q.entropy()
    actual = theory.unlabelled_bound(bounds, logits)
    np.testing.assert_allclose(actual, expected, atol=FLOAT64)


def test_no_classifier_beats_the_best_bound(random):
    bounds = random.normal(size=(1, 4)) * 3
    best = float(theory.best_unlabelled_bound(bounds)[0])
    logits = random.normal(size=(3000, 4)) * 5
    tried = theory.unlabelled_bound(np.repeat(bounds, 3000, axis=0), logits)
    assert np.min(tried) >= best - EXACT
    at_best = float(theory.unlabelled_bound(bounds, -bounds)[0])
    assert at_best == pytest.approx(best, abs=EXACT)
    assert float(theory.best_unlabelled_bound(BOUNDS)[0]) == pytest.approx(
        0.650988, abs=STATED
    )


def test_classifier_gradient_is_the_finite_difference_and_the_tapes():
    stated = [-0.095874, -0.433284, 0.529157]
    actual = np.asarray(theory.classifier_gradient(BOUNDS, LOGITS))[0]
    np.testing.assert_allclose(actual, stated, atol=STATED)
    for k, step in enumerate(np.eye(3) * 1e-5):
        high = numpy_bound(BOUNDS, LOGITS + step)[0]
        low = numpy_bound(BOUNDS, LOGITS - step)[0]
        assert actual[k] == pytest.approx((high - low) / 2e-5, abs=FLOAT64)
    logits = tf.Variable(LOGITS)
    with tf.GradientTape() as tape:
        cost = tf.reduce_sum(theory.unlabelled_bound(tf.constant(BOUNDS), logits))
    np.testing.assert_allclose(tape.gradient(cost, logits)[0], actual, atol=EXACT)


def test_classifier_gradient_is_zero_at_softmax_of_minus_the_bounds(random):
    bounds = random.normal(size=(5, 6)) * 3
    gradient = theory.classifier_gradient(bounds, 1.7 - bounds)
    np.testing.assert_allclose(gradient, 0, atol=EXACT)


def test_a_saturated_classifier_gives_finite_bounds_and_gradients():
    logits = tf.Variable([[0.0, 500.0, -500.0]])
    with tf.GradientTape() as tape:
        cost = theory.unlabelled_bound(tf.constant([[1.0, 2.0, 3.0]]), logits)
    assert float(cost[0]) == pytest.approx(2.0, abs=1e-6)
    assert np.all(np.isfinite(tape.gradient(cost, logits)))


def test_bound_does_not_know_the_names_of_the_classes(random):
    bounds, logits = random.normal(size=(2, 4, 3))
    expected = theory.unlabelled_bound(bounds, logits)
    for order in itertools.permutations(range(3)):
        permuted = theory.unlabelled_bound(bounds[:, order], logits[:, order])
        np.testing.assert_allclose(permuted, expected, atol=EXACT)


def test_labelled_bound_adds_up_its_three_terms():
    log_prior = np.log(0.1)
    bound = theory.labelled_bound(np.array([-3.0]), np.array([2.0]), log_prior)
    assert float(bound[0]) == pytest.approx(5 + np.log(10), abs=EXACT)


def test_one_hot_of_a_missing_label_is_a_row_of_zeros():
    # What `label_cross_entropy` and `m2_cost` build on.
    from keras import ops

    rows = np.asarray(ops.one_hot(np.array([-1, 2]), 3))
    np.testing.assert_array_equal(rows, [[0, 0, 0], [0, 0, 1]])


def test_clamped_rows_are_the_truth_or_the_classifier():
    probs = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8]])
    rows = np.asarray(theory.clamp_labels(np.array([-1, 1, 0]), probs))
    np.testing.assert_array_equal(rows, [[0.2, 0.5, 0.3], [0, 1, 0], [1, 0, 0]])


def test_gradients_reach_the_classifier_through_unlabelled_rows_only():
    probs = tf.Variable([[0.2, 0.8], [0.6, 0.4]])
    with tf.GradientTape() as tape:
        rows = theory.clamp_labels(tf.constant([-1, 1]), probs)
        total = tf.reduce_sum(rows * [[1.0, 2.0], [3.0, 4.0]])
    gradient = tape.gradient(total, probs)
    np.testing.assert_array_equal(gradient, [[1, 2], [0, 0]])


def test_cross_entropy_is_of_labelled_rows_and_zero_elsewhere(random):
    logits = random.normal(size=(4, 3))
    labels = np.array([2, -1, 0, -1])
    actual = np.asarray(theory.label_cross_entropy(labels, logits))
    expected = -special.log_softmax(logits, axis=1)[[0, 2], [2, 0]]
    np.testing.assert_allclose(actual[[0, 2]], expected, atol=EXACT)
    np.testing.assert_array_equal(actual[[1, 3]], 0)


def test_without_labels_the_indicator_term_has_no_gradient(random):
    logits = tf.Variable(random.normal(size=(5, 3)))
    with tf.GradientTape() as tape:
        cost = theory.label_cross_entropy(tf.fill([5], -1), logits)
    np.testing.assert_array_equal(tape.gradient(cost, logits), np.zeros((5, 3)))


def test_missing_term_is_the_kl_of_tfp_and_at_most_log_k(random):
    logits = random.normal(size=(6, 10)) * 3
    missing = np.full(6, -1)
    q, p = tfd.Categorical(logits=logits), tfd.Categorical(logits=np.zeros((6, 10)))
    actual = np.asarray(theory.missing_term(missing, logits))
    np.testing.assert_allclose(actual, tfd.kl_divergence(q, p), atol=FLOAT64)
    known = np.asarray(theory.missing_term(np.arange(6), logits))
    np.testing.assert_allclose(known, np.log(10), atol=EXACT)
    sure = theory.missing_term(np.array([-1]), 80.0 * np.eye(10)[:1])
    assert float(sure[0]) == pytest.approx(2.302585, abs=STATED)
    assert np.all((actual > 0) & (actual < np.log(10)))


def test_clamped_cost_adds_the_cross_entropy_of_labelled_rows(random):
    nll, kl = random.normal(size=(2, 2))
    logits = random.normal(size=(2, 3))
    actual = np.asarray(theory.clamped_cost(nll, kl, np.array([-1, 1]), logits, 5.0))
    assert actual[0] == pytest.approx(nll[0] + kl[0], abs=EXACT)
    entropy = -special.log_softmax(logits[1])[1]
    assert actual[1] == pytest.approx(nll[1] + kl[1] + 5 * entropy, abs=FLOAT64)


def test_m2_cost_takes_the_labelled_bound_where_there_is_a_label(random):
    bounds, logits = random.normal(size=(2, 3, 4))
    labels = np.array([1, -1, 3])
    actual = np.asarray(theory.m2_cost(bounds, labels, logits, 0.0))
    np.testing.assert_allclose(actual[[0, 2]], bounds[[0, 2], [1, 3]], atol=EXACT)
    assert actual[1] == pytest.approx(numpy_bound(bounds, logits)[1], abs=FLOAT64)
    weighted = np.asarray(theory.m2_cost(bounds, labels, logits, 2.0)) - actual
    expected = -2 * special.log_softmax(logits, axis=1)[[0, 2], [1, 3]]
    np.testing.assert_allclose(weighted[[0, 2]], expected, atol=FLOAT64)
    assert weighted[1] == 0


def test_m2_gradient_of_labelled_rows_is_that_of_the_weighted_cross_entropy(random):
    bounds = tf.constant(random.normal(size=(1, 3)))
    logits = tf.Variable(random.normal(size=(1, 3)))
    with tf.GradientTape() as tape:
        cost = theory.m2_cost(bounds, tf.constant([2]), logits, 7.0)
    expected = 7 * (special.softmax(logits.numpy()) - np.eye(3)[[2]])
    np.testing.assert_allclose(tape.gradient(cost, logits), expected, atol=FLOAT64)


@pytest.mark.parametrize("num_batches", [1, 5, 50])
def test_weighting_each_label_weighs_the_mean_for_any_number_of_batches(
    random, num_batches
):
    # N = 500 examples with N_l = 50 labels, cut into batches in any order.
    entropies = np.where(np.arange(500) < 50, random.exponential(size=500), 0.0)
    weight = theory.label_weight(0.1, 500, 50)
    batches = np.split(random.permutation(entropies), num_batches)
    total = sum(np.sum(weight * batch) for batch in batches) / 500
    assert total == pytest.approx(0.1 * entropies[:50].mean(), abs=EXACT)


@pytest.mark.parametrize(("labels", "weight"), [(100, 50), (1000, 5)])
def test_the_weights_in_the_papers_code(labels, weight):
    assert theory.label_weight(0.1, 50_000, labels) == pytest.approx(weight)


def test_jensen_gap_of_the_toy_and_of_sampled_images(random):
    probs = np.array([0.5, 0.3, 0.2])
    means = 2 * np.eye(3)
    assert float(theory.jensen_gap(means, probs, 0.25)) == pytest.approx(
        4.96, abs=EXACT
    )
    means, offset, x = random.normal(size=(3, 4)), *random.normal(size=(2, 4))
    density = tfd.MultivariateNormalDiag
    scale = np.full(4, np.sqrt(0.3))
    outside = sum(
        -p * density(mean + offset, scale).log_prob(x).numpy()
        for p, mean in zip(probs, means, strict=True)
    )
    inside = -density(probs @ means + offset, scale).log_prob(x).numpy()
    actual = float(theory.jensen_gap(means, probs, 0.3))
    assert actual == pytest.approx(outside - inside, abs=FLOAT64)


def test_jensen_gap_is_never_negative_and_zero_for_a_sure_classifier(random):
    means = random.normal(size=(5, 3))
    probs = random.dirichlet(np.ones(5), size=100)
    assert np.min(theory.jensen_gap(means, probs, 1.0)) > 0
    np.testing.assert_allclose(
        theory.jensen_gap(means, np.eye(5), 1.0), 0, atol=FLOAT64
    )


def test_enumeration_is_exact_and_sampling_has_the_stated_variance():
    values, probs = np.array([1.0, -2.0, 3.0]), np.array([0.2, 0.5, 0.3])
    exact = np.asarray(theory.enumerated_gradient(values, probs))
    np.testing.assert_allclose(exact, [0.18, -1.05, 0.87], atol=EXACT)
    samples = np.asarray(theory.score_function_gradient(values, probs, np.arange(3)))
    mean = probs @ samples  # the expectation over y, exactly
    np.testing.assert_allclose(mean, exact, atol=EXACT)
    variance = probs @ np.sum((samples - exact) ** 2, axis=1)
    assert variance == pytest.approx(1.1702, abs=EXACT)


def test_enumerated_gradient_is_a_finite_difference(random):
    values, logits = random.normal(size=(2, 4))
    exact = np.asarray(theory.enumerated_gradient(values, special.softmax(logits)))
    for k, step in enumerate(np.eye(4) * 1e-5):
        high, low = (special.softmax(logits + s) @ values for s in (step, -step))
        assert exact[k] == pytest.approx((high - low) / 2e-5, abs=FLOAT64)


def test_bernoulli_likelihood_is_that_of_tfp(random):
    x = random.integers(0, 2, size=(5, 7)).astype(float)
    logits = random.normal(size=(5, 7)) * 3
    expected = tfd.Independent(tfd.Bernoulli(logits=logits), 1).log_prob(x)
    actual = theory.bernoulli_log_likelihood(x, logits)
    np.testing.assert_allclose(actual, expected, atol=FLOAT64)
