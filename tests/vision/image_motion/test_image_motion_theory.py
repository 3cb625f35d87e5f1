"""Losses against loops, differences and closed forms, and what they cannot force."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate
from scipy.spatial import distance as scipy_distance

from lessons.vision.image_motion import baselines, evaluation, theory
from lessons.vision.image_motion import theory_routes as routes

FLOAT32 = 1e-6


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def mean_loss(embeddings, margin=0.5):
    distances = theory.group_distances(np.asarray(embeddings, "float64"))
    return float(np.mean(theory.group_loss(distances, margin)))


@pytest.mark.parametrize(
    "degrees, distance, cost",
    [
        (0, 0, 0.5),
        (30, 0.133975, 0.366025),
        (60, 0.5, 0),
        (90, 1, 0),
        (180, 2, 0),
    ],
)
def test_distance_and_hinge_by_angle(degrees, distance, cost):
    found = float(theory.cosine_distance(*routes.by_angle(degrees)))
    assert found == pytest.approx(distance, abs=1e-6)
    assert float(theory.hinge(found)) == pytest.approx(cost, abs=1e-6)


def test_distances_are_those_of_scipy(rng):
    u, v = rng.normal(size=(2, 20, 7))
    expected = [scipy_distance.cosine(*pair) for pair in zip(u, v, strict=True)]
    assert np.asarray(theory.cosine_distance(u, v)) == pytest.approx(expected)
    squares = scipy_distance.cdist(u, v, "sqeuclidean").diagonal()
    assert np.asarray(theory.squared_distance(u, v)) == pytest.approx(squares / 2)


def test_on_the_unit_sphere_both_distances_are_one(rng):
    u, v = (np.asarray(theory.unit(x)) for x in rng.normal(size=(2, 30, 5)))
    one, other = theory.cosine_distance(u, v), theory.squared_distance(u, v)
    assert np.allclose(one, other, atol=1e-12)
    assert not np.allclose(theory.squared_distance(2 * u, v), one, atol=0.1)


def test_vectors_of_zeros_cost_a_number_and_have_a_finite_gradient():
    for size in (0.0, 1e-30, 1e-8):
        u = tf.Variable(np.full((2, 4), size, "float32"))
        v = tf.constant([[1.0, 0, 0, 0]] * 2)
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(theory.cosine_distance(u, v))
        assert np.isfinite(total)
        assert np.all(np.isfinite(tape.gradient(total, u)))


def test_the_gradient_is_orthogonal_and_that_of_differences(rng):
    u, v = rng.normal(size=(2, 6))
    slope = routes.distance_slope(u, v)
    assert abs(slope @ u) < 1e-12
    small = 1e-6 * np.eye(6)
    differences = [
        float(theory.cosine_distance(u + e, v) - theory.cosine_distance(u - e, v))
        / 2e-6
        for e in small
    ]
    assert slope == pytest.approx(differences, abs=1e-8)
    stepped = u - 0.3 * slope
    lengths = stepped @ stepped, u @ u + 0.09 * slope @ slope
    assert lengths[0] == pytest.approx(lengths[1])


def test_six_subsequences_are_two_ways_there_two_back_and_two_that_stay():
    paths = theory.six_subsequences(1, 3, 4)
    assert tuple(paths) == theory.NAMES
    assert paths["F1"] == (0, 1, 4) and paths["F2"] == (0, 3, 4)
    assert paths["B1"] == paths["F1"][::-1] and paths["B2"] == paths["F2"][::-1]
    assert paths["E1"] == (0, 1, 0) and paths["E2"] == (4, 3, 4)


def test_three_positive_and_twelve_negative_pairs_are_all_there_are():
    assert len(theory.POSITIVE) == 3 and len(theory.NEGATIVE) == 12
    both = {*theory.POSITIVE, *theory.NEGATIVE}
    assert both == set(itertools.combinations(range(6), 2))


@pytest.mark.parametrize("batch, margin", [(1, 0.5), (2, 0.5), (5, 1.2), (4, 0.1)])
def test_the_loss_is_that_of_loops(rng, batch, margin):
    embeddings = rng.normal(size=(batch, 6, 5)) + 0.4
    expected = routes.group_loss_by_loops(embeddings, margin)
    assert mean_loss(embeddings, margin) == pytest.approx(expected, rel=FLOAT32)


def test_the_sign_code_costs_nothing_and_an_even_one_something(rng):
    change = rng.normal(size=8)
    still = np.array([False] * 4 + [True] * 2)
    signs = np.array([1, 1, -1, -1, 0, 0])
    clips = [baselines.sign_code(signs * c, still) for c in change]
    assert mean_loss(clips) == 0
    even = [baselines.sign_code(np.abs(signs) * abs(c), still) for c in change]
    assert mean_loss(even) > 0.1


def test_any_function_of_single_images_makes_a_code_that_costs_nothing(rng):
    clips = rng.random(size=(6, 5, 4, 4, 1))  # noise: nothing moves
    weights = rng.normal(size=16)

    def embedded(path):
        ends = (clips[:, [path[0], path[-1]]].reshape(6, 2, 16) @ weights).T
        still = np.full(6, path[0] == path[-1])
        return baselines.sign_code(ends[1] - ends[0], still)

    paths = theory.six_subsequences(1, 3, 4).values()
    assert mean_loss(np.stack([embedded(p) for p in paths], axis=1)) == 0


def test_playing_clips_backwards(rng):
    table = {}

    def embedded(path):  # any embedding of sequences whatever
        if path not in table:
            table[path] = rng.normal(size=(7, 4)) + 0.3
        return table[path]

    paths = theory.six_subsequences(1, 2, 3).values()
    plain = mean_loss(np.stack([embedded(p) for p in paths], axis=1))
    exchanged = mean_loss(routes.reversed_clip(embedded, exchange=True))
    assert exchanged == pytest.approx(plain, rel=FLOAT32)
    alone = mean_loss(routes.reversed_clip(embedded, exchange=False))
    assert abs(alone - plain) > 1e-3


def test_the_loss_stays_when_forward_and_backward_or_all_clips_change_places(rng):
    embeddings = rng.normal(size=(5, 6, 4))
    plain = mean_loss(embeddings)
    assert mean_loss(embeddings[:, [2, 3, 0, 1, 4, 5]]) == pytest.approx(plain)
    assert mean_loss(np.roll(embeddings, 2, axis=0)) == pytest.approx(plain)
    assert mean_loss(embeddings[::-1]) == pytest.approx(plain)  # neighbours stay


def test_the_circle_is_an_exact_code_of_translations(rng):
    a, b = rng.uniform(-3, 3, size=(2, 40))
    one, other = routes.circle_code(a, 0.7), routes.circle_code(b, 0.7)
    both = routes.circle_compose(one, other)
    assert np.allclose(both, routes.circle_code(a + b, 0.7), atol=1e-14)
    back = routes.circle_compose(one, routes.circle_code(-a, 0.7))
    assert np.allclose(back, routes.circle_code(0, 0.7), atol=1e-14)


@pytest.mark.parametrize(
    "reach, expected",
    [(np.pi / 2, 0.21800), (np.pi, 0.10900), (5 * np.pi / 3, 0.06540), (9.0, None)],
)
def test_small_motions_keep_its_hinge_above_zero(reach, expected):
    found = routes.circle_hinge(reach)
    total = integrate.quad(lambda a: max(0, np.cos(a) - 0.5), 0, reach, limit=300)[0]
    assert found == pytest.approx(total / reach, abs=1e-7)
    if expected:
        assert found == pytest.approx(expected, abs=1e-5)


def test_random_directions_are_at_distance_1_with_deviation_1_over_root_z(rng):
    for size in (2, 16, 256):
        u, v = rng.normal(size=(2, 40_000, size))
        found = evaluation.distance(u, v)
        assert found.mean() == pytest.approx(1, abs=4 / np.sqrt(40_000 * size))
        assert found.std() == pytest.approx(1 / np.sqrt(size), rel=0.02)
