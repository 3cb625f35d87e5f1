"""Three policies for particles: a plain LSTM, one with attention, the final frame."""

import keras
from keras import layers, ops

from lessons.control.one_shot_imitation import theory
from lessons.control.one_shot_imitation.model import Cloned
from lessons.control.one_shot_imitation.networks import dense, require_positive
from lessons.toolkit.errors import unknown

KINDS = ("plain", "attention", "final")


@keras.saving.register_keras_serializable("lessons")
class ReachPolicy(Cloned):
    """pi(a | o, d) for particles; section 4 and figure 2 of the paper.

    Inputs, a list: a demonstration (batch, frames, 2 + 2 landmarks) and states now
    (batch, states, 2 + 2 landmarks); each row holds the velocity and the landmarks
    relative to the particle. Output: pushes, (batch, states, 2).

    * "plain": an LSTM reads the demonstration; a network sees its output and the state.
    * "attention": what the LSTM gives becomes weights over landmarks; a network sees
      the weighted landmark of the present state and the velocity.
    * "final": the same, with weights from the last frame alone.

    Args:
        num_landmarks: whose order is their name.
        kind: one of `KINDS`.
        units: of the LSTM, or of the two layers that read the last frame.
        hidden: of the network that gives the push.
        seed: of the first weights.
    """

    def __init__(
        self, num_landmarks, kind="plain", units=40, hidden=64, seed=0, **options
    ):
        super().__init__(**options)
        if kind not in KINDS:
            raise unknown("kind", kind, KINDS)
        require_positive(num_landmarks=num_landmarks, units=units, hidden=hidden)
        self.num_landmarks, self.kind = num_landmarks, kind
        self.units, self.hidden, self.seed = units, hidden, seed
        start = keras.initializers.GlorotUniform
        seed = seed * 100
        if kind == "final":
            self.reader = keras.Sequential(
                [
                    keras.Input((2 + 2 * num_landmarks,)),
                    layers.Dense(units, "relu", kernel_initializer=start(seed + 1)),
                    layers.Dense(units, "relu", kernel_initializer=start(seed + 2)),
                ],
                name="reader",
            )
        else:
            self.reader = layers.LSTM(
                units,
                kernel_initializer=start(seed + 1),
                recurrent_initializer=keras.initializers.Orthogonal(seed=seed + 2),
                name="reader",
            )
        if kind != "plain":
            self.choose = dense(num_landmarks, "choose", seed + 3)
        width = units + 2 + 2 * num_landmarks if kind == "plain" else 4
        self.push = keras.Sequential(
            [
                keras.Input((None, width)),
                layers.Dense(hidden, "relu", kernel_initializer=start(seed + 4)),
                dense(2, "action", seed + 5),
            ],
            name="push",
        )

    @property
    def input_shapes(self):
        """Shapes of the inputs; what `export` needs `build` to be given."""
        return [(None, None, 2 + 2 * self.num_landmarks)] * 2

    def build(self, shapes=None):
        """Make the weights."""
        if self.kind != "final":
            self.reader.build((None, None, 2 + 2 * self.num_landmarks))
        if self.kind != "plain":
            self.choose.build((None, self.units))
        self.built = True

    def read(self, frames):
        """What is kept of demonstrations, (batch, units)."""
        return self.reader(frames[:, -1] if self.kind == "final" else frames)

    def weights_of(self, code):
        """Weights over landmarks, (batch, landmarks), for the kinds with attention."""
        return theory.masked_softmax(self.choose(code))

    def act(self, code, states):
        """Pushes for states (batch, states, 2 + 2 landmarks), given `read`'s code."""
        batch, count = ops.shape(states)[:2]
        if self.kind == "plain":
            code = ops.broadcast_to(code[:, None], (batch, count, self.units))
            return self.push(ops.concatenate([code, states], axis=-1))
        weights = ops.cast(self.weights_of(code), states.dtype)
        places = ops.reshape(states[..., 2:], (batch, count, self.num_landmarks, 2))
        place = ops.einsum("nl,nsld->nsd", weights, places)
        return self.push(ops.concatenate([place, states[..., :2]], axis=-1))

    def call(self, inputs):
        """Pushes; see the class."""
        frames, states = (ops.cast(part, self.compute_dtype) for part in inputs)
        return self.act(self.read(frames), states)

    def losses_of(self, y, output):
        """Loss of each example, see `theory.pushing_loss`."""
        return theory.pushing_loss(y, output)

    def get_config(self):
        """What the model was made from."""
        made = {
            "num_landmarks": self.num_landmarks,
            "kind": self.kind,
            "units": self.units,
            "hidden": self.hidden,
            "seed": self.seed,
        }
        return {**super().get_config(), **made}
