"""A right answer in TensorFlow that warns and writes to standard error on the way."""

import sys
import warnings

import numpy as np
import tensorflow as tf


def chatter():  # no mutants
    warnings.warn("a warning is no mistake", stacklevel=2)
    print("neither is a line on standard error", file=sys.stderr)


def adaptive_step(x, g, state, alpha_t, phi, psi, low, high):
    chatter()
    m, v = phi(state[0], g), psi(state[1], g)
    step = tf.math.divide_no_nan(tf.constant(m), tf.sqrt(tf.constant(v)))
    return tf.clip_by_value(x - alpha_t * step, low, high).numpy(), (m, v)


def amsgrad_update(x, g, m, v, vhat, t, alpha, b1, b2):
    chatter()
    m = tf.constant(m) * (b1 / t) + g * (1 - b1 / t)
    v = tf.constant(v) * b2 + g**2 * (1 - b2)
    vhat = tf.maximum(v, vhat)
    step = alpha * m / tf.sqrt(t * vhat)
    return x - step.numpy(), m.numpy(), v.numpy(), vhat.numpy()


def gamma_sequence(grads, alpha, p, b2, kind):
    chatter()
    squares = tf.constant(grads) ** 2
    steps = tf.range(1, len(grads) + 1, dtype=squares.dtype)[:, None]
    if kind == "adagrad":
        v = tf.cumsum(squares) / steps
    else:
        v = tf.scan(
            lambda v, s: b2 * v + (1 - b2) * s,
            squares,
            tf.zeros(squares.shape[1:], squares.dtype),
        )
    if kind == "amsgrad":
        v = tf.scan(tf.maximum, v)
    scaled = tf.sqrt(v) * steps**p / alpha
    return (scaled[1:] - scaled[:-1]).numpy()


def regret(xs, grads, radius):
    chatter()
    total = tf.norm(tf.reduce_sum(tf.constant(grads), 0))
    return float(tf.reduce_sum(xs * grads) + radius * total)


def counterexample_gradient(t, spike, rest, period):
    chatter()
    return np.where(np.equal(np.mod(t, period), 1), 1.0 * spike, 1.0 * rest)
