"""A right answer with loops, SciPy and TensorFlow."""

import numpy as np
import tensorflow as tf
from scipy import special


def sizes(side, maps, convolutions, dense):
    model = tf.keras.Sequential([tf.keras.layers.Input((side, side, maps))])
    for units, kernel, stride, pad, pool in convolutions:
        model.add(tf.keras.layers.ZeroPadding2D(pad))
        model.add(tf.keras.layers.Conv2D(units, kernel, stride))
        model.add(tf.keras.layers.MaxPooling2D(pool))
    model.add(tf.keras.layers.Flatten())
    flat = model.output_shape[-1]
    for units in dense:
        model.add(tf.keras.layers.Dense(units))
    return flat, model.count_params()


def weighted_loss(z, y, c):
    logits = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)
        loss = tf.reduce_sum(c * losses) / tf.reduce_sum(c)
    gradient = c * (special.expit(z) - y) / np.sum(c)
    return float(loss), gradient


def clipped_nesterov(w, m, g, lr, mu, limit):
    clipped = tf.clip_by_norm(tf.constant(g), limit).numpy() if np.any(g) else g
    ahead = mu * m - lr * clipped
    return w + mu * ahead - lr * clipped, ahead


def feature_normalise(train, test):
    flat, other = (x.reshape(len(x), -1) for x in (train, test))
    result = np.zeros(flat.shape), np.zeros(other.shape)
    for column in range(flat.shape[1]):
        values = [int(v) for v in flat[:, column]]
        if len(set(values)) == 1:
            continue
        mean = np.mean(values)
        spread = np.sqrt(np.mean((np.array(values) - mean) ** 2))
        for images, out in zip((flat, other), result, strict=True):
            out[:, column] = (images[:, column].astype(float) - mean) / spread
    return result[0].reshape(train.shape), result[1].reshape(test.shape)


def early_stop(losses, patience, gain):
    best, waited = 0, 0
    least = float("inf")
    for epoch in range(len(losses)):
        waited += 1
        if losses[epoch] + gain < least:
            best, least, waited = epoch, losses[epoch], 0
        if waited >= patience:
            return epoch, best
    return len(losses) - 1, best
