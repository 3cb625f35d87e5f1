"""The context network: from a demonstration and the present state to a few numbers."""

import typing

import keras
from keras import layers, ops

from lessons.control.one_shot_imitation import theory
from lessons.control.one_shot_imitation.networks import (
    NeighborhoodAttention,
    dense,
    require_positive,
    scale_weight,
)
from lessons.toolkit.errors import unknown

STARTS = ("zero", "state")


class Seen(typing.NamedTuple):
    """What a context network gives.

    Attributes:
        context: shape (batch, states, 2 + 6 heads).
        temporal: weights of frames in the last step, (batch, states, blocks, heads,
            frames).
        blocks: weights of the final queries, (batch, states, 2 heads, blocks).
    """

    context: typing.Any
    temporal: typing.Any
    blocks: typing.Any


class Demonstration(typing.NamedTuple):
    """An embedded demonstration.

    Attributes:
        embedded: shape (batch, frames, blocks, units).
        frames: which frames are present, (batch, frames).
        blocks: which blocks are present, (batch, blocks).
    """

    embedded: typing.Any
    frames: typing.Any
    blocks: typing.Any


@keras.saving.register_keras_serializable("lessons")
class ContextStep(layers.Layer):
    """One of the steps of a context network, with weights of its own; section 4.2.

    Each block forms queries; they attend over the demonstration, which gives one weight
    for each frame (`theory.temporal_weights`), and then over the blocks of the present
    state. An LSTM, one for all blocks, takes in what was found.

    Args:
        units: of embeddings.
        heads: queries of each block.
        seed: of the first weights.
    """

    def __init__(self, units, heads=2, seed=0, **options):
        super().__init__(**options)
        require_positive(units=units, heads=heads)
        self.units, self.heads, self.seed = units, heads, seed
        self.time_query = dense(heads * units, "time_query", seed + 1)
        self.time_scale = TimeScale(units, seed + 2, name="time_scale")
        self.context = dense(units, "context", seed + 3)
        self.query = dense(heads * units, "query", seed + 4)
        self.cell = layers.LSTMCell(
            units,
            kernel_initializer=keras.initializers.GlorotUniform(seed=seed + 5),
            recurrent_initializer=keras.initializers.Orthogonal(seed=seed + 6),
            name="cell",
        )

    def build(self, *shapes):
        """Make the weights, whose shapes depend on `units` and `heads` alone."""
        units, heads = self.units, self.heads
        self.time_query.build((None, units))
        self.time_scale.build()
        self.context.build((None, (1 + heads) * units))
        self.query.build((None, (1 + heads) * units))
        self.cell.build((None, 5 + heads * (3 + heads * units) + heads * units))
        self.scale = scale_weight(self, units, self.seed + 7)
        self.built = True

    def over_time(self, x, demonstration, count):
        """What each block finds in the demonstration.

        Args:
            x: shape (batch, states or 1, blocks or 1, units).
            demonstration: a `Demonstration`.
            count: number of blocks.

        Returns:
            (found, weights): (batch, states or 1, blocks, heads * units) and
            (batch, states or 1, blocks, heads, frames).
        """
        embedded, frames, blocks = demonstration
        batch, num_frames = ops.shape(embedded)[:2]
        states, asking = ops.shape(x)[1:3]
        asked = states * asking * self.heads
        query = ops.reshape(self.time_query(x), (batch, asked, self.units))
        entries = ops.reshape(embedded, (batch, num_frames * count, self.units))
        scores = self.time_scale(query[:, :, None], entries[:, None])
        present = frames[:, :, None] * blocks[:, None, :]
        weights = theory.temporal_weights(
            ops.reshape(scores, (batch, asked, num_frames, count)), present[:, None]
        )
        shape = (batch, states, asking, self.heads, num_frames)
        weights = ops.reshape(weights, shape)
        weights = ops.broadcast_to(
            weights, (batch, states, count, self.heads, num_frames)
        )
        found = ops.einsum(
            "nsbht,ntbd->nsbhd", ops.cast(weights, embedded.dtype), embedded
        )
        return ops.reshape(found, (batch, states, count, -1)), weights

    def call(self, out, carry, demonstration, positions, robot):
        """The next (out, carry, weights of frames).

        Args:
            out, carry: of the LSTM, (batch, states, blocks, units); 1 in the place of
                states and blocks at the start.
            demonstration: a `Demonstration`.
            positions: of blocks now, (batch, states, blocks, 3).
            robot: now, (batch, states, 2).
        """
        batch, states, count = ops.shape(positions)[:3]
        x = ops.relu(out)
        temp, weights = self.over_time(x, demonstration, count)
        lead = ops.shape(temp)[:3]
        x = ops.broadcast_to(x, (*lead, self.units))
        joined = ops.concatenate([x, temp], axis=-1)
        query = ops.reshape(
            self.query(joined), (*lead[:2], count * self.heads, self.units)
        )
        each = (batch, states, count)
        temp = ops.broadcast_to(temp, (*each, self.heads * self.units))
        found, _ = theory.soft_attention(
            query,
            self.context(joined),
            ops.concatenate([positions, temp], axis=-1),
            ops.cast(self.scale, temp.dtype),
            demonstration.blocks[:, None],
        )
        found = ops.reshape(found, (*each, self.heads * (3 + self.heads * self.units)))
        robot = ops.broadcast_to(robot[:, :, None], (*each, 2))
        taken = ops.concatenate([robot, positions, found, temp], axis=-1)
        state = [self._rows(out, each), self._rows(carry, each)]
        out, (_, carry) = self.cell(self._rows(taken, each), state)
        shape = (*each, self.units)
        return ops.reshape(out, shape), ops.reshape(carry, shape), weights

    def _rows(self, values, each):
        """Values of all blocks, one below the other."""
        width = values.shape[-1]
        return ops.reshape(ops.broadcast_to(values, (*each, width)), (-1, width))

    def get_config(self):
        """What the layer was made from."""
        made = {"units": self.units, "heads": self.heads, "seed": self.seed}
        return {**super().get_config(), **made}


