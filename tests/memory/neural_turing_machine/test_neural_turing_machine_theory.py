"""Addressing, reading and writing, against NumPy loops and known cases."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.memory.neural_turing_machine import dynamics, heads, theory

EXACT = 1e-12  # float64
FLOAT32 = 1e-6
SIX_DIGITS = 5e-7  # numbers printed with six digits

MEMORY = np.array([[1.0, 0], [0, 1], [1, 1], [-1, 0]])


@pytest.fixture
def rng():
    return np.random.default_rng(1410)


def a_head(keys, strength, gate, shifts, gamma):
    """A head's parameters, one head, no batch."""
    arrays = keys, strength, gate, shifts, gamma
    return heads.Address(*(np.array([value], float) for value in arrays))


def test_the_worked_example():
    head = a_head([1, 0], 2, 0.5, [0.1, 0.8, 0.1], 2)
    before = np.eye(4)[[1]]
    content = np.asarray(theory.content_weights(MEMORY, head.keys, head.strengths))
    expected = [[0.584686, 0.079129, 0.325476, 0.010709]]
    np.testing.assert_allclose(content, expected, atol=SIX_DIGITS)
    gated = np.asarray(theory.interpolate(content, before, head.gates))
    expected = [[0.292343, 0.539564, 0.162738, 0.005354]]
    np.testing.assert_allclose(gated, expected, atol=SIX_DIGITS)
    final = np.asarray(theory.address(MEMORY, before, head))
    expected = [[0.239348, 0.655343, 0.098173, 0.007136]]
    np.testing.assert_allclose(final, expected, atol=SIX_DIGITS)


def test_every_stage_against_loops(rng):
    memory, keys = rng.normal(size=(5, 3)), rng.normal(size=(2, 3))
    beta, gate, gamma = [0.5, 7.0], [0.2, 0.9], [1.0, 3.5]
    shifts = rng.dirichlet(np.ones(3), 2)
    before = rng.dirichlet(np.ones(5), 2)
    expected = np.zeros((2, 5))
    for h in range(2):
        norms = [np.linalg.norm(keys[h]) * np.linalg.norm(row) for row in memory]
        scores = [np.exp(beta[h] * keys[h] @ memory[n] / norms[n]) for n in range(5)]
        content = np.array(scores) / sum(scores)
        gated = gate[h] * content + (1 - gate[h]) * before[h]
        moved = np.zeros(5)
        for n in range(5):
            for offset in (-1, 0, 1):  # what sits at n moves to n + offset
                moved[(n + offset) % 5] += gated[n] * shifts[h, offset + 1]
        expected[h] = moved ** gamma[h] / sum(moved ** gamma[h])
    head = heads.Address(keys, *map(np.array, (beta, gate)), shifts, np.array(gamma))
    found = np.asarray(theory.address(memory, before, head))
    np.testing.assert_allclose(found, expected, atol=1e-7)  # TINY_NORM


@pytest.mark.parametrize("beta", [0.0, 1.0, 50.0])
@pytest.mark.parametrize("gamma", [1.0, 2.0, 50.0])
def test_weightings_stay_on_the_simplex(rng, beta, gamma):
    shape = (20, 3)
    head = heads.Address(
        rng.normal(size=(*shape, 6)).astype("float32"),
        np.full(shape, beta, "float32"),
        rng.random(shape).astype("float32"),
        rng.dirichlet(np.ones(3), shape).astype("float32"),
        np.full(shape, gamma, "float32"),
    )
    memory = rng.normal(size=(20, 8, 6)).astype("float32")
    before = rng.dirichlet(np.ones(8), shape).astype("float32")
    after = np.asarray(theory.address(memory, before, head))
    assert after.min() >= 0
    np.testing.assert_allclose(after.sum(-1), 1, atol=FLOAT32)


def test_strength_zero_is_uniform_and_a_large_one_picks_the_best_cosine(rng):
    memory, keys = rng.normal(size=(6, 4)), rng.normal(size=(3, 4))
    uniform = np.asarray(theory.content_weights(memory, keys, np.zeros(3)))
    np.testing.assert_allclose(uniform, 1 / 6, atol=EXACT)
    cosine = keys @ memory.T / np.linalg.norm(memory, axis=1)
    sure = np.asarray(theory.content_weights(memory, keys, np.full(3, 1e6)))
    np.testing.assert_allclose(sure, np.eye(6)[cosine.argmax(1)], atol=EXACT)


