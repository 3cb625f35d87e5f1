"""Judging a trained chain on held-out images, apart from the loss it was trained with.

Densities come from SciPy; nothing here calls the likelihoods or divergences of
`theory`, which the training loss calls.
"""

import numpy as np
import tensorflow as tf
from scipy import special, stats

from lessons.autoencoders.hierarchical_vae.data import crop

ACTIVE_VARIANCE = 0.01  # a unit is active if its mean varies more (Burda et al.)
FROZEN_IMAGES, FROZEN_SAMPLES = 50, 40


def _rows(values):
    return np.asarray(values, np.float64).reshape(len(values), -1)


def _log_normal(x, mean, scale):
    return stats.norm.logpdf(_rows(x), _rows(mean), _rows(scale)).sum(axis=1)


def _noise(model, count, rng):
    """Standard normal noise for every layer: list of float32 (count, ...)."""
    return [
        rng.standard_normal((count, *shape), dtype=np.float32)
        for shape in model.latent_shapes
    ]


def log_likelihood(model, images, output):
    """Log p(hidden pixels | output) by SciPy, shape (batch,), in nats.

    Args:
        model: a chain of latents.
        images: whole images in [0, 1], (batch, height, width, 1).
        output: what its decoder put out for them.
    """
    hidden, output = crop(images), np.asarray(output, np.float64)
    if model.output_kind == "categorical":
        index = np.rint(hidden * (output.shape[-1] - 1)).astype(int)
        log_p = special.log_softmax(output, axis=-1)
        picked = np.take_along_axis(log_p, index[..., None], axis=-1)
        return picked.reshape(len(images), -1).sum(axis=1)
    deviation = pixel_deviation(model)
    return _log_normal(hidden, output, np.broadcast_to(deviation, hidden.shape))


def pixel_deviation(model):
    """The learned standard deviation of each hidden pixel, as NumPy sees it."""
    raw = np.asarray(model.pixel_raw, np.float64)
    return 1e-3 + (1 - 1e-3) * np.logaddexp(0.0, raw + np.log(np.e - 1.0))


def log_weights(model, images, num_samples, seed=0):
    r"""$\log w = \log p(x|z_1) + \sum_l \log p(z_l|z_{l+1}) - \log q(z_l|\cdot)$.

    Args:
        model: a `HierarchicalCVAE`.
        images: whole images.
        num_samples: draws per image.
        seed: of the draws.

    Returns:
        (log weights (samples, batch), means of q: list over layers of arrays
        (batch, units), averaged over the samples).
    """
    rng = np.random.default_rng(seed)
    infer = tf.function(lambda batch, noise: model(batch, noise=noise))
    batch = tf.convert_to_tensor(images)
    weights, totals = [], 0.0
    for _ in range(num_samples):
        found = infer(batch, _noise(model, len(images), rng))
        weight = log_likelihood(model, images, found.output)
        for z, q, p in zip(found.samples, found.posteriors, found.priors, strict=True):
            weight = weight + _log_normal(z, *p) - _log_normal(z, *q)
        weights.append(weight)
        totals = [
            _rows(q[0]) + (totals[i] if totals else 0.0)
            for i, q in enumerate(found.posteriors)
        ]
    return np.array(weights), [total / num_samples for total in totals]


def gaussian_kls(model, images, num_samples, seed=0):
    """Mean KL of each layer over images and samples of the layer above, in nats.

    Args:
        model: a chain of latents.
        images: images in [0, 1], (batch, height, width, 1).
        num_samples: how often the latents are drawn.
        seed: of the noise.

    Returns:
        Array (layers,), the lowest first.
    """
    rng = np.random.default_rng((seed, 1))
    totals = np.zeros(model.num_layers)
    for _ in range(num_samples):
        found = model(images, noise=_noise(model, len(images), rng))
        for layer, (q, p) in enumerate(
            zip(found.posteriors, found.priors, strict=True)
        ):
            (mean, scale), (above, spread) = map(_pair, (q, p))
            each = np.log(spread / scale) - 0.5
            each += (scale**2 + (mean - above) ** 2) / (2 * spread**2)
            totals[layer] += each.sum(axis=1).mean() / num_samples
    return totals


