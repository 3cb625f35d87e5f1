"""A right answer in TensorFlow that warns and writes to standard error on the way."""

import os
import sys
import warnings

import numpy as np
import tensorflow as tf

told = []


def chatter():  # no mutants
    warnings.warn("a warning is no mistake", stacklevel=2)
    print("neither is a line on standard error", file=sys.stderr)
    if not told:
        os.write(2, b"nor one from a C library\n")
        told.append(True)


def gaussian_kl(mu, sigma, prior_sigma):
    chatter()
    ratio = tf.square(sigma / prior_sigma)
    shift = tf.square(mu / prior_sigma)
    return tf.reduce_sum(ratio + shift - 1 - tf.math.log(ratio), axis=1).numpy() / 2


def elbo_gaussian(x, y, kl, v):
    chatter()
    density = -tf.square(x - y) / (2 * v) - tf.math.log(6.283185307179586 * v) / 2
    return (tf.reduce_mean(tf.reduce_sum(density, -1), 0) - kl).numpy()


def iwae_bound(log_w, k):
    chatter()
    groups = tf.reshape(tf.constant(log_w), (len(log_w), -1, k))
    bounds = tf.reduce_logsumexp(groups, -1) - tf.math.log(tf.cast(k, groups.dtype))
    return tf.reduce_mean(bounds, -1).numpy()


def nesterov_step(theta, velocity, grad, lr, momentum):
    chatter()
    velocity = tf.constant(velocity) * momentum + grad
    return (theta - lr * (grad + momentum * velocity)).numpy(), velocity.numpy()


def rescale(grads, threshold):
    chatter()
    flat = tf.concat([tf.reshape(grad, [-1]) for grad in grads.values()], 0)
    log_norm = tf.reduce_logsumexp(2 * tf.math.log(tf.abs(flat))) / 2
    factor = tf.exp(tf.minimum(np.log(threshold) - log_norm, 0))
    if not tf.reduce_all(tf.math.is_finite(flat)):
        return {name: np.zeros(grad.shape) for name, grad in grads.items()}
    return {name: (factor * grad).numpy() for name, grad in grads.items()}
