r"""The four quantisers of Wu et al. 2018, arXiv:1802.04680.

Pure functions of arrays; layers, optimizer and model compute with them. $k_W, k_A, k_G,
k_E$ are the bits of weights, activations, gradients and errors. Equation numbers are
those of the paper. Rounding to the nearest takes ties to the even neighbour.
"""

import math

from keras import ops

from lessons.toolkit.errors import UserError

# Rule of the uniform initialisation: the limit is sqrt(FACTOR / inputs).
PAPER_FACTOR, CODE_FACTOR = 6.0, 3.0
BETA = 1.5
# What carries the exponent up where log2 rounds up: 1 minus the mantissa of the least
# float32 above sqrt(2), in units of the last place.
_CARRY = 0x800000 - 0x3504F4
_EXPONENT = 0x7F800000


def step(bits):
    r"""Distance of two levels, $\sigma(k) = 2^{1-k}$ (eq. 1)."""
    if not isinstance(bits, int) or isinstance(bits, bool) or not 2 <= bits <= 16:
        raise UserError(f"bits must be a whole number from 2 to 16, got {bits!r}.")
    return 2.0 ** (1 - bits)


def quantize(values, bits):
    r"""$Q(x, k) = \mathrm{clip}(\sigma\,\mathrm{round}(x/\sigma), \pm(1 - \sigma))$.

    Eq. 2, with $\sigma = \sigma(k)$: $2^k - 1$ levels, symmetric around 0.

    Args:
        values: $x$, any shape, float.
        bits: $k$, from 2 to 16.
    """
    size = step(bits)
    return ops.clip(ops.round(values / size) * size, size - 1, 1 - size)


def shift(values):
    r"""The nearest power of two on a logarithmic scale, $2^{\mathrm{round}(\log_2 x)}$.

    Eq. 3, without a logarithm, which another processor may round to the other side of
    $\sqrt 2$: an exponent of float32 is carried up where the mantissa is above
    $\sqrt 2$.

    Args:
        values: $x \ge 0$, of any shape; of 0 the result is 0.

    Returns:
        float32, the same shape.
    """
    pattern = ops.view(ops.cast(values, "float32"), dtype="int32")
    return ops.view(ops.bitwise_and(pattern + _CARRY, _EXPONENT), dtype="float32")


def initial_limit(fan_in, factor=PAPER_FACTOR):
    r"""$L_0 = \sqrt{6 / n_{in}}$ of the usual uniform start; the code has 3 for 6."""
    return math.sqrt(factor / fan_in)


def least_limit(bits, beta=BETA):
    r"""$L_{min} = \beta\,\sigma(k_W)$: below it all quantised weights would be 0."""
    return beta * step(bits)


def layer_scale(fan_in, bits, beta=BETA, factor=PAPER_FACTOR):
    r"""$\alpha = \max(\mathrm{Shift}(L_{min} / L_0), 1)$ (eq. 8).

    $L_0$ is the limit *before* it is raised to $L_{min}$. As printed, with the raised
    one, $\alpha$ would be 1 in every layer.

    Args:
        fan_in: inputs of a unit, $n_{in}$.
        bits: $k_W$.
        beta: $\beta$.
        factor: 6 as in the paper, 3 as in the authors' code.

    Returns:
        A float, a power of two.
    """
    ratio = least_limit(bits, beta) / initial_limit(fan_in, factor)
    return max(2.0 ** round(math.log2(ratio)), 1.0)


def normalized(values):
    r"""$x / \mathrm{Shift}(\max |x|)$, over all entries; zeros stay zeros.

    The greatest entry then lies between $1/\sqrt 2$ and $\sqrt 2$.
    """
    largest = shift(ops.max(ops.abs(values)))
    return values / ops.where(largest == 0, ops.ones_like(largest), largest)


def quantize_error(errors, bits, gamma=1.0):
    r"""$Q_E(e) = Q(\gamma e / \mathrm{Shift}(\max |e|), k_E)$ (eq. 10).

    The scale is not multiplied back: errors keep their direction only.

    Args:
        errors: $e$, any shape; one scale for all entries, the batch included.
        bits: $k_E$.
        gamma: $\gamma$; above 1 the window moves down, large entries saturate.
    """
    return quantize(gamma * normalized(errors), bits)


def stochastic_round(values, draws):
    r"""$\mathrm{sgn}(x)\,(\lfloor|x|\rfloor + [u < |x| - \lfloor|x|\rfloor])$.

    Eq. 12; the mean over the draws is $x$.

    Args:
        values: $x$.
        draws: $u$, uniform on [0, 1), the same shape: a draw for each entry.
    """
    size = ops.abs(values)
    whole = ops.floor(size)
    up = ops.cast(draws < size - whole, values.dtype)
    return ops.sign(values) * (whole + up)


def weight_step(gradient, rate, bits, draws=None):
    r"""$\Delta W = \sigma(k_G)\,\mathrm{round}(\eta g / \mathrm{Shift}(\max |g|))$.

    Eq. 11 and 12. The rate counts steps of the store: with $\eta = 1$ the greatest
    gradient moves its weight by 1 step, or by 2, as $|g_s|$ may be up to $\sqrt 2$.

    Args:
        gradient: $g$ of one layer, any shape.
        rate: $\eta$, a power of two.
        bits: $k_G$.
        draws: as for `stochastic_round`; None rounds to the nearest.
    """
    scaled = rate * normalized(gradient)
    rounded = ops.round(scaled) if draws is None else stochastic_round(scaled, draws)
    return step(bits) * rounded


def keep(weights, bits):
    r"""Clip the stored weights to $\pm(1 - \sigma(k_G))$ (eq. 13)."""
    return ops.clip(weights, step(bits) - 1, 1 - step(bits))


def squared_error(labels, outputs):
    r"""$\frac12 \sum_c (o_c - [c = y])^2$ of each example; its gradient is $o - [c=y]$.

    Args:
        labels: $y$, integers of shape (batch,).
        outputs: $o$, shape (batch, classes).

    Returns:
        Shape (batch,).
    """
    targets = ops.one_hot(labels, outputs.shape[-1], dtype=outputs.dtype)
    return 0.5 * ops.sum(ops.square(outputs - targets), axis=-1)


def cross_entropy(labels, outputs):
    r"""$-\log p_y$ with $p$ the softmax of the outputs, for the baselines, in nats.

    Args:
        labels: integers of shape (batch,).
        outputs: shape (batch, classes).
    """
    right = ops.take_along_axis(outputs, labels[:, None], axis=-1)[:, 0]
    return ops.logsumexp(outputs, axis=-1) - right


def window(errors, bits, gamma=1.0):
    r"""What `quantize_error` does to errors.

    Args:
        errors: $e$, any shape, not all 0.
        bits: $k_E$.
        gamma: see `quantize_error`.

    Returns:
        (zeros, saturated, cosine): parts of the errors that become 0 and that hit the
        largest level, and the cosine of the angle between $e$ and $Q_E(e)$.
    """
    errors = ops.cast(errors, "float32")
    kept = quantize_error(errors, bits, gamma)
    scaled = gamma * normalized(errors)
    zeros = ops.mean(ops.cast(kept == 0, "float32"))
    saturated = ops.mean(ops.cast(ops.abs(scaled) > 1 - step(bits), "float32"))
    lengths = ops.sqrt(ops.sum(errors**2) * ops.sum(kept**2))
    return float(zeros), float(saturated), float(ops.sum(errors * kept) / lengths)
