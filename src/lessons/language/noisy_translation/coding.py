"""From words to numbers and back: letters of words, pieces, characters."""

import typing

import numpy as np

PADDING, UNKNOWN, END = 0, 1, 2  # numbers that stand for no symbol
FIRST = 3
BLANK = " "  # between the words of a sentence that is a row of characters
READS = ("letters", "pieces", "characters")
WRITES = ("words", "characters")


class Symbols:
    """Numbers of symbols; what is not among them is `UNKNOWN`.

    Args:
        names: the symbols.
    """

    def __init__(self, names):
        self.names = tuple(names)
        self._numbers = {name: i for i, name in enumerate(self.names, FIRST)}

    def __len__(self):
        """How many numbers there are, with those that stand for no symbol."""
        return len(self.names) + FIRST

    def encode(self, units, length):
        """Numbers of symbols, cut off after `length`."""
        return [self._numbers.get(unit, UNKNOWN) for unit in units[:length]]

    def decode(self, numbers):
        """Symbols up to the first `END` or padding; what is unknown is "?"."""
        found = []
        for number in numbers:
            if number in (END, PADDING):
                break
            found.append("?" if number == UNKNOWN else self.names[number - FIRST])
        return found


class Coding(typing.NamedTuple):
    """How the sentences of a corpus become arrays.

    Attributes:
        letters: `Symbols` of the source's letters, the blank among them.
        pieces: `Symbols` of its pieces.
        segmenter: a `bpe.Segmenter`.
        words: `Symbols` of the target's words.
        target_letters: `Symbols` of the target's letters, the blank among them.
        sizes: longest sentence, in units, by what is read or written, and "word" for
            the letters of a word. Longer ones are cut off.
    """

    letters: Symbols
    pieces: Symbols
    segmenter: object
    words: Symbols
    target_letters: Symbols
    sizes: dict

    def source(self, sentences, reads):
        """Sentences as a model reads them.

        Args:
            sentences: sequences of words.
            reads: one of `READS`.

        Returns:
            int32: (n, words, letters) or (n, characters), always of one size, or (n,
            pieces), as long as the longest sentence needs.
        """
        size = self.sizes[reads]
        if reads == "letters":
            return self.letters_of(sentences, size)
        if reads == "pieces":
            rows = [self.pieces.encode(self.segmenter(w), size) for w in sentences]
        else:
            rows = [self.letters.encode(BLANK.join(w), size) for w in sentences]
        if reads == "pieces":  # noise cuts words into many more
            size = max(map(len, rows))
        ids = np.zeros((len(rows), size), np.int32)
        for row, numbers in zip(ids, rows, strict=True):
            row[: len(numbers)] = numbers
        return ids

    def letters_of(self, sentences, size=None):
        """Letters of words, (n, words, letters); as many words as the longest has."""
        size = size or max(map(len, sentences))
        ids = np.zeros((len(sentences), size, self.sizes["word"]), np.int32)
        for row, words in zip(ids, sentences, strict=True):
            for place, word in zip(row, words, strict=False):
                numbers = self.letters.encode(word, self.sizes["word"])
                place[: len(numbers)] = numbers
        return ids

    def target(self, sentences, writes):
        """Sentences as a model writes them, `END` behind each; int32 (n, time)."""
        symbols, size = self.symbols(writes), self.sizes["target_" + writes]
        ids = np.zeros((len(sentences), size), np.int32)
        for row, words in zip(ids, sentences, strict=True):
            units = words if writes == "words" else BLANK.join(words)
            numbers = [*symbols.encode(units, size - 1), END]
            row[: len(numbers)] = numbers
        return ids

    def symbols(self, writes):
        """The symbols that a model writes."""
        return self.words if writes == "words" else self.target_letters

    def num_read(self, reads):
        """How many symbols a model can read."""
        return len(self.pieces if reads == "pieces" else self.letters)

    def sentences(self, ids, writes):
        """Sentences, tuples of words, from what a model wrote."""
        found = [self.symbols(writes).decode(row) for row in ids.tolist()]
        if writes == "characters":
            found = ["".join(units).split(BLANK) for units in found]
        return [tuple(filter(None, words)) for words in found]


def before(targets):
    """What the decoder has written before each step: targets one later, `END` first."""
    first = np.full((len(targets), 1), END, targets.dtype)
    return np.concatenate([first, targets[:, :-1]], axis=1)
