"""Leaves the singular values in."""

# loses: procrustes


def procrustes(X, Y, c):
    return (Y * c[:, None]).T @ X / c.sum()
