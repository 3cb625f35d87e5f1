"""A right answer in TensorFlow: the gradient by autodiff with constant vectors."""

import numpy as np
import tensorflow as tf

WRITTEN = r"""
1. Weight normalisation fixes the sum, so one large singular value leaves little for the
   rest, and rank one maximises |Wh|. The critic looks at few features and the generator
   learns only those. Spectral normalisation lets all of them be large at once.
2. The gradient does not know of the division: no 1/sigma, no -lambda u v^T.
3. No. Slopes of branches add up to 1 + 1 = 2, reached by F = identity (active ReLUs).
"""


def power_iteration(W, u, n):
    u = u / np.linalg.norm(u)
    if not np.any(W.T @ u):
        return 0.0, u, np.eye(W.shape[1])[0]
    for _ in range(n):
        v = W.T @ u
        v = v / np.linalg.norm(v)
        u = W @ v
        u = u / np.linalg.norm(u)
    return float(u @ W @ v), u, v


def spectral_normalize(kernel, u, n=1):
    K = kernel.reshape(-1, kernel.shape[-1])
    for _ in range(n):
        v = K @ u
        u = K.T @ v
        sigma = np.linalg.norm(u) / np.linalg.norm(v)
        u = u / np.linalg.norm(u)
    return _divide(kernel, sigma), u


def _divide(kernel, sigma):
    return kernel / max(1.0, sigma)


def sn_gradient(W, u1, v1, delta, h, gamma=1.0):
    W, gain = tf.Variable(W), tf.Variable(gamma, dtype=tf.float64)
    with tf.GradientTape() as tape:
        sigma = tf.reduce_sum(u1 * tf.linalg.matvec(W, v1))
        y = gain * tf.matmul(h, W / sigma, transpose_b=True)
        loss = tf.reduce_sum(y * delta)
    by_matrix, by_gain = tape.gradient(loss, [W, gain])
    return by_matrix.numpy(), float(by_gain)


def hinge_losses(real, fake, margin=1.0):
    relu = tf.nn.relu
    d = tf.reduce_mean(relu(margin - real)) + tf.reduce_mean(relu(margin + fake))
    return float(d), float(-tf.reduce_mean(fake))


def lipschitz_bound(weights, slopes):
    logs = [np.log(np.linalg.norm(W, ord=2)) for W in weights]
    logs += [np.log(max(-low, high)) for low, high in slopes]
    return float(np.exp(np.sum(logs)))
