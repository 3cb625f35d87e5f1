"""Sums the coordinates' differences, then squares: a bug of a public port."""

# loses: imq_kernel


def imq_kernel(x, y, scales):
    squared = (x[:, None] - y[None]).sum(axis=2) ** 2
    return (scales / (scales + squared[:, :, None])).mean(axis=2)
