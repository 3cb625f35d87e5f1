r"""The equations of He et al. 2017 (arXiv:1711.01577), as functions of tensors.

The state of a sequence is a tensor of locations with M channels each: P locations in
a row (2D) or P times P in a square (3D). All functions take the batch first, then one
or two axes of locations, then channels, and compute in the dtype that they are given;
softmax and normalisation compute in float32 at least. Cells are built of these
functions, so a lesson's network computes what is tested here.
"""

import itertools

from keras import ops

from lessons.toolkit.errors import UserError

EPSILON = 1e-3  # added to the variance by the normalisations
NORMALISATIONS = ("none", "layer", "channel")


def check_kernel(kernel_size):
    """Refuse a kernel whose output nothing would ever reach.

    Raises:
        UserError: the kernel covers fewer than 2 locations.
    """
    if kernel_size < 2:
        raise UserError(
            f"kernel_size must be at least 2, got {kernel_size}: with 1 the input "
            "never travels from one location to the next."
        )


def depth(size, kernel_size):
    r"""Steps from an input to the output that has seen it: $L = \lceil P / \lfloor K/2
    \rfloor \rceil$ (section 2 of the paper; it writes $2P / (K - K \bmod 2)$).

    Args:
        size: P, locations along an axis.
        kernel_size: K, locations that the kernel covers along an axis.

    Returns:
        L; the output is read L - 1 steps late.

    Raises:
        UserError: P is below 1 or K below 2.
    """
    check_kernel(kernel_size)
    if size < 1:
        raise UserError(f"size must be at least 1 location, got {size}.")
    return -(-size // (kernel_size // 2))


def concat_input(row, hidden):
    r"""$H^{cat}_{t-1}$: the projected input before the first location (section 2).

    Along every axis of locations a row 0 is added; its corner holds the input and the
    rest of it 0.

    Args:
        row: $x_t W^x + b^x$, shape (batch, M).
        hidden: $H_{t-1}$, shape (batch, P, M) or (batch, P, P, M).

    Returns:
        Shape (batch, P + 1, M) or (batch, P + 1, P + 1, M).
    """
    sizes = hidden.shape[1:-1]
    if len(sizes) == 1:
        return ops.concatenate([row[:, None], hidden], axis=1)
    corner = ops.reshape(row, (-1, *[1] * len(sizes), hidden.shape[-1]))
    corner = ops.pad(corner, [(0, 0), *[(0, size) for size in sizes], (0, 0)])
    return corner + ops.pad(hidden, [(0, 0), *[(1, 0)] * len(sizes), (0, 0)])


def windows(cat, kernel_size):
    r"""What the kernel sees at each location: rows $p - \lfloor K/2 \rfloor, \dots$ of
    $H^{cat}$, K of them along each axis, joined. Rows outside count as 0.

    Args:
        cat: what `concat_input` gives.
        kernel_size: K.

    Returns:
        Shape (batch, P, K M) or (batch, P, P, K² M), the first offset first.
    """
    sizes = [length - 1 for length in cat.shape[1:-1]]
    before, after = kernel_size // 2 - 1, kernel_size - 1 - kernel_size // 2
    if before or after:
        cat = ops.pad(cat, [(0, 0), *[(before, after)] * len(sizes), (0, 0)])
    return ops.concatenate(list(_shifted(cat, sizes, kernel_size)), axis=-1)


def memory_convolution(cells, logits, kernel_size):
    r"""$C^{conv}_{p} = \sum_k \mathrm{softmax}(A^q_p)_k\, C_{t-1,\,p - \lfloor K/2
    \rfloor + k - 1}$: memory moves as each location chooses (section 2).

    The kernel belongs to a location and a step, and is the same for all channels.
    Beyond the ends the end rows are repeated.

    Args:
        cells: $C_{t-1}$, shape (batch, P, M) or (batch, P, P, M).
        logits: $A^q_t$, shape (batch, P, K) or (batch, P, P, K²).
        kernel_size: K.

    Returns:
        The shape of `cells`.
    """
    sizes = cells.shape[1:-1]
    weights = ops.cast(ops.softmax(_precise(logits), axis=-1), cells.dtype)
    before, after = kernel_size // 2, kernel_size - 1 - kernel_size // 2
    for axis in range(1, len(sizes) + 1):
        cells = _repeat_ends(cells, axis, before, after)
    parts = _shifted(cells, sizes, kernel_size)
    return sum(weights[..., k : k + 1] * part for k, part in enumerate(parts))


def normalise(values, gain, shift, kind, epsilon=EPSILON):
    r"""$\hat z \circ \Gamma + B$, where $\hat z$ has mean 0 and variance 1 (section 2).

    $\hat z = (z - \mathrm{mean}) / \sqrt{\mathrm{var} + \epsilon}$.

    Args:
        values: shape (batch, P, channels) or (batch, P, P, channels).
        gain, shift: $\Gamma$ and $B$, without the batch axis.
        kind: "channel" takes mean and variance over the channels of each location,
            "layer" over all locations and channels together.
        epsilon: added to the variance.

    Returns:
        The shape and dtype of `values`.
    """
    axes = -1 if kind == "channel" else tuple(range(1, len(values.shape)))
    precise = _precise(values)
    centred = precise - ops.mean(precise, axis=axes, keepdims=True)
    variance = ops.mean(ops.square(centred), axis=axes, keepdims=True)
    hat = ops.cast(centred / ops.sqrt(variance + epsilon), values.dtype)
    return hat * gain + shift


def trnn_step(row, hidden, kernel, bias, kernel_size):
    r"""$H_t = \tanh(H^{cat}_{t-1} \circledast \{W^h, b^h\})$ (section 2).

    Args:
        row: projected input, shape (batch, M).
        hidden: $H_{t-1}$, shape (batch, P, M) or (batch, P, P, M).
        kernel: $W^h$, shape (K M, M) or (K² M, M).
        bias: $b^h$, shape (M,).
        kernel_size: K.
    """
    seen = windows(concat_input(row, hidden), kernel_size)
    return ops.tanh(ops.matmul(seen, kernel) + bias)


def tlstm_step(
    row,
    hidden,
    cells,
    kernel,
    bias,
    kernel_size,
    memory=True,
    norm_gates=None,
    norm_cells=None,
):
    r"""One step of the tensorized LSTM (section 2).

    $[A^g, A^i, A^f, A^o, A^q] = H^{cat}_{t-1} \circledast \{W^h, b^h\}$,
    $C_t = \tanh A^g \circ \sigma A^i + C^{conv} \circ \sigma A^f$ and
    $H_t = \tanh(C_t) \circ \sigma A^o$.

    Args:
        row: projected input, shape (batch, M).
        hidden, cells: $H_{t-1}$ and $C_{t-1}$, shape (batch, P, M) or (batch, P, P, M).
        kernel: $W^h$, shape (K M, 4M + K), with K² for K in a square; without memory
            convolution (…, 4M).
        bias: $b^h$, as long as the kernel is wide.
        kernel_size: K.
        memory: whether memory is convolved; else $C^{conv} = C_{t-1}$.
        norm_gates: a function that normalises the sums of all gates, or None.
        norm_cells: a function that normalises $C_t$ where $H_t$ is made of it (the
            stored $C_t$ stays), or None.

    Returns:
        (hidden, cells) after the step.
    """
    units = hidden.shape[-1]
    z = ops.matmul(windows(concat_input(row, hidden), kernel_size), kernel) + bias
    if norm_gates is not None:
        z = norm_gates(z)
    g = ops.tanh(z[..., :units])
    i, f, o = (ops.sigmoid(z[..., n * units : (n + 1) * units]) for n in (1, 2, 3))
    if memory:
        cells = memory_convolution(cells, z[..., 4 * units :], kernel_size)
    cells = g * i + cells * f
    shown = cells if norm_cells is None else norm_cells(cells)
    return ops.tanh(shown) * o, cells


def _shifted(values, sizes, kernel_size):
    """Views of `values` for each offset of the kernel, `sizes` locations each."""
    for offsets in itertools.product(range(kernel_size), repeat=len(sizes)):
        places = zip(offsets, sizes, strict=True)
        yield values[(slice(None), *(slice(o, o + size) for o, size in places))]


def _repeat_ends(values, axis, before, after):
    whole = (slice(None),) * axis
    first, last = values[(*whole, slice(0, 1))], values[(*whole, slice(-1, None))]
    return ops.concatenate([first] * before + [values] + [last] * after, axis=axis)


def _precise(values):
    """At least float32: half precision would lose epsilon and small weights."""
    short = str(values.dtype).endswith(("float16", "bfloat16'>")) or (
        getattr(values.dtype, "name", values.dtype) in ("float16", "bfloat16")
    )
    return ops.cast(values, "float32") if short else values
