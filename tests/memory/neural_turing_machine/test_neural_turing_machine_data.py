"""The five tasks: what is shown, what is asked for, and when."""

import numpy as np
import pytest

from lessons.memory.neural_turing_machine import config, data
from lessons.toolkit.errors import UserError


@pytest.fixture
def rng():
    return np.random.default_rng(2014)


def test_copy_asks_for_what_it_showed(rng):
    lengths = [1, 4, 3]
    batch = data.copy(rng, lengths, bits=5, longest=6)
    assert batch.inputs.shape == (3, 14, 7) and batch.targets.shape == (3, 14, 5)
    for row, n in enumerate(lengths):
        shown = batch.inputs[row, 1 : n + 1, :5]
        np.testing.assert_array_equal(batch.targets[row, n + 2 : 2 * n + 2], shown)
        assert np.flatnonzero(batch.inputs[row, :, 5]).tolist() == [0]
        assert np.flatnonzero(batch.inputs[row, :, 6]).tolist() == [n + 1]
        steps = list(range(n + 2, 2 * n + 2))
        assert np.flatnonzero(batch.mask[row]).tolist() == steps
        assert not batch.inputs[row, n + 2 :].any()
        assert not batch.targets[row, 2 * n + 2 :].any()


def test_repeat_copy_repeats_and_ends_with_a_marker(rng):
    lengths, repeats = [2, 3, 1], [1, 4, 10]
    batch = data.repeat_copy(rng, lengths, repeats, bits=6, longest=3)
    assert batch.inputs.shape == (3, 36, 8) and batch.targets.shape == (3, 36, 7)
    for row, (n, times) in enumerate(zip(lengths, repeats, strict=True)):
        shown = batch.inputs[row, 1 : n + 1, :6]
        said = batch.targets[row, n + 2 : n + 2 + n * times]
        np.testing.assert_array_equal(said[:, :6], np.tile(shown, (times, 1)))
        end = n + 2 + n * times
        assert np.flatnonzero(batch.targets[row, :, 6]).tolist() == [end]
        assert np.flatnonzero(batch.mask[row]).tolist() == list(range(n + 2, end + 1))
        assert not batch.inputs[row, n + 2 :].any()


def test_the_number_of_repeats_is_scaled(rng):
    shown = data.scaled(np.arange(1, 11), 10)
    assert shown.mean() == pytest.approx(0) and shown.var() == pytest.approx(1)
    batch = data.repeat_copy(rng, [2], [7], bits=6)
    assert batch.inputs[0, 3, 7] == pytest.approx(shown[6])


@pytest.mark.parametrize("most", range(2, 21, 2))
def test_every_number_of_repeats_can_be_told(rng, most):
    repeats = np.arange(1, 2 * most + 1)  # also numbers that training does not show
    lengths = np.full(len(repeats), 2)
    batch = data.repeat_copy(rng, lengths, repeats, bits=3, most_repeats=most)
    shown = batch.inputs[:, :, -1]
    step = np.sqrt(12 / (most**2 - 1))
    np.testing.assert_allclose(np.diff(shown[:, 3]), step, rtol=1e-5)  # distinct
    assert np.abs(shown[:, 3]).min() == pytest.approx(step / 2)  # none looks like none
    assert np.all(np.count_nonzero(shown, axis=1) == 1)


@pytest.mark.parametrize("most", [1, 3, 9])
def test_a_number_of_repeats_that_looks_like_none_is_refused(rng, most):
    middle = (most + 1) // 2  # would be shown as 0
    with pytest.raises(UserError, match=f"must be even, .* got max_repeats={most}"):
        data.repeat_copy(rng, [2], [middle], most_repeats=most)


def test_recall_asks_for_the_item_after_the_query(rng):
    items = [2, 4, 6]
    batch = data.associative_recall(rng, items, most_items=7)
    assert batch.inputs.shape == (3, 36, 8) and batch.targets.shape == (3, 36, 6)
    for row, count in enumerate(items):
        inputs = batch.inputs[row]
        assert np.flatnonzero(inputs[:, 6]).tolist() == list(range(0, 4 * count, 4))
        flags = np.flatnonzero(inputs[:, 7]).tolist()
        assert flags == [4 * count, 4 * count + 4]
        shown = inputs[: 4 * count, :6].reshape(count, 4, 6)[:, 1:]
        query = inputs[flags[0] + 1 : flags[1], :6]
        found = [i for i in range(count - 1) if np.array_equal(shown[i], query)]
        answer = batch.targets[row, flags[1] + 1 : flags[1] + 4]
        assert any(np.array_equal(shown[i + 1], answer) for i in found)
        steps = [flags[1] + 1 + i for i in range(3)]
        assert np.flatnonzero(batch.mask[row]).tolist() == steps


