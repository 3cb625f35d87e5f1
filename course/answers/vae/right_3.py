"""A right answer in TensorFlow that warns and writes to standard error on the way."""

import os
import sys
import warnings

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
    arrays = list(map(tf.constant, grads.values()))
    largest = max(float(tf.reduce_max(tf.abs(array))) for array in arrays)
    if not all(tf.reduce_all(tf.math.is_finite(array)) for array in arrays):
        arrays = list(map(tf.zeros_like, arrays))
    elif largest > threshold:  # only its size against the threshold may overflow
        small, _ = tf.clip_by_global_norm(
            [array / largest for array in arrays], threshold / largest
        )
        arrays = [array * largest for array in small]
    else:
        arrays, _ = tf.clip_by_global_norm(arrays, threshold)
    return {name: array.numpy() for name, array in zip(grads, arrays, strict=True)}
