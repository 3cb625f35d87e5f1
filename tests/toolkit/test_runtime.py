"""A session sets what a run computes with, and puts it back."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.toolkit import runtime
from lessons.toolkit.config import RunConfig
from lessons.toolkit.errors import UserError


def test_the_precision_outlives_seeding_and_ends_with_the_session():
    before = keras.config.dtype_policy().name
    with runtime.session(RunConfig(precision="mixed_bfloat16")):
        runtime.seed_everything(3)
        assert keras.layers.Dense(1).compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == before


def test_seeding_within_the_scope_of_a_strategy_leaves_the_scope_alone():
    with runtime.session(RunConfig(strategy="mirrored")) as strategy:
        runtime.seed_everything(3)
        assert tf.distribute.get_strategy() is strategy
    assert not tf.distribute.has_strategy()


@pytest.mark.parametrize("strategy", ["none", "mirrored"])
def test_the_same_seed_gives_the_same_weights(strategy):
    def weights(seed):
        with runtime.session(RunConfig(seed=seed, strategy=strategy)):
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
            return model.get_weights()[0]

    first = weights(1)
    assert np.array_equal(weights(1), first)
    assert not np.array_equal(weights(2), first)


def test_a_gpu_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(runtime, "gpus", lambda: [])
    with (
        pytest.raises(UserError, match="sees no GPU. Allowed here: auto, cpu"),
        runtime.session(RunConfig(device="gpu")),
    ):
        pass


def test_the_environment_is_plain_and_names_the_versions():
    found = runtime.environment()
    assert found["tensorflow"] == tf.__version__
    assert found["keras"] == keras.__version__
    assert found["cores"] >= 1


@pytest.mark.parametrize(("strategy", "expected"), [("none", 3), ("mirrored", 1)])
def test_several_devices_take_one_step_a_call(strategy, expected):
    assert runtime.steps_per_execution(RunConfig(strategy=strategy), 3) == expected


def test_the_loss_of_a_batch_is_the_mean_and_may_be_weighted():
    losses = tf.constant([1.0, 2.0, 6.0])
    assert float(runtime.batch_loss(losses)) == 3.0
    assert float(runtime.batch_loss(losses, np.array([3, 0, 2]))) == 5.0
