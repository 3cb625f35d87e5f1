"""Accuracies of networks side by side, counted in NumPy."""

import numpy as np


def accuracy(model, x, y, counts=None, batch_size=512):
    """Fraction of right answers of each member.

    Args:
        model: as from `model.build`.
        x, y: features (batch, members, features), labels (batch, members).
        counts: how many rows of each member are real; None for all.
        batch_size: of the prediction.

    Returns:
        Array of shape (members,).
    """
    right = np.argmax(model.predict(x, batch_size=batch_size, verbose=0), axis=-1) == y
    if counts is None:
        return right.mean(axis=0)
    real = np.arange(len(y))[:, None] < np.asarray(counts)
    return np.sum(right & real, axis=0) / np.asarray(counts)


def evaluate(model, features, labels):
    """Test accuracies of the members of a model, which all see the same rows.

    Args:
        model: as from `model.build`.
        features: shape (rows, features).
        labels: shape (rows,).

    Returns:
        `test_accuracy`, the mean over members, `lowest` and `highest`.
    """
    members = model.output_shape[1]
    x, y = (np.repeat(part[:, None], members, axis=1) for part in (features, labels))
    scores = accuracy(model, x, y)
    return {
        "test_accuracy": float(scores.mean()),
        "lowest": float(scores.min()),
        "highest": float(scores.max()),
    }
