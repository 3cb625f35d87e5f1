"""The learning rate of the official code."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("lessons")
class DecayToFloor(keras.optimizers.schedules.LearningRateSchedule):
    r"""$(r_0 - r_{min}) \kappa^t + r_{min}$, with $t$ the number of updates done.

    Args:
        rate, floor, decay: $r_0$, $r_{min}$ and $\kappa$.
    """

    def __init__(self, rate, floor, decay):
        super().__init__()
        self.rate, self.floor, self.decay = rate, floor, decay

    def __call__(self, step):
        """The rate of an update."""
        power = ops.power(ops.cast(self.decay, "float32"), ops.cast(step, "float32"))
        return (self.rate - self.floor) * power + self.floor

    def get_config(self):
        """The arguments, for saving."""
        return {"rate": self.rate, "floor": self.floor, "decay": self.decay}
