"""Two sides of one model with an optimizer each: refusals and saving."""

import keras
import tensorflow as tf

from lessons.toolkit.errors import UserError


class TwoOptimizers:
    """What a model needs besides `keras.Model` when its two sides are rivals.

    A base class that stands before `keras.Model`. The subclass has a method
    `compile(optimizer, SECOND, **options)` that begins with `check_optimizers` and
    gives the second optimizer to `scaled`. Every loss goes through its own optimizer's
    `scale_loss` before its gradient is taken.

    Attributes:
        second_optimizer: name of the attribute and of `compile`'s argument that hold
            the second optimizer, such as "critic_optimizer".
    """

    second_optimizer = "second_optimizer"

    def check_optimizers(self, first, second):
        """Refuse what a step with two optimizers cannot do.

        Args:
            first, second: the two that `compile` was given.

        Raises:
            UserError: both are one object, or several devices share a batch.
        """
        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            raise UserError(
                f"{type(self).__name__} updates two networks within one step, which "
                "cannot share a batch between several devices. Allowed: strategy=none."
            )
        if first is second:
            raise UserError(
                f"optimizer and {self.second_optimizer} must be two objects, since an "
                "optimizer has a memory of its own weights; got one object twice."
            )

    def scaled(self, optimizer):
        """The second optimizer, its losses scaled where Keras scales the first's.

        In float16 small gradients would be 0: `LossScaleOptimizer` multiplies the loss
        and divides the gradient.
        """
        half = self.dtype_policy.name == "mixed_float16"
        if half and not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            return keras.optimizers.LossScaleOptimizer(optimizer)
        return optimizer

    def get_compile_config(self):
        """Both optimizers, for saving; None where the model is not compiled."""
        if not self.compiled:
            return None
        both = {
            "optimizer": self.optimizer,
            self.second_optimizer: getattr(self, self.second_optimizer),
        }
        serialize = keras.saving.serialize_keras_object
        return {name: serialize(optimizer) for name, optimizer in both.items()}

    def compile_from_config(self, config):
        """Compile as `get_compile_config` describes, when a model is loaded."""
        load = keras.saving.deserialize_keras_object
        self.compile(**{name: load(optimizer) for name, optimizer in config.items()})
