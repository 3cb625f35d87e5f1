"""Regret, Gamma, bounds, projections and the counter-examples."""

import numpy as np
import pytest
from scipy import optimize

from lessons.foundations.amsgrad import framework, games, problems, theory
from lessons.foundations.amsgrad.variants import VARIANTS
from lessons.toolkit.errors import UserError

EXACT = 1e-12
PRINTED = 5e-9  # eight digits are given


def played(spike, num_steps, method="adam", **options):
    gradients = problems.periodic(num_steps, spike)
    options = {"beta_2": problems.theorem_beta_2(spike), "start": 1.0} | options
    return games.play(gradients, method, **options)


def test_regret_equals_a_search_over_fixed_points():
    rng = np.random.default_rng(3)
    points, gradients = rng.uniform(-1, 1, 50), rng.normal(size=50)
    candidates = np.linspace(-1, 1, 2001)
    for length in (1, 7, 50):
        paid = np.dot(points[:length], gradients[:length])
        best = np.min(candidates * gradients[:length].sum())
        found = theory.regret(points, gradients)[length - 1]
        assert found == pytest.approx(paid - best, abs=EXACT)


def test_regret_of_the_best_fixed_point_is_zero_at_either_end():
    for sign, end in ((1.0, -1.0), (-1.0, 1.0)):
        gradients = np.full(9, sign)
        assert theory.regret(np.full(9, end), gradients)[-1] == 0
        assert theory.regret(np.full(9, -end), gradients)[-1] == 18


def test_regret_is_not_that_of_the_origin():
    # At 0 nothing is paid, and yet the best fixed point gains 3 in three steps.
    assert theory.regret(np.zeros(3), np.ones(3))[-1] == 3


def test_the_first_steps_of_theorem_1():
    path = played(3.0, 9)
    expected = [1, 0.47295372, 0.74332276, 1, 0.73820195, 0.90866536, 1, 0.80210057]
    np.testing.assert_allclose(path.points[:8], expected, atol=PRINTED)
    np.testing.assert_allclose(path.velocity[:3], [8.1, 1.71, 1.071], atol=EXACT)


@pytest.mark.parametrize("spike", [2.01, 2.1, 2.5, 3.0, 10.0, 50.0])
@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.8])
def test_adam_is_back_at_the_worst_point_every_third_step(spike, alpha):
    path = played(spike, 3000, alpha=alpha)
    np.testing.assert_allclose(path.points[::3], 1, atol=EXACT)
    moved = path.points[0::3] - path.points[1::3]
    limit = theory.left_step(spike, alpha, np.arange(1, 3001, 3))
    assert np.all(moved <= limit + EXACT)


@pytest.mark.parametrize("spike", [2.5, 3.0, 5.0, 10.0])
def test_adams_average_regret_tends_to_a_positive_limit(spike):
    limit = problems.excess_per_cycle(spike)
    for start in (1.0, -1.0):
        path = played(spike, 300_000, start=start)
        average = theory.average_regret(path.points, path.gradients)[-1]
        assert average == pytest.approx(limit, rel=0.004)


def test_amsgrads_regret_grows_like_the_square_root_at_most():
    path = played(3.0, 300_000, "amsgrad")
    regret = theory.regret(path.points, path.gradients)
    lengths = np.array([300, 3000, 30_000, 300_000])
    ratios = regret[lengths - 1] / np.sqrt(lengths)
    np.testing.assert_allclose(ratios, [3.478, 1.498, 0.872, 0.673], atol=0.001)
    assert path.last == pytest.approx(-0.99936, abs=1e-5)


def test_a_long_memory_needs_a_long_period():
    # Theorem 2: for each beta_2 some period defeats Adam.
    def mean_end(period, beta_2):
        gradients = problems.periodic(60_000, period, -1.0, period)
        return games.play(gradients, "adam", beta_2=beta_2).points[-500:].mean()

    for beta_2, harmless, harmful in ((0.5, 3, 4), (0.9, 6, 8), (0.99, 10, 30)):
        assert mean_end(harmless, beta_2) < -0.9
        assert mean_end(harmful, beta_2) > 0.9


