"""The same network of Keras's own layers, such as `Conv1D` and `UpSampling1D`."""

import keras
from keras import layers, ops

from benchmarks import settings
from benchmarks.peers import keras_fit
from benchmarks.wavenet_autoencoder.rows import NUM_CLASSES, TAPS


class Likelihood(keras.Model):
    """A functional model that is trained on the classes it reads."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **options):
        """Mean cross-entropy."""
        losses = keras.losses.sparse_categorical_crossentropy(
            x[:, 1:], y_pred, from_logits=True
        )
        return ops.mean(losses)


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    notes = keras.Input((1 + row.length,), dtype="int32")
    x = (ops.cast(notes[:, 1:, None], "float32") - 128) / 128
    e = layers.Conv1D(row.encoder_width, TAPS, padding="same")(x)
    for rate in row.rates:
        u = layers.Conv1D(row.encoder_width, TAPS, padding="same", dilation_rate=rate)
        u = u(layers.ReLU()(e))
        e = e + layers.Conv1D(row.encoder_width, 1)(layers.ReLU()(u))
    z = layers.AveragePooling1D(row.hop)(layers.Conv1D(row.code, 1)(e))

    def told(filters):
        return layers.UpSampling1D(row.hop)(layers.Conv1D(filters, 1)(z))

    h = layers.ZeroPadding1D((1, 0))(x)[:, :-1]
    h = layers.Conv1D(row.width, TAPS, padding="causal")(h)
    s = layers.Conv1D(row.skip, 1)(h)
    for i, rate in enumerate(row.rates):
        a = layers.Conv1D(2 * row.width, TAPS, padding="causal", dilation_rate=rate)(h)
        a = a + told(2 * row.width)
        g = ops.sigmoid(a[..., : row.width]) * ops.tanh(a[..., row.width :])
        s = s + layers.Conv1D(row.skip, 1)(g)
        if i < row.layers - 1:
            h = h + layers.Conv1D(row.width, 1)(g)
    s = layers.Conv1D(row.skip, 1)(layers.ReLU()(s)) + told(row.skip)
    logits = layers.Conv1D(NUM_CLASSES, 1)(layers.ReLU()(s))
    model = Likelihood(notes, logits)
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE))
    model.num_parameters = keras_fit.count(model)
    return model
