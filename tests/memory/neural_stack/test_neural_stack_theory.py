"""Pop, push and read: against sums in Python, Python's structures and worked cases."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.memory.neural_stack import theory, theory_loops
from lessons.toolkit.errors import UserError

EXACT = 1e-12
ROUNDING = 1e-14
TRACE = [(0.8, 0.0), (0.5, 0.1), (0.9, 0.9)]
UNIT = np.eye(3)


def run(structure, *programs):
    """Signals of `theory_loops.run` through `theory.step`, several programs at once.

    Returns strengths by step and program, without room not used, and reads of shape
    (programs, steps, ends, width).
    """
    kind = theory.STRUCTURES[structure]
    num, width, pushes = len(programs[0]), len(programs[0][0][-1]), len(kind.pushes)
    strengths = np.zeros((len(programs), num * pushes))
    values = np.zeros((len(programs), num * pushes, width))
    kept, reads = [], []
    for t in range(num):
        signals = [program[t] for program in programs]
        amounts = np.array([s[: 2 * pushes] for s in signals]).T[..., None]
        vectors = np.array([s[2 * pushes :] for s in signals]).swapaxes(0, 1)
        at = np.full(len(programs), t)
        strengths, values, read = theory.step(
            strengths,
            values,
            list(amounts[pushes:]),
            list(amounts[:pushes]),
            list(vectors),
            [theory.places(at, num, end, pushes == 2) for end in kind.pushes],
            kind,
        )
        first = num - 1 - t if pushes == 2 else 0
        last = num + t + 1 if pushes == 2 else t + 1
        kept.append(strengths.numpy()[:, first:last])
        reads.append(np.array(read))
    return kept, np.array(reads).transpose(2, 0, 1, 3)


@pytest.mark.parametrize(
    ("structure", "strengths", "reads"),
    [
        (
            "stack",
            [[0.8], [0.7, 0.5], [0.3, 0, 0.9]],
            [[0.8, 0, 0], [0.5, 0.5, 0], [0.1, 0, 0.9]],
        ),
        (
            "queue",
            [[0.8], [0.7, 0.5], [0, 0.3, 0.9]],
            [[0.8, 0, 0], [0.7, 0.3, 0], [0, 0.3, 0.7]],
        ),
    ],
)
def test_the_worked_trace(structure, strengths, reads):
    kept, read = run(structure, [(*s, v) for s, v in zip(TRACE, UNIT, strict=True)])
    for found, expected in zip(kept, strengths, strict=True):
        np.testing.assert_allclose(found[0], expected, atol=EXACT)
    np.testing.assert_allclose(read[0, :, 0], reads, atol=EXACT)


@pytest.mark.parametrize("structure", theory.STRUCTURES)
def test_the_sums_in_python_give_the_same(structure):
    rng = np.random.default_rng(0)
    programs = [theory_loops.random_signals(rng, structure, 12) for _ in range(20)]
    kept, reads = run(structure, *programs)
    for row, program in enumerate(programs):
        expected, told = theory_loops.run(structure, program)
        for one, other in zip(kept, expected, strict=True):
            np.testing.assert_allclose(one[row], other, atol=EXACT)
        np.testing.assert_allclose(reads[row], told, atol=EXACT)


@pytest.mark.parametrize("structure", theory.STRUCTURES)
def test_zeros_and_ones_make_pythons_own_structure(structure):
    rng = np.random.default_rng(1)
    programs = [
        theory_loops.random_signals(rng, structure, 25, discrete=True)
        for _ in range(400)
    ]
    expected = [theory_loops.python_structure(structure, p) for p in programs]
    np.testing.assert_array_equal(run(structure, *programs)[1], expected)


def test_the_wrong_structure_is_told_apart():
    rng = np.random.default_rng(2)
    signals = theory_loops.random_signals(rng, "stack", 25, discrete=True)
    expected = theory_loops.python_structure("queue", signals)
    assert np.abs(run("stack", signals)[1][0] - expected).max() > 0.1


@pytest.mark.parametrize("end", theory.ENDS)
def test_strength_is_conserved_and_reads_at_most_one(end):
    rng = np.random.default_rng(3)
    strengths = rng.random((400, 9)) * (rng.random((400, 9)) < 0.6)
    amount = rng.uniform(0, 3, (400, 1))
    after = theory.pop(strengths, amount, end).numpy()
    left = np.maximum(0, strengths.sum(1) - amount[:, 0])
    np.testing.assert_allclose(after.sum(1), left, atol=ROUNDING)
    for mass in (1.0, 0.3, 2.5):
        weights = theory.read_weights(strengths, end, mass).numpy()
        total = np.minimum(mass, strengths.sum(1))
        np.testing.assert_allclose(weights.sum(1), total, atol=ROUNDING)
        assert np.all(weights >= 0) and np.all(weights <= strengths)


def test_a_deque_holds_a_stack_and_a_queue():
    rng = np.random.default_rng(4)
    signals = theory_loops.random_signals(rng, "stack", 15)
    none = np.zeros(3)
    as_stack = [(d, 0.0, u, 0.0, v, none) for d, u, v in signals]
    as_queue = [(d, 0.0, 0.0, u, v, none) for d, u, v in signals]
    stack, queue = (run(kind, signals)[1][0, :, 0] for kind in ("stack", "queue"))
    found = run("deque", as_stack, as_queue)[1]
    np.testing.assert_allclose(found[0, :, 0], stack, atol=EXACT)
    np.testing.assert_allclose(found[1, :, 1], queue, atol=EXACT)
    assert np.abs(stack - queue).max() > 0.1


def test_which_end_of_a_deque_pops_first_does_not_matter():
    rng = np.random.default_rng(5)
    strengths = rng.random((2000, 6))
    above, below = rng.uniform(0, 3, (2, 2000, 1))
    one = theory.pop(theory.pop(strengths, above, "top"), below, "bottom")
    other = theory.pop(theory.pop(strengths, below, "bottom"), above, "top")
    np.testing.assert_allclose(one, other, atol=ROUNDING)


def test_gradients_agree_with_finite_differences():
    rng = np.random.default_rng(6)
    strengths, amount, values = (
        tf.constant(rng.uniform(0.1, 0.9, size)) for size in (5, 1, (5, 2))
    )

    def reads(strengths, amount, values):
        left = theory.pop(strengths, amount, "top")
        return theory.read(values, theory.read_weights(left, "top"))

    start = [strengths, amount, values]
    exact, numeric = tf.test.compute_gradient(reads, start, delta=1e-6)
    for one, other in zip(exact, numeric, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-7)


@pytest.mark.parametrize("amount", [0.0, 0.4])
def test_an_empty_structure_gives_a_pop_no_gradient(amount):
    amount = tf.Variable([amount], dtype="float64")
    value = tf.Variable([1.0, 2.0], dtype="float64")
    strength = tf.Variable([0.0], dtype="float64")
    with tf.GradientTape(persistent=True) as tape:
        left = theory.pop(tf.zeros([1], "float64"), amount, "top")
        row = tf.concat([left, strength], 0)  # a value pushed with strength 0
        values = tf.stack([tf.zeros(2, "float64"), value])
        told = theory.read(values, theory.read_weights(row, "top"))
    np.testing.assert_array_equal(tape.gradient(told, amount), [0.0])
    np.testing.assert_array_equal(tape.gradient(told, value), [0.0, 0.0])
    np.testing.assert_array_equal(tape.gradient(told, strength), [3.0])


def test_a_read_is_linear_in_the_values_and_bounded():
    rng = np.random.default_rng(7)
    strengths, values = rng.random(6), rng.normal(size=(6, 4))
    weights = theory.read_weights(strengths, "top").numpy()
    told = theory.read(values, weights).numpy()
    np.testing.assert_allclose(theory.read(-3 * values, weights), -3 * told)
    longest = np.linalg.norm(values, axis=1).max()
    assert np.linalg.norm(told) <= weights.sum() * longest


def test_room_that_is_used_up_takes_nothing_more():
    found = theory.places(np.array([0, 2, 3]), 3, "bottom", True)
    np.testing.assert_array_equal(found[0], [0, 0, 1, 0, 0, 0])
    np.testing.assert_array_equal(found[1], [1, 0, 0, 0, 0, 0])
    np.testing.assert_array_equal(found[2], np.zeros(6))
    top = theory.places(np.array([0, 2, 3]), 3, "top", False)
    np.testing.assert_array_equal(top, [[1, 0, 0], [0, 0, 1], [0, 0, 0]])


def test_loss_is_the_mean_over_the_symbols_asked_for():
    rng = np.random.default_rng(8)
    logits = rng.normal(size=(2, 3, 4))
    labels, mask = np.array([[0, 3, 1], [2, 2, 0]]), np.array([[1, 1, 0], [0, 1, 0.0]])
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    picked = -np.log(np.take_along_axis(shares, labels[..., None], -1)[..., 0])
    expected = [picked[0, :2].mean(), picked[1, 1]]
    np.testing.assert_allclose(theory.answer_loss(labels, logits, mask), expected)
    single = theory.answer_loss(labels, logits.astype("float32"), mask)
    np.testing.assert_allclose(single, expected, rtol=1e-6)
    mask[0] = 0
    assert theory.answer_loss(labels, logits, mask)[0] == 0  # nothing is asked


def test_an_unknown_end_is_refused():
    with pytest.raises(UserError, match="top, bottom"):
        theory.pop(np.zeros(2), np.zeros(1), "middle")
