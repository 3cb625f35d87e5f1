"""What routing climbs: the objective, entropy, gradients, and the closed form."""

import numpy as np
import pytest

from lessons.vision.capsules import theory
from lessons.vision.capsules import theory_routing as analysis

EXACT = 1e-12
DIFFERENCE = 1e-8  # of central differences in float64


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def traced():
    votes = analysis.random_votes(np.random.default_rng(1), 200)
    return analysis.trace(votes, 100)


def differences(function, point, step=1e-6):
    """Central differences of a function of an array, by its entries, last axes."""
    columns = []
    for index in np.ndindex(point.shape):
        moved = np.zeros_like(point)
        moved[index] = step
        columns.append((function(point + moved) - function(point - moved)) / (2 * step))
    return np.moveaxis(np.array(columns), 0, -1)


def test_jacobian_of_squash_is_its_derivative(rng):
    s = rng.normal(size=5)
    slopes = differences(lambda p: np.asarray(theory.squash(p)), s)
    np.testing.assert_allclose(analysis.squash_jacobian(s), slopes, atol=DIFFERENCE)


def test_at_length_one_the_jacobian_is_half_the_unit_matrix(rng):
    s = rng.normal(size=6)
    half = analysis.squash_jacobian(s / np.linalg.norm(s))
    np.testing.assert_allclose(half, np.eye(6) / 2, atol=EXACT)


def test_lengths_change_fastest_at_one_over_root_three():
    radii = np.linspace(0.01, 3, 100_000)
    slopes = np.gradient(radii**2 / (1 + radii**2), radii)
    assert radii[slopes.argmax()] == pytest.approx(3**-0.5, abs=1e-4)
    along = analysis.squash_jacobian(np.array([3**-0.5, 0, 0]))[0, 0]
    assert along == pytest.approx(3 * 3**0.5 / 8, abs=EXACT)
    assert slopes.max() == pytest.approx(0.649519, abs=1e-6)


@pytest.mark.parametrize(
    ("iterations", "coupling", "length"),
    [(1, 0.5, 0.8), (2, 0.689974, 0.883951), (3, 0.843427, 0.919237)],
)
def test_four_parts_and_two_wholes_have_a_closed_form(iterations, coupling, length):
    votes = np.zeros((1, 2, 4, 2))
    votes[0, 0] = (1, 0)
    votes[0, 1] = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    step = theory.route(votes, iterations)
    lengths = np.linalg.norm(step.capsules[0], axis=-1)
    np.testing.assert_allclose(step.couplings[0, 0], coupling, atol=1e-6)
    np.testing.assert_allclose(lengths, [length, 0], atol=1e-6)
    by_formula = analysis.two_wholes(iterations)
    assert by_formula == pytest.approx((coupling, length), abs=1e-6)


def test_the_closed_form_tends_to_16_seventeenths():
    assert analysis.two_wholes(1000) == pytest.approx((1, 16 / 17), abs=EXACT)


def test_the_objective_has_the_agreement_as_its_gradient(rng):
    votes, couplings = rng.normal(size=(1, 3, 4, 2)), rng.random((1, 3, 4))

    def value(c):
        return analysis.objective(theory.gather_votes(votes, c))[0]

    capsules = theory.squash(theory.gather_votes(votes, couplings))
    expected = np.asarray(theory.agreement(votes, capsules)).ravel()
    np.testing.assert_allclose(differences(value, couplings), expected, atol=DIFFERENCE)


def test_the_objective_never_falls(traced):
    assert np.diff(traced.objective, axis=0).min() > -1e-12


def test_the_objective_gains_at_least_the_symmetric_divergence(traced):
    gain = np.diff(traced.objective, axis=0)
    for step in range(10):
        least = analysis.symmetric_kl(
            traced.couplings[step], traced.couplings[step + 1]
        )
        assert np.all(gain[step] - least > -1e-10)
        assert np.all(least >= 0)


def test_couplings_start_uniform_and_sharpen(traced):
    entropy = traced.entropy
    np.testing.assert_allclose(entropy[0], np.log(10), atol=EXACT)
    assert np.all(np.diff(entropy.mean(axis=1)) < 0)
    # means over 1000 tensors of another generator; 4 standard errors of 200
    for iteration, mean in ((2, 2.222), (3, 1.945), (10, 0.68), (100, 0.09)):
        row = entropy[iteration - 1]
        assert abs(row.mean() - mean) < 4 * row.std() / 200**0.5


def test_routing_ends_at_corners_except_where_votes_are_tied(rng):
    votes = analysis.random_votes(rng, 10, (3, 8, 6)) + rng.normal(size=(10, 3, 8, 6))
    last = analysis.trace(votes, 600).couplings[-1]
    assert np.mean(last.max(axis=1) > 0.99) > 0.95
    tied = np.concatenate([votes[:, :1], votes[:, :1], votes[:, 2:]], axis=1)
    last = analysis.trace(tied, 600).couplings[-1]
    np.testing.assert_allclose(last[:, 0], last[:, 1], atol=EXACT)
    assert np.any(np.abs(last[:, 0] - 0.5) < 0.01)


def test_a_whole_that_nothing_goes_to_stays_zero():
    votes = np.zeros((1, 2, 3, 2))
    votes[0, 0] = 5.0, 5.0
    traced = analysis.trace(votes, 1000)
    assert np.isfinite(traced.capsules).all()
    assert np.all(traced.capsules[-1, 0, 1] == 0)


def test_entropy_of_a_hard_choice_is_zero():
    hard = np.zeros((1, 3, 4))
    hard[:, 1] = 1
    assert analysis.entropy(hard) == pytest.approx(0)


def test_changes_of_the_logits_grow_as_agreement_does(traced):
    assert np.all(np.diff(traced.change.mean(axis=1)[:3]) > 0)


def test_detached_and_unrolled_gradients_differ_only_after_one_iteration(rng):
    votes = rng.normal(0, 0.5, size=(4, 10, 32, 16))
    for iterations, relative, cosine in (
        (1, 0.0, 1.0),
        (2, 0.45, 0.967),
        (3, 0.71, 0.892),
    ):
        whole, part = (
            analysis.gradient(votes, 3, iterations, d) for d in (False, True)
        )
        norms = np.linalg.norm(whole), np.linalg.norm(part)
        assert np.linalg.norm(whole - part) / norms[0] == pytest.approx(
            relative, abs=0.03
        )
        assert np.sum(whole * part) / np.prod(norms) == pytest.approx(cosine, abs=0.01)


@pytest.mark.parametrize("iterations", [2, 3])
def test_the_unrolled_gradient_is_the_derivative(rng, iterations):
    votes = rng.normal(0, 0.5, size=(1, 4, 3, 2))

    def loss(v):
        return float(analysis.loss_of_routing(v, 3, iterations))

    slopes = differences(loss, votes).reshape(votes.shape)
    np.testing.assert_allclose(
        analysis.gradient(votes, 3, iterations), slopes, atol=1e-7
    )
    assert np.abs(analysis.gradient(votes, 3, iterations, True) - slopes).max() > 1e-4


def test_the_gradient_at_zero_shows_what_the_epsilon_is_for():
    assert np.all(np.isfinite(analysis.gradient_at_zero(theory.squash)))
    without = analysis.gradient_at_zero(lambda s: theory.squash(s, epsilon=0.0))
    assert np.all(np.isnan(without))
