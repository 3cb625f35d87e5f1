"""Networks of motion: pairs of frames to features, features composed over time."""

import itertools

import keras
import numpy as np
from keras import layers, ops

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown
from lessons.vision.image_motion import theory

MIDDLES = ("own", "foreign", "black")
# Of the frames (0, a, b, e): the eight pairs that the six sub-sequences are made of,
# and the two pairs of each sub-sequence. Four of twelve pairs occur twice.
FIRSTS, SECONDS = (0, 1, 0, 2, 1, 3, 2, 3), (1, 3, 2, 3, 0, 1, 0, 2)
PAIR_ROUTES = ((0, 1), (2, 3), (5, 4), (7, 6), (0, 4), (7, 3))
FRAME_ROUTES = tuple(theory.six_subsequences(1, 2, 3).values())


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
        for lstm in self.lstms:
            features = lstm(features)
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


@keras.saving.register_keras_serializable("lessons")
class GroupLearner(keras.Model):
    """Trains a network on the six sub-sequences of clips, without any label.

    Trained with `compile(optimizer)` and `fit(clips)`. In training each clip draws its
    own middle frames a < b and its own last frame; else they are the second, the last
    but one and the last frame.

    Input: clips of shape (batch, frames, height, width, channels), at least 4 frames.
    Output: embeddings of the six sub-sequences, shape (batch, 6, units), in the order
    of `theory.NAMES`.

    The loss is the mean over clips of `theory.group_loss`; a weight of a clip counts
    for all pairs within it and for its share of those between clips. Metrics:
    `positive` and `negative`, mean distances.

    Args:
        network: a `MotionNetwork`.
        distance: a key of `theory.DISTANCES`.
        margin: of the negative pairs.
        middles: what stands between the ends: the clip's "own" frames, those of a
            "foreign" clip of the batch, or "black" ones. The last two are controls.
        seed: of the frames drawn.
    """

    def __init__(
        self,
        network,
        distance="cosine",
        margin=0.5,
        middles="own",
        seed=0,
        **options,
    ):
        super().__init__(**options)
        if distance not in theory.DISTANCES:
            raise unknown("distance", distance, theory.DISTANCES)
        if middles not in MIDDLES:
            raise unknown("middles", middles, MIDDLES)
        self.network, self.distance = network, distance
        self.margin, self.middles, self.seed = margin, middles, seed
        self.generator = keras.random.SeedGenerator(seed)
        self.positive = keras.metrics.Mean("positive")
        self.negative = keras.metrics.Mean("negative")
        self.built = True

    def call(self, clips, training=False):
        """Embed the six sub-sequences of each clip."""
        frames = self.key_frames(clips, training)  # (batch, 4, height, width, channels)
        pairs = self.network.arguments["inputs"] == "pairs"
        firsts = ops.take(frames, np.array(FIRSTS), axis=1) if pairs else frames
        seconds = ops.take(frames, np.array(SECONDS), axis=1) if pairs else frames
        shape = (-1, *self.network.arguments["image_shape"])
        found = self.network.describe(
            ops.reshape(firsts, shape), ops.reshape(seconds, shape), training
        )
        size = found.shape[-1]
        found = ops.reshape(found, (-1, firsts.shape[1], size))
        routes = np.array(PAIR_ROUTES if pairs else FRAME_ROUTES)
        found = ops.take(found, routes.ravel(), axis=1)
        found = ops.reshape(found, (-1, routes.shape[1], size))  # (6 batch, steps, z)
        states = self.network.compose(found)
        return ops.reshape(states, (-1, len(theory.NAMES), states.shape[-1]))

    def key_frames(self, clips, training=False):
        """Frames 0, a, b and e of each clip, the middles replaced if asked for."""
        chosen = self.times(clips, training)  # (batch, 4)
        starts = clips.shape[1] * ops.arange(ops.shape(clips)[0], dtype="int32")
        flat = ops.reshape(clips, (-1, *clips.shape[2:]))
        frames = ops.take(flat, chosen + starts[:, None], axis=0)
        if self.middles == "own":
            return frames
        middles = frames[:, 1:3]
        if self.middles == "black":
            middles = ops.zeros_like(middles)
        else:
            middles = ops.roll(middles, 1, axis=0)
        return ops.concatenate([frames[:, :1], middles, frames[:, 3:]], axis=1)

    def times(self, clips, training=False):
        """Numbers of the frames 0 < a < b < e of each clip, int32 (batch, 4)."""
        count = clips.shape[1]
        if count < 4:
            raise UserError(f"clips must have at least 4 frames, got {count}.")
        batch = ops.shape(clips)[0]
        if not training:
            chosen = ops.convert_to_tensor([[0, 1, count - 2, count - 1]], "int32")
            return ops.repeat(chosen, batch, axis=0)
        table = [(0, *c) for c in itertools.combinations(range(1, count), 3)]
        rows = keras.random.randint((batch,), 0, len(table), seed=self.generator)
        return ops.take(ops.convert_to_tensor(table, "int32"), rows, axis=0)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean over the batch of `theory.group_loss`."""
        embeddings = ops.cast(y_pred, "float32")
        measure = theory.DISTANCES[self.distance]
        distances = theory.group_distances(embeddings, measure)
        self.positive.update_state(ops.mean(distances.positive, -1), sample_weight)
        self.negative.update_state(ops.mean(distances.negative, -1), sample_weight)
        losses = theory.group_loss(distances, self.margin)
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "distance": self.distance,
            "margin": self.margin,
            "middles": self.middles,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        """A learner of the arguments that `get_config` gives."""
        network = keras.saving.deserialize_keras_object(config.pop("network"))
        return cls(network, **config)
