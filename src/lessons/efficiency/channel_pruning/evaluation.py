"""Judging networks on held-out images; sizes and times of built networks."""

import math
import time

import numpy as np

from lessons.efficiency.channel_pruning import surgery
from lessons.toolkit import operations, runtime


def accuracy(model, images, labels):
    """Part of the images whose greatest logit is that of their label."""
    logits = model.predict(images, batch_size=512, verbose=0)
    return float(np.mean(logits.argmax(axis=-1) == labels))


def size(model):
    """What a built network holds and computes.

    Returns:
        Dictionary of floats: `parameters` (trained numbers), `stored` (with the moving
        statistics, as the paper counts), `products` (multiplications for an image),
        `channels`, and `kept_1`, `kept_2`, ... (channels of each gate).
    """
    widths = [gamma.shape[0] for gamma in model.gammas]
    return {
        "parameters": float(runtime.num_parameters(model)),
        "stored": float(sum(math.prod(w.shape) for w in model.weights)),
        "products": float(operations.multiplications(model)),
        "channels": float(sum(widths)),
        **{f"kept_{place}": float(n) for place, n in enumerate(widths, 1)},
    }


def evaluate(model, images, labels):
    """Accuracy on held-out images, and `size`.

    Args:
        model: a `GatedClassifier`.
        images: shape (batch, height, width, channels), in [0, 1].
        labels: right classes, shape (batch,).

    Returns:
        Dictionary of floats.
    """
    return {"accuracy": accuracy(model, images, labels), **size(model)}


def near_zero(model, thresholds):
    """How many gates are exactly 0, and how many are within a threshold of 0.

    Args:
        model: a `GatedClassifier`.
        thresholds: of each gate.

    Returns:
        Dictionary with `zeros` and `near`.
    """
    sizes = [np.abs(gamma) for gamma in surgery.gammas(model)]
    near = sum(np.sum(s <= t) for s, t in zip(sizes, thresholds, strict=True))
    return {"zeros": float(sum(np.sum(s == 0) for s in sizes)), "near": float(near)}


def gates(model):
    """The scale of every gate, called gate_LAYER_CHANNEL; for a `Watch`.

    Args:
        model: a `GatedClassifier`.

    Returns:
        Dictionary of floats.
    """
    return {
        f"gate_{layer}_{channel}": float(value)
        for layer, gamma in enumerate(surgery.gammas(model), 1)
        for channel, value in enumerate(gamma)
    }


def seconds(models, images, repeats=15):
    """Wall-clock seconds of a batch in inference, measured in turns.

    Args:
        models: by name.
        images: the batch.
        repeats: how often each is timed; the median counts.

    Returns:
        Dictionary of floats, by name.
    """
    spent = {name: [] for name in models}
    for turn in range(repeats + 1):
        for name, model in models.items():
            start = time.perf_counter()
            model.predict_on_batch(images)
            if turn:  # the first compiles
                spent[name].append(time.perf_counter() - start)
    return {name: float(np.median(times)) for name, times in spent.items()}
