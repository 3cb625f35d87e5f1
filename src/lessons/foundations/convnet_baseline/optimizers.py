r"""The two optimizers of the course projects, written by hand as Keras optimizers.

Each keeps its slots and calls a function of `theory`; clipping, schedules, constraints
and saving are Keras's own.
"""

import keras
from keras import ops

from lessons.foundations.convnet_baseline import theory
from lessons.toolkit.errors import UserError


def _check_memory(name, value):
    if not 0 <= value < 1:
        raise UserError(f"{name} must be in [0, 1), got {value!r}.")


@keras.saving.register_keras_serializable("lessons")
class NesterovMomentum(keras.optimizers.Optimizer):
    r"""`theory.nesterov_step` for every variable.

    Equal to `keras.optimizers.SGD(momentum=mu, nesterov=True)`.

    Args:
        learning_rate: $\eta$, a number or a schedule.
        mu: $\mu$ in [0, 1); 0 is plain gradient descent.
        name: of the optimizer.
        **kwargs: for `keras.optimizers.Optimizer`.
    """

    def __init__(self, learning_rate=0.01, mu=0.95, name="nesterov", **kwargs):
        _check_memory("mu", mu)
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.mu = mu

    def build(self, variables):
        """Create a momentum for each variable."""
        if self.built:
            return
        super().build(variables)
        self._momenta = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable: Keras calls this for each of them."""
        momentum = self._momenta[self._get_variable_index(variable)]
        weights, changed = theory.nesterov_step(
            ops.convert_to_tensor(variable),
            ops.convert_to_tensor(momentum),
            ops.cast(gradient, variable.dtype),
            ops.cast(learning_rate, variable.dtype),
            self.mu,
        )
        self.assign(momentum, changed)
        self.assign(variable, weights)

    def get_config(self):
        """The arguments, for saving."""
        return super().get_config() | {"mu": self.mu}


@keras.saving.register_keras_serializable("lessons")
class AdaptiveMoments(keras.optimizers.Optimizer):
    r"""`theory.adam_step` for every variable: Adam.

    Equal to `keras.optimizers.Adam`.

    Args:
        learning_rate: $\alpha$, a number or a schedule.
        beta_1: memory of the gradients, in [0, 1).
        beta_2: memory of their squares, in [0, 1).
        epsilon: added to the root, above 0.
        name: of the optimizer.
        **kwargs: for `keras.optimizers.Optimizer`.
    """

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=theory.ADAM_EPSILON,
        name="adaptive_moments",
        **kwargs,
    ):
        _check_memory("beta_1", beta_1)
        _check_memory("beta_2", beta_2)
        if not epsilon > 0:
            raise UserError(f"epsilon must be above 0, got {epsilon!r}.")
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def build(self, variables):
        """Create both averages for each variable."""
        if self.built:
            return
        super().build(variables)
        self._first = self.add_optimizer_variables(variables, "first")
        self._second = self.add_optimizer_variables(variables, "second")

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable: Keras calls this for each of them."""
        place = self._get_variable_index(variable)
        slots = self._first[place], self._second[place]
        dtype = variable.dtype
        weights, first, second = theory.adam_step(
            ops.convert_to_tensor(variable),
            *map(ops.convert_to_tensor, slots),
            ops.cast(gradient, dtype),
            ops.cast(self.iterations, dtype) + 1,
            ops.cast(learning_rate, dtype),
            ops.cast(self.beta_1, dtype),
            ops.cast(self.beta_2, dtype),
            self.epsilon,
            sqrt=ops.sqrt,
        )
        self.assign(slots[0], first)
        self.assign(slots[1], second)
        self.assign(variable, weights)

    def get_config(self):
        """The arguments, for saving."""
        names = ("beta_1", "beta_2", "epsilon")
        return super().get_config() | {name: getattr(self, name) for name in names}
