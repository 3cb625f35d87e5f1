"""The two-stream network: from a frame, its flow and a mask to the next mask."""

import itertools

import keras
import numpy as np
from keras import layers, ops

STREAMS = {"rgb": (0, 1, 2), "appearance": (0, 1, 2, 5), "flow": (3, 4, 5)}


@keras.saving.register_keras_serializable("lessons")
class BilinearUpsampling(layers.Layer):
    """Resize maps linearly between pixels, by two fixed matrices.

    Args:
        height, width: of the output.
    """

    def __init__(self, height, width, **options):
        super().__init__(**options)
        self.height, self.width = height, width

    def call(self, maps):
        """From (n, rows, columns, channels) to (n, height, width, channels)."""
        down, right = (
            ops.convert_to_tensor(interpolation(length, size), maps.dtype)
            for length, size in zip(
                maps.shape[1:3], (self.height, self.width), strict=True
            )
        )
        maps = ops.tensordot(maps, down, axes=((1,), (1,)))  # (n, columns, c, height)
        maps = ops.tensordot(maps, right, axes=((1,), (1,)))  # (n, c, height, width)
        return ops.transpose(maps, (0, 2, 3, 1))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "height": self.height, "width": self.width}


def interpolation(length, size):
    """The matrix that resizes `length` numbers to `size`, shape (size, length).

    Centres of pixels are half integers; beyond the outer ones the nearest is taken.
    """
    places = (np.arange(size) + 0.5) * length / size - 0.5
    places = np.clip(places, 0, length - 1)
    return np.maximum(0, 1 - np.abs(places[:, None] - np.arange(length)))


def trunk(channels, image_shape, filters, depths, first_side, side, seeds, name):
    """Convolutions with side outputs: from an input to one map of logits.

    A maximum over 2x2 lies between two stages. From `first_side` on each stage has a
    convolution to `side` channels, resized to the input; a 1x1 convolution sums them.

    Args:
        channels: of the input.
        image_shape: (height, width).
        filters, depths: channels and convolutions of each stage.
        first_side: first stage with a side output.
        side: channels of a side output.
        seeds: iterator of seeds of the first weights.
        name: of the model.

    Returns:
        A functional model: images to (logits of shape (n, height, width, 1), features
        of the last stage).
    """

    def convolution(count, size, name, **options):
        start = keras.initializers.HeNormal(seed=next(seeds))
        return layers.Conv2D(
            count,
            size,
            padding="same",
            kernel_initializer=start,
            data_format="channels_last",
            name=name,
            **options,
        )

    images = keras.Input((*image_shape, channels), name="images")
    maps, sides = images, []
    for stage, (count, depth) in enumerate(zip(filters, depths, strict=True)):
        if stage:
            maps = layers.MaxPooling2D(
                padding="same", data_format="channels_last", name=f"pool_{stage}"
            )(maps)
        for place in range(depth):
            maps = convolution(count, 3, f"conv_{stage}_{place}", activation="relu")(
                maps
            )
        if stage >= first_side:
            seen = convolution(side, 3, f"side_{stage}")(maps)
            if stage:
                seen = BilinearUpsampling(*image_shape, name=f"up_{stage}")(seen)
            sides.append(seen)
    stacked = layers.Concatenate(name="sides")(sides) if len(sides) > 1 else sides[0]
    logits = convolution(1, 1, "fusion")(stacked)
    return keras.Model(images, [logits, maps], name=name)


@keras.saving.register_keras_serializable("lessons")
class MaskNet(keras.Model):
    """One step of the method: streams whose logits are added.

    Input: shape (n, height, width, 6), red, green, blue, two magnitudes of flow, the
    mask of the frame before. Output: logits, shape (n, height, width).

    Args:
        image_shape: (height, width).
        streams: of `STREAMS`; the first one's features serve the localiser.
        filters, depths, first_side, side: see `trunk`.
        seed: of the first weights.
    """

    def __init__(
        self,
        image_shape,
        streams=("appearance", "flow"),
        filters=(12, 24, 32),
        depths=(1, 1, 1),
        first_side=0,
        side=8,
        seed=0,
        **options,
    ):
        super().__init__(**options)
        self.arguments = {
            "image_shape": tuple(image_shape),
            "streams": tuple(streams),
            "filters": tuple(filters),
            "depths": tuple(depths),
            "first_side": first_side,
            "side": side,
            "seed": seed,
        }
        seeds = itertools.count(1000 * seed)
        self.trunks = [
            trunk(
                len(STREAMS[stream]),
                self.arguments["image_shape"],
                filters,
                depths,
                first_side,
                side,
                seeds,
                stream,
            )
            for stream in streams
        ]
        self.build((None, *image_shape, 6))

    def build(self, input_shape):
        """Nothing is left to make: the streams have their weights."""
        self.built = True

    def call(self, inputs):
        """Logits of the mask, shape (n, height, width)."""
        total = 0.0
        for name, model in zip(self.arguments["streams"], self.trunks, strict=True):
            total = total + model(_channels(inputs, name))[0]
        return total[..., 0]

    def features(self, inputs):
        """Maps of the last stage of the first stream, (n, rows, columns, filters)."""
        return self.trunks[0](_channels(inputs, self.arguments["streams"][0]))[1]

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


def _channels(inputs, stream):
    """The channels of a stream."""
    first, *rest = STREAMS[stream]
    if stream == "appearance":
        return ops.concatenate([inputs[..., :3], inputs[..., 5:]], axis=-1)
    return inputs[..., first : rest[-1] + 1]
