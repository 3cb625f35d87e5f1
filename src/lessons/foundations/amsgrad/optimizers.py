r"""The adaptive methods as one Keras optimizer, and the step size of the analysis.

The numbers are those of `framework`, written as Keras writes optimizers: slots made in
`build`, one variable moved by `update_step`.
"""

import keras
import numpy as np
from keras import ops

from lessons.foundations.amsgrad import framework
from lessons.toolkit.errors import UserError, unknown


@keras.saving.register_keras_serializable("lessons")
class InverseSquareRoot(keras.optimizers.schedules.LearningRateSchedule):
    r"""$\alpha_t = \alpha / \sqrt t$. Keras counts steps from 0, the paper from 1.

    Args:
        alpha: the first rate, positive.
    """

    def __init__(self, alpha):
        if not alpha > 0:
            raise UserError(f"alpha must be positive, got {alpha!r}.")
        self.alpha = alpha

    def __call__(self, step):
        """The rate of the step with this number, from 0."""
        return self.alpha * ops.rsqrt(ops.cast(step, "float32") + 1.0)

    def get_config(self):
        """The arguments, for saving."""
        return {"alpha": self.alpha}


@keras.saving.register_keras_serializable("lessons")
class Adaptive(keras.optimizers.Optimizer):
    r"""The generic adaptive method of the paper; AMSGrad unless told otherwise.

    $$m_t = \beta_{1t} m_{t-1} + (1-\beta_{1t}) g_t, \quad
      v_t = \beta_{2t} v_{t-1} + (1-\beta_{2t}) g_t^2, \quad
      \hat v_t = \max(\hat v_{t-1}, v_t), \quad
      x_{t+1} = \Pi_F(x_t - \alpha_t m_t / \sqrt{\hat v_t})$$
    Defaults are the paper's: no bias correction, no epsilon. With
    `bias_correction=True, epsilon=1e-7` it equals `keras.optimizers.Adam`, with
    `amsgrad=True` for the method "amsgrad".

    Args:
        learning_rate: $\alpha$, or a schedule such as `InverseSquareRoot`.
        method: key of `variants.VARIANTS`.
        beta_1: memory of the gradients, in [0, 1).
        beta_2: memory of the squares, in [0, 1).
        decay: $\lambda$ of $\beta_{1t} = \beta_1\lambda^{t-1}$, in (0, 1].
        bias_correction: multiply the rate by `framework.correction`.
        epsilon: added to the root in the denominator, at least 0.
        low, high: every weight is kept in [low, high]; None for no bound.
        name: of the optimizer.
        **kwargs: for `keras.optimizers.Optimizer`.
    """

    def __init__(
        self,
        learning_rate=0.001,
        method="amsgrad",
        beta_1=0.9,
        beta_2=0.999,
        decay=1.0,
        bias_correction=False,
        epsilon=0.0,
        low=None,
        high=None,
        name="adaptive",
        **kwargs,
    ):
        kind = framework.find(method)
        _check(beta_1, beta_2, decay, bias_correction, epsilon, low, high)
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.method, self._kind = method, kind
        self.beta_1, self.beta_2, self.decay = beta_1, beta_2, decay
        self.bias_correction, self.epsilon = bias_correction, epsilon
        self.low, self.high = low, high

    def build(self, variables):
        """Create the slots that the method needs, for each variable."""
        if self.built:
            return
        super().build(variables)
        needed = {
            "momentum": self._kind.phi == "average",
            "velocity": self._kind.psi != "identity",
            "velocity_hat": self._kind.psi == "maximum",
        }
        self._slots = {
            name: self.add_optimizer_variables(variables, name)
            for name, wanted in needed.items()
            if wanted
        }

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        """Keras's hook around all variables: the rate is made once, not for each."""
        rate = self.rate(learning_rate)
        super()._backend_update_step(grads, trainable_variables, rate)

    def rate(self, learning_rate):
        """The rate of this step, with the bias correction if it was asked for."""
        if not self.bias_correction:
            return learning_rate
        rate, step = ops.cast(learning_rate, "float32"), self._step()
        if self._kind.psi in ("exponential", "maximum"):
            rate = rate * ops.sqrt(1.0 - self.beta_2**step)
        if self._kind.phi == "average":
            rate = rate / (1.0 - self.beta_1**step)
        return rate

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable: Keras calls this for each of them."""
        gradient = ops.cast(gradient, variable.dtype)
        momentum, root = self.averages(gradient, self._slots_of(variable))
        change = ops.multiply(momentum, ops.cast(learning_rate, variable.dtype))
        if root is not None:
            change = ops.divide(change, root)
        if self.low is None and self.high is None:
            self.assign_sub(variable, change)
        else:
            moved = ops.subtract(variable, change)
            self.assign(variable, _clip(moved, self.low, self.high))

    def averages(self, gradient, slots):
        r"""Update the slots; returns $m_t$ and $\sqrt{\hat v_t}$ (None for SGD)."""
        momentum = gradient
        if "momentum" in slots:
            momentum = slots["momentum"]
            old = self.beta_1
            if self.decay != 1.0:
                old = old * self.decay ** (self._step() - 1.0)
            self._mix(momentum, gradient, 1.0 - old)
        if "velocity" not in slots:
            return momentum, None
        velocity = slots["velocity"]
        new = 1.0 / self._step() if self._kind.psi == "mean" else 1.0 - self.beta_2
        self._mix(velocity, ops.square(gradient), new)
        if "velocity_hat" in slots:
            peak = slots["velocity_hat"]
            self.assign(peak, ops.maximum(peak, velocity))
            velocity = peak
        return momentum, self._denominator(velocity)

    def _step(self):
        """The number of this step as the paper counts, from 1."""
        return ops.cast(self.iterations, "float32") + 1.0

    def _mix(self, average, value, weight):
        """Move an average towards a value, in place."""
        weight = ops.cast(weight, average.dtype)
        self.assign_add(average, ops.multiply(ops.subtract(value, average), weight))

    def _denominator(self, velocity):
        """Never zero: a weight that has had no gradient divides 0 by something."""
        if self.epsilon:
            return ops.add(ops.sqrt(velocity), self.epsilon)
        return ops.sqrt(ops.maximum(velocity, _smallest(velocity.dtype)))

    def slot(self, name):
        """The values of a slot for every variable, NumPy arrays.

        Args:
            name: "momentum", "velocity" (of $v$) or "velocity_hat" (of its maximum).

        Raises:
            UserError: the method keeps no such slot, or is not built yet.
        """
        slots = self._slots if self.built else {}
        if name not in slots:
            raise unknown("slot", name, slots)
        return [keras.ops.convert_to_numpy(value) for value in slots[name]]

    def _slots_of(self, variable):
        index = self._get_variable_index(variable)
        return {name: column[index] for name, column in self._slots.items()}

    def get_config(self):
        """The arguments, for saving."""
        names = ("method", "beta_1", "beta_2", "decay", "bias_correction", "epsilon")
        config = {name: getattr(self, name) for name in (*names, "low", "high")}
        return {**super().get_config(), **config}


def _check(beta_1, beta_2, decay, bias_correction, epsilon, low, high):
    for name, value in (("beta_1", beta_1), ("beta_2", beta_2)):
        if not 0.0 <= value < 1.0:
            raise UserError(f"{name} must be in [0, 1), got {value!r}.")
    if not 0.0 < decay <= 1.0:
        raise UserError(f"decay must be in (0, 1], got {decay!r}.")
    if bias_correction and decay != 1.0:
        raise UserError(
            "bias_correction is defined for a constant beta_1, got "
            f"decay={decay!r}. Allowed: decay=1.0."
        )
    if not epsilon >= 0.0:
        raise UserError(f"epsilon must be at least 0, got {epsilon!r}.")
    if low is not None and high is not None and not low < high:
        raise UserError(f"low must be below high, got low={low!r}, high={high!r}.")


def _clip(value, low, high):
    if low is not None:
        value = ops.maximum(value, low)
    return value if high is None else ops.minimum(value, high)


def _smallest(dtype):
    """The smallest normal number of a dtype (bfloat16 has float32's range)."""
    dtype = keras.backend.standardize_dtype(dtype)
    return float(np.finfo("float32" if dtype == "bfloat16" else dtype).tiny)