def test_every_item_but_the_last_is_asked_for():
    rng = np.random.default_rng(0)
    batch = data.associative_recall(rng, [3] * 300, bits=12, vectors=1)
    shown = batch.inputs[:, 1:6:2, :12]
    asked = [
        int(np.flatnonzero((shown[row] == batch.inputs[row, 7, :12]).all(1))[0])
        for row in range(300)
    ]
    assert set(asked) == {0, 1}


def test_ngrams_ask_for_the_next_bit(rng):
    batch = data.ngrams(rng, 4, length=50, context=5)
    assert batch.inputs.shape == batch.targets.shape == (4, 49, 1)
    np.testing.assert_array_equal(batch.targets[:, 4:-1], batch.inputs[:, 5:])
    assert np.flatnonzero(batch.mask[0]).tolist() == list(range(4, 49))


def test_ngrams_follow_one_table_per_sequence():
    # With one bit of context and long sequences both probabilities can be estimated.
    batch = data.ngrams(np.random.default_rng(3), 300, length=400, context=1)
    before, after = batch.inputs[:, :, 0], batch.targets[:, :, 0]
    estimates = np.concatenate(
        [
            (after * (before == value)).sum(1) / np.maximum((before == value).sum(1), 1)
            for value in (0, 1)
        ]
    )
    seen = np.concatenate([(before == value).sum(1) > 100 for value in (0, 1)])
    spread = np.var(estimates[seen])
    assert 0.08 < spread < 0.16  # Beta(1/2, 1/2) has variance 1/8


def test_contexts_are_numbered_oldest_bit_first():
    assert data.context_index(np.array([[1, 0, 0], [0, 1, 1]])).tolist() == [4, 3]


def test_priority_sort_gives_the_highest_first(rng):
    batch = data.priority_sort(rng, 3, length=6, answers=4, bits=8)
    assert batch.inputs.shape == (3, 11, 10) and batch.targets.shape == (3, 11, 8)
    for row in range(3):
        pairs = [(batch.inputs[row, t, 8], t) for t in range(6)]
        order = [t for _, t in sorted(pairs, reverse=True)][:4]
        expected = batch.inputs[row, order, :8]
        np.testing.assert_array_equal(batch.targets[row, 7:], expected)
        assert np.abs(batch.inputs[row, :6, 8]).max() <= 1
    assert np.flatnonzero(batch.mask[0]).tolist() == [7, 8, 9, 10]
    assert np.flatnonzero(batch.inputs[0, :, 9]).tolist() == [6]


TASK_PRESETS = {
    "paper": (10, 8, 42),
    "paper_repeat_copy": (8, 7, 10 * 11 + 3),
    "paper_recall": (8, 6, 4 * 6 + 8),
    "paper_ngrams": (1, 1, 199),
    "paper_sort": (10, 8, 37),
}


@pytest.mark.parametrize(("preset", "expected"), TASK_PRESETS.items())
def test_presets_draw_the_papers_tasks(preset, expected, rng):
    settings = config.PRESETS[preset]
    batch = data.draw(settings, rng, 5)
    channels, bits, steps = expected
    assert data.channels(settings) == (channels, bits)
    assert batch.inputs.shape == (5, steps, channels)
    assert batch.targets.shape == (5, steps, bits)
    assert batch.mask.any(axis=1).all()
    assert all(part.dtype == np.float32 for part in batch)


def test_lengths_are_uniform_over_their_range(rng):
    batch = data.draw(config.PRESETS["laptop"], rng, 2000)
    lengths = batch.mask.sum(axis=1).astype(int)
    shares = np.bincount(lengths, minlength=6)[1:] / 2000
    np.testing.assert_allclose(shares, 0.2, atol=0.04)  # 4 standard errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: data.copy(r, [0, 2]), "lengths must be between 1 and 2"),
        (lambda r: data.copy(r, [4], longest=3), "lengths must be between 1 and 3"),
        (lambda r: data.associative_recall(r, [1, 3]), "items must be between 2"),
        (lambda r: data.ngrams(r, 2, length=5), "length must be above context=5"),
        (lambda r: data.priority_sort(r, 2, 3, 4), "answers must be between 1 and 3"),
    ],
)
def test_impossible_tasks_are_refused(rng, call, message):
    with pytest.raises(UserError, match=message):
        call(rng)
