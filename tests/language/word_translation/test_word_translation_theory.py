"""Procrustes, the orthogonality step, the game's value, moments; by other routes."""

import math

import numpy as np
import pytest
from scipy import linalg, stats

from lessons.language.word_translation import refinement, theory, theory_routes
from lessons.toolkit.errors import UserError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(500, 30))
Q = stats.ortho_group.rvs(30, random_state=RNG)
Y = X @ Q.T + 0.1 * RNG.normal(size=X.shape)


def test_procrustes_is_the_best_orthogonal_matrix():
    found = theory.procrustes(X, Y)
    np.testing.assert_allclose(found @ found.T, np.eye(30), atol=1e-12)
    np.testing.assert_allclose(
        found, linalg.orthogonal_procrustes(X, Y)[0].T, atol=1e-12
    )
    least = theory_routes.pairs_loss(found, X, Y)
    assert least == pytest.approx(theory.procrustes_loss(X, Y), abs=1e-8)
    # What the true rotation loses to the fitted one is the noise that is fitted:
    # sigma^2 for each of the d (d - 1) / 2 angles.
    gap = theory_routes.pairs_loss(Q, X, Y) - least
    assert gap == pytest.approx(0.01 * 30 * 29 / 2, rel=0.25)
    for other in theory_routes.random_rotations(20, 30, RNG):
        assert theory_routes.pairs_loss(other, X, Y) > 100 * least


def test_procrustes_never_moves_uphill_on_the_group():
    found = theory.procrustes(X, Y)
    least = theory_routes.pairs_loss(found, X, Y)
    for _ in range(10):
        skew = RNG.normal(size=(30, 30))
        near = linalg.expm(1e-3 * (skew - skew.T)) @ found
        assert theory_routes.pairs_loss(near, X, Y) > least


@pytest.mark.parametrize("sign", [1, -1])
def test_exact_spaces_are_recovered_reflections_too(sign):
    turn = stats.special_ortho_group.rvs(5, random_state=RNG)
    turn[0] *= sign
    words = RNG.normal(size=(40, 5))
    np.testing.assert_allclose(
        theory.procrustes(words, words @ turn.T), turn, atol=1e-12
    )
    # One pair leaves W open, but not where that pair goes.
    one = words[:1]
    found = theory.procrustes(one, one @ turn.T)
    np.testing.assert_allclose(one @ found.T, one @ turn.T, atol=1e-12)
    assert np.abs(found - turn).max() > 1e-3


def test_least_squares_fits_no_worse_and_is_not_orthogonal():
    free = theory.least_squares_map(X, Y)
    expected = linalg.solve(X.T @ X, X.T @ Y).T
    np.testing.assert_allclose(free, expected, atol=1e-10)
    assert theory_routes.pairs_loss(free, X, Y) < theory.procrustes_loss(X, Y)
    assert theory_routes.departure(free) > 1e-3


@pytest.mark.parametrize(
    "x, y, text",
    [
        (X, Y[:3], "same shape"),
        (X[:0], Y[:0], "same shape"),
        (X[0], Y[0], "same shape"),
        (np.full((2, 2), np.nan), np.zeros((2, 2)), "finite"),
    ],
)
def test_what_is_no_pair_is_refused(x, y, text):
    with pytest.raises(UserError, match=text):
        theory.procrustes(x, y)


def test_the_orthogonality_step_is_a_gradient_step():
    mapping, direction = RNG.normal(size=(2, 6, 6))
    gradient = 4 * mapping @ (mapping.T @ mapping - np.eye(6))
    slope = theory_routes.directional_derivative(mapping, direction)
    assert slope == pytest.approx(np.sum(gradient * direction), rel=1e-7)
    stepped = np.asarray(theory.orthogonalize(mapping, 0.03))
    np.testing.assert_allclose(stepped, mapping - 0.03 / 4 * gradient, atol=1e-13)
    # Control: the gradient of the norm that is not squared is another one.
    assert slope != pytest.approx(
        np.sum(gradient * direction) / (2 * theory_routes.departure(mapping) ** 0.5),
        rel=0.1,
    )


def test_singular_values_follow_their_own_recursion():
    mapping = RNG.normal(size=(5, 5))
    left, values, right = np.linalg.svd(mapping)
    for beta in (0.01, 0.1):
        moved = (left * ((1 + beta) * values - beta * values**3)) @ right
        np.testing.assert_allclose(
            theory.orthogonalize(mapping, beta), moved, atol=1e-12
        )


@pytest.mark.parametrize("beta, steps", [(0.01, 293), (0.001, 2961)])
def test_how_long_it_takes_from_two(beta, steps):
    path = theory_routes.singular_value_path(2.0, beta, 4000)
    assert np.argmax(np.abs(path - 1) < 1e-3) == steps
    rate = (path[-1] - 1) / (path[-2] - 1) if abs(path[-1] - 1) > 1e-9 else None
    near = theory_routes.singular_value_path(1 + 1e-4, beta, 1)
    assert (near[1] - 1) / 1e-4 == pytest.approx(1 - 2 * beta, abs=1e-4)
    assert rate is None or rate == pytest.approx(1 - 2 * beta, abs=1e-3)


