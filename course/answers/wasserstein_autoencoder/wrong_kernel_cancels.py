"""Takes lengths minus twice the product: no digits left far from the origin."""

# loses: imq_kernel


def imq_kernel(x, y, scales):
    squared = (x**2).sum(1)[:, None] + (y**2).sum(1) - 2 * x @ y.T
    return (scales / (scales + squared[:, :, None])).mean(axis=2)
