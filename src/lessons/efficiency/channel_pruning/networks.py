"""Architectures of the lesson, built of Keras layers, and what their channels cost.

Every convolution is without bias and followed by batch normalisation. A *gate* is a
layer whose channels may go: its scale is penalised, and one convolution reads it.
"""

import dataclasses
import math

from keras import layers

from lessons.efficiency.channel_pruning import theory
from lessons.toolkit.errors import UserError, unknown

EPSILON = 1e-3  # of batch normalisation, Keras's default


@dataclasses.dataclass(frozen=True)
class Conv:
    """One convolution of a chain: side of its kernels, padding, and a pool after it."""

    size: int
    padding: str = "same"
    pool: bool = False


@dataclasses.dataclass(frozen=True)
class Gate:
    """A layer whose channels may go, and what reads it, by the names of Keras's layers.

    Attributes:
        conv, norm: its convolution and its batch normalisation.
        reader, reader_norm: the convolution that reads it, and that one's.
    """

    conv: str
    norm: str
    reader: str
    reader_norm: str


# Convolutions before the last one, which is 1x1 with a channel for each class.
CHAINS = {
    "digits": (Conv(3, "valid"), Conv(3, "valid"), Conv(4, "valid")),
    "convnet": (Conv(5, pool=True), Conv(5, pool=True), Conv(3, pool=True))
    + (Conv(4, "valid"),),
}
# Channels of the gates; in a residual network those of the inner convolutions.
WIDTHS = {
    "digits": (32, 64, 64),
    "convnet": (96, 192, 192, 384),
    "resnet20": (16,) * 3 + (32,) * 3 + (64,) * 3,
}
STAGES = (16, 32, 64)  # channels that the additions of ResNet-20 tie together


def check(network, widths, image_shape):
    """Raise `UserError` unless a network of such widths can read such images.

    Args:
        network: a key of `WIDTHS`.
        widths: channels of each gate.
        image_shape: (height, width, channels).

    Returns:
        The widths, the published ones for an empty tuple.
    """
    if network not in WIDTHS:
        raise unknown("network", network, tuple(WIDTHS))
    widths = tuple(widths) or WIDTHS[network]
    if len(widths) != len(WIDTHS[network]) or min(widths) < 1:
        raise UserError(
            f"widths must be {len(WIDTHS[network])} whole numbers of at least 1 for "
            f"network={network!r}, got {widths}."
        )
    if network in CHAINS:
        sides = [_last_side(CHAINS[network], side) for side in image_shape[:2]]
        if sides != [1, 1]:
            raise UserError(
                f"network={network!r} must end in one place, got images of "
                f"{image_shape[0]}x{image_shape[1]}. Allowed: "
                + ("8x8." if network == "digits" else "sides from 25 to 32.")
            )
    return widths


def _last_side(chain, side):
    for conv in chain:
        side = side if conv.padding == "same" else side - conv.size + 1
        side = math.ceil(side / 2) if conv.pool else side
    return side


class Builder:
    """Adds layers with the names that `Gate`s hold.

    Args:
        loss_penalties: factor of the L1 norm of each gate's scale in the loss, or ().
        momentum: of the moving statistics.
        seed: of the first weights.
    """

    def __init__(self, loss_penalties, momentum, seed):
        self.loss_penalties = list(loss_penalties)
        self.momentum, self.seed = momentum, seed
        self.count = 0

    def conv(self, values, name, channels, size, padding="same", stride=1):
        """A convolution without bias; He's normal start."""
        from keras import initializers

        self.count += 1
        start = initializers.HeNormal(seed=(1000 * self.seed + self.count) % 2**31)
        return layers.Conv2D(
            channels,
            size,
            stride,
            padding,
            use_bias=False,
            kernel_initializer=start,
            data_format="channels_last",
            name=name,
        )(values)

    def norm(self, values, name, *, gate=False, scale=True):
        """Batch normalisation; the scale of a gate may be penalised in the loss."""
        from keras import regularizers

        penalty = None
        if gate and self.loss_penalties:
            penalty = regularizers.L1(self.loss_penalties.pop(0))
        return layers.BatchNormalization(
            axis=-1,
            momentum=self.momentum,
            epsilon=EPSILON,
            scale=scale,
            gamma_regularizer=penalty,
            name=name,
        )(values)


def chain(builder, values, network, widths, num_classes):
    """The layers of a chain and its gates: (logits, gates)."""
    for place, (conv, width) in enumerate(zip(CHAINS[network], widths, strict=True), 1):
        values = builder.conv(values, f"conv_{place}", width, conv.size, conv.padding)
        values = layers.ReLU()(builder.norm(values, f"norm_{place}", gate=True))
        if conv.pool:
            values = layers.MaxPooling2D(3, 2, "same", "channels_last")(values)
    values = builder.conv(values, "conv_last", num_classes, 1)
    values = builder.norm(values, "norm_last")
    names = [*range(1, len(widths) + 1), "last"]
    gates = [
        Gate(f"conv_{a}", f"norm_{a}", f"conv_{b}", f"norm_{b}")
        for a, b in zip(names[:-1], names[1:], strict=True)
    ]
    return layers.Flatten(data_format="channels_last")(values), gates


def residual(builder, values, widths, num_classes):
    """ResNet-20 and its gates, the first convolution of each block: (logits, gates).

    The additions tie the channels of a stage together, so only inner ones are gates.
    The second convolution of a block, the stem and projections have no scale.
    """
    values = builder.conv(values, "stem", STAGES[0], 3)
    values = layers.ReLU()(builder.norm(values, "stem_norm", scale=False))
    gates = []
    for place, width in enumerate(widths):
        stage = place * len(STAGES) // len(widths)
        first = place > 0 and stage > (place - 1) * len(STAGES) // len(widths)
        gate = Gate(*(f"block_{place + 1}_{x}" for x in ("a", "a_norm", "b", "b_norm")))
        gates.append(gate)
        inner = builder.conv(values, gate.conv, width, 3, stride=2 if first else 1)
        inner = layers.ReLU()(builder.norm(inner, gate.norm, gate=True))
        inner = builder.conv(inner, gate.reader, STAGES[stage], 3)
        inner = builder.norm(inner, gate.reader_norm, scale=False)
        if first:
            name = f"block_{place + 1}_p"
            values = builder.conv(values, name, STAGES[stage], 1, stride=2)
            values = builder.norm(values, f"{name}_norm", scale=False)
        values = layers.ReLU()(layers.Add()([values, inner]))
    values = layers.GlobalAveragePooling2D("channels_last")(values)
    return layers.Dense(num_classes, name="dense")(values), gates


def penalties(model):
    r"""$\lambda^l$ of each gate of a built network, see `theory.layer_penalty`.

    Args:
        model: with `gates`, such as a `GatedClassifier`.
    """
    found = []
    for gate in model.gates:
        height, width, inputs, _ = model.get_layer(gate.conv).kernel.shape
        reader = model.get_layer(gate.reader).kernel.shape
        found.append(
            theory.layer_penalty(
                (height, width),
                inputs,
                [(reader[0], reader[1], reader[3])],
                model.get_layer(gate.conv).output.shape[1:3],
                model.input_shape[1:3],
            )
        )
    return found
