"""Judging trained autoencoders, apart from the losses they were trained with.

NumPy and SciPy: distances by `cdist`, kernels written out, transport by an assignment.
"""

import numpy as np
from scipy import ndimage, optimize, stats
from scipy.spatial import distance

_NUM_IMAGES = 500  # compared with as many samples
_SCALES = (0.1, 0.2, 0.5, 1, 2, 5, 10)


def transport(first, second):
    """Exact transport cost of two equal samples, squared distance of pixels.

    Args:
        first, second: images of shape (n, ...); every image has weight 1 / n.

    Returns:
        A float. Two samples of the same distribution also cost something; compare with
        `references`.
    """
    flat = (np.reshape(images, (len(images), -1)) for images in (first, second))
    cost = distance.cdist(*flat, "sqeuclidean")
    return float(cost[optimize.linear_sum_assignment(cost)].mean())


def code_mismatch(codes, prior_scale=1.0, seed=0):
    """Unbiased squared MMD of codes and as many prior draws, summed IMQ kernels.

    Args:
        codes: shape (n, latent).
        prior_scale: of the prior.
        seed: of its draws.

    Returns:
        A float; about 0 for codes from the prior.
    """
    count, dim = codes.shape
    draws = np.random.default_rng((seed, 8)).normal(scale=prior_scale, size=codes.shape)

    def kernel(squared):
        base = 2 * dim * prior_scale**2
        return sum(base * s / (base * s + squared) for s in _SCALES)

    within = sum(
        kernel(distance.pdist(v, "sqeuclidean")).mean() for v in (codes, draws)
    )
    return float(
        within - 2 * kernel(distance.cdist(codes, draws, "sqeuclidean")).mean()
    )


def outliers(codes, prior_scale=1.0):
    """Fraction of codes outside the ball that holds 99 % of the prior.

    Args:
        codes: shape (n, d).
        prior_scale: standard deviation of the prior.
    """
    radius = stats.chi2.ppf(0.99, codes.shape[1]) * prior_scale**2
    return float(np.mean(np.sum(codes**2, axis=1) > radius))


def sharpness(images):
    """Mean over images of the variance of their Laplacian; higher is sharper.

    Args:
        images: shape (n, height, width, channels); channels are averaged first.
    """
    images = np.asarray(images, np.float64).mean(axis=-1)
    return float(np.mean([ndimage.laplace(image).var() for image in images]))


def evaluate(model, pictures, judge=None, seed=0):
    """The numbers of one model, over at most 500 test images.

    Args:
        model: an `Autoencoder`.
        pictures: a `data.Pictures`.
        judge: a `toolkit.quality.Judge`, or None where there are no labels.
        seed: of samples and prior draws.

    Returns:
        Dictionary of floats: `reconstruction` (squared error per image), `mismatch`
        (squared MMD of codes and prior), `outliers` (fraction of codes), `noise_share`
        (part of the codes' variance that is noise of the encoder), `transport` and
        `frechet` of samples and test images, `sharpness` of samples.
    """
    images = pictures.test[:_NUM_IMAGES]
    samples = model.sample(len(images), seed=seed + 2)
    error = np.sum((model.reconstruct(images) - images) ** 2, axis=(1, 2, 3))
    rng = np.random.default_rng((seed, 9))
    means = model.encode(images)
    noise = rng.standard_normal(means.shape).astype(np.float32)
    codes = model.encode(images, noise)
    scores = {
        "reconstruction": float(error.mean()),
        "mismatch": code_mismatch(codes, model.prior_scale, seed),
        "outliers": outliers(codes, model.prior_scale),
        "noise_share": float(1 - means.var(axis=0).sum() / codes.var(axis=0).sum()),
        "transport": transport(samples, images),
        "sharpness": sharpness(samples),
    }
    if judge is not None:
        scores["frechet"] = judge.frechet_distance(samples, images)
    return scores


def references(pictures, judge=None):
    """What real images score: training images in the place of samples.

    Args:
        pictures: the lesson's images, with `train` and `test` in [0, 1].
        judge: a `quality.Judge`, or None.

    Returns:
        Dictionary of floats: `floor/transport`, `floor/sharpness` and, with a judge,
        `floor/frechet`.
    """
    count = min(_NUM_IMAGES, len(pictures.train), len(pictures.test))
    train, test = pictures.train[:count], pictures.test[:count]
    scores = {
        "floor/transport": transport(train, test),
        "floor/sharpness": sharpness(test),
    }
    if judge is not None:
        scores["floor/frechet"] = judge.frechet_distance(train, test)
    return scores
