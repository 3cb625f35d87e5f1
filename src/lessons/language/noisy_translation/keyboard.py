"""Which keys lie beside each other, and a reader of the released keyboard files."""

import pathlib
import unicodedata

from lessons.toolkit.data import files
from lessons.toolkit.errors import UserError, unknown

# Rows of letters from the top, each moved to the right by this much against the first;
# a blank is a key without a letter. Keys of digits and signs are left out.
SHIFTS = (-0.5, 0.0, 0.25, 0.75)
LAYOUTS = {
    "german": ("          ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    "french": (" é    è çà", "azertyuiop", "qsdfghjklmù", "wxcvbn"),
    "english": ("", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
}


def neighbours(language):
    """The letters beside each letter's key: QWERTZ, AZERTY or QWERTY.

    Two keys are beside each other where they stand next to each other in a row, or
    overlap in two rows that follow each other.

    Args:
        language: "german", "french" or "english".

    Returns:
        A dictionary from letters to tuples of letters.
    """
    if language not in LAYOUTS:
        raise unknown("language", language, LAYOUTS)
    places = {
        letter: (row, column + SHIFTS[row])
        for row, letters in enumerate(LAYOUTS[language])
        for column, letter in enumerate(letters)
        if letter != " "
    }

    def beside(one, other):
        rows, columns = (abs(a - b) for a, b in zip(one, other, strict=True))
        return (rows == 0 and columns == 1) or (rows == 1 and columns < 1)

    return {
        letter: tuple(o for o, there in places.items() if beside(place, there))
        for letter, place in places.items()
    }


def read_alternatives(path):
    """Read a `.key` or `.natural` file: an entry and its alternatives on each line.

    Lines with fewer than two fields say nothing and are left out; an entry that comes
    again adds to the first. All is put into lower case and composed characters (NFC).

    Args:
        path: of a UTF-8 text file whose fields are parted by blanks.

    Returns:
        A dictionary from texts to tuples of texts.

    Raises:
        UserError: the file is missing, no text, or has no entry.
    """
    allowed = "a UTF-8 text file, an entry and its alternatives on each line."
    text = files.read_text(path, allowed)
    table = {}
    for line in unicodedata.normalize("NFC", text).lower().splitlines():
        entry, *others = line.split() or [""]
        others = [other for other in others if other != entry]
        if others:
            table.setdefault(entry, {}).update(dict.fromkeys(others))
    if not table:
        raise UserError(
            f"no line of {pathlib.Path(path).name!r} has an entry and an alternative, "
            "parted by blanks."
        )
    return {entry: tuple(others) for entry, others in table.items()}