def _pair(parameters):
    return tuple(map(_rows, parameters))


def frozen_variances(model, images, seed=0):
    """Variance of the completions when one layer draws, and when all do.

    Sum over hidden pixels, mean over images, in squared units of the pixels; the
    noise of the pixels themselves is not in it.

    Args:
        model: a chain of latents.
        images: images in [0, 1], (batch, height, width, 1); the first few are used.
        seed: of the noise.

    Returns:
        Dictionary {1: ..., ..., L: ..., "all": ...}.
    """
    result = {}
    for vary in (*range(1, model.num_layers + 1), "all"):
        drawn = model.complete(images[:FROZEN_IMAGES], vary, FROZEN_SAMPLES, seed)
        spread = drawn.var(axis=0).reshape(drawn.shape[1], -1)
        result[vary] = float(spread.sum(axis=1).mean())
    return result


def evaluate(model, train, test, num_samples, seed=0):
    """Bounds, their parts and the kinds of noise of a trained model.

    Args:
        model: a `HierarchicalCVAE`.
        train, test: whole images.
        num_samples: importance samples per image.
        seed: of the samples.

    Returns:
        Dictionary of floats in nats per image: `bound`, `iw` (with `num_samples`),
        `train_bound`, `kl_1` to `kl_L`, `kl_upper` (all but the first);
        `active_1` to `active_L` (units); `frozen_1` to `frozen_L`, `frozen_all`.
        A deterministic model has its log-likelihood for both bounds and no others.
    """
    is_random = model.posterior != "none"
    num_samples = num_samples if is_random else 1
    weights, means = log_weights(model, test, num_samples, seed)
    train_weights, _ = log_weights(model, train, min(num_samples, 10), seed)
    scores = {
        "bound": weights.mean(),
        "iw": (special.logsumexp(weights, axis=0) - np.log(num_samples)).mean(),
        "train_bound": train_weights.mean(),
    }
    if is_random:
        kls = gaussian_kls(model, test, min(num_samples, 10), seed)
        scores["kl_upper"] = kls[1:].sum()
        for layer, kl in enumerate(kls, start=1):
            scores[f"kl_{layer}"] = kl
            active = means[layer - 1].var(axis=0) > ACTIVE_VARIANCE
            scores[f"active_{layer}"] = active.sum()
        for vary, variance in frozen_variances(model, test, seed).items():
            scores[f"frozen_{vary}"] = variance
    return {name: float(value) for name, value in scores.items()}


def bound_chain(model, images, counts, seed=0):
    """Importance-weighted bounds for several numbers of samples, of the same draws.

    Args:
        model, images, seed: as for `log_weights`.
        counts: numbers of samples, each dividing the largest.

    Returns:
        Array (counts, batch): for each count the mean over groups of that size.
    """
    weights, _ = log_weights(model, images, max(counts), seed)
    bounds = []
    for count in counts:
        groups = weights.reshape(-1, count, weights.shape[1])
        values = special.logsumexp(groups, axis=1) - np.log(count)
        bounds.append(values.mean(axis=0))
    return np.array(bounds)


def neighbour_correlation(model, images, num_samples=20, seed=0):
    """What is left between neighbouring pixels once z_1 is drawn from q.

    The decoder treats pixels as independent given z_1. Its errors x - E[x|z_1] show
    whether they are; a PixelCNN models what is left.

    Args:
        model: a chain of latents.
        images: images in [0, 1], (batch, height, width, 1).
        num_samples: how often the latents are drawn.
        seed: of the noise.

    Returns:
        Correlation of the errors of horizontal neighbours, each pixel centred.
    """
    rng = np.random.default_rng(seed)
    errors = []
    for _ in range(num_samples):
        found = model(images, noise=_noise(model, len(images), rng))
        errors.append(crop(images) - np.asarray(found.output))
    errors = np.concatenate(errors)
    errors = errors - errors.mean(axis=0)
    left, right = errors[:, :, :-1], errors[:, :, 1:]
    return float((left * right).mean() / np.sqrt((left**2).mean() * (right**2).mean()))
