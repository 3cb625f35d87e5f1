"""A training whose loop XLA compiles is the same training."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from lessons.toolkit import experiment, xla
from lessons.toolkit.config import RunConfig

FLOAT32 = 1e-5
X = np.random.default_rng(0).normal(size=(22, 3)).astype("float32")
Y = (X @ [[1.0], [-2.0], [0.5]]).astype("float32")


@pytest.fixture
def compiled(monkeypatch):
    """The loops that were compiled: the graphs that `suits` accepted."""
    accepted = []
    suits = xla.suits

    def spy(graph):
        if suits(graph):
            accepted.append(graph)
        return suits(graph)

    monkeypatch.setattr(xla, "LONG", 1)
    monkeypatch.setattr(xla, "suits", spy)
    return accepted


def dense(*hidden, **options):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), *hidden, layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.05), "mse", metrics=["mae"], **options)
    return model


def train(model, x=X, epochs=3, **options):
    config = RunConfig(epochs=epochs, batch_size=5)
    return experiment.fit(model, x, config, description="test", y=Y, **options).history


# 22 examples in batches of 5: the last step has two.
@pytest.mark.parametrize("steps_per_execution", [1, 2, 4, 5, 8])
def test_a_compiled_loop_gives_the_same_numbers(compiled, steps_per_execution):
    model = dense(steps_per_execution=steps_per_execution)
    history = train(model, validation_data=(X, Y))
    assert len(compiled) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xla, "LONG", 10**9)
        usual = dense(steps_per_execution=steps_per_execution)
        for name, values in train(usual, validation_data=(X, Y)).items():
            np.testing.assert_allclose(history[name], values, rtol=FLOAT32)
    for one, other in zip(model.get_weights(), usual.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=FLOAT32)
    assert int(model.optimizer.iterations) == 15


def test_draws_and_running_statistics_follow_the_seed(compiled):
    def run():
        model = dense(layers.BatchNormalization(), layers.Dropout(0.5, seed=1))
        return train(model)["loss"], model.get_weights()

    (losses, weights), (again, others) = run(), run()
    assert len(compiled) == 2 and losses == again
    for one, other in zip(weights, others, strict=True):
        np.testing.assert_array_equal(one, other)
    assert len({weights[2].tobytes(), weights[3].tobytes()}) == 2
    assert np.abs(weights[2]).max() > 0  # the running mean has moved


def test_draws_have_the_right_distribution(compiled):
    class Noisy(layers.Layer):
        def __init__(self):
            super().__init__()
            self.seeds = keras.random.SeedGenerator(0)
            self.moments = self.add_weight(
                shape=(3,), initializer="zeros", trainable=False
            )

        def call(self, inputs):
            z = keras.random.normal((1000,), seed=self.seeds)
            self.moments.assign_add(tf.stack([tf.reduce_mean(z**k) for k in (1, 2, 4)]))
            return inputs

    model = dense(noise := Noisy())
    train(model, epochs=20)
    assert compiled
    # 100 steps of 1,000 draws: standard errors 0.003, 0.004 and 0.03
    error = np.abs(noise.moments.numpy() / 100 - [0, 1, 3])
    assert np.all(error < [0.015, 0.02, 0.15])


@pytest.mark.parametrize(
    "kind, options",
    [
        ([layers.Reshape((3, 1)), layers.Conv1D(2, 2), layers.Flatten()], {}),
        ([layers.Reshape((3, 1)), layers.LSTM(2)], {}),
        ([], {"jit_compile": True}),
    ],
)
def test_what_does_not_suit_stays_outside(compiled, kind, options):
    assert len(train(dense(*kind, **options))["loss"]) == 3
    assert not compiled


def test_a_short_training_stays_outside(compiled, monkeypatch):
    monkeypatch.setattr(xla, "LONG", 13)  # four full steps an epoch
    train(dense(), epochs=3)
    assert not compiled
    train(dense(), epochs=4)
    assert compiled


def test_what_xla_refuses_goes_the_usual_way(compiled, monkeypatch):
    class Calls(layers.Layer):
        def call(self, inputs):
            return tf.ensure_shape(
                tf.numpy_function(lambda x: 2 * x, [inputs], tf.float32), (None, 3)
            )

    before = train(dense(Calls()))["loss"]
    assert not compiled
    monkeypatch.setattr(xla, "suits", lambda graph: True)
    assert train(dense(Calls()))["loss"] == before
