"""Reader of fastText's `.vec` files and of dictionaries, for a user's own languages.

A `.vec` file is text: a first line "words dimension", which may be missing, then a word
and its numbers on each line, by falling frequency. Real files have words with spaces,
lines cut off, bytes that are no UTF-8, vectors of zeros, and words that differ in case
only. Such lines are left out and counted; the rest of the file is read on.
"""

import collections
import pathlib
import typing

import numpy as np

from lessons.toolkit.errors import UserError

MOST_EMPTY = 200_000  # rows set aside before any was read, whatever the header says


class Vectors(typing.NamedTuple):
    """What a file holds.

    Attributes:
        words: in the order of the file, each once.
        vectors: float32 of shape (words, d).
        skipped: how many lines were left out, by reason.
    """

    words: tuple[str, ...]
    vectors: np.ndarray
    skipped: dict[str, int]


def read(path, limit=200_000, lower=True):
    """Read a `.vec` file.

    Args:
        path: of the file.
        limit: words to keep; the rest is not read.
        lower: whether words are lower-cased; of two that become equal the first stays.

    Returns:
        `Vectors`.

    Raises:
        UserError: there is no such file, or nothing in it is a word with a vector.
    """
    path = pathlib.Path(path)
    if limit < 1:
        raise UserError(f"limit must be at least 1, got {limit}.")
    if not path.is_file():
        raise UserError(f"there is no file {path.name!r} with vectors of words.")
    words, skipped = {}, collections.Counter()
    table = None
    with path.open("rb") as file:
        for number, line in enumerate(file):
            if number == 0 and is_header(line):
                continue
            dim = None if table is None else table.shape[1]
            word, found = parsed(line, dim)
            if found is None:
                skipped[word] += 1
                continue
            word = word.lower() if lower else word
            if word in words:
                skipped["a word again"] += 1
                continue
            if table is None:
                table = np.empty((min(limit, MOST_EMPTY), len(found)), "float32")
            if len(words) == len(table):
                table = np.concatenate([table, np.empty_like(table)])[:limit]
            table[len(words)] = found
            words[word] = len(words)
            if len(words) == limit:
                break
    if not words:
        raise UserError(
            f"no line of {path.name!r} is a word with its vector. Allowed: fastText's "
            "text format, a word and its numbers on each line. Left out: "
            f"{dict(skipped)}."
        )
    return Vectors(tuple(words), table[: len(words)], dict(skipped))


def is_header(line):
    """Whether a line is "words dimension": two whole numbers."""
    fields = line.split()
    return len(fields) == 2 and all(field.isdigit() for field in fields)


def parsed(line, dim):
    """A word and its vector, or why the line is none and None.

    Args:
        line: bytes.
        dim: numbers of a vector, None on the first line, which sets it.

    Returns:
        (word, float32 array of shape (dim,)), or (reason, None).
    """
    try:
        fields = line.decode("utf-8").rstrip("\r\n ").split(" ")
    except UnicodeDecodeError:
        return "not UTF-8", None
    count = len(fields) - 1 if dim is None else dim
    # A word may hold spaces: the vector is what stands last.
    word, numbers = (
        " ".join(fields[: len(fields) - count]),
        fields[len(fields) - count :],
    )
    if count < 1 or len(fields) <= count or not word.strip():
        return "too few numbers", None
    try:
        found = np.array(numbers, "float32")
    except ValueError:
        return "not a number", None
    if not np.all(np.isfinite(found)):
        return "not finite", None
    if not np.any(found):
        return "all zeros", None
    return word, found


def read_dictionary(path, source_words, target_words, lower=True):
    """Translations of words: two words on each line, separated by blanks.

    Args:
        path: of the file.
        source_words, target_words: the vocabularies; pairs with other words are left
            out.
        lower: whether words are lower-cased.

    Returns:
        Sets of target ranks by source rank.

    Raises:
        UserError: there is no such file, or no pair of it is in both vocabularies.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise UserError(f"there is no file {path.name!r} with a dictionary.")
    places = [
        {w: i for i, w in enumerate(words)} for words in (source_words, target_words)
    ]
    gold = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        fields = (line.lower() if lower else line).split()
        if len(fields) != 2 or fields[0] not in places[0] or fields[1] not in places[1]:
            continue
        gold.setdefault(places[0][fields[0]], set()).add(places[1][fields[1]])
    if not gold:
        raise UserError(
            f"no line of {path.name!r} is a pair of words in both vocabularies. "
            "Allowed: a source word and a target word on each line."
        )
    return gold
