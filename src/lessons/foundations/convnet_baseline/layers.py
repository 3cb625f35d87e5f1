"""What Keras lacks: normalisation that guards constants, and norms of any kernel."""

import keras
from keras import layers, ops

from lessons.foundations.convnet_baseline import theory

# Axes of a kernel over which the norm of a unit's weights is taken, by its rank.
_INPUTS = {2: 0, 4: (0, 1, 2)}


@keras.saving.register_keras_serializable("lessons")
class FeatureNormalization(layers.Layer):
    """(x - mean) / deviation, of each pixel and channel by itself.

    Keras's `Normalization(axis=(1, 2, 3))` divides a constant feature by 1e-7; here it
    becomes its difference from the constant.
    """

    def build(self, image_shape):
        """Mean 0 and deviation 1, until `adapt` is called."""
        for name, start in (("mean", "zeros"), ("deviation", "ones")):
            weight = self.add_weight(
                shape=image_shape[1:], initializer=start, trainable=False, name=name
            )
            setattr(self, name, weight)

    def adapt(self, images):
        """Take the statistics of training images (see `theory.feature_statistics`)."""
        mean, deviation = theory.feature_statistics(images)
        self.mean.assign(mean)
        self.deviation.assign(deviation)

    def call(self, images):
        """Normalised images, the same shape."""
        mean, deviation = (
            ops.cast(w, self.compute_dtype) for w in (self.mean, self.deviation)
        )
        return (images - mean) / deviation


@keras.saving.register_keras_serializable("lessons")
class UnitNorms(keras.constraints.MaxNorm):
    """Bounds the norm of each unit's weights, of dense layers and convolutions alike.

    Args:
        max_value: greatest norm, above 0.
    """

    def __init__(self, max_value):
        super().__init__(max_value, axis=None)

    def __call__(self, w):
        """The kernel, with the units shortened that are too long; 0 stays 0."""
        self.axis = _INPUTS[len(w.shape)]
        return super().__call__(w)

    def get_config(self):
        """The argument, for saving."""
        return {"max_value": self.max_value}
