"""Byte pair encoding: a vocabulary of pieces, learned from how often letters meet."""

import collections

END = "</w>"


def learn(counts, num_merges):
    """Learn which neighbouring pieces to merge, the most frequent pair first.

    Words start as their letters and an end mark. A pair counts once for each time that
    its word was seen; of equally frequent pairs the first in alphabetical order wins.

    Args:
        counts: how often each word was seen, by word.
        num_merges: merges at most; fewer where no pair is left.

    Returns:
        A list of pairs in the order in which they were merged.
    """
    words = {word: [*word, END] for word in counts}
    merges = []
    for _ in range(num_merges):
        pairs = collections.Counter()
        for word, pieces in words.items():
            for pair in zip(pieces, pieces[1:], strict=False):
                pairs[pair] += counts[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        words = {word: merged(pieces, best) for word, pieces in words.items()}
    return merges


def merged(pieces, pair):
    """Pieces after one merge, applied from the left without overlaps."""
    found, i = [], 0
    while i < len(pieces):
        if tuple(pieces[i : i + 2]) == pair:
            found.append(pieces[i] + pieces[i + 1])
            i += 2
        else:
            found.append(pieces[i])
            i += 1
    return found


def segment(word, merges):
    """The pieces of a word: all merges in the order in which they were learned.

    Args:
        word: a text.
        merges: what `learn` gave.

    Returns:
        A list of pieces; joined they are the word and the end mark.
    """
    pieces = [*word, END]
    for pair in merges:
        if len(pieces) == 1:
            break
        pieces = merged(pieces, pair)
    return pieces


class Segmenter:
    """Cuts words into pieces and remembers the words that it has cut.

    Args:
        merges: what `learn` gave.
    """

    def __init__(self, merges):
        self.merges = [tuple(pair) for pair in merges]
        self._known = {}

    def __call__(self, words):
        """The pieces of all words of a sentence, one after the other."""
        for word in words:
            if word not in self._known:
                self._known[word] = segment(word, self.merges)
        return [piece for word in words for piece in self._known[word]]

    def pieces(self, words):
        """Every piece that words can be cut into: their letters and what was merged."""
        letters = {letter for word in words for letter in word}
        return sorted(letters | {END} | {a + b for a, b in self.merges})
