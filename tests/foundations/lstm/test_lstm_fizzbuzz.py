"""FizzBuzz: labels, gradient by hand, the exact solution, training."""

import numpy as np
import pytest

from lessons.foundations.lstm import figures, fizzbuzz, paper


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


@pytest.fixture(scope="module")
def networks():
    """Eight trained networks; rounding decides how one or two of them end."""
    return [fizzbuzz.train(15, 30, seed) for seed in range(8)]


def test_most_seeds_learn_and_go_on_beyond_what_they_saw(networks):
    learned = [net.accuracies[-1] == 1 and net.losses[-1] < 0.01 for net in networks]
    beyond = [fizzbuzz.accuracy(net.parameters, 1000, 30) for net in networks]
    assert sum(learned) >= 6 and np.sum(np.equal(beyond, 1)) >= 6
    untrained = fizzbuzz.accuracy(fizzbuzz.initial(15), 1000, 30)
    assert untrained < 0.6


def test_what_repeats_attracts_by_jacobians_and_by_a_disturbance(networks):
    clocks = [
        net.parameters for net in networks if fizzbuzz.drift(net.parameters) < 1e-6
    ]
    assert len(clocks) >= 6
    assert max(map(fizzbuzz.lap_radius, clocks)) < 1
    # Seed 2 learns quickly, and the same network wherever it is trained.
    clock = networks[2].parameters
    hit = clock | {"start": clock["start"] + 1e-3}
    away = np.linalg.norm(
        fizzbuzz.forward(hit, 90)[0] - fizzbuzz.forward(clock, 90)[0], axis=1
    )
    assert fizzbuzz.lap_radius(clock) == pytest.approx(0.3557, abs=1e-3)
    assert away[75] / away[60] == pytest.approx(0.3557, rel=0.02)


def test_what_does_not_repeat_is_said_to_drift():
    angle = 1.0  # radian per step: no multiple of 15 steps is a whole turn
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    parameters = fizzbuzz.initial(2) | {"recurrent": 1.5 * turn}
    assert fizzbuzz.drift(parameters) > 0.1
    assert "do not repeat" in figures.polygon(parameters).caption


def test_periods_are_the_least_ones(networks):
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])  # a quarter of a turn
    parameters = fizzbuzz.initial(2) | {"recurrent": 1.5 * turn}
    assert fizzbuzz.period(parameters) == 4
    assert fizzbuzz.period(fizzbuzz.initial(15)) == 1  # settles at a single state
    assert fizzbuzz.period(networks[2].parameters) == 15
    restless = np.array([[np.cos(1), np.sin(1)], [-np.sin(1), np.cos(1)]])
    assert fizzbuzz.period(parameters | {"recurrent": 1.5 * restless}) == 0


def test_the_last_bit_decides_slow_trainings_and_not_quick_ones(networks):
    updates = {seed: {len(networks[seed].losses)} for seed in (2, 0)}
    for seed, counts in updates.items():
        for nudge in (1e-15, 2e-15):
            counts.add(len(fizzbuzz.train(15, 30, seed, nudge=nudge).losses))
    assert len(updates[2]) == 1 and len(updates[0]) > 1


def test_training_stops_when_told_to_and_is_reproducible():
    one, other = (fizzbuzz.train(5, 30, 1, iterations=20) for _ in range(2))
    assert len(one.losses) == 20
    np.testing.assert_array_equal(one.losses, other.losses)
