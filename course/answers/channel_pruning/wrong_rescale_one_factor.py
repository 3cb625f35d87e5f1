"""Takes one factor for all channels, as in the lesson."""

# loses: rescale


def rescale(gamma, beta, W_next, alpha):
    factor = alpha[0]
    return factor * gamma, factor * beta, W_next / factor
