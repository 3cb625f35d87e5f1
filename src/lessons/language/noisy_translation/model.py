"""An encoder-decoder with attention as a Keras model: numbers in, logits out."""

from typing import NamedTuple

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.language.noisy_translation import coding, theory
from lessons.language.noisy_translation.recurrent import Recurrent
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.recurrent import scan


class Memory(NamedTuple):
    """What the decoder looks at; `keys` and `values` of shape (batch, places, size).

    Attributes:
        keys, values: as for `theory.attention`.
        mask: shape (batch, places).
    """

    keys: object
    values: object
    mask: object


@keras.saving.register_keras_serializable("lessons")
class Translator(keras.Model):
    """Translates: a reader, an encoder, a decoder that looks back by attention.

    Called with (source, words before): what the reader reads, and what was written
    before each step, whole numbers of shape (batch, time); gives logits of shape
    (batch, time, targets). `fit` takes as targets whole numbers of shape (batch, time),
    0 where the sentence is over.

    Args:
        reader: a layer of `layers`.
        num_targets: how many numbers of targets there are, padding among them.
        kind: of the recurrent layers, "gru" or "lstm".
        encoder_units: of each direction.
        directions: of the encoder, 1 or 2.
        units: of the decoder.
        num_layers: of encoder and decoder.
        target_dim: of the targets' vectors.
        feeding: whether the decoder is shown its own output of the step before.
        show_words: whether the decoder sees the reader's vectors beside the encoder's.
        dropout: of vectors and outputs; one mask for all steps of a sentence.
        seed: of dropout.

    Where encoder and decoder have states of one size the decoder starts with those of
    the encoder, else with `tanh` of a linear map of them.
    """

    def __init__(
        self,
        reader,
        num_targets,
        *,
        kind="gru",
        encoder_units=48,
        directions=2,
        units=96,
        num_layers=1,
        target_dim=32,
        feeding=False,
        show_words=True,
        dropout=0.0,
        seed=0,
        **options,
    ):
        super().__init__(**options)
        self.arguments = {
            "num_targets": num_targets,
            "kind": kind,
            "encoder_units": encoder_units,
            "directions": directions,
            "units": units,
            "num_layers": num_layers,
            "target_dim": target_dim,
            "feeding": feeding,
            "show_words": show_words,
            "dropout": dropout,
            "seed": seed,
        }
        self.reader, self.units, self.feeding = reader, units, feeding
        self.show_words = show_words
        numbers = range(num_layers)
        self.encoders = [
            Recurrent(kind, encoder_units, directions, name=f"encoder_{i}")
            for i in numbers
        ]
        self.cells = [Recurrent(kind, units, name=f"decoder_{i}") for i in numbers]
        self.bridges = []
        if encoder_units * directions != units or directions != 1:
            count = num_layers * (1 if kind == "gru" else 2)
            self.bridges = [
                layers.Dense(units, "tanh", name=f"bridge_{i}") for i in range(count)
            ]
        self.embed = layers.Embedding(num_targets, target_dim, name="targets")
        self.to_keys = layers.Dense(units, use_bias=False, name="attention")
        self.mix = layers.Dense(units, "tanh", use_bias=False, name="mix")
        self.to_logits = layers.Dense(num_targets, name="logits")
        self.drop = layers.Dropout(dropout, noise_shape=(None, 1, None), seed=seed)
        self._loops = {}

    def build(self, input_shape=None):
        """Create all weights."""
        if self.built:
            return
        get, size = self.arguments.__getitem__, self.reader.size
        if not self.reader.built:  # a reader read from a file is built already
            self.reader.build((None, None, None))
        wide = get("encoder_units") * get("directions")
        for number, layer in enumerate(self.encoders):
            layer.build((None, None, wide if number else size))
        for layer in self.bridges:
            layer.build((None, wide))
        self.embed.build((None, None))
        fed = self.units if self.feeding else 0
        for number, cell in enumerate(self.cells):
            cell.build((None, None, self.units if number else get("target_dim") + fed))
        seen = wide + (size if self.show_words else 0)
        self.to_keys.build((None, seen))
        self.mix.build((None, seen + self.units))
        self.to_logits.build((None, self.units))
        self.built = True

    def read(self, source, training=False):
        """What the decoder will look at, and the states it starts with.

        Args:
            source: as the reader takes it.
            training: whether there is dropout.

        Returns:
            (`Memory`, states), one state for each layer of the decoder.
        """
        vectors, mask = self.reader(source), self.reader.mask(source)
        hidden = words = self.drop(vectors, training=training)
        states = []
        for number, layer in enumerate(self.encoders):
            if number:
                hidden = self.drop(hidden, training=training)
            hidden, state = layer(hidden, mask)
            states.append(state)
        values = ops.concatenate([hidden, words], -1) if self.show_words else hidden
        if self.bridges:
            bridges = iter(self.bridges)
            states = [tuple(next(bridges)(part) for part in s) for s in states]
        states = [tuple(part[None] for part in state) for state in states]
        return Memory(self.to_keys(values), values, mask), states

    def advance(self, vectors, states):
        """One step of the decoder's layers.

        Args:
            vectors: shown to the first layer, (batch, size).
            states: one for each layer.

        Returns:
            (hidden, states): the last layer's output, (batch, units).
        """
        after = []
        for cell, state in zip(self.cells, states, strict=True):
            state = cell.step(cell.projected(vectors[None]), state)
            vectors = state[0][0]
            after.append(state)
        return vectors, after

    def look(self, hidden, memory):
        """Outputs after a look at the memory, and where it looked.

        Args:
            hidden: of the decoder, (batch, units) or (batch, time, units).
            memory: a `Memory`.
        """
        contexts, weights = theory.attention(hidden, *memory)
        return self.mix(ops.concatenate([contexts, hidden], -1)), weights

    def call(self, inputs, training=False):
        """Logits of every step, given what was written before it."""
        outputs, _ = self.outputs(inputs, training)
        return self.to_logits(self.drop(outputs, training=training))

    def outputs(self, inputs, training=False):
        """(outputs before the logits, attention weights (batch, time, places) or None).

        With `feeding` the weights are not kept.
        """
        source, before = inputs
        memory, states = self.read(source, training)
        shown = self.drop(self.embed(before), training=training)
        shown = ops.swapaxes(shown, 0, 1)  # (time, batch, size)
        if self.feeding:

            def step(vectors, state):
                output, states = state
                hidden, states = self.advance(
                    ops.concatenate([vectors, output], -1), states
                )
                output, _ = self.look(hidden, memory)
                return output, (output, states)

            first = ops.zeros((ops.shape(before)[0], self.units), self.compute_dtype)
            outputs, _ = scan(step, shown, (first, states))
            return ops.swapaxes(outputs, 0, 1), None
        hidden, _ = scan(self.advance, shown, states)
        return self.look(ops.swapaxes(hidden, 0, 1), memory)

    def translate(self, source, steps):
        """The most probable word at each step, one after the other.

        Args:
            source: as the reader takes it.
            steps: how many words at most.

        Returns:
            int32 of shape (batch, steps); whatever follows an `END` means nothing.
        """
        if steps not in self._loops:
            self._loops[steps] = tf.function(
                lambda source: self._translate(source, steps), autograph=False
            )
        return self._loops[steps](ops.convert_to_tensor(source))

    def _translate(self, source, steps):
        memory, states = self.read(source)
        batch = ops.shape(source)[0]

        def step(_, state):
            word, output, states = state
            vectors = self.embed(word)
            if self.feeding:
                vectors = ops.concatenate([vectors, output], -1)
            hidden, states = self.advance(vectors, states)
            output, _ = self.look(hidden, memory)
            word = ops.cast(ops.argmax(self.to_logits(output), -1), "int32")
            return word, (word, output, states)

        first = ops.full((batch,), coding.END, "int32")
        output = ops.zeros((batch, self.units), self.compute_dtype)
        words, _ = scan(step, tf.zeros((steps, 1)), (first, output, states))
        return ops.swapaxes(words, 0, 1)

    def export(self, filepath, **options):
        """Write an artefact that takes (source, words before) as int32."""
        source = keras.InputSpec(shape=(None,) * self.reader.axes, dtype="int32")
        before = keras.InputSpec(shape=(None, None), dtype="int32")
        super().export(filepath, **{"input_signature": [(source, before)]} | options)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean over sentences of `theory.sentence_loss`, in nats."""
        if y is None:
            raise UserError("a translator needs the numbers of the targets, got none.")
        return runtime.batch_loss(theory.sentence_loss(y_pred, y), sample_weight)

    def get_config(self):
        """The arguments of the constructor; the reader as a Keras object."""
        reader = keras.saving.serialize_keras_object(self.reader)
        return super().get_config() | {"reader": reader} | self.arguments

    @classmethod
    def from_config(cls, config):
        """The model of a configuration that `get_config` made."""
        reader = keras.saving.deserialize_keras_object(config.pop("reader"))
        return cls(reader, **config)
