"""Counts an n-gram as often as the answer has it, if it is in a reference."""

# loses: bleu

import numpy as np


def bleu(hypotheses, references):
    product, h, r = 1.0, 0, 0
    for words, options in zip(hypotheses, references, strict=True):
        h += len(words)
        best = None
        for option in options:
            key = (abs(len(option) - len(words)), len(option))
            if best is None or key < best:
                best = key
        r += best[1]
    for n in range(1, 5):
        right = total = 0
        for words, options in zip(hypotheses, references, strict=True):
            seen = {}
            for i in range(len(words) - n + 1):
                gram = tuple(words[i : i + n])
                seen[gram] = seen.get(gram, 0) + 1
            for gram, count in seen.items():
                most = 0
                for option in options:
                    here = 0
                    for i in range(len(option) - n + 1):
                        here += tuple(option[i : i + n]) == gram
                    most = max(most, here)
                right += count if most else 0
                total += count
        if not right:
            return 0.0
        product *= right / total
    penalty = 1.0 if h >= r else float(np.exp(1 - r / h))
    return 100 * penalty * product**0.25
