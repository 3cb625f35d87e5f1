"""The generic method, its instances and the games played with them."""

import numpy as np
import pytest

from lessons.foundations.amsgrad import framework, games, problems, theory
from lessons.foundations.amsgrad.variants import VARIANTS
from lessons.toolkit.errors import UserError

EXACT = 1e-12  # the same arithmetic in another order, float64


@pytest.fixture
def gradients():
    return np.random.default_rng(0).standard_t(3, size=(40, 3))


def clip(point, root):
    return np.clip(point, -1, 1)


@pytest.mark.parametrize("name", VARIANTS)
def test_games_follow_the_definition_word_for_word(name, gradients):
    path = games.play(gradients, name, alpha=0.3, beta_1=0.8, beta_2=0.95)
    point, method = np.zeros(3), VARIANTS[name]
    for step in range(1, len(gradients) + 1):
        np.testing.assert_allclose(path.points[step - 1], point, atol=EXACT)
        point = framework.adaptive_step(
            point, gradients[:step], 0.3 / step**0.5, method, 0.8, 0.95, clip
        )
    np.testing.assert_allclose(path.last, point, atol=EXACT)


def test_sgd_is_projected_gradient_descent(gradients):
    path = games.play(gradients, "sgd", alpha=0.2, start=0.5)
    point = np.full(3, 0.5)
    for step, gradient in enumerate(gradients, start=1):
        point = np.clip(point - 0.2 / np.sqrt(step) * gradient, -1, 1)
    np.testing.assert_allclose(path.last, point, atol=EXACT)


def test_adagrad_divides_by_the_norm_of_all_gradients(gradients):
    path = games.play(gradients, "adagrad", alpha=0.2, low=-50.0, high=50.0)
    norms = np.sqrt(np.cumsum(gradients**2, axis=0))  # the sqrt(t) have cancelled
    expected = -np.sum(0.2 * gradients / norms, axis=0)
    np.testing.assert_allclose(path.last, expected, atol=EXACT)


def test_rmsprop_is_adam_without_momentum_and_adagrad_adamnc_without(gradients):
    for one, other in (("rmsprop", "adam"), ("adagrad", "adamnc")):
        left = games.play(gradients, one, beta_1=0.0)
        right = games.play(gradients, other, beta_1=0.0)
        np.testing.assert_allclose(left.points, right.points, atol=EXACT)


def test_amsgrad_is_adam_while_the_squares_grow():
    growing = np.arange(1.0, 30.0)  # v is an average of squares that only grow
    adam = games.play(growing, "adam", beta_1=0.9, low=-9.0, high=9.0)
    amsgrad = games.play(growing, "amsgrad", beta_1=0.9, low=-9.0, high=9.0)
    np.testing.assert_allclose(amsgrad.points, adam.points, atol=EXACT)


def test_the_maximum_is_kept_for_each_coordinate_by_itself():
    gradients = np.array([[1.0, 0.1], [0.1, 1.0], [0.1, 0.1]])
    method = VARIANTS["amsgrad"]
    _, velocity = framework.moments(gradients, method, beta_2=0.5)
    np.testing.assert_allclose(velocity[-1], [0.5, 0.5025], atol=EXACT)


def test_momentum_with_decay_follows_its_recursion(gradients):
    momentum, _ = framework.moments(gradients, VARIANTS["adam"], beta_1=0.9, decay=0.7)
    state = np.zeros(3)
    for step, gradient in enumerate(gradients, start=1):
        beta = 0.9 * 0.7 ** (step - 1)
        state = beta * state + (1 - beta) * gradient
        np.testing.assert_allclose(momentum[step - 1], state, atol=EXACT)


def test_the_correction_makes_averages_of_a_constant_exact():
    constant = np.full(50, 3.0)
    method = VARIANTS["adam"]
    momentum, velocity = framework.moments(constant, method, 0.9, 0.99)
    factor = framework.correction(method, np.arange(1, 51), 0.9, 0.99)
    np.testing.assert_allclose(factor * momentum / np.sqrt(velocity), 1, atol=1e-10)


def test_methods_that_average_nothing_need_no_correction():
    for name in ("sgd", "adagrad"):
        method = VARIANTS[name]
        assert framework.correction(method, np.arange(1, 9), 0.9, 0.99) == 1.0


def test_a_coordinate_without_gradients_does_not_move():
    gradients = np.array([[1.0, 0.0], [2.0, 0.0]])
    for name in VARIANTS:
        path = games.play(gradients, name, start=0.25)
        assert path.last[1] == 0.25
        assert np.all(np.isfinite(path.points))


def test_points_played_come_before_their_gradients():
    path = games.play(np.array([1.0, -1.0]), "sgd", alpha=0.5)
    np.testing.assert_allclose(path.points, [0.0, -0.5], atol=EXACT)
    np.testing.assert_allclose(path.last, -0.5 + 0.5 / np.sqrt(2), atol=EXACT)


def test_replicates_do_not_touch_each_other():
    draws = problems.stochastic(300, 4, seed=5)
    together = games.play(draws, "amsgrad", beta_1=0.5)
    alone = games.play(draws[:, 2], "amsgrad", beta_1=0.5)
    np.testing.assert_allclose(together.points[:, 2], alone.points, atol=EXACT)


def test_scaling_all_losses_changes_no_adaptive_path(gradients):
    for name in ("adagrad", "rmsprop", "adam", "adamnc", "amsgrad"):
        path = games.play(gradients, name, beta_1=0.9)
        scaled = games.play(1000 * gradients, name, beta_1=0.9)
        np.testing.assert_allclose(scaled.points, path.points, atol=1e-9)


def test_a_constant_schedule_keeps_its_rate():
    path = games.play(np.ones(5), "sgd", alpha=0.1, schedule="constant")
    np.testing.assert_allclose(path.rates, 0.1, atol=EXACT)
    np.testing.assert_allclose(path.last, -0.5, atol=EXACT)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "adm"}, "Did you mean 'adam'"),
        ({"method": "sgd", "schedule": "cubic"}, "Allowed: sqrt, constant"),
        ({"method": "sgd", "low": 1.0, "high": 1.0}, "low < high"),
    ],
)
def test_what_cannot_be_played_is_refused(options, message):
    with pytest.raises(UserError, match=message):
        games.play(np.ones(3), **options)


def test_gammas_sign_is_what_tells_the_methods_apart():
    # 2/3 of the steps for the methods that forget; none for those that do not.
    gradients = problems.periodic(3001, 3.0)
    shares = {}
    for name in VARIANTS:
        path = games.play(gradients, name, beta_2=0.1)
        shares[name] = np.mean(theory.gamma(path.velocity, path.rates) < 0)
    assert shares.pop("adam") == shares.pop("rmsprop") == pytest.approx(2 / 3)
    assert set(shares.values()) == {0.0}
