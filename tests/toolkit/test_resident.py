"""Resident arrays change where batches come from, not what is trained."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from lessons.toolkit import experiment, resident
from lessons.toolkit.config import RunConfig

FLOAT32 = 1e-5


@pytest.fixture
def arrays():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(22, 3)).astype("float32")
    return x, (x @ [[1.0], [-2.0], [0.5]]).astype("float32")


def linear_model(steps_per_execution=1, **options):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile(
        keras.optimizers.SGD(0.05),
        loss="mse",
        metrics=["mae"],
        steps_per_execution=steps_per_execution,
        **options,
    )
    return model


def train(model, arrays, epochs=3, batch_size=5, **options):
    x, y = arrays
    config = RunConfig(epochs=epochs, batch_size=batch_size)
    return experiment.fit(model, x, config, description="test", y=y, **options).history


def by_hand(arrays, epochs=3, batch_size=5, seed=0):
    """The same training in NumPy, in the order the seed gives."""
    x, y = (array.astype("float64") for array in arrays)
    layer = linear_model().layers[0]
    weights, bias = (value.numpy().astype("float64") for value in layer.weights)
    losses = []
    for epoch in range(epochs):
        order = np.random.default_rng((seed, epoch)).permutation(len(x))
        squares = []
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            error = x[rows] @ weights + bias - y[rows]
            squares.extend(error[:, 0] ** 2)
            weights -= 0.05 * 2 * x[rows].T @ error / len(rows)
            bias -= 0.05 * 2 * error.mean(axis=0)
        losses.append(np.mean(squares))
    return weights, losses


# 22 examples in batches of 5: five steps, the last of two. Executions of 2 and 5 steps
# end with the epoch or before it; one of 8 is longer than the epoch.
@pytest.mark.parametrize("steps_per_execution", [1, 2, 5, 8])
def test_training_equals_the_loop_written_by_hand(arrays, steps_per_execution):
    model = linear_model(steps_per_execution)
    history = train(model, arrays)
    weights, losses = by_hand(arrays)
    np.testing.assert_allclose(model.get_weights()[0], weights, atol=FLOAT32)
    np.testing.assert_allclose(history["loss"], losses, rtol=FLOAT32)
    assert int(model.optimizer.iterations) == 15


def test_xla_gives_the_same_numbers(arrays):
    model = linear_model(5, jit_compile=True)
    train(model, arrays)
    np.testing.assert_allclose(model.get_weights()[0], by_hand(arrays)[0], atol=FLOAT32)


def test_every_epoch_shows_each_example_once_in_a_new_order():
    class Recorder(keras.Model):
        def __init__(self):
            super().__init__()
            self.seen = self.add_weight(shape=(0,), name="seen", trainable=False)
            self.log = []
            self.built = True

        def train_step(self, data):
            tf.py_function(lambda rows: self.log.append(rows.numpy()), [data], [])
            return {"loss": ops.mean(data)}

    model = Recorder()
    model.compile(steps_per_execution=2)
    x = np.arange(7, dtype="float32")
    experiment.fit(model, x, RunConfig(epochs=2, batch_size=3), description="test")
    assert [len(rows) for rows in model.log] == [3, 3, 1, 3, 3, 1]
    first, second = np.concatenate(model.log[:3]), np.concatenate(model.log[3:])
    assert sorted(first) == sorted(second) == list(x)
    assert list(first) != list(second)


def test_batch_callbacks_see_step_numbers(arrays):
    steps = []
    spy = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: steps.append(batch)
    )
    train(linear_model(2), arrays, epochs=1, callbacks=[spy])
    assert steps == [0, 2, 4]


def test_an_epoch_is_cut_into_few_calls_unless_the_model_says_otherwise(
    arrays, monkeypatch
):
    steps = []
    spy = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: steps.append(batch)
    )
    model = linear_model()
    train(model, arrays, epochs=1, callbacks=[spy])
    assert steps == [0] and model.steps_per_execution == 1
    steps.clear()
    monkeypatch.setattr(resident, "MOST_STEPS", 3)  # five steps: three, then two
    history = train(linear_model(), arrays, callbacks=[spy])
    assert steps == [0, 3] * 3
    np.testing.assert_allclose(history["loss"], by_hand(arrays)[1], rtol=FLOAT32)


def test_validation_during_and_after_training_agree(arrays):
    model = linear_model()
    history = train(model, arrays, validation_data=arrays, validation_batch_size=5)
    after = model.evaluate(*arrays, batch_size=5, verbose=0)
    np.testing.assert_allclose(after[0], history["val_loss"][-1], rtol=FLOAT32)


def test_the_model_can_be_fitted_the_usual_way_afterwards(arrays):
    model = linear_model(2)
    train(model, arrays)
    before = model.get_weights()[0]
    model.fit(*arrays, batch_size=5, verbose=0)
    assert np.abs(model.get_weights()[0] - before).max() > 0


def test_validation_is_reported(arrays):
    history = train(linear_model(2), arrays, validation_data=arrays)
    assert len(history["val_loss"]) == 3


def test_float64_arrays_are_trained_in_keras_precision(arrays):
    history = train(linear_model(), [array.astype("float64") for array in arrays])
    np.testing.assert_allclose(history["loss"], by_hand(arrays)[1], rtol=FLOAT32)


def test_models_get_their_variables_before_the_step_is_traced(arrays):
    traced = []

    class Counting(keras.Sequential):
        def train_step(self, data):
            traced.append(None)
            return super().train_step(data)

    model = Counting([keras.Input((3,)), layers.Dense(1)])
    model.compile("adam", loss="mse", metrics=["mae"], steps_per_execution=5)
    train(model, arrays)
    assert len(traced) == 1


def test_what_does_not_suit_goes_the_usual_way(arrays, monkeypatch):
    model = linear_model()
    x, y = arrays
    assert resident.suits(model, [x, y], {})
    assert not resident.suits(model, [x, y], {"class_weight": {0: 1.0}})
    assert not resident.suits(model, [tf.data.Dataset.range(3)], {})
    assert not resident.suits(linear_model(run_eagerly=True), [x], {})
    monkeypatch.setattr(resident, "LARGEST", x.nbytes - 1)
    assert not resident.suits(model, [x], {})
    assert len(train(model, arrays)["loss"]) == 3
