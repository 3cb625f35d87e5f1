"""ISTA as a wrapper of Keras optimizers: some variables are shrunk after each step."""

import keras
import tensorflow as tf
from keras import ops

from lessons.efficiency.channel_pruning import networks, theory
from lessons.toolkit.errors import UserError

# Settings of the wrapped optimizer that would not reach the gates, or reach them twice.
_REFUSED = ("use_ema", "loss_scale_factor", "gradient_accumulation_steps")


@keras.saving.register_keras_serializable("lessons")
class ISTA(keras.optimizers.Optimizer):
    r"""The iterative shrinkage-thresholding algorithm for the gates of a model.

    A gate takes a plain gradient step at the rate of the wrapped optimizer and is then
    shrunk, $\gamma \leftarrow \mathrm{prox}_{\mu\rho\lambda}(\gamma - \mu g)$ (section
    4.2); momentum, adaptive rates, weight decay and clipping of the wrapped optimizer
    act on all other variables only. The loss must not hold the penalty.

    Args:
        inner_optimizer: a Keras optimizer; its rate $\mu$ may be a schedule.
        penalties: $\lambda$ by the path of a variable, such as "norm_1/gamma"; see
            `gate_penalties`.
        rho: $\rho \ge 0$, a number or a Keras schedule of the number of steps.
        name: for Keras.

    Raises:
        UserError: no gate, a number that is negative, or an inner optimizer with
            averages, a scaled loss or accumulated gradients.
    """

    def __init__(self, inner_optimizer, penalties, rho, name="ista"):
        for setting in _REFUSED:
            if given := getattr(inner_optimizer, setting, None):
                raise UserError(
                    f"{setting}={given!r} of the inner optimizer would not reach the "
                    f"gates. Allowed: no {setting}."
                )
        numbers = list(penalties.values())
        if not isinstance(rho, keras.optimizers.schedules.LearningRateSchedule):
            numbers.append(rho)
        if len(penalties) == 0 or not all(number >= 0 for number in numbers):
            raise UserError(
                "penalties must name at least one gate, and neither they nor rho may "
                f"be negative, got penalties={dict(penalties)} and rho={rho!r}."
            )
        super().__init__(learning_rate=0.0, name=name)
        self.inner_optimizer, self.rho = inner_optimizer, rho
        self.penalties = {path: float(number) for path, number in penalties.items()}

    def build(self, variables):
        """Slots for the variables that are no gates.

        Raises:
            UserError: a path of `penalties` is not that of exactly one variable, or all
                variables are gates.
        """
        paths = [variable.path for variable in variables]
        for path in self.penalties:
            if paths.count(path) != 1:
                raise UserError(
                    f"the gate {path!r} is {paths.count(path)} of the trained "
                    f"variables. Allowed: one each of {', '.join(sorted(paths))}."
                )
        others = [v for v in variables if v.path not in self.penalties]
        if not others:
            raise UserError(
                "every trained variable is a gate, which leaves none to the inner "
                f"optimizer: {', '.join(paths)}. Allowed: at least one that is none."
            )
        self.inner_optimizer.build(others)
        super().build(variables)

    @property
    def variables(self):
        """Those of the wrapped optimizer as well."""
        return self._variables + self.inner_optimizer.variables

    def apply(self, grads, trainable_variables=None):
        """Take one step.

        Args:
            grads: gradients, in the order of the variables.
            trainable_variables: the variables; None for those of `build`.

        Raises:
            UserError: several devices share the step.
        """
        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            raise UserError("ISTA works on one device. Allowed: strategy=none.")
        if not self.built:
            self.build(trainable_variables)
            self.built = True
        variables = list(trainable_variables or self._trainable_variables)
        pairs = list(zip(grads, variables, strict=True))
        # The rate of this step, which the wrapped optimizer counts up.
        rate, rho = self.threshold_parts()
        others = [(g, v) for g, v in pairs if v.path not in self.penalties]
        self.inner_optimizer.apply(*map(list, zip(*others, strict=True)))
        for gradient, gate in pairs:
            if gate.path in self.penalties:
                gradient = ops.zeros_like(gate) if gradient is None else gradient
                self.assign(
                    gate,
                    theory.ista_step(
                        ops.convert_to_tensor(gate),
                        ops.cast(gradient, gate.dtype),
                        ops.cast(rate, gate.dtype),
                        ops.cast(rho, gate.dtype),
                        self.penalties[gate.path],
                    ),
                )

    def threshold_parts(self):
        r"""$(\mu, \rho)$ of the next step, scalars."""
        rho = self.rho
        if callable(rho):
            rho = rho(ops.cast(self.iterations, "float32"))
        return ops.convert_to_tensor(self.learning_rate), rho

    @property
    def learning_rate(self):
        """The rate of the wrapped optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        self.inner_optimizer.learning_rate = value

    @property
    def iterations(self):
        """Steps of the wrapped optimizer."""
        return self.inner_optimizer.iterations

    def finalize_variable_values(self, var_list):
        """Nothing is averaged, so nothing is changed at the end of a training."""

    def get_config(self):
        """The arguments, for saving."""
        serialize = keras.saving.serialize_keras_object
        return {
            "name": self.name,
            "inner_optimizer": serialize(self.inner_optimizer),
            "penalties": dict(self.penalties),
            "rho": serialize(self.rho),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The optimizer of a configuration; `custom_objects` is for Keras."""
        config = dict(config)
        for name in ("inner_optimizer", "rho"):
            config[name] = keras.saving.deserialize_keras_object(
                config[name], custom_objects
            )
        return cls(**config)


def gate_penalties(model):
    r"""$\lambda^l$ by the path of each gate of a model, for `ISTA`.

    Args:
        model: a built `GatedClassifier`.
    """
    pairs = zip(model.gammas, networks.penalties(model), strict=True)
    return {gamma.path: penalty for gamma, penalty in pairs}
