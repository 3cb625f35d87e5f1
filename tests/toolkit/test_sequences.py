"""Padded batches, endless streams and the callback that stops."""

import types

import numpy as np
import pytest

from lessons.toolkit import sequences
from lessons.toolkit.errors import UserError


@pytest.mark.parametrize(
    ("values", "options", "expected", "most"),
    [([3, 1], {}, [3, 1], 3), (2, {"most": 5}, [2], 5), ([0], {"least": 0}, [0], 0)],
)
def test_counts_come_with_the_greatest(values, options, expected, most):
    found, greatest = sequences.counts("lengths", values, **options)
    assert found.tolist() == expected and greatest == most


@pytest.mark.parametrize(("values", "options"), [([0, 2], {}), ([4], {"most": 3})])
def test_counts_out_of_range_are_refused(values, options):
    with pytest.raises(UserError, match="lengths must be between"):
        sequences.counts("lengths", values, **options)


def test_ragged_rows_have_their_own_lengths():
    rows, places = sequences.ragged(np.array([2, 0, 3]))
    assert list(zip(rows, places, strict=True)) == [
        *((0, 0), (0, 1)),
        *((2, 0), (2, 1), (2, 2)),
    ]


def test_a_stream_is_fresh_in_each_epoch_and_the_same_for_one_seed():
    def draw(rng, epoch):
        batch = rng.normal(size=(2, 3, 4))
        return sequences.Sequences(batch, batch + epoch, np.ones((2, 3)))

    def batches(seed):
        config = types.SimpleNamespace(epochs=2, seed=seed)
        return [
            (x.numpy(), y.numpy(), mask.numpy())
            for x, (y, mask) in sequences.stream(config, draw)
        ]

    one, again, other = batches(0), batches(0), batches(1)
    assert len(one) == 4 and one[0][0].shape == (3, 4)
    for (x, y, mask), (same, *_), epoch in zip(one, again, (0, 0, 1, 1), strict=True):
        np.testing.assert_array_equal(x, same)
        np.testing.assert_allclose(y, x + epoch)
        assert mask.shape == (3,)
    assert np.abs(one[0][0] - one[2][0]).min() > 0
    assert np.abs(one[0][0] - other[0][0]).min() > 0


@pytest.mark.parametrize(
    ("epoch", "loss", "stops"), [(1, 0.1, False), (2, 0.1, True), (3, 0.3, False)]
)
def test_training_stops_below_a_limit_not_before_its_time(epoch, loss, stops):
    callback = sequences.StopBelow(0.2, first=2)
    callback.set_model(types.SimpleNamespace(stop_training=False))
    callback.on_epoch_end(epoch, {"loss": loss})
    assert callback.model.stop_training is stops
