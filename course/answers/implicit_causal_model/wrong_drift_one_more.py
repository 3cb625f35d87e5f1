"""Takes 1 / F for the sum of the parameters and forgets to subtract 1."""

# loses: drifted_frequencies


def drifted_frequencies(p, fst, rng):
    size = (1 / fst)[None, :]
    return rng.beta(p[:, None] * size, (1 - p[:, None]) * size)
