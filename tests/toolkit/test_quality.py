"""Fréchet distance, inception score, and the classifier that judges samples."""

import numpy as np
import pytest
from scipy import linalg

from lessons.toolkit import data, quality
from lessons.toolkit.errors import UserError

EXACT = 1e-9


@pytest.fixture(scope="module")
def split():
    return data.load("digits", seed=0)


@pytest.fixture(scope="module")
def judge(split):
    return quality.Judge(split)


def sample(seed, shape=(400, 5)):
    random = np.random.default_rng(seed)
    mixing = random.normal(size=(shape[1], shape[1]))
    return random.normal(size=shape) @ mixing + random.normal(size=shape[1])


def test_frechet_distance_equals_its_definition_with_a_matrix_root():
    first, second = sample(0), sample(1)
    one, two = np.cov(first.T), np.cov(second.T)
    gap = first.mean(0) - second.mean(0)
    root = linalg.sqrtm(one @ two).real
    expected = gap @ gap + np.trace(one + two - 2 * root)
    assert quality.frechet_distance(first, second) == pytest.approx(expected, rel=1e-9)


def test_frechet_distance_of_a_shift_is_its_squared_length():
    first = sample(0)
    shifted = first + np.array([3.0, 0.0, 4.0, 0.0, 0.0])
    assert quality.frechet_distance(first, shifted) == pytest.approx(25.0, abs=EXACT)
    assert quality.frechet_distance(first, first) == pytest.approx(0.0, abs=EXACT)


def test_frechet_distance_of_a_scaling_by_two_is_the_variance():
    first = sample(2) - sample(2).mean(axis=0)
    expected = np.trace(np.cov(first.T))  # (2 - 1)^2 times the variances
    value = quality.frechet_distance(first, 2.0 * first)
    assert value == pytest.approx(expected, rel=1e-9)


def test_frechet_distance_copes_with_constant_features():
    first = np.c_[sample(3), np.zeros(400)]
    assert quality.frechet_distance(first, first[::-1]) == pytest.approx(0, abs=EXACT)


def test_frechet_distance_refuses_what_it_cannot_compare():
    with pytest.raises(UserError, match="at least 2 examples, got 1"):
        quality.frechet_distance(np.zeros((1, 3)), np.zeros((9, 3)))
    with pytest.raises(UserError, match="got 3 and 4"):
        quality.frechet_distance(np.zeros((9, 3)), np.zeros((9, 4)))
    assert quality.frechet_distance(np.full((9, 3), np.nan), np.zeros((9, 3))) == np.inf


def test_inception_score_runs_from_one_to_the_number_of_classes():
    assert quality.inception_score(np.eye(4)) == pytest.approx(4.0)
    assert quality.inception_score(np.eye(4)[[2, 2, 2]]) == pytest.approx(1.0)
    assert quality.inception_score(np.full((5, 4), 0.25)) == pytest.approx(1.0)


def test_judge_knows_digits_and_is_the_same_each_time(judge, split):
    assert judge.accuracy(split.test_images, split.test_labels) > 0.95
    again = quality.Judge(split).probabilities(split.test_images)
    np.testing.assert_array_equal(again, judge.probabilities(split.test_images))


def test_features_are_those_the_probabilities_come_from(judge, split):
    network = judge._network
    logits = judge.features(split.test_images) @ network.coefs_[1]
    logits += network.intercepts_[1]
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(
        odds / odds.sum(axis=1, keepdims=True),
        judge.probabilities(split.test_images),
        atol=EXACT,
    )


def test_noise_is_worse_than_blur_and_blur_than_real_images(judge, split):
    real, held_out = split.train_images, split.test_images
    random = np.random.default_rng(0)
    blurred = 0.5 * held_out + 0.5 * np.roll(held_out, 1, axis=1)
    noise = random.uniform(size=held_out.shape)
    near, middle, far = (
        judge.frechet_distance(images, real) for images in (held_out, blurred, noise)
    )
    assert near < 0.5 * middle < 0.5 * far
    assert judge.inception_score(noise) < 0.5 * judge.inception_score(held_out)
