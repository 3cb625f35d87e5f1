"""Outputs of a step as distributions of TensorFlow Probability, to judge models by."""

import tensorflow as tf
import tensorflow_probability as tfp

tfd = tfp.distributions


def distribution(head, given):
    """The output of a head as a distribution of TensorFlow Probability.

    Args:
        head: name in `heads.HEADS`.
        given: `heads.Parameters`.
    """
    if head == "symbol":
        return tfd.Categorical(logits=given.logits)
    if head == "gauss":
        return tfd.MultivariateNormalDiag(given.mean, given.scale)
    if head == "gmm":
        inside = tfd.MultivariateNormalDiag(given.mean, given.scale)
        return tfd.MixtureSameFamily(tfd.Categorical(logits=given.logits), inside)
    if head.startswith("full"):
        unit = tf.eye(given.mean.shape[-1]) - tf.linalg.band_part(given.mixing, -1, 0)
        inverse = tf.linalg.triangular_solve(
            unit, tf.eye(*unit.shape[-1:], batch_shape=tf.shape(unit)[:-2])
        )
        root = given.scale[..., None] * inverse
        inside = tfd.MultivariateNormalTriL(given.mean, root)
        if head == "full":
            return inside
        return tfd.MixtureSameFamily(tfd.Categorical(logits=given.logits), inside)
    return tfd.MixtureSameFamily(
        tfd.Categorical(logits=given.logits),
        tfd.MultivariateNormalTriL(given.mean, _triangle(given)),
    )


def _triangle(given):
    """Cholesky factors of correlated Gaussians in the plane."""
    first, second = tf.unstack(given.scale, axis=-1)
    rest = tf.sqrt(1 - given.correlation**2)
    rows = [[first, tf.zeros_like(first)], [given.correlation * second, rest * second]]
    return tf.stack([tf.stack(row, -1) for row in rows], axis=-2)
