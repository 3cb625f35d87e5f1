"""The network of motion: pairs of frames to features, features composed over time."""

import itertools

import keras
from keras import layers, ops

from lessons.toolkit.errors import UserError, unknown

MOST_UNROLLED = 12  # steps; a loop costs more to build and to run than so few


def unrolled(lstm, features):
    """What an LSTM layer gives, step after step without a loop in the graph.

    Args:
        lstm: a built `keras.layers.LSTM`.
        features: shape (batch, time, z), time known.
    """
    state = lstm.cell.get_initial_state(ops.shape(features)[0])
    outputs = []
    for step in range(features.shape[1]):
        output, state = lstm.cell(features[:, step], state)
        outputs.append(output)
    return ops.stack(outputs, axis=1) if lstm.return_sequences else output


@keras.saving.register_keras_serializable("lessons")
class MotionNetwork(keras.Model):
    """The embedding R of a sequence of images: convolutions, then LSTM layers.

    Input: sequences of shape (batch, time, height, width, channels) in [0, 1], of at
    least two frames. Output: the last state, shape (batch, units).

    Args:
        image_shape: (height, width, channels) of a frame.
        filters: of each convolution of 3x3.
        dilations: of each convolution; by default all 1.
        strides: of each convolution.
        pools: how many of the first convolutions are followed by a maximum over 2x2.
        normalize: whether batch normalisation follows each convolution.
        average: whether features are means over the image instead of all places.
        features: size of the embedding of a pair.
        units: of the LSTM layers.
        inputs: "pairs" for consecutive frames stacked in depth, "frames" for single
            ones.
        seed: of the first weights.
    """

    def __init__(
        self,
        image_shape,
        filters=(16, 32, 48),
        *,
        dilations=None,
        strides=2,
        pools=0,
        normalize=False,
        average=False,
        features=64,
        units=(64,),
        inputs="pairs",
        seed=0,
        **options,
    ):
        super().__init__(**options)
        if inputs not in ("pairs", "frames"):
            raise unknown("inputs", inputs, ("pairs", "frames"))
        dilations = tuple(dilations or (1,) * len(filters))
        if len(dilations) != len(filters):
            raise UserError(
                f"dilations must be one for each of {len(filters)} convolutions, got "
                f"{dilations}."
            )
        self.arguments = {
            "image_shape": tuple(image_shape),
            "filters": tuple(filters),
            "dilations": dilations,
            "strides": strides,
            "pools": pools,
            "normalize": normalize,
            "average": average,
            "features": features,
            "units": tuple(units),
            "inputs": inputs,
            "seed": seed,
        }
        self.seeds = itertools.count(1000 * seed)
        self.convolutions = self._convolutions()
        self.lstms = [
            layers.LSTM(
                count,
                return_sequences=place < len(units) - 1,
                kernel_initializer=self._start(),
                recurrent_initializer=keras.initializers.Orthogonal(
                    seed=next(self.seeds)
                ),
                name=f"lstm_{place}",
            )
            for place, count in enumerate(units)
        ]
        self.build((None, 2, *image_shape))

    def _start(self):
        return keras.initializers.GlorotUniform(seed=next(self.seeds))

    def _convolutions(self):
        """The functional model from a frame, or from two in depth, to features."""
        chosen = self.arguments
        height, width, channels = chosen["image_shape"]
        depth = 2 * channels if chosen["inputs"] == "pairs" else channels
        images = keras.Input((height, width, depth), name="images")
        maps = images
        pairs = zip(chosen["filters"], chosen["dilations"], strict=True)
        for place, (filters, dilation) in enumerate(pairs):
            maps = layers.Conv2D(
                filters,
                3,
                strides=chosen["strides"],
                dilation_rate=dilation,
                padding="same",
                use_bias=not chosen["normalize"],
                kernel_initializer=self._start(),
                data_format="channels_last",
                name=f"conv_{place}",
            )(maps)
            if chosen["normalize"]:
                maps = layers.BatchNormalization(axis=-1, name=f"norm_{place}")(maps)
            maps = layers.ReLU(name=f"relu_{place}")(maps)
            if place < chosen["pools"]:
                maps = layers.MaxPooling2D(
                    data_format="channels_last", name=f"pool_{place}"
                )(maps)
        if chosen["average"]:
            flat = layers.GlobalAveragePooling2D(data_format="channels_last")(maps)
        else:
            flat = layers.Flatten(data_format="channels_last")(maps)
        features = layers.Dense(
            chosen["features"], kernel_initializer=self._start(), name="features"
        )(flat)
        return keras.Model(images, features, name="convolutions")

    def build(self, input_shape):
        """Create the weights of the LSTM layers."""
        size = self.arguments["features"]
        for lstm in self.lstms:
            lstm.build((None, None, size))
            size = lstm.units
        self.built = True

    def describe(self, firsts, seconds, training=False):
        """The features of pairs of frames, or of the first frames alone.

        Args:
            firsts, seconds: shape (n, height, width, channels); `seconds` is not looked
                at where the inputs are single frames.
            training: whether batch normalisation takes the batch's own moments.

        Returns:
            Shape (n, features).
        """
        if self.arguments["inputs"] == "frames":
            return self.convolutions(firsts, training=training)
        stacked = ops.concatenate([firsts, seconds], axis=-1)
        return self.convolutions(stacked, training=training)

    def compose(self, features):
        """The last state of the LSTM layers over features, shape (batch, time, z)."""
        steps = features.shape[1]
        for lstm in self.lstms:
            short = steps is not None and steps <= MOST_UNROLLED
            features = unrolled(lstm, features) if short else lstm(features)
        return features

    def call(self, sequences, training=False):
        """Embed sequences of any length from two frames on."""
        if sequences.shape[1] is not None and sequences.shape[1] < 2:
            raise UserError(
                f"sequences must have at least 2 frames, got {sequences.shape[1]}."
            )
        batch = ops.shape(sequences)[0]
        shape = (-1, *self.arguments["image_shape"])
        if self.arguments["inputs"] == "frames":
            firsts, seconds = ops.reshape(sequences, shape), None
        else:
            firsts = ops.reshape(sequences[:, :-1], shape)
            seconds = ops.reshape(sequences[:, 1:], shape)
        found = self.describe(firsts, seconds, training)
        return self.compose(ops.reshape(found, (batch, -1, found.shape[-1])))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
