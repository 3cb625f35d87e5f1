r"""An LSTM whose weights are written by hand: the constant error carousel at work.

Its cells do what Hochreiter & Schmidhuber (1997) drew: the input gate opens for one
step, the content then turns round unchanged, and nothing else is let in.
"""

import numpy as np

from lessons.foundations.lstm import tasks, theory

SURE = 10.0  # what a gate gets to open; it shuts with the negative of it


def latch(forget_bias=SURE):
    r"""Weights that solve the task `tasks.latch`: one cell for each symbol.

    The input gate opens where the flag is set ($z_i = 10$, else $-10$), the candidate
    of cell k is $\tanh(10 x_k)$, the forget gate is $\sigma(b_f)$ at every step, the
    output gate is open, and no cell sees another ($U = 0$). The symbol is the cell with
    the greatest output. A step without flag leaks $\sigma(-10) = 4.5 \cdot 10^{-5}$.

    Args:
        forget_bias: $b_f$.

    Returns:
        Parameters by name, as `theory.lstm_forward` takes them, with m = 5 inputs and
        n = 4 cells.
    """
    count = tasks.NUM_SYMBOLS
    kernel, bias = np.zeros((count + 1, 4 * count)), np.zeros(4 * count)
    entry, forget, candidate, output = (
        slice(gate * count, (gate + 1) * count) for gate in range(4)
    )
    kernel[count, entry], bias[entry] = 2 * SURE, -SURE
    bias[forget] = forget_bias
    kernel[:count, candidate] = SURE * np.eye(count)
    bias[output] = SURE
    recurrent = np.zeros((count, 4 * count))
    return {"kernel": kernel, "recurrent": recurrent, "bias": bias}


def run_latch(lag, forget_bias=SURE, num_sequences=300, seed=9):
    """The hand-made cells on sequences of the latch.

    Args:
        lag: T, steps to remember a symbol for.
        forget_bias: of the forget gates.
        num_sequences: sequences.
        seed: of their symbols.

    Returns:
        (accuracy, contents, gates): fraction of right answers, contents of shape
        (T + 1, sequences, 4) and activated gates of shape (T + 1, sequences, 16).
    """
    inputs, symbols = tasks.latch(num_sequences, lag, seed)
    zero = np.zeros((num_sequences, tasks.NUM_SYMBOLS))
    outputs, contents, gates = theory.lstm_forward(
        inputs.transpose(1, 0, 2).astype(float), zero, zero, latch(forget_bias)
    )
    accuracy = float(np.mean(outputs[-1].argmax(axis=1) == symbols))
    return accuracy, contents, gates


def spread(contents, symbols):
    """How far apart the symbols' mean contents are, at every step, shape (T,).

    It is the root of the sum over the cells of the variance of the symbols' means.

    Args:
        contents: of all cells, shape (T, sequences, n).
        symbols: the symbol that each sequence began with, shape (sequences,).
    """
    means = [contents[:, symbols == symbol].mean(axis=1) for symbol in set(symbols)]
    return np.sqrt(np.var(means, axis=0).sum(axis=-1))


def apart(contents, symbols):
    """How well each cell tells the symbols apart at every step, shape (T, n).

    It is the deviation of the symbols' mean contents over that of all contents: 1 where
    nothing but the symbol matters, near 0 where it does not.

    Args:
        contents: of all cells, shape (T, sequences, n).
        symbols: the symbol that each sequence began with, shape (sequences,).
    """
    means = [contents[:, symbols == symbol].mean(axis=1) for symbol in set(symbols)]
    return np.std(means, axis=0) / contents.std(axis=1)
