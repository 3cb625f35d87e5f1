"""Judging samples, apart from the losses they were trained with."""

import functools

import numpy as np

from lessons.adversarial.ambient_gan import data, theory
from lessons.toolkit import quality

_JUDGE_UNITS = 256  # of the classifier behind the inception score


def evaluate(samples, examples, judge):
    """Numbers that say how good samples are, by name.

    Args:
        samples: shape (n, height, width, channels).
        examples: the `Examples`.
        judge: a `quality.Judge`, or None where the images have no classes.

    Returns:
        `frechet` (squared Fréchet distance of the pixels to the clean images),
        `mean_pixel`, and `inception` (score by the judge).
    """
    scores = {
        "frechet": quality.frechet_distance(samples, examples.reference),
        "mean_pixel": float(np.mean(samples)),
    }
    if judge is not None:
        grey = (samples - examples.low) / (1.0 - examples.low)
        scores["inception"] = judge.inception_score(grey)
    return scores


def baselines(examples, judge):
    """The same numbers of the clean images themselves, as `real/METRIC`.

    Args:
        examples: the lesson's data; its `reference` are clean images.
        judge: a `quality.Judge`, or None: no Inception score then.

    Returns:
        Dictionary of floats.
    """
    metrics = {"real/mean_pixel": float(np.mean(examples.reference))}
    if judge is not None:
        real = evaluate(examples.reference, examples, judge)
        metrics["real/inception"] = real["inception"]
    return metrics


def yardsticks(examples, measured, p, count, rng):
    """Sets of images that nobody would take for digits, to see how they are judged.

    Args:
        examples: the `Examples`.
        measured: block-pixels measurements, shape (n, height, width, channels).
        p: probability of a pixel to be blocked.
        count: how many images of each kind.
        rng: a NumPy generator.

    Returns:
        Images by name, float32: "mean image" (one image, again and again), "pixels
        shuffled" (each pixel by itself has the distribution of the clean images'),
        "Gaussian" (the moments of `theory.masked_moments` of the measurements, clipped
        to the range of pixels; it learns nothing and needs no clean image), and
        "Gaussian, contrast" (the same draws, each pixel with `seen_values`).
    """
    clean = examples.reference
    shape = clean.shape[1:]
    flat = clean.reshape(len(clean), -1)
    shuffled = np.stack([rng.choice(column, count) for column in flat.T], axis=1)
    mean, covariance = theory.masked_moments(measured.reshape(len(measured), -1), p)
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    drawn = mean + rng.normal(size=(count, len(mean))) @ root
    found = {
        "mean image": np.repeat(flat.mean(axis=0)[None], count, axis=0),
        "pixels shuffled": shuffled,
        "Gaussian": np.clip(drawn, examples.low, 1.0),
        "Gaussian, contrast": seen_values(
            drawn, measured.reshape(len(measured), -1), p
        ),
    }
    return {k: v.reshape(-1, *shape).astype(np.float32) for k, v in found.items()}


def seen_values(drawn, measured, p):
    r"""Draws with the same ranks, pixel by pixel, and values that were measured.

    A fraction $f$ of a pixel's measurements is not 0, so a fraction $f / (1 - p)$ of
    its true values is not. The largest draws of the pixel get the quantiles of those
    values that were seen, the others 0.

    Args:
        drawn: shape (count, n).
        measured: block-pixels measurements in [0, 1], shape (m, n).
        p: probability of a pixel to be blocked, below 1.

    Returns:
        Shape (count, n); the dependence of the draws, with the distribution of single
        pixels that the measurements tell.
    """
    found = np.zeros_like(drawn)
    for order, values, column in zip(
        np.argsort(drawn, axis=0).T, measured.T, found.T, strict=True
    ):
        values = values[values > 0]
        fraction = min(1.0, len(values) / len(measured) / (1.0 - p))
        bright = round(fraction * len(order))
        if bright:
            middles = (np.arange(bright) + 0.5) / bright
            column[order[-bright:]] = np.quantile(
                values, middles, method="inverted_cdf"
            )
    return found


def judge_of(config):
    """A classifier trained on clean images, or None where there are no labels."""
    if config.source == "images":
        return None
    return _judge(config.source, config.seed, config.num_train, config.data_path)


@functools.lru_cache(maxsize=1)
def _judge(*source):
    """The judge of a data set, kept for the next run on the same one."""
    return quality.Judge(data.labelled(*source), units=_JUDGE_UNITS, seed=0)
