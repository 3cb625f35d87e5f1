"""What an intervention does: worlds that one can act on, and effects in a model."""

import typing

import numpy as np
from keras import ops

_BLOCK = 50  # SNPs at a time


class World(typing.NamedTuple):
    """Two populations of equal size, one SNP and a trait; see `sample`."""

    frequencies: tuple[float, float]  # of the SNP
    means: tuple[float, float]  # of the trait
    effect: float = 0.0  # of one copy on the trait

    def sample(self, size, rng, do=None):
        """People of the world, or of one where somebody sets the SNP.

        Args:
            size: how many.
            rng: a NumPy generator.
            do: number of copies that everybody is given, whatever their population;
                None leaves the SNP alone.

        Returns:
            (population, x, y), each of shape (size,).
        """
        member = rng.integers(2, size=size)
        x = rng.binomial(2, np.array(self.frequencies)[member])
        if do is not None:
            x = np.full(size, do)
        y = np.array(self.means)[member] + self.effect * x + rng.standard_normal(size)
        return member, x, y


def effects(model, features, num_snps, seed, people=150, centre=0.0):
    r"""$E[y \mid do(x_m = 2), x_{-m}] - E[y \mid do(x_m = 0), x_{-m}]$ of every SNP.

    The mean is over some of the people and the noise; both sides have the same noise.
    The first layer is computed once, and corrected for the SNP that is set.

    Args:
        model: a `TraitModel`.
        features: shape (people, SNPs + K).
        num_snps: how many of the first columns are SNPs.
        seed: of people and noise.
        people: how many to average over.
        centre: what was subtracted from each SNP, shape (num_snps,) or a number.

    Returns:
        Shape (num_snps,).
    """
    rng = np.random.default_rng((seed, 61))
    rows = rng.permutation(len(features))[:people]
    x = np.asarray(features, np.float32)[rows]
    if model.implicit:
        size = len(x), model.arguments["noise_dim"]
        x = np.concatenate([x, rng.standard_normal(size, np.float32)], axis=1)
    first, *others = model.network.layers[1:]
    kernel, bias = (np.asarray(w) for w in first.weights)
    centre = np.broadcast_to(np.asarray(centre, np.float32), (num_snps,))
    before = x @ kernel + bias  # (people, units)
    found = []
    for start in range(0, num_snps, _BLOCK):
        block = np.arange(start, min(start + _BLOCK, num_snps))
        without = before[None] - x[:, block].T[:, :, None] * kernel[block, None]
        means = []
        for copies in (2.0, 0.0):
            given = (copies - centre[block])[:, None, None]
            values = without + given * kernel[block, None]
            values = values.reshape(-1, kernel.shape[1])
            for layer in others:
                values = layer(values)
            values = ops.convert_to_numpy(values)[:, 0]
            means.append(values.reshape(len(block), len(x)).mean(axis=1))
        found.append(means[0] - means[1])
    return np.concatenate(found)
