"""Judging trained networks on test pictures, and what they are compared with.

Nothing here calls `theory`, which the training computes with.
"""

import numpy as np
from scipy import special

from lessons.foundations.convnet_baseline import animals


def log_odds(model, images):
    """Log-odds of class 1, log p - log(1 - p), shape (n,), float64.

    Args:
        model: a `ConvNet`.
        images: shape (n, side, side, channels), in [0, 1].
    """
    logits = np.asarray(model.predict(images, batch_size=500, verbose=0), np.float64)
    return logits[:, 0] if logits.shape[1] == 1 else logits[:, 1] - logits[:, 0]


def probabilities(model, images):
    """Probability of class 1, shape (n,), float64.

    Args:
        model: a `ConvNet`.
        images: shape (n, side, side, channels), in [0, 1].
    """
    return special.expit(log_odds(model, images))


def evaluate(model, images, labels):
    """Accuracy and loss on pictures.

    Args:
        model: a `ConvNet`.
        images: shape (n, side, side, channels), in [0, 1].
        labels: 0 or 1, shape (n,).

    Returns:
        Dictionary of floats: `accuracy`, `loss` in nats, and `spread`, the standard
        deviation of the log-odds over the pictures: 0 where all get the same answer.
    """
    odds = log_odds(model, images)
    guesses = special.expit(odds)
    given = np.where(labels == 1, guesses, 1 - guesses)
    return {
        "accuracy": float(np.mean((guesses > 0.5) == labels)),
        "loss": float(-np.mean(np.log(np.maximum(given, 1e-300)))),
        "spread": float(np.std(odds)),
    }


def of_history(history, num_steps, threshold):
    """What the course of a training says.

    Args:
        history: numbers by epoch: `val_loss`, `val_accuracy`, and `train_accuracy`,
            which was measured without dropout.
        num_steps: updates of an epoch.
        threshold: validation accuracy whose updates are counted.

    Returns:
        Dictionary of floats: `best_epoch`, from 1, of the least validation loss;
        `train_last` and `valid_last`, the accuracies after the last epoch, and their
        `gap`; `gap_early`, the gap after the second epoch; `valid_best`, the
        validation accuracy of the best epoch; `updates` until two epochs in a row reach
        the threshold, those of the whole training if they never do; `reached`, 1 if
        they do, else 0.
    """
    valid, train = history["val_accuracy"], history["train_accuracy"]
    losses = np.nan_to_num(history["val_loss"], nan=np.inf)
    best = int(np.argmin(losses))
    updates = updates_until(valid, threshold, num_steps)
    reached = updates is not None
    return {
        "best_epoch": best + 1.0,
        "train_last": train[-1],
        "valid_last": valid[-1],
        "gap": train[-1] - valid[-1],
        "gap_early": train[:2][-1] - valid[:2][-1],
        "valid_best": valid[best],
        "updates": float(updates if reached else num_steps * len(valid)),
        "reached": float(reached),
    }


def updates_until(accuracies, threshold, num_steps):
    """Updates until two epochs in a row reach an accuracy; None if they never do.

    A single epoch may be luck: of a noisy curve the first crossing comes early.

    Args:
        accuracies: of each epoch.
        threshold: to reach.
        num_steps: updates of an epoch.
    """
    high = np.asarray(accuracies) >= threshold
    both = np.flatnonzero(high[:-1] & high[1:])
    return int(both[0] + 1) * num_steps if len(both) else None


def baselines(split):
    """Accuracies without a network.

    Args:
        split: `Pictures`.

    Returns:
        Dictionary: the accuracy of the more frequent class (`majority/accuracy`), and
        of logistic regressions on the pixels (`logistic/accuracy`) and on the mean and
        deviation of each channel (`colours/accuracy`).
    """
    counts = np.bincount(split.train_labels, minlength=2)
    views = {
        "logistic": lambda images: images.reshape(len(images), -1),
        "colours": lambda images: np.concatenate(
            [images.mean(axis=(1, 2)), images.std(axis=(1, 2))], axis=1
        ),
    }
    found = {f"{name}/accuracy": _logistic(split, view) for name, view in views.items()}
    majority = np.mean(split.test_labels == counts.argmax())
    return found | {"majority/accuracy": float(majority)}


def _logistic(split, view, strength=0.01):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=strength, max_iter=200)
    )
    model.fit(view(split.train_images), split.train_labels)
    return float(model.score(view(split.test_images), split.test_labels))


def without(model, config, part):
    """Accuracy where dogs have a part as cats have it: what the network looks at.

    Args:
        model: a `ConvNet`, trained on drawn pictures.
        config: a `Config`; gives the test pictures.
        part: one of `animals.PARTS`.
    """
    images, labels, _ = animals.draw(
        config.num_test,
        config.seed,
        config.side,
        part=1,
        centred=config.centred,
        plain=config.plain,
        same=(*config.same, part),
    )
    return evaluate(model, images, labels)["accuracy"]


def occlusion(model, image, label, patch=6, step=2):
    """How much the log-odds of the right class fall where a square hides a place.

    (Of a probability nothing is seen while the network stays sure.) The square has the
    picture's mean colour; on a dark head it is a new, pale shape.

    Args:
        model: a `ConvNet`.
        image: shape (side, side, channels), in [0, 1].
        label: 0 or 1.
        patch, step: side of the square and its movement, pixels.

    Returns:
        (lost, places): log-odds lost, shape (n, n), for squares whose upper left
        corners are at `places` in both directions.
    """
    places = np.arange(0, image.shape[0] - patch + 1, step)
    hidden = np.repeat(image[None], len(places) ** 2, axis=0)
    for row, (y, x) in enumerate((y, x) for y in places for x in places):
        hidden[row, y : y + patch, x : x + patch] = image.mean(axis=(0, 1))
    found = log_odds(model, np.concatenate([image[None], hidden]))
    found = found if label == 1 else -found
    return (found[0] - found[1:]).reshape(len(places), -1), places
