"""The NTM as a recurrent cell: controller, heads and memory of one time step."""

import keras
from keras import layers, ops

from lessons.memory.neural_turing_machine import heads, theory
from lessons.toolkit.errors import UserError, unknown

CONTROLLERS = ("feedforward", "lstm")
MEMORY_STARTS = ("constant", "random", "learned")
WEIGHT_STARTS = ("learned", "first", "uniform")
SHARPENING = {"log": theory.sharpen, "power": theory.sharpen_by_power}
SMALL = 1e-6  # the constant that the memory starts with


@keras.saving.register_keras_serializable("lessons")
class NTMCell(layers.Layer):
    r"""One step of a Neural Turing Machine.

    The paper leaves the order of a step open. Here: the controller sees the input and
    what was read one step ago; the write heads find their weightings in $M_{t-1}$ and
    make $M_t$; the read heads find theirs in $M_t$ and read it. The output is the
    controller's $z_t$ beside what was read, $[z_t; r_t]$.

    The state is (r, w, M) and, of an LSTM controller, (h, c): what was read (batch,
    reads * width), weightings (batch, writes + reads, slots) with the write heads
    first, memory (batch, slots, width). All arithmetic is in float32: squares of a
    memory of 1e-6 do not exist in half precision.

    Args:
        units: width of the controller.
        controller: "feedforward" (one tanh layer) or "lstm" (forget bias 1).
        num_slots, width: N and M of the memory.
        num_read, num_write: heads of either kind.
        reach: largest shift; a head chooses among 2 * reach + 1.
        memory_start: "constant" 1e-6, "random" (anew for each batch) or "learned".
        weight_start: weightings before the first step: "learned", "first" (all at
            slot 0) or "uniform".
        learned_read: whether the first read vector is learned, or zero.
        start_spread: deviation of the logits that learned weightings start with.
        positive: "softplus" or "exp", for strengths and sharpness.
        sharpening: "log" or "power".
        limit: bound of the head parameters before squashing, or None.
    """

    def __init__(
        self,
        units,
        controller="feedforward",
        *,
        num_slots=128,
        width=20,
        num_read=1,
        num_write=1,
        reach=1,
        memory_start="constant",
        weight_start="learned",
        learned_read=True,
        start_spread=3.0,
        positive="softplus",
        sharpening="log",
        limit=20.0,
        dtype="float32",
        **options,
    ):
        super().__init__(dtype=dtype, **options)
        for kind, given, allowed in (
            ("controller", controller, CONTROLLERS),
            ("memory_start", memory_start, MEMORY_STARTS),
            ("weight_start", weight_start, WEIGHT_STARTS),
            ("positive", positive, heads.POSITIVE),
            ("sharpening", sharpening, SHARPENING),
        ):
            if given not in allowed:
                raise unknown(kind, given, allowed)
        if 2 * reach + 1 > num_slots:
            raise UserError(
                f"reach={reach} shifts over {2 * reach + 1} slots, but the memory has "
                f"{num_slots}."
            )
        self.units, self.controller = units, controller
        self.num_slots, self.width = num_slots, width
        self.num_read, self.num_write, self.reach = num_read, num_write, reach
        self.memory_start, self.weight_start = memory_start, weight_start
        self.learned_read, self.start_spread = learned_read, start_spread
        self.positive = positive
        self.sharpening, self.limit = sharpening, limit
        self.seed_generator = keras.random.SeedGenerator()

    @property
    def state_size(self):
        """Sizes of the states, as `keras.layers.RNN` wants them."""
        num_heads = self.num_write + self.num_read
        sizes = [self.num_read * self.width]
        sizes += [(num_heads, self.num_slots), (self.num_slots, self.width)]
        return sizes + [self.units] * (2 * (self.controller == "lstm"))

    @property
    def output_size(self):
        """Size of the output [z; r]."""
        return self.units + self.num_read * self.width

    def build(self, input_shape):
        """Make the weights; `input_shape` ends with the number of input channels."""
        reads = self.num_read * self.width
        num_gates = 4 if self.controller == "lstm" else 1
        wide = num_gates * self.units
        self.kernel = self._weight((input_shape[-1], wide), name="kernel")
        self.read_kernel = self._weight((reads, wide), name="read_kernel")
        if self.controller == "lstm":
            self.recurrent_kernel = self._weight(
                (self.units, wide), initializer="orthogonal", name="recurrent_kernel"
            )
        self.bias = self._weight((wide,), initializer=self._bias_start, name="bias")
        emitted = heads.size(self.num_read, self.num_write, self.width, self.reach)
        self.head_kernel = self._weight((self.units, emitted), name="head_kernel")
        self.head_bias = self._weight((emitted,), initializer="zeros", name="head_bias")
        self._build_start()

    def _bias_start(self, shape, dtype=None):
        """Zeros; of an LSTM, 1 for the forget gates (the second of four blocks)."""
        ones = ops.ones((self.units,), dtype)
        if self.controller == "feedforward":
            return 0 * ones
        return ops.concatenate([0 * ones, ones, 0 * ones, 0 * ones])

    def _weight(self, shape, initializer="glorot_uniform", *, name):
        # Without autocasting: in a mixed precision model the cell stays in float32.
        return self.add_weight(
            shape, initializer=initializer, name=name, autocast=False
        )

    def _build_start(self):
        if self.learned_read:
            self.first_read = self._weight(
                (self.num_read * self.width,), initializer="zeros", name="first_read"
            )
        if self.weight_start == "learned":
            # Random: with equal logits all slots would stay equal for ever.
            self.first_weights = self._weight(
                (self.num_write + self.num_read, self.num_slots),
                initializer=keras.initializers.RandomNormal(stddev=self.start_spread),
                name="first_weights",
            )
        if self.memory_start == "learned":
            self.first_memory = self._weight(
                (self.num_slots, self.width),
                initializer=keras.initializers.RandomNormal(stddev=0.1),
                name="first_memory",
            )

    def get_initial_state(self, batch_size=None):
        """The state before the first step, for `batch_size` sequences."""
        num_heads = self.num_write + self.num_read
        if self.learned_read:
            read = ops.tanh(self.first_read)
        else:
            read = ops.zeros((self.num_read * self.width,), "float32")
        if self.weight_start == "learned":
            weights = ops.softmax(self.first_weights, axis=-1)
        elif self.weight_start == "first":
            weights = ops.tile(ops.eye(1, self.num_slots), (num_heads, 1))
        else:
            weights = ops.full((num_heads, self.num_slots), 1 / self.num_slots)
        state = [_for_each(batch_size, read), _for_each(batch_size, weights)]
        state.append(self._initial_memory(batch_size))
        if self.controller == "lstm":
            state += [ops.zeros((batch_size, self.units), "float32")] * 2
        return state

    def _initial_memory(self, batch_size):
        shape = (self.num_slots, self.width)
        if self.memory_start == "learned":
            return _for_each(batch_size, self.first_memory)
        if self.memory_start == "random":
            return keras.random.truncated_normal(
                (batch_size, *shape), stddev=0.5, seed=self.seed_generator
            )
        return ops.full((batch_size, *shape), SMALL, "float32")

    def project(self, inputs):
        """The part of the controller that depends on the input alone.

        It can be computed for all time steps at once, before the loop.
        """
        inputs = ops.cast(inputs, self.compute_dtype)
        return ops.matmul(inputs, self.kernel) + self.bias

    def step(self, projected, state):
        """One time step.

        Args:
            projected: `project` of the input, shape (batch, units or 4 * units).
            state: (r, w, M) and, with an LSTM, (h, c).

        Returns:
            (outputs, state): [z; r], shape (batch, units + reads * width), and the
            new state.
        """
        read, weights, memory, *hidden = state
        z, hidden = self.control(projected, read, hidden)
        do = self.instructions(z)
        first = self.num_write
        sharpening = SHARPENING[self.sharpening]
        writing = theory.address(
            memory, weights[:, :first], do.address.heads(0, first), sharpening
        )  # (batch, writes, slots)
        memory = theory.write(memory, writing, do.erase, do.add)
        reading = theory.address(
            memory, weights[:, first:], do.address.heads(first, None), sharpening
        )  # (batch, reads, slots)
        read = theory.read(memory, reading)
        read = ops.reshape(read, (-1, self.num_read * self.width))
        weights = ops.concatenate([writing, reading], axis=1)
        return ops.concatenate([z, read], axis=-1), [read, weights, memory, *hidden]

    def instructions(self, z):
        """What the controller's z, shape (batch, units), tells the heads to do."""
        return heads.parse(
            ops.matmul(z, self.head_kernel) + self.head_bias,
            self.num_read,
            self.num_write,
            self.width,
            self.reach,
            self.positive,
            self.limit,
        )

    def control(self, projected, read, hidden):
        """The controller of one time step.

        Args:
            projected: `project` of the input, shape (batch, units or 4 * units).
            read: what was read one step ago, shape (batch, reads * width).
            hidden: [h, c] of an LSTM, else [].

        Returns:
            (z, new hidden): z has shape (batch, units).
        """
        total = projected + ops.matmul(read, self.read_kernel)
        if self.controller == "feedforward":
            return ops.tanh(total), []
        h, c = hidden
        h, c = lstm_step(total + ops.matmul(h, self.recurrent_kernel), c)
        return h, [h, c]

    def call(self, inputs, states, training=False):
        """One step for `keras.layers.RNN`: (outputs, states)."""
        return self.step(self.project(inputs), list(states))

    def get_config(self):
        """The arguments of the constructor."""
        names = (
            *("units", "controller", "num_slots", "width", "num_read", "num_write"),
            *("reach", "memory_start", "weight_start", "learned_read", "start_spread"),
            *("positive", "sharpening", "limit"),
        )
        return super().get_config() | {name: getattr(self, name) for name in names}


def lstm_step(total, c):
    """The gates of an LSTM: (h, c) from the sum of all products.

    Args:
        total: input, forget, new and output gate side by side, (batch, 4 * units).
        c: the cell's content, shape (batch, units).
    """
    enter, forget, new, leave = ops.split(total, 4, axis=-1)
    c = ops.sigmoid(forget) * c + ops.sigmoid(enter) * ops.tanh(new)
    return ops.sigmoid(leave) * ops.tanh(c), c


def _for_each(batch_size, value):
    """The same start for every sequence: (batch, ...)."""
    return ops.repeat(value[None], batch_size, axis=0)
