"""How good a trained network is, by a route apart from the training loss."""

import numpy as np
from scipy import special


def evaluate(model, split, batch_size=500):
    """Loss and accuracy on both parts of a data set, in double precision.

    Args:
        model: maps images of shape (n, height, width, channels) to logits of shape
            (n, classes).
        split: a `lessons.toolkit.data.Split`.
        batch_size: images at a time.

    Returns:
        `train_loss` and `test_loss` (nats per image), `train_accuracy` and
        `test_accuracy` (fractions of right answers).
    """
    scores = {}
    for part, images, labels in (
        ("train", split.train_images, split.train_labels),
        ("test", split.test_images, split.test_labels),
    ):
        starts = range(0, len(images), batch_size)
        logits = [model(images[start : start + batch_size]) for start in starts]
        logits = np.concatenate(logits).astype(np.float64)
        right = special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
        scores[f"{part}_loss"] = float(-right.mean())
        scores[f"{part}_accuracy"] = float(np.mean(logits.argmax(axis=1) == labels))
    return scores
