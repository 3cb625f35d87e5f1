"""Learning motions without labels: six sub-sequences of a clip through one network."""

import itertools

import keras
import numpy as np
from keras import ops

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown
from lessons.vision.image_motion import theory

MIDDLES = ("own", "foreign", "black")
RAMPS = ("none", "one", "fresh")
STEEPNESS = 0.25  # standard deviation of a ramp's slopes, light per half image
# Of the frames (0, a, b, e): the eight pairs that the six sub-sequences are made of,
# and the two pairs of each sub-sequence. Four of twelve pairs occur twice.
FIRSTS, SECONDS = (0, 1, 0, 2, 1, 3, 2, 3), (1, 3, 2, 3, 0, 1, 0, 2)
PAIR_ROUTES = ((0, 1), (2, 3), (5, 4), (7, 6), (0, 4), (7, 3))
FRAME_ROUTES = tuple(theory.six_subsequences(1, 2, 3).values())
# The same where each of the 6 x 3 places of the sub-sequences has an image of its own.
PLACES = tuple(itertools.chain(*FRAME_ROUTES))
OWN_FIRSTS = tuple(place for place in range(len(PLACES)) if place % 3 < 2)
OWN_SECONDS = tuple(place + 1 for place in OWN_FIRSTS)


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
        ramps: of light, laid over the frames in training: "none", "one" for each frame,
            or a "fresh" one for each place where a frame occurs, so that F1 and F2 do
            not share the images of their ends.
        twins: whether clips for training hold two films of one motion, one behind the
            other in time; the second ones of each kind, F2, B2 and E2, show the second.
        seed: of the frames and ramps drawn.
    """

    def __init__(
        self,
        network,
        distance="cosine",
        margin=0.5,
        middles="own",
        ramps="none",
        twins=False,
        seed=0,
        **options,
    ):
        super().__init__(**options)
        if distance not in theory.DISTANCES:
            raise unknown("distance", distance, theory.DISTANCES)
        if middles not in MIDDLES:
            raise unknown("middles", middles, MIDDLES)
        if ramps not in RAMPS:
            raise unknown("ramps", ramps, RAMPS)
        self.network, self.distance = network, distance
        self.margin, self.middles, self.seed = margin, middles, seed
        self.ramps, self.twins = ramps, twins
        self.generator = keras.random.SeedGenerator(seed)
        self.positive = keras.metrics.Mean("positive")
        self.negative = keras.metrics.Mean("negative")

    def build(self, input_shape):
        """Nothing is left to make: the network has its weights."""

    def call(self, clips, training=False):
        """Embed the six sub-sequences of each clip."""
        frames = self.key_frames(clips, training)  # (batch, 4, height, width, channels)
        own = training and (self.twins or self.ramps == "fresh")
        if own:
            places = np.array(PLACES)
            if self.twins:  # F2, B2 and E2 show the twin, whose frames stand behind
                places = places + 4 * (np.arange(len(places)) // 3 % 2)
            frames = ops.take(frames, places, axis=1)  # (batch, 18, ...)
        if training and self.ramps != "none":
            frames = frames + self.light(frames)
        pairs = self.network.arguments["inputs"] == "pairs"
        firsts = seconds = frames
        if pairs:
            chosen = (OWN_FIRSTS, OWN_SECONDS) if own else (FIRSTS, SECONDS)
            firsts, seconds = (ops.take(frames, np.array(c), axis=1) for c in chosen)
        shape = (-1, *self.network.arguments["image_shape"])
        found = self.network.describe(
            ops.reshape(firsts, shape), ops.reshape(seconds, shape), training
        )
        size = found.shape[-1]
        found = ops.reshape(found, (-1, firsts.shape[1], size))
        routes = np.array(PAIR_ROUTES if pairs else FRAME_ROUTES)
        if own:
            routes = np.arange(routes.size).reshape(routes.shape)
        found = ops.take(found, routes.ravel(), axis=1)
        found = ops.reshape(found, (-1, routes.shape[1], size))  # (6 batch, steps, z)
        states = self.network.compose(found)
        return ops.reshape(states, (-1, len(theory.NAMES), states.shape[-1]))

    def key_frames(self, clips, training=False):
        """Frames 0, a, b and e of each clip, the middles replaced if asked for."""
        chosen = self.times(clips, training)  # (batch, 4)
        if self.twins and training:
            half = clips.shape[1] // 2
            chosen = ops.concatenate([chosen, chosen + half], axis=1)  # (batch, 8)
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

    def light(self, frames):
        """A ramp of light for each frame, with the mean 0 and random slopes."""
        slopes = keras.random.normal(
            (ops.shape(frames)[0], frames.shape[1], 2, 1, 1, 1),
            stddev=STEEPNESS,
            seed=self.generator,
            dtype=frames.dtype,
        )
        height, width = frames.shape[2:4]
        down = np.linspace(-1, 1, height)[:, None] + np.zeros((1, width))
        right = np.linspace(-1, 1, width) + np.zeros((height, 1))
        ways = ops.convert_to_tensor(np.stack([right, down])[..., None], frames.dtype)
        return ops.sum(slopes * ways, axis=2)

    def times(self, clips, training=False):
        """Numbers of the frames 0 < a < b < e of each clip, int32 (batch, 4)."""
        count = clips.shape[1] // (2 if self.twins and training else 1)
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
            "ramps": self.ramps,
            "twins": self.twins,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        """A learner of the arguments that `get_config` gives."""
        network = keras.saving.deserialize_keras_object(config.pop("network"))
        return cls(network, **config)
