r"""The hierarchical conditional VAE: what both families share.

A model sees whole images. It hides the central half of each (see `data`), reads the
rest, and fills the hole through a chain of latents $z_L, \dots, z_1$. The same
bottom-up network runs on the full image, for the recognition model, and on the masked
one, for the context; a plane of ones that is masked too tells it which is which.
"""

import math
from typing import NamedTuple

import keras
from keras import ops

from lessons.autoencoders.hierarchical_vae import theory
from lessons.autoencoders.hierarchical_vae.data import check_shape, crop, masked
from lessons.autoencoders.hierarchical_vae.model_parts import GaussianHead
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown

CONTEXTS = ("all", "top")
POSTERIORS = ("bottom_up", "ladder", "none")
OUTPUTS = ("gaussian", "categorical")
NUM_LEVELS = 256


class Inference(NamedTuple):
    """One pass: lists over layers, from the one next to the pixels."""

    samples: list  # (batch, ...) each
    posteriors: list  # (mean, scale) each, merged ones for a ladder
    priors: list  # (mean, scale) each, at the sample above
    output: object  # (batch, height, width, channels[, levels]): means or logits


class HierarchicalCVAE(keras.Model):
    """A chain of latents that completes images; the families give the networks.

    Trained with `compile(optimizer)` and `fit(images)`: the loss is the negative
    bound, with its KL terms weighted and floored as asked for. Metrics are free of
    both: `bound`, `log_px` and `kl_1` to `kl_L`, in nats per image.

    Args:
        image_shape: (height, width, channels); the central half is hidden.
        num_layers: L.
        context: "all": every prior and the decoder see the border; "top": only the
            prior of the top layer does.
        posterior: "bottom_up": q(z_l|x); "ladder": merged with the prior above;
            "none": no recognition, every layer sits at its conditional mean, which
            makes the model a deterministic regressor with noise on the pixels.
        output: "gaussian", a mean and a learned deviation for each pixel, or
            "categorical", `NUM_LEVELS` logits for each pixel value.
        pixel_scale: the deviation of the pixels before training (gaussian).
        free_bits: least KL in nats that a layer is charged for.
        seed: of the noise.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: a size or word is impossible.
    """

    def __init__(
        self,
        image_shape,
        num_layers,
        *,
        context="all",
        posterior="bottom_up",
        output="gaussian",
        pixel_scale=0.25,
        free_bits=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, value, allowed in (
            ("context", context, CONTEXTS),
            ("posterior", posterior, POSTERIORS),
            ("output", output, OUTPUTS),
        ):
            if value not in allowed:
                raise unknown(name, value, allowed)
        if free_bits < 0:
            raise UserError(f"free_bits must be at least 0, got {free_bits!r}.")
        if not theory.SMALLEST_SCALE < pixel_scale < math.inf:
            raise UserError(
                f"pixel_scale must be above {theory.SMALLEST_SCALE} and finite, "
                f"got {pixel_scale!r}."
            )
        if num_layers < 1:
            raise UserError(f"a chain needs at least 1 layer, got {num_layers!r}.")
        self.image_shape = check_shape(image_shape)
        self.num_layers = num_layers
        self.context, self.posterior = context, posterior
        self.output_kind, self.pixel_scale = output, pixel_scale
        self.free_bits, self.seed = free_bits, seed
        height, width, channels = self.image_shape
        self.hole_shape = (height // 2, width // 2, channels)
        self.seed_generator = keras.random.SeedGenerator(seed)
        names = ["bound", "log_px", *(f"kl_{n + 1}" for n in range(num_layers))]
        self.trackers = [keras.metrics.Mean(name) for name in names]
        self.kl_weight = self.add_weight(
            shape=(), initializer="ones", trainable=False, name="kl_weight"
        )
        if output == "gaussian":
            self.pixel_raw = self.add_weight(
                shape=self.hole_shape,
                initializer=keras.initializers.Constant(
                    theory.positive_inverse(pixel_scale)
                ),
                name="pixel_raw",
            )
        self.build_networks()
        self.build((None, *self.image_shape))

    def build(self, input_shape):
        """Nothing is left to make: all networks have their weights."""

    def build_networks(self):
        """Set `features`, `heads`, `priors`, `decoder` and `latent_shapes`."""
        raise TypeError("use a family: DenseChain or ConvChain.")

    def head(self, units):
        """A Gaussian head; only a chain with noise can start it at zero."""
        deterministic = self.posterior == "none"
        return GaussianHead(units, "glorot_uniform" if deterministic else "zeros")

    def read(self, images):
        """Bottom-up features: a list with one entry per layer."""
        maps = self.features(images)
        return list(maps) if isinstance(maps, (list, tuple)) else [maps]

    def seen_by(self, layer, context):
        """What the prior of a layer (or the decoder, -1) sees of the border.

        Args:
            layer: index from 0 at the pixels, -1 for the decoder.
            context: list of feature maps of the masked image.
        """
        if layer == self.num_layers - 1:
            return [context[-1]]
        if self.context == "top":
            return []
        # The layer's own features and the top ones, which know all of the border.
        near = max(layer, 0)
        return [context[near], context[-1]][: 1 if self.num_layers == 1 else 2]

    def prior_functions(self, context):
        """For each layer the function from the layer above to (mean, scale)."""

        def prior(layer):
            seen = self.seen_by(layer, context)
            network = self.priors[layer]

            def conditional(above):
                above = [] if above is None else [ops.convert_to_tensor(above)]
                return network([*above, *seen])

            return conditional

        return [prior(layer) for layer in range(self.num_layers)]

    def decode(self, z, context):
        """Means or logits of the hidden pixels, given $z_1$."""
        return self.decoder([z, *self.seen_by(-1, context)])

    def noise(self, batch_size):
        """Standard normal noise for every layer."""
        return [
            keras.random.normal((batch_size, *shape), seed=self.seed_generator)
            for shape in self.latent_shapes
        ]

    def call(self, x, training=False, noise=None):
        """Infer every layer from whole images, and decode: an `Inference`."""
        border = masked(x)
        if self.posterior == "none":
            return self._at_means(self.read(border))
        both = self.read(ops.concatenate([masked(x, hide=False), border]))
        halves = [ops.split(maps, 2) for maps in both]
        context = [second for _, second in halves]
        posteriors = [
            head(first) for head, (first, _) in zip(self.heads, halves, strict=True)
        ]
        noise = self.noise(ops.shape(x)[0]) if noise is None else noise
        noise = [ops.cast(values, "float32") for values in noise]  # any policy
        ladder = self.posterior == "ladder"
        chain = self.prior_functions(context)
        samples, posteriors, priors = theory.infer(posteriors, chain, noise, ladder)
        return Inference(samples, posteriors, priors, self.decode(samples[0], context))

    def _at_means(self, context):
        samples, priors = [None] * self.num_layers, [None] * self.num_layers
        above = None
        chain = self.prior_functions(context)
        for layer in reversed(range(self.num_layers)):
            priors[layer] = chain[layer](above)
            above = samples[layer] = priors[layer][0]
        return Inference(samples, priors, priors, self.decode(above, context))

    def log_likelihood(self, x, output):
        """Log p(hidden pixels | output), shape (batch,), in nats."""
        hidden = crop(ops.cast(x, "float32"))
        if self.output_kind == "categorical":
            return theory.categorical_log_likelihood(hidden, output)
        scale = theory.positive(self.pixel_raw)
        return theory.gaussian_log_likelihood(hidden, output, scale)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The negative bound, mean over the batch, with weighted and floored KLs."""
        log_px = self.log_likelihood(x, y_pred.output)
        kls = theory.layer_kls(y_pred.posteriors, y_pred.priors)
        values = [theory.hierarchical_bound(log_px, kls), log_px, *kls]
        for tracker, value in zip(self.trackers, values, strict=True):
            tracker.update_state(value, sample_weight)
        # The floor first: on KLs that are scaled already it would mean something else.
        if self.free_bits:
            kls = [theory.free_bits(kl, self.free_bits) for kl in kls]
        bound = theory.hierarchical_bound(log_px, kls, self.kl_weight)
        return runtime.batch_loss(-bound, sample_weight)

    def complete(self, images, vary="all", num_samples=1, seed=0):
        """Fill the holes of images from the generative chain.

        Args:
            images: whole images; their central half is not looked at.
            vary: which layers draw, as for `theory.sample_chain`.
            num_samples: completions per image.
            seed: of the draws; the same for every `vary`.

        Returns:
            E[x|z_1], float32, (num_samples, batch, height / 2, width / 2, channels).
        """
        allowed = ("all", None, *range(1, self.num_layers + 1))
        if vary not in allowed:
            raise unknown("layers that vary", vary, allowed)
        count = len(images)
        context = [
            ops.tile(maps, (num_samples, *[1] * (len(maps.shape) - 1)))
            for maps in self.read(masked(images))
        ]
        generator = keras.random.SeedGenerator(seed)
        noise = [
            keras.random.normal((num_samples * count, *shape), seed=generator)
            for shape in self.latent_shapes
        ]
        z = theory.sample_chain(self.prior_functions(context), noise, vary)
        pixels = expected_pixels(self.decode(z, context), self.output_kind)
        return ops.convert_to_numpy(pixels).reshape(
            num_samples, count, *self.hole_shape
        )

    def export(self, filepath, verbose=True):
        """Write a SavedModel whose `serve` gives the parts of an `Inference` in a row.

        TensorFlow's signatures hold no lists within a tuple, as `call` gives them.

        Args:
            filepath: the folder to make.
            verbose: whether to print what was written.
        """
        archive = keras.export.ExportArchive()
        archive.track(self)
        images = keras.InputSpec("float32", shape=(None, *self.image_shape))
        archive.add_endpoint(
            "serve", lambda images: keras.tree.flatten(self(images)), [images]
        )
        archive.write_out(filepath, verbose=verbose)

    def get_config(self):
        """The arguments, for saving; a family adds its own."""
        return {
            **super().get_config(),
            "image_shape": self.image_shape,
            "context": self.context,
            "posterior": self.posterior,
            "output": self.output_kind,
            "pixel_scale": self.pixel_scale,
            "free_bits": self.free_bits,
            "seed": self.seed,
        }


def expected_pixels(output, kind):
    """E[x|z_1] from what a decoder of that kind puts out.

    Args:
        output: tensor (..., pixels), with one more axis of logits if categorical.
        kind: "gaussian" or "categorical".
    """
    if kind == "gaussian":
        return output
    values = ops.linspace(0.0, 1.0, output.shape[-1])
    return ops.sum(ops.softmax(output, axis=-1) * values, axis=-1)
