"""The localisation network: a better box from features inside a proposal."""

import keras
import numpy as np
from keras import layers, ops

from lessons.toolkit import runtime
from lessons.vision.mask_rnn import theory


def roi_max_pool(maps, boxes, bins):
    """The greatest value in each of bins x bins parts of a box: RoI max pooling.

    Part i of a side of length L that begins at a holds the pixels from
    floor(a + i L / bins) to ceil(a + (i + 1) L / bins) - 1, as in Fast R-CNN; so every
    part holds at least one pixel.

    Args:
        maps: shape (n, rows, columns, channels).
        boxes: (x, y, w, h) in pixels of the maps, shape (n, 4); cut at the border.
        bins: parts of a side.

    Returns:
        Shape (n, bins, bins, channels).
    """
    boxes = ops.cast(boxes, "float32")
    members = []
    for axis, length in ((1, maps.shape[1]), (0, maps.shape[2])):
        half = boxes[:, axis + 2] / 2
        low = ops.clip(boxes[:, axis] - half + 0.5, 0.0, length - 1.0)
        high = ops.clip(boxes[:, axis] + half + 0.5, low + 1e-3, float(length))
        edges = np.arange(bins + 1, dtype="float32") / bins
        edges = low[:, None] + edges * (high - low)[:, None]  # (n, bins + 1)
        places = np.arange(length, dtype="float32")
        first = ops.floor(edges[:, :-1, None] + 1e-4)
        last = ops.maximum(ops.ceil(edges[:, 1:, None] - 1e-4) - 1, first)
        members.append((places >= first) & (places <= last))
    least = ops.cast(-6e4, maps.dtype)  # below every feature, in half precision too
    rows = ops.where(members[0][..., None, None], maps[:, None], least)
    rows = ops.max(rows, axis=2)  # (n, bins, columns, channels)
    both = ops.where(members[1][:, None, ..., None], rows[:, :, None], least)
    return ops.max(both, axis=3)


@keras.saving.register_keras_serializable("lessons")
class Localiser(keras.Model):
    """Box deltas from the appearance features in the box of the warped mask.

    The streams are trained before and stay as they are. Input: as of `MaskNet`. Output:
    deltas (see `theory.encode`), shape (n, 4). Labels: deltas of the true box.

    Args:
        net: a trained `MaskNet`.
        units: of the dense layers.
        bins: of the pooling.
        seed: of the first weights.
    """

    def __init__(self, net, units=(64, 64), bins=5, seed=0, **options):
        super().__init__(**options)
        self.net, self.bins, self.units, self.seed = net, bins, tuple(units), seed
        for stream in net.trunks:
            stream.trainable = False
        self.dense = [
            layers.Dense(
                count,
                activation="relu",
                kernel_initializer=keras.initializers.HeNormal(
                    seed=1000 * seed + place
                ),
                name=f"dense_{place}",
            )
            for place, count in enumerate(self.units)
        ]
        start = keras.initializers.RandomNormal(0.0, 0.001, seed=1000 * seed + 99)
        self.head = layers.Dense(4, kernel_initializer=start, name="deltas")
        size = bins**2 * net.arguments["filters"][-1]
        for dense in (*self.dense, self.head):
            dense.build((None, size))
            size = dense.units

    def build(self, input_shape):
        """Nothing is left to make: all layers have their weights."""
        self.built = True

    def call(self, inputs):
        """Deltas of the boxes, shape (n, 4)."""
        return self.from_features(self.pooled(inputs))

    def pooled(self, inputs):
        """Features in the proposals, flat: shape (n, bins * bins * filters)."""
        maps = ops.stop_gradient(self.net.features(inputs))
        height, width = inputs.shape[1:3]
        proposals, _ = theory.tight_box(inputs[..., 5])
        ratio = np.array([maps.shape[2] / width, maps.shape[1] / height] * 2, "float32")
        middle = np.array([0.5, 0.5, 0, 0], "float32")
        boxes = (proposals + middle) * ratio - middle
        pooled = roi_max_pool(maps, boxes, self.bins)
        return ops.reshape(pooled, (-1, self.bins**2 * maps.shape[-1]))

    def from_features(self, features):
        """Deltas of pooled features."""
        for dense in self.dense:
            features = dense(features)
        return self.head(features)

    def boxes(self, inputs):
        """Proposals, and the boxes that they become, two arrays of shape (n, 4)."""
        proposals, found = theory.tight_box(inputs[..., 5])
        deltas = ops.cast(self(inputs), "float32")
        deltas = ops.where(found[:, None], deltas, ops.zeros_like(deltas))
        return proposals, theory.decode(deltas, proposals)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean over examples of the sum of `theory.smooth_l1`."""
        differences = ops.cast(y_pred, "float32") - ops.cast(y, "float32")
        losses = ops.sum(theory.smooth_l1(differences), axis=-1)
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "net": keras.saving.serialize_keras_object(self.net),
            "units": self.units,
            "bins": self.bins,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        """A model of the arguments that `get_config` gives."""
        net = keras.saving.deserialize_keras_object(config.pop("net"))
        return cls(net, **config)
