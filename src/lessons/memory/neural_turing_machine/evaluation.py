"""Judge a trained model on sequences it has not seen, also longer ones.

Nothing here uses the training loss: outputs are compared with targets in NumPy.
"""

import numpy as np

from lessons.memory.neural_turing_machine import data, ngrams
from lessons.toolkit import runtime

SOLVED = 0.02  # fraction of wrong bits at the greatest length trained
_TEST_SEED = 10**6  # test sequences differ from all of training, and are everyone's


def test_sequences(config, length, longest=None):
    """The test sequences of one length.

    Args:
        config: a `Config`.
        length: vectors, items or bits.
        longest: pad as for this length.
    """
    rng = np.random.default_rng((_TEST_SEED, length))
    longest = longest or max(config.test_lengths)
    config = config.replace(max_length=max(longest, config.max_length))
    return data.draw(config, rng, config.num_test, length)


def more_repeats(config, repeats):
    """Test sequences of repeat copy, of the greatest trained length.

    Args:
        config: a `Config`; its `max_repeats` scales the number that is shown.
        repeats: how often the vectors are to be said, also more often than in training.
    """
    rng = np.random.default_rng((_TEST_SEED, config.max_length, repeats))
    lengths, counts = np.full((2, config.num_test), [[config.max_length], [repeats]])
    return data.repeat_copy(
        rng, lengths, counts, config.bits, most_repeats=config.max_repeats
    )


def wrong_bits(batch, logits):
    """Fraction of the answer's bits that a threshold of 1/2 gets wrong."""
    asked = batch.mask > 0
    wrong = (np.asarray(logits) > 0) != (batch.targets > 0.5)
    return float(wrong[asked].mean())


def zeros_error(config, length):
    """Fraction of wrong bits of an answer that is always 0: a yardstick.

    It is a half for random bits, less for repeat copy, whose end marker is rarely 1.
    """
    batch = test_sequences(config, length, longest=length)
    return wrong_bits(batch, np.full(batch.targets.shape, -1.0))


def last_item_error(config, length):
    """Fraction of wrong bits of the last item shown, as an answer of recall.

    It needs no question, and is right for one of `length` - 1 questions.
    """
    batch = test_sequences(config, length, longest=length)
    vectors, end = config.item_vectors, length * (config.item_vectors + 1)
    answer = np.zeros(batch.targets.shape)
    start = end + vectors + 2  # after the question between two flags
    shown = batch.inputs[:, end - vectors : end, : config.bits]
    answer[:, start : start + vectors] = shown
    return wrong_bits(batch, answer - 0.5)


def bits_per_sequence(batch, logits):
    """Mean cost of an answer in bits, from probabilities in float64."""
    logits = np.asarray(logits, np.float64)
    sign = np.where(batch.targets > 0.5, 1, -1)
    costs = np.logaddexp(0, -sign * logits) / np.log(2)
    return float((costs.sum(axis=-1) * batch.mask).sum(axis=1).mean())


def evaluate(model, config):
    """Errors at every length of `config.test_lengths`, and the model's size.

    Args:
        model: a model of (batch, time, channels) that returns logits.
        config: a `Config`.

    Returns:
        `bit_error_LENGTH` and `bits_per_sequence_LENGTH`, `parameters`, and `solved`:
        1 if less than 2 % of the bits are wrong at the greatest trained length, 0 if
        not, left out if `test_lengths` lacks that length. For repeat copy also
        `bit_error_twice_the_repeats`, of sequences of the greatest trained length that
        are to be said twice as often as any in training. Floats by name; for a machine
        with one head of each kind on the copy task also those of `program`.
    """
    found = {"parameters": float(runtime.num_parameters(model))}
    for length in config.test_lengths:
        batch = test_sequences(config, length, longest=length)
        logits = np.asarray(model(batch.inputs))
        error = wrong_bits(batch, logits)
        found[f"bit_error_{length}"] = error
        found[f"bits_per_sequence_{length}"] = bits_per_sequence(batch, logits)
        if length == config.max_length:
            found["solved"] = float(error < SOLVED)
    if config.task == "repeat_copy":
        batch = more_repeats(config, 2 * config.max_repeats)
        error = wrong_bits(batch, np.asarray(model(batch.inputs)))
        found["bit_error_twice_the_repeats"] = error
    heads = config.num_read == config.num_write == 1
    if config.task == "copy" and heads and hasattr(model, "trace"):
        found |= program(model, config)
    return found


