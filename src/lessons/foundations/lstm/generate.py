r"""Sampling text: one compiled loop that keeps the state of many texts at once."""

import numpy as np
import tensorflow as tf

from lessons.toolkit.errors import UserError


class Sampler:
    r"""Draws texts from a language model, all characters within one compiled loop.

    A draw is $\arg\max_v (\mathrm{logit}_v/\tau + G_v)$ with independent Gumbel noise
    G: exactly a draw from softmax(logits / $\tau$). Equal seeds give equal texts.

    Args:
        model: a built `CharModel`.
        length: characters to draw.
        stop: number of the character that ends a text (it is repeated until the
            length is reached); None for no end.
        jit_compile: whether to compile with XLA.
    """

    def __init__(self, model, length, stop=None, jit_compile=True):
        if length < 1:
            raise UserError(f"length must be at least 1 character, got {length}.")
        self.model, self.length, self.stop = model, length, stop
        self._run = tf.function(self.loop, jit_compile=jit_compile, autograph=False)

    def __call__(self, prime, temperatures, num_samples=1, seed=0):
        """Draw texts.

        Args:
            prime: characters read before the first draw, ints of shape (P,), P >= 1.
            temperatures: numbers above 0, shape (K,).
            num_samples: texts for each temperature.
            seed: of the draws.

        Returns:
            (ids, entropies): int array of shape (K, num_samples, length), and the
            entropy in nats of what each character was drawn from, same shape.

        Raises:
            UserError: nothing to read first, or a temperature that is not above 0.
        """
        prime = np.asarray(prime, np.int32)
        temperatures = np.asarray(temperatures, np.float32)
        if not len(prime):
            raise UserError("sampling needs at least one priming character, got none.")
        if not (len(temperatures) and np.all(temperatures > 0)):
            raise UserError(f"temperatures must be above 0, got {temperatures}.")
        scales = np.repeat(temperatures, num_samples)
        ids, entropies = self._run(
            tf.constant(np.tile(prime, (len(scales), 1))),
            tf.constant(scales[:, None]),
            tf.constant([seed % 2**31, 0], tf.int32),
        )
        shape = (len(temperatures), num_samples, self.length)
        return ids.numpy().T.reshape(shape), entropies.numpy().T.reshape(shape)

    def loop(self, prime, scales, seed):
        """Read the primes and draw all characters, as one graph.

        Args:
            prime: int32 of shape (texts, P).
            scales: temperatures, float32 of shape (texts, 1).
            seed: int32 of shape (2,).

        Returns:
            (ids, entropies): int32 and float32 of shape (length, texts).
        """
        logits, state = self.model.unroll(prime)
        logits = logits[:, -1]  # (batch, V)
        batch = prime.shape[0]
        ended = tf.zeros([batch], tf.bool)

        def draw(t, logits, state, ended, drawn, entropies):
            scaled = tf.cast(logits, tf.float32) / scales
            uniform = tf.random.stateless_uniform(
                tf.shape(scaled), seed + tf.stack([0, t]), minval=1e-20
            )
            noise = -tf.math.log(-tf.math.log(uniform))
            ids = tf.argmax(scaled + noise, axis=1, output_type=tf.int32)
            if self.stop is not None:
                ids = tf.where(ended, self.stop, ids)
                ended = ended | (ids == self.stop)
            log_p = tf.nn.log_softmax(scaled)
            entropy = -tf.reduce_sum(tf.exp(log_p) * log_p, axis=1)
            logits, state = self.model.step(ids, state)
            drawn, entropies = drawn.write(t, ids), entropies.write(t, entropy)
            return t + 1, logits, state, ended, drawn, entropies

        start = (
            tf.constant(0),
            logits,
            state,
            ended,
            tf.TensorArray(tf.int32, self.length, element_shape=[batch]),
            tf.TensorArray(tf.float32, self.length, element_shape=[batch]),
        )
        *_, drawn, entropies = tf.while_loop(
            lambda t, *_: t < self.length, draw, start, maximum_iterations=self.length
        )
        return drawn.stack(), entropies.stack()
