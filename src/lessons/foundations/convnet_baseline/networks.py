"""Architectures of the two course projects, and their sizes by arithmetic.

Each is some convolutions without padding, each with a maximum over 2x2 after it, then
dense layers, then one logit or two. The blogs give no kernel sizes; these are those of
the released code.
"""

import dataclasses

from lessons.foundations.convnet_baseline import theory
from lessons.toolkit.errors import UserError

POOL = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class Architecture:
    """Layers of a network.

    Attributes:
        side: of the images that it was published for, pixels.
        channels: maps of each convolution.
        kernels: side of the kernels of each convolution.
        strides: of each convolution.
        dense: units of each dense layer before the last.
        outputs: 1 for a sigmoid, 2 for a softmax.
        batch_norm: whether every layer but the last is batch-normalised.
        dead_biases: whether biases stand before a batch normalisation, where they
            change nothing.
        hidden_biases: whether layers before the last have biases where there is no
            batch normalisation.
    """

    side: int = 48
    channels: tuple[int, ...] = (64, 64, 64)
    kernels: tuple[int, ...] = (5, 5, 4)
    strides: tuple[int, ...] = (1, 1, 1)
    dense: tuple[int, ...] = (512, 512)
    outputs: int = 1
    batch_norm: bool = False
    dead_biases: bool = False
    hidden_biases: bool = True

    @property
    def has_biases(self):
        """Whether the convolutions and dense layers before the last have biases."""
        return self.dead_biases if self.batch_norm else self.hidden_biases

    def __post_init__(self):
        sizes = {len(self.channels), len(self.kernels), len(self.strides)}
        if len(sizes) != 1 or not self.channels:
            raise UserError(
                "channels, kernels and strides must be of one length of at least 1, "
                f"got {self.channels}, {self.kernels} and {self.strides}."
            )
        counts = (*self.channels, *self.kernels, *self.strides, *self.dense)
        if min(counts) < 1:
            raise UserError(f"layers must have sizes of at least 1, got {counts}.")
        if self.outputs not in (1, 2):
            raise UserError(f"outputs must be 1 or 2, got {self.outputs!r}.")


_KASTNER = Architecture(
    channels=(32, 64, 128),
    kernels=(3, 2, 2),
    strides=(2, 1, 1),
    dense=(128, 64),
    outputs=2,
)
PUBLISHED = {
    # J. Chung: the blog's text; commits of 1 April 2015.
    "chung": Architecture(),
    "chung_april": Architecture(channels=(64, 64, 32)),
    "chung_deep": Architecture(
        channels=(64, 128, 128, 128), kernels=(3, 4, 3, 3), strides=(1, 1, 1, 1)
    ),
    # K. Kastner: convnet.py and normalized_convnet.py.
    "kastner": _KASTNER,
    "kastner_bn": dataclasses.replace(
        _KASTNER, dense=(128, 16), batch_norm=True, dead_biases=True
    ),
    # Small ones, for two cores and for tests.
    "laptop": Architecture(
        side=32, channels=(16, 16, 16), kernels=(5, 5, 3), dense=(96, 96)
    ),
    "tiny": Architecture(
        side=16, channels=(4, 4), kernels=(3, 3), strides=(1, 1), dense=(8, 8)
    ),
}


@dataclasses.dataclass(frozen=True)
class Stage:
    """What a layer with weights makes of an image.

    Attributes:
        kind: "conv" or "dense".
        side: of its map before the pool; 1 for a dense layer.
        pooled: of its map after the pool; 1 for a dense layer.
        units: maps or units.
        fan_in: inputs of a unit.
        field: receptive field in pixels of the image, before the pool; the whole image
            for a dense layer.
        pooled_field: the same after the pool.
        parameters: weights, biases, and what batch normalisation trains.
    """

    kind: str
    side: int
    pooled: int
    units: int
    fan_in: int
    field: int
    pooled_field: int
    parameters: int


def stages(architecture, image_shape=None):
    """The layers with weights, first to last, as `Stage`s.

    Args:
        architecture: an `Architecture`.
        image_shape: (height, width, channels); by default what it was published for.

    Raises:
        UserError: images are not square or too small, or have no channel.
    """
    height, width, inputs = image_shape or (architecture.side, architecture.side, 3)
    if height != width or inputs < 1:
        raise UserError(
            "images must be square with at least one channel, got "
            f"{(height, width, inputs)}."
        )
    found, side, field, jump = [], height, 1, 1
    for units, kernel, stride in zip(
        architecture.channels, architecture.kernels, architecture.strides, strict=True
    ):
        fan_in = kernel**2 * inputs
        size = theory.conv_size(side, kernel, stride)
        side = theory.conv_size(side, kernel, stride, POOL)
        field, jump = field + (kernel - 1) * jump, jump * stride
        count = _parameters(architecture, fan_in, units)
        seen = field, field + (POOL - 1) * jump
        found.append(Stage("conv", size, side, units, fan_in, *seen, count))
        field, jump, inputs = seen[1], jump * POOL, units
    fan_in = side**2 * inputs
    for units in architecture.dense:
        count = _parameters(architecture, fan_in, units)
        found.append(Stage("dense", 1, 1, units, fan_in, height, height, count))
        fan_in = units
    outputs = architecture.outputs
    count = (fan_in + 1) * outputs
    return [*found, Stage("dense", 1, 1, outputs, fan_in, height, height, count)]


def _parameters(architecture, fan_in, units):
    """Of a layer before the last: weights, biases, and gamma and beta."""
    norms = 2 if architecture.batch_norm else 0
    return (fan_in + architecture.has_biases + norms) * units


def count_parameters(architecture, image_shape=None):
    """Trainable parameters of a network (see `stages`)."""
    return sum(stage.parameters for stage in stages(architecture, image_shape))


def gain(architecture, scale, image_shape=None):
    r"""How much first weights, uniform in ±scale, scale a signal on its way.

    The product over the layers of the standard deviation $s / \sqrt 3$ times
    $\sqrt{n / 2}$ for $n$ inputs, of which ReLU leaves half of the power: 1 for the
    start of He et al. 2015.

    Args:
        architecture: an `Architecture`.
        scale: $s$.
        image_shape: see `stages`.
    """
    product = 1.0
    for stage in stages(architecture, image_shape):
        product *= scale * (stage.fan_in / 6) ** 0.5
    return product
