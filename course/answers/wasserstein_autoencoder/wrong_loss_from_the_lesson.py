"""Takes the lesson's sum of seven kernels."""

# loses: wae_mmd_loss

SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def wae_mmd_loss(x, y, q, z, lam):
    C = 2.0 * q.shape[1]

    def pairs(u, v):
        return sum(
            s * C / (s * C + ((u[:, None] - v[None]) ** 2).sum(2)) for s in SCALES
        )

    def within(u):
        return (pairs(u, u).sum() - 7 * len(u)) / (len(u) * (len(u) - 1))

    penalty = within(z) + within(q) - 2.0 * pairs(z, q).mean()
    cost = ((x - y) ** 2).reshape(len(x), -1).sum(axis=1).mean()
    return cost + lam * penalty
