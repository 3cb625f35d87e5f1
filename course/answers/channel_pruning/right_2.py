"""A right answer with loops and Python's own numbers."""

import numpy as np

WRITTEN = r"""
1. Reparameterisation: scaling one layer up and its neighbour down changes norms, not the
   function. Batch normalisation: the scale of a filter cancels.
2. Exactly 0 is no criterion for a float that jumps by a whole step. Take a threshold of a
   step or two. With ISTA zeros are exact and stay, nothing has to be chosen.
3. A network of these widths with new weights under the same budget; the pruned weights
   matter only as far as it is worse.
"""


def shrink(x, eta, kappa):
    def one(v):
        if v > eta:
            return (v - eta) / (1 + kappa)
        if v < -eta:
            return (v + eta) / (1 + kappa)
        return 0.0

    return np.array([one(float(v)) for v in np.ravel(x)]).reshape(np.shape(x))


def layer_penalty(kernel_hw, c_in, followers, out_hw, image_hw, n):
    total = kernel_hw[0] * kernel_hw[1] * c_in
    for height, width, outputs in followers:
        total += height * width * outputs
    total += out_hw[0] * out_hw[1] * n
    return total / image_hw[0] / image_hw[1]


def ista_step(gamma, grad, lr, rho, lam):
    result, best, size = [], None, -1.0
    for k in range(len(gamma)):
        moved = gamma[k] - lr * grad[k]
        if abs(moved) > size:
            best, size, value = k, abs(moved), moved
        if moved > 0:
            result.append(max(moved - lr * rho * lam, 0.0))
        else:
            result.append(min(moved + lr * rho * lam, 0.0))
    if not any(result):
        result[best] = value
    return np.array(result)


def fold_constants(W_next, gamma, beta, slope, mean=None, bias=None):
    height, width, channels, outputs = W_next.shape
    kept, shift = [], np.zeros(outputs)
    for k in range(channels):
        if gamma[k] != 0:
            kept.append(k)
            continue
        value = beta[k] if beta[k] > 0 else slope * beta[k]
        for a in range(height):
            for b in range(width):
                shift = shift + value * W_next[a, b, k]
    if mean is None:
        return np.take(W_next, kept, axis=2), bias + shift
    return np.take(W_next, kept, axis=2), mean - shift


def rescale(gamma, beta, W_next, alpha):
    kernel = np.array(W_next)
    for k in range(len(alpha)):
        kernel[:, :, k, :] = W_next[:, :, k, :] / alpha[k]
    return alpha * gamma, alpha * beta, kernel