@keras.saving.register_keras_serializable("lessons")
class TimeScale(layers.Layer):
    """Scores of soft attention with a vector v of its own.

    Args:
        units: size of v.
        seed: of its first numbers.
    """

    def __init__(self, units, seed=0, **options):
        super().__init__(**options)
        self.units, self.seed = units, seed

    def build(self, *shapes):
        """Make v."""
        self.scale = scale_weight(self, self.units, self.seed)
        self.built = True

    def call(self, query, context):
        """The scores, see `theory.additive_scores`."""
        scale = ops.cast(self.scale, query.dtype)
        return theory.additive_scores(query, context, scale)

    def get_config(self):
        """What the layer was made from."""
        return {**super().get_config(), "units": self.units, "seed": self.seed}


@keras.saving.register_keras_serializable("lessons")
class ContextNetwork(layers.Layer):
    """What matters now: the robot and a few places of blocks; section 4.2.

    Several `ContextStep`s with weights of their own, then two trained queries for each
    head that attend over the blocks of the present state. Whatever the number of
    blocks and frames, 2 + 6 heads numbers come out.

    Args:
        units: of embeddings.
        steps: of the LSTM, 4 in the paper.
        heads: queries of each block.
        start: what the first step asks with: "zero", as in the paper, so that its
            weights of frames do not depend on the state; or "state", what
            neighbourhood attention makes of the present blocks.
        seed: of the first weights.
    """

    def __init__(self, units, steps=4, heads=2, start="zero", seed=0, **options):
        super().__init__(**options)
        require_positive(units=units, steps=steps, heads=heads)
        if start not in STARTS:
            raise unknown("start", start, STARTS)
        self.units, self.num_steps, self.start = units, steps, start
        self.heads, self.seed = heads, seed
        if start == "state":
            self.project = dense(units, "project", seed + 3)
            self.first = NeighborhoodAttention(units, heads, seed + 4, name="first")
        self.steps = [
            ContextStep(units, heads, seed + 10 * i, name=f"step_{i}")
            for i in range(1, steps + 1)
        ]

    def build(self, *shapes):
        """Make the weights."""
        for step in self.steps:
            step.build()
        if self.start == "state":
            self.project.build((None, 3))
            self.first.build((None, None, self.units), (None, None, 3), None, None)
        start = keras.initializers.RandomNormal(0, 1.0, seed=self.seed + 1)
        self.queries = self.add_weight(
            (2 * self.heads, self.units), initializer=start, name="queries"
        )
        self.scale = scale_weight(self, self.units, self.seed + 2)
        self.built = True

    def call(self, demonstration, positions, robot):
        """A `Seen`.

        Args:
            demonstration: a `Demonstration`.
            positions: of blocks now, (batch, states, blocks, 3).
            robot: now, (batch, states, 2).
        """
        batch, states = ops.shape(positions)[:2]
        out = carry = ops.zeros((batch, 1, 1, self.units), positions.dtype)
        if self.start == "state":
            blocks = ops.broadcast_to(
                demonstration.blocks[:, None], ops.shape(positions)[:3]
            )
            out = ops.relu(self.project(positions))
            out = self.first(out, positions, robot, blocks)
        for step in self.steps:
            out, carry, temporal = step(out, carry, demonstration, positions, robot)
        queries = ops.cast(self.queries, positions.dtype)[None, None]
        places, weights = theory.soft_attention(
            queries,
            out,
            positions,
            ops.cast(self.scale, positions.dtype),
            demonstration.blocks[:, None],
        )
        places = ops.reshape(places, (batch, states, 6 * self.heads))
        return Seen(ops.concatenate([robot, places], axis=-1), temporal, weights)

    def get_config(self):
        """What the layer was made from."""
        made = {
            "units": self.units,
            "steps": self.num_steps,
            "heads": self.heads,
            "start": self.start,
            "seed": self.seed,
        }
        return {**super().get_config(), **made}
