r"""An ordinary RNN with a density at each step, and all that the VRNN shares with it.

What feeds back stays in the loop over time, everything else is one product over all
steps: the features of x before the loop, prior, decoder and output after it.
"""

import functools
import typing

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from lessons.sequences.vrnn import theory
from lessons.sequences.vrnn.heads import HEADS
from lessons.sequences.vrnn.networks import DenseFeatures
from lessons.toolkit import mixtures, runtime
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.recurrent import scan

REDUCTIONS = ("sequence", "step")


def time_first(mask):
    """A mask (batch, time) as (time, batch); None stays."""
    return None if mask is None else ops.transpose(mask)


class Pass(typing.NamedTuple):
    """What a pass over sequences gives, time first; None where there is no z.

    Attributes:
        output: `heads.Parameters` of each step, shapes (time, batch, ...).
        posterior, prior: `Normal`s, shapes (time, batch, latent).
        z: the sample, shape (time, batch, latent).
        before: $h_{t-1}$ of each step, shape (time, batch, units).
        state: the last (h, c).
    """

    output: typing.Any
    posterior: typing.Any
    prior: typing.Any
    z: typing.Any
    before: typing.Any
    state: typing.Any


class RecurrentDensity(keras.Model):
    r"""What the RNN and the VRNN share: loss, masks, generation.

    Input: sequences (batch, time, size), where `masked` with one more channel, the
    last, which is 1 where a step counts and 0 where it is padding. What stands in
    padding is not read; padding does not move the state, on whichever side it lies.
    Output: {"log_prob", "divergence"}, each (batch, time), in nats, 0 in padding.

    Args:
        head: name in `heads.HEADS`.
        dim: numbers of a frame, or size of the alphabet.
        units: of the LSTM.
        x_hidden, decoder_hidden: units of dense layers.
        components, floor: for the head.
        norm: batch normalisation of x's features and of the decoder.
        masked: whether the last channel is a mask.
        reduction: "sequence" for a loss in nats per sequence, "step" per step that
            counts.
        recurrent: initializer of the recurrent weights.
        seed: of the noise.
    """

    def __init__(
        self,
        *,
        head,
        dim,
        units,
        x_hidden,
        decoder_hidden,
        components=1,
        floor=1e-4,
        norm=False,
        masked=False,
        reduction="sequence",
        recurrent="orthogonal",
        seed=0,
        **options,
    ):
        super().__init__(**options)
        if head not in HEADS:
            raise unknown("head", head, HEADS)
        if reduction not in REDUCTIONS:
            raise unknown("reduction", reduction, REDUCTIONS)
        self.arguments = {
            "head": head, "dim": dim, "units": units, "x_hidden": tuple(x_hidden),
            "decoder_hidden": tuple(decoder_hidden), "components": components,
            "floor": floor, "norm": norm, "masked": masked, "reduction": reduction,
            "recurrent": recurrent, "seed": seed,
        }  # fmt: skip
        self.units, self.masked = units, masked
        self.phi_x = DenseFeatures(x_hidden, norm, name="phi_x")
        self.decoder = DenseFeatures(decoder_hidden, norm, name="decoder")
        self.head = HEADS[head](dim, components, floor, name="head")
        self.cell = layers.LSTMCell(units, recurrent_initializer=recurrent, name="cell")
        self.draws = keras.random.SeedGenerator(seed)

    @property
    def size(self):
        """Channels of a step, without the mask."""
        return 1 if self.arguments["head"] == "symbol" else self.arguments["dim"]

    def build(self, input_shape):
        """Create the weights of every part, whatever the batch and the time are."""
        if len(input_shape) != 3 or input_shape[2] != self.size + self.masked:
            raise UserError(
                f"sequences have shape {tuple(input_shape)}. Allowed: (batch, time, "
                f"{self.size + self.masked}), the mask included."
            )
        self.phi_x.build((None, self.arguments["dim"]))
        self.build_parts()
        self.head.build((None, self.arguments["decoder_hidden"][-1]))
        self.built = True

    def build_parts(self):
        """Create the cell and the decoder: $h_t = f(\\phi_x(x_t), h_{t-1})$."""
        self.cell.build((None, self.arguments["x_hidden"][-1]))
        self.decoder.build((None, self.units))

    def first_state(self, batch):
        """$(h_0, c_0) = 0$, each of shape (batch, units)."""
        return [ops.zeros((batch, self.units), self.compute_dtype) for _ in range(2)]

    def split(self, x):
        """Sequences without what stands in padding, and the mask or None."""
        x = ops.convert_to_tensor(x)
        if len(x.shape) != 3 or x.shape[2] != self.size + self.masked:
            raise UserError(
                f"sequences have shape {tuple(x.shape)}. Allowed: (batch, time, "
                f"{self.size + self.masked}), the mask included."
            )
        if not self.masked:
            return ops.cast(x, "float32"), None
        mask = x[..., -1] > 0.5
        return theory.selected(ops.cast(x[..., :-1], "float32"), mask), mask

    def passed(self, x, mask=None, state=None, noise=None, training=False):
        """A pass over sequences without padding's contents; a `Pass`.

        Args:
            x: shape (batch, time, size).
            mask: shape (batch, time), or None.
            state: the first (h, c), by default zeros.
            noise: standard normal draws, shape (time, batch, latent); by default new.
            training: for the normalisation.
        """
        features = self.features(x, mask, training)
        state = self.first_state(ops.shape(x)[0]) if state is None else state
        steps = features if mask is None else (features, ops.transpose(mask))

        def step(inputs, state):
            feature, on = inputs if mask is not None else (inputs, None)
            return state[0], self.moved(feature, state, on)

        before, state = scan(step, steps, state)
        decoded = self.decoder(before, training=training, mask=time_first(mask))
        return Pass(self.head(decoded), None, None, None, before, state)

    def features(self, x, mask, training):
        r"""$\phi_x(x_t)$ of all steps at once, time first."""
        inputs = ops.transpose(self.head.inputs(x), (1, 0, 2))
        inputs = ops.cast(inputs, self.compute_dtype)
        return self.phi_x(inputs, training=training, mask=time_first(mask))

    def moved(self, inputs, state, on=None):
        """The state after a step; that before it where `on` is False."""
        _, new = self.cell(inputs, list(state))
        if on is None:
            return new
        return [tf.where(on[:, None], b, a) for a, b in zip(state, new, strict=True)]

    def terms(self, passed, x):
        """Log density and KL of each step, shapes (batch, time)."""
        truth = ops.transpose(x, (1, 0, 2))
        log_prob = ops.transpose(self.head.log_prob(passed.output, truth))
        if passed.prior is None:
            return log_prob, ops.zeros_like(log_prob)
        divergence = mixtures.gaussian_kl(*passed.posterior, *passed.prior)
        return log_prob, ops.transpose(divergence)

    def call(self, x, training=False):
        """Log density and divergence of each step, one sample of z."""
        x, mask = self.split(x)
        found = self.terms(self.passed(x, mask, training=training), x)
        log_prob, divergence = (theory.selected(part, mask) for part in found)
        return {"log_prob": log_prob, "divergence": divergence}

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The negative bound in nats, per sequence or per step that counts."""
        loss = -theory.sequence_bound(y_pred["log_prob"], y_pred["divergence"])
        if self.arguments["reduction"] == "step":
            x = ops.convert_to_tensor(x)
            counts = ops.cast(ops.shape(x)[1], "float32")
            if self.masked:
                counts = ops.sum(ops.cast(x[..., -1] > 0.5, "float32"), axis=1)
            loss = loss / ops.maximum(counts, 1.0)
        return runtime.batch_loss(loss, sample_weight)

    def emitted(self, state, drawn):
        """One step of generation before the state moves: (step, inputs of the cell)."""
        _, uniform, normal = drawn
        x = self.head.draw(self.head(self.decoder(state[0])), uniform, normal)
        return x, self.phi_x(ops.cast(self.head.inputs(x), self.compute_dtype))

    @functools.cached_property
    def _generator(self):
        return tf.function(self._generated, autograph=False, reduce_retracing=True)

    def _generated(self, state, draws):
        def step(drawn, state):
            x, inputs = self.emitted(state, drawn)
            return x, self.moved(inputs, state)

        return scan(step, draws, state)[0]

    def generate(self, num_sequences, num_steps, *, seed=0, start=None):
        """Draw sequences step by step, in one compiled loop over time.

        Args:
            num_sequences: how many.
            num_steps: of each.
            seed: of the draws.
            start: sequences that these go on from, in the model's input format, shape
                (num_sequences, time, channels); by default from nothing.

        Returns:
            float32 array (num_sequences, num_steps, size), without `start`.

        Raises:
            UserError: nothing to generate, or another number of starts.
        """
        if min(num_sequences, num_steps) < 1:
            raise UserError(
                "generate needs at least one sequence and one step, got "
                f"num_sequences={num_sequences}, num_steps={num_steps}."
            )
        if not self.built:
            self.build((None, None, self.size + self.masked))
        state = self.first_state(num_sequences)
        if start is not None:
            if len(start) != num_sequences:
                raise UserError(
                    f"start holds {len(start)} sequences, num_sequences is "
                    f"{num_sequences}. Allowed: as many."
                )
            state = self._state_after(start, seed)
        rng = np.random.default_rng(seed)
        size = (num_steps, num_sequences)
        draws = (
            rng.normal(size=(*size, self.arguments.get("latent", 1))),
            rng.random((*size, 2)),
            rng.normal(size=(*size, self.arguments["dim"])),
        )
        draws = [tf.constant(part, "float32") for part in draws]
        found = self._generator(list(state), draws)
        return np.asarray(ops.transpose(found, (1, 0, 2)), np.float32)

    def _state_after(self, start, seed):
        """The state after sequences, z drawn from the encoder with a seed."""
        x, mask = self.split(tf.constant(start, "float32"))
        size = (x.shape[1], x.shape[0], self.arguments.get("latent", 1))
        noise = np.random.default_rng((seed, 1)).normal(size=size)
        passed = tf.function(
            lambda x, noise: self.passed(x, mask, noise=noise).state, autograph=False
        )
        return passed(x, tf.constant(noise, "float32"))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


@keras.saving.register_keras_serializable("lessons")
class OutputRNN(RecurrentDensity):
    """RNN-Gauss, RNN-GMM and so on: a density at each step, no latent variable."""
