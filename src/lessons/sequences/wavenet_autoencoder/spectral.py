r"""The baseline: a convolutional autoencoder of log magnitudes.

Each layer is a convolution, batch normalisation and a leaky ReLU (0.1). The encoder
ends without activation: in one vector per note at the paper's size, here in 8 x 2 of
them. The decoder mirrors it.
"""

import keras
from keras import layers, ops

from lessons.sequences.wavenet_autoencoder import theory
from lessons.sequences.wavenet_autoencoder.model import NUM_PITCHES
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SLOPE = 0.1


@keras.saving.register_keras_serializable("lessons")
class SpectralAutoencoder(keras.Model):
    """Log magnitudes to one code and back.

    Args:
        encoder, decoder: layers as triples (channels, kernel size, (stride of bins,
            stride of frames)); the last of the encoder makes the code.
        weights: $w_f$ of the loss, one for each bin.
        pitch_dim: width of the pitch's embedding, joined to the code; 0 for none.
        momentum: of batch normalisation's running statistics.

    Input: float (batch, bins, frames + 1, 1): m from 0 to 1, and behind it a column
    that holds the MIDI pitch over 128. Output: m, (batch, bins, frames, 1).
    """

    def __init__(
        self, encoder, decoder, weights, *, pitch_dim=0, momentum=0.9, **options
    ):
        super().__init__(**options)
        self.arguments = {
            "encoder": [list(layer) for layer in encoder],
            "decoder": [list(layer) for layer in decoder],
            "weights": [float(w) for w in weights],
            "pitch_dim": pitch_dim,
            "momentum": momentum,
        }
        self.down = [self._block(layers.Conv2D, *layer) for layer in encoder]
        self.up = [self._block(layers.Conv2DTranspose, *layer) for layer in decoder]
        self.embedding = None
        if pitch_dim:
            self.embedding = layers.Embedding(NUM_PITCHES, pitch_dim, name="pitch")
        self.out = layers.Conv2D(1, 1, activation="sigmoid", dtype="float32")

    def _block(self, kind, channels, size, strides):
        convolution = kind(
            channels, size, strides=tuple(strides), padding="same", use_bias=False
        )
        return [
            convolution,
            layers.BatchNormalization(momentum=self.arguments["momentum"]),
        ]

    def build(self, input_shape):
        """Create all weights."""
        bins, frames = input_shape[1], input_shape[2] - 1
        shape = (None, bins, frames, 1)
        for convolution, norm in self.down:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
            norm.build(shape)
        self.code_shape = shape[1:]
        shape = (*shape[:3], shape[3] + self.arguments["pitch_dim"])
        if self.embedding is not None:
            self.embedding.build((None,))
        for convolution, norm in self.up:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
            norm.build(shape)
        if tuple(shape[1:3]) != (bins, frames):
            raise UserError(
                f"the decoder makes {shape[1]} bins x {shape[2]} frames of the input's "
                f"{bins} x {frames}. Allowed: strides that give the input's shape back."
            )
        self.out.build(shape)
        self.built = True

    def encode(self, spectra, training=False):
        """Codes of spectra, shape (batch, 1, 1, code_dim) at the paper's strides."""
        x = ops.cast(spectra[:, :, :-1], self.compute_dtype)
        for convolution, norm in self.down[:-1]:
            x = ops.leaky_relu(norm(convolution(x), training=training), SLOPE)
        convolution, norm = self.down[-1]
        return norm(convolution(x), training=training)

    def decode(self, code, pitches, training=False):
        """Log magnitudes of codes.

        Args:
            code: of `encode`.
            pitches: MIDI, whole numbers of shape (batch,).
            training: whether batch normalisation takes the batch's own statistics.
        """
        x = code
        if self.embedding is not None:
            vector = ops.cast(self.embedding(pitches), x.dtype)[:, None, None]
            vector = ops.broadcast_to(vector, (*ops.shape(x)[:3], vector.shape[-1]))
            x = ops.concatenate([x, vector], axis=-1)
        for convolution, norm in self.up:
            x = ops.leaky_relu(norm(convolution(x), training=training), SLOPE)
        return self.out(x)

    def call(self, spectra, training=False):
        """Reconstructions."""
        pitches = ops.cast(ops.round(spectra[:, 0, -1, 0] * NUM_PITCHES), "int32")
        return self.decode(self.encode(spectra, training), pitches, training)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Weighted mean squared error of the log magnitudes."""
        weights = self.arguments["weights"]
        losses = theory.weighted_error(y_pred, x[:, :, :-1], weights)
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