def test_an_epsilon_only_asks_for_larger_gradients():
    # Theorem 6: with V + 10 the game with C = 3 is learned, its hundredfold is not.
    gradients = problems.periodic(30_000, 3.0)
    small = games.play(gradients, "adam", beta_2=0.1, epsilon=10.0)
    large = games.play(100 * gradients, "adam", beta_2=0.1, epsilon=10.0)
    assert small.points[-3:].max() < -0.99
    assert large.points[-3:].min() > 0.99


def test_the_stochastic_game_separates_the_methods():
    draws = problems.stochastic(20_000, 32)
    adam = games.play(draws, "adam", beta_2=0.1)
    amsgrad = games.play(draws, "amsgrad", beta_2=0.1)
    assert adam.last.min() > 0.9
    assert amsgrad.last.max() < -0.9


def test_adam_converges_when_momentum_outlives_the_squares():
    # beta_1 = 0.9 > sqrt(0.1): theorem 3 does not apply, and Adam finds -1.
    draws = problems.stochastic(20_000, 32)
    assert games.play(draws, "adam", beta_1=0.9, beta_2=0.1).last.mean() < -0.98


def test_gamma_is_the_definition():
    velocity = np.array([[4.0], [9.0], [1.0]])
    rates = np.array([1.0, 0.5, 0.25])
    np.testing.assert_allclose(theory.gamma(velocity, rates), [[4.0], [-2.0]])


def test_the_bound_without_momentum_holds_for_any_gradients():
    rng = np.random.default_rng(7)
    for _ in range(200):
        gradients = rng.standard_t(2, 300)
        alpha, beta_2 = rng.uniform(0.05, 2), rng.uniform(0.1, 0.999)
        path = games.play(
            gradients,
            "amsgrad",
            alpha=alpha,
            beta_2=beta_2,
            start=rng.uniform(-1, 1),
        )
        bound = theory.bound_without_momentum(gradients, path.velocity, alpha)
        assert theory.regret(path.points, gradients)[-1] < bound


def test_adam_breaks_the_bound_that_its_gamma_would_need():
    path = played(3.0, 30_000)
    bound = theory.bound_without_momentum(path.gradients, path.velocity, 0.5)
    assert theory.regret(path.points, path.gradients)[-1] > 10 * bound


@pytest.mark.parametrize("decay", [1.0, 0.99])
def test_the_papers_bound_holds(decay):
    rng = np.random.default_rng(8)
    for _ in range(50):
        gradients = rng.standard_t(2, (200, 2))
        beta_2 = rng.uniform(0.3, 0.999)
        beta_1 = rng.uniform(0, 0.9) * np.sqrt(beta_2)
        options = {"beta_1": beta_1, "beta_2": beta_2, "decay": decay}
        path = games.play(gradients, "amsgrad", alpha=0.3, **options)
        bound = theory.bound_of_the_paper(gradients, path.velocity, 0.3, **options)
        assert np.all(theory.regret(path.points, gradients)[-1] < bound)


def test_the_papers_bound_has_the_dimensions_of_a_regret():
    # Measure x in other units: losses stay, so the bound must stay. (Without 1/alpha
    # in its first term it would not.)
    rng = np.random.default_rng(9)
    gradients = rng.normal(size=100)
    velocity = framework.moments(gradients, VARIANTS["amsgrad"])[1]
    for bound, options in (
        (theory.bound_without_momentum, {}),
        (theory.bound_of_the_paper, {"beta_1": 0.5, "beta_2": 0.9}),
    ):
        one = bound(gradients, velocity, 0.3, diameter=2.0, **options)
        other = bound(
            gradients / 7, velocity / 49, 0.3 * 7, diameter=2.0 * 7, **options
        )
        assert other == pytest.approx(one, rel=1e-12)


def minimiser(point, metric, **problem):
    def distance(x):
        return np.sum(metric * (x - point) ** 2)

    return optimize.minimize(
        distance, np.zeros_like(point), method="SLSQP", tol=1e-14, **problem
    ).x


