r"""Tasks with long time lags, after Hochreiter & Schmidhuber 1997, section 5."""

import numpy as np

from lessons.toolkit.errors import UserError

NUM_SYMBOLS = 4
# The Reber grammar: state -> ((symbol, next state), ...); state 7 is the end.
_GRAMMAR = {
    0: (("B", 1),),
    1: (("T", 2), ("P", 3)),
    2: (("S", 2), ("X", 4)),
    3: (("T", 3), ("V", 5)),
    4: (("X", 3), ("S", 6)),
    5: (("P", 4), ("V", 6)),
    6: (("E", 7),),
}
REBER_SYMBOLS = "BTPSXVE"


def latch(num_sequences, lag, seed=0):
    """The first of `lag` + 1 symbols must be named after `lag` random ones.

    Args:
        num_sequences: sequences.
        lag: T, distractors.
        seed: of the symbols.

    Returns:
        (inputs, targets): one-hot symbols and a flag that marks the first, float32 of
        shape (n, T + 1, 5), and the first symbol, int32 of shape (n,).
    """
    rng = np.random.default_rng(seed)
    symbols = rng.integers(0, NUM_SYMBOLS, (num_sequences, lag + 1))
    inputs = np.zeros((num_sequences, lag + 1, NUM_SYMBOLS + 1), np.float32)
    inputs[..., :NUM_SYMBOLS] = np.eye(NUM_SYMBOLS, dtype=np.float32)[symbols]
    inputs[:, 0, NUM_SYMBOLS] = 1
    return inputs, symbols[:, 0].astype(np.int32)


def adding(num_sequences, length, seed=0):
    r"""Experiment 4 of 1997: $0.5 + (a_i + a_j)/4$ for the two marked numbers.

    The first marked pair is one of the first ten, the second one of the first half
    that is not marked yet. First and last pair carry the mark -1, others 0. Always
    answering 0.5 has a mean squared error of 1/24.

    Args:
        num_sequences: sequences.
        length: T, pairs in a sequence, at least 12.
        seed: of numbers and marks.

    Returns:
        (inputs, targets): float32 of shape (n, T, 2) and (n, 1).
    """
    rng = np.random.default_rng(seed)
    inputs = np.zeros((num_sequences, length, 2), np.float32)
    inputs[..., 0] = rng.uniform(-1, 1, (num_sequences, length))
    inputs[:, [0, -1], 1] = -1
    rows = np.arange(num_sequences)
    first = rng.integers(0, 10, num_sequences)
    second = rng.integers(0, max(length // 2, 11) - 1, num_sequences)
    second += second >= first
    inputs[rows, first, 1] = inputs[rows, second, 1] = 1
    total = inputs[rows, first, 0] + inputs[rows, second, 0]
    return inputs, (0.5 + total / 4)[:, None]


def reber_string(rng, embedded=True):
    """A string of the Reber grammar.

    Args:
        rng: a NumPy generator.
        embedded: whether the string stands between "B" + T or P and the same T or P +
            "E", so that the second symbol says what the last but one will be.
    """
    state, symbols = 0, []
    while state != 7:
        choices = _GRAMMAR[state]
        symbol, state = choices[rng.integers(len(choices))]
        symbols.append(symbol)
    text = "".join(symbols)
    if not embedded:
        return text
    mark = "TP"[rng.integers(2)]
    return f"B{mark}{text}{mark}E"


def reber(num_sequences, length, seed=0):
    """Embedded strings up to the symbol that closes them, which is to be named.

    Args:
        num_sequences: sequences.
        length: steps; shorter strings begin late, longer ones are drawn again.
        seed: of the strings.

    Returns:
        (inputs, targets): one-hot, float32 of shape (n, length, 7), zero before a
        string begins; 0 for T or 1 for P, int32 of shape (n,).
    """
    rng = np.random.default_rng(seed)
    inputs = np.zeros((num_sequences, length, len(REBER_SYMBOLS)), np.float32)
    targets = np.zeros(num_sequences, np.int32)
    for row in range(num_sequences):
        text = reber_string(rng)[:-2]
        while len(text) > length:
            text = reber_string(rng)[:-2]
        codes = [REBER_SYMBOLS.index(symbol) for symbol in text]
        inputs[row, np.arange(length - len(text), length), codes] = 1
        targets[row] = "TP".index(text[1])
    return inputs, targets


TASKS = {"latch": (latch, NUM_SYMBOLS), "adding": (adding, 1), "reber": (reber, 2)}


def draw(task, num_sequences, lag, seed):
    """Sequences of a task by name, as its own function gives them.

    Args:
        task: key of `TASKS`.
        num_sequences: how many.
        lag: steps of the lag (adding: of the sequence), at least 12.
        seed: of all that is random.

    Returns:
        (inputs, targets), shapes (num_sequences, T, m) and (num_sequences, ...).

    Raises:
        UserError: the lag is too short.
    """
    if lag < 12:
        raise UserError(f"a lag must be at least 12 steps, got {lag}.")
    return TASKS[task][0](num_sequences, lag, seed)
