"""The paper's five tasks as generators of padded batches.

Each generator draws sequences whose lengths may differ and pads them with zeros to one
number of steps, so that one compiled graph trains on all of them. `mask` marks the
steps at which an answer is asked for. Inputs are 0 while the answer is given.
"""

import numpy as np

from lessons.memory.neural_turing_machine.config import TASKS
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.sequences import Sequences, counts, ragged


def copy(rng, lengths, bits=8, longest=None):
    """Copy: a start flag, random vectors, an end flag; then repeat the vectors.

    Args:
        rng: a NumPy generator.
        lengths: number of vectors of each sequence, shape (batch,).
        bits: width of a vector.
        longest: pad as for this length; None takes the greatest.

    Returns:
        `Sequences` of 2 * longest + 2 steps. The last two channels of the inputs are
        the start flag and the end flag.
    """
    lengths, longest = counts("lengths", lengths, longest)
    vectors = rng.integers(0, 2, (len(lengths), longest, bits))
    batch = _blank(len(lengths), 2 * longest + 2, bits + 2, bits)
    rows, places = ragged(lengths)
    batch.inputs[:, 0, bits] = 1
    batch.inputs[rows, 1 + places, :bits] = vectors[rows, places]
    batch.inputs[np.arange(len(lengths)), lengths + 1, bits + 1] = 1
    _answer(batch, lengths + 2, rows, places, vectors[rows, places])
    return batch


def repeat_copy(rng, lengths, repeats, bits=6, longest=None, most_repeats=10):
    """Repeat copy: say the vectors several times, then an end marker.

    A start flag, the vectors, then the number of repeats on a channel of its own,
    scaled to mean 0 and variance 1 over 1, ..., `most_repeats` as in training.

    Args:
        rng: a NumPy generator.
        lengths, repeats: of each sequence, shape (batch,).
        bits: width of a vector.
        longest: pad as for this length; None takes the greatest.
        most_repeats: greatest number in training, even; more may be asked for.

    Returns:
        `Sequences`; the last two channels of the inputs are the start flag and the
        repeats, the last bit of the targets is the end marker.
    """
    lengths, longest = counts("lengths", lengths, longest)
    repeats, greatest = counts("repeats", repeats)
    size, greatest = len(lengths), max(greatest, most_repeats)
    vectors = rng.integers(0, 2, (size, longest, bits))
    batch = _blank(size, longest * (greatest + 1) + 3, bits + 2, bits + 1)
    rows, places = ragged(lengths)
    everyone = np.arange(size)
    batch.inputs[:, 0, bits] = 1
    batch.inputs[rows, 1 + places, :bits] = vectors[rows, places]
    batch.inputs[everyone, lengths + 1, bits + 1] = scaled(repeats, most_repeats)
    rows, places = ragged(lengths * repeats)
    said = vectors[rows, places % lengths[rows]]
    _answer(batch, lengths + 2, rows, places, np.pad(said, ((0, 0), (0, 1))))
    end = lengths * (repeats + 1) + 2
    batch.targets[everyone, end, bits] = 1
    batch.mask[everyone, end] = 1
    return batch


def scaled(repeats, most_repeats):
    """Numbers of repeats with mean 0 and variance 1 over 1, ..., `most_repeats`.

    The number also says that the vectors have ended. With an odd maximum the one in
    the middle would be 0, which is what every other step shows: such a sequence could
    not be told from one whose number is still to come. So the maximum must be even.
    """
    check_repeats(most_repeats)
    variance = (most_repeats**2 - 1) / 12
    return (np.asarray(repeats) - (most_repeats + 1) / 2) / np.sqrt(variance)


def check_repeats(most_repeats):
    """Raise `UserError` where a number would look like none, see `scaled`."""
    if most_repeats % 2:
        raise UserError(
            "the greatest number of repeats must be even, or the number in the middle "
            f"is shown as 0, like no number at all; got max_repeats={most_repeats}."
        )


def associative_recall(rng, items, bits=6, vectors=3, most_items=None):
    """Associative recall: which item came after this one?

    Every item is a delimiter and some vectors. Then one of the items but the last is
    shown again between two query flags, and the answer is the item after it.

    Args:
        rng: a NumPy generator.
        items: number of items of each sequence, at least 2, shape (batch,).
        bits: width of a vector.
        vectors: in an item.
        most_items: pad as for this number; None takes the greatest.

    Returns:
        `Sequences`; the last two channels of the inputs are the item delimiter and the
        query flag.
    """
    items, most_items = counts("items", items, most_items, least=2)
    size, span = len(items), vectors + 1
    shown = rng.integers(0, 2, (size, most_items, vectors, bits))
    batch = _blank(size, span * (most_items + 2), bits + 2, bits)
    everyone = np.arange(size)
    rows, places = ragged(items)
    batch.inputs[rows, places * span, bits] = 1
    for step in range(vectors):
        batch.inputs[rows, places * span + 1 + step, :bits] = shown[rows, places, step]
    asked = rng.integers(0, items - 1)
    start = items * span
    for flag in (start, start + span):
        batch.inputs[everyone, flag, bits + 1] = 1
    for step in range(vectors):
        query, answer = start + 1 + step, start + span + 1 + step
        batch.inputs[everyone, query, :bits] = shown[everyone, asked, step]
        batch.targets[everyone, answer] = shown[everyone, asked + 1, step]
        batch.mask[everyone, answer] = 1
    return batch


