"""Networks: a language model of characters, and one for tasks with a time lag."""

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.foundations.lstm import cells
from lessons.foundations.lstm.layers import LSTM
from lessons.foundations.lstm.variants import VARIANTS
from lessons.toolkit.errors import UserError, unknown


@keras.saving.register_keras_serializable("lessons")
class CharModel(keras.Model):
    """Logits of the next character, for every prefix of a text.

    Args:
        size: V, characters in the vocabulary.
        units: memory cells of each layer.
        embedding_dim: size of a character's vector; None means one-hot.
        dropout: fraction of each layer's outputs dropped in training.
        streams: number of texts trained side by side whose state is carried from one
            batch to the next; None means that every batch starts afresh.
        init_scale: weights are uniform in [-s, s]; None means Keras's defaults.
        cell: other arguments of `layers.LSTM`, such as `peephole`.
        **kwargs: for `keras.Model`.
    """

    def __init__(
        self,
        size,
        units=(128,),
        embedding_dim=32,
        dropout=0.0,
        streams=None,
        init_scale=None,
        cell=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not units:
            raise UserError("units must name at least one layer, got none.")
        self.size, self.units, self.embedding_dim = size, tuple(units), embedding_dim
        self.dropout_rate, self.streams = dropout, streams
        self.init_scale, self.cell_options = init_scale, dict(cell or {})
        options, uniform = dict(self.cell_options), {}
        if init_scale is not None:
            uniform = {"initializer": _uniform(init_scale)}
            options |= {
                f"{name}_initializer": _uniform(init_scale)
                for name in ("kernel", "recurrent")
            }
        self.embedding = None
        if embedding_dim is not None:
            self.embedding = layers.Embedding(
                size,
                embedding_dim,
                name="embedding",
                **_prefixed("embeddings", uniform),
            )
        self.lstms = [
            LSTM(
                n, return_sequences=True, return_state=True, name=f"lstm_{i}", **options
            )
            for i, n in enumerate(self.units)
        ]
        self.dropout = layers.Dropout(dropout)
        self.head = layers.Dense(
            size, name="logits", dtype="float32", **_prefixed("kernel", uniform)
        )
        self._build_layers()
        self.carried = None
        if streams:
            self.carried = self.add_weight(
                shape=(streams, 2 * sum(self.units)),
                initializer="zeros",
                trainable=False,
                name="carried",
            )
        self.build((None, None))

    def build(self, input_shape):
        """Nothing is left to make: every layer has its weights."""

    def _build_layers(self):
        if self.embedding is not None:
            self.embedding.build((None, None))
        width = self.embedding_dim or self.size
        for lstm in self.lstms:
            lstm.build((None, None, width))
            width = lstm.cell.units
        self.head.build((None, None, width))

    def call(self, ids, training=False):
        """Logits of shape (batch, T, V) for characters of shape (batch, T).

        Raises:
            UserError: in training, other than `streams` texts.
        """
        if not (training and self.streams):
            return self.unroll(ids, training=training)[0]
        self._check_batch(ids.shape[0])
        ids = tf.ensure_shape(ids, (self.streams, None))
        carried = ops.convert_to_tensor(self.carried)
        state = tf.split(carried, [n for n in self.units for _ in "hc"], axis=1)
        logits, state = self.unroll(ids, _pairs(state), training)
        state = tf.concat([part for pair in state for part in pair], axis=1)
        self.carried.assign(state)
        return logits

    def fit(self, x=None, y=None, batch_size=None, **options):
        """Train as Keras does; batches that do not fit the streams are refused first.

        Raises:
            UserError: a batch, the last one included, would not hold `streams` texts.
        """
        if self.streams and hasattr(x, "shape"):
            size = batch_size or 32  # Keras's own
            self._check_batch(min(size, len(x)))
            self._check_batch(len(x) % size or size, "a last batch")
        elif self.streams and hasattr(x, "element_spec"):
            self._check_batch(_leading(x.element_spec))
        try:
            return super().fit(x, y, batch_size=batch_size, **options)
        except tf.errors.InvalidArgumentError as error:  # sizes known only on the way
            if self.streams and "EnsureShape" in str(error):
                self._check_batch("another size")
            raise

    def _check_batch(self, size, what="a batch"):
        """Refuse a batch, of known size, that does not hold one text of each stream."""
        if size not in (None, self.streams):
            raise UserError(
                f"the state of {self.streams} streams is carried, got {what} of "
                f"{size}. Allowed in training: batch_size={self.streams}, and a "
                "multiple of it as the number of texts."
            )

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The loss; weights of texts, shape (batch,), weigh all their characters."""
        if sample_weight is not None and len(sample_weight.shape) == 1:
            sample_weight = ops.expand_dims(sample_weight, 1)
        return super().compute_loss(x, y, y_pred, sample_weight, training)

    def export(self, filepath, format="tf_saved_model", **options):
        """Write an artefact that takes characters as int32 of shape (batch, T)."""
        characters = keras.InputSpec(shape=(None, None), dtype="int32")
        options.setdefault("input_signature", [characters])
        return super().export(filepath, format, **options)

    def reset(self):
        """Let the streams start again from the first state."""
        if self.streams:
            first = [part for pair in self.first_state(self.streams) for part in pair]
            self.carried.assign(tf.concat(first, axis=1))

    def first_state(self, batch):
        """The state before the first character: a pair (h, c) for each layer."""
        return [lstm.first_state(batch) for lstm in self.lstms]

    def unroll(self, ids, state=None, training=False):
        """Read a text from a given state.

        Args:
            ids: characters, shape (batch, T).
            state: a pair (h, c) for each layer; None for the first state.
            training: whether to drop outputs.

        Returns:
            (logits, state): shape (batch, T, V), and the state after the last one.
        """
        x, last = self._vectors(ids), []
        for i, lstm in enumerate(self.lstms):
            x, h, c = lstm(x, initial_state=None if state is None else state[i])
            x = self.dropout(x, training=training)
            last.append((h, c))
        return self.head(x), last

    def step(self, ids, state):
        """Read one character: (logits, state) from ids of shape (batch,)."""
        x, last = self._vectors(ids), []
        for lstm, pair in zip(self.lstms, state, strict=True):
            x, (h, c) = lstm.cell(x, list(pair))
            last.append((h, c))
        return self.head(x), last

    def _vectors(self, ids):
        if self.embedding is not None:
            return self.embedding(ids)
        return ops.one_hot(ids, self.size, dtype=self.compute_dtype)

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "size": self.size,
            "units": self.units,
            "embedding_dim": self.embedding_dim,
            "dropout": self.dropout_rate,
            "streams": self.streams,
            "init_scale": self.init_scale,
            "cell": self.cell_options,
        }


class CarryState(keras.callbacks.Callback):
    """Resets the carried state where an epoch begins: the text starts again."""

    def on_epoch_begin(self, epoch, logs=None):
        """Called by `fit`."""
        self.model.reset()


def lag_network(name, input_shape, outputs, units=32, lag=60):
    """A network that reads a sequence and answers once, after its end.

    Args:
        name: key of `variants.VARIANTS`.
        input_shape: (T, size).
        outputs: numbers or logits to give.
        units: hidden units or cells.
        lag: steps, for biases that are drawn for them.

    Raises:
        UserError: there is no such variant.
    """
    if name not in VARIANTS:
        raise unknown("network", name, VARIANTS)
    variant = VARIANTS[name]
    if variant.core == "rnn":
        core = layers.SimpleRNN(units, name="core")
    elif variant.core == "blocks_1997":
        core = layers.RNN(cells.BlockCell1997(max(1, units // 2)), name="core")
    else:
        longest = lag if variant.chrono else None
        core = LSTM(
            units, forget_bias=variant.forget_bias, longest=longest, name="core"
        )
    return keras.Sequential(
        [keras.Input(input_shape), core, layers.Dense(outputs, name="answer")],
        name=name.replace(".", "_"),
    )


def _uniform(scale):
    return keras.initializers.RandomUniform(-scale, scale)


def _leading(spec):
    """The size of the first axis of a data set's first tensor, None if not known."""
    shape = tf.nest.flatten(spec)[0].shape
    return shape[0] if shape.rank else None


def _prefixed(name, options):
    return {f"{name}_{key}": value for key, value in options.items()}


def _pairs(parts):
    return list(zip(parts[::2], parts[1::2], strict=True))
