"""A right answer in NumPy, vectorised."""

import numpy as np

WRITTEN = r"""
1. Without batch normalisation one layer may be multiplied and the next one divided by the
   same number, and the penalty on the first falls at will. With it the factor of a filter
   is divided out again, so its norm is free.
2. The values hover within one step of the threshold around 0, and that they are not 0 is
   rounding. Cut at a threshold of that size. ISTA needs no threshold to be chosen and its
   zeros fold exactly.
3. The small network from scratch with the same number of steps. If it is as good, the
   size explains the result and not which channels were kept.
"""


def shrink(x, eta, kappa):
    return (x - np.clip(x, -eta, eta)) / (1 + kappa)


def layer_penalty(kernel_hw, c_in, followers, out_hw, image_hw, n):
    numbers = np.prod(kernel_hw) * c_in + n * np.prod(out_hw)
    numbers += sum(np.prod(follower) for follower in followers)
    return float(numbers / np.prod(image_hw))


def ista_step(gamma, grad, lr, rho, lam):
    moved = gamma - lr * grad
    limit = lr * rho * lam
    result = moved - np.clip(moved, -limit, limit)
    if np.all(result == 0):
        k = np.abs(moved).argmax()
        result[k] = moved[k]
    return result


def fold_constants(W_next, gamma, beta, slope, mean=None, bias=None):
    keep = gamma != 0
    sent = np.maximum(beta, slope * beta) * ~keep
    shift = np.einsum("abkj,k->j", W_next, sent)
    if bias is not None:
        return W_next[:, :, keep], bias + shift
    return W_next[:, :, keep], mean - shift


def rescale(gamma, beta, W_next, alpha):
    return gamma * alpha, beta * alpha, np.einsum("abkj,k->abkj", W_next, 1 / alpha)
