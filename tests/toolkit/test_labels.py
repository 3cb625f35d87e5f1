"""Labels that cannot be right are refused before training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.toolkit import labels
from lessons.toolkit.config import RunConfig
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import fit


@pytest.mark.parametrize(
    "given",
    [
        [0, 2, 1],
        np.array([[0.0], [2.0]], np.float32),
        tf.constant([2, 0]),
        np.array([True, False]),
        np.zeros((0,), int),
        None,
    ],
)
def test_classes_of_any_type_and_shape_pass(given):
    labels.check(given, 3)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([0, 3, 4], r"got 3 \(2 of 3 labels"),
        ([-1, 0], "got -1"),
        (np.array([[0.5]]), "got 0.5"),
        (np.array([np.nan, 1]), "got nan"),
        (tf.constant([7]), "got 7"),
        (["one"], "one"),
    ],
)
def test_what_is_no_class_is_named(given, found):
    with pytest.raises(UserError, match="whole numbers from 0 to 2.*" + found):
        labels.check(given, 3)


def test_a_missing_label_is_allowed_where_there_is_a_number_for_it():
    labels.check([-1, 2], 3, missing=-1)
    with pytest.raises(UserError, match="and -1 for a label that is missing, got -2"):
        labels.check([-2, 2], 3, missing=-1)


def test_in_a_compiled_step_a_label_beyond_the_classes_costs_nan():
    @tf.function
    def costs(given):
        labels.check(given, 3)  # no values yet
        return labels.existing(tf.ones(4), given, 3, least=-1)

    np.testing.assert_array_equal(
        costs(tf.constant([0, -1, 3, -2])), [1, 1, np.nan, np.nan]
    )
    pairs = tf.constant([[0, 1], [0, 3], [2, 2], [-1, 0]])
    np.testing.assert_array_equal(costs(pairs), [1, np.nan, 1, 1])


class Classifier(labels.Labelled, keras.Model):
    def __init__(self):
        super().__init__()
        self.logits = keras.layers.Dense(3)

    def call(self, x):
        return self.logits(x)

    def check_labels(self, y):
        labels.check(y, 3)


@pytest.mark.parametrize(
    "use",
    [
        lambda model, x, y: model.fit(x, y, verbose=0),
        lambda model, x, y: model.fit(x, y % 3, validation_data=(x, y), verbose=0),
        lambda model, x, y: model.evaluate(x, y, verbose=0),
        lambda model, x, y: model.train_on_batch(x, y),
        lambda model, x, y: model.test_on_batch(x, y),
        lambda model, x, y: fit(model, x, RunConfig(preset=""), y=y, description=""),
    ],
    ids=["fit", "validation", "evaluate", "train_on_batch", "test_on_batch", "lessons"],
)
def test_every_way_into_a_model_checks_its_labels(use):
    x, y = np.ones((4, 2), np.float32), np.array([0, 1, 2, 3])
    model = Classifier()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, run_eagerly=True)
    with pytest.raises(UserError, match="got 3"):
        use(model, x, y)
    use(model, x, y % 3)
