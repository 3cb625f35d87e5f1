"""The network: convolutions that scales share, pooled over space and over scales."""

import keras
from keras import initializers, layers

from lessons.toolkit import labels as class_labels
from lessons.toolkit.labels import Labelled
from lessons.vision.crowding import theory
from lessons.vision.crowding.layers import (
    ScaleMaxPool,
    SharedConv2D,
    SpatialMaxPool,
    first_weights,
)

BIAS = 0.1  # of every layer at the start


@keras.saving.register_keras_serializable("lessons")
class ScaleNet(Labelled, keras.Model):
    """A classifier of crops, shape (batch, scales, crop, crop, 1); gives logits.

    A plain convolutional network is the one whose code is 1-1-1-1.

    Args:
        crop: side of a crop.
        code: scales at the start and left after each layer, see `theory.scale_code`.
        layout: pooling over space, one of `theory.LAYOUTS`.
        filters: channels of every convolution.
        kernel, window: sides of kernels and of pooling windows.
        margin: black pixels put around every crop.
        deviation: standard deviation of the first weights, a truncated normal; 0
            takes He's.
        num_classes: outputs.
        seed: of the first weights.
        **kwargs: for `keras.Model`.

    Attributes:
        features: model of the same weights that stops before the last, linear layer.
    """

    def __init__(
        self,
        crop,
        code,
        layout="end",
        filters=32,
        kernel=5,
        window=3,
        margin=0,
        deviation=0.1,
        num_classes=5,
        seed=0,
        **kwargs,
    ):
        code = tuple(code)
        arguments = {
            "crop": crop,
            "code": code,
            "layout": layout,
            "filters": filters,
            "kernel": kernel,
            "window": window,
            "margin": margin,
            "deviation": deviation,
            "num_classes": num_classes,
            "seed": seed,
        }
        theory.scale_windows(code)  # refuses what is no code
        size = crop + 2 * margin
        plan, maps = theory.geometry(size, len(code) - 1, layout, kernel, window)
        values = inputs = keras.Input((code[0], crop, crop, 1))
        if margin:
            pad = ((0, 0), (margin, margin), (margin, margin))
            values = layers.ZeroPadding3D(pad, data_format="channels_last")(values)
        for layer, (side, pooled, stride) in enumerate(plan, 1):
            values = SharedConv2D(
                filters,
                side,
                deviation=deviation,
                bias=BIAS,
                seed=seed + layer,
                name=f"conv_{layer}",
            )(values)
            values = SpatialMaxPool(pooled, stride, name=f"pool_{layer}")(values)
            if code[layer] < code[layer - 1]:
                values = ScaleMaxPool(code[layer], name=f"scales_{layer}")(values)
        features = layers.Flatten(data_format="channels_last", name="features")(values)
        logits = layers.Dense(
            num_classes,
            kernel_initializer=first_weights(deviation, seed),
            bias_initializer=initializers.Constant(BIAS),
            name="logits",
        )(features)
        super().__init__(inputs, logits, **kwargs)
        self.arguments, self.plan, self.maps = arguments, plan, maps

    @property
    def features(self):
        """The same network up to what the linear layer reads."""
        return keras.Model(self.input, self.get_layer("features").output)

    def check_labels(self, y):
        """Raise `UserError` unless labels are classes."""
        class_labels.check(y, self.arguments["num_classes"])

    def get_config(self):
        """The arguments, for saving."""
        return {"name": self.name, "trainable": self.trainable, **self.arguments}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model of a configuration; `custom_objects` is for Keras."""
        return cls(**config)