def test_content_ignores_the_lengths_of_keys_and_rows(rng):
    memory, keys = rng.normal(size=(6, 4)), rng.normal(size=(2, 4))
    scales, beta = rng.uniform(0.5, 20, (6, 1)), np.array([3.0, 8.0])
    plain = np.asarray(theory.content_weights(memory, keys, beta))
    scaled = np.asarray(theory.content_weights(scales * memory, 5 * keys, beta))
    np.testing.assert_allclose(scaled, plain, atol=1e-7)  # TINY_NORM


def test_a_closed_gate_without_shift_keeps_the_weighting(rng):
    before = rng.dirichlet(np.ones(4), 1)
    head = a_head([1, 0], 9, 0, [0, 1, 0], 1)
    kept = np.asarray(theory.address(MEMORY, before, head))
    np.testing.assert_allclose(kept, before, atol=1e-11)  # TINY_WEIGHT


@pytest.mark.parametrize("first", [-2, -1, 0, 1, 2])
@pytest.mark.parametrize("second", [-2, 0, 1])
def test_shifts_add_up_around_the_circle(rng, first, second):
    weights = rng.dirichlet(np.ones(5), 1)
    one_hot = np.eye(5)
    once = np.asarray(theory.shift(weights, one_hot[[2 + first]]))
    twice = np.asarray(theory.shift(once, one_hot[[2 + second]]))
    expected = np.roll(weights, first + second, axis=-1)
    np.testing.assert_allclose(twice, expected, atol=EXACT)


def test_a_shift_is_a_product_with_a_circulant_matrix(rng):
    weights, shifts = rng.dirichlet(np.ones(7), 1), rng.dirichlet(np.ones(5))
    found = np.asarray(theory.shift(weights, shifts[None]))[0]
    matrix = dynamics.shift_matrix(shifts, 7)
    np.testing.assert_allclose(found, matrix @ weights[0], atol=EXACT)
    np.testing.assert_allclose(matrix.sum(0), 1, atol=EXACT)
    np.testing.assert_allclose(matrix.sum(1), 1, atol=EXACT)


def test_shifting_never_lowers_entropy_and_sharpening_never_raises_it(rng):
    by_shift, by_sharpening = dynamics.entropy_changes(rng, 2000)
    assert by_shift.min() > -1e-12
    assert by_sharpening.max() < 1e-9  # TINY_WEIGHT
    assert by_shift.max() > 0.1 and by_sharpening.min() < -0.1


def test_entropy_of_known_weightings():
    weights = np.array([np.full(8, 1 / 8), np.eye(8)[3]])
    found = np.asarray(theory.entropy(weights))
    np.testing.assert_allclose(found, [np.log(8), 0], atol=EXACT)


def test_sharpening_by_powers_is_the_same_until_it_underflows():
    weights = np.array([[0.1, 0.6, 0.3]], np.float32)
    gentle = np.array([4.0], np.float32)
    np.testing.assert_allclose(
        theory.sharpen(weights, gentle),
        theory.sharpen_by_power(weights, gentle),
        atol=FLOAT32,
    )
    flat, harsh = np.full((1, 128), 1 / 128, np.float32), np.array([22.0], np.float32)
    assert np.isnan(theory.sharpen_by_power(flat, harsh)).all()  # 128^-22 < 1e-45
    np.testing.assert_allclose(theory.sharpen(flat, harsh), flat, atol=FLOAT32)


def test_reading_is_a_weighted_sum():
    weights = np.array([[0.25, 0.25, 0.5, 0], [0, 0, 0, 1]])
    expected = [[0.75, 0.75], [-1, 0]]
    np.testing.assert_allclose(theory.read(MEMORY, weights), expected, atol=EXACT)


def test_a_sharp_head_overwrites_one_slot():
    erase, add = np.ones((1, 2)), np.array([[5.0, 6.0]])
    written = np.asarray(theory.write(MEMORY, np.eye(4)[[2]], erase, add))
    expected = MEMORY.copy()
    expected[2] = 5, 6
    np.testing.assert_array_equal(written, expected)


def test_erasing_and_adding_nothing_changes_nothing(rng):
    weights, nothing = rng.dirichlet(np.ones(4), 3), np.zeros((3, 2))
    written = theory.write(MEMORY, weights, nothing, nothing)
    np.testing.assert_array_equal(written, MEMORY)


def test_two_heads_on_one_cell_erase_both_and_then_add_both():
    memory, ones = np.array([[0.5]]), np.ones((2, 1))
    found = np.asarray(theory.write(memory, ones, ones, np.array([[0.3], [0.4]])))
    # Summed erasures would keep 1 - 2 = -1 times 0.5; one head after the other leaves
    # only the second's 0.4.
    np.testing.assert_allclose(found, [[0.7]], atol=EXACT)


