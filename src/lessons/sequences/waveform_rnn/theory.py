r"""Windows, mixing, schedules and the loss: pure functions; the model trains with them.

The seed of this lesson is a course blog of 2014 and numbers no equations; scheduled
sampling is that of Bengio et al. 2015 (arXiv:1506.03099). A waveform of N samples is
read through a window of W samples that moves by s, the stride. Step t sees the window
that ends at sample $e_t = W + (t-1)s$ and predicts the s samples after it.
"""

import numpy as np
from keras import ops

from lessons.toolkit.errors import UserError

KNEE = 0.75  # alpha below which the rate falls


def num_windows(length, window, stride):
    """How many whole windows a sequence holds: $\\lfloor (N-W)/s \\rfloor + 1$.

    Args:
        length, window, stride: N, W and s in samples.

    Returns:
        An integer, 0 where the sequence is shorter than the window.
    """
    return (length - window) // stride + 1 if length >= window else 0


def num_steps(length, window, stride):
    """How many windows have s samples after them to predict: $(N-W)/s$, rounded down.

    Args:
        length, window, stride: N, W and s in samples.
    """
    return max(0, (length - window) // stride)


def mixed(truth, predictions, alpha):
    r"""What the network reads next: $\alpha x + (1 - \alpha) p$.

    At $\alpha = 0$ the predictions are selected, whatever the truth is (NaN too).

    Args:
        truth: $x$, any shape.
        predictions: $p$, the same shape.
        alpha: number or tensor from 0 to 1.
    """
    mixture = alpha * truth + (1 - alpha) * predictions
    return ops.where(alpha > 0, mixture, predictions)


def chosen(truth, predictions, alpha, uniform):
    r"""Scheduled sampling: each sample true with probability $\alpha$, else predicted.

    On the mean this is `mixed`; its variance is $\alpha (1 - \alpha) (p - x)^2$ (Bengio
    et al. 2015, arXiv:1506.03099, section 2.4).

    Args:
        truth, predictions: $x$ and $p$, the same shape.
        alpha: number or tensor from 0 to 1.
        uniform: draws from [0, 1), the same shape.
    """
    return ops.where(uniform < alpha, truth, predictions)


def alpha_at(epoch, start, stop, floor=0.0):
    r"""Schedule of $\alpha$: 1 until `start`, in a line to 0 at `stop`, cut at a floor.

    $$\alpha(e) = \mathrm{clip}(1 - (e - e_0) / (e_1 - e_0),\ \alpha_{min},\ 1)$$

    The floor is reached before `stop`: the line aims at 0.

    Args:
        epoch: number or array of epochs, counted from 0.
        start, stop: $e_0$ and $e_1$, with $e_0 < e_1$.
        floor: $\alpha_{min}$, from 0 to 1.

    Returns:
        float64, the shape of `epoch`.

    Raises:
        UserError: the schedule ends before it begins, or the floor is no part.
    """
    if stop <= start or not 0 <= floor <= 1:
        raise UserError(
            f"a schedule needs start < stop and a floor from 0 to 1, got "
            f"start={start}, stop={stop}, floor={floor}."
        )
    line = 1 - (np.asarray(epoch, float) - start) / (stop - start)
    return np.clip(line, floor, 1.0)


def rate_at(rate, alpha, kappa):
    r"""Learning rate that falls with $\alpha$: $r_0 e^{-\kappa\max(0, 0.75-\alpha)}$.

    Args:
        rate: $r_0$.
        alpha: number or array from 0 to 1.
        kappa: $\kappa$, at least 0.
    """
    return rate * np.exp(-kappa * np.maximum(0.0, KNEE - np.asarray(alpha)))


def squared_error(predictions, targets):
    r"""Mean squared error of every example, $\frac1n \sum_n (p_n - x_n)^2$.

    Always against the truth, whatever the network was fed; computed in float32.

    Args:
        predictions, targets: shape (batch, samples).

    Returns:
        Shape (batch,), in units of the signal's variance.
    """
    predictions = ops.cast(predictions, "float32")
    return ops.mean(ops.square(predictions - ops.cast(targets, "float32")), axis=-1)
