"""The paper's five tasks as generators of padded batches.

Each generator draws sequences whose lengths differ and pads them with zeros to one
number of steps, so that one compiled graph trains on all of them. `mask` marks the
steps at which an answer is asked for.
"""

from typing import NamedTuple

import numpy as np

from lessons.toolkit.errors import UserError, unknown


class Sequences(NamedTuple):
    """Sequences of one task, float32.

    Attributes:
        inputs: shape (batch, time, input channels).
        targets: shape (batch, time, output bits); 0 where no answer is asked for.
        mask: shape (batch, time), 1 at the steps of the answer.
    """

    inputs: np.ndarray
    targets: np.ndarray
    mask: np.ndarray


def copy(random, lengths, bits=8, max_length=None):
    """Copy: a start flag, random vectors, an end flag; then repeat the vectors.

    Args:
        random: a NumPy generator.
        lengths: number of vectors of each sequence, shape (batch,).
        bits: width of a vector.
        max_length: pad as for this length; None takes the greatest.

    Returns:
        `Sequences` of 2 * max_length + 2 steps. Channels `bits` and `bits + 1` of the
        inputs are the start flag and the end flag; during the answer all are 0.
    """
    lengths, longest = _lengths(lengths, max_length)
    batch = _blank(len(lengths), 2 * longest + 2, bits + 2, bits)
    for row, length in enumerate(lengths):
        vectors = random.integers(0, 2, (length, bits))
        batch.inputs[row, 0, bits] = 1
        batch.inputs[row, 1 : length + 1, :bits] = vectors
        batch.inputs[row, length + 1, bits + 1] = 1
        answer = slice(length + 2, 2 * length + 2)
        batch.targets[row, answer] = vectors
        batch.mask[row, answer] = 1
    return batch


def _lengths(lengths, longest):
    lengths = np.atleast_1d(np.asarray(lengths, np.int64))
    longest = int(lengths.max()) if longest is None else longest
    if lengths.min() < 1 or lengths.max() > longest:
        raise UserError(
            f"lengths must be between 1 and {longest}, got {lengths.min()} to "
            f"{lengths.max()}."
        )
    return lengths, longest


def _blank(size, num_steps, channels, bits):
    return Sequences(
        np.zeros((size, num_steps, channels), np.float32),
        np.zeros((size, num_steps, bits), np.float32),
        np.zeros((size, num_steps), np.float32),
    )
