"""Judging trained networks on held-out scenes, with NumPy and apart from the losses."""

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
    """Share of scenes whose classes are all right.

    Args:
        model: a `SceneModel`.
        scenes: shape (n, digits, height, width, 1).
        labels: shape (n, digits).
    """
    return float(right(model.scores(images_of(scenes)), labels).mean())


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
    """Share of pairs of which both reconstructions are closer to their own digit.

    Closer in the sum of squared errors, than to the other digit. Deciding by a coin
    for each of the two would give 0.25.

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
    capsules = model.encoder.predict(image[None], verbose=0)  # (1, classes, dim)
    dim, num_steps = capsules.shape[-1], len(steps)
    moved = np.repeat(capsules, dim * num_steps, axis=0)
    moved = moved.reshape(dim, num_steps, *capsules.shape[1:])
    for component in range(dim):
        moved[component, :, label, component] += steps
    moved = moved.reshape(-1, *capsules.shape[1:])
    decoded = model.decode(moved, np.full((len(moved), 1), label))
    return np.asarray(decoded).reshape(dim, num_steps, *image.shape)
