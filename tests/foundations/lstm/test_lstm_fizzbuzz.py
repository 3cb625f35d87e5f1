"""FizzBuzz: labels, gradient by hand, the exact solution, training."""

import numpy as np
import pytest

from lessons.foundations.lstm import fizzbuzz, paper


def test_labels_are_those_of_the_game():
    def say(k):
        if k % 15 == 0:
            return "fizzbuzz"
        return "fizz" if k % 3 == 0 else "buzz" if k % 5 == 0 else "number"

    named = [fizzbuzz.CLASSES[label] for label in fizzbuzz.labels(100)]
    assert named == [say(k) for k in range(100)]
    assert np.bincount(fizzbuzz.labels(100)).tolist() == [53, 27, 13, 7]
    np.testing.assert_array_equal(fizzbuzz.labels(10, 5), fizzbuzz.labels(15)[5:])


def test_the_network_of_the_post_has_59_parameters():
    parameters = fizzbuzz.initial(5)
    count = sum(value.size for value in parameters.values())
    assert count == paper.FIZZBUZZ_PARAMETERS


def test_the_gradient_by_hand_equals_finite_differences():
    random = np.random.default_rng(0)
    parameters = fizzbuzz.initial(6, 3, "orthogonal")
    parameters["readout"] = random.normal(size=(6, 4))
    targets = fizzbuzz.labels(20)
    _, gradients, _ = fizzbuzz.loss_and_gradients(parameters, targets)
    for name, value in parameters.items():
        away = random.normal(size=value.shape)
        ends = [
            fizzbuzz.loss_and_gradients(
                parameters | {name: value + sign * 1e-5 * away}, targets
            )[0]
            for sign in (1, -1)
        ]
        slope = (ends[0] - ends[1]) / 2e-5
        assert np.sum(gradients[name] * away) == pytest.approx(slope, rel=1e-6), name


def test_four_dimensions_solve_it_for_ever():
    turning, logits = fizzbuzz.exact(10_000)
    targets = fizzbuzz.labels(10_000)
    np.testing.assert_array_equal(logits.argmax(axis=1), targets)
    # The closest call: "not buzz" one fifth of a turn away, k (0.65 - cos 72°).
    least = 10 * (0.65 - np.cos(2 * np.pi / 5))
    assert fizzbuzz.margins(logits, targets).min() == pytest.approx(least, abs=1e-6)
    np.testing.assert_allclose(turning @ turning.T, np.eye(4), atol=1e-12)


def test_training_learns_and_goes_on_beyond_what_it_saw():
    beyond = []
    for seed in range(3):
        trained = fizzbuzz.train(15, 30, seed)
        assert trained.accuracies[-1] == 1 and trained.losses[-1] < 0.01
        beyond.append(fizzbuzz.accuracy(trained.parameters, 1000, 30))
    assert np.sort(beyond)[1] >= 0.9


def test_training_stops_when_told_to_and_is_reproducible():
    one, other = (fizzbuzz.train(5, 30, 1, iterations=20) for _ in range(2))
    assert len(one.losses) == 20
    np.testing.assert_array_equal(one.losses, other.losses)
