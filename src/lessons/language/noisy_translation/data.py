"""Pairs of sentences: from the grammar, or from a user's plain text."""

import collections
import dataclasses
import pathlib
import re
import unicodedata

import numpy as np

from lessons.language.noisy_translation import (
    bpe,
    coding,
    grammar,
    keyboard,
    natural,
    noise,
)
from lessons.toolkit.data import files
from lessons.toolkit.errors import UserError

FILES = ("train_source", "train_target", "test_source", "test_target")


@dataclasses.dataclass(frozen=True)
class Corpus:
    """Two languages, sentence by sentence, and what may go wrong in the first.

    Attributes:
        train, test: lists of pairs (source words, target words).
        training_errors, test_errors, new_errors: `noise.Tables`; the natural errors of
            the last follow other rules than those for training. (Of a user's table they
            are those for testing.)
        coding: a `coding.Coding`.
    """

    train: list
    test: list
    training_errors: noise.Tables
    test_errors: noise.Tables
    new_errors: noise.Tables
    coding: coding.Coding

    @property
    def lexicon(self):
        """The source words of the training sentences, in alphabetical order."""
        return sorted({word for words, _ in self.train for word in words})


def load(config):
    """The corpus of a configuration.

    Args:
        config: a `Config`; `source="text"` reads the files that it names.

    Returns:
        A `Corpus`.

    Raises:
        UserError: a file is not named, is missing or does not fit.
    """
    if config.source == "text":
        lacking = [name for name in FILES if getattr(config, name) is None]
        if lacking:
            raise UserError(
                f"source='text' needs the files {', '.join(FILES)}; not given: "
                f"{', '.join(lacking)}."
            )
        train = read_pairs(config.train_source, config.train_target)
        test = read_pairs(config.test_source, config.test_target)
    else:
        pairs = sentences(
            config.language, config.num_train + config.num_test, (config.seed, 1711)
        )
        train, test = pairs[: config.num_train], pairs[config.num_train :]
    return Corpus(train, test, *_tables(config, train), _coding(config, train))


def sentences(language, count, seed, without=()):
    """Different sentences of the grammar with their translations into English.

    Args:
        language: "german" or "french".
        count: how many.
        seed: of the NumPy generator.
        without: source sentences that are not to come.

    Returns:
        A list of pairs (source words, target words), no source sentence twice.
    """
    rng = np.random.default_rng(seed)
    seen, pairs = set(without), []
    while len(pairs) < count:
        meaning = grammar.draw(rng)
        source = grammar.say(meaning, language)
        if source not in seen:
            seen.add(source)
            pairs.append((source, grammar.say(meaning, "english")))
    return pairs


def read_pairs(source_path, target_path):
    """Pairs of sentences from two files of plain text, or `.sgm` or `.xml` of IWSLT.

    A line is a sentence; of a file with marks only what stands in `<seg>` is read, and
    of plain text no line that begins with a mark. Everything is put into lower case and
    composed characters; signs are parted from words. Empty pairs are left out.

    Args:
        source_path, target_path: the files.

    Raises:
        UserError: a file is missing or no text, or the two differ in length.
    """
    sides = [_read(path) for path in (source_path, target_path)]
    if len(sides[0]) != len(sides[1]):
        raise UserError(
            "the files of the two languages must have as many sentences, got "
            f"{len(sides[0])} and {len(sides[1])}."
        )
    pairs = [(a, b) for a, b in zip(*sides, strict=True) if a and b]
    if not pairs:
        raise UserError("the files of the two languages hold no pair of sentences.")
    return pairs


def _read(path):
    text = files.read_text(path, "UTF-8 text, a sentence on each line.")
    if pathlib.Path(path).suffix in (".sgm", ".xml"):
        lines = re.findall(r"<seg[^>]*>(.*?)</seg>", text, flags=re.DOTALL)
    else:
        lines = [line for line in text.splitlines() if not line.startswith("<")]
    return [words_of(line) for line in lines]


def words_of(line):
    """Words and signs of a line, in lower case, a tuple."""
    line = unicodedata.normalize("NFC", line).lower()
    return tuple(re.findall(r"\w+(?:['’-]\w+)*|[^\w\s]", line))


def _tables(config, train):
    """`noise.Tables` for training, for testing, and with errors by other rules."""
    if config.key_path:
        keys = keyboard.read_alternatives(config.key_path)
    else:
        keys = keyboard.neighbours(config.language)
    if config.natural_path:
        halves = natural.split(keyboard.read_alternatives(config.natural_path))
        parts = (*halves, halves[1])
    else:
        words = {word for source, _ in train for word in source}
        parts = natural.tables(words, config.language)
    return [noise.Tables(keys, part) for part in parts]


def _coding(config, train):
    """Symbols of a corpus, the most frequent words first, and the longest sentences."""
    counts = [
        collections.Counter(word for pair in train for word in pair[side])
        for side in (0, 1)
    ]
    segmenter = bpe.Segmenter(bpe.learn(counts[0], config.merges))
    letters, target_letters = (
        [coding.BLANK, *sorted({letter for word in c for letter in word})]
        for c in counts
    )
    words = [word for word, _ in counts[1].most_common(config.most_words)]
    longest = [max(len(pair[side]) for pair in train) for side in (0, 1)]
    lines = [max(len(" ".join(pair[side])) for pair in train) for side in (0, 1)]
    most = config.longest
    sizes = {
        "letters": min(longest[0], most),
        # Noise cuts words into more pieces, into letters at worst.
        "pieces": min(lines[0] + longest[0], 4 * most),
        "characters": min(lines[0] + longest[0], 8 * most),
        "word": min(max(map(len, counts[0])) + 1, config.longest_word),
        "target_words": min(longest[1], most) + 1,
        "target_characters": min(lines[1], 8 * most) + 1,
    }
    return coding.Coding(
        coding.Symbols(letters),
        coding.Symbols(segmenter.pieces(counts[0])),
        segmenter,
        coding.Symbols(words),
        coding.Symbols(target_letters),
        sizes,
    )


def batches(config, corpus, variant):
    """Batches of training sentences, noised anew in every epoch, as a generator.

    Args:
        config: a `Config`.
        corpus: a `Corpus`.
        variant: a `Variant`; says what is read and written and which noises come.

    Yields:
        ((source, words before), targets), arrays of `batch_size` sentences; what does
        not fill a batch at an epoch's end is left out.
    """
    for epoch in range(config.epochs):
        rng = np.random.default_rng((config.seed, 31, epoch))
        pairs = corpus.train
        if variant.fresh and epoch:
            known = {source for source, _ in corpus.test}
            seed = (config.seed, 1712, epoch)
            pairs = sentences(config.language, len(pairs), seed, without=known)
        order = rng.permutation(len(pairs))
        for start in range(0, len(pairs) - config.batch_size + 1, config.batch_size):
            chosen = [pairs[i] for i in order[start : start + config.batch_size]]
            read = [
                noise.mixed(source, variant.noises, rng, corpus.training_errors)
                for source, _ in chosen
            ]
            source = corpus.coding.source(read, variant.reads)
            targets = corpus.coding.target([t for _, t in chosen], variant.writes)
            yield (source, coding.before(targets)), targets
