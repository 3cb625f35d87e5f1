"""What both families are made of: affine map, batch normalisation, activation."""

import keras
from keras import layers, ops

_SMALLEST_SCALE = 1e-6  # keeps log(softplus(a)) finite


class Block:
    """Affine map (or convolution), batch normalisation, activation: a recipe.

    Args:
        weight_range: weights start uniform in plus or minus this.
        batch_norm: whether to normalise.
        norm_momentum, norm_epsilon: of the normalisation.
    """

    def __init__(self, weight_range, batch_norm, norm_momentum, norm_epsilon):
        self.weight_range = weight_range
        self.batch_norm = batch_norm
        self.norm_momentum = norm_momentum
        self.norm_epsilon = norm_epsilon

    def initializer(self):
        """A fresh initializer for one weight matrix."""
        return keras.initializers.RandomUniform(-self.weight_range, self.weight_range)

    def dense(self, inputs, units, activation, name):
        """Apply a dense block to a symbolic tensor, (batch, units) comes back."""
        affine = layers.Dense(units, kernel_initializer=self.initializer(), name=name)
        return self.finish(affine(inputs), activation, name)

    def conv(self, inputs, filters, activation, name):
        """Apply a 3x3 convolution block to a symbolic tensor; size is kept."""
        affine = layers.Conv2D(
            filters,
            3,
            padding="same",
            kernel_initializer=self.initializer(),
            name=name,
        )
        return self.finish(affine(inputs), activation, name)

    def finish(self, outputs, activation, name):
        """Normalise and activate; results that the loss reads are float32."""
        if self.batch_norm:
            outputs = layers.BatchNormalization(
                momentum=self.norm_momentum,
                epsilon=self.norm_epsilon,
                name=f"{name}_norm",
            )(outputs)
        if activation == "linear":
            return outputs
        is_final = name in ("mean", "scale", "output")
        dtype = "float32" if is_final else None
        return layers.Activation(activation, dtype=dtype, name=f"{name}_act")(outputs)


@keras.saving.register_keras_serializable("lessons")
def clip(values):
    """The source's hard tanh: values outside [-1, 1] are cut off."""
    return ops.clip(values, -1.0, 1.0)


@keras.saving.register_keras_serializable("lessons")
def positive(values):
    """Softplus, kept away from zero so that its logarithm is finite."""
    return ops.softplus(values) + _SMALLEST_SCALE


@keras.saving.register_keras_serializable("lessons")
def identity(values):
    """Nothing; as an activation it casts to its layer's dtype."""
    return values
