"""The same quantities by other routes: all orders, loops, and words read as text."""

import itertools
import math

import numpy as np


def unchanged_by_enumeration(word, kind):
    """Probability that a scrambling gives the word itself, by writing all results down.

    Args:
        word: a text.
        kind: "swap", "mid" or "rand".
    """
    return float(np.mean([result == word for result in results(word, kind)]))


def results(word, kind):
    """All results of a scrambling, each as often as it is likely.

    Args:
        word: a text.
        kind: "swap", "mid" or "rand".
    """
    if kind == "rand":
        return ["".join(order) for order in itertools.permutations(word)]
    if len(word) < 4:
        return [word]
    if kind == "mid":
        inner = itertools.permutations(word[1:-1])
        return [word[0] + "".join(order) + word[-1] for order in inner]
    places = range(1, len(word) - 2)
    return [word[:i] + word[i : i + 2][::-1] + word[i + 2 :] for i in places]


def char_convolution_loops(vectors, kernel, bias):
    """`theory.char_convolution` of one word, a loop over filters and places.

    Args:
        vectors: shape (letters, dim).
        kernel: shape (k, dim, filters).
        bias: shape (filters,).
    """
    found = np.full(kernel.shape[-1], -np.inf)
    for f in range(len(found)):
        for t in range(len(vectors)):
            total = bias[f]
            for s in range(len(kernel)):
                if t + s < len(vectors):
                    total += float(np.dot(kernel[s, :, f], vectors[t + s]))
            found[f] = max(found[f], math.tanh(total))
    return found


def bleu_by_striking_out(hypotheses, references):
    """BLEU without counters: each n-gram that is found is struck out of the reference.

    Args:
        hypotheses, references: sentences, sequences of words.
    """
    product = 1.0
    for n in range(1, 5):
        right = total = 0
        for hypothesis, reference in zip(hypotheses, references, strict=True):
            left = [tuple(reference[i : i + n]) for i in range(len(reference) - n + 1)]
            for i in range(len(hypothesis) - n + 1):
                total += 1
                piece = tuple(hypothesis[i : i + n])
                if piece in left:
                    left.remove(piece)
                    right += 1
        product *= right / total if total else 0.0
    ratio = sum(map(len, references)) / sum(map(len, hypotheses))
    return 100 * min(1.0, math.exp(1 - ratio)) * product**0.25


def never_the_word(word, rng):
    """A scrambling with a plausible mistake: it draws again until the word differs."""
    if len(set(word)) < 2:
        return word
    while True:
        found = "".join(rng.permutation(list(word)))
        if found != word:
            return found


def edit_distance(one, other):
    """Insertions, deletions and replacements from one word to another, recursively."""
    if not one or not other:
        return len(one) + len(other)
    return min(
        edit_distance(one[1:], other) + 1,
        edit_distance(one, other[1:]) + 1,
        edit_distance(one[1:], other[1:]) + (one[0] != other[0]),
    )
