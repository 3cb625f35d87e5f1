"""Signals written by hand: reversal and copy of any length, and where they break.

A program pushes in the input phase, does nothing at the separator, and pops while the
answer is given. Signals need not be 0 and 1: `Signals` are constant in each phase.
"""

from typing import NamedTuple

import numpy as np

from lessons.memory.neural_stack import theory


class Signals(NamedTuple):
    """Amounts of push and pop in the two phases of a sequence.

    Attributes:
        push, pop: d and u while symbols come in.
        push_out, pop_out: d and u while the answer is given.
    """

    push: float = 1.0
    pop: float = 0.0
    push_out: float = 0.0
    pop_out: float = 1.0

    @property
    def net_push(self):
        """P = d - u of a step that takes a symbol in."""
        return self.push - self.pop

    @property
    def net_pop(self):
        """Q = u - d of a step of the answer."""
        return self.pop_out - self.push_out

    @classmethod
    def of_logits(cls, size):
        """Coming in, d = sigmoid(size) and u = 1 - d; the opposite going out."""
        high = float(1 / (1 + np.exp(-size)))
        return cls(high, 1 - high, 1 - high, high)


EXACT = Signals()


def run(structure, length, signals=EXACT):
    """The program of a sequence of some length, as weights of what is read.

    Args:
        structure: "stack" or "queue".
        length: symbols of the sequence, n.
        signals: `Signals`.

    Returns:
        (strengths, weights): after each of the 2n + 1 steps (n symbols, the separator,
        n answers), shape (2n + 1, 2n + 1), a column for each step's cell. The k-th
        answer, from 0, is told from row n + k of the weights: a network reads one step
        late.
    """
    steps = 2 * length + 1
    end = theory.STRUCTURES[structure].ends[0]
    strengths, kept = np.zeros(steps), []
    for t in range(steps):
        push, pop = 0.0, 0.0
        if t < length:
            push, pop = signals.push, signals.pop
        elif t > length:
            push, pop = signals.push_out, signals.pop_out
        strengths = theory.pop(strengths, np.array([pop]), end).numpy()
        strengths[t] = push
        kept.append(strengths)
    kept = np.array(kept)
    return kept, theory.read_weights(kept, end).numpy()


def right_cell(structure, length):
    """The cell that each answer should be read from: reversed, or in order."""
    order = np.arange(length)
    return order[::-1] if structure == "stack" else order


def answers(structure, length, signals=EXACT):
    """Weight of the right cell in each answer, and whether it is the greatest.

    Args:
        structure, length, signals: as of `run`.

    Returns:
        (weights, right): each of shape (length,).
    """
    _, read = run(structure, length, signals)
    told, cells = read[length : 2 * length], right_cell(structure, length)
    own = told[np.arange(length), cells]
    others = told.copy()
    others[np.arange(length), cells] = -1
    return own, own > others.max(1)


def first_failing_length(structure, signals, longest=60):
    """The least length at which an answer is wrong; None up to `longest`.

    Args:
        structure: "stack" or "queue".
        signals: `Signals`.
        longest: length to stop at.
    """
    for length in range(1, longest + 1):
        if not answers(structure, length, signals)[1].all():
            return length
    return None


def predicted_length(signals):
    r"""The least length at which a stack's answer is wrong, in closed form.

    The read is one unit wide, and g = `push_out` of it goes to what was pushed last. In
    the k-th answer, from 0, the right cell has $1 - u - k (p - q)$ of it if $q < p$ and
    $d - g - k (q - p)$ if $q > p$. The answer is wrong when that is less than half of
    the rest, $(1 - g) / 2$: then a neighbour has more. (In the second case the last
    answer cannot be wrong, because there is no cell below it.)

    Args:
        signals: `Signals` with p above 1/2 and q unlike p.
    """
    drift, half = signals.net_push - signals.net_pop, (1 + signals.push_out) / 2
    if drift > 0:
        return int((half - signals.pop) // drift) + 2
    return int((signals.push - half) // -drift) + 3


def queue_slip(length, signals):
    r"""How far a queue's read lies behind the right cell, for each answer.

    Pushes go behind the front, so each symbol keeps a cell of strength d, and only pops
    move the read: those coming in, all but the first of which find something, and one
    for each answer before. In the k-th answer, from 0, that makes
    $(n - 1)\, u + k\, (u' - d)$ with u' = `pop_out`.

    Args:
        length: n.
        signals: `Signals`.

    Returns:
        Shape (length,), in units of strength; below 0 the read is late.
    """
    each = np.arange(length) * (signals.pop_out - signals.push)
    return (length - 1) * signals.pop + each


def predicted_queue_length(signals, longest=60):
    """The least length at which a queue's answer is wrong; None up to `longest`.

    A neighbour has more of the read than the right cell where `queue_slip` is above
    d - 1/2 or below -1/2. (The last answer has no next cell that it could slip to.)

    Args:
        signals: `Signals` with d above 1/2.
        longest: length to stop at.
    """
    for length in range(1, longest + 1):
        slip = queue_slip(length, signals)
        if (slip[:-1] >= signals.push - 0.5).any() or (slip <= -0.5).any():
            return length
    return None