def ngrams(rng, size, length=200, context=5):
    """Dynamic n-grams: predict bits whose probabilities differ in every sequence.

    Every sequence draws one probability of a 1 for each context (the last `context`
    bits) from Beta(1/2, 1/2). The first `context` bits are fair and not asked for.

    Args:
        rng: a NumPy generator.
        size: number of sequences.
        length: bits of a sequence.
        context: n - 1.

    Returns:
        `Sequences` of length - 1 steps: the target of a step is the next bit.
    """
    if length <= context:
        raise UserError(f"length must be above context={context}, got {length}.")
    table = rng.beta(0.5, 0.5, (size, 2**context))
    bits = rng.integers(0, 2, (size, length))
    for step in range(context, length):
        index = context_index(bits[:, step - context : step])
        bits[:, step] = rng.random(size) < table[np.arange(size), index]
    batch = _blank(size, length - 1, 1, 1)
    batch.inputs[..., 0] = bits[:, :-1]
    batch.targets[:, context - 1 :, 0] = bits[:, context:]
    batch.mask[:, context - 1 :] = 1
    return batch


def context_index(bits):
    """The number that the bits on the last axis spell, the oldest bit first."""
    return bits @ (1 << np.arange(bits.shape[-1])[::-1])


def priority_sort(rng, size, length=20, answers=16, bits=8):
    """Priority sort: give back the vectors of highest priority, in order.

    Every vector comes with a priority drawn from U(-1, 1) on a channel of its own.

    Args:
        rng: a NumPy generator.
        size: number of sequences.
        length: vectors of a sequence.
        answers: how many to give back, the highest priority first.
        bits: width of a vector.

    Returns:
        `Sequences`; the last two channels of the inputs are the priority and the end
        flag.
    """
    if not 1 <= answers <= length:
        raise UserError(f"answers must be between 1 and {length}, got {answers}.")
    vectors = rng.integers(0, 2, (size, length, bits))
    priorities = rng.uniform(-1, 1, (size, length))
    batch = _blank(size, length + 1 + answers, bits + 2, bits)
    batch.inputs[:, :length, :bits] = vectors
    batch.inputs[:, :length, bits] = priorities
    batch.inputs[:, length, bits + 1] = 1
    order = np.argsort(-priorities, axis=1)[:, :answers, None]
    batch.targets[:, length + 1 :] = np.take_along_axis(vectors, order, axis=1)
    batch.mask[:, length + 1 :] = 1
    return batch


def channels(config):
    """(input channels, output bits) of the task of a configuration."""
    if config.task == "ngrams":
        return 1, 1
    return config.bits + 2, config.bits + (config.task == "repeat_copy")


def draw(config, rng, size, lengths=None):
    """Sequences of the task of a configuration.

    Args:
        config: a `Config`.
        rng: a NumPy generator.
        size: number of sequences.
        lengths: of each sequence (vectors, items or bits), shape (size,), or one for
            all; None draws them as in training.

    Returns:
        `Sequences`, padded as for the greatest of `config.max_length` and `lengths`.
    """
    if lengths is None:
        lengths = rng.integers(config.min_length, config.max_length + 1, size)
    lengths = np.broadcast_to(lengths, (size,))
    longest = max(config.max_length, int(lengths.max()))
    if config.task == "copy":
        return copy(rng, lengths, config.bits, longest)
    if config.task == "repeat_copy":
        repeats = rng.integers(1, config.max_repeats + 1, size)
        most = config.max_repeats
        return repeat_copy(rng, lengths, repeats, config.bits, longest, most)
    if config.task == "associative_recall":
        return associative_recall(
            rng, lengths, config.bits, config.item_vectors, longest
        )
    if len(set(lengths.tolist())) > 1:
        raise UserError(f"the task {config.task} has sequences of one length only.")
    if config.task == "ngrams":
        return ngrams(rng, size, int(lengths[0]), config.context)
    if config.task == "priority_sort":
        answers = max(1, int(lengths[0]) * config.answers // config.max_length)
        return priority_sort(rng, size, int(lengths[0]), answers, config.bits)
    raise unknown("task", config.task, TASKS)


def _answer(batch, starts, rows, places, values):
    """Put the answer's bits into targets and mask, from each row's start on."""
    batch.targets[rows, starts[rows] + places] = values
    batch.mask[rows, starts[rows] + places] = 1


def _blank(size, num_steps, channels, bits):
    return Sequences(
        np.zeros((size, num_steps, channels), np.float32),
        np.zeros((size, num_steps, bits), np.float32),
        np.zeros((size, num_steps), np.float32),
    )
