"""Takes F / (1 - F) for the sum of the parameters, so that little drift is a lot."""

# loses: drifted_frequencies


def drifted_frequencies(p, fst, rng):
    size = (fst / (1 - fst))[None, :]
    return rng.beta(p[:, None] * size, (1 - p[:, None]) * size)
