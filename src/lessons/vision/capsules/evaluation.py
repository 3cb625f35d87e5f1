"""Judging trained networks on held-out scenes, with NumPy and apart from the losses."""

import keras
import numpy as np

from lessons.vision.capsules.data import images_of


def right(scores, labels):
    """Whether the highest scores are exactly the classes of a scene.

    Args:
        scores: shape (n, classes); any monotone score.
        labels: shape (n, digits): with two digits both must be among the two highest.

    Returns:
        Booleans, shape (n,).
    """
    highest = np.argsort(scores, axis=1)[:, -labels.shape[1] :]
    return np.all(np.sort(highest, axis=1) == np.sort(labels, axis=1), axis=1)


def accuracy(model, scenes, labels):
    """Fraction of scenes whose classes are all right.

    Args:
        model: a `SceneModel`.
        scenes: shape (n, digits, height, width, 1).
        labels: shape (n, digits).
    """
    return float(right(model.scores(images_of(scenes)), labels).mean())


def evaluate(model, task):
    """Accuracies on the tests of a task, and whether the decoder separates digits.

    Args:
        model: a `SceneModel`.
        task: a `Task`.

    Returns:
        Floats in percent: `percent` on the main test, `NAME_percent` on the others, and
        `separated_percent` for pairs and networks with a decoder.
    """
    scores = {}
    for name, (scenes, labels) in task.tests.items():
        key = "percent" if name == "test" else f"{name}_percent"
        scores[key] = 100 * accuracy(model, scenes, labels)
    if task.labels.shape[1] == 2 and model.decoder is not None:
        scores["separated_percent"] = 100 * separated(model, *task.tests["test"])
    return scores


def reconstruct(model, scenes, labels):
    """The digits that a CapsNet decodes from the image of a scene.

    Args:
        model: a `CapsNet` with a decoder.
        scenes: shape (n, digits, height, width, 1); only their images are seen.
        labels: the classes to decode, shape (n, digits).

    Returns:
        Shape (n, digits, height, width, 1), NumPy.
    """
    capsules = model.encoder.predict(images_of(scenes), batch_size=256, verbose=0)
    return np.asarray(model.decode(capsules, labels))


def separated(model, scenes, labels):
    """Fraction of pairs of which each reconstruction resembles its own digit more.

    More than the other digit, by the sum of squared errors. Deciding by a coin for
    each of the two would give 0.25.

    Args:
        model: a `CapsNet` with a decoder.
        scenes: shape (n, 2, height, width, 1).
        labels: shape (n, 2).
    """
    decoded = reconstruct(model, scenes, labels)
    own = np.square(decoded - scenes).sum(axis=(2, 3, 4))
    other = np.square(decoded - scenes[:, ::-1]).sum(axis=(2, 3, 4))
    return float(np.all(own < other, axis=1).mean())


def perturbed(model, image, label, steps):
    """What the decoder draws when one component of a capsule is moved.

    Args:
        model: a `CapsNet` with a decoder.
        image: shape (height, width, 1).
        label: the capsule.
        steps: what is added to one component at a time, shape (num_steps,).

    Returns:
        Shape (dim, num_steps, height, width, 1), NumPy.
    """
    # Not `predict`, which would leave nothing of one image to a second device.
    capsules = np.array(model.encoder(image[None], training=False))  # (1, classes, dim)
    dim, num_steps = capsules.shape[-1], len(steps)
    moved = np.repeat(capsules, dim * num_steps, axis=0)
    moved = moved.reshape(dim, num_steps, *capsules.shape[1:])
    for component in range(dim):
        moved[component, :, label, component] += steps
    moved = moved.reshape(-1, *capsules.shape[1:])
    decoded = model.decode(moved, np.full((len(moved), 1), label))
    return np.asarray(decoded).reshape(dim, num_steps, *image.shape)


def votes_of(model, images):
    """The votes that a trained CapsNet routes, float64.

    Args:
        model: a `CapsNet`.
        images: shape (n, height, width, 1).

    Returns:
        Shape (n, classes, lower, dim).
    """
    encoder = model.encoder
    primary = keras.Model(encoder.input, encoder.get_layer("primary").output)
    lower = primary.predict(images, batch_size=256, verbose=0)
    votes = encoder.get_layer("classes").votes(lower)
    return np.asarray(votes, np.float64)
