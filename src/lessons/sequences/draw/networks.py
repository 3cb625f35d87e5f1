"""Classifiers to compare with: a convnet, and a network of glimpses that only reads."""

import keras
from keras import layers, ops

from lessons.sequences.draw import shifts, theory
from lessons.sequences.draw.parts import check_classes, normal
from lessons.toolkit import labels as known_labels
from lessons.toolkit import runtime
from lessons.toolkit.recurrent import scan


@keras.saving.register_keras_serializable("lessons")
class GlimpseReader(layers.Layer):
    """An LSTM that looks T times and then names a class (DRAW, section 4.1).

    The window of a step is read off the state of the step before.

    Args:
        units: n.
        size: N.
        steps: T.
        classes: how many.

    Call with images of shape (batch, height, width, channels); returns logits of shape
    (batch, classes).
    """

    def __init__(self, units, size, steps, classes, **options):
        super().__init__(**options)
        self.arguments = {
            "units": units,
            "size": size,
            "steps": steps,
            "classes": classes,
        }
        self.reader = layers.LSTMCell(units, name="lstm")
        self.looker = layers.Dense(5, kernel_initializer=normal(), name="read")
        self.answer = layers.Dense(classes, name="answer")

    def build(self, input_shape):
        """Make the weights."""
        units = self.arguments["units"]
        self.reader.build((None, self.arguments["size"] ** 2 * input_shape[-1]))
        self.looker.build((None, units))
        self.answer.build((None, units))
        self.built = True

    def call(self, images):
        """Logits of the classes after the last glimpse."""
        values = theory.planes(images)
        height, _, width = values.shape[1:]
        size, steps = self.arguments["size"], self.arguments["steps"]
        zeros = ops.zeros((ops.shape(values)[0], self.arguments["units"]), values.dtype)

        def step(_, state):
            numbers = ops.cast(self.looker(state[0]), "float32")
            found = theory.window(numbers, height, width, size)
            window = *theory.filters(found, height, width, size), found.intensity
            window = [ops.cast(a, values.dtype) for a in window]
            flat = ops.reshape(theory.read(values, *window), (-1, self.read_numbers))
            _, state = self.reader(flat, list(state))
            return state[0][:, :1], tuple(state)

        _, state = scan(step, ops.zeros((steps, 1)), (zeros, zeros))
        return self.answer(state[0])

    @property
    def read_numbers(self):
        """Numbers of one glimpse."""
        return self.reader.kernel.shape[0]

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


def convnet(image_shape, filters, dense, classes, dropout=0.0):
    """Convolutions of 3x3 with ReLU, each with pooling; dense layers; logits.

    Args:
        image_shape: (height, width, channels).
        filters: of each convolution.
        dense: units of each dense layer.
        classes: how many.
        dropout: share of a dense layer's units that is dropped in training.
    """
    parts = [keras.Input(image_shape)]
    for count in filters:
        parts.append(
            layers.Conv2D(count, 3, activation="relu", data_format="channels_last")
        )
        parts.append(layers.MaxPooling2D(data_format="channels_last"))
    parts.append(layers.Flatten(data_format="channels_last"))
    for units in dense:
        parts.append(layers.Dense(units, "relu"))
        if dropout:
            parts.append(layers.Dropout(dropout))
    return keras.Sequential([*parts, layers.Dense(classes)])


@keras.saving.register_keras_serializable("lessons")
class PlacedClassifier(known_labels.Labelled, keras.Model):
    """A classifier that is trained on shifted images.

    Args:
        body: layer or model from images to logits.
        classes: how many.
        shift: greatest shift of training images in pixels.
        seed: of the shifts.
    """

    def __init__(self, body, classes, *, shift=0, seed=0, **options):
        super().__init__(**options)
        self.body, self.classes = body, classes
        self.shift, self.seed = shift, seed
        self.draws = keras.random.SeedGenerator(seed)
        self.accuracy_metric = keras.metrics.Mean(name="accuracy")

    def build(self, input_shape):
        """Make the body's weights."""
        if not self.body.built:
            self.body.build(input_shape)
        self.built = True

    def call(self, images, training=False):
        """Logits, shape (batch, classes); images are shifted in training."""
        images = ops.cast(images, self.compute_dtype)
        if training:
            images = shifts.moved(images, self.shift, self.draws)
        if isinstance(self.body, GlimpseReader):
            return self.body(images)
        return self.body(images, training=training)

    def check_labels(self, y):
        """Raise `UserError` where labels are no classes."""
        check_classes(y, self.classes)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean cross-entropy."""
        logits = ops.cast(y_pred, "float32")
        y = ops.reshape(ops.cast(y, "int32"), (-1,))
        losses = known_labels.existing(theory.class_loss(y, logits), y, self.classes)
        right = ops.equal(ops.argmax(logits, axis=1), ops.cast(y, "int64"))
        self.accuracy_metric.update_state(ops.cast(right, "float32"))
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        body = keras.saving.serialize_keras_object(self.body)
        own = {
            "body": body,
            "classes": self.classes,
            "shift": self.shift,
            "seed": self.seed,
        }
        return {**super().get_config(), **own}

    @classmethod
    def from_config(cls, config):
        """A model from what `get_config` gave."""
        body = keras.saving.deserialize_keras_object(config.pop("body"))
        return cls(body, **config)
