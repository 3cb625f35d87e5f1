"""A compiled loop over time for cells that Keras does not have.

Which loop is the fastest was measured on two cores (`python -m benchmarks.loops`):

* XLA (`jit_compile=True`, static shapes) makes cells of many small operations about
  three times faster, at 10 as at 100 steps, and compiles in seconds at any length,
  since the loop's body is compiled once. An LSTM's few large products gain nothing.
* `scan` is as fast as `keras.layers.RNN` with the same cell, with XLA and without. It
  is for what that layer cannot do: nests of inputs and outputs, products of all inputs
  taken out of the loop, time first without a copy.
* Unrolling ten steps is a little faster than a loop without XLA, slower than one with
  it, and takes the longest to trace. A hundred steps under XLA take minutes to compile.

Whatever depends on the inputs alone belongs before the loop: one product of all steps'
inputs with the input kernel is several times faster than one product per step.
"""

import tensorflow as tf

from lessons.toolkit.errors import UserError


def scan(step, inputs, state):
    """Run a cell over time.

    Args:
        step: function of (inputs of one step, state) that returns (outputs of the
            step, new state). The new state has the shapes and dtypes of the old. It
            makes no variables: cells are built before.
        inputs: a tensor of shape (time, batch, ...), or a nest of such tensors.
        state: the first state, a tensor or a nest of tensors.

    Returns:
        (outputs, state): outputs stacked along a first axis of `time`, in the nest
        that `step` returns, and the last state.

    Raises:
        UserError: inputs of different lengths, or none.

    Runs eagerly, in a graph and, where `time` is static, under XLA; gradients flow
    through inputs, state and whatever `step` reads.
    """
    flat = [tf.convert_to_tensor(tensor) for tensor in tf.nest.flatten(inputs)]
    state = tf.nest.map_structure(tf.convert_to_tensor, state)
    lengths = {tensor.shape[0] for tensor in flat} - {None}
    if len(lengths) != 1 and any(tensor.shape[0] is not None for tensor in flat):
        raise UserError(
            f"inputs have {sorted(lengths)} steps. Allowed: one number for all."
        )
    if not flat:
        raise UserError("scan needs at least one tensor of inputs, got none.")

    def at(values):
        return tf.nest.pack_sequence_as(inputs, values)

    if tf.executing_eagerly():
        return _in_python(step, flat, at, state)
    return _in_graph(step, flat, at, state, lengths)


def _in_python(step, flat, at, state):
    outputs = []
    for values in zip(*map(tf.unstack, flat), strict=True):
        output, state = step(at(values), state)
        outputs.append(output)
    if not outputs:
        raise UserError("inputs have 0 steps. Allowed: at least 1.")
    return tf.nest.map_structure(lambda *steps: tf.stack(steps), *outputs), state


def _in_graph(step, flat, at, state, lengths):
    # XLA needs to know how many steps there are while it compiles.
    length = lengths.pop() if lengths else tf.shape(flat[0])[0]
    if isinstance(length, int) and length == 0:
        raise UserError("inputs have 0 steps. Allowed: at least 1.")
    specs = _output_specs(step, flat, at, state)
    # Arrays of tensors, not slices: the gradient of a slice is as large as the whole.
    sources = [
        tf.TensorArray(x.dtype, length, element_shape=x.shape[1:]).unstack(x)
        for x in flat
    ]
    targets = [
        tf.TensorArray(spec.dtype, length, element_shape=spec.shape)
        for spec in tf.nest.flatten(specs)
    ]

    def body(t, targets, state):
        output, state = step(at([source.read(t) for source in sources]), state)
        values = tf.nest.flatten(output)
        written = [a.write(t, v) for a, v in zip(targets, values, strict=True)]
        return t + 1, written, state

    _, targets, state = tf.while_loop(
        lambda t, *_: t < length,
        body,
        (tf.constant(0), targets, state),
        maximum_iterations=length,
    )
    outputs = [array.stack() for array in targets]
    return tf.nest.pack_sequence_as(specs, outputs), state


def _output_specs(step, flat, at, state):
    """Shapes and dtypes of one step's outputs: traced in a graph that is not run."""

    def one_step(values, state):
        return step(at(values), state)[0]

    values = [tf.TensorSpec(x.shape[1:], x.dtype) for x in flat]
    states = tf.nest.map_structure(lambda x: tf.TensorSpec(x.shape, x.dtype), state)
    traced = tf.function(one_step, autograph=False)
    return traced.get_concrete_function(values, states).structured_outputs
