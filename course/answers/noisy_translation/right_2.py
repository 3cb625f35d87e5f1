"""A right answer in plain loops."""

import numpy as np


def swap_unequal(words, rng):
    found = []
    for word in words:
        choices = []
        for i in range(1, len(word) - 2):
            if word[i] != word[i + 1]:
                choices.append(word[:i] + word[i + 1] + word[i] + word[i + 2 :])
        found.append(choices[int(rng.random() * len(choices))] if choices else word)
    return found


def middle_random(words, rng, keep):
    found = []
    for word in words:
        inner = len(word) - 2 * keep
        if inner < 2:
            found.append(word)
            continue
        order = np.argsort(rng.random(inner))
        middle = "".join(word[keep + int(i)] for i in order)
        found.append(word[:keep] + middle + word[keep + inner :])
    return found


def typos(words, rng, table, rate):
    found = []
    for word in words:
        typed = ""
        for letter in word:
            choices = []
            for other in table.get(letter.lower(), ""):
                if other != letter.lower():
                    choices.append(other)
            if choices and rng.uniform() < rate:
                other = choices[int(rng.uniform() * len(choices))]
                typed += other.upper() if letter != letter.lower() else other
            else:
                typed += letter
        found.append(typed)
    return found


def mean_char(ids, table, ends):
    found = np.zeros((len(ids), table.shape[1]))
    for row, word in enumerate(ids):
        letters = [letter for letter in word if letter]
        total = 0.0
        for place, letter in enumerate(letters):
            weight = ends if place in (0, len(letters) - 1) else 1.0
            found[row] += weight * table[letter]
            total += weight
        if letters:
            found[row] /= total
    return found


def bpe_merges(counts, n, least):
    split = [(list(word) + ["</w>"], seen) for word, seen in counts.items()]
    merges = []
    while True:
        if len(merges) == n:
            return merges
        tally = {}
        for pieces, seen in split:
            for i in range(len(pieces) - 1):
                pair = (pieces[i], pieces[i + 1])
                tally[pair] = tally.get(pair, 0) + seen
        best = None
        for pair in sorted(tally):
            if tally[pair] >= least and (best is None or tally[pair] > tally[best]):
                best = pair
        if best is None:
            return merges
        merges.append(best)
        for pieces, _ in split:
            i = 0
            while i < len(pieces) - 1:
                if (pieces[i], pieces[i + 1]) == best:
                    pieces[i] = pieces[i] + pieces.pop(i + 1)
                i += 1


def bpe_segment(word, merges):
    pieces = list(word)
    pieces.append("</w>")
    for pair in merges:
        done = []
        for piece in pieces:
            if done and done[-1] == pair[0] and piece == pair[1]:
                done[-1] += piece
            else:
                done.append(piece)
        pieces = done
    if pieces[-1] == "</w>":
        pieces = pieces[:-1]
    else:
        pieces[-1] = pieces[-1].replace("</w>", "")
    found = []
    for i, piece in enumerate(pieces):
        found.append(piece if i == len(pieces) - 1 else piece + "@@")
    return found


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
                right += min(count, most)
                total += count
        if not right:
            return 0.0
        product *= right / total
    penalty = 1.0 if h >= r else float(np.exp(1 - r / h))
    return 100 * penalty * product**0.25
