"""What the chain is made of besides its networks: Gaussian heads, the KL warm-up."""

import keras
from keras import layers, ops

from lessons.autoencoders.hierarchical_vae import theory


@keras.saving.register_keras_serializable("lessons")
class GaussianHead(layers.Layer):
    """Mean and standard deviation of every unit, from a map of the last axis.

    On feature maps it is a 1x1 convolution. It starts at N(0, I) whatever the input:
    its weights are zero, so all divergences between heads start at exactly 0. Results
    are float32 under any policy.

    Args:
        units: size of the last axis of each result.
        kernel_initializer: of the weights. Without noise a chain cannot start at
            zeros: ReLUs of nothing but zeros have no gradient.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, units, kernel_initializer="zeros", **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        """Make the weights of both results."""
        shape = (input_shape[-1], 2 * self.units)
        self.kernel = self.add_weight(
            shape=shape, initializer=self.kernel_initializer, name="kernel"
        )
        self.bias = self.add_weight(
            shape=(2 * self.units,), initializer="zeros", name="bias"
        )

    def call(self, x):
        """(..., features) to a pair of (..., units)."""
        raw = ops.matmul(x, self.kernel) + self.bias
        mean, scale = ops.split(raw, 2, axis=-1)
        return mean, theory.positive(scale)

    def compute_output_shape(self, input_shape):
        """Two equal shapes."""
        shape = (*input_shape[:-1], self.units)
        return shape, shape

    def get_config(self):
        """The arguments, for saving."""
        initializer = keras.initializers.serialize(self.kernel_initializer)
        own = {"units": self.units, "kernel_initializer": initializer}
        return {**super().get_config(), **own}


class WarmUp(keras.callbacks.Callback):
    """Sets a model's `kl_weight` to `theory.warm_up` before each epoch.

    Args:
        num_epochs: until the weight is 1.
    """

    def __init__(self, num_epochs):
        super().__init__()
        self.num_epochs = num_epochs

    def on_epoch_begin(self, epoch, logs=None):
        """Set the weight of this epoch."""
        self.model.kl_weight.assign(theory.warm_up(epoch, self.num_epochs))

    def on_train_end(self, logs=None):
        """A model is used and judged with the whole divergence."""
        self.model.kl_weight.assign(1.0)
