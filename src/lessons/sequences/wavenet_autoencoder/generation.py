r"""Sampling with ring buffers, in one compiled loop; and the slow way.

The slow way runs the whole decoder for every sample. The fast way keeps, for each
convolution, the inputs that are still needed: $(k-1) d$ of them, in a ring. A sample
then costs one product per layer, whatever the receptive field is.
"""

import numpy as np
import tensorflow as tf
from keras import ops

from lessons.sequences.wavenet_autoencoder import theory
from lessons.sequences.wavenet_autoencoder.layers import gated
from lessons.toolkit.errors import UserError

_SIDE = 16  # 256 classes are a square of 16 rows


class FastGenerator:
    """Generates notes of a `WaveNetAutoencoder`; compiled once for each shape.

    Args:
        model: a built `WaveNetAutoencoder`.

    Each call starts from silence: nothing is kept from the call before.
    """

    def __init__(self, model):
        self.model, self.decoder = model, model.decoder
        self._run = tf.function(self._generate, jit_compile=True, autograph=False)

    def __call__(self, condition, num_samples=None, *, temperature=1.0, seed=0):
        """Samples under a condition.

        Args:
            condition: shape (batch, frames, channels), of `model.condition`; for a
                model without one, the number of notes.
            num_samples: only without a condition; else frames times hop.
            temperature: 1 samples from the model, 0 takes the likeliest class.
            seed: of the draws; note i has its own, however many others there are.

        Returns:
            (classes, logits): int32 (batch, time) and float32 (batch, time, 256).

        Raises:
            UserError: there is nothing to generate, or the temperature is negative.
        """
        if np.ndim(condition):
            batch = len(condition)
            num_samples = condition.shape[1] * self.model.hop
            biases = self.decoder.biases(ops.convert_to_tensor(condition))
        else:
            batch, biases = int(condition), []
        if batch < 1 or not num_samples or temperature < 0:
            raise UserError(
                "generation needs at least one note and one sample and a temperature "
                f"from 0, got {batch}, {num_samples} and {temperature}."
            )
        draws = [
            np.random.default_rng((seed, i)).random(num_samples) for i in range(batch)
        ]
        uniform = tf.constant(np.stack(draws, axis=1), tf.float32)
        biases = [tf.cast(tf.transpose(b, (1, 0, 2)), tf.float32) for b in biases]
        classes, logits = self._run(uniform, biases, tf.constant(float(temperature)))
        return classes.numpy().T, tf.transpose(logits, (1, 0, 2)).numpy()

    def _generate(self, uniform, biases, temperature):
        length, batch = uniform.shape
        rings = [c.first_ring(batch) for c in (self.decoder.start, *self.decoder.convs)]

        def body(t, x, rings, classes, logits):
            frame = t // self.model.hop
            now = [ops.slice(b, (frame, 0, 0), (1, *b.shape[1:]))[0] for b in biases]
            row, rings = step(self.decoder, x, list(rings), t, now)
            chosen = choose(row, uniform[t], temperature)
            x = (tf.cast(chosen, tf.float32)[:, None] - theory.HALF) / theory.HALF
            return t + 1, x, rings, classes.write(t, chosen), logits.write(t, row)

        whole = tf.TensorArray(tf.int32, length, element_shape=(batch,))
        rows = tf.TensorArray(
            tf.float32, length, element_shape=(batch, theory.NUM_CLASSES)
        )
        start = (tf.constant(0), tf.zeros((batch, 1)), rings, whole, rows)
        *_, whole, rows = tf.while_loop(
            lambda t, *_: t < length, body, start, maximum_iterations=length
        )
        return whole.stack(), rows.stack()


def generator(model):
    """The `FastGenerator` of a model, made once: it keeps what was compiled.

    Args:
        model: a built `WaveNetAutoencoder`.
    """
    if getattr(model, "kept_generator", None) is None:
        model.kept_generator = FastGenerator(model)
    return model.kept_generator


def step(decoder, x, rings, t, biases):
    """One sample through the decoder.

    Args:
        decoder: a `WaveNetDecoder`.
        x: the sample before, shape (batch, 1).
        rings: of the start and of each layer.
        t: int32 scalar.
        biases: of this frame, each of shape (batch, channels), or an empty list.

    Returns:
        (logits, rings): shape (batch, 256), and the new rings.
    """
    h, first = decoder.start.step(x, rings[0], t)
    s, kept = decoder.skip_start(h), [first]
    for i, (conv, mix) in enumerate(zip(decoder.convs, decoder.mixes, strict=True)):
        a, ring = conv.step(h, rings[i + 1], t)
        kept.append(ring)
        h, s = decoder.joined(h, s, mix(gated(a + biases[i] if biases else a)))
    s = decoder.hidden(ops.relu(s))
    return decoder.logits(ops.relu(s + biases[-1] if biases else s)), kept


def choose(logits, uniform, temperature):
    """Classes by inverting the distribution function, or the likeliest at 0.

    Args:
        logits: shape (batch, 256).
        uniform: draws from [0, 1), shape (batch,).
        temperature: scalar.
    """
    scaled = logits / tf.maximum(temperature, 1e-6)
    p = tf.reshape(tf.nn.softmax(scaled), (-1, _SIDE, _SIDE))
    # Sums within rows by one small product, then those of the rows before.
    upto = tf.constant(np.triu(np.ones((_SIDE, _SIDE))), tf.float32)
    within = tf.matmul(p, upto)
    before = tf.matmul(within[..., -1], upto) - within[..., -1]
    below = tf.cast(within + before[..., None] < uniform[:, None, None], tf.int32)
    drawn = tf.minimum(tf.reduce_sum(below, axis=(1, 2)), theory.NUM_CLASSES - 1)
    likeliest = tf.argmax(logits, axis=-1, output_type=tf.int32)
    return tf.where(temperature > 0, drawn, likeliest)


def slow(model, condition, num_samples, uniform):
    """The same samples by the whole decoder, once for every sample.

    Args:
        model: a `WaveNetAutoencoder`.
        condition: shape (batch, frames, channels), or None.
        num_samples: how many; frames times hop.
        uniform: draws, shape (num_samples, batch).

    Returns:
        (classes, logits) as `FastGenerator` gives them.
    """
    decode = tf.function(model.decoder, autograph=False)
    inputs = np.zeros((uniform.shape[1], num_samples, 1), "float32")
    classes = np.zeros((uniform.shape[1], num_samples), np.int32)
    for t in range(num_samples):
        logits = decode(tf.constant(inputs), condition)
        drawn = choose(
            logits[:, t], tf.constant(uniform[t], tf.float32), tf.constant(1.0)
        )
        classes[:, t] = drawn
        inputs[:, t, 0] = (classes[:, t] - theory.HALF) / theory.HALF
    return classes, np.asarray(decode(tf.constant(inputs), condition))
