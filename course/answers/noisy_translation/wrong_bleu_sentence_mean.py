"""Takes the mean of the sentences' BLEU."""

# loses: bleu

import collections

import numpy as np


def bleu(hypotheses, references):
    def grams(words, n):
        return collections.Counter(zip(*(words[i:] for i in range(n)), strict=False))

    scores = []
    for words, options in zip(hypotheses, references, strict=True):
        product = 1.0
        for n in range(1, 5):
            own, most = grams(words, n), collections.Counter()
            for option in options:
                most |= grams(option, n)
            product *= (own & most).total() / max(own.total(), 1)
        h = len(words)
        r = min((abs(len(option) - h), len(option)) for option in options)[1]
        scores.append(100 * min(1.0, np.exp(1 - r / h)) * product**0.25)
    return float(np.mean(scores))
