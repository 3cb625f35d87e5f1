"""One step of DRAW: look, encode, draw a code, decode, write, say a class."""

import keras
from keras import layers, ops

from lessons.sequences.draw import theory
from lessons.sequences.draw.parts import GaussianParameters, State, Step, normal
from lessons.sequences.draw.variants import EVIDENCE, READERS
from lessons.toolkit.errors import UserError, unknown


@keras.saving.register_keras_serializable("lessons")
class DRAWCell(layers.Layer):
    """The weights of DRAW, shared by all steps, and what one step does with them.

    Args:
        image_shape: (height, width, channels).
        units: n, of each LSTM.
        latent_dim: d.
        read_size, write_size: N of the two windows.
        classes: number of classes, 0 for DRAW without labels.
        reader: one of `variants.READERS`.
        evidence: one of `variants.EVIDENCE`.
        sequential: whether the prior is read off the decoder, else it is N(0, I).
        hidden: units of a hidden layer in the heads of prior and posterior, 0 for none.
        real: whether pixels are real numbers with a Gaussian likelihood.

    Raises:
        UserError: no such reader or evidence, or an image or a size that cannot be.
    """

    def __init__(
        self,
        image_shape,
        units,
        latent_dim,
        *,
        read_size=5,
        write_size=5,
        classes=0,
        reader="attention",
        evidence="glimpse",
        sequential=False,
        hidden=0,
        real=False,
        **options,
    ):
        super().__init__(**options)
        if reader not in READERS:
            raise unknown("reader", reader, READERS)
        if evidence not in EVIDENCE:
            raise unknown("evidence", evidence, EVIDENCE)
        image_shape = tuple(image_shape)
        if len(image_shape) != 3 or min(*image_shape, units, latent_dim) < 1:
            raise UserError(
                "a cell needs an image_shape (height, width, channels), units and "
                f"latent_dim of at least 1, got {image_shape}, {units}, {latent_dim}."
            )
        if min(read_size, write_size) < 2:
            raise UserError(
                "read_size and write_size must be at least 2, got "
                f"{read_size} and {write_size}."
            )
        self.arguments = {
            "image_shape": image_shape,
            "units": units,
            "latent_dim": latent_dim,
            "read_size": read_size,
            "write_size": write_size,
            "classes": classes,
            "reader": reader,
            "evidence": evidence,
            "sequential": sequential,
            "hidden": hidden,
            "real": real,
        }
        self.height, self.width, self.channels = image_shape
        for name in list(self.arguments)[1:]:
            setattr(self, name, self.arguments[name])
        self._made = self._make_layers()

    def _make_layers(self):
        """The parts, with the shape that each reads; made once, used at every step."""
        pixels = self.height * self.width * self.channels
        inside = self.read_size**2 * self.channels
        self.glimpse_size = 2 * (pixels if self.reader == "none" else inside)
        self.canvas_parts = 2 if self.real else 1
        seen = self.glimpse_size if self.evidence == "glimpse" else self.units
        patch = pixels if self.reader == "none" else self.write_size**2 * self.channels
        n, d = self.units, self.latent_dim
        self.encoder = layers.LSTMCell(n, name="encoder")
        self.decoder = layers.LSTMCell(n, name="decoder")
        self.posterior = GaussianParameters(d, self.hidden, name="posterior")
        found = [
            (self.encoder, self.glimpse_size + n),
            (self.decoder, d + self.classes),
            (self.posterior, n),
        ]
        if self.sequential:
            self.prior = GaussianParameters(d, self.hidden, name="prior")
            found.append((self.prior, n))
        if self.reader == "attention":
            self.looker = layers.Dense(5, kernel_initializer=normal(), name="read")
            found.append((self.looker, n))
        if self.reader != "none":
            self.toucher = layers.Dense(5, kernel_initializer=normal(), name="write")
            found.append((self.toucher, n))
        self.patch = layers.Dense(patch, name="patch")
        found.append((self.patch, n))
        if self.real:
            self.patch_log_std = layers.Dense(
                patch, kernel_initializer=normal(), name="patch_log_std"
            )
            found.append((self.patch_log_std, n))
        if self.classes:
            self.classifier = layers.Dense(self.classes, name="class_canvas")
            found.append((self.classifier, seen + d))
        return found

    def build(self, input_shape=None):
        """Make the weights; the shape of the inputs is known already."""
        for layer, size in self._made:
            layer.build((None, size))
        self.built = True

    def first_state(self, batch, canvas):
        """The state before the first step: zeros, and the canvas that is given.

        Args:
            batch: how many examples.
            canvas: planes that broadcast to (batch, B, parts * channels, A).
        """
        dtype = self.compute_dtype
        zeros = ops.zeros((batch, self.units), dtype)
        shape = (batch, self.height, self.canvas_parts * self.channels, self.width)
        canvas = ops.broadcast_to(ops.cast(canvas, dtype), shape)
        logits = ops.zeros((batch, self.classes), dtype)
        return State((zeros, zeros), (zeros, zeros), canvas, logits)

    def step(self, values, noise, labels, state):
        r"""Look at an image once and write once (eqs. 3 to 8).

        Args:
            values: planes x, shape (batch, B, channels, A).
            noise: standard normal, shape (batch, d).
            labels: distribution of classes to tell the decoder, shape (batch,
                classes). None, or a row of zeros, tells it what was said so far.
            state: a `State`.

        Returns:
            (`Step`, `State`).
        """
        hidden = state.decoder[0]  # h_dec of the step before
        error = values - self.shown(state.canvas)
        glimpse, look = self._read(ops.concatenate([values, error], axis=2), hidden)
        _, encoder = self.encoder(
            ops.concatenate([glimpse, hidden], axis=1), list(state.encoder)
        )
        mean, log_std = self.posterior(encoder[0])
        prior = self._prior(hidden, mean)
        code = mean + ops.exp(log_std) * noise
        kl = theory.kl_gaussians(
            *(ops.cast(a, "float32") for a in (mean, log_std, *prior))
        )
        decoder, canvas, touch = self._draw(code, self._told(labels, state), state)
        logits = state.logits
        if self.classes:
            seen = glimpse if self.evidence == "glimpse" else encoder[0]
            kernel, bias = (
                ops.convert_to_tensor(w)
                for w in (self.classifier.kernel, self.classifier.bias)
            )
            logits = theory.class_canvas(logits, seen, code, kernel, bias)
        outputs = Step(kl, logits, mean, log_std, *prior, code, canvas, look, touch)
        return outputs, State(tuple(encoder), decoder, canvas, logits)

    def imagine(self, noise, labels, state):
        """Write once without an image: the code comes from the prior, nothing is read.

        Args:
            noise, labels, state: as for `step`; without labels the decoder is told
                the distribution of the state's logits, which never change.

        Returns:
            (canvas, touch, `State`).
        """
        mean, log_std = self._prior(state.decoder[0], noise)
        code = mean + ops.exp(log_std) * noise
        decoder, canvas, touch = self._draw(code, self._told(labels, state), state)
        return canvas, touch, State(state.encoder, decoder, canvas, state.logits)

    def shown(self, canvas):
        """The image that a canvas stands for: means of pixels, planes."""
        if self.real:
            return canvas[:, :, : self.channels]
        return ops.sigmoid(canvas)

    def _told(self, labels, state):
        """The distribution of classes that enters the decoder."""
        said = ops.softmax(state.logits) if self.classes else state.logits
        if labels is None:
            return said
        return labels + (1 - ops.sum(labels, axis=1, keepdims=True)) * said

    def _prior(self, hidden, like):
        if self.sequential:
            return self.prior(hidden)
        return ops.zeros_like(like), ops.zeros_like(like)

    @staticmethod
    def _still(hidden, size):
        """Zeros of shape (batch, size)."""
        return ops.zeros((ops.shape(hidden)[0], size), hidden.dtype)

    def _window(self, numbers, size):
        """(window, its filters, what a `Step` keeps of it), in float32."""
        numbers = ops.cast(numbers, "float32")
        found = theory.window(numbers, self.height, self.width, size)
        both = theory.filters(found, self.height, self.width, size)
        kept = ops.concatenate([found.x, found.y, found.stride, found.variance], axis=1)
        cast = [ops.cast(a, self.compute_dtype) for a in (*both, found.intensity)]
        return cast, kept

    def _read(self, values, hidden):
        """(glimpse, look); `values` holds x and the error image as channels."""
        if self.reader == "none":
            flat = ops.reshape(values, (-1, self.glimpse_size))
            return flat, self._still(hidden, 4)
        if self.reader == "attention":
            numbers = self.looker(hidden)
        else:
            numbers = self._still(hidden, 5)
        window, look = self._window(numbers, self.read_size)
        patch = theory.read(values, *window)
        return ops.reshape(patch, (-1, self.glimpse_size)), look

    def _draw(self, code, said, state):
        """The decoder's step and what it writes: (decoder's state, canvas, touch)."""
        inputs = ops.concatenate([code, said], axis=1) if self.classes else code
        _, decoder = self.decoder(inputs, list(state.decoder))
        hidden = decoder[0]
        patches = [self.patch(hidden)]
        if self.real:
            patches.append(self.patch_log_std(hidden))
        if self.reader == "none":
            shape = (-1, self.height, self.channels, self.width)
            touch = self._still(hidden, 4)
            added = [ops.reshape(patch, shape) for patch in patches]
            return tuple(decoder), state.canvas + ops.concatenate(added, 2), touch
        size = self.write_size
        window, touch = self._window(self.toucher(hidden), size)
        shape = (-1, size, self.channels, size)
        patch = ops.concatenate([ops.reshape(p, shape) for p in patches], axis=2)
        return tuple(decoder), state.canvas + theory.write(patch, *window), touch

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
