"""Judging trained networks on held-out images: in whole numbers where that is possible.

Nothing here calls `theory`, which the training computes with.
"""

import numpy as np

from lessons.efficiency.wage import integers


def evaluate(model, images, labels):
    """Accuracy on held-out images, and what the weights in use look like.

    Args:
        model: an `IntegerClassifier`.
        images: shape (batch, height, width, channels), in [0, 1].
        labels: right classes, shape (batch,).

    Returns:
        Dictionary of floats: `accuracy`; for networks of whole numbers also `replayed`,
        the part of the images to which int32 arithmetic gives the same class, and
        `zeros`, the part of the quantised weights that are 0.
    """
    guesses = model.predict(images, verbose=0).argmax(axis=-1)
    scores = {"accuracy": float(np.mean(guesses == labels))}
    whole = None not in model.bits[:2] and not model.arguments["batch_norm"]
    if whole:
        same = integers.replay(model, images).argmax(axis=-1) == guesses
        kernels = [integers.ternary(x, model.bits[0]).ravel() for x in model.products]
        scores["replayed"] = float(np.mean(same))
        scores["zeros"] = float(np.mean(np.concatenate(kernels) == 0))
    return scores


def on_grid(model, bits):
    """Whether every stored weight is a whole number of steps of so many bits."""
    steps = [np.asarray(x.kernel, np.float64) * 2 ** (bits - 1) for x in model.products]
    return all(np.array_equal(values, np.rint(values)) for values in steps)
