"""Looking at trained critics and samples, apart from the losses: NumPy, quality."""

import numpy as np
import tensorflow as tf
from keras import ops

from lessons.adversarial.spectral_normalization import theory_exact
from lessons.adversarial.spectral_normalization.model import matrices
from lessons.toolkit import quality

JUDGED = 5000  # training images at most that a judge learns and is shown
_MOST_PIXELS = 1024  # a covariance of more is slow and needs more samples


def evaluate(model, samples, split, judge, labels=None):
    """Numbers of one trained model and its samples: both kinds below, by name.

    Args:
        model: a `RegularizedGAN`.
        samples, split, judge, labels: as for `sample_metrics`.
    """
    metrics = sample_metrics(samples, split, judge, labels)
    return metrics | spectrum_metrics(model.critic)


def spectra(critic):
    """Singular values of the matrices a critic computes with, a list of arrays."""
    found = [ops.convert_to_numpy(matrix) for matrix in matrices(critic)]
    return [theory_exact.singular_values(matrix) for matrix in found]


def spectrum_metrics(critic):
    """`stable_rank_1` and so on for the hidden layers, and the product of all norms."""
    values = spectra(critic)
    hidden = [v for v in values if len(v) > 1]
    metrics = {
        f"stable_rank_{index}": theory_exact.stable_rank(v)
        for index, v in enumerate(hidden, start=1)
    }
    norms = [v[0] for v in values]
    return metrics | {"norm_product": float(np.prod(norms))}


def settled_norms(critic, rounds):
    """The norms of the layers' normalised matrices if the weights stood still.

    A critic in training divides by an estimate that lags behind its weights. Here only
    the power iteration goes on, from the vectors that the layers have kept, and the
    exact norms come from singular values: what is left above 1 at the end is not due
    to the motion of the weights.

    Args:
        critic: with spectrally normalised layers; it is not changed.
        rounds: of power iteration with frozen weights, at least 1.

    Returns:
        Array of shape (layers, rounds). The first column, after one round, belongs to
        the kernels that a critic with one round per update computes with.
    """
    found = []
    for layer in critic.layers:
        if getattr(layer, "normalizer", None) != "spectral":
            continue
        kernel = np.asarray(layer.kernel, np.float64)
        matrix = kernel.reshape(-1, kernel.shape[-1]).T
        left, estimates = np.asarray(layer.left, np.float64), []
        for _ in range(rounds):
            right = matrix.T @ left
            left = matrix @ (right / np.linalg.norm(right))
            estimates.append(np.linalg.norm(left))
            left = left / estimates[-1]
        found.append(np.linalg.norm(matrix, 2) / np.array(estimates))
    return np.array(found)


def critic_and_gradient(critic, points):
    """Values of a critic at points, and its gradients there.

    Args:
        critic: a model with one output.
        points: array (n, dims).

    Returns:
        Two NumPy arrays, (n,) and (n, dims).
    """
    points = tf.constant(points, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(points)
        values = critic(points, training=False)[:, 0]
    return values.numpy(), tape.gradient(values, points).numpy()


def generator_gradient(critic, fakes):
    r"""Mean length of $\nabla_x \log(1 - D(x))$ at samples: what a generator gets.

    It is the critic's own gradient times $D(x)$, which vanishes where the critic is
    sure.

    Args:
        critic: examples to logits.
        fakes: samples, shape (n, dims).
    """
    logits, gradients = critic_and_gradient(critic, fakes)
    lengths = np.linalg.norm(gradients.astype(np.float64), axis=1)
    return float(np.mean(lengths / (1.0 + np.exp(-logits.astype(np.float64)))))


def sample_metrics(samples, split, judge, labels=None):
    """Numbers that say how good samples are.

    Args:
        samples: images in [0, 1].
        split: the real ones.
        judge: a `quality.Judge`, or None where the images have no classes.
        labels: the classes asked for, or None.

    Returns:
        `frechet` (squared, pixels in [-1, 1], to training images), `judged_frechet`
        (squared, features of the judge), `inception`, `accuracy` with labels.
    """
    real = split.train_images[:JUDGED]
    metrics = {}
    if np.prod(real.shape[1:]) <= _MOST_PIXELS or judge is None:
        metrics["frechet"] = quality.frechet_distance(2.0 * samples, 2.0 * real)
    if judge is not None:
        metrics["judged_frechet"] = judge.frechet_distance(samples, real)
        metrics["inception"] = judge.inception_score(samples)
        if labels is not None:
            metrics["accuracy"] = judge.accuracy(samples, labels)
    return metrics


def judge_of(split):
    """A judge of a split, or None if its images have one class only."""
    if len(set(split.train_labels.tolist())) < 2:
        return None
    return quality.Judge(split.take(min(JUDGED, len(split.train_labels))))
