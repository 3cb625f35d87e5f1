r"""The two optimizers of the source, written as Keras optimizers.

Both end in the same Nesterov update (velocity $u$, rate $e$, momentum $m$):
$$u' = m u - e\, d, \qquad \theta' = \theta + m u' - e\, d$$
where $d$ is the gradient, or the gradient divided by a running scale.
"""

import keras
from keras import ops

from lessons.toolkit.errors import UserError


def nesterov_update(velocity, direction, learning_rate, momentum):
    r"""One Nesterov step: `(new velocity, change of the parameter)`.

    Args:
        velocity: $u$.
        direction: $d$, same shape.
        learning_rate: $e$.
        momentum: $m$.
    """
    step = learning_rate * direction
    velocity = momentum * velocity - step
    return velocity, momentum * velocity - step


def rescale_to_norm(gradients, parameters, threshold):
    r"""Bound the norm of all gradients taken together; direction is kept.

    $$g \leftarrow g\, \frac{t}{\max(t, n)}, \qquad n = \sqrt{\textstyle\sum \|g\|^2}$$
    If $n$ is not finite, $g \leftarrow 0.1\, \theta$ instead: the step shrinks the
    weights.

    Args:
        gradients: list of tensors.
        parameters: the tensors they belong to.
        threshold: $t > 0$.

    Returns:
        List of tensors.
    """
    if not gradients:
        return []
    squares = [ops.sum(ops.square(ops.cast(g, "float32"))) for g in gradients]
    norm = ops.sqrt(sum(squares[1:], squares[0]))
    scale = threshold / ops.maximum(norm, threshold)
    finite = ops.isfinite(norm)
    return [
        ops.where(finite, g * ops.cast(scale, g.dtype), 0.1 * ops.cast(p, g.dtype))
        for g, p in zip(gradients, parameters, strict=True)
    ]


@keras.saving.register_keras_serializable("lessons")
class NesterovSGD(keras.optimizers.Optimizer):
    """Gradient descent with Nesterov momentum, as the source's two-line update.

    Equal to `keras.optimizers.SGD(momentum=..., nesterov=True)`.

    Args:
        learning_rate: rate or schedule.
        momentum: in [0, 1).
        name: of the optimizer.
        **kwargs: for `keras.optimizers.Optimizer`.
    """

    def __init__(self, learning_rate=0.01, momentum=0.9, name="nesterov_sgd", **kwargs):
        if not 0.0 <= momentum < 1.0:
            raise UserError(f"momentum must be in [0, 1), got {momentum!r}.")
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum

    def build(self, variables):
        """Create one velocity per variable."""
        if self.built:
            return
        super().build(variables)
        self._velocities = self.add_optimizer_variables(variables, "velocity")

    def direction(self, gradient, variable):
        """What the update descends along: here the gradient itself."""
        return gradient

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable."""
        dtype = variable.dtype
        direction = self.direction(ops.cast(gradient, dtype), variable)
        velocity = self._velocities[self._get_variable_index(variable)]
        new_velocity, change = nesterov_update(
            velocity, direction, ops.cast(learning_rate, dtype), self.momentum
        )
        self.assign(velocity, new_velocity)
        self.assign_add(variable, change)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "momentum": self.momentum}


@keras.saving.register_keras_serializable("lessons")
class RescalingRMSprop(NesterovSGD):
    r"""RMSprop on norm-rescaled gradients, with Nesterov momentum.

    After rescaling to a norm of at most `threshold` (`rescale_to_norm`):
    $$r \leftarrow \rho r + (1-\rho) g^2, \quad a \leftarrow \rho a + (1-\rho) g, \quad
      d = g / \max(\sqrt{r - a^2},\, 10^{-4})$$
    The scale is centred, as in Graves (arXiv:1308.0850, eq. 38-45).

    Args:
        learning_rate: rate or schedule.
        momentum: in [0, 1).
        decay: $\rho$.
        threshold: largest norm of all gradients together.
        floor: least scale to divide by.
        divide: False gives what the source's stored code does: it computes the
            scale and never uses it.
        name: of the optimizer.
        **kwargs: for `keras.optimizers.Optimizer`.
    """

    def __init__(
        self,
        learning_rate=0.001,
        momentum=0.9,
        decay=0.9,
        threshold=5.0,
        floor=1e-4,
        divide=True,
        name="rescaling_rmsprop",
        **kwargs,
    ):
        super().__init__(learning_rate, momentum, name=name, **kwargs)
        if not 0.0 <= decay < 1.0:
            raise UserError(f"decay must be in [0, 1), got {decay!r}.")
        for label, value in (("threshold", threshold), ("floor", floor)):
            if not value > 0.0:
                raise UserError(f"{label} must be positive, got {value!r}.")
        self.decay, self.threshold = decay, threshold
        self.floor, self.divide = floor, divide

    def build(self, variables):
        """Create velocity, mean square and mean gradient per variable."""
        if self.built:
            return
        super().build(variables)
        if self.divide:
            self._squares, self._means = self.add_optimizer_variables(
                variables, ["mean_square", "mean_gradient"]
            )

    def apply(self, grads, trainable_variables=None):
        """Rescale all gradients together, then update.

        With several replicas each rescales its own share before they are summed.
        """
        variables = trainable_variables
        if variables is None:
            variables = self._trainable_variables
        known = [i for i, gradient in enumerate(grads) if gradient is not None]
        rescaled = rescale_to_norm(
            [grads[i] for i in known], [variables[i] for i in known], self.threshold
        )
        grads = list(grads)
        for i, gradient in zip(known, rescaled, strict=True):
            grads[i] = gradient
        super().apply(grads, trainable_variables)

    def direction(self, gradient, variable):
        """The gradient over its running, centred root mean square."""
        if not self.divide:
            return gradient
        index = self._get_variable_index(variable)
        square, mean = self._squares[index], self._means[index]
        new = 1.0 - self.decay
        self.assign(square, self.decay * square + new * ops.square(gradient))
        self.assign(mean, self.decay * mean + new * gradient)
        variance = ops.maximum(square - ops.square(mean), 0.0)
        return gradient / ops.maximum(ops.sqrt(variance), self.floor)

    def get_config(self):
        """The arguments, for saving."""
        config = {
            "decay": self.decay,
            "threshold": self.threshold,
            "floor": self.floor,
            "divide": self.divide,
        }
        return {**super().get_config(), **config}
