"""Keeps the diagonal, with 1 / (n (n - 1))."""

# loses: mmd_u


def mmd_u(x, y, kernel):
    n, m = len(x), len(y)
    first = kernel(x, x).sum() / (n * (n - 1))
    second = kernel(y, y).sum() / (m * (m - 1))
    return first + second - 2 * kernel(x, y).mean()
