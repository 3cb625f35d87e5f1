"""A network for sequences: symbols or numbers in, logits of the last steps out."""

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError


@keras.saving.register_keras_serializable("lessons")
class SequenceModel(keras.Model):
    """Logits for the steps of a sequence at which an answer is asked for.

    Args:
        body: a `layers.Delayed` or a `layers.Stacked`.
        num_outputs: S, classes.
        num_asked: the answer is asked for at the last so many steps; None for all.
        num_symbols: R, where inputs are symbols, integers of shape (batch, T), which
            become one-hot vectors; None where they are numbers, shape (batch, T, R).
        num_inputs: R, where inputs are numbers.
        streams: number of texts trained side by side whose state is carried from one
            batch to the next; None where every batch starts afresh. The body must
            return its states.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: streams are wanted of a body that returns no states.
    """

    def __init__(
        self,
        body,
        num_outputs,
        num_asked=None,
        num_symbols=None,
        num_inputs=1,
        streams=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if streams and not body.return_state:
            raise UserError("streams need a body with return_state=True, got False.")
        self.body, self.num_outputs, self.num_asked = body, num_outputs, num_asked
        self.num_symbols, self.num_inputs = num_symbols, num_inputs
        self.streams = streams
        self.readout = layers.Dense(num_outputs, name="readout", dtype="float32")
        width = num_symbols or num_inputs
        self.body.build((None, None, width))
        self.readout.build((None, None, self.body.output_size))
        self.carried = []
        if streams:
            self.carried = [
                self.add_weight(
                    shape=part.shape,
                    initializer="zeros",
                    trainable=False,
                    name=f"carried_{n}",
                )
                for n, part in enumerate(self.body.first_state(streams))
            ]
        self.build((None, None) if num_symbols else (None, None, width))

    def build(self, input_shape):
        """Nothing is left to make: every layer has its weights."""

    def vectors(self, inputs):
        """Inputs as vectors, shape (batch, T, R)."""
        if self.num_symbols:
            return ops.one_hot(inputs, self.num_symbols, dtype=self.compute_dtype)
        return ops.cast(inputs, self.compute_dtype)

    def call(self, inputs, training=False):
        """Logits, float32, shape (batch, num_asked, S).

        Args:
            inputs: symbols (batch, T), or numbers (batch, T, R).
            training: whether states of streams are carried on.

        Raises:
            UserError: in training, other than `streams` texts.
        """
        vectors = self.vectors(inputs)
        if not self.streams:
            outputs = self.body(vectors)
        elif not training:
            outputs, _ = self.body(vectors)
        else:
            if inputs.shape[0] not in (None, self.streams):
                raise UserError(
                    f"the state of {self.streams} streams is carried, got a batch of "
                    f"{inputs.shape[0]}. Allowed in training: {self.streams} texts."
                )
            vectors = tf.ensure_shape(vectors, (self.streams, *vectors.shape[1:]))
            state = [ops.convert_to_tensor(part) for part in self.carried]
            outputs, state = self.body(vectors, initial_state=state)
            for variable, part in zip(self.carried, state, strict=True):
                variable.assign(ops.cast(part, variable.dtype))
        if self.num_asked:
            outputs = outputs[:, -self.num_asked :]
        return self.readout(outputs)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean cross-entropy of the asked steps, nats per symbol.

        Weights, shape (batch,) or (batch, 1), weigh whole sequences.
        """
        losses = keras.losses.sparse_categorical_crossentropy(
            y, y_pred, from_logits=True
        )
        return runtime.batch_loss(ops.mean(losses, axis=-1), sample_weight)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """As Keras does; a weight of a sequence weighs each of its steps."""
        if sample_weight is not None:
            sample_weight = ops.reshape(sample_weight, (-1, 1))
        return super().compute_metrics(x, y, y_pred, sample_weight)

    def export(self, filepath, format="tf_saved_model", **options):
        """Write an artefact that takes inputs of any batch size and length."""
        spec = keras.InputSpec(shape=(None, None, self.num_inputs), dtype="float32")
        if self.num_symbols:
            spec = keras.InputSpec(shape=(None, None), dtype="int32")
        options.setdefault("input_signature", [spec])
        return super().export(filepath, format, **options)

    def get_config(self):
        """The arguments, for saving."""
        names = ("num_outputs", "num_asked", "num_symbols", "num_inputs", "streams")
        return {
            **super().get_config(),
            "body": keras.saving.serialize_keras_object(self.body),
            **{name: getattr(self, name) for name in names},
        }

    @classmethod
    def from_config(cls, config):
        """The model of a saved configuration."""
        body = keras.saving.deserialize_keras_object(config["body"])
        return cls(**config | {"body": body})
