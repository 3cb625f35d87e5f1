"""Sets C = 2, whatever the size of a code."""

# loses: wae_mmd_loss


def wae_mmd_loss(x, y, q, z, lam):
    C = 2.0

    def pairs(u, v):
        return C / (C + ((u[:, None] - v[None]) ** 2).sum(axis=2))

    def within(u):
        return (pairs(u, u).sum() - len(u)) / (len(u) * (len(u) - 1))

    penalty = within(z) + within(q) - 2.0 * pairs(z, q).mean()
    cost = ((x - y) ** 2).reshape(len(x), -1).sum(axis=1).mean()
    return cost + lam * penalty
