"""Neighbourhood attention, and the demonstration and manipulation networks."""

import keras
from keras import layers, ops

from lessons.control.one_shot_imitation import theory
from lessons.toolkit.errors import UserError


def require_positive(**values):
    """Check that sizes are at least 1.

    Raises:
        UserError: one is below 1.
    """
    for name, value in values.items():
        if value < 1:
            raise UserError(f"{name} must be at least 1, got {value}.")


def dense(units, name, seed):
    """A layer without activation whose first weights follow the seed."""
    start = keras.initializers.GlorotUniform(seed=seed)
    return layers.Dense(units, kernel_initializer=start, name=name)


def scale_weight(layer, units, seed):
    """The vector v of an attention. From zero the queries would not move at first."""
    start = keras.initializers.RandomNormal(0, units**-0.5, seed=seed)
    return layer.add_weight((units,), initializer=start, name="scale")


@keras.saving.register_keras_serializable("lessons")
class NeighborhoodAttention(layers.Layer):
    """Each block asks all blocks; "Neighborhood attention" in section 4.1.

    Inputs: embeddings h of blocks (..., blocks, units), their positions
    (..., blocks, 3), the robot (..., 2), and which blocks are present (..., blocks).
    Output: (..., blocks, units). Block i forms a query from $h_i$ for each head and
    attends over the pairs (position, $h_j$) of all blocks, itself included; one linear
    map takes $h_i$, what the heads found, its own position and the robot. The weights
    belong to no block and to no number of blocks: if blocks are permuted, so is the
    output.

    Args:
        units: of embeddings.
        heads: queries of each block.
        seed: of the first weights.
    """

    def __init__(self, units, heads=2, seed=0, **options):
        super().__init__(**options)
        require_positive(units=units, heads=heads)
        self.units, self.heads, self.seed = units, heads, seed
        self.query = dense(heads * units, "query", seed + 1)
        self.context = dense(units, "context", seed + 2)
        self.out = dense(units, "out", seed + 3)

    def build(self, h_shape, positions_shape, robot_shape, present_shape):
        """Make the weights."""
        self.query.build(h_shape)
        self.context.build(h_shape)
        found = self.heads * (self.units + 3)
        self.out.build((*h_shape[:-1], self.units + found + 3 + 2))
        self.scale = scale_weight(self, self.units, self.seed + 4)
        self.built = True

    def call(self, h, positions, robot, present):
        """The new embeddings; see the class."""
        count = ops.shape(h)[-2]
        lead = ops.shape(h)[:-2]
        query = ops.reshape(self.query(h), (*lead, count * self.heads, self.units))
        memory = ops.concatenate([positions, h], axis=-1)
        found, _ = theory.soft_attention(
            query, self.context(h), memory, ops.cast(self.scale, h.dtype), present
        )
        found = ops.reshape(found, (*lead, count, self.heads * (self.units + 3)))
        robot = ops.broadcast_to(robot[..., None, :], (*lead, count, 2))
        return self.out(ops.concatenate([h, found, positions, robot], axis=-1))

    def get_config(self):
        """What the layer was made from."""
        made = {"units": self.units, "heads": self.heads, "seed": self.seed}
        return {**super().get_config(), **made}


@keras.saving.register_keras_serializable("lessons")
class CausalConvolution(layers.Layer):
    """A dilated convolution over time with a kernel of 2, for each block by itself.

    Input: (batch, frames, blocks, channels). Output: (batch, frames, blocks, units): a
    linear map of a frame and the one `dilation` before it, zeros before the first. So
    frames that are padded at the end reach no other.

    Args:
        units: of the output.
        dilation: distance of the two frames.
        seed: of the first weights.
    """

    def __init__(self, units, dilation=1, seed=0, **options):
        super().__init__(**options)
        require_positive(units=units, dilation=dilation)
        self.units, self.dilation, self.seed = units, dilation, seed
        self.out = dense(units, "out", seed)

    def build(self, x_shape):
        """Make the weights."""
        self.out.build((*x_shape[:-1], 2 * x_shape[-1]))
        self.built = True

    def call(self, x):
        """The convolution; see the class."""
        zeros = [(0, 0), (self.dilation, 0), (0, 0), (0, 0)]
        before = ops.pad(x, zeros)[:, : ops.shape(x)[1]]
        return self.out(ops.concatenate([before, x], axis=-1))

    def get_config(self):
        """What the layer was made from."""
        made = {"units": self.units, "dilation": self.dilation, "seed": self.seed}
        return {**super().get_config(), **made}


@keras.saving.register_keras_serializable("lessons")
class DemonstrationNetwork(layers.Layer):
    """Embeds every block in every frame of a demonstration; section 4.1.

    Inputs: positions of blocks (batch, frames, blocks, 3), the robot (batch, frames,
    2), and which blocks are present (batch, blocks). Output: (batch, frames, blocks,
    units). For each dilation: neighbourhood attention within each frame, a dilated
    convolution over time, and a residual sum. (The appendix's listing forgets to hand
    what the attention gives to the convolution; its text does.)

    Args:
        units: of embeddings.
        dilations: of the convolutions, one block of the network for each.
        heads: of each attention.
        seed: of the first weights.
    """

    def __init__(self, units, dilations=(1, 2, 4, 8), heads=2, seed=0, **options):
        super().__init__(**options)
        self.units, self.dilations = units, tuple(dilations)
        self.heads, self.seed = heads, seed
        self.project = dense(units, "project", seed)
        self.attend = [
            NeighborhoodAttention(units, heads, seed + 10 * i, name=f"attend_{i}")
            for i in range(1, len(self.dilations) + 1)
        ]
        self.convolve = [
            CausalConvolution(units, a, seed + 10 * i + 5, name=f"convolve_{i}")
            for i, a in enumerate(self.dilations, start=1)
        ]

    def build(self, positions_shape, robot_shape, present_shape):
        """Make the weights."""
        self.project.build(positions_shape)
        h = (*positions_shape[:-1], self.units)
        for attend, convolve in zip(self.attend, self.convolve, strict=True):
            attend.build(h, positions_shape, robot_shape, present_shape)
            convolve.build((*positions_shape[:-1], self.units + 3 + 2))
        self.built = True

    def call(self, positions, robot, present):
        """The embeddings; see the class."""
        h = self.project(positions)  # (batch, frames, blocks, units)
        shape = ops.shape(positions)[:-1]
        each = ops.broadcast_to(robot[..., None, :], (*shape, 2))
        present = ops.broadcast_to(present[:, None], shape)
        for attend, convolve in zip(self.attend, self.convolve, strict=True):
            r = attend(ops.relu(h), positions, robot, present)
            h = h + ops.relu(convolve(ops.concatenate([r, positions, each], axis=-1)))
        return h

    def get_config(self):
        """What the layer was made from."""
        made = {
            "units": self.units,
            "dilations": list(self.dilations),
            "heads": self.heads,
            "seed": self.seed,
        }
        return {**super().get_config(), **made}


def manipulation_network(inputs, hidden, actions, seed=0):
    """From the context embedding to an action; section 4.3.

    Args:
        inputs: size of the context embedding.
        hidden: sizes of the hidden layers, (256, 256) in the paper.
        actions: size of the output.
        seed: of the first weights.
    """
    parts = [keras.Input((None, inputs))]
    for i, units in enumerate(hidden):
        start = keras.initializers.HeUniform(seed=seed + i)
        parts.append(layers.Dense(units, "relu", kernel_initializer=start))
    parts.append(dense(actions, "action", seed + len(hidden)))
    return keras.Sequential(parts, name="manipulation")
