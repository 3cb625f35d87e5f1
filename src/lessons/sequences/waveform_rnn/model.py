r"""The network of the seed: a recurrent layer that reads a window of the waveform."""

import functools

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from lessons.sequences.waveform_rnn import rollout, theory
from lessons.sequences.waveform_rnn.variants import FEEDINGS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown


@keras.saving.register_keras_serializable("lessons")
class WindowCell(layers.Layer):
    r"""One step: $h_t = \tanh(u_t W_x + h_{t-1} W_h + b)$, $p_t = h_t W_o + b_o$.

    Args:
        units: H.
        stride: s, samples predicted at once.

    Call with a window (batch, W) and a state (batch, H); returns (predictions, state),
    shapes (batch, s) and (batch, H).
    """

    def __init__(self, units, stride, **options):
        super().__init__(**options)
        self.units, self.stride = units, stride

    def build(self, window_shape, state_shape=None):
        """Create the weights: $W_x$, $W_h$, $b$, $W_o$, $b_o$."""
        sizes = {
            "kernel": (window_shape[-1], self.units),
            "recurrent_kernel": (self.units, self.units),
            "bias": (self.units,),
            "output_kernel": (self.units, self.stride),
            "output_bias": (self.stride,),
        }
        kinds = {"recurrent_kernel": "orthogonal", "bias": "zeros"}
        kinds["output_bias"] = "zeros"
        for name, shape in sizes.items():
            kind = kinds.get(name, "glorot_uniform")
            weight = self.add_weight(name=name, shape=shape, initializer=kind)
            setattr(self, name, weight)
        super().build(window_shape)

    def call(self, window, state):
        """Read one window."""
        summed = window @ ops.convert_to_tensor(self.kernel)
        summed += state @ ops.convert_to_tensor(self.recurrent_kernel) + self.bias
        state = ops.tanh(summed)  # (batch, H)
        output = state @ ops.convert_to_tensor(self.output_kernel) + self.output_bias
        return output, state  # (batch, s), (batch, H)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "units": self.units, "stride": self.stride}


