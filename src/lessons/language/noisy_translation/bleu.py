"""BLEU, the share of n-grams that a translation has in common with a reference."""

import collections
import math

from lessons.toolkit.errors import UserError

ORDER = 4  # longest n-grams


def ngrams(words, n):
    """How often each sequence of n words stands in a sentence, a `Counter`."""
    return collections.Counter(zip(*(words[i:] for i in range(n)), strict=False))


def statistics(hypotheses, references):
    """What BLEU needs to know, added up over a corpus.

    Args:
        hypotheses, references: sentences, sequences of words, in the same order.

    Returns:
        (matches, totals, hypothesis length, reference length): two lists over n = 1 to
        4; an n-gram matches at most as often as it stands in the reference.

    Raises:
        UserError: the numbers of sentences differ.
    """
    if len(hypotheses) != len(references):
        raise UserError(
            "BLEU compares sentence by sentence, got "
            f"{len(hypotheses)} hypotheses and {len(references)} references."
        )
    matches, totals = [0] * ORDER, [0] * ORDER
    for hypothesis, reference in zip(hypotheses, references, strict=True):
        for n in range(1, ORDER + 1):
            found = ngrams(hypothesis, n)
            matches[n - 1] += (found & ngrams(reference, n)).total()
            totals[n - 1] += found.total()
    return matches, totals, sum(map(len, hypotheses)), sum(map(len, references))


def bleu(hypotheses, references, smooth=False):
    r"""Corpus BLEU from 0 to 100, on words as they are given.

    $$\mathrm{BLEU} = 100 \min(1, e^{1 - r/h})
      \exp\Big(\frac{1}{4} \sum_{n=1}^4 \log p_n\Big)$$

    Args:
        hypotheses, references: sentences, sequences of words, in the same order.
        smooth: what to do about orders without a match. False gives 0 as the equation
            does; True counts half a match for the first such order, a quarter for the
            next and so on, as sacrebleu does by default. Where all hypotheses are
            shorter than four words BLEU is 0 either way.

    Returns:
        A float.
    """
    matches, totals, length, reference = statistics(hypotheses, references)
    if not matches[0] or not all(totals) or not (smooth or all(matches)):
        return 0.0
    logs, part = [], 1.0
    for match, total in zip(matches, totals, strict=True):
        if not match:
            part /= 2
        logs.append(math.log((match or part) / total))
    penalty = min(1.0, math.exp(1 - reference / length))
    return 100 * penalty * math.exp(sum(logs) / len(logs))
