"""Judging samples, apart from the losses they were trained with: NumPy and SciPy."""

import numpy as np
from scipy.spatial import distance

from lessons.adversarial.ot_gan import data

NEAR = 0.5  # a sample belongs to a mode if it is nearer than this
LEAST_FRACTION = 0.02  # a mode is found if it has more of the samples than this


def evaluate(model, split, config):
    """Numbers of one trained model, by name.

    Args:
        model: an `Adversarial`.
        split: the `Examples`.
        config: a `Config`.

    Returns:
        `energy_distance` (squared, to held-out examples), `modes` (eight Gaussians),
        `accuracy` and `real_accuracy` (conditional).
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
            scores["modes"] = num_modes(samples)
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
    """Fraction of the samples near each of the eight modes, shape (8,)."""
    distances = distance.cdist(points, data.centres())
    nearest = np.argmin(distances, axis=1)
    near = distances[np.arange(len(points)), nearest] < NEAR
    return np.bincount(nearest[near], minlength=data.NUM_MODES) / len(points)


def num_modes(points):
    """How many of the eight modes have more than 2 % of the samples."""
    return float(np.sum(mode_fractions(points) > LEAST_FRACTION))


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
