"""A right answer that lets TensorFlow differentiate, and works in loops."""

import math

import numpy as np
import tensorflow as tf

WRITTEN = r"""
1. 3.7 steps; a larger bias. In 1997 nothing was forgotten, hence nothing decayed, and
   the cells drifted away.
2. 50; streams make the forward pass see further, but not the gradient.
3. Upwards; compare with a carried state, or drop the first characters of each window.
"""


def lstm_step(x, h, c, W, U, b, mask):
    def sigmoid(v):
        small = np.exp(-np.abs(v))
        return np.exp(np.minimum(v, 0)) / (1 + small)

    n = c.shape[1]
    z = np.concatenate([x, h], axis=1) @ np.concatenate([W, U]) + b
    gates = sigmoid(z)
    m = np.reshape(mask, (-1, 1))
    new = gates[:, n : 2 * n] * c + gates[:, :n] * np.tanh(z[:, 2 * n : 3 * n])
    out = gates[:, 3 * n :] * np.tanh(new)
    return np.where(m, out, h), np.where(m, new, c)


def lstm_backward(x, h0, c0, W, U, b, d_h, d_c):
    names = {"x": x, "h0": h0, "c0": c0, "W": W, "U": U, "b": b}
    given = {name: tf.constant(value) for name, value in names.items()}
    with tf.GradientTape() as tape:
        tape.watch(given)
        h, c, loss = given["h0"], given["c0"], 0.0
        for t in range(len(x)):
            z = given["x"][t] @ given["W"] + h @ given["U"] + given["b"]
            i, f, g, o = tf.split(z, 4, axis=1)
            c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
            h = tf.sigmoid(o) * tf.tanh(c)
            loss += tf.reduce_sum(d_h[t] * h) + tf.reduce_sum(d_c[t] * c)
    gradients = tape.gradient(loss, given)
    return {name: tf.convert_to_tensor(g).numpy() for name, g in gradients.items()}


def sample_probs(logits, tau, banned=()):
    flat = logits.reshape(-1, logits.shape[-1])
    rows = []
    for row in flat:
        allowed = [v for v in range(len(row)) if v not in set(banned)]
        top = max(row[v] for v in allowed)
        weights = [math.exp((row[v] - top) / tau) if v in allowed else 0.0
                   for v in range(len(row))]  # fmt: skip
        rows.append(np.array(weights) / sum(weights))
    return np.array(rows).reshape(logits.shape)


def bits_per_char(logits, ids, lengths, warm_up=0):
    bits = []
    for row in range(len(ids)):
        for t in range(warm_up, lengths[row]):
            gaps = logits[row, t] - logits[row, t, ids[row, t]]
            bits.append(np.logaddexp.reduce(gaps) / math.log(2))
    return float(np.mean(bits))


def forget_bias_for(T, share=0.5):
    return -np.log(np.expm1(np.log(1 / share) / T))