def program(model, config, num_sequences=20):
    """What the heads of a machine do while it copies, in numbers.

    Sequences are twice as long as any in training, or as long as the memory allows.

    Args:
        model: a trained `NTM` with one read and one write head.
        config: its `Config`.
        num_sequences: sequences to look at.

    Returns:
        Floats by name: `gate_at_end`, weight of content in the read head's address when
        the end flag comes; `jump`, slots that the head moves then, the shorter way;
        `walk`, mean move of the write head per vector, +1 forwards and -1 backwards;
        `reads_ahead`, fraction of vectors that are read one step before they are said.
    """
    length = min(2 * config.max_length, config.num_slots)
    batch = test_sequences(config, length, longest=length)
    trace = model.trace(batch.inputs[:num_sequences])
    writing = np.asarray(trace.write_weights)[:, :, 0].argmax(-1)
    reading = np.asarray(trace.read_weights)[:, :, 0].argmax(-1)
    end = length + 1  # step of the end flag
    written = writing[:, 1:end]
    gates = np.asarray(trace.gates)
    return {
        "gate_at_end": float(gates[:, end, config.num_write].mean()),
        "jump": float(np.abs(_moves(reading[:, end - 1 : end + 1], config)).mean()),
        "walk": float(_moves(written, config).mean()),
        "reads_ahead": float(np.mean(reading[:, end : end + length] == written)),
    }


def in_order(trace, length, count=5):
    """Share of the first vectors of a copy that are read in order, from own slots.

    Args:
        trace: a `Trace` of one sequence.
        length: vectors of the sequence.
        count: how many of them to look at.

    Returns:
        The share that is read where it was written, all at the step at which it is
        said or all one step before; times the share of the slots that differ, so that
        heads which do not move score 1 / `count` at most.
    """
    slots = np.asarray(trace.write_weights)[0, 1 : 1 + count, 0].argmax(-1)
    reads = np.asarray(trace.read_weights)[0, :, 0].argmax(-1)
    starts = (length + 1, length + 2)
    found = max(np.mean(reads[start : start + count] == slots) for start in starts)
    return float(found * len(set(slots.tolist())) / count)


def _moves(slots, config):
    """Moves between slots in a row, around the circle, from -N/2 to N/2."""
    half = config.num_slots // 2
    return (np.diff(slots, axis=1) + half) % config.num_slots - half


def progress(losses, config):
    """How long training took to learn the task.

    Args:
        losses: mean loss of every epoch in nats per bit.
        config: a `Config`; `learned_below` says which loss counts as learned.

    Returns:
        `updates` made, `updates_to_learn` (all of them if nothing was learned) and the
        last `loss`, floats by name.
    """
    updates = np.arange(1, len(losses) + 1) * config.updates_per_epoch
    whole = updates > config.curriculum_updates  # all lengths are in use
    learned = np.flatnonzero((np.array(losses) < config.learned_below) & whole)
    first = learned[0] if len(learned) else -1
    return {
        "updates": float(updates[-1]),
        "updates_to_learn": float(updates[first]),
        "loss": losses[-1],
    }


def optimal(config):
    """What the best predictor of n-grams costs on the test sequences, in bits."""
    found = {}
    for length in config.test_lengths:
        batch = test_sequences(config, length, longest=length)
        last = batch.targets[:, -1:, 0]
        bits = np.concatenate([batch.inputs[..., 0], last], axis=1)
        best = ngrams.predict(bits, config.context)
        costs = ngrams.cost(bits[:, config.context :], best)
        found[f"optimal/bits_per_sequence_{length}"] = float(costs.mean())
    return found
