"""Networks whose parameters are given: a copy of them for each task.

`model(x)` reads its own variables. An adapted network has other numbers in the same
places: `stateless_call` of Keras takes them as a list, for one task; `mlp` and
`policy` take a list whose tensors have a first axis of tasks, and compute all tasks in
one product of matrices.
"""

import tensorflow as tf

from lessons.control.meta_learning import theory
from lessons.toolkit.recurrent import scan


def adapt(network, loss, num_steps, rates, first_order=False):
    """Gradient steps on one task, from a Keras network's own parameters.

    Args:
        network: a built Keras model without other state.
        loss: function of (a function x -> outputs, the step's number) that gives the
            task's loss.
        num_steps: M.
        rates: a number or a list with an entry for each tensor.
        first_order: whether the steps count as constant shifts.

    Returns:
        A list of tensors in the order of `network.trainable_variables`; gradients
        flow through it to the network's variables, unless it is of first order.
    """
    fixed = network.non_trainable_variables
    adapted = [tf.convert_to_tensor(v) for v in network.trainable_variables]
    if not isinstance(rates, (list, tuple)):
        rates = [rates] * len(adapted)
    for step in range(num_steps):
        with tf.GradientTape() as tape:
            tape.watch(adapted)
            values = adapted  # bound now: the function below is called at once
            cost = loss(
                lambda x, v=values: network.stateless_call(v, fixed, x)[0], step
            )
        gradients = tape.gradient(cost, adapted)
        if first_order:
            gradients = [None if g is None else tf.stop_gradient(g) for g in gradients]
        adapted = theory.inner_step(adapted, gradients, rates)
    return adapted


def copies(parameters, num_tasks):
    """The same parameters for each of several tasks: a new first axis.

    Args:
        parameters: list of tensors.
        num_tasks: a number or a scalar tensor.
    """
    return [
        tf.repeat(tf.convert_to_tensor(value)[None], num_tasks, axis=0)
        for value in parameters
    ]


def mlp(parameters, x, activation, last=None):
    """A dense network of each task.

    Args:
        parameters: kernels (tasks, in, out) and biases (tasks, out) in turn.
        x: shape (tasks, rows, in).
        activation: function of the hidden layers.
        last: function of the last layer, or None.

    Returns:
        Shape (tasks, rows, out).
    """
    count = len(parameters) // 2
    for layer in range(count):
        kernel, bias = parameters[2 * layer : 2 * layer + 2]
        x = tf.matmul(x, kernel) + bias[:, None]
        if layer < count - 1:
            x = activation(x)
    return x if last is None else last(x)


def lstm_cell(parameters, x, state):
    """One step of the LSTM of each task, as `keras.layers.LSTM` computes it.

    Args:
        parameters: kernel (tasks, in, 4 units), recurrent kernel (tasks, units,
            4 units), bias (tasks, 4 units).
        x: shape (tasks, rows, in).
        state: (output, carry), each (tasks, rows, units).

    Returns:
        The new (output, carry).
    """
    kernel, recurrent, bias = parameters
    output, carry = state
    gates = tf.matmul(x, kernel) + tf.matmul(output, recurrent) + bias[:, None]
    into, forget, candidate, out = tf.split(gates, 4, axis=-1)
    carry = tf.sigmoid(forget) * carry + tf.sigmoid(into) * tf.tanh(candidate)
    return tf.sigmoid(out) * tf.tanh(carry), carry


def policy(parameters, x, memory):
    """Mean action of each task's policy at one moment.

    Args:
        parameters: as those of `networks.network`: dense layers, or a dense layer, an
            LSTM and a dense layer where there is a memory.
        x: observations, shape (tasks, rows, in).
        memory: () or the LSTM's (output, carry).

    Returns:
        (outputs of shape (tasks, rows, out), the new memory).
    """
    if not memory:
        return mlp(parameters, x, tf.tanh), ()
    x = mlp(parameters[:2], x, tf.tanh, last=tf.tanh)
    memory = lstm_cell(parameters[2:5], x, memory)
    return mlp(parameters[5:], memory[0], tf.tanh), memory


def policy_over_time(parameters, x, memory):
    """Mean actions of each task's policy at every moment.

    Args:
        parameters: as for `policy`.
        x: observations, shape (tasks, rows, steps, in).
        memory: as for `policy`, before the first step.

    Returns:
        Shape (tasks, rows, steps, out).
    """
    if not memory:
        shape = tf.shape(x)
        flat = tf.reshape(x, [shape[0], -1, x.shape[-1]])
        found = mlp(parameters, flat, tf.tanh)
        return tf.reshape(found, tf.concat([shape[:3], [found.shape[-1]]], 0))
    steps = tf.transpose(x, [2, 0, 1, 3])
    found, _ = scan(lambda now, m: policy(parameters, now, m), steps, memory)
    return tf.transpose(found, [1, 2, 0, 3])
