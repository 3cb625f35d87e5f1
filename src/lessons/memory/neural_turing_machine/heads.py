"""From the controller's numbers to what the heads may do with the memory."""

from typing import NamedTuple

from keras import ops

# What makes the strength and the sharpness positive. The exponential is what the
# stability of training is compared with: its gradient grows with its value.
POSITIVE = {"softplus": ops.softplus, "exp": ops.exp}


class Address(NamedTuple):
    """Where each head looks; leading axes (..., heads).

    Attributes:
        keys: shape (..., heads, width), in (-1, 1).
        strengths: shape (..., heads), positive.
        gates: shape (..., heads), in (0, 1).
        shifts: shape (..., heads, 2 * reach + 1), a distribution.
        sharpness: shape (..., heads), at least 1.
    """

    keys: object
    strengths: object
    gates: object
    shifts: object
    sharpness: object

    def heads(self, start, stop):
        """The parameters of the heads `start`, ..., `stop` - 1."""
        return Address(
            self.keys[..., start:stop, :],
            self.strengths[..., start:stop],
            self.gates[..., start:stop],
            self.shifts[..., start:stop, :],
            self.sharpness[..., start:stop],
        )


class Instructions(NamedTuple):
    """What all heads do in one step; the write heads come first.

    Attributes:
        address: an `Address` of the write heads, then the read heads.
        erase: shape (..., write heads, width), in (0, 1).
        add: same shape, in (-1, 1).
    """

    address: Address
    erase: object
    add: object


def size(num_read, num_write, width, reach):
    """Numbers the controller must emit, eq. 5-9: T of the lesson's count."""
    return (num_read + num_write) * (width + 3 + 2 * reach + 1) + 2 * num_write * width


def parse(raw, num_read, num_write, width, reach, positive="softplus", limit=20.0):
    """Squash the controller's numbers into the ranges that the equations need.

    Args:
        raw: shape (batch, `size(...)`).
        num_read, num_write: heads.
        width: of a memory slot.
        reach: largest shift.
        positive: key of `POSITIVE`.
        limit: the numbers are clipped to [-limit, limit] first; None leaves them.

    Returns:
        `Instructions`.
    """
    if limit is not None:
        raw = ops.clip(raw, -limit, limit)
    heads, positive = num_write + num_read, POSITIVE[positive]
    each = width + 3 + 2 * reach + 1
    where = ops.reshape(raw[:, : heads * each], (-1, heads, each))
    what = ops.reshape(raw[:, heads * each :], (-1, num_write, 2 * width))
    address = Address(
        keys=ops.tanh(where[..., :width]),
        strengths=positive(where[..., width]),
        gates=ops.sigmoid(where[..., width + 1]),
        shifts=ops.softmax(where[..., width + 2 : -1], axis=-1),
        sharpness=1 + positive(where[..., -1]),
    )
    return Instructions(
        address, ops.sigmoid(what[..., :width]), ops.tanh(what[..., width:])
    )
