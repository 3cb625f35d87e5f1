"""The paper's synthetic tasks: addition of numbers and memorisation, as symbols."""

import numpy as np

from lessons.toolkit.errors import UserError

DIGITS = "0123456789-"  # of the addition: ten digits, then the separator and padding
BLANK = DIGITS.index("-")


def memorisation(rng, count, length=6, num_symbols=6):
    """Symbols, then as many blanks: say the symbols again in their order.

    Args:
        rng: a NumPy generator.
        count: sequences.
        length: n, symbols to keep.
        num_symbols: how many different symbols there are; the blank is one more.

    Returns:
        (inputs, targets): int32 of shape (count, 2 n) and (count, n); the answer is
        asked for at the last n steps.
    """
    symbols = rng.integers(0, num_symbols, (count, length)).astype(np.int32)
    blanks = np.full_like(symbols, num_symbols)
    return np.concatenate([symbols, blanks], axis=1), symbols


def addition_strings(first, second, digits):
    """One sum as two strings of 3 digits + 3 characters: what is read and what is said.

    The numbers stand right-aligned before the answer, which begins at once.

    Args:
        first, second: whole numbers of at most `digits` digits.
        digits: the most that a number may have.
    """
    if not 0 <= min(first, second) or max(first, second) >= 10**digits:
        raise UserError(
            f"numbers must have at most digits={digits} digits and no sign, got "
            f"{first} and {second}."
        )
    read = f"{first}-{second}".rjust(2 * digits + 1, "-")
    said = f"{first + second}".ljust(digits + 2, "-")
    return read + "-" * len(said), "-" * len(read) + said


def addition(rng, count, digits=3):
    """Two numbers of up to so many digits: say their sum.

    Numbers are drawn evenly below 10^digits.

    Args:
        rng: a NumPy generator.
        count: sequences.
        digits: the most digits of a number.

    Returns:
        (inputs, targets): int32 of shape (count, 3 digits + 3) and (count, digits + 2);
        symbols are places in `DIGITS`, and the answer is asked for at the last steps.
    """
    pairs = _numbers(rng, (count, 2), digits)
    texts = [addition_strings(a, b, digits) for a, b in pairs]
    inputs, targets = (
        np.array([_codes(t) for t in side]) for side in zip(*texts, strict=True)
    )
    return inputs, targets[:, 2 * digits + 1 :]


def _numbers(rng, shape, digits):
    """Whole numbers below 10^digits as Python's own, which have no greatest."""
    drawn = rng.integers(0, 10, (*shape, digits))
    return [
        [int("".join(map(str, number))) for number in numbers]
        for numbers in drawn.tolist()
    ]


def _codes(text):
    return np.array([DIGITS.index(character) for character in text], np.int32)


def text_of(codes):
    """Codes of the addition as a string."""
    return "".join(DIGITS[int(code)] for code in codes)
