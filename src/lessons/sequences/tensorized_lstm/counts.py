"""Sizes of tensorized and of stacked networks: numbers, work, steps in a row."""


def parameters(
    inputs, units, outputs, kernel_size=3, memory=True, order=2, size=1, normed=False
):
    """Trained numbers of a tensorized LSTM with its input and output layer.

    (RM + M) + (KM(4M + K) + 4M + K) + (MS + S); with K² for K in a square.

    Args:
        inputs, units, outputs: R, M and S.
        kernel_size: K.
        memory: whether memory is convolved; without it no K in (4M + K).
        order: 2 or 3.
        size: P; counts for normalised models alone.
        normed: whether gates and cells are normalised, which adds a gain and a shift
            for each location and channel.
    """
    taps = kernel_size ** (order - 1)
    wide = 4 * units + (taps if memory else 0)
    total = (inputs + 1) * units + (taps * units + 1) * wide + (units + 1) * outputs
    if normed:
        total += 2 * size ** (order - 1) * (wide + units)
    return total


def stacked_parameters(inputs, units, outputs, layers=1):
    """Trained numbers of LSTM layers; `layers` = 1 where all share one kernel."""
    kernel = (2 * units + 1) * 4 * units
    return (inputs + 1) * units + layers * kernel + (units + 1) * outputs


def live_parameters(inputs, units, outputs, kernel_size, memory, size):
    """Numbers of a 2D tensorized LSTM that matter: not those that meet only zeros.

    At P locations the kernel's slice k sees a row from 0 to P at some location, or 0
    everywhere. With one location the memory convolution is the identity. What has no
    effect on the output has no gradient, but for rounding (which Adam amplifies).

    Args:
        inputs, units, outputs: R, M and S.
        kernel_size, memory, size: K, whether memory is convolved, P.
    """
    first = 1 - kernel_size // 2
    live = sum(
        any(0 <= place + first + k - 1 <= size for place in range(1, size + 1))
        for k in range(kernel_size)
    )
    wide = 4 * units + (kernel_size if memory and size > 1 else 0)
    return (inputs + 1) * units + (live * units + 1) * wide + (units + 1) * outputs


def work(units, kernel_size=3, memory=True, order=2, size=1):
    """Multiplications of one step of the tensorized LSTM's kernel, all locations."""
    taps = kernel_size ** (order - 1)
    wide = 4 * units + (taps if memory else 0)
    moving = taps * units if memory else 0
    return size ** (order - 1) * (taps * units * wide + moving)


def stacked_work(units, layers):
    """Multiplications of one step of LSTM layers' kernels."""
    return layers * 8 * units**2


def in_a_row(length, depth, stacked=False):
    """Cell evaluations that must wait for each other, for a sequence of T steps.

    T + L - 1 for a tensor, T L for layers that are computed one after the other.

    Args:
        length: T.
        depth: L.
        stacked: whether it is a stack of layers.
    """
    return length * depth if stacked else length + depth - 1
