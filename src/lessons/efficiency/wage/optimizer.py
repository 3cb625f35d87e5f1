"""A Keras optimizer whose weights are whole multiples of a step."""

import math

import keras
import tensorflow as tf
from keras import ops

from lessons.efficiency.wage import theory
from lessons.toolkit.errors import UserError, unknown

ROUNDINGS = ("stochastic", "nearest", "none")
# Settings of Keras's optimizers that would take weights off their grid.
_OFF_GRID = (
    *("weight_decay", "clipnorm", "clipvalue", "global_clipnorm"),
    *("use_ema", "loss_scale_factor", "gradient_accumulation_steps"),
)


def check_power_of_two(rate, name="rate"):
    """Raise `UserError` unless a rate can be applied by shifting."""
    if not rate > 0 or not math.log2(rate).is_integer():
        raise UserError(
            f"{name} must be a power of two, as shifts are, got {rate!r}. "
            "Allowed: 0.125, 0.5, 1, 2, 8 and so on."
        )


@keras.saving.register_keras_serializable("lessons")
class IntegerSGD(keras.optimizers.Optimizer):
    r"""Gradient descent on a store of $k_G$ bits (eq. 11 to 13).

    Each variable moves by `theory.weight_step` and is clipped. No momentum, no second
    copy: beside the weights nothing is kept. Draws follow from the seed and from the
    number of the step, so that a saved optimizer goes on as it would have.

    Args:
        learning_rate: $\eta$, in steps of the store: a power of two, or a schedule of
            such.
        bits: $k_G$.
        rounding: "stochastic"; "nearest"; "none" for a store of real numbers that
            moves by the same amount on average.
        limit: of the stored weights; by default $1 - \sigma(k_G)$.
        seed: of the draws.
        name, **kwargs: for Keras; what would take weights off the grid is refused.
    """

    def __init__(
        self,
        learning_rate=1.0,
        bits=8,
        rounding="stochastic",
        limit=None,
        seed=0,
        name="integer_sgd",
        **kwargs,
    ):
        if rounding not in ROUNDINGS:
            raise unknown("rounding", rounding, ROUNDINGS)
        for setting in _OFF_GRID:
            if kwargs.get(setting):
                raise UserError(
                    f"{setting}={kwargs[setting]!r} would take weights off their grid. "
                    f"Allowed: no {setting}."
                )
        if isinstance(learning_rate, (int, float)):
            check_power_of_two(learning_rate, "learning_rate")
        theory.step(bits)
        super().__init__(learning_rate, name=name, **kwargs)
        self.bits, self.rounding, self.limit, self.seed = bits, rounding, limit, seed

    @keras.optimizers.Optimizer.learning_rate.setter
    def learning_rate(self, value):
        """Set the rate, which must be a power of two."""
        if isinstance(value, (int, float)):
            check_power_of_two(value, "learning_rate")
        keras.optimizers.Optimizer.learning_rate.fset(self, value)

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable."""
        gradient = ops.cast(gradient, variable.dtype)
        rate = ops.cast(learning_rate, variable.dtype)
        if self.rounding == "none":
            change = theory.step(self.bits) * rate * theory.normalized(gradient)
        else:
            draws = None
            if self.rounding == "stochastic":
                draws = self._draws(variable)
            change = theory.weight_step(gradient, rate, self.bits, draws)
        weights = theory.keep(ops.subtract(variable, change), self.bits)
        if self.limit is not None:
            weights = ops.clip(weights, -self.limit, self.limit)
        self.assign(variable, weights)

    def _draws(self, variable):
        """Uniform numbers, one for each weight, other ones in each step."""
        place = self._get_variable_index(variable)
        number = tf.cast(tf.convert_to_tensor(self.iterations), tf.int64)
        seed = tf.stack([tf.constant(1000 * self.seed + place, tf.int64), number])
        return tf.random.stateless_uniform(variable.shape, seed, dtype=variable.dtype)

    def get_config(self):
        """The arguments, for saving."""
        names = ("bits", "rounding", "limit", "seed")
        return super().get_config() | {name: getattr(self, name) for name in names}
