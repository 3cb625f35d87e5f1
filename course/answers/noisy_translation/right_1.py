"""A right answer with arrays and counters."""

import collections

import numpy as np

WRITTEN = """
1. Columns for noises that were not trained on, such as Rand and natural errors, and for
errors other than those of the training data. Beside it a model trained as long on clean
sentences, and the best constant answer, which no noise can hurt.
2. It follows from the definition: a mean does not know the order, and neither does a vector
of zeros. Anagrams of one gender and number, such as Lampe, Palme and Ampel, show the price.
3. Smaller weights everywhere halve it, too. The variance over the mean square of the weights
stays the same then. How far scrambled spellings of a word lie apart, against how far words
lie apart, shows what is ignored.
"""


def swap_unequal(words, rng):
    def one(word):
        letters = np.array(list(word))
        places = 1 + np.flatnonzero(letters[1:-2] != letters[2:-1])
        if len(places):
            i = rng.choice(places)
            letters[[i, i + 1]] = letters[[i + 1, i]]
        return "".join(letters)

    return [one(word) if len(word) > 3 else word for word in words]


def middle_random(words, rng, keep):
    found = []
    for word in words:
        stop = max(keep, len(word) - keep)
        middle = list(word[keep:stop])
        rng.shuffle(middle)
        found.append(word[:keep] + "".join(middle) + word[stop:])
    return found


def typos(words, rng, table, rate):
    beside = {a: [b for b in others if b != a] for a, others in table.items()}

    def one(letter):
        others = beside.get(letter.lower())
        if not others or rng.random() >= rate:
            return letter
        typed = str(rng.choice(others))
        return typed if letter.islower() else typed.upper()

    return ["".join(map(one, word)) for word in words]


def mean_char(ids, table, ends):
    there = ids > 0
    before = np.cumsum(there, axis=1)
    at_end = (before == 1) | (before == before[:, -1:])
    weights = there * np.where(at_end, ends, 1.0)
    total = np.maximum(weights.sum(axis=1), 1e-300)
    return np.matmul(weights[:, None], table[ids])[:, 0] / total[:, None]


def bpe_merges(counts, n, least):
    words = {word: tuple(word) + ("</w>",) for word in counts}
    merges = []
    for _ in range(n):
        pairs = collections.Counter()
        for word, pieces in words.items():
            for pair in zip(pieces[:-1], pieces[1:], strict=True):
                pairs[pair] += counts[word]
        if not pairs or max(pairs.values()) < least:
            break
        top = max(pairs.values())
        best = min(pair for pair, seen in pairs.items() if seen == top)
        merges.append(best)
        for word, pieces in words.items():
            new = []
            for piece in pieces:
                if new and (new[-1], piece) == best:
                    new[-1] = new[-1] + piece
                else:
                    new.append(piece)
            words[word] = tuple(new)
    return merges


def bpe_segment(word, merges):
    pieces = list(word) + ["</w>"]
    for left, right in merges:
        i = 0
        while i + 1 < len(pieces):
            if pieces[i] == left and pieces[i + 1] == right:
                pieces[i : i + 2] = [left + right]
            i += 1
    whole = [piece.removesuffix("</w>") for piece in pieces]
    whole = [piece for piece in whole if piece]
    return [piece + "@@" for piece in whole[:-1]] + [whole[-1]]


def bleu(hypotheses, references):
    def grams(words, n):
        return collections.Counter(zip(*(words[i:] for i in range(n)), strict=False))

    right, total = np.zeros(4), np.zeros(4)
    lengths = np.zeros(2)
    for words, options in zip(hypotheses, references, strict=True):
        nearest = sorted(map(len, options), key=lambda k: (abs(k - len(words)), k))
        lengths += len(words), nearest[0]
        for n in range(4):
            own = grams(words, n + 1)
            most = collections.Counter()
            for option in options:
                most |= grams(option, n + 1)
            right[n] += (own & most).total()
            total[n] += own.total()
    if not right.all():
        return 0.0
    h, r = lengths
    return 100.0 * min(1.0, np.exp(1 - r / h)) * np.prod(right / total) ** 0.25
