"""The same by other ways, in NumPy: loops over locations, one after the other.

Nothing here calls `theory`: tests and the notebook hold the two against each other.
Sequences are single ones, without a batch axis. Equations: section 2
of arXiv:1711.01577.
"""

import itertools

import numpy as np


def sigmoid(values):
    """1 / (1 + exp(-values)), any shape."""
    return 1 / (1 + np.exp(-np.asarray(values)))


def old_rows(place, kernel_size):
    """Rows of the concatenated tensor that the kernel sees at a location 1..P."""
    return range(place - kernel_size // 2, place - kernel_size // 2 + kernel_size)


def sums(row, hidden, kernel, bias, kernel_size):
    """The cross-layer convolution by loops: the kernel applied at each location.

    Args:
        row: projected input, shape (M,).
        hidden: shape (P, M) or (P, P, M).
        kernel: shape (K, M, outputs), or (K, K, M, outputs) in a square.
        bias: shape (outputs,).
        kernel_size: K.

    Returns:
        Shape (P, outputs) or (P, P, outputs).
    """
    sizes = hidden.shape[:-1]
    result = np.zeros((*sizes, len(bias)))
    for place in itertools.product(*(range(1, size + 1) for size in sizes)):
        total = np.array(bias, float)
        seen = itertools.product(*(old_rows(p, kernel_size) for p in place))
        taps = itertools.product(range(kernel_size), repeat=len(sizes))
        for rows, tap in zip(seen, taps, strict=True):
            if all(r == 0 for r in rows):
                total = total + row @ kernel[tap]
            elif all(1 <= r <= size for r, size in zip(rows, sizes, strict=True)):
                total = total + hidden[tuple(r - 1 for r in rows)] @ kernel[tap]
        result[tuple(p - 1 for p in place)] = total
    return result


def moved(cells, logits, kernel_size):
    """The memory convolution by loops: shape of `cells`, (P, M) or (P, P, M)."""
    sizes = cells.shape[:-1]
    result = np.zeros_like(cells)
    for place in itertools.product(*(range(size) for size in sizes)):
        weights = np.exp(logits[place] - logits[place].max())
        weights = weights / weights.sum()
        taps = itertools.product(range(kernel_size), repeat=len(sizes))
        for weight, tap in zip(weights, taps, strict=True):
            source = [p - kernel_size // 2 + k for p, k in zip(place, tap, strict=True)]
            ends = zip(source, sizes, strict=True)
            source = tuple(min(max(s, 0), size - 1) for s, size in ends)
            result[place] += weight * cells[source]
    return result


def tlstm(rows, kernel, bias, kernel_size, size, memory=True, order=2):
    """A whole sequence by loops: hidden tensors after each step.

    Args:
        rows: projected inputs, shape (steps, M); rows of 0 flush the tensor.
        kernel: shape (K, M, outputs), or (K, K, M, outputs) for `order` 3.
        bias: shape (outputs,).
        kernel_size, size: K and P.
        memory: whether memory is convolved.
        order: 2 or 3.

    Returns:
        Shape (steps, P, M) or (steps, P, P, M).
    """
    units = rows.shape[1]
    hidden = np.zeros((*[size] * (order - 1), units))
    cells, history = hidden, []
    for row in rows:
        z = sums(row, hidden, kernel, bias, kernel_size)
        if memory:
            cells = moved(cells, z[..., 4 * units :], kernel_size)
        g = np.tanh(z[..., :units])
        i, f, o = (sigmoid(z[..., n * units : (n + 1) * units]) for n in (1, 2, 3))
        cells = g * i + cells * f
        hidden = np.tanh(cells) * o
        history.append(hidden)
    return np.array(history)


def trnn(rows, kernel, bias, kernel_size, size, quiet=False):
    """A tensorized RNN by loops: hidden tensors, shape (steps, P, M).

    Args:
        rows: projected inputs, shape (steps, M).
        kernel, bias: shapes (K, M, M) and (M,).
        kernel_size, size: K and P.
        quiet: whether locations stay 0 until the first input can have reached them.
    """
    hidden, history = np.zeros((size, rows.shape[1])), []
    for step, row in enumerate(rows, 1):
        hidden = np.tanh(sums(row, hidden, kernel, bias, kernel_size))
        if quiet:
            hidden[step * (kernel_size // 2) :] = 0
        history.append(hidden)
    return np.array(history)


def stacked_rnn(rows, kernel, bias, size):
    """RNN layers that share their weights: states, shape (steps, layers, M).

    Args:
        rows: projected inputs, shape (steps, M).
        kernel: (2, M, M): from the layer below and from the layer itself a step ago.
        bias: shape (M,).
        size: layers.
    """
    before, history = np.zeros((size, rows.shape[1])), []
    for row in rows:
        states, below = [], row
        for layer in range(size):
            below = np.tanh(below @ kernel[0] + before[layer] @ kernel[1] + bias)
            states.append(below)
        before = np.array(states)
        history.append(before)
    return np.array(history)


def stacked_lstm(rows, kernel, bias, size):
    """As `stacked_rnn` with LSTM layers; kernel (2, M, 4M), gates g, i, f, o."""
    units = rows.shape[1]
    before, cells, history = np.zeros((size, units)), np.zeros((size, units)), []
    for row in rows:
        states, new_cells, below = [], [], row
        for layer in range(size):
            z = below @ kernel[0] + before[layer] @ kernel[1] + bias
            g = np.tanh(z[:units])
            i, f, o = (sigmoid(z[n * units : (n + 1) * units]) for n in (1, 2, 3))
            c = g * i + cells[layer] * f
            below = np.tanh(c) * o
            states.append(below)
            new_cells.append(c)
        before, cells = np.array(states), np.array(new_cells)
        history.append(before)
    return np.array(history)


def skew_errors(bias_scale, quiet=False, num_draws=5):
    """How far a tRNN with K = 2 is from a stack of four shared layers, read skewed.

    Args:
        bias_scale: of the drawn biases.
        quiet: whether locations stay 0 until the first input can have reached them.
        num_draws: seeds 0, 1, ...

    Returns:
        Greatest difference of each draw, shape (num_draws,).
    """
    errors = []
    for seed in range(num_draws):
        rng = np.random.default_rng(seed)
        rows, kernel = rng.normal(size=(7, 3)), rng.normal(size=(2, 3, 3))
        bias = bias_scale * rng.normal(size=3)
        tensor = trnn(np.pad(rows, ((0, 3), (0, 0))), kernel, bias, 2, 4, quiet)
        skewed = np.stack([tensor[p : p + 7, p] for p in range(4)], axis=1)
        errors.append(np.abs(skewed - stacked_rnn(rows, kernel, bias, 4)).max())
    return np.array(errors)


def newest_input(size, kernel_size, steps, order=2):
    """Which is the newest input that each location can have seen, by brute force.

    Args:
        size, kernel_size: P and K.
        steps: inputs, one a step.
        order: 2 or 3.

    Returns:
        Integers of shape (steps, P) or (steps, P, P); 0 for none yet.
    """
    axes = order - 1
    seen, history = np.zeros([size] * axes, int), []
    for step in range(1, steps + 1):
        new = np.zeros_like(seen)
        for place in itertools.product(range(1, size + 1), repeat=axes):
            for rows in itertools.product(*(old_rows(p, kernel_size) for p in place)):
                if all(r == 0 for r in rows):
                    found = step
                elif all(1 <= r <= size for r in rows):
                    found = seen[tuple(r - 1 for r in rows)]
                else:
                    continue
                here = tuple(p - 1 for p in place)
                new[here] = max(new[here], found)
        seen = new
        history.append(seen)
    return np.array(history)


def depth_by_search(size, kernel_size, order=2):
    """L by brute force: the step after which the last location has seen input 1."""
    steps = 2 * size + 2
    last = newest_input(size, kernel_size, steps, order)
    last = last.reshape(steps, -1)[:, -1]
    return int(np.argmax(last > 0)) + 1
