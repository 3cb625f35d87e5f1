r"""Mu-law, causality, receptive field, losses: pure functions that the models use.

The paper is Engel et al. 2017 (arXiv:1704.01279); it numbers few equations. A waveform
$x$ in [-1, 1] becomes whole numbers $q$ from -128 to 127 by mu-law (ITU-T G.711); the
class of a sample is $q + 128$, what networks read is $q / 128$.
"""

import numpy as np
from keras import ops

from lessons.toolkit.errors import UserError

MU = 255
HALF = 128  # codes on either side of silence
NUM_CLASSES = 2 * HALF
LEVEL_FLOOR = 1e-4  # of a frame's power


def compress(x, mu=MU):
    r"""The mu-law curve $c(x) = \mathrm{sign}(x) \ln(1+\mu|x|) / \ln(1+\mu)$.

    Args:
        x: samples from -1 to 1, an array of any shape.
        mu: strength of the curve.
    """
    return np.sign(x) * np.log1p(mu * np.abs(x)) / np.log1p(mu)


def mu_law_encode(x):
    r"""Codes $q = \lfloor 128\, c(x) \rfloor$, the one that is too large clipped.

    Args:
        x: samples, any shape; those beyond [-1, 1] are clipped. Computed in float64:
            in half precision samples near an edge would change their code.

    Returns:
        int32 from -128 to 127.

    Raises:
        UserError: a sample is not a number.
    """
    x = np.asarray(x, np.float64)
    if not np.all(np.isfinite(x)):
        raise UserError(
            f"mu-law needs finite samples, got {np.sum(~np.isfinite(x))} of {x.size} "
            "that are not."
        )
    codes = np.floor(HALF * compress(np.clip(x, -1, 1)))
    return np.minimum(codes, HALF - 1).astype(np.int32)


def mu_law_decode(q):
    r"""Samples $\mathrm{sign}(y)\,((1+\mu)^{|y|} - 1)/\mu$, $y = (q + 1/2)/128$.

    Code 0 gives 0 exactly, as in the paper's program: silence stays silence.

    Args:
        q: codes from -128 to 127, any shape.

    Returns:
        float64, the shape of `q`.
    """
    q = np.asarray(q)
    y = (q + 0.5) / HALF
    x = np.sign(y) * ((1 + MU) ** np.abs(y) - 1) / MU
    return np.where(q == 0, 0.0, x)


def shift_right(x):
    """What a causal network reads: sample t - 1 at place t, and 0 at the beginning.

    Args:
        x: shape (batch, time, channels).
    """
    return ops.pad(x, [[0, 0], [1, 0], [0, 0]])[:, :-1]


def dilations(num_layers, stage):
    r"""Dilations $d_l = 2^{(l-1) \bmod n}$ of a stack.

    Args:
        num_layers: L.
        stage: n, layers until the dilation is 1 again.

    Returns:
        A tuple of L whole numbers.
    """
    return tuple(2 ** (layer % stage) for layer in range(num_layers))


def receptive_field(kernel_size, rates):
    r"""Inputs that one output of a dilated stack depends on: $1 + (k-1) \sum_l d_l$.

    Args:
        kernel_size: k, of every layer.
        rates: $d_l$, the dilations.
    """
    return 1 + (kernel_size - 1) * sum(rates)


def cross_entropy(logits, classes):
    r"""$-\frac1T \sum_t \log p(x_t \mid x_{<t}, Z)$ of every example, in nats a sample.

    Computed in float32 whatever the logits are.

    Args:
        logits: shape (batch, time, classes).
        classes: whole numbers of shape (batch, time).

    Returns:
        Shape (batch,).
    """
    return ops.mean(cross_entropies(logits, classes), axis=-1)


def cross_entropies(logits, classes):
    """The same of every sample, shape (batch, time)."""
    logits = ops.cast(logits, "float32")
    return ops.sparse_categorical_crossentropy(classes, logits, from_logits=True)


def frame_levels(x, hop):
    r"""Level of every frame, $\frac16 \log_{10}$ of its power: a code without learning.

    Args:
        x: network inputs, shape (batch, time), time a multiple of `hop`.
        hop: samples of a frame.

    Returns:
        Shape (batch, frames, 1).
    """
    frames = ops.reshape(x, (-1, x.shape[1] // hop, hop))
    power = ops.mean(ops.square(frames), axis=-1, keepdims=True)
    return ops.log(power + LEVEL_FLOOR) / (6 * float(np.log(10)))


def frequency_weights(num_bins, weighting="low", knee=0.5):
    r"""Weights of the spectral loss: from 10 at 0 Hz in a line to 1, then 1.

    The paper gives the ends of the line, 0 and 4000 Hz of 8000. Taken as
    `linspace(10, 1, 256)`, bins 0 to 255 of 512, the mean is 3.25 exactly.

    Args:
        num_bins: bins from 0 Hz up, without that of half the sample rate.
        weighting: "low"; "high" turns the weights round; "flat" gives their mean to
            all.
        knee: where the line ends, as a part of the bins.

    Returns:
        float64 of shape (bins,).
    """
    weights = np.ones(num_bins)
    count = int(round(knee * num_bins))
    weights[:count] = np.linspace(10, 1, count)
    if weighting == "high":
        return weights[::-1].copy()
    if weighting == "flat":
        return np.full(num_bins, weights.mean())
    return weights


def weighted_error(predictions, targets, weights):
    r"""$\frac{1}{FT}\sum_{f,t} w_f (m_{ft} - \hat m_{ft})^2$ of every example.

    Args:
        predictions, targets: shape (batch, bins, frames, 1).
        weights: $w_f$, shape (bins,).

    Returns:
        float32 of shape (batch,).
    """
    difference = ops.cast(predictions, "float32") - ops.cast(targets, "float32")
    weights = ops.reshape(ops.cast(weights, "float32"), (1, -1, 1, 1))
    return ops.mean(weights * ops.square(difference), axis=(1, 2, 3))


def interpolate(first, second, amount):
    r"""$(1 - a) Z_1 + a Z_2$: of codes it blends notes, of waveforms it mixes them.

    Args:
        first, second: arrays of one shape.
        amount: $a$, from 0 to 1.
    """
    return (1 - amount) * first + amount * second
