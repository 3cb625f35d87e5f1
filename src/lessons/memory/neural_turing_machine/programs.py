"""A machine that is programmed by hand: it copies without having learned."""

import numpy as np
from keras import ops

from lessons.memory.neural_turing_machine import theory
from lessons.memory.neural_turing_machine.heads import Address
from lessons.memory.neural_turing_machine.model import Trace

SHARP = 50.0  # gamma: with one-hot shifts nothing blurs, any will do


def copy(inputs, num_slots):
    r"""Copy by addressing alone; no weight is learned and none exists.

    Both heads start at slot N - 1 and never look at the content ($g = 0$). While
    vectors arrive, the write head moves one slot on ($s = \delta_{+1}$), erases it
    ($e = 1$) and adds the vector ($a = x$). After the end flag the read head does the
    same with reading. Exact for length at most N.

    Args:
        inputs: of the copy task, shape (batch, time, bits + 2).
        num_slots: N.

    Returns:
        (outputs, writing, reading): what is read after the end flag, shape (batch,
        time, bits), and the heads' weightings, (batch, time, slots).
    """
    inputs = np.asarray(inputs, np.float64)
    vectors, start, end = inputs[..., :-2], inputs[..., -2], inputs[..., -1]
    batch, num_steps, bits = vectors.shape
    ended = np.cumsum(end, axis=1) - end  # 1 after the end flag
    storing = 1 - ended - end - start
    memory = np.zeros((batch, num_slots, bits))
    writing = reading = np.tile(np.eye(num_slots)[-1], (batch, 1, 1))
    outputs, paths = [], ([], [])
    for step in range(num_steps):
        move = storing[:, step, None, None]
        writing = theory.address(memory, writing, _move(storing[:, step], bits))
        erase = np.broadcast_to(move, (batch, 1, bits))
        memory = theory.write(memory, writing, erase, vectors[:, step, None] * move)
        reading = theory.address(memory, reading, _move(ended[:, step], bits))
        outputs.append(theory.read(memory, reading)[:, 0] * ended[:, step, None])
        for path, weights in zip(paths, (writing, reading), strict=True):
            path.append(weights[:, 0])
    stacked = (np.stack([np.asarray(x) for x in xs], 1) for xs in (outputs, *paths))
    return tuple(stacked)


class ByHand:
    """The program of `copy` as a machine whose heads can be looked at.

    Args:
        num_slots: N.
    """

    def __init__(self, num_slots):
        self.num_slots = num_slots

    def trace(self, inputs):
        """Run and keep where the heads were, as `NTM.trace` does: a `Trace`."""
        outputs, writing, reading = copy(inputs, self.num_slots)
        return Trace(
            logits=2 * outputs - 1,
            write_weights=writing[:, :, None],
            read_weights=reading[:, :, None],
            memory=None,
            reads=outputs[:, :, None],
            adds=None,
            gates=np.zeros((*outputs.shape[:2], 2)),
        )


def _move(go, bits):
    """One head per sequence that goes one slot on where `go` is 1, else stays."""
    nothing = np.zeros((len(go), 1))
    shifts = np.stack([0 * go, 1 - go, go], axis=-1)[:, None]
    return Address(
        keys=np.ones((len(go), 1, bits)),
        strengths=nothing,
        gates=nothing,
        shifts=ops.convert_to_tensor(shifts),
        sharpness=nothing + SHARP,
    )


def bit_errors(inputs, targets, mask, num_slots):
    """Fraction of wrong bits of the hand-made copy, and its largest deviation.

    Args:
        inputs, targets, mask: `data.Sequences` of the copy task.
        num_slots: N.

    Returns:
        (fraction of wrong bits, largest absolute error).
    """
    outputs, _, _ = copy(inputs, num_slots)
    asked = np.asarray(mask) > 0
    difference = np.abs(outputs - targets)[asked]
    return float(np.mean(difference > 0.5)), float(difference.max())
