"""Judge a trained model on sequences it has not seen, also longer ones.

Nothing here uses the training loss: outputs are compared with targets in NumPy.
"""

import numpy as np

from lessons.memory.neural_turing_machine import data, ngrams

_TEST_SEED = 10**6  # test sequences differ from all of training, and are everyone's


def test_sequences(config, length, longest=None):
    """The test sequences of one length.

    Args:
        config: a `Config`.
        length: vectors, items or bits.
        longest: pad as for this length.
    """
    random = np.random.default_rng((_TEST_SEED, length))
    longest = longest or max(config.test_lengths)
    config = config.replace(max_length=max(longest, config.max_length))
    return data.draw(config, random, config.num_test, length)


def wrong_bits(batch, logits):
    """Share of the answer's bits that a threshold of 1/2 gets wrong."""
    asked = batch.mask > 0
    wrong = (np.asarray(logits) > 0) != (batch.targets > 0.5)
    return float(wrong[asked].mean())


def bits_per_sequence(batch, logits):
    """Mean cost of an answer in bits, from probabilities in float64."""
    logits = np.asarray(logits, np.float64)
    sign = np.where(batch.targets > 0.5, 1, -1)
    costs = np.logaddexp(0, -sign * logits) / np.log(2)
    return float((costs.sum(axis=-1) * batch.mask).sum(axis=1).mean())


def by_length(config, network):
    """Errors at every length of `config.test_lengths`.

    Args:
        config: a `Config`.
        network: a model of (batch, time, channels) that returns logits.

    Returns:
        `bit_error/LENGTH` and `bits_per_sequence/LENGTH`, floats by name.
    """
    found = {}
    for length in config.test_lengths:
        batch = test_sequences(config, length, longest=length)
        logits = np.asarray(network(batch.inputs))
        found[f"bit_error/{length}"] = wrong_bits(batch, logits)
        found[f"bits_per_sequence/{length}"] = bits_per_sequence(batch, logits)
    return found


def optimal(config):
    """What the best predictor of n-grams costs on the test sequences, in bits."""
    found = {}
    for length in config.test_lengths:
        batch = test_sequences(config, length, longest=length)
        last = batch.targets[:, -1:, 0]
        bits = np.concatenate([batch.inputs[..., 0], last], axis=1)
        best = ngrams.predict(bits, config.context)
        costs = ngrams.cost(bits[:, config.context :], best)
        found[f"optimal/bits_per_sequence/{length}"] = float(costs.mean())
    return found
