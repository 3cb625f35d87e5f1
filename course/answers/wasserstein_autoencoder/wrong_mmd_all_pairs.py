"""Returns the biased estimate: all pairs and 1 / n^2."""

# loses: mmd_u


def mmd_u(x, y, kernel):
    return kernel(x, x).mean() + kernel(y, y).mean() - 2 * kernel(x, y).mean()