@keras.saving.register_keras_serializable("lessons")
class WaveformRNN(keras.Model):
    r"""Predicts the samples of a waveform; trained on a mixture of truth and itself.

    Called, it predicts every block of s samples after the first window from true
    samples; in training it reads what `feeding` says, at the current `alpha`, a weight
    that no gradient moves. `generate` goes on alone.

    Args:
        window, stride, units: W, s and H.
        feeding: what is read in training, one of `variants.FEEDINGS`.
        noise: greatest standard deviation of the noise of that feeding.
        through: whether gradients flow through predictions that were fed.
        learned_start: whether the first state is trained, else it is 0.
        seed: of the draws.

    Input: sounds of shape (batch, samples), samples at least W + s. Output: predictions
    of samples W, W + 1, ..., shape (batch, steps times s).

    A training step returns the `loss`, the `norm` of its gradient before any clipping
    (mean over the epoch) and `lost`, how many steps had no finite gradient; those leave
    every weight as it was.
    """

    def __init__(
        self,
        window,
        stride,
        units,
        *,
        feeding="mixture",
        noise=0.0,
        through=True,
        learned_start=False,
        seed=0,
        **options,
    ):
        super().__init__(**options)
        if feeding not in FEEDINGS:
            raise unknown("feeding", feeding, FEEDINGS)
        if min(window, stride, units) < 1 or stride > window:
            raise UserError(
                "a model needs window, stride and units of at least 1 and a stride up "
                f"to the window, got window={window}, stride={stride}, units={units}."
            )
        self.arguments = {
            "window": window,
            "stride": stride,
            "units": units,
            "feeding": feeding,
            "noise": noise,
            "through": through,
            "learned_start": learned_start,
            "seed": seed,
        }
        self.cell = WindowCell(units, stride, name="cell")
        self.draws = keras.random.SeedGenerator(seed)
        self.norm_metric = keras.metrics.Mean(name="norm")
        self.lost_metric = keras.metrics.Sum(name="lost")

    def build(self, input_shape):
        """Create the cell's weights, `alpha` and, if it is learned, the first state."""
        window, units = self.arguments["window"], self.arguments["units"]
        self.cell.build((None, window))
        self.alpha = self.add_weight(
            name="alpha", shape=(), initializer="ones", trainable=False
        )
        if self.arguments["learned_start"]:
            self.start = self.add_weight(name="start", shape=(units,))
        self.built = True

    def call(self, sounds, training=False):
        """Predictions from true samples; in training from what `feeding` gives."""
        sounds = self._checked(sounds)
        window, stride = self.arguments["window"], self.arguments["stride"]
        truth = rollout.blocks(sounds, window, stride)
        kind = self.arguments["feeding"] if training else "truth"
        feed = rollout.feeding(
            kind,
            ops.cast(self.alpha, sounds.dtype),
            self.arguments["noise"],
            self.arguments["through"],
        )
        state = self.first_state(ops.shape(sounds)[0])
        draws = self._drawn(kind, truth)
        start = sounds[:, :window]
        predictions, _, _ = rollout.roll(self.cell, start, state, truth, feed, draws)
        return rollout.joined(predictions)

    def first_state(self, batch):
        """The state before the first window, shape (batch, H)."""
        shape = (batch, self.arguments["units"])
        if self.arguments["learned_start"]:
            start = ops.cast(self.start, self.compute_dtype)
            return ops.broadcast_to(start, shape)
        return ops.zeros(shape, self.compute_dtype)

    def _drawn(self, kind, truth):
        """Fresh random numbers for every sample, all at once before the loop."""
        shape = ops.shape(truth)
        if kind == "noise":
            return keras.random.normal(shape, dtype=truth.dtype, seed=self.draws)
        if kind == "sampled":
            return keras.random.uniform(shape, dtype=truth.dtype, seed=self.draws)
        return None

    def _checked(self, sounds):
        least = self.arguments["window"] + self.arguments["stride"]
        if len(sounds.shape) != 2 or (sounds.shape[1] or 0) < least:
            raise UserError(
                f"sounds have shape {tuple(sounds.shape)}. Allowed: (batch, samples), "
                f"with a fixed number of samples, at least window + stride = {least}."
            )
        return ops.cast(sounds, self.compute_dtype)

    def targets(self, sounds):
        """The true samples at the places of the predictions.

        Args:
            sounds: shape (batch, samples).
        """
        window, stride = self.arguments["window"], self.arguments["stride"]
        steps = theory.num_steps(sounds.shape[1], window, stride)
        return sounds[:, window : window + steps * stride]

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean squared error of the predictions, always against the true samples."""
        errors = theory.squared_error(y_pred, self.targets(x))
        return runtime.batch_loss(errors, sample_weight)

    def train_step(self, data):
        """One update; the norm of its gradient is noted before the optimizer clips."""
        x, _, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        weights = self.trainable_weights
        with tf.GradientTape() as tape:
            predictions = self(x, training=True)
            loss = self.compute_loss(x, None, predictions, sample_weight)
            scaled = self.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, [weight.value for weight in weights])
        scale = self.optimizer.scale_loss(tf.ones_like(loss))
        norm = tf.linalg.global_norm(gradients) / scale
        finite = tf.math.is_finite(norm) & tf.math.is_finite(loss)
        if not isinstance(self.optimizer, keras.optimizers.LossScaleOptimizer):
            # That one meets infinite gradients by itself, and lowers its scale.
            gradients = [tf.where(finite, g, tf.zeros_like(g)) for g in gradients]
        self.optimizer.apply(gradients, weights)
        counted = tf.cast(finite, "float32")
        for metric, value in ((self._loss_tracker, loss), (self.norm_metric, norm)):
            metric.update_state(tf.where(finite, value, 0.0), counted)
        self.lost_metric.update_state(1 - counted)
        return {metric.name: metric.result() for metric in self.metrics}

    @functools.cached_property
    def _generator(self):
        return tf.function(self._generated, autograph=False)

    def _generated(self, window, state, blank):
        feed = rollout.feeding("mixture", tf.zeros([], window.dtype))
        return rollout.roll(self.cell, window, state, blank, feed)

    def generate(self, window, num_samples, state=None):
        """Go on alone from a window, in one compiled loop.

        The loop carries the window and the state, so a sample costs one step of the
        cell however much was generated before.

        Args:
            window: true samples, shape (batch, W).
            num_samples: samples to generate, at least 1; a multiple of the stride is
                computed and the rest dropped.
            state: the cell's state before the window, shape (batch, H); by default that
                before a sound.

        Returns:
            float32 array of shape (batch, num_samples).

        Raises:
            UserError: the window has another length, or there is nothing to generate.
        """
        window = np.asarray(window)
        size, stride = self.arguments["window"], self.arguments["stride"]
        if window.ndim != 2 or window.shape[1] != size or num_samples < 1:
            raise UserError(
                f"generate needs windows of shape (batch, {size}) and num_samples of "
                f"at least 1, got shape {window.shape}, num_samples={num_samples}."
            )
        window = ops.cast(window, self.compute_dtype)
        if state is None:
            state = self.first_state(len(window))
        steps = -(-num_samples // stride)
        blank = tf.zeros([steps, len(window), stride], window.dtype)
        predictions, _, _ = self._generator(window, state, blank)
        found = rollout.joined(predictions)[:, :num_samples]
        return np.asarray(ops.cast(found, "float32"))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
