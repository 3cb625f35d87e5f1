"""The tasks: a sequence, a separator, and the sequence that is wanted.

Inputs are numbers of tokens: 0 is a blank, 1 to n are symbols, then come the separator
and, with markers, the start and the end. In the answer's steps the input is a blank, or
with `feed="previous"` the symbol that was wanted before, as in the paper; then the
first of these steps shows the separator. All sequences of a batch have one number of
steps; what comes after the answer is blank and not asked for.
"""

import numpy as np

from lessons.memory.neural_stack import grammars
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.sequences import Sequences, counts, ragged

# Which symbol of a source of length n is the k-th of the target, from 0 on.
ORDERS = {
    "copy": lambda k, n: k,
    "reversal": lambda k, n: n - 1 - k,
    "flip": lambda k, n: k ^ 1,  # neighbours change places: 1 0 3 2 and so on
}
TASKS = (*ORDERS, *grammars.GRAMMARS)


def tokens(config):
    """How many kinds of tokens the inputs have, without the blank.

    Args:
        config: a `Config`.
    """
    return symbols(config) + 1 + 2 * config.markers


def symbols(config):
    """How many symbols a task has: those of the configuration or of the grammar."""
    if config.task in ORDERS:
        return config.symbols
    return len(grammars.vocabulary(config.task, config.words))


def classes(config):
    """How many classes the answers have: symbols, or all tokens with markers."""
    return tokens(config) if config.markers else symbols(config)


def num_steps(config, longest):
    """Steps of sequences whose source and target have up to `longest` symbols."""
    return 2 * longest + 1 + 2 * config.markers


def draw(config, rng, lengths, longest=None):
    """A batch of a task.

    Args:
        config: a `Config`.
        rng: a NumPy generator.
        lengths: symbols of each source, shape (batch,); a grammar draws its own.
        longest: pad as for this length; None takes the greatest.

    Returns:
        `Sequences` of whole numbers, int32; targets are classes, from 0 on.

    Raises:
        UserError: a length that the task does not have.
    """
    if config.task in ORDERS:
        lengths, longest = counts("lengths", lengths, longest)
        source, target = _ordered(config, rng, lengths, longest)
        return arrange(config, source, target, lengths, lengths)
    if config.task not in grammars.GRAMMARS:
        raise unknown("task", config.task, TASKS)
    size = len(np.atleast_1d(lengths))
    pairs = [grammars.draw(rng, config.task, config.words) for _ in range(size)]
    sides = zip(*pairs, strict=True)
    arrays = [_padded(side, grammars.longest(config.task)) for side in sides]
    return arrange(config, *arrays, *(np.sum(a > 0, 1) for a in arrays))


def arrange(config, source, target, num_source, num_target):
    """Sequences that show a source and ask for its target.

    Args:
        config: a `Config`.
        source, target: numbers of symbols from 1 on, shape (batch, longest).
        num_source, num_target: how many of them count, shape (batch,).
    """
    size, longest = source.shape
    separator, everyone = symbols(config) + 1, np.arange(size)
    marked = int(config.markers)
    inputs, targets = np.zeros((2, size, num_steps(config, longest)), np.int32)
    mask = np.zeros(inputs.shape, np.float32)
    if config.markers:
        inputs[:, 0] = separator + 1
        target = np.pad(target, ((0, 0), (0, 1)))
        target[everyone, num_target] = separator + 2
    rows, places = ragged(num_source)
    inputs[rows, places + marked] = source[rows, places]
    begin = num_source + marked  # of the separator
    inputs[everyone, begin] = separator
    # With the symbol before as input, the separator asks for the first one.
    first = begin + (config.feed == "blank")
    rows, places = ragged(num_target + marked)
    targets[rows, first[rows] + places] = target[rows, places] - 1
    mask[rows, first[rows] + places] = 1
    if config.feed == "previous":
        rows, places = ragged(num_target + marked - 1)
        inputs[rows, begin[rows] + 1 + places] = target[rows, places]
    return Sequences(inputs, targets, mask)


def _ordered(config, rng, lengths, longest):
    """Random symbols, and the same in the order of the task, padded with zeros."""
    if config.task == "flip" and np.any(lengths % 2):
        raise UserError(
            f"the task flip needs even lengths, got {lengths[lengths % 2 == 1][0]}."
        )
    rows, places = ragged(lengths)
    source = rng.integers(1, config.symbols + 1, (len(lengths), longest))
    target = np.zeros_like(source)
    order = ORDERS[config.task](places, lengths[rows])
    target[rows, places] = source[rows, order]
    return source, target


def _padded(sentences, longest):
    padded = np.zeros((len(sentences), longest), np.int64)
    for row, sentence in enumerate(sentences):
        padded[row, : len(sentence)] = sentence
    return padded
