"""DRAW as a cell in Keras's own `RNN` layer."""

import keras
from keras import layers, ops

from benchmarks import settings
from benchmarks.peers import keras_fit


def filterbank(center, stride, log_variance, size, side):
    """Filters of an axis, shape (batch, size, side)."""
    steps = ops.arange(1, size + 1, dtype="float32") - (size + 1) / 2
    centers = center + steps * stride
    pixels = ops.arange(1, side + 1, dtype="float32")
    distances = pixels - centers[:, :, None]
    return ops.softmax(-(distances**2) / (2 * ops.exp(log_variance)[:, :, None]))


def window(numbers, size, side):
    """(filters of rows, filters of columns, intensity) from five numbers."""
    x, y, log_variance, log_stride, log_intensity = ops.split(numbers, 5, axis=1)
    stride = (side - 1) / (size - 1) * ops.exp(log_stride)
    x, y = ((side + 1) / 2 * (value + 1) for value in (x, y))
    rows = filterbank(y, stride, log_variance, size, side)
    columns = filterbank(x, stride, log_variance, size, side)
    return rows, columns, ops.exp(log_intensity)[:, :, None]


class Cell(layers.Layer):
    """One step; states: two LSTMs, canvas, class logits."""

    def __init__(self, row, **options):
        super().__init__(**options)
        self.row = row
        n = row.units
        self.state_size = [n, n, n, n, row.side**2, row.classes]
        self.output_size = 1 + row.side**2 + row.classes

    def build(self, shape):
        row, n, d = self.row, self.row.units, self.row.latent
        glimpse = 2 * row.size**2
        self.encoder, self.decoder = layers.LSTMCell(n), layers.LSTMCell(n)
        self.encoder.build((None, glimpse + n))
        self.decoder.build((None, d + row.classes))
        self.heads = []
        for _ in range(2):
            hidden = layers.Dense(n, activation="tanh")
            mean, log_std = layers.Dense(d), layers.Dense(d)
            for layer in (hidden, mean, log_std):
                layer.build((None, n))
            self.heads.append((hidden, mean, log_std))
        # Keras finds weights of layers that are attributes.
        self.tracked = [layer for head in self.heads for layer in head]
        self.looker, self.toucher = layers.Dense(5), layers.Dense(5)
        self.patch = layers.Dense(row.size**2)
        for layer in (self.looker, self.toucher, self.patch):
            layer.build((None, n))
        self.classifier = layers.Dense(row.classes)
        self.classifier.build((None, glimpse + d))

    def gaussian(self, head, hidden):
        """(mean, log standard deviation)."""
        body, mean, log_std = head
        values = body(hidden)
        return mean(values), ops.clip(log_std(values), -6, 3)

    def call(self, inputs, states):
        row = self.row
        image = ops.reshape(inputs[:, : row.side**2], (-1, row.side, row.side))
        noise = inputs[:, row.side**2 :]
        h_enc, c_enc, h_dec, c_dec, canvas, logits = states
        error = image - ops.sigmoid(ops.reshape(canvas, (-1, row.side, row.side)))
        rows, columns, intensity = window(self.looker(h_dec), row.size, row.side)
        across = ops.transpose(columns, (0, 2, 1))
        glimpse = [
            ops.reshape(intensity * (rows @ part @ across), (-1, row.size**2))
            for part in (image, error)
        ]
        glimpse = ops.concatenate(glimpse, axis=1)
        _, (h_enc, c_enc) = self.encoder(
            ops.concatenate([glimpse, h_dec], axis=1), [h_enc, c_enc]
        )
        posterior, prior = self.heads
        mean, log_std = self.gaussian(posterior, h_enc)
        prior_mean, prior_log_std = self.gaussian(prior, h_dec)
        code = mean + ops.exp(log_std) * noise
        kl = 0.5 * ops.sum(
            ops.exp(2 * (log_std - prior_log_std))
            + ((mean - prior_mean) / ops.exp(prior_log_std)) ** 2
            - 1
            - 2 * (log_std - prior_log_std),
            axis=1,
            keepdims=True,
        )
        told = ops.concatenate([code, ops.softmax(logits)], axis=1)
        _, (h_dec, c_dec) = self.decoder(told, [h_dec, c_dec])
        rows, columns, intensity = window(self.toucher(h_dec), row.size, row.side)
        patch = ops.reshape(self.patch(h_dec), (-1, row.size, row.size))
        written = ops.transpose(rows, (0, 2, 1)) @ patch @ columns / intensity
        canvas = canvas + ops.reshape(written, (-1, row.side**2))
        logits = logits + self.classifier(ops.concatenate([glimpse, code], axis=1))
        output = ops.concatenate([kl, canvas, logits], axis=1)
        return output, [h_enc, c_enc, h_dec, c_dec, canvas, logits]


class Draw(keras.Model):
    """The cell over the steps, with its loss."""

    def __init__(self, row, **options):
        super().__init__(**options)
        self.row = row
        self.rnn = layers.RNN(Cell(row), return_sequences=True)
        self.draws = keras.random.SeedGenerator(0)

    def build(self, shape):
        row = self.row
        self.rnn.build((None, row.steps, row.side**2 + row.latent))
        self.first_canvas = self.add_weight(shape=(row.side**2,))

    def call(self, images):
        row, batch = self.row, ops.shape(images)[0]
        flat = ops.reshape(images, (-1, 1, row.side**2))
        noise = keras.random.normal((batch, row.steps, row.latent), seed=self.draws)
        inputs = ops.concatenate([ops.repeat(flat, row.steps, axis=1), noise], axis=2)
        state = [ops.zeros((batch, size)) for size in self.rnn.cell.state_size]
        state[4] = state[4] + self.first_canvas
        return self.rnn(inputs, initial_state=state)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **options):
        """Cross-entropy of pixels, divergence, and weighted classes."""
        kl, last = ops.sum(y_pred[:, :, 0], axis=1), y_pred[:, -1]
        canvas, logits = ops.split(last[:, 1:], [self.row.side**2], axis=1)
        flat = ops.reshape(x, ops.shape(canvas))
        pixels = ops.sum(
            ops.binary_crossentropy(flat, canvas, from_logits=True), axis=1
        )
        classes = ops.sparse_categorical_crossentropy(y, logits, from_logits=True)
        return ops.mean(pixels + kl + self.row.class_weight * classes)


def build(row):
    """The row's model, compiled."""
    keras.utils.set_random_seed(0)
    model = Draw(row)
    model.build((None, row.side, row.side, 1))
    model.compile(keras.optimizers.Adam(settings.LEARNING_RATE))
    model.num_parameters = keras_fit.count(model)
    return model
