"""Five noises of words: three scramble letters, one mistypes, one misspells."""

import typing

from lessons.toolkit.errors import unknown

SCRAMBLING = ("swap", "mid", "rand")
KINDS = (*SCRAMBLING, "key", "nat")


class Tables(typing.NamedTuple):
    """What two of the noises look up.

    Attributes:
        keyboard: letters beside each letter's key.
        natural: misspellings of words.
    """

    keyboard: dict
    natural: dict


def swap(word, rng):
    """Exchange two neighbouring letters, neither the first nor the last.

    Args:
        word: a text; below four letters it stays as it is.
        rng: NumPy generator.
    """
    if len(word) < 4:
        return word
    i = int(rng.integers(1, len(word) - 2))
    return word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def middle_random(word, rng):
    """Put all letters but the first and the last into a random order.

    Args:
        word: a text; below four letters it stays as it is.
        rng: NumPy generator.
    """
    if len(word) < 4:
        return word
    return word[0] + fully_random(word[1:-1], rng) + word[-1]


def fully_random(word, rng):
    """Put all letters into a random order."""
    return "".join(word[i] for i in rng.permutation(len(word)))


def keyboard_typo(word, rng, table):
    """Replace one letter by one whose key lies beside it.

    A capital becomes a capital. A place whose letter is not in the table stays.

    Args:
        word: a text.
        rng: NumPy generator.
        table: letters beside each letter's key, see `keyboard.neighbours`.
    """
    if not word:
        return word
    i = int(rng.integers(len(word)))
    letter = word[i]
    others = table.get(letter.lower(), ())
    if not others:
        return word
    typed = others[int(rng.integers(len(others)))]
    if letter.isupper() and len(typed.upper()) == 1:  # a capital ß would be SS
        typed = typed.upper()
    return word[:i] + typed + word[i + 1 :]


def natural_error(word, rng, table):
    """Replace a word by one of its recorded misspellings; without any it stays.

    Args:
        word: a text.
        rng: NumPy generator.
        table: misspellings of words.
    """
    others = table.get(word, ())
    return others[int(rng.integers(len(others)))] if others else word


def noisy_word(word, kind, rng, tables):
    """One word under one noise.

    Args:
        word: a text.
        kind: "clean" or one of `KINDS`.
        rng: NumPy generator.
        tables: `Tables`.
    """
    if kind == "key":
        return keyboard_typo(word, rng, tables.keyboard)
    if kind == "nat":
        return natural_error(word, rng, tables.natural)
    if kind == "clean":
        return word
    operators = {"swap": swap, "mid": middle_random, "rand": fully_random}
    if kind not in operators:
        raise unknown("noise", kind, ("clean", *KINDS))
    return operators[kind](word, rng)


def noisy(words, kind, rng, tables, share=1.0):
    """A sentence under one noise.

    Args:
        words: of the sentence.
        kind, rng, tables: as for `noisy_word`.
        share: probability that a word is given to the noise at all.

    Returns:
        A tuple of words.
    """
    chosen = rng.random(len(words)) < share
    return tuple(
        noisy_word(word, kind, rng, tables) if hit else word
        for word, hit in zip(words, chosen, strict=True)
    )


def mixed(words, kinds, rng, tables):
    """A sentence for training: one kind is drawn for all of its words.

    Args:
        words: of the sentence.
        kinds: noises to draw from, each as likely; () leaves the sentence clean.
        rng, tables: as for `noisy_word`.
    """
    if not kinds:
        return tuple(words)
    return noisy(words, kinds[int(rng.integers(len(kinds)))], rng, tables)
