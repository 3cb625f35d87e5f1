"""The dense family of the chain: small images, flat latents."""

import math

import keras
from keras import layers

from lessons.autoencoders.hierarchical_vae.model import NUM_LEVELS, HierarchicalCVAE
from lessons.toolkit.errors import UserError


@keras.saving.register_keras_serializable("lessons")
class DenseChain(HierarchicalCVAE):
    """Every map has one hidden layer of ReLUs.

    Args:
        image_shape: as for `HierarchicalCVAE`.
        latents: sizes of $z_1, ..., z_L$.
        hidden: width of the hidden layers.
        **kwargs: for `HierarchicalCVAE`.
    """

    def __init__(self, image_shape, latents, hidden, **kwargs):
        if any(size < 1 for size in (*latents, hidden)):
            raise UserError(
                "latents and hidden must be at least 1, "
                f"got {tuple(latents)!r} and {hidden!r}."
            )
        self.latents, self.hidden = tuple(latents), hidden
        super().__init__(image_shape, len(self.latents), **kwargs)

    def build_networks(self):
        """Bottom-up features of equal width; priors and decoder with a hidden layer."""
        height, width, channels = self.image_shape
        self.latent_shapes = [(size,) for size in self.latents]
        image = keras.Input((height, width, channels + 1), name="image")
        maps, x = [], layers.Flatten()(image)
        for _ in self.latents:
            x = self.relu()(x)
            maps.append(x)
        self.features = keras.Model(image, maps, name="features")
        self.heads = []
        if self.posterior != "none":
            self.heads = [self.head(size) for size in self.latents]
            for head in self.heads:
                head.build((None, self.hidden))
        self.priors = [self.build_prior(layer) for layer in range(self.num_layers)]
        self.decoder = self.build_decoder()

    def relu(self):
        """A hidden layer."""
        return layers.Dense(self.hidden, "relu", kernel_initializer="he_normal")

    def inputs(self, layer):
        """Symbolic inputs of the prior of a layer, or of the decoder (-1)."""
        placeholder = [self.hidden] * self.num_layers
        widths = self.seen_by(layer, placeholder)
        if layer < self.num_layers - 1:
            widths = [self.latents[layer + 1], *widths]
        inputs = [keras.Input((width,)) for width in widths]
        return inputs, layers.Concatenate()(inputs) if len(inputs) > 1 else inputs[0]

    def build_prior(self, layer):
        """[above, what it sees] to (mean, scale)."""
        inputs, x = self.inputs(layer)
        outputs = self.head(self.latents[layer])(self.relu()(x))
        return keras.Model(inputs, outputs, name=f"prior_{layer + 1}")

    def build_decoder(self):
        """[z_1, what it sees] to means or logits of the hidden pixels."""
        inputs, x = self.inputs(-1)
        shape = self.hole_shape
        if self.output_kind == "categorical":
            shape = (*shape, NUM_LEVELS)
        x = self.relu()(x)
        x = layers.Dense(math.prod(shape), dtype="float32")(x)
        x = layers.Reshape(shape, dtype="float32")(x)
        return keras.Model(inputs, x, name="decoder")

    def get_config(self):
        """The arguments, for saving."""
        own = {"latents": self.latents, "hidden": self.hidden}
        return {**super().get_config(), **own}
