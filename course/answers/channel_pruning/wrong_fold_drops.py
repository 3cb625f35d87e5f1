"""Deletes channels without folding what they send."""

# loses: fold_constants


def fold_constants(W_next, gamma, beta, slope, mean=None, bias=None):
    return W_next[:, :, gamma != 0], (bias if mean is None else mean).copy()
