r"""What needs no training: spectra, norms of convolutions, optimal critics, costs.

NumPy in float64. Equation numbers are those of Miyato et al. 2018, arXiv:1802.05957.
"""

import numpy as np
from keras import ops

from lessons.toolkit.errors import UserError


def singular_values(kernel):
    """Singular values of a kernel's matrix, in decreasing order.

    Args:
        kernel: (inputs, outputs) or (height, width, channels, outputs).
    """
    kernel = np.asarray(kernel, np.float64)
    return np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)


def stable_rank(values):
    r"""$\sum_t \sigma_t^2 / \sigma_1^2$: how many directions a matrix really uses.

    Args:
        values: singular values, in any order.
    """
    square = np.square(np.asarray(values, np.float64))
    return float(square.sum() / square.max())


def random_spectra(normalizer, dim, count, seed=0):
    r"""Squared singular values that a normaliser allows, drawn at random.

    Args:
        normalizer: "weight": they sum to `dim` (uniform on the simplex); "spectral":
            the largest is 1, the others uniform below.
        dim: number of singular values.
        count: number of spectra.
        seed: of the draw.

    Returns:
        Shape (count, dim), each row in decreasing order.
    """
    rng = np.random.default_rng(seed)
    if normalizer == "weight":
        values = dim * rng.dirichlet(np.ones(dim), size=count)
    elif normalizer == "spectral":
        values = rng.uniform(size=(count, dim))
        values[:, 0] = 1.0
    else:
        raise UserError(
            f"normalizer must be 'weight' or 'spectral', got {normalizer!r}."
        )
    return -np.sort(-values, axis=1)


def convolution_operator(kernel, size, stride=1):
    """The whole matrix of a convolution with "same" padding, found column by column.

    Args:
        kernel: shape (height, width, channels, outputs).
        size: side of the square input.
        stride: of the convolution.

    Returns:
        Shape (size * size * channels, outputs at all positions), float64.
    """
    kernel = np.asarray(kernel, np.float64)
    channels = kernel.shape[2]
    basis = np.eye(size * size * channels).reshape(-1, size, size, channels)
    images = ops.conv(basis, kernel, strides=stride, padding="same")
    return np.reshape(ops.convert_to_numpy(images), (len(basis), -1))


def operator_norm(kernel, size, stride=1):
    """Largest singular value of a zero-padded convolution as a map of images.

    Args:
        kernel: array (rows, columns, channels in, channels out).
        size: side of the square images.
        stride: of the convolution.
    """
    return float(np.linalg.norm(convolution_operator(kernel, size, stride), 2))


def circular_norm(kernel, size):
    """Largest singular value of a convolution on a torus, by Fourier transform.

    For each frequency the convolution is a small matrix, channels by outputs; its
    largest singular value over all frequencies is the norm (Sedghi et al. 2019).

    Args:
        kernel: shape (height, width, channels, outputs).
        size: side of the torus.
    """
    transforms = np.fft.fft2(np.asarray(kernel, np.float64), (size, size), axes=(0, 1))
    return float(np.linalg.svd(transforms, compute_uv=False).max())


def optimal_logits(data, samples):
    r"""$f^* = \log q - \log p$ of the optimal discriminator (eq. 3 and 4).

    Args:
        data: probabilities $q$, shape (n,).
        samples: probabilities $p$, shape (n,).
    """
    return np.log(data) - np.log(samples)


def gan_value(data, samples, logits):
    r"""$V = E_q \log D + E_p \log(1 - D)$ with $D$ the sigmoid of the logits (eq. 2).

    Args:
        data, samples: probabilities $q$ and $p$, shape (n,).
        logits: shape (n,).

    Returns:
        A float in nats; $2 JS(q, p) - \log 4$ at the optimal logits.
    """
    return float(-(data @ np.logaddexp(0, -logits)) - samples @ np.logaddexp(0, logits))


def hinge_value(data, samples, critic):
    r"""$E_q \min(0, f - 1) + E_p \min(0, -1 - f)$, to be maximised (eq. 16).

    Args:
        data, samples: probabilities $q$ and $p$, shape (n,).
        critic: values $f$, shape (n,).

    Returns:
        A float; at most $-2 + 2\,TV(q, p)$, reached by the sign of $q - p$.
    """
    return float(
        data @ np.minimum(0, critic - 1) + samples @ np.minimum(0, -1 - critic)
    )


def dense_flops(inputs, outputs, batch_size):
    """Floating point operations of a dense layer, for the cost of normalising it.

    Args:
        inputs, outputs: sizes of the layer.
        batch_size: examples per update.

    Returns:
        (one power iteration, forward and backward pass of the batch).
    """
    matrix = inputs * outputs
    return 4 * matrix, 6 * matrix * batch_size


def power_fraction(batch_size, positions=1):
    """Flops of a power iteration as a fraction of a layer's forward and backward pass.

    Two products of matrix and vector against three products for each example, and at
    each position of a convolution's output.

    Args:
        batch_size: examples of one critic update, data and samples together.
        positions: output positions; 1 for a dense layer.
    """
    return 2.0 / (3.0 * batch_size * positions)
