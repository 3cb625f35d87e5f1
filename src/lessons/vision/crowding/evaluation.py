"""Judging networks: accuracy in every condition, bias, who wins the pooling."""

import numpy as np

from lessons.toolkit.data import pictures
from lessons.vision.crowding import conditions, inputs

_IMAGES = 4096  # that are shown to a network at a time


def predict(model, images):
    """What a model gives for inputs, a NumPy array."""
    return np.asarray(model.predict(images, batch_size=256, verbose=0))


def logits(model, shown, objects, config, variant):
    """Logits of a network for all test targets in several conditions.

    Args:
        model: a `ScaleNet`.
        shown: `Condition`s.
        objects: `data.Objects`.
        config: a `Config`.
        variant: the `Variant` that the network is.

    Returns:
        float32, shape (conditions, targets, 5).
    """
    count = len(objects.test_targets)
    step, found = max(1, _IMAGES // count), []
    for first in range(0, len(shown), step):
        block = [
            inputs.crops(
                conditions.shown(condition, objects, config, rows), config, variant
            )
            for condition in shown[first : first + step]
            for rows in inputs.slices(count, config.field**2)
        ]
        found.append(predict(model, np.concatenate(block)))
    return np.concatenate(found).reshape(len(shown), count, -1)


def evaluate(model, objects, config, variant):
    """Accuracy of a trained network in every condition.

    Args:
        model: a `ScaleNet`.
        objects: `data.Objects`.
        config: a `Config`.
        variant: the `Variant` that the network is.

    Returns:
        (scores, details): `scores` of the network, floats by name; `details` by
        "GROUP" and then by name, accuracies (see `conditions.every`).
    """
    shown = conditions.every(config)
    found = logits(model, shown, objects, config, variant)
    labels = objects.test_labels
    details, by_name = {}, {}
    for condition, values in zip(shown, found, strict=True):
        by_name[condition.group, condition.name] = values
        if condition.target:
            right = float(np.mean(values.argmax(axis=1) == labels))
            details.setdefault(condition.group, {})[condition.name] = right
    least = min(config.spacings)
    near = details["spacing"]
    two = by_name["spacing", f"xax_{least}"]
    scores = {
        "a": near["a"],
        "one": (near[f"xa_{least}"] + near[f"ax_{least}"]) / 2,
        "two": near[f"xax_{least}"],
        **bias(two, by_name["flankers", "alone"], labels),
        **_clutter(details["clutter"], by_name, config),
    }
    return scores, details


def bias(found, alone, labels):
    """How much of the mistakes is one answer.

    Args:
        found: logits of targets with flankers, shape (targets, 5).
        alone: logits of the same flankers without targets.
        labels: right classes, shape (targets,).

    Returns:
        Dictionary: `commonest`, the share of the answer given most often; `recall`, the
        mean over classes of the share that is right; `centred`, the accuracy once each
        class's mean logit is taken off; `as_alone`, the share of answers that the
        flankers get by themselves, and `as_alone_shuffled`, the same with the flankers
        of other targets; `wrong_as_alone` and `wrong_as_alone_shuffled`, the same among
        the wrong answers; `alone_commonest`, the share of the answer that flankers
        without a target get most often.
    """
    guesses, vote = found.argmax(axis=1), alone.argmax(axis=1)
    same, other = guesses == vote, guesses == np.roll(vote, 1)
    wrong = guesses != labels
    kinds = range(found.shape[1])
    centred = (found - found.mean(axis=0)).argmax(axis=1)
    recall = [np.mean(guesses[labels == k] == k) for k in kinds if (labels == k).any()]
    return {
        "commonest": commonest(found),
        "alone_commonest": commonest(alone),
        "recall": float(np.mean(recall)),
        "centred": float(np.mean(centred == labels)),
        "as_alone": float(np.mean(same)),
        "as_alone_shuffled": float(np.mean(other)),
        "wrong_as_alone": float(same[wrong].sum() / max(1, wrong.sum())),
        "wrong_as_alone_shuffled": float(other[wrong].sum() / max(1, wrong.sum())),
    }


def commonest(found):
    """Share of the answer that is given most often; logits of shape (targets, 5)."""
    counts = np.bincount(found.argmax(axis=1))
    return float(counts.max() / counts.sum())


def _clutter(details, by_name, config):
    """Means over photographs: accuracy, and share of the commonest answer on each."""
    found = {}
    for kind, _, eccentricity in conditions.clutters(config):
        names = [f"{name}_{kind}_{eccentricity}" for name in pictures.PHOTOGRAPHS]
        shares = [commonest(by_name["clutter", name]) for name in names]
        right = [details[name] for name in names]
        key = f"photographs_{kind}_{eccentricity}"
        found |= {key: float(np.mean(right)), f"{key}_commonest": np.mean(shares)}
    return found
