"""Evolution of a population against replicator dynamics and exact cases."""

import numpy as np
import pytest

from lessons.control.meta_learning import population, rating
from lessons.toolkit.errors import UserError

BETTER = np.array([[0.5, 0.7], [0.3, 0.5]])


def test_the_population_is_that_of_the_paper():
    assert len(population.KINDS) == len(set(population.KINDS)) == 105
    found = population.evolve(lambda i, j: np.full(np.shape(i), 0.5))
    assert found.shape == (11, 105) and np.all(found[0] == 10)
    assert np.all(found.sum(axis=1) == 1050)
    alike = population.evolve(lambda i, j: np.full(np.shape(i), 0.5))
    np.testing.assert_array_equal(found, alike)
    other = population.evolve(lambda i, j: np.full(np.shape(i), 0.5), seed=1)
    assert np.abs(found[1] - other[1]).max() > 0


def test_one_match_has_the_expected_change():
    """Two agents, one always wins: after a match both are of its kind."""
    win = np.array([[0, 1], [0, 0]])
    np.testing.assert_array_equal(
        population.evolve(win, [1, 1], 1, 1), [[1, 1], [2, 0]]
    )
    np.testing.assert_array_equal(
        population.evolve(win.T, [1, 1], 1, 1), [[1, 1], [0, 2]]
    )
    draws = population.evolve(np.zeros((3, 3)), 4, 5, 100)
    assert np.all(draws == 4)


def test_means_follow_replicator_dynamics():
    """Four standard errors; a control with another table is far away."""
    runs = np.array(
        [population.evolve(BETTER, [600, 600], 4, 500, seed=s)[:, 0] for s in range(25)]
    )
    mean, error = runs.mean(axis=0), 4 * runs.std(axis=0) / np.sqrt(25)
    expected = population.expected(BETTER, [600, 600], 4, 500)[:, 0]
    assert np.all(np.abs(mean - expected) <= error + 1e-9)
    even = population.expected(np.full((2, 2), 0.5), [600, 600], 4, 500)[:, 0]
    np.testing.assert_allclose(even, 600)
    assert np.all(np.abs(mean - even)[1:] > error[1:])


def test_replicator_dynamics_of_two_kinds_are_logistic():
    """dx/dt = 2 (2p - 1) x (1 - x) / N for each match, in a large population."""
    size, p, matches = 100_000, 0.7, 60_000
    start = 0.2
    found = population.expected(
        [[0.5, p], [1 - p, 0.5]], [start * size, (1 - start) * size], 1, matches
    )[1, 0]
    odds = start / (1 - start) * np.exp(2 * (2 * p - 1) * matches / size)
    assert found / size == pytest.approx(odds / (1 + odds), abs=1e-4)


def test_three_that_beat_each_other_in_a_circle_stay():
    """Rock, paper, scissors: equal shares are a point of rest."""
    circle = np.array([[0.5, 0.9, 0.1], [0.1, 0.5, 0.9], [0.9, 0.1, 0.5]])
    np.testing.assert_allclose(population.expected(circle, [50] * 3, 2, 100), 50)
    moved = population.expected(circle, [60, 50, 40], 1, 100)[1]
    assert moved[0] > 60 and moved[1] < 50


def test_tables():
    ratings = [rating.Rating(25, 1), rating.Rating(30, 2), rating.Rating(10, 1)]
    found = population.of_ratings(ratings)
    assert found[1, 0] == pytest.approx(rating.win_probability(ratings[1], ratings[0]))
    np.testing.assert_allclose(found + found.T, 1)
    np.testing.assert_array_equal(
        population.table(lambda i, j: (i < j).astype(float), 3), np.triu(np.ones(3), 1)
    )
    with pytest.raises(UserError, match="shape"):
        population.evolve(BETTER, [1, 2, 3])
    with pytest.raises(UserError, match="together"):
        population.evolve([[0.5, 0.7], [0.4, 0.5]], 2)
    with pytest.raises(UserError, match="at least 2"):
        population.evolve(BETTER, [1, 0])
    with pytest.raises(UserError, match="at least 0"):
        population.evolve(BETTER, [-1, 4])


def test_groups():
    counts = np.arange(2 * 105).reshape(2, 105)
    bodies = population.grouped(counts, [body for body, _, _ in population.KINDS])
    assert list(bodies) == ["Ant", "Bug", "Spider"]
    np.testing.assert_array_equal(bodies["Ant"], counts[:, :35].sum(axis=1))
    np.testing.assert_array_equal(sum(bodies.values()), counts.sum(axis=1))
