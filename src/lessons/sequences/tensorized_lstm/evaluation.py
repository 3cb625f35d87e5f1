"""Judging networks on held-out sequences; their sizes, times and memories."""

import time

import keras
import numpy as np
import tensorflow as tf

from lessons.sequences.tensorized_lstm import counts, theory
from lessons.sequences.tensorized_lstm.layers import Stacked
from lessons.toolkit import runtime


def evaluate(model, inputs, targets, batch_size=250):
    """How well held-out sequences are answered.

    Args:
        model: a `SequenceModel`.
        inputs: shape (n, T) or (n, T, R).
        targets: right symbols of the asked steps, shape (n, asked).
        batch_size: sequences at a time.

    Returns:
        Dictionary of floats: `loss` in nats per asked symbol, `accuracy`, the part of
        the symbols that are right, and `whole`, the part of the sequences that are
        right to the last symbol.
    """
    logits = _logits(model, inputs, batch_size)[:, -targets.shape[1] :]
    greatest = logits.max(axis=-1, keepdims=True)
    log_total = np.log(np.exp(logits - greatest).sum(axis=-1)) + greatest[..., 0]
    said = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    right = logits.argmax(axis=-1) == targets
    return {
        "loss": float(np.mean(log_total - said)),
        "accuracy": float(np.mean(right)),
        "whole": float(np.mean(np.all(right, axis=1))),
    }


def _logits(model, inputs, batch_size):
    """Logits of sequences that are read whole, flushed at their ends, in float64."""
    body = flushed(model.body)

    @tf.function(reduce_retracing=True)
    def answer(part):
        outputs = body(model.vectors(part))
        if body.return_state:
            outputs = outputs[0]
        if model.num_asked:
            outputs = outputs[:, -model.num_asked :]
        return model.readout(outputs)

    parts = range(0, len(inputs), batch_size)
    found = [answer(tf.constant(inputs[n : n + batch_size])).numpy() for n in parts]
    return np.concatenate(found).astype(np.float64)


def flushed(body):
    """A body with the same weights that runs on after the last input.

    Args:
        body: a `layers.Delayed` or `layers.Stacked`.
    """
    if isinstance(body, Stacked) or body.flush:
        return body
    return type(body)(body.cell, body.given_delay, return_state=body.return_state)


def size(model):
    """What a network holds and computes.

    Args:
        model: a `SequenceModel`.

    Returns:
        Dictionary of floats: `parameters`; `live`, those with an effect on the output;
        `state`, memory cells or hidden units; `work`, multiplications of
        one step of the recurrent kernel; `depth`, L.
    """
    body, total = model.body, runtime.num_parameters(model)
    if isinstance(body, Stacked):
        layers = body.num_layers
        work = layers * 2 * body.units * body.gates
        return _floats(
            parameters=total,
            live=total,
            state=layers * body.units,
            work=work,
            depth=layers,
        )
    cell = body.cell
    memory = getattr(cell, "memory", False)
    live = total
    if cell.order == 2 and hasattr(cell, "memory"):
        arguments = model.num_symbols or model.num_inputs, cell.units, model.num_outputs
        whole = counts.parameters(*arguments, cell.kernel_size, memory)
        seen = counts.live_parameters(*arguments, cell.kernel_size, memory, cell.size)
        live = total - whole + seen
    places = cell.size ** (cell.order - 1)
    moving = cell.taps * cell.units if memory else 0
    return _floats(
        parameters=total,
        live=live,
        state=places * cell.units,
        work=places * (cell.taps * cell.units * cell.width + moving),
        depth=cell.depth,
    )


def _floats(**numbers):
    return {name: float(value) for name, value in numbers.items()}


def memory_map(model, inputs):
    """Mean memory cell of each location after each step, of one row of locations.

    Args:
        model: a `SequenceModel` with a tensor of order 2.
        inputs: shape (n, T) or (n, T, R).

    Returns:
        (means, sizes): of the cells and of their absolute values over channels, shape
        (n, T + delay, P).
    """
    cells = model.body.trace(model.vectors(tf.constant(inputs)))[-1]
    cells = np.swapaxes(np.asarray(cells), 0, 1)
    return cells.mean(axis=-1), np.abs(cells).mean(axis=-1)


def traces(model, inputs, changed, at):
    """How far a changed symbol moves the memory of each location, step by step.

    Of an RNN, which has no cells, its hidden units.

    Args:
        model: a `SequenceModel` with a tensor of order 2.
        inputs: symbols, shape (n, T).
        changed: symbols to read instead at step `at`, shape (n,).
        at: the step, from 0.

    Returns:
        Mean absolute change of the cells over sequences and channels, shape
        (T + delay, P).
    """
    other = np.array(inputs)
    other[:, at] = changed
    return changes(model, inputs, other[None])[0]


def changes(model, inputs, others):
    """How far other sequences move the memory of each location: `traces` at once.

    Args:
        model: a `SequenceModel` with a tensor of order 2.
        inputs: symbols, shape (n, T).
        others: sets of sequences to read instead, shape (sets, n, T).

    Returns:
        Shape (sets, T + delay, P).
    """
    sets = np.concatenate([np.asarray(inputs)[None], others])
    rows = tf.constant(sets.reshape(-1, sets.shape[-1]))
    memory = np.asarray(model.body.trace(model.vectors(rows))[-1])
    memory = memory.reshape(len(memory), len(sets), -1, *memory.shape[2:])
    differences = np.abs(memory[:, 1:] - memory[:, :1])
    return np.swapaxes(differences.mean(axis=(2, 4)), 0, 1)


