"""Reverses all axes of a stack when it transposes."""

# loses: orthogonalize


def orthogonalize(W, beta, steps):
    for _ in range(steps):
        W = (1 + beta) * W - beta * (W @ W.T) @ W
    return W