def test_the_order_of_the_heads_does_not_matter(rng):
    weights = rng.dirichlet(np.ones(4), 3)
    erase, add = rng.random((3, 2)), rng.normal(size=(3, 2))
    order = [2, 0, 1]
    np.testing.assert_allclose(
        theory.write(MEMORY, weights, erase, add),
        theory.write(MEMORY, weights[order], erase[order], add[order]),
        atol=EXACT,
    )


def pipeline(values):
    """A number from all of one step: (memory, raw head numbers, last weightings).

    Each has a leading axis, and so has the result.
    """
    memory, raw, before = values
    do = heads.parse(raw, 1, 1, 3, 1)
    writing = theory.address(memory, before[:, :1], do.address.heads(0, 1))
    memory = theory.write(memory, writing, do.erase, do.add)
    reading = theory.address(memory, before[:, 1:], do.address.heads(1, 2))
    read = theory.read(memory, reading)
    return tf.reduce_sum(read * tf.constant([1.0, -2.0, 3.0], tf.float64), axis=(1, 2))


def test_the_gradient_of_a_step_equals_finite_differences(rng):
    values = [
        rng.normal(size=(1, 5, 3)),
        rng.normal(size=(1, heads.size(1, 1, 3, 1))),
        rng.dirichlet(np.ones(5), (1, 2)),
    ]
    tensors = [tf.constant(value) for value in values]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        result = pipeline(tensors)
    for index, gradient in enumerate(tape.gradient(result, tensors)):
        count, step = values[index].size, 1e-6
        # Every entry is moved up and down, all in one batch.
        moves = step * np.eye(count).reshape(count, *values[index].shape[1:])
        moves = np.concatenate([moves, -moves])
        moved = [np.repeat(value, 2 * count, axis=0) for value in values]
        moved[index] = moved[index] + moves
        up, down = np.split(pipeline([tf.constant(value) for value in moved]), 2)
        numeric = ((up - down) / (2 * step)).reshape(gradient.shape)
        np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-8)


def test_a_memory_of_zeros_has_gradients_of_the_size_of_the_safeguard():
    keys, largest = tf.constant([[1.0, 2.0]]), {}
    for value in (0.0, 1e-6):
        memory = tf.fill((3, 2), value)
        with tf.GradientTape() as tape:
            tape.watch(memory)
            total = tf.reduce_sum(theory.cosine_similarity(memory, keys)[:, 0])
        largest[value] = np.abs(tape.gradient(total, memory)).max()
    assert largest[0.0] == pytest.approx(2 / theory.TINY_NORM, rel=1e-5)
    # The unit key minus its part along (1, 1), over the length of the row
    assert largest[1e-6] == pytest.approx(0.2236 / 1.4142e-6, rel=1e-2)


def test_losses_count_the_answer_only(rng):
    logits, targets = rng.normal(size=(2, 3, 4)), rng.integers(0, 2, (2, 3, 4))
    mask = np.array([[0.0, 1, 0], [0, 1, 1]])
    share = 1 / (1 + np.exp(-logits))
    costs = -np.log(np.where(targets == 1, share, 1 - share))
    found = np.asarray(theory.answer_loss(targets, logits, mask))
    np.testing.assert_allclose(found, [costs[0, 1].mean(), costs[1, 1:].mean()])
    found = np.asarray(theory.bits_per_sequence(targets, logits, mask))
    expected = np.array([costs[0, 1].sum(), costs[1, 1:].sum()]) / np.log(2)
    np.testing.assert_allclose(found, expected)


def test_head_parameters_are_in_their_ranges(rng):
    raw = 30 * rng.normal(size=(7, heads.size(2, 1, 5, 1)))
    do = heads.parse(raw, 2, 1, 5, 1)
    where = do.address
    assert where.keys.shape == (7, 3, 5) and np.abs(where.keys).max() <= 1
    assert np.min(where.strengths) >= 0 and np.min(where.sharpness) >= 1
    assert np.max(where.strengths) <= 20 + 1e-6  # clipped before softplus
    assert 0 <= np.min(where.gates) and np.max(where.gates) <= 1
    np.testing.assert_allclose(np.sum(where.shifts, -1), 1, atol=FLOAT32)
    assert do.erase.shape == do.add.shape == (7, 1, 5)
    assert np.min(do.erase) >= 0 and np.abs(do.add).max() <= 1
    assert np.max(heads.parse(raw, 2, 1, 5, 1, limit=None).address.strengths) > 30


def test_a_head_of_the_paper_has_26_numbers_and_writing_40_more():
    assert heads.size(1, 0, 20, 1) == 26
    assert heads.size(1, 1, 20, 1) == 2 * 26 + 40 == 92