def travel(changes, at):
    """Steps from a symbol to the greatest trace of it at each location, and a slope.

    Args:
        changes: what `traces` gives, shape (steps, P); `changes > 0` for the first
            trace instead of the greatest.
        at: the symbol's step.

    Returns:
        (peaks, slope): for each location the steps from `at` to the greatest change,
        shape (P,), and the slope of a straight line through them, steps a location.
    """
    peaks = np.argmax(changes, axis=0) - at
    places = np.arange(len(peaks))
    return peaks, float(np.polyfit(places, peaks, 1)[0]) if len(peaks) > 1 else 0.0


def input_gradients(layer, inputs):
    """Norm of the gradient of each output with respect to each input.

    A copy of the sequence stands in the batch for each output and channel, so that one
    backward pass gives all.

    Args:
        layer: a layer from (batch, T, R) to (batch, T, M).
        inputs: one sequence, shape (T, R), in the layer's dtype.

    Returns:
        Shape (T, T), outputs first: the norm over channels of both.
    """
    length, units = len(inputs), layer.output_size
    copies = tf.constant(np.tile(inputs, (length * units, 1, 1)))
    chosen = np.eye(length * units).reshape(-1, length, units)
    with tf.GradientTape() as tape:
        tape.watch(copies)
        outputs = layer(copies)
        total = tf.reduce_sum(outputs * tf.constant(chosen, outputs.dtype))
    found = tape.gradient(total, copies).numpy()
    found = found.reshape(length, units, *inputs.shape)
    return np.sqrt(np.sum(np.square(found), axis=(1, 3)))


def scale_change(kind, epsilon, seed=3):
    """Relative change of a normalised tensor when its locations change their scale.

    Four locations of 16 channels are multiplied by 1, 5, 0.2 and 3 and shifted.

    Args:
        kind: "channel" or "layer".
        epsilon: added to the variance.
        seed: of the tensor.
    """
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(1, 4, 16))
    louder = values * np.array([1, 5, 0.2, 3])[:, None] + rng.normal(size=(4, 1))
    ones, zeros = np.ones((4, 16)), np.zeros((4, 16))
    before, after = (
        np.asarray(theory.normalise(tf.constant(v), ones, zeros, kind, epsilon))
        for v in (values, louder)
    )
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))


def seconds(models, inputs, repeats=15):
    """Seconds of the processor for a forward pass, measured in turns.

    With one thread they are what a clock shows where nothing else runs.

    Args:
        models: by name.
        inputs: one batch.
        repeats: how often each is timed; the median counts.

    Returns:
        Dictionary of floats, by name.
    """
    calls = {name: tf.function(model.call) for name, model in models.items()}
    batch = tf.constant(inputs)
    spent = {name: [] for name in models}
    for turn in range(repeats + 2):
        for name, call in calls.items():
            start = time.process_time()
            call(batch)[0, 0, 0].numpy()
            if turn > 1:  # the first two compile and warm up
                spent[name].append(time.process_time() - start)
    return {name: float(np.median(times)) for name, times in spent.items()}


def as_keras(cell, order=(1, 2, 0, 3)):
    """A cell with one location as Keras's LSTM of float64.

    Args:
        cell: a built `TLSTMCell` with P = 1, any K, not normalised.
        order: of the gates g, i, f, o in the layer; Keras's is i, f, g, o.
    """
    units, first = cell.units, cell.kernel_size // 2 - 1
    taps = np.asarray(cell.kernel).reshape(cell.kernel_size, units, -1)
    gates = np.concatenate([np.arange(units) + units * part for part in order])
    layer = keras.layers.LSTM(units, return_sequences=True, dtype="float64")
    layer.build((None, None, cell.input_kernel.shape[0]))
    kernel = np.asarray(cell.input_kernel) @ taps[first]
    bias = np.asarray(cell.input_bias) @ taps[first] + np.asarray(cell.bias)
    layer.set_weights([kernel[:, gates], taps[first + 1][:, gates], bias[gates]])
    return layer


def growth(convolve, steps=30, seed=4):
    """Greatest cell over |C_0| + t after each step, with gates that are mostly open.

    Args:
        convolve: a memory convolution with K = 3, of cells of shape (1, 5, 4) and
            logits of shape (1, 5, 3).
        steps: how many.
        seed: of the first cells, the gates and the logits.

    Returns:
        Shape (steps,).
    """
    rng, ratios = np.random.default_rng(seed), []
    cells = 3 * rng.normal(size=(1, 5, 4))
    first = np.abs(cells).max()
    for step in range(1, steps + 1):
        g, i, f = np.tanh(1 + rng.normal(size=(3, 1, 5, 4)))  # σ(2z) = (1 + tanh z) / 2
        moved = convolve(cells, 4 * rng.normal(size=(1, 5, 3)))
        cells = g * (1 + i) / 2 + moved * (1 + f) / 2
        ratios.append(np.abs(cells).max() / (first + step))
    return np.array(ratios)
