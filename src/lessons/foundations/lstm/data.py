"""Text for the language model: CPython's documentation, or a file the user names."""

import dataclasses
import pathlib
import re
import string

import numpy as np

from lessons.toolkit.errors import UserError

_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_KEPT = frozenset(string.printable[:95] + "\n")
LEAST_CHARACTERS = 1000


def clean(text):
    """Printable ASCII and line ends; no rulers, and blanks squeezed.

    Low-temperature samples would be rows of asterisks otherwise. The indentation of a
    line stays.
    """
    text = text.translate(_PLAIN).replace("\t", "    ")
    text = "".join(char if char in _KEPT else " " for char in text)
    text = re.sub(r"(?m)^[*=\-~^+| ]+$", "", text)
    text = re.sub(r"([*=\-~^])\1{3,}", r"\1\1\1", text)
    text = re.sub(r"(?<=\S) {2,}", " ", text)
    return re.sub(r" *\n(\s*\n)+", "\n\n", text)


def load_text(source="pydoc"):
    """A text to model.

    Args:
        source: "pydoc" for the topics of `help()` (it differs between versions of
            Python), or the path of a UTF-8 file.

    Raises:
        UserError: there is no such file, or too little in it.
    """
    if source == "pydoc":
        from pydoc_data import topics

        return clean("\n".join(text for _, text in sorted(topics.topics.items())))
    try:
        text = clean(pathlib.Path(source).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"cannot read the text {source!r}: {type(error).__name__}: {error}. "
            "Allowed: 'pydoc' or the path of a UTF-8 text file."
        ) from None
    if len(text) < LEAST_CHARACTERS:
        raise UserError(
            f"the text {source!r} has {len(text)} characters, at least "
            f"{LEAST_CHARACTERS} are needed."
        )
    return text


class Vocabulary:
    """The characters of a text, numbered in their order in Unicode.

    Args:
        text: whose characters to number.
    """

    def __init__(self, text):
        self.characters = "".join(sorted(set(text)))
        self._index = {char: i for i, char in enumerate(self.characters)}

    def __len__(self):
        return len(self.characters)

    def encode(self, text):
        """Numbers of the characters of a text, int32, shape (length,).

        Raises:
            UserError: a character is not in the vocabulary.
        """
        strange = sorted(set(text) - self._index.keys())
        if strange:
            raise UserError(
                f"the text has characters unknown to the model: {strange}. "
                f"Allowed: {self.characters!r}."
            )
        return np.array([self._index[char] for char in text], np.int32)

    def decode(self, ids):
        """The text of an array of numbers, shape (length,)."""
        return "".join(self.characters[int(i)] for i in ids)


@dataclasses.dataclass(frozen=True)
class Corpus:
    """A text in two parts.

    Attributes:
        vocabulary: of the whole text.
        train, valid: character numbers, int32; the held-out part is the last one.
    """

    vocabulary: Vocabulary
    train: np.ndarray
    valid: np.ndarray


def load(config):
    """The text of a `Config`, split by position.

    Raises:
        UserError: the text is not there, or too short for one training step.
    """
    text = load_text(config.source)[: config.num_characters]
    vocabulary = Vocabulary(text)
    ids = vocabulary.encode(text)
    cut = round(len(ids) * (1 - config.valid_fraction))
    needed = config.batch_size * config.window + 1
    if min(cut, len(ids) - cut - 2) < 2 or cut < needed:
        raise UserError(
            f"a text of {len(ids)} characters with "
            f"valid_fraction={config.valid_fraction} leaves {cut} for training; "
            f"batch_size={config.batch_size} and window={config.window} need at least "
            f"{needed}, and some to hold out."
        )
    return Corpus(vocabulary, ids[:cut], ids[cut:])


def streams(ids, num_streams, window):
    """Contiguous streams, cut so that row r of each batch continues row r of the last.

    Args:
        ids: a text, shape (length,).
        num_streams: batch size.
        window: steps per batch.

    Returns:
        (inputs, targets), int32 of shape (batches * num_streams, window); targets are
        the characters that follow. What does not fill a batch is left out.
    """
    num_windows = (len(ids) - 1) // (num_streams * window)
    length = num_windows * window

    def cut(part):
        rows = part[: num_streams * length].reshape(num_streams, num_windows, window)
        return rows.transpose(1, 0, 2).reshape(-1, window)

    return cut(ids[:-1]), cut(ids[1:])


def windows(ids, window):
    """The same text as windows that know nothing of each other: (inputs, targets).

    Args:
        ids: characters as integers, shape (length,).
        window: characters of a window.
    """
    return streams(ids, 1, window)
