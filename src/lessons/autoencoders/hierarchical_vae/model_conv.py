"""The convolutional family of the chain: feature maps of halving size.

The architecture of the source's public code (sheet: 64x64 RGB, centre of 32x32):
[3x3 convolution, ReLU, max-pool] down, [bilinear x2, 3x3 convolution, ReLU] up, one
latent map per size and a flat one on top.
"""

import keras
from keras import layers

from lessons.autoencoders.hierarchical_vae.model import NUM_LEVELS, HierarchicalCVAE
from lessons.toolkit.errors import UserError


@keras.saving.register_keras_serializable("lessons")
class ConvChain(HierarchicalCVAE):
    """One latent map per entry of `filters`, next to the pixels first, and a flat one.

    Maps at the border's scale are cropped to their central half, so that the chain
    ends at the hole; the smallest map is not.

    Args:
        image_shape: height and width are multiples of 2 ** (len(filters) - 1).
        filters: channels at each size, full size first.
        units: width of the dense layer of the bottom-up network.
        top_dim: size of the flat latent $z_L$.
        **kwargs: for `HierarchicalCVAE`.
    """

    def __init__(self, image_shape, filters, units, top_dim, **kwargs):
        factor = 2 ** (len(filters) - 1)
        if len(filters) < 2 or any(side % (2 * factor) for side in image_shape[:2]):
            raise UserError(
                "filters must hold at least two sizes, and an image with "
                f"{len(filters)} of them must have sides that are multiples of "
                f"{2 * factor}, got {tuple(image_shape[:2])!r}."
            )
        self.filters = tuple(filters)
        self.units, self.top_dim = units, top_dim
        super().__init__(image_shape, len(self.filters) + 1, **kwargs)

    def build_networks(self):
        """Bottom-up maps, heads on them, priors on the way down, the decoder."""
        height, width, _ = self.image_shape
        last = len(self.filters) - 1
        # Sides of the maps of the hole, from the pixels up; the last is not cropped.
        sides = [(height // 2 ** (i + 1), width // 2 ** (i + 1)) for i in range(last)]
        sides.append((height // 2**last, width // 2**last))
        maps = zip(sides, self.filters, strict=True)
        self.latent_shapes = [(*side, channels) for side, channels in maps]
        self.latent_shapes.append((self.top_dim,))
        self.features = self.build_features()
        self.heads = []
        if self.posterior != "none":
            for output in self.features.outputs[:-1]:
                self.heads.append(self.head(output.shape[-1]))
            self.heads.append(self.head(self.top_dim))
            for head, output in zip(self.heads, self.features.outputs, strict=True):
                head.build(output.shape)
        self.priors = [self.build_prior(layer) for layer in range(self.num_layers)]
        self.decoder = self.build_decoder()

    def build_features(self):
        """Image and mask to one map per size, central halves, and a flat vector."""
        height, width, channels = self.image_shape
        image = keras.Input((height, width, channels + 1), name="image")
        x = conv(image, self.filters[0], size=1)
        maps = [half(x)]
        for index, filters in enumerate(self.filters[1:], start=1):
            x = layers.MaxPooling2D()(conv(x, filters))
            maps.append(x if index == len(self.filters) - 1 else half(x))
        flat = layers.Dense(self.units, "relu", kernel_initializer="he_normal")
        maps.append(flat(layers.Flatten()(x)))
        return keras.Model(image, maps, name="features")

    def inputs(self, layer):
        """Symbolic inputs of a prior or of the decoder (-1)."""
        shapes = self.seen_by(layer, [m.shape[1:] for m in self.features.outputs])
        if layer < self.num_layers - 1:
            shapes = [self.latent_shapes[layer + 1], *shapes]
        return [keras.Input(shape) for shape in shapes]

    def build_prior(self, layer):
        """[above, what it sees] to (mean, scale) of one layer."""
        inputs = self.inputs(layer)
        if layer == self.num_layers - 1:
            outputs = self.head(self.top_dim)(inputs[0])
            return keras.Model(inputs, outputs, name=f"prior_{layer + 1}")
        above, *seen = inputs
        shape = self.latent_shapes[layer]
        if layer == self.num_layers - 2:
            size = shape[0] * shape[1] * shape[2]
            x = layers.Dense(size, "relu", kernel_initializer="he_normal")(above)
            x = layers.Reshape(shape)(x)
        else:
            x = layers.UpSampling2D(interpolation="bilinear")(above)
            x = conv(x, shape[-1])
            x = x if x.shape[1] == shape[0] else half(x)
        outputs = self.head(shape[-1])(self.join(x, seen))
        return keras.Model(inputs, outputs, name=f"prior_{layer + 1}")

    def join(self, x, seen):
        """A map with what is seen of the border: a map, and a vector at every place."""
        if not seen:
            return x
        near, top = seen
        height, width, channels = x.shape[1:]
        spread = layers.RepeatVector(height * width)(layers.Dense(channels)(top))
        spread = layers.Reshape((height, width, channels))(spread)
        return layers.Concatenate()([x, near, spread])

    def build_decoder(self):
        """[z_1, what it sees] to means or logits of the hidden pixels."""
        inputs = self.inputs(-1)
        x = self.join(inputs[0], inputs[1:])
        levels = (NUM_LEVELS,) if self.output_kind == "categorical" else ()
        shape = (*self.hole_shape, *levels)
        channels = shape[2] * (levels[0] if levels else 1)
        x = layers.Conv2D(channels, 3, padding="same", dtype="float32")(x)
        x = layers.Reshape(shape, dtype="float32")(x)
        return keras.Model(inputs, x, name="decoder")

    def get_config(self):
        """The arguments, for saving."""
        own = {"filters": self.filters, "units": self.units, "top_dim": self.top_dim}
        return {**super().get_config(), **own}


def conv(x, filters, size=3):
    """A convolution with ReLU on a symbolic map; its size is kept."""
    return layers.Conv2D(
        filters,
        size,
        padding="same",
        activation="relu",
        kernel_initializer="he_normal",
    )(x)


def half(x):
    """The central half of a symbolic map."""
    height, width = x.shape[1] // 4, x.shape[2] // 4
    return layers.Cropping2D((height, width))(x)
