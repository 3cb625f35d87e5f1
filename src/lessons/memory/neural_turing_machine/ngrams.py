r"""The best possible predictor of dynamic n-grams (section 4.4 of arXiv:1410.5401)."""

import numpy as np

from lessons.memory.neural_turing_machine.data import context_index


def optimal_probability(ones, zeros):
    r"""$P(1 \mid c) = (N_1(c) + \frac12) / (N_1(c) + N_0(c) + 1)$, eq. 10.

    The mean of the posterior Beta(N_1 + 1/2, N_0 + 1/2) of the context's probability.

    Args:
        ones, zeros: $N_1$ and $N_0$, how often the context was followed by either.
    """
    return (ones + 0.5) / (ones + zeros + 1.0)


def frequency(ones, zeros):
    """The observed frequency of ones, 1/2 for a context not seen: the naive way."""
    total = np.maximum(ones + zeros, 1)
    return np.where(ones + zeros > 0, ones / total, 0.5)


def predict(bits, context, rule=optimal_probability):
    """Probability of a 1 at every position, from what came before in the sequence.

    Args:
        bits: sequences of 0 and 1, shape (batch, length).
        context: number of bits of a context.
        rule: function of (ones, zeros).

    Returns:
        Probabilities for positions context, ..., length - 1, shape
        (batch, length - context).
    """
    bits = np.asarray(bits, np.int64)
    everyone = np.arange(len(bits))
    seen = np.zeros((len(bits), 2**context, 2))
    answers = []
    for step in range(context, bits.shape[1]):
        index = context_index(bits[:, step - context : step])
        zeros, ones = seen[everyone, index].T
        answers.append(rule(ones, zeros))
        seen[everyone, index, bits[:, step]] += 1
    return np.stack(answers, axis=1)


def cost(bits, probabilities):
    """Bits per sequence that predictions cost, shape (batch,).

    Args:
        bits: what came, shape (batch, steps).
        probabilities: of a 1, same shape.
    """
    right = np.where(bits > 0.5, probabilities, 1 - probabilities)
    with np.errstate(divide="ignore"):  # a sure prediction that fails costs infinity
        return -np.log2(right).sum(axis=1)
