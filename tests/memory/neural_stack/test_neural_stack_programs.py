"""Hand-written signals: any length with 0 and 1, and the law of balance."""

import numpy as np
import pytest

from lessons.memory.neural_stack import programs, theory_loops
from lessons.memory.neural_stack.programs import Signals


@pytest.mark.parametrize("structure", ["stack", "queue"])
@pytest.mark.parametrize("length", [1, 2, 13, 50])
def test_zeros_and_ones_reverse_and_copy_any_length(structure, length):
    weights, right = programs.answers(structure, length)
    np.testing.assert_array_equal(weights, 1.0)
    assert right.all()


def test_the_other_structure_gives_the_other_order():
    _, read = programs.run("queue", 5)
    assert list(read[5:10].argmax(1)) == [0, 1, 2, 3, 4]
    _, read = programs.run("stack", 5)
    assert list(read[5:10].argmax(1)) == [4, 3, 2, 1, 0]


@pytest.mark.parametrize("size", [1.0, 2.0, 4.0])
def test_a_balanced_stack_reverses_however_weak_its_signals(size):
    signals = Signals.of_logits(size)
    assert signals.net_push == pytest.approx(signals.net_pop)
    weights, right = programs.answers("stack", 50, signals)
    assert right.all()
    assert weights.min() > signals.net_push - 1e-9


@pytest.mark.parametrize(
    ("signals", "stack", "queue"),
    [
        (Signals(1, 0, 0, 0.88), 6, 6),
        (Signals(1, 0.06, 0, 1), 11, 10),
        (Signals(0.99, 0.05, 0.02, 0.9), 9, 11),
        (Signals(0.99, 0.02, 0.01, 0.95), 18, 26),
        (Signals(0.8, 0.1, 0.1, 0.76), 13, 5),
    ],
)
def test_imbalance_limits_the_length(signals, stack, queue):
    found = programs.first_failing_length("stack", signals)
    assert found == stack
    assert programs.first_failing_length("queue", signals) == queue
    assert found == programs.predicted_length(signals)


def test_the_failing_length_is_predicted_exactly():
    rng, other = np.random.default_rng(0), 0
    for _ in range(25):
        push, pop, push_out = rng.uniform((0.75, 0, 0), (1, 0.15, 0.1))
        gap = rng.choice([-1, 1]) * rng.uniform(0.04, 0.2)
        signals = Signals(push, pop, push_out, push - pop + gap + push_out)
        found = programs.first_failing_length("stack", signals)
        assert found == programs.predicted_length(signals), signals
        other += found != int(signals.net_push / 2 / abs(gap)) + 2
    assert other > 5  # half a cell, in place of half of what is read, is another law


def test_balance_needs_a_net_push_above_a_half():
    for p, length in ((0.4, 2), (0.5, 2), (0.51, None), (0.55, None)):
        assert programs.first_failing_length("stack", Signals(p, 0, 0, p), 10) == length


def test_a_queues_balance_is_another():
    # u of an answer is d of a push, and nothing is popped coming in; p, q = 0.8, 0.2
    own = Signals(0.8, 0, 0.6, 0.8)
    assert programs.first_failing_length("queue", own, 12) is None
    assert programs.first_failing_length("stack", own) == 2
    stacks = Signals(0.8, 0.2, 0.0, 0.6)  # p = q = 0.6
    assert programs.first_failing_length("stack", stacks, 12) is None
    assert programs.first_failing_length("queue", stacks) == 3


def test_a_queues_failing_length_is_predicted_exactly():
    rng, other = np.random.default_rng(1), 0
    for _ in range(25):
        signals = Signals(*rng.uniform((0.7, 0, 0, 0.55), (1, 0.15, 0.1, 1.1)))
        found = programs.first_failing_length("queue", signals, 15)
        assert found == programs.predicted_queue_length(signals, 15), signals
        other += found != programs.predicted_length(signals)
    assert other > 10  # the stack's law is another


def test_a_queue_cares_about_what_is_popped_while_it_is_filled():
    assert programs.first_failing_length("queue", Signals.of_logits(2)) == 5
    for size, length, least in ((4, 8, 0.856), (4, 12, 0.784), (4, 50, 0.101)):
        weights, _ = programs.answers("queue", length, Signals.of_logits(size))
        assert weights.min() == pytest.approx(least, abs=1e-3)


@pytest.mark.parametrize("structure", ["stack", "queue"])
def test_weights_are_those_of_the_sums_in_python(structure):
    signals = Signals(0.9, 0.06, 0.05, 0.8)
    length, zero = 7, (0.0, 0.0)
    units = np.eye(2 * length + 1)
    amounts = [(0.9, 0.06)] * length + [zero] + [(0.05, 0.8)] * length
    steps = [(*pair, unit) for pair, unit in zip(amounts, units, strict=True)]
    expected = np.array(theory_loops.run(structure, steps)[1])[:, 0]
    np.testing.assert_allclose(
        programs.run(structure, length, signals)[1], expected, atol=1e-12
    )


@pytest.mark.parametrize(("pop", "left"), [(0.5, 0.0), (0.2689414, 0.2310586)])
def test_what_a_pop_of_the_start_leaves_of_earlier_pushes(pop, left):
    strengths, _ = programs.run("stack", 6, Signals(0.5, pop, 0, 0))
    np.testing.assert_allclose(strengths[5, :5], left, atol=1e-6)
    assert strengths[5, 5] == 0.5
