"""Takes the responsibilities of equal gates and stops there."""

# loses: prior_gates


def prior_gates(p, alpha):
    r = p / p.sum(axis=1, keepdims=True)
    return (r + alpha) / (1 + alpha.sum())
