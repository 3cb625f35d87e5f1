"""Training of one step on static frames, and of the recurrence on clips."""

import keras
from keras import ops

from lessons.toolkit import runtime
from lessons.vision.mask_rnn import theory


@keras.saving.register_keras_serializable("lessons")
class Segmenter(keras.Model):
    """Trains a `MaskNet` on frames whose previous mask is given.

    Input: as of `MaskNet`. Output: logits, shape (n, height, width). Labels: masks of
    the same shape.

    Args:
        net: a `MaskNet`.
        balanced: whether the loss weighs object and background alike.
    """

    def __init__(self, net, balanced=False, **options):
        super().__init__(**options)
        self.net, self.balanced = net, balanced

    def build(self, input_shape):
        """Nothing is left to make: the network has its weights."""
        self.built = True

    def call(self, inputs):
        """Logits of the mask."""
        return self.net(inputs)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean over examples of `theory.cross_entropy`."""
        losses = theory.cross_entropy(y, y_pred, self.balanced)
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "net": keras.saving.serialize_keras_object(self.net),
            "balanced": self.balanced,
        }

    @classmethod
    def from_config(cls, config):
        """A model of the arguments that `get_config` gives."""
        net = keras.saving.deserialize_keras_object(config.pop("net"))
        return cls(net, **config)


@keras.saving.register_keras_serializable("lessons")
class MaskRNN(Segmenter):
    """The recurrence: the mask of a frame, warped, is an input of the next one.

    Gradients go back through warps and masks, at most `truncate` steps.

    Input: clips, shape (n, frames, height, width, 8): red, green, blue, two magnitudes
    of flow, backward flow (dx, dy), and the first mask, which is read of frame 0 only.
    Output: logits of all frames but the first, shape (n, frames - 1, height, width).

    Args:
        net: a `MaskNet`.
        balanced: see `Segmenter`.
        truncate: steps after which the gradient is cut; 0 for none.
    """

    def __init__(self, net, balanced=False, truncate=0, **options):
        super().__init__(net, balanced, **options)
        self.truncate = truncate

    def call(self, clips):
        """Logits of the masks of frames 1, 2, ..."""
        state, logits = clips[:, 0, ..., 7], []
        for step in range(1, clips.shape[1]):
            if self.truncate and step > 1 and (step - 1) % self.truncate == 0:
                state = ops.stop_gradient(state)
            found = self.step(state, clips[:, step])
            logits.append(found)
            state = ops.cast(ops.sigmoid(found), state.dtype)
        return ops.stack(logits, axis=1)

    def step(self, state, frame):
        """One frame: warp the state, join it with the frame, segment.

        Args:
            state: mask of the frame before, shape (n, height, width).
            frame: shape (n, height, width, 7 or 8).

        Returns:
            Logits, shape (n, height, width).
        """
        warped = theory.warp(state, frame[..., 5:7])
        return self.net(ops.concatenate([frame[..., :5], warped[..., None]], axis=-1))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "truncate": self.truncate}
