"""The block-stacking policy: three networks, trained by behavioural cloning."""

import keras
from keras import ops

from lessons.control.one_shot_imitation import theory
from lessons.control.one_shot_imitation.context import ContextNetwork, Demonstration
from lessons.control.one_shot_imitation.networks import (
    DemonstrationNetwork,
    manipulation_network,
)
from lessons.toolkit import runtime

NUM_ACTIONS = 4  # three moves and a logit that the gripper closes


class Cloned(keras.Model):
    """A policy trained on actions of an expert: `compile(optimizer)`, `fit(x, y)`.

    A subclass says in `losses_of(y, output)` what the loss of each example is. An
    example is a demonstration with several states of another demonstration of the task.
    """

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean loss of the batch, float32."""
        output = ops.cast(y_pred, "float32")
        losses = self.losses_of(ops.cast(y, "float32"), output)
        return runtime.batch_loss(losses, sample_weight)


@keras.saving.register_keras_serializable("lessons")
class StackingPolicy(Cloned):
    """pi(a | o, d) for block stacking; the same weights for any number of blocks.

    Inputs, a list: positions of blocks in the demonstration (batch, frames, blocks, 3),
    the robot there (batch, frames, 2), which frames are present (batch, frames), which
    blocks are present (batch, blocks), positions now (batch, states, blocks, 3), and
    the robot now (batch, states, 2). Positions are relative to the gripper. Without
    any frame present the policy is blind.

    Output: (batch, states, 4): three moves and the logit that the gripper closes.

    Args:
        units: of embeddings.
        dilations: of the demonstration network.
        steps: of the context network.
        heads: of attentions.
        start: of the context network, "zero" or "state".
        hidden: layers of the manipulation network.
        actions: size of the output.
        seed: of the first weights.
    """

    def __init__(
        self,
        units=64,
        dilations=(1, 2, 4, 8),
        steps=4,
        heads=2,
        start="zero",
        hidden=(256, 256),
        actions=NUM_ACTIONS,
        seed=0,
        **options,
    ):
        super().__init__(**options)
        self.sizes = {
            "units": units,
            "dilations": list(dilations),
            "steps": steps,
            "heads": heads,
            "start": start,
            "hidden": list(hidden),
            "actions": actions,
            "seed": seed,
        }
        seed = seed * 1000
        self.demonstration = DemonstrationNetwork(
            units, dilations, heads, seed + 100, name="demonstration"
        )
        self.context = ContextNetwork(
            units, steps, heads, start, seed + 300, name="context"
        )
        self.manipulation = manipulation_network(
            2 + 6 * heads, hidden, actions, seed + 500
        )

    @property
    def input_shapes(self):
        """Shapes of the inputs; what `export` needs `build` to be given."""
        seen = [(None, None, None, 3), (None, None, 2)]
        return [*seen, (None, None), (None, None), *seen]

    def build(self, shapes=None):
        """Make the weights; their shapes depend on no number of blocks or frames."""
        self.demonstration.build((None, None, None, 3), (None, None, 2), (None, None))
        self.context.build()
        self.built = True

    def embed(self, positions, robot, frames, blocks):
        """Embed a demonstration, once for all states; gives a `Demonstration`."""
        embedded = self.demonstration(positions, robot, blocks)
        frames, blocks = (ops.cast(mask, embedded.dtype) for mask in (frames, blocks))
        return Demonstration(embedded, frames, blocks)

    def look(self, demonstration, positions, robot):
        """(action, `Seen`) for states, given an embedded demonstration."""
        seen = self.context(demonstration, positions, robot)
        return self.manipulation(seen.context), seen

    def call(self, inputs):
        """Actions; see the class."""
        positions, robot, frames, blocks, now, robot_now = (
            ops.cast(part, self.compute_dtype) for part in inputs
        )
        embedded = self.embed(positions, robot, frames, blocks)
        return self.look(embedded, now, robot_now)[0]

    def losses_of(self, y, output):
        """Loss of each example, see `theory.imitation_loss`."""
        return theory.imitation_loss(y, output)

    def get_config(self):
        """What the model was made from."""
        return {**super().get_config(), **self.sizes}
