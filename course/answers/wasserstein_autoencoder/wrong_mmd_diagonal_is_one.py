"""Takes away n instead of the trace: right for some kernels only."""

# loses: mmd_u


def mmd_u(x, y, kernel):
    n, m = len(x), len(y)
    first = (kernel(x, x).sum() - n) / (n * (n - 1))
    second = (kernel(y, y).sum() - m) / (m * (m - 1))
    return first + second - 2 * kernel(x, y).mean()
