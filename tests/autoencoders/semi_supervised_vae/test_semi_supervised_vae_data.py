"""Hidden labels: how many stay, which, and what an epoch is made of."""

import numpy as np
import pytest

from lessons.autoencoders.semi_supervised_vae import config, data
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


def test_labels_that_stay_are_true_and_balanced():
    labels = np.random.default_rng(0).integers(0, 4, 200)
    hidden = data.hide_labels(labels, 5, seed=1)
    known = hidden >= 0
    np.testing.assert_array_equal(hidden[known], labels[known])
    np.testing.assert_array_equal(np.bincount(hidden[known]), [5, 5, 5, 5])
    assert set(hidden[~known]) == {-1}


def test_the_seed_draws_the_labels():
    labels = np.arange(100) % 5
    one, same, other = (data.hide_labels(labels, 3, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.any(one != other)


def test_too_many_labels_are_refused_by_class():
    with pytest.raises(UserError, match="class 1 has 2"):
        data.hide_labels(np.array([0, 0, 0, 1, 1]), 3, 0)


def test_a_task_keeps_training_and_test_apart_and_knows_its_sizes():
    task = data.load(SMOKE)
    assert task.x.shape == (120, 64)
    assert task.test_x.shape == (40, 64)
    assert task.num_classes == 10
    assert task.x.dtype == np.float32
    x, labels = task.labelled()
    assert len(x) == len(labels) == 20
    np.testing.assert_array_equal(np.bincount(labels), np.full(10, 2))
    assert task.images(task.x).shape == (120, 8, 8, 1)
    np.testing.assert_array_equal(task.images(task.x), task.split.train_images)


def test_an_epoch_repeats_labelled_rows_only():
    task = data.load(SMOKE)
    x, labels = task.rows(4)
    assert len(x) == len(labels) == 100 + 4 * 20
    assert np.sum(labels >= 0) == 80
    unlabelled = x[labels < 0]
    np.testing.assert_array_equal(unlabelled, task.x[task.labels < 0])