def test_projection_onto_a_box_is_a_clip_in_every_diagonal_metric():
    rng = np.random.default_rng(4)
    for _ in range(5):
        point, metric = rng.normal(0, 2, 3), rng.uniform(0.1, 5, 3)
        found = theory.project_box(point, -1, 1)
        expected = minimiser(point, metric, bounds=[(-1, 1)] * 3)
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_projection_onto_a_ball_depends_on_the_metric():
    rng = np.random.default_rng(5)
    inside = {"type": "ineq", "fun": lambda x: 1 - np.sum(x**2)}
    for _ in range(5):
        point, metric = rng.normal(0, 3, 3), rng.uniform(0.1, 5, 3)
        found = theory.project_ball(point, 1.0, metric)
        expected = minimiser(point, metric, constraints=[inside])
        np.testing.assert_allclose(found, expected, atol=1e-5)
    plain = theory.project_ball(point, 1.0, np.ones(3))
    np.testing.assert_allclose(plain, point / np.linalg.norm(point), atol=EXACT)
    assert np.abs(found - plain).max() > 0.01
    np.testing.assert_array_equal(
        theory.project_ball(point / 99, 1.0, metric), point / 99
    )


def test_the_periodic_game_counts_from_one():
    assert problems.periodic(7).tolist() == [3, -1, -1, 3, -1, -1, 3]
    spiked = problems.periodic(202, 1010, -10, 101)
    assert spiked[0] == spiked[101] == 1010
    assert np.sum(spiked == 1010) == 2
    assert spiked.sum() == 2 * 10  # the best fixed point is -1


def test_stochastic_games_have_the_mean_they_say():
    draws = problems.stochastic(20_000, 5, seed=1)
    deviation = 5 * np.sqrt(0.3 * 0.7 / draws.size)
    assert abs(draws.mean() - 0.5) < 4 * deviation
    assert np.array_equal(draws, problems.stochastic(20_000, 5, seed=1))
    assert not np.array_equal(draws, problems.stochastic(20_000, 5, seed=2))


@pytest.mark.parametrize(
    "call",
    [
        lambda: problems.periodic(0),
        lambda: problems.periodic(5, period=1),
        lambda: problems.stochastic(5, 1, probability=1.0),
    ],
)
def test_impossible_games_are_refused(call):
    with pytest.raises(UserError):
        call()


def test_the_momentum_term_is_the_sum_of_theorem_4():
    velocity = np.random.default_rng(2).uniform(0.1, 2, (7, 3))
    expected = sum(
        4 / (2 * 0.2) * 0.8 * 0.9**t * np.sqrt(velocity[t] * (t + 1)) / 0.3
        for t in range(7)
    )
    found = theory.momentum_term(velocity, 0.3, 0.8, decay=0.9)
    np.testing.assert_allclose(found, expected, rtol=EXACT)


@pytest.mark.parametrize("decay", [0.5, 0.9, 0.99])
def test_fading_momentum_costs_a_constant(decay):
    # Corollary 1. The worst case has the largest gradient in every step.
    bound = theory.fading_momentum_bound(3.0, 0.3, 0.8, decay)
    costs = [
        theory.momentum_term(np.full(n, 9.0), 0.3, 0.8, decay=decay)
        for n in (10, 1000, 10_000)
    ]
    assert costs[-1] < bound
    assert costs[-1] - costs[-2] < 1e-2 * bound
    constant = theory.momentum_term(np.full(10_000, 9.0), 0.3, 0.8)
    assert constant > 10 * costs[-1]  # without fading it grows for ever


def test_settled_moves_are_those_of_a_long_game():
    for period, beta_2 in ((3, 0.1), (10, 0.9), (30, 0.99)):
        gradients = problems.periodic(200 * period, period, -1.0, period)
        velocity = framework.moments(gradients, VARIANTS["adam"], 0.0, beta_2)[1]
        expected = -(gradients / np.sqrt(velocity))[-period:]
        found = theory.settled_moves(period, beta_2)
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_period_of_moves_says_to_which_wall_adam_drifts():
    for period, beta_2 in ((3, 0.5), (4, 0.5), (6, 0.9), (8, 0.9), (15, 0.99)):
        gradients = problems.periodic(60_000, period, -1.0, period)
        end = games.play(gradients, "adam", beta_2=beta_2).points[-500:].mean()
        drift = theory.settled_moves(period, beta_2).sum()
        assert np.sign(drift) == np.sign(end)
        assert problems.periodic(period, period, -1.0, period).sum() > 0