def test_where_singular_values_turn_over_and_where_they_run_away():
    low, high = theory_routes.keeps_sign_below(0.01), theory_routes.diverges_above(0.01)
    assert (low, high) == (
        pytest.approx(10.0499, abs=1e-4),
        pytest.approx(14.1774, abs=1e-4),
    )
    path = theory_routes.singular_value_path
    assert path(low - 1e-6, 0.01, 1)[1] > 0 > path(low + 1e-6, 0.01, 1)[1]
    assert abs(path(high - 0.01, 0.01, 3000)[-1]) == pytest.approx(1, abs=1e-3)
    assert abs(path(high + 0.01, 0.01, 3000)[-1]) > 1e6


def test_newton_and_schulz_find_the_polar_factor():
    mapping = RNG.normal(size=(3, 7, 7))
    found = np.asarray(theory.projected(mapping.astype("float64"), steps=40))
    np.testing.assert_allclose(found, theory.nearest_orthogonal(mapping), atol=1e-10)


@pytest.mark.parametrize("start, end", [(0.1, 1), (1.70, 1), (1.74, -1), (2.0, -1)])
def test_newton_and_schulz_turn_the_sign_beyond_the_root_of_three(start, end):
    path = theory_routes.singular_value_path(start, 0.5, 60)
    assert math.isclose(path[-1], end, abs_tol=1e-9)


@pytest.mark.parametrize("smoothing, floor", [(0.1, 0.3251), (0.2, 0.5004), (0.0, 0.0)])
def test_the_value_of_the_game(smoothing, floor):
    assert theory_routes.entropy(smoothing) == pytest.approx(floor, abs=1e-4)
    same = RNG.dirichlet(np.ones(6))
    best, loss = theory_routes.best_discriminator(same, same, smoothing)
    np.testing.assert_allclose(best, 0.5)
    assert loss == pytest.approx(math.log(2))
    apart = np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.3, 0.7])
    best, loss = theory_routes.best_discriminator(*apart, smoothing)
    assert loss == pytest.approx(theory_routes.entropy(smoothing))
    # The best one cannot be beaten by another that is near.
    other = RNG.dirichlet(np.ones(6))
    best, least = theory_routes.best_discriminator(same, other, smoothing)
    logits = (
        np.log(best / (1 - best))
        if smoothing
        else np.clip(np.log(same / other), -20, 20)
    )
    for step in (0.0, 0.1, -0.1):
        losses = [
            float(np.sum(p * np.asarray(theory.cross_entropy(logits + step, t))))
            for p, t in ((same, 1 - smoothing), (other, smoothing))
        ]
        assert sum(losses) / 2 >= least - 1e-6
        assert (sum(losses) / 2 == pytest.approx(least, abs=1e-6)) == (step == 0)


def test_losses_by_their_definition():
    source, target = RNG.normal(size=(2, 3, 8))
    p, q = (1 / (1 + np.exp(-logits)) for logits in (source, target))
    s = 0.2
    by_hand = -((1 - s) * np.log(p) + s * np.log(1 - p)).mean(axis=1)
    by_hand += -(s * np.log(q) + (1 - s) * np.log(1 - q)).mean(axis=1)
    found = theory.discriminator_loss(source, target, s)
    np.testing.assert_allclose(found, by_hand / 2, rtol=1e-5)
    exchanged = theory.mapping_loss(source, target, s)
    np.testing.assert_allclose(
        exchanged, theory.discriminator_loss(-source, -target, s), rtol=1e-5
    )
    assert np.all(np.isfinite(theory.cross_entropy(np.array([-1e4, 1e4]), 0.1)))


def test_second_moments_leave_the_signs_and_third_ones_choose():
    words = RNG.gamma(0.5, size=(4000, 3)) * [3, 2, 1] - [1.5, 1, 0.5]
    turn = stats.ortho_group.rvs(3, random_state=RNG)
    maps = theory_routes.sign_maps(words, words @ turn.T)
    assert len(maps) == 8
    second, third = theory_routes.moment_gaps(maps, words, words @ turn.T)
    assert np.max(second) < 1e-10
    assert np.sort(third)[0] < 1e-10 < 1e-2 < np.sort(third)[1]
    np.testing.assert_allclose(maps[np.argmin(third)], turn, atol=1e-9)
    # Control: of a symmetric cloud no third moment tells the signs.
    even = np.concatenate([words, -words])
    third = theory_routes.moment_gaps(maps, even, even @ turn.T)[1]
    assert np.max(third) < 1e-10


def test_moment_maps_find_a_rotation_of_a_lopsided_cloud():
    words = RNG.gamma(0.5, size=(3000, 4)) * [4, 3, 2, 1]
    turn = stats.ortho_group.rvs(4, random_state=RNG)
    for mapping in refinement.moment_maps(words, words @ turn.T):
        np.testing.assert_allclose(mapping, turn, atol=1e-6)


def test_a_flipped_axis_is_a_reflection_of_one_direction():
    mapping = theory_routes.random_rotations(1, 6, RNG)[0]
    words = RNG.normal(size=(50, 6)) * [6, 5, 4, 3, 2, 1]
    turned = theory_routes.flipped(mapping, words, 0)
    assert np.linalg.det(turned) == pytest.approx(-np.linalg.det(mapping))
    assert np.sum(np.abs(np.linalg.eigvals(mapping.T @ turned) + 1) < 1e-9) == 1
