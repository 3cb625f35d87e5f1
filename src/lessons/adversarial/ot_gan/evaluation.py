"""Judging samples, apart from the losses they were trained with: NumPy and SciPy."""

import numpy as np
from scipy.spatial import distance

from lessons.adversarial.ot_gan import data

NEAR = 3 * data.DEVIATION  # a sample is of high quality if a mode is nearer than this
LEAST_FRACTION = 0.5 / data.NUM_MODES  # a mode is found with half of its share or more


def evaluate(model, split, config):
    """Numbers of one trained model, by name.

    Args:
        model: an `Adversarial`.
        split: the `Examples`.
        config: a `Config`.

    Returns:
        `energy_distance` (squared, to held-out examples), `quality` and `modes` (eight
        Gaussians), `accuracy` and `real_accuracy` (conditional).
    """
    if config.conditional:
        labels = split.test_labels
        one_hot = np.eye(int(split.train_labels.max()) + 1)[labels]
        samples = model.sample(len(split.test), seed=2, labels=one_hot)
        accuracy, ceiling = class_accuracy(samples, labels, split)
        scores = {"accuracy": accuracy, "real_accuracy": ceiling}
    else:
        samples, scores = model.sample(len(split.test), seed=2), {}
        if config.source == "eight_gaussians":
            scores = mode_metrics(samples)
    return scores | {"energy_distance": energy_distance(samples, split.test)}


def energy_distance(x, y):
    r"""Squared energy distance of two samples, unbiased.

    Args:
        x, y: shapes (n, ...) and (m, ...); examples are compared as flat vectors.

    Returns:
        A float; infinite if a sample is not finite.
    """
    x = np.reshape(x, (len(x), -1)).astype(np.float64)
    y = np.reshape(y, (len(y), -1)).astype(np.float64)
    if not np.all(np.isfinite(x)):
        return np.inf
    between = distance.cdist(x, y).mean()
    return float(2 * between - distance.pdist(x).mean() - distance.pdist(y).mean())


def mode_fractions(points):
    """Fraction of the samples within 3 standard deviations of each mode, (8,).

    Of the data itself 98.9 % are within 3 deviations of a mode, 12.4 % for each. Of a
    ring through the modes, as thick as they are, it is 36 %, and 4.4 % for each: within
    a wider radius such a ring would look like a success.
    """
    distances = distance.cdist(points, data.centres())
    nearest = np.argmin(distances, axis=1)
    near = distances[np.arange(len(points)), nearest] < NEAR
    return np.bincount(nearest[near], minlength=data.NUM_MODES) / len(points)


def mode_metrics(points):
    """What the samples keep of the eight modes.

    Returns:
        `quality`: fraction of the samples within 3 standard deviations of a mode;
        `modes`: how many modes have at least half of the samples they should have
        there, one in sixteen.
    """
    fractions = mode_fractions(points)
    return {
        "quality": float(fractions.sum()),
        "modes": float(np.sum(fractions >= LEAST_FRACTION)),
    }


def yardsticks(split, seed=0):
    """The same numbers for points that no generator made, as a scale for the others.

    Args:
        split: the `Examples` of the eight Gaussians.
        seed: of the draws.

    Returns:
        Metrics of `real` (training points), `ring` (even on the circle through the
        modes, as thick as a mode) and `blob` (one Gaussian with the covariance of the
        data), called KIND/METRIC.
    """
    rng, count = np.random.default_rng([seed, 1]), len(split.test)
    angles = rng.uniform(0, 2 * np.pi, size=count)
    ring = data.RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    found = {
        "real": split.train[:count],
        "ring": ring + rng.normal(scale=data.DEVIATION, size=(count, 2)),
        "blob": rng.normal(scale=split.train.std(axis=0), size=(count, 2)),
    }
    return {
        f"{kind}/{name}": value
        for kind, points in found.items()
        for name, value in (
            *mode_metrics(points).items(),
            ("energy_distance", energy_distance(points, split.test)),
        )
    }


def class_accuracy(samples, labels, split):
    """Fraction of conditional samples that a classifier of real examples agrees with.

    Args:
        samples: shape (n, ...).
        labels: the class each was asked for, (n,).
        split: the real examples; the classifier is a support vector machine.

    Returns:
        (accuracy on samples, accuracy on real test examples).
    """
    from sklearn.svm import SVC

    def flat(examples):
        return np.reshape(examples, (len(examples), -1))

    classifier = SVC().fit(flat(split.train), split.train_labels)
    return (
        float(np.mean(classifier.predict(flat(samples)) == labels)),
        float(classifier.score(flat(split.test), split.test_labels)),
    )
