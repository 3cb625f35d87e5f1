"""Exchanges the two parameters, and with them the two alleles."""

# loses: drifted_frequencies


def drifted_frequencies(p, fst, rng):
    size = ((1 - fst) / fst)[None, :]
    return rng.beta((1 - p[:, None]) * size, p[:, None] * size)
