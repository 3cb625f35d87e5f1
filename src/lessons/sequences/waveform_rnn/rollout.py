r"""The roll-out: a cell reads a window, predicts, and the next window is made.

One loop serves all three modes. Prediction feeds the truth, mixed training a mixture,
generation the predictions alone; only what is written behind the window differs.
"""

import tensorflow as tf

from lessons.sequences.waveform_rnn import theory
from lessons.toolkit.recurrent import scan


def roll(cell, window, state, truth, feed, draws=None):
    """Run a cell over time, each window made of the one before and what is fed.

    Args:
        cell: function of (window, state) that returns (predictions, state): a layer
            with these two inputs, of any kind.
        window: the first window, shape (batch, W).
        state: the cell's first state, a tensor or a nest of tensors.
        truth: the samples after the first window, shape (steps, batch, s).
        feed: function of (truth, predictions, draws) of one step, shapes (batch, s),
            that gives what is written behind the window.
        draws: random numbers for `feed`, shape (steps, batch, s), or None.

    Returns:
        (predictions, window, state): shapes (steps, batch, s), (batch, W) and the
        state's; the last two are what the next step would read.
    """
    stride = truth.shape[2]

    def step(inputs, carried):
        actual, drawn = inputs if draws is not None else (inputs, None)
        buffer, hidden = carried
        predictions, hidden = cell(buffer, hidden)
        written = tf.cast(feed(actual, predictions, drawn), buffer.dtype)
        buffer = tf.concat([buffer, written], axis=1)[:, stride:]
        return predictions, (buffer, hidden)

    inputs = truth if draws is None else (truth, draws)
    predictions, (window, state) = scan(step, inputs, (window, state))
    return predictions, window, state


def feeding(kind, alpha, noise=0.0, through=True):
    r"""What is written behind the window, for `roll`.

    Args:
        kind: one of `variants.FEEDINGS`.
        alpha: tensor, from 0 to 1.
        noise: greatest standard deviation of the noise, at $\alpha = 0$.
        through: whether gradients flow through the predictions.

    Returns:
        Function of (truth, predictions, draws).
    """

    def feed(truth, predictions, draws):
        if not through:
            predictions = tf.stop_gradient(predictions)
        if kind == "truth":
            return truth
        if kind == "noise":
            return truth + (1 - alpha) * noise * draws
        if kind == "sampled":
            return theory.chosen(truth, predictions, alpha, draws)
        return theory.mixed(truth, predictions, alpha)

    return feed


def blocks(sound, window, stride):
    """The samples after the first window, cut into steps; a ragged tail is dropped.

    Args:
        sound: shape (batch, samples), samples known.
        window, stride: W and s.

    Returns:
        Shape (steps, batch, s).
    """
    steps = theory.num_steps(sound.shape[1], window, stride)
    cut = sound[:, window : window + steps * stride]
    return tf.transpose(tf.reshape(cut, [-1, steps, stride]), [1, 0, 2])


def joined(steps):
    """Steps put in a row again: shape (batch, number of steps times s).

    Args:
        steps: shape (steps, batch, s).
    """
    count, _, stride = steps.shape
    return tf.reshape(tf.transpose(steps, [1, 0, 2]), [-1, count * stride])
